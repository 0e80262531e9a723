"""What each role came for, first."""
