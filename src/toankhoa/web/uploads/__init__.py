"""From a file to a draft."""
