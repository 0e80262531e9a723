"""What a compiled plan is: frozen records, and their JSON.

records    plan, objective, activity, commitment, target
codec      as JSON and back
contracts  the versions of that JSON: what older ones hold is upcast when it is read
"""

from toankhoa.core.plan.codec import plan_from, plan_json
from toankhoa.core.plan.contracts import (
    CONTRACT,
    KEY,
    as_shown_in_contract_1,
    contract_of,
    upcast_rule,
)
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
    "CONTRACT",
    "KEY",
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
    "as_shown_in_contract_1",
    "contract_of",
    "plan_from",
    "plan_json",
    "upcast_rule",
]
