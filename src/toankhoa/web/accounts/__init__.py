"""Signing in, and people as an administrator keeps them."""
