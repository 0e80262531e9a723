"""Handing targets down: decisions drafted on a sheet, issued, received."""
