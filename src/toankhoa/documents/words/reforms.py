"""Reforms of units in one line."""

from __future__ import annotations

from collections.abc import Iterable

from toankhoa.core.basics import format_date
from toankhoa.core.organisation import Reform


def reforms_in_line(reforms: Iterable[Reform]) -> str:
    """`NQ 1 (từ 01/7/2021); NQ 2 (từ 01/01/2023)`: each by its document, else by its title."""
    return "; ".join(
        f"{reform.document or reform.title} (từ {format_date(reform.day)})" for reform in reforms
    )
