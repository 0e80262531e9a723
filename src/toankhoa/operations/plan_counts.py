"""What a plan has, in numbers that a person can hold against the paper it was read from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from toankhoa.core.plan import CommitmentKind, Plan


@dataclass(frozen=True)
class PlanCounts:
    """How many targets, activities and year cells there are; `kinds`: cells by what they say."""

    targets: int
    activities: int
    cells: int
    kinds: Mapping[CommitmentKind, int]


def plan_counts(plan: Plan) -> PlanCounts:
    """Count them. The plan's targets are the headings right under its first one.

    The real plan has "I. CHỈ TIÊU" with "Chỉ tiêu 1" to "Chỉ tiêu 18" below it.
    """
    kinds: Counter[CommitmentKind] = Counter()
    for activity in plan.activities:
        kinds.update(cell.kind for cell in activity.commitments.values())
    first = plan.objectives[0].code if plan.objectives else None
    targets = [row for row in plan.objectives if first is not None and row.parent == first]
    return PlanCounts(
        targets=len(targets),
        activities=len(plan.activities),
        cells=kinds.total(),
        kinds={kind: kinds[kind] for kind in CommitmentKind},
    )
