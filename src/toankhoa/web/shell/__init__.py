"""What stands around every page: who asks, navigation, errors, shared parts."""
