"""An amendment held against the version it amends."""
