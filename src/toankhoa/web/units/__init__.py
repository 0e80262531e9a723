"""A unit and its figures through the years."""
