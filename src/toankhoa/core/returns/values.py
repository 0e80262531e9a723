"""What a return holds: numbers, "không phát sinh", "không áp dụng", or nothing yet; and what changed between two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NIL = "nil"  # "không phát sinh": the unit says that nothing happened. Adds 0 and counts as reported
NOT_APPLICABLE = (
    "n/a"  # the figure has no meaning for this unit. Adds nothing and does not count as reported
)

Value = int | str  # a whole number, NIL or NOT_APPLICABLE; a figure not typed yet is absent
Reported = (
    int | str | None
)  # what adds up: a number, NOT_APPLICABLE, None where nothing was reported


def numbers(values: Mapping[str, Value], elements: Sequence[str]) -> list[Reported]:
    """The figures that add up, in the order of `elements`: "nothing happened" is 0.

    ValueError for anything that is not a `Value`: a figure is never dropped in silence.
    """
    figures: list[Reported] = [values.get(code) for code in elements]
    if _PLAIN.issuperset(map(type, figures)):
        return figures
    return [_reported(figure) for figure in figures]


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
    pairs = ((code, old.get(code), new.get(code)) for code in elements)
    return tuple(FigureChange(code, was, now) for code, was, now in pairs if was != now)
