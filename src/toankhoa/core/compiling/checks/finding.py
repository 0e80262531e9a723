"""What a rule is given and what it gives: the plan and what is known around it; remarks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from toankhoa.core.basics import Source, format_number
from toankhoa.core.plan import Activity, CommitmentKind, Objective, Plan, Target

PERCENT = "%"
_SIGNS = {">=": "≥ ", ">": "> ", "<=": "≤ ", "<": "< ", "~": "khoảng "}


@dataclass(frozen=True, slots=True)
class Facts:
    """What an auditor knows besides the plan; what is not known is empty, and its rules are silent.

    `units`: level → number of its units; `places`: names of units; `populations`: who a percentage
    may be a share of; `level_names`: level → what it is called.
    """

    units: Mapping[str, int] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    level_names: Mapping[str, str] = field(default_factory=dict)

    def count(self, target: Target) -> int:
        """How many units an amount is meant for each of; 0 where it is per no unit, or it is not
        known.
        """
        return 0 if target.level is None else self.units.get(target.level, 0)


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule says, in Vietnamese: what is wrong, then how to mend it.

    Without a row it is about the whole plan.
    """

    row: Objective | Activity | None
    says: str
    fragment: str = ""
    source: Source | None = None


Rule = Callable[[Plan, Facts], Iterator[Remark]]


def rows_by_heading(plan: Plan) -> dict[str, list[Activity]]:
    """The rows just under each heading that has any, by the heading's code."""
    rows: dict[str, list[Activity]] = {}
    for row in plan.activities:
        rows.setdefault(row.objective, []).append(row)
    return rows


def marked_years(row: Activity) -> list[int]:
    """The years with a mark or a level, in which a row is due."""
    return [year for year, cell in row.commitments.items() if cell.kind is not CommitmentKind.NONE]


def year_targets(row: Activity) -> Iterator[Target]:
    """The targets of a row's year cells, year by year."""
    for cell in row.commitments.values():
        yield from cell.targets


def shown(target: Target) -> str:
    """A target in the fewest words: "≥ 2 hộ", "90%"."""
    sign = _SIGNS.get(target.comparator, "")
    amount = format_number(abs(target.amount))
    upper = "" if target.upper is None else f"–{format_number(abs(target.upper))}"
    gap = " " if target.unit and not target.unit.startswith(PERCENT) else ""
    return f"{sign}{amount}{upper}{gap}{target.unit}"
