"""Where a figure comes from, on screen and as a workbook."""
