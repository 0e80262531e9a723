"""How a plan is measured: data elements, indicators and the forms that collect them.

The terms mean what they mean in DHIS2 and results-framework practice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from toankhoa.core.periods import Frequency


class TimeRule(StrEnum):
    """How the periods of a year make the year."""

    FLOW = "flow"  # sum of periods
    STOCK = "stock"  # last accepted value within the year
    TO_DATE = "to_date"  # typed as the running total since 1 January
    DISTINCT = "distinct"  # persons, typed cumulative for the year; months are never summed


class Path(StrEnum):
    """How a figure is expected to come along on its way to what is required."""

    EVEN = "even"  # the same every month
    SEASONAL = "seasonal"  # as in earlier years: the part of the year's figure that had come by that month
    STEPS = "steps"  # a level for each year: until the year is over, what the step before asked for
    DEADLINE = "deadline"  # nothing before the last day


class TermRule(StrEnum):
    """How the years of a plan make its whole term."""

    SUM = "sum"  # the years add up
    LAST = "last"  # where it stands at the end


class IndicatorKind(StrEnum):
    """What an indicator's value is."""

    COUNT = "count"
    RATIO = "ratio"
    MILESTONE = "milestone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A derived 0/1 per unit and year: whether the year's value of `element` is at least `at_least`."""

    element: str
    at_least: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DataElement:
    """One figure a unit reports, a whole number. `slot` is its place in every packed row: never reused.

    `of` names the element it is part of ("trong đó"), whose value it may not exceed. A `derived` element is
    computed, not typed. `yes_no` elements are typed as 1 or 0.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A question the plan leaves open, what we ship, and what else could be meant (all in Vietnamese)."""

    question: str
    default: str
    others: tuple[str, ...] = ()


UNITS = "units:"  # a denominator such as "units:base": the number of units of a level in that year's tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """How an activity or objective is measured.

    COUNT: `numerator` is an element. RATIO: `numerator` ÷ `denominator`, in percent; the denominator is an element or
    `units:<level>`. MILESTONE: `numerator` is a yes/no element. `matches` are folded phrases that find its target.

    `path` and `term` are declared where what follows from the numerator's time rule is not right (`Library.path`,
    `Library.term`). A ratio of two elements adds only units that have both. `slots` is where a year's cell keeps
    numerator and denominator over those units: two places of the packed row, never reused, as an element's slot is.
    """

    code: str
    name: str
    name_en: str
    kind: IndicatorKind
    numerator: str
    denominator: str | None = None
    slots: tuple[int, int] | None = None
    more_is_better: bool = True
    path: Path | None = None
    term: TermRule | None = None
    levels: tuple[str, ...] = ()
    frequency: Frequency = Frequency.YEAR
    unit: str = ""
    objective: str = ""
    matches: tuple[tuple[str, ...], ...] = ()
    choice: Choice | None = None
    note: str = ""
    added: bool = False  # by the installation, to the library it came with

    @property
    def unit_level(self) -> str | None:
        """The level that a built-in denominator counts, or None."""
        if self.denominator and self.denominator.startswith(UNITS):
            return self.denominator.removeprefix(UNITS)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a form under one heading, asked for in periods that begin on the day `since` or later."""

    title: str
    elements: tuple[str, ...]
    since: date = date.min


@dataclass(frozen=True, kw_only=True)
class Form:
    """What every unit of one level owes at one frequency."""

    code: str
    name: str
    level: str
    frequency: Frequency
    sections: tuple[Section, ...]

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """Codes of its elements in order."""
        return tuple(code for section in self.sections for code in section.elements)

    def on(self, day: date) -> Form:
        """The form as it is for a period that begins on a day; without sections it is not owed."""
        return replace(self, sections=tuple(section for section in self.sections if section.since <= day))

    def asks(self, element: str, day: date) -> bool:
        """Whether it asks for an element in a period that begins on a day."""
        return any(element in section.elements for section in self.sections if section.since <= day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words of one organisation: boards by short code and levels by name, each with the words that mean it.

    `counters`: nouns of several syllables that its targets count; the grammar knows the common ones already.
    """

    boards: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    board_names: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    level_names: Mapping[str, str] = field(default_factory=dict)
    all_levels: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()


_PATHS = {
    TimeRule.FLOW: Path.EVEN,
    TimeRule.TO_DATE: Path.EVEN,
    TimeRule.DISTINCT: Path.SEASONAL,
    TimeRule.STOCK: Path.STEPS,
}


@dataclass(frozen=True)
class Library:
    """Everything declared about measuring, checked when it was read.

    `additions_from`: slots from here on are left to what an installation adds, so that both may grow.
    """

    elements: Mapping[str, DataElement]
    indicators: Mapping[str, Indicator]
    forms: Mapping[str, Form]
    vocabulary: Vocabulary = Vocabulary()
    additions_from: int = 0

    @cached_property
    def width(self) -> int:
        """Length of a packed row."""
        elements = (element.slot for element in self.elements.values())
        pairs = (slot for indicator in self.indicators.values() for slot in indicator.slots or ())
        return 1 + max((*elements, *pairs), default=-1)

    def path(self, indicator: Indicator) -> Path:
        """As declared, else by the numerator's time rule; what is done or not done has a deadline."""
        numerator = self.elements[indicator.numerator]
        if indicator.path is not None:
            return indicator.path
        if indicator.kind is IndicatorKind.MILESTONE or numerator.derived or numerator.yes_no:
            return Path.DEADLINE
        return _PATHS[numerator.time]

    def term(self, indicator: Indicator) -> TermRule:
        """As declared, else: counts of what happened add up over the years, all else stands where it stands last."""
        if indicator.term is not None:
            return indicator.term
        flows = self.elements[indicator.numerator].time in (TimeRule.FLOW, TimeRule.TO_DATE)
        return TermRule.SUM if flows and indicator.kind is IndicatorKind.COUNT else TermRule.LAST

    def collected_by(self, element: str, level: str) -> Form | None:
        """The form on which a level types an element, or None."""
        for form in self.forms.values():
            if form.level == level and element in form.elements:
                return form
        return None
