"""What units send: figures, the states of a return, deadlines.

values      what a return holds: numbers, "không phát sinh", "không áp dụng", nothing yet
entry       figures as typed, and what looks wrong about them
workflow    the table `MOVES`: who moves a return from which state to which
deadlines   until when it is on time
"""

from toankhoa.core.returns.deadlines import deadline
from toankhoa.core.returns.entry import (
    BURST,
    FEW,
    JUMP,
    LARGEST,
    SMALL,
    checked,
    contradictions,
    missing,
    read_figure,
    surprises,
)
from toankhoa.core.returns.values import (
    NIL,
    NOT_APPLICABLE,
    FigureChange,
    Reported,
    Value,
    figure_changes,
    numbers,
)
from toankhoa.core.returns.workflow import (
    MOVES,
    Event,
    Position,
    Role,
    State,
    counted_revisions,
    depth_in,
    may,
)

__all__ = [
    "BURST",
    "FEW",
    "JUMP",
    "LARGEST",
    "MOVES",
    "NIL",
    "NOT_APPLICABLE",
    "SMALL",
    "Event",
    "FigureChange",
    "Position",
    "Reported",
    "Role",
    "State",
    "Value",
    "checked",
    "contradictions",
    "counted_revisions",
    "deadline",
    "depth_in",
    "figure_changes",
    "may",
    "missing",
    "numbers",
    "read_figure",
    "surprises",
]
