"""The returns behind a figure: what each brings to it, where it stands, and which never came."""

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


def elements_of(indicator: Indicator, reader: UnitReader) -> tuple[DataElement, ...]:
    """What units type for an indicator: its numerator, and its denominator where that is typed
    too.
    """
    every = reader.ledger.library.elements
    named = [
        indicator.numerator,
        *([indicator.denominator] if indicator.denominator and not indicator.unit_level else []),
    ]
    return tuple(
        every[every[code].derived.element] if every[code].derived else every[code] for code in named
    )


def source_returns(
    reader: UnitReader, indicator: Indicator, year: int, *, alone: bool = False
) -> list[SourceReturn]:
    """Every return that the figure of a year is made of or still lacks: of the unit and all below,
    or `alone`.

    In the order of the tree, then of time.
    """
    elements = elements_of(indicator, reader)
    owed = list(_owed(reader, elements, year, alone))
    ids = reader.organisation.ids
    units = {ids[unit.code] for unit, _, _ in owed}
    rows = Return.objects.filter(unit__in=units, key__gt=year * 100, key__lt=(year + 1) * 100)
    found = past_returns.returns(rows, reader.organisation, reader.ledger.as_of)
    begun = {(ret.unit_id, ret.form, ret.period): ret for ret in found}
    counted = _counted(reader, year, units)
    behind = []
    for unit, form, period in owed:
        ret = begun.get((ids[unit.code], form.code, period.code))
        if ret is None and not period.over(reader.today):
            continue  # it is not due yet
        values = counted.get(ret.pk, {}) if ret else {}
        behind.append(
            SourceReturn(
                unit, form, period, ret, tuple(values.get(element.code) for element in elements)
            )
        )
    return behind


def _owed(
    reader: UnitReader, elements: tuple[DataElement, ...], year: int, alone: bool
) -> Iterator[tuple[UnitVersion, Form, Period]]:
    codes = {element.code for element in elements}
    for form in reader.ledger.library.forms.values():
        for period in periods_of(year, form.frequency):
            asked = form.on(period.first_day)
            tree = reader.organisation.on(period.last_day)
            if (
                period.first_day > reader.today
                or codes.isdisjoint(asked.elements)
                or reader.unit not in tree
            ):
                continue
            below = (reader.unit,) if alone else tree.subtree(reader.unit)
            yield from (
                (tree.units[code], asked, period)
                for code in below
                if tree.units[code].level == form.level
            )


def _counted(reader: UnitReader, year: int, units: set[int]) -> dict[int, dict[str, Value]]:
    """The figures that count where the reader reads, by id of return."""
    stage = reader.stage(year)
    numbers = {
        pk: stages[stage]
        for pk, stages in counting(reader.ledger, year=year, units=units).items()
        if stage in stages
    }
    revisions = Revision.objects.filter(
        ret__key__gt=year * 100, ret__key__lt=(year + 1) * 100, ret__unit__in=units
    )
    rows = revisions.values_list("ret_id", "number", "values").iterator(chunk_size=5000)
    return {pk: values for pk, number, values in rows if numbers.get(pk) == number}
