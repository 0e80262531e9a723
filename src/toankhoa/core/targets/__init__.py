"""Targets and how they go down the tree.

requirement        a target as one unit must meet it
allocation         what a decision holds: columns, rules, parts, the balance
apportionment      a whole number in proportion to weights: largest remainders within bounds
distribution       the parts of a column, worked out down the tree
allocation_entry   parts, limits and rules as a person types them
cascade            from what a unit must meet to a column that hands it down, and back
"""

from toankhoa.core.targets.allocation import (
    FOLLOWING,
    WHOLE,
    AllocationMethod,
    Balance,
    Column,
    Limits,
    Part,
    Parts,
    Reach,
    Recipient,
    Rule,
    Spot,
    Verdict,
    balance,
    balances,
)
from toankhoa.core.targets.allocation_entry import (
    NOTHING,
    read_part,
    read_rule,
    read_typed_part,
    say_limits,
    say_method,
    say_part,
    say_typed_part,
    typed_part,
    with_typed_part,
)
from toankhoa.core.targets.apportionment import Bounds, apportion
from toankhoa.core.targets.cascade import CascadedTarget, column_for, divisible, required_of
from toankhoa.core.targets.distribution import Division, divide
from toankhoa.core.targets.requirement import PERCENT, Required, required

__all__ = [
    "FOLLOWING",
    "NOTHING",
    "PERCENT",
    "WHOLE",
    "AllocationMethod",
    "Balance",
    "Bounds",
    "CascadedTarget",
    "Column",
    "Division",
    "Limits",
    "Part",
    "Parts",
    "Reach",
    "Recipient",
    "Required",
    "Rule",
    "Spot",
    "Verdict",
    "apportion",
    "balance",
    "balances",
    "column_for",
    "divide",
    "divisible",
    "read_part",
    "read_rule",
    "read_typed_part",
    "required",
    "required_of",
    "say_limits",
    "say_method",
    "say_part",
    "say_typed_part",
    "typed_part",
    "with_typed_part",
]
