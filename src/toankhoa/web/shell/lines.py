"""Long lists on a page: the first lines, how many there are, and whether the list scrolls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 200  # lines of a list; a nation's reform has thousands
LONG = 8  # lines of a list without a scroll bar of its own


@dataclass(frozen=True)
class Lines:
    """A list of which a page shows the first lines. `count`: of all; `long`: whether it scrolls."""

    shown: Sequence[object]
    count: int
    long: bool

    @property
    def cut(self) -> bool:
        """Whether there are more lines than are shown."""
        return self.count > len(self.shown)


def lines(items: Sequence[object], most: int = LONG) -> Lines:
    """The first of a list, and how long it is; `most`: lines that it shows without scrolling."""
    return Lines(items[:SHOWN], len(items), len(items) > most)
