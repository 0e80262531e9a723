"""Made-up facts with a reform inside the five years: communes merge three by three, and the
district level goes.

It is the reform of July 2025 in the shape the first user lived it, on any number of communes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from facts import Facts, commune_codes

from toankhoa.core.organisation import Change, Effect, Reform, ReformPart

MERGED = 3
MONTHS_BEFORE = 30


@dataclass(frozen=True)
class Reformed(Facts):
    """What was reported, by the old communes before the reform and by the new ones from its day on."""

    @property
    def day(self) -> date:
        """When the reform comes into force."""
        return self.periods[MONTHS_BEFORE].first_day

    @cached_property
    def successors(self) -> Mapping[str, str]:
        """The new commune of every old one."""
        return {
            code: f"N{number // MERGED:06}"
            for number, code in enumerate(commune_codes(self.communes))
        }

    @cached_property
    def codes(self) -> list[str]:
        """Codes of the old communes, then of the new ones, in the order of `figures`."""
        return [*self.successors, *dict.fromkeys(self.successors.values())]

    @property
    def reform(self) -> Reform:
        """The reform as the product takes it."""
        merged: dict[str, list[str]] = {}
        for old, new in self.successors.items():
            merged.setdefault(new, []).append(old)
        merges = (
            Change(effect=Effect.MERGE, units=tuple(old), parts=(ReformPart(code=new, name=new),))
            for new, old in merged.items()
        )
        abolished = Change(effect=Effect.ABOLISH, level="district")
        return Reform(
            code="bench",
            day=self.day,
            document="bench",
            title="bench",
            changes=(*merges, abolished),
        )

    @cached_property
    def figures(self) -> np.ndarray:
        """[month, commune, element], 32-bit; -1 where nothing was reported, or by a commune that
        did not stand.
        """
        figures = self.reported(len(self.codes))
        figures[MONTHS_BEFORE:, : self.communes] = -1
        figures[:MONTHS_BEFORE, self.communes :] = -1
        return figures
