"""The compiled plan: frozen records, as the document says them.

Two plans are the same when they are equal; sources do not take part in equality.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from toankhoa.core.basics import Source, words_of

NOWHERE = Source()
_RUNNING = re.compile(
    r"(?:duy tri |tiep tuc )?(?:hoat dong|van hanh)(?: on dinh| thuong xuyen| hieu qua)?"
)


class Comparator(StrEnum):
    """How an actual is held against an amount."""

    AT_LEAST = ">="
    ABOVE = ">"
    EXACTLY = "="  # a bare figure: read by the indicator's direction (more is better: at least)
    AT_MOST = "<="
    BELOW = "<"
    ABOUT = "~"
    RANGE = "range"
    CHANGE = "change"
    KEEP = "keep"


class Basis(StrEnum):
    """What an amount is an amount of."""

    WHOLE = "whole"
    RATE = "rate"
    PER_UNIT = "per_unit"  # so much for each unit of one level: `Target.level` says of which
    CHANGE = "change"


class Applies(StrEnum):
    """When a target holds."""

    EACH_YEAR = "each_year"
    IN_YEAR = "in_year"
    BY_TERM_END = "by_term_end"
    TERM_TOTAL = "term_total"


class CommitmentKind(StrEnum):
    """What a year cell says."""

    TARGET = "target"
    MILESTONE = "milestone"
    SCHEDULED = "scheduled"  # a mark: the row is to be worked on that year
    NONE = "none"  # blank


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A number to reach. A percentage is 88.3 with unit "%"; `years` where it names them.

    `upper`: only of a range. `level`: of an amount per unit, the code of the level whose units it
    is meant for ("mỗi chi nhánh 2 mô hình"); None of every other basis.
    """

    comparator: Comparator
    amount: Decimal
    upper: Decimal | None = None
    unit: str = ""
    basis: Basis = Basis.WHOLE
    level: str | None = None
    subject: str = ""
    applies: Applies = Applies.EACH_YEAR
    years: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """ValueError of an amount per unit that names no level, and of a level that counts
        nothing.
        """
        if (self.basis is Basis.PER_UNIT) != bool(self.level):
            raise ValueError("an amount per unit, and no other, names a level")


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """One year cell: its words and their reading."""

    text: str
    kind: CommitmentKind
    targets: tuple[Target, ...] = ()
    places: tuple[str, ...] = ()
    source: Source = field(default=NOWHERE, compare=False)

    @property
    def operating(self) -> bool:
        """Of a milestone: whether it asks that what was set up before is running ("Hoạt động", "Duy
        trì hoạt động").
        """
        return self.kind is CommitmentKind.MILESTONE and bool(
            _RUNNING.fullmatch(words_of(self.text))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """A heading. `number` as printed ("I", "Chỉ tiêu 5", "1.1"); `parent` the code of the heading
    above, or None.
    """

    code: str
    number: str
    title: str
    parent: str | None
    boards: tuple[str, ...] = ()
    boards_text: str = ""
    targets: tuple[Target, ...] = ()
    source: Source = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A row. `boards` are the effective ones: inherited from the heading where `boards_text` is
    blank.

    `supporting`: boards that work with them (phối hợp), as the row's own words or a column of their
    own name them. `details`: what other columns say of it, by their meaning (unit, baseline,
    support, product, deadline, …); a level of several years stands under "target" or "2021-2025"
    where the years have cells of their own.
    """

    code: str
    number: str
    title: str
    objective: str
    levels: tuple[str, ...]
    levels_text: str
    boards: tuple[str, ...]
    boards_text: str
    targets: tuple[Target, ...]
    commitments: Mapping[int, Commitment]
    details: Mapping[str, str] = field(default_factory=dict)
    supporting: tuple[str, ...] = ()
    source: Source = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The block at the foot."""

    authority: str = ""
    title: str = ""
    name: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """The words over the table's columns, kept so that the plan can be written back in its own
    form.

    `columns`: meaning and words of each in its order, where they are others than number, title,
    every year, levels and boards. A meaning is one of `headers.MEANINGS`, a year "2021", several
    years "2021-2025".
    """

    number: str = ""
    title: str = ""
    years: str = ""
    levels: str = ""
    boards: str = ""
    columns: tuple[tuple[str, str], ...] = ()

    def of(self, years: Sequence[int]) -> dict[str, str]:
        """The words of every column by its meaning, in their order, of a plan of these years."""
        if self.columns:
            return dict(self.columns)
        year_columns = {str(year): str(year) for year in years}
        return {
            "number": self.number,
            "title": self.title,
            **year_columns,
            "levels": self.levels,
            "boards": self.boards,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole document.

    Lines of `motto` and `title` are parted by newlines; `sources`: a field's name → its place.
    """

    organisation: str
    body: str
    number: str
    date: date | None
    place: str
    motto: str
    title: str
    goal: str
    bases: tuple[str, ...]
    years: tuple[int, ...]
    objectives: tuple[Objective, ...]
    activities: tuple[Activity, ...]
    closing: str
    signature: Signature
    recipients: tuple[str, ...]
    headers: Headers = Headers()
    sources: Mapping[str, Source] = field(default_factory=dict, compare=False)

    def rows(self) -> Iterator[Objective | Activity]:
        """Headings and rows in the order of the table: a heading, its rows, then the headings below
        it.
        """
        children: dict[str | None, list[Objective]] = {}
        for objective in self.objectives:
            children.setdefault(objective.parent, []).append(objective)
        rows: dict[str, list[Activity]] = {}
        for activity in self.activities:
            rows.setdefault(activity.objective, []).append(activity)

        def walk(parent: str | None) -> Iterator[Objective | Activity]:
            for objective in children.get(parent, ()):
                yield objective
                yield from rows.get(objective.code, ())
                yield from walk(objective.code)

        return walk(None)

    def find(self, code: str) -> Objective | Activity:
        """The heading or row of that code; KeyError where there is none."""
        rows: dict[str, Objective | Activity] = {row.code: row for row in self.rows()}
        return rows[code]
