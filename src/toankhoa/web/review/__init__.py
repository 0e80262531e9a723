"""A draft under review."""
