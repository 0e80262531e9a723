"""Reforms of units."""
