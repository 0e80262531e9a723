"""What a row of a draft is measured by, and what may.

The library's best, all of it, something new.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from toankhoa.core.basics import format_date
from toankhoa.core.measures import Indicator, Library
from toankhoa.core.review import Binding, Candidate
from toankhoa.library.additions import NOT_YET
from toankhoa.operations.library_additions import may_add
from toankhoa.operations.review import Review
from toankhoa.org.scope import Actor
from toankhoa.web.shell.words import FREQUENCIES, INDICATOR_KINDS, PATHS, TERM_RULES, TYPED
from toankhoa.web.templatetags.vietnamese import muc


@dataclass(frozen=True)
class Bound:
    """An indicator that measures the row.

    `asked_by`: which forms ask for it, where it was added.
    """

    indicator: Indicator
    binding: Binding
    asked_by: tuple[str, ...]

    @property
    def targets(self) -> str:
        """Its targets by year, in words; blank where it has none."""
        targets = self.binding.targets.items()
        return " · ".join(f"{year}: {muc(bound.target)}" for year, bound in targets)


@dataclass(frozen=True)
class Offered:
    """An indicator that may measure the row. `measures`: the row that it measures now."""

    candidate: Candidate
    measures: str | None


def measures(looked: Review, row: str, by: Actor) -> dict[str, object]:
    """What the page says of a row's indicators, and what it offers to her who looks."""
    library = looked.library
    return {
        "bound": [_bound(binding, library) for binding in looked.bindings.get(row, ())],
        "offered": _offered(looked, row),
        "library": library.indicators,
        "addable": may_add(by),
        "elements": sorted(library.elements.values(), key=lambda element: element.name),
        "levels": library.vocabulary.level_names.items(),
        "kinds": INDICATOR_KINDS.items(),
        "frequencies": FREQUENCIES.items(),
        "times": TYPED.items(),
        "paths": PATHS.items(),
        "terms": TERM_RULES.items(),
    }


def _bound(binding: Binding, library: Library) -> Bound:
    indicator = library.indicators[binding.indicator]
    return Bound(indicator, binding, tuple(_asking_forms(indicator, library)))


def _offered(looked: Review, row: str) -> list[Offered]:
    row_of: dict[str, str] = {}
    for code, bindings in looked.bindings.items():
        row_of |= dict.fromkeys((binding.indicator for binding in bindings), code)
    return [
        Offered(candidate, row_of.get(candidate.indicator.code))
        for candidate in looked.candidates(row)
    ]


def _asking_forms(indicator: Indicator, library: Library) -> Iterator[str]:
    """Where its added figures are typed, in words."""
    parts = {indicator.numerator, indicator.denominator}
    for form in library.forms.values():
        for section in form.sections:
            added = section.since > date.min
            if added and parts & set(section.elements):
                yield f"“{form.name}” hỏi số liệu này {_since_when(section.since)}."


def _since_when(day: date) -> str:
    if day == NOT_YET:
        return "sau khi ban hành"
    return f"từ ngày {format_date(day)}"
