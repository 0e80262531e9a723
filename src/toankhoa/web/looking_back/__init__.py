"""Any page as it stood at a past moment."""
