"""Units side by side through the years."""
