"""Returns, their acceptance, the totals they make, and `results`, the one read path."""
