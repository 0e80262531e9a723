"""My returns, and one return."""
