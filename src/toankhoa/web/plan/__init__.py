"""The living plan: the plan's own table with what each cell has come to."""
