"""The source returns of a figure: what each brings to it, how far it has come, which never came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toankhoa.core.basics import Period, periods_of
from toankhoa.core.measures import DataElement, Form, Indicator
from toankhoa.core.organisation import UnitVersion
from toankhoa.core.returns import Value
from toankhoa.reporting import past_returns
from toankhoa.reporting.models import Return, Revision
from toankhoa.reporting.reading.unit_reader import UnitReader
from toankhoa.reporting.totals.recompute import counting


@dataclass(frozen=True)
class SourceReturn:
    """One return that is owed for a figure; `ret` None where nobody has begun it.

    `figures`: what counts of it where the figure is read, by the indicator's elements; None where
    nothing does.
    """

    unit: UnitVersion
    form: Form
    period: Period
    ret: Return | None
    figures: tuple[Value | None, ...]

    @property
    def counts(self) -> bool:
        """Whether it brings anything."""
        return any(figure is not None for figure in self.figures)


@dataclass(frozen=True)
class _Owed:
    """A form that a unit owes for a period."""

    unit: UnitVersion
    form: Form
    period: Period


def elements_of(indicator: Indicator, reader: UnitReader) -> tuple[DataElement, ...]:
    """What units type for an indicator: its numerator, and its denominator where that is typed."""
    codes = [indicator.numerator]
    if indicator.denominator and not indicator.unit_level:
        codes.append(indicator.denominator)
    elements = reader.ledger.library.elements
    typed = []
    for code in codes:
        element = elements[code]
        typed.append(elements[element.derived.element] if element.derived else element)
    return tuple(typed)


def source_returns(
    reader: UnitReader, indicator: Indicator, year: int, *, alone: bool = False
) -> list[SourceReturn]:
    """Every return that the figure of a year is made of or that is missing in it.

    Of the unit and all below, or `alone`; in the order of the tree, then of time.
    """
    elements = elements_of(indicator, reader)
    owed = list(_owed(reader, elements, year, alone))
    ids = reader.organisation.ids
    units = {ids[entry.unit.code] for entry in owed}
    rows = Return.objects.filter(unit__in=units, key__gt=year * 100, key__lt=(year + 1) * 100)
    returns = past_returns.returns_as_of(rows, reader.organisation, reader.ledger.as_of)
    begun = {(ret.unit_id, ret.form, ret.period): ret for ret in returns}
    counted = _counted(reader, year, units)
    sources = []
    for entry in owed:
        unit, form, period = entry.unit, entry.form, entry.period
        ret = begun.get((ids[unit.code], form.code, period.code))
        if ret is None and not period.over(reader.today):
            continue  # it is not due yet
        values = counted.get(ret.pk, {}) if ret else {}
        figures = tuple(values.get(element.code) for element in elements)
        sources.append(SourceReturn(unit, form, period, ret, figures))
    return sources


def _owed(
    reader: UnitReader, elements: tuple[DataElement, ...], year: int, alone: bool
) -> Iterator[_Owed]:
    for form, period in _forms_asking(reader, elements, year):
        tree = reader.organisation.on(period.last_day)
        if reader.unit not in tree:
            continue
        for code in (reader.unit,) if alone else tree.subtree(reader.unit):
            if tree.units[code].level == form.level:
                yield _Owed(tree.units[code], form, period)


def _forms_asking(
    reader: UnitReader, elements: tuple[DataElement, ...], year: int
) -> Iterator[tuple[Form, Period]]:
    """Forms that ask for any of these elements, as they are in those periods of a year that have
    begun.
    """
    codes = {element.code for element in elements}
    for declared in reader.ledger.library.forms.values():
        for period in periods_of(year, declared.frequency):
            form = declared.on(period.first_day)
            if period.first_day <= reader.today and not codes.isdisjoint(form.elements):
                yield form, period


def _counted(reader: UnitReader, year: int, units: set[int]) -> dict[int, dict[str, Value]]:
    """The figures that count where the reader reads, by id of return."""
    stage = reader.stage(year)
    numbers = {}
    for pk, stages in counting(reader.ledger, year=year, units=units).items():
        if stage in stages:
            numbers[pk] = stages[stage]
    revisions = Revision.objects.filter(
        ret__key__gt=year * 100, ret__key__lt=(year + 1) * 100, ret__unit__in=units
    )
    rows = revisions.values_list("ret_id", "number", "values").iterator(chunk_size=5000)
    return {pk: values for pk, number, values in rows if numbers.get(pk) == number}
