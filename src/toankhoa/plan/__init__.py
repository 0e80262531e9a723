"""Compiled plans: drafts, and the versions that were published and no longer change."""
