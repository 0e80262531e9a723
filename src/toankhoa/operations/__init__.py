"""Verbs that cross apps: publish an upload, read the living plan, export it, rebuild and audit the totals."""
