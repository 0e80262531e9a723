"""Made-up facts for the bench: a tree of communes, elements of both time rules, a return a month
from each commune.

The same size and seed give the same facts. Gaps are part of them: returns that never came, figures
left blank.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

import numpy as np

from toankhoa.core.basics import Frequency, Period
from toankhoa.core.measures import DataElement, Form, Library, Section, TimeRule
from toankhoa.core.organisation import UnitVersion
from toankhoa.reporting.returns.workflow import PastReturn

FIRST_YEAR = 2017
ROOT = "P"
FORM = "monthly"
COMMUNES_OF_A_DISTRICT = 15
SHARE_OF_RETURNS_MISSING = 0.04
SHARE_OF_FIGURES_BLANK = 0.03
LARGEST_FIGURE = 5000


@dataclass(frozen=True)
class Facts:
    """What was reported. The last month's first `pending` returns still wait for the province's
    acceptance.
    """

    communes: int
    elements: int
    months: int
    seed: int
    pending: int

    @property
    def years(self) -> range:
        """Years that hold figures."""
        return range(FIRST_YEAR, FIRST_YEAR + (self.months + 11) // 12)

    @property
    def today(self) -> date:
        """A day on which every period is over."""
        return date(self.years[-1] + 1, 1, 15)

    @property
    def now(self) -> datetime:
        """The moment at which everything is written."""
        return datetime(self.today.year, self.today.month, self.today.day, tzinfo=UTC)

    @cached_property
    def periods(self) -> list[Period]:
        """The months, in order."""
        return [
            Period(FIRST_YEAR + month // 12, month % 12 + 1, Frequency.MONTH)
            for month in range(self.months)
        ]

    @cached_property
    def library(self) -> Library:
        """Elements in turn a flow and a stock, all on one monthly form of the communes."""
        elements = {
            f"e{slot:03}": DataElement(
                code=f"e{slot:03}",
                slot=slot,
                name=f"e{slot:03}",
                name_en=f"e{slot:03}",
                unit="",
                time=TimeRule.STOCK if slot % 2 else TimeRule.FLOW,
            )
            for slot in range(self.elements)
        }
        section = Section(title="", elements=tuple(elements))
        form = Form(
            code=FORM, name=FORM, level="base", frequency=Frequency.MONTH, sections=(section,)
        )
        return Library(elements=elements, indicators={}, forms={FORM: form})

    @cached_property
    def codes(self) -> list[str]:
        """Codes of the units that report, in the order of `figures`."""
        return commune_codes(self.communes)

    @cached_property
    def unit_versions(self) -> tuple[UnitVersion, ...]:
        """A province, its districts, their communes."""
        districts = [
            f"D{number:05}" for number in range(-(-self.communes // COMMUNES_OF_A_DISTRICT))
        ]
        return (
            _placed(ROOT, "province", None),
            *(_placed(code, "district", ROOT) for code in districts),
            *(
                _placed(code, "base", districts[number // COMMUNES_OF_A_DISTRICT])
                for number, code in enumerate(commune_codes(self.communes))
            ),
        )

    @cached_property
    def figures(self) -> np.ndarray:
        """[month, commune, element], 32-bit; -1 where nothing was reported."""
        return self.reported(self.communes)

    def reported(self, units: int) -> np.ndarray:
        """Figures for so many units, with gaps."""
        random = np.random.default_rng(self.seed)
        shape = (self.months, units, self.elements)
        figures = random.integers(0, LARGEST_FIGURE, shape, np.int32)
        figures[random.random(shape, np.float32) < SHARE_OF_FIGURES_BLANK] = -1
        absent = random.random(shape[:2]) < SHARE_OF_RETURNS_MISSING
        absent[-1, : self.pending] = False
        figures[absent] = -1
        return figures

    def returns(self) -> Iterator[PastReturn]:
        """Every return that came, month by month."""
        elements = list(self.library.elements)
        for month, period in enumerate(self.periods):
            for number, row in enumerate(self.figures[month].tolist()):
                values = {
                    code: figure for code, figure in zip(elements, row, strict=True) if figure >= 0
                }
                if values:
                    waits = month == self.months - 1 and number < self.pending
                    yield PastReturn(
                        unit=self.codes[number],
                        form=FORM,
                        period=period,
                        values=values,
                        accepted_depth=1 if waits else 0,
                        sent_at=self.now,
                    )


def commune_codes(communes: int) -> list[str]:
    """Codes of the communes of the first day."""
    return [f"C{number:06}" for number in range(communes)]


def _placed(code: str, level: str, parent: str | None) -> UnitVersion:
    return UnitVersion(
        code=code, name=code, kind="", level=level, parent=parent, start=date(2010, 1, 1)
    )
