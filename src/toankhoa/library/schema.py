"""The shape of a library file, and how it becomes records of the core."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from toankhoa.core.basics import Frequency, words_of
from toankhoa.core.measures import (
    Condition,
    DataElement,
    Form,
    Indicator,
    IndicatorKind,
    Interpretation,
    Library,
    Path,
    Section,
    TermRule,
    TimeRule,
    Vocabulary,
)


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Condition(_Strict):
    element: str
    at_least: int = 1


class _Element(_Strict):
    slot: int = Field(ge=0)
    name: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    time: Literal["flow", "stock", "to_date", "distinct"]
    of: str | None = None
    yes_no: bool = False
    derived: _Condition | None = None
    hint: str = ""


class _Section(_Strict):
    title: str = Field(min_length=1)
    elements: list[str] = Field(min_length=1)


class _Form(_Strict):
    name: str = Field(min_length=1)
    level: str
    frequency: Literal["month", "quarter", "half", "year"]
    sections: list[_Section] = Field(min_length=1)


class _Choice(_Strict):
    question: str = Field(min_length=1)
    default: str = Field(min_length=1)
    others: list[str] = Field(min_length=1)


class _Indicator(_Strict):
    name: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    kind: Literal["count", "ratio", "milestone"]
    numerator: str
    denominator: str | None = None
    slots: list[Annotated[int, Field(ge=0)]] | None = Field(None, min_length=2, max_length=2)
    more_is_better: bool = True
    path: Literal["even", "seasonal", "steps", "deadline"] | None = None
    term: Literal["sum", "last"] | None = None
    levels: list[str] = Field(min_length=1)
    frequency: Literal["month", "quarter", "half", "year"] = "year"
    unit: str = ""
    objective: str = ""
    matches: list[list[str]] = Field(min_length=1)
    choice: _Choice | None = None
    note: str = ""


class _Vocabulary(_Strict):
    boards: dict[str, list[str]] = {}
    board_names: dict[str, str] = {}
    levels: dict[str, list[str]] = Field(min_length=1)
    level_names: dict[str, str] = {}
    all_levels: list[str] = []
    counters: list[str] = []


class LibraryFile(_Strict):
    """A whole library, its included files merged in."""

    vocabulary: _Vocabulary
    elements: dict[str, _Element] = Field(min_length=1)
    forms: dict[str, _Form] = Field(min_length=1)
    indicators: dict[str, _Indicator]
    additions_from: int = Field(0, ge=0)


class Addition(_Strict):
    """What an installation adds to its library: one indicator, its new elements, and where these
    are typed.

    `since` is set when a plan that it measures is published: the first day of the first period that
    asks for them, the running one where it `starts_now`. Until then no form does.
    """

    code: str
    indicator: _Indicator
    elements: dict[str, _Element] = {}
    level: str
    frequency: Literal["month", "quarter", "half", "year"]
    starts_now: bool = False
    since: date | None = None

    @property
    def slots(self) -> tuple[int, ...]:
        """Every place in a packed row that it takes."""
        return (
            *(element.slot for element in self.elements.values()),
            *(self.indicator.slots or ()),
        )


def records(spec: LibraryFile) -> Library:
    """The library as the core knows it; phrases are folded on the way."""
    return Library(
        elements={code: element_record(code, element) for code, element in spec.elements.items()},
        indicators={
            code: indicator_record(code, indicator) for code, indicator in spec.indicators.items()
        },
        forms={code: _form(code, form) for code, form in spec.forms.items()},
        additions_from=spec.additions_from,
        vocabulary=Vocabulary(
            boards={code: tuple(words) for code, words in spec.vocabulary.boards.items()},
            board_names=spec.vocabulary.board_names,
            levels={code: tuple(words) for code, words in spec.vocabulary.levels.items()},
            level_names=spec.vocabulary.level_names,
            all_levels=tuple(spec.vocabulary.all_levels),
            counters=tuple(spec.vocabulary.counters),
        ),
    )


def element_record(code: str, spec: _Element) -> DataElement:
    derived = None
    if spec.derived is not None:
        derived = Condition(element=spec.derived.element, at_least=spec.derived.at_least)
    plain = spec.model_dump(exclude={"time", "derived"})
    return DataElement(code=code, time=TimeRule(spec.time), derived=derived, **plain)


def _form(code: str, spec: _Form) -> Form:
    sections = tuple(
        Section(title=part.title, elements=tuple(part.elements)) for part in spec.sections
    )
    return Form(
        code=code,
        name=spec.name,
        level=spec.level,
        frequency=Frequency(spec.frequency),
        sections=sections,
    )


def indicator_record(code: str, spec: _Indicator) -> Indicator:
    choice = None
    if spec.choice is not None:
        choice = Interpretation(
            question=spec.choice.question,
            default=spec.choice.default,
            others=tuple(spec.choice.others),
        )
    plain = spec.model_dump(
        exclude={"kind", "slots", "path", "term", "levels", "frequency", "matches", "choice"}
    )
    return Indicator(
        code=code,
        kind=IndicatorKind(spec.kind),
        slots=(spec.slots[0], spec.slots[1]) if spec.slots else None,
        path=Path(spec.path) if spec.path else None,
        term=TermRule(spec.term) if spec.term else None,
        levels=tuple(spec.levels),
        frequency=Frequency(spec.frequency),
        matches=tuple(tuple(words_of(words) for words in together) for together in spec.matches),
        choice=choice,
        **plain,
    )
