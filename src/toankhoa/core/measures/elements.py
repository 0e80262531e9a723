"""Data elements: the figures that units type, and how the periods of a year make the year."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TimeRule(StrEnum):
    """How the periods of a year make the year."""

    FLOW = "flow"  # sum of periods
    STOCK = "stock"  # last accepted value within the year
    TO_DATE = "to_date"  # typed as the running total since 1 January
    DISTINCT = "distinct"  # persons, typed cumulative for the year; months are never summed


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A derived 0/1 per unit and year: whether the value of `element` is at least `at_least`."""

    element: str
    at_least: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DataElement:
    """One figure a unit reports, a whole number.

    `slot` is its place in every packed row: never reused. `of` names the element it is part of
    ("trong đó"), whose value it may not exceed. A `derived` element is computed, not typed.
    `yes_no` elements are typed as 1 or 0.
    """

    code: str
    slot: int
    name: str
    name_en: str
    unit: str
    time: TimeRule
    of: str | None = None
    yes_no: bool = False
    derived: Condition | None = None
    hint: str = ""
