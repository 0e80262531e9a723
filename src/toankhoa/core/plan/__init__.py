"""What a compiled plan is: frozen records, and their JSON.

records    plan, objective, activity, commitment, target
codec      as JSON and back; documents of older contracts are upcast when read
"""

from toankhoa.core.plan.codec import plan_from, plan_json
from toankhoa.core.plan.records import (
    NOWHERE,
    Activity,
    Applies,
    Basis,
    Commitment,
    CommitmentKind,
    Comparator,
    Headers,
    Objective,
    Plan,
    Signature,
    Target,
)

__all__ = [
    "NOWHERE",
    "Activity",
    "Applies",
    "Basis",
    "Commitment",
    "CommitmentKind",
    "Comparator",
    "Headers",
    "Objective",
    "Plan",
    "Signature",
    "Target",
    "plan_from",
    "plan_json",
]
