"""Issued reports."""
