"""Packed totals in the database: stored, posted to as returns are accepted, derived again, read of
the past.
"""
