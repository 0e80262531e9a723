"""Returns that wait for this unit."""
