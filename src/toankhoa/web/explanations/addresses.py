"""Where a figure is explained: one address a figure, of a year or of the term."""

from __future__ import annotations

from django.urls import reverse


def explained_at(unit: str, row: str, indicator: str, year: int | None) -> str:
    """The page of a figure; year None: that of the term."""
    if year is None:
        return reverse("explain-term", args=[unit, row, indicator])
    return reverse("explain", args=[unit, row, indicator, year])


def explained_in_file(unit: str, row: str, indicator: str, year: int | None) -> str:
    """The same as a workbook."""
    if year is None:
        return reverse("explain-term-file", args=[unit, row, indicator])
    return reverse("explain-file", args=[unit, row, indicator, year])


def restated_at(unit: str, row: str, indicator: str, year: int, day: str) -> str:
    """The page of a year's figure on the boundaries of a day, written as 2021-07-01."""
    return reverse("explain-restated", args=[unit, row, indicator, year, day])


def restated_in_file(unit: str, row: str, indicator: str, year: int, day: str) -> str:
    """The same as a workbook."""
    return reverse("explain-restated-file", args=[unit, row, indicator, year, day])
