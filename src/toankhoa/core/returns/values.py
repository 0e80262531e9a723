"""What a return holds, and what changed between two.

Numbers, "không phát sinh", "không áp dụng", or nothing yet: docs/arithmetic.md, "What a unit
types", says what each of them adds and whether it counts as reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# "không phát sinh": the unit says that nothing happened. Adds 0 and counts as reported.
NIL = "nil"
# "không áp dụng": the figure has no meaning for this unit. Adds nothing, is not owed.
NOT_APPLICABLE = "n/a"

Value = int | str  # a whole number, NIL or NOT_APPLICABLE; a figure not typed yet is absent
# What adds up: a number, NOT_APPLICABLE, None where nothing was reported.
Reported = int | str | None


def numbers(values: Mapping[str, Value], elements: Sequence[str]) -> list[Reported]:
    """The figures that add up, in the order of `elements`: "nothing happened" is 0.

    ValueError for anything that is not a `Value`: a figure is never dropped in silence.
    """
    figures: list[Reported] = [values.get(code) for code in elements]
    if _PLAIN.issuperset(map(type, figures)):
        return figures
    return list(map(_reported, figures))


_PLAIN = {int, type(None)}  # nearly every return holds nothing else


def _reported(value: Reported) -> Reported:
    if value == NIL:
        return 0
    if value is not None and value != NOT_APPLICABLE and not isinstance(value, int):
        raise ValueError(f"not a figure: {value!r}")
    return value


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that is another than before; None where it was, or is, not there."""

    element: str
    old: Value | None
    new: Value | None


def figure_changes(
    old: Mapping[str, Value], new: Mapping[str, Value], elements: Sequence[str]
) -> tuple[FigureChange, ...]:
    """Figures that differ between two revisions of a return, in the order of `elements`."""
    changes: list[FigureChange] = []
    for code in elements:
        before, after = old.get(code), new.get(code)
        if before != after:
            changes.append(FigureChange(code, before, after))
    return tuple(changes)
