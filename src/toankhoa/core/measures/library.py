"""The library: everything declared about measuring, checked when it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from toankhoa.core.measures.elements import DataElement, TimeRule
from toankhoa.core.measures.forms import Form
from toankhoa.core.measures.indicators import Indicator, IndicatorKind, Path, TermRule
from toankhoa.core.measures.vocabulary import Vocabulary

_PATHS = {
    TimeRule.FLOW: Path.EVEN,
    TimeRule.TO_DATE: Path.EVEN,
    TimeRule.DISTINCT: Path.SEASONAL,
    TimeRule.STOCK: Path.STEPS,
}


@dataclass(frozen=True)
class Library:
    """Everything declared about measuring, checked when it was read.

    `additions_from`: slots from here on are left to what an installation adds, so that both may
    grow.
    """

    elements: Mapping[str, DataElement]
    indicators: Mapping[str, Indicator]
    forms: Mapping[str, Form]
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    additions_from: int = 0

    @cached_property
    def width(self) -> int:
        """Length of a packed row."""
        slots = [element.slot for element in self.elements.values()]
        for indicator in self.indicators.values():
            slots += indicator.slots or ()
        return 1 + max(slots, default=-1)

    def path(self, indicator: Indicator) -> Path:
        """As declared, else by the numerator's time rule; what is done or not has a deadline."""
        numerator = self.elements[indicator.numerator]
        if indicator.path is not None:
            return indicator.path
        if indicator.kind is IndicatorKind.MILESTONE or numerator.derived or numerator.yes_no:
            return Path.DEADLINE
        return _PATHS[numerator.time]

    def term(self, indicator: Indicator) -> TermRule:
        """As declared, else: counts of what happened add up over the years, all else is last."""
        if indicator.term is not None:
            return indicator.term
        flows = self.elements[indicator.numerator].time in (TimeRule.FLOW, TimeRule.TO_DATE)
        return TermRule.SUM if flows and indicator.kind is IndicatorKind.COUNT else TermRule.LAST

    def collected_by(self, element: str, level: str) -> Form | None:
        """The form on which a level types an element, or None."""
        for form in self.forms.values():
            if form.level == level and element in form.elements:
                return form
        return None
