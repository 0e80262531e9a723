"""What a row of a draft is measured by, and what may measure it: the library's best, all of it, or something new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from toankhoa.core.basics import format_date
from toankhoa.core.measures import Indicator, Library
from toankhoa.core.review import Binding
from toankhoa.library.additions import NOT_YET
from toankhoa.operations.library_additions import may_add
from toankhoa.operations.review import Review
from toankhoa.org.scope import Actor
from toankhoa.web.shell.words import FREQUENCIES, INDICATOR_KINDS, PATHS, TERM_RULES, TYPED


@dataclass(frozen=True)
class Bound:
    """An indicator that measures the row. `asked`: which form asks for it from when on, where it was added."""

    indicator: Indicator
    binding: Binding
    asked: tuple[str, ...]


def measures(looked: Review, row: str, by: Actor) -> dict[str, object]:
    """What the page says of a row's indicators, and what it offers to her who looks."""
    library = looked.library
    standing = {
        binding.indicator: code for code, bound in looked.bindings.items() for binding in bound
    }
    found = [(library.indicators[each.indicator], each) for each in looked.bindings.get(row, ())]
    return {
        "bound": [Bound(item, each, tuple(_asked(item, library))) for item, each in found],
        "offered": [(each, standing.get(each.indicator.code)) for each in looked.candidates(row)],
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


def _asked(indicator: Indicator, library: Library) -> Iterator[str]:
    """Where its added figures are typed."""
    parts = {indicator.numerator, indicator.denominator}
    for form in library.forms.values():
        for section in form.sections:
            if section.since > date.min and parts & set(section.elements):
                when = (
                    "sau khi ban hành"
                    if section.since == NOT_YET
                    else f"từ ngày {format_date(section.since)}"
                )
                yield f"“{form.name}” hỏi số liệu này {when}."
