"""A small organisation with a small library, its people and what they do: every test of the apps
starts from these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from strategies import unit_version

from toankhoa.core.basics import Frequency, Period
from toankhoa.core.measures import (
    Condition,
    DataElement,
    Form,
    Indicator,
    IndicatorKind,
    Library,
    Section,
    TimeRule,
)
from toankhoa.core.organisation import UnitVersion
from toankhoa.core.returns import Role, Value
from toankhoa.core.totals import Figure
from toankhoa.org.models import Membership, Unit, User
from toankhoa.org.organisation import Organisation, load_units, organisation
from toankhoa.org.scope import Actor, actor_of
from toankhoa.reporting.models import Return
from toankhoa.reporting.reading.unit_reader import UnitReader
from toankhoa.reporting.returns import workflow
from toankhoa.reporting.totals import past_totals
from toankhoa.reporting.totals.posting import Ledger

TODAY = date(2021, 10, 20)


def _elements() -> dict[str, DataElement]:
    declared = [
        ("meetings", TimeRule.FLOW, {}),
        ("members", TimeRule.STOCK, {}),
        ("active", TimeRule.STOCK, {"of": "members"}),
        ("lent", TimeRule.TO_DATE, {}),
        ("trained", TimeRule.DISTINCT, {}),
        ("savers", TimeRule.STOCK, {}),
        ("model", TimeRule.STOCK, {"yes_no": True}),
        ("bases_with_model", TimeRule.STOCK, {"derived": Condition(element="model")}),
        ("articles", TimeRule.FLOW, {}),
    ]
    return {
        code: DataElement(
            code=code, slot=slot, name=f"Số {code}", name_en=code, unit="", time=time, **more
        )
        for slot, (code, time, more) in enumerate(declared)
    }


def _form(code: str, level: str, frequency: Frequency, *elements: str) -> Form:
    return Form(
        code=code,
        name=code,
        level=level,
        frequency=frequency,
        sections=(Section(title="", elements=elements),),
    )


def _ratio(
    code: str, numerator: str, denominator: str, slots: tuple[int, int] | None = None
) -> Indicator:
    return Indicator(
        code=code,
        name=code,
        name_en=code,
        kind=IndicatorKind.RATIO,
        numerator=numerator,
        denominator=denominator,
        slots=slots,
        unit="%",
    )


_COUNTS = [
    Indicator(code=code, name=code, name_en=code, kind=IndicatorKind.COUNT, numerator=code)
    for code in ("meetings", "members", "lent", "trained", "articles", "bases_with_model")
]
_RATIOS = [
    _ratio("active%", "active", "members", (9, 10)),
    _ratio("savers%", "savers", "members", (11, 12)),
    _ratio("articles%", "articles", "meetings", (13, 14)),
    _ratio("model%", "bases_with_model", "units:base"),
]

LIBRARY = Library(
    elements=_elements(),
    indicators={indicator.code: indicator for indicator in (*_COUNTS, *_RATIOS)},
    forms={
        form.code: form
        for form in (
            _form(
                "B-M", "base", Frequency.MONTH, "meetings", "members", "active", "lent", "articles"
            ),
            _form("B-Q", "base", Frequency.QUARTER, "trained", "savers"),
            _form("B-Y", "base", Frequency.YEAR, "model"),
            _form("D-Q", "district", Frequency.QUARTER, "articles"),
            _form("P-Y", "province", Frequency.YEAR, "articles"),
        )
    },
)

PROVINCE = (
    unit_version("p", level="province"),
    unit_version("d1", "p", level="district"),
    unit_version("d2", "p", level="district"),
    *(unit_version(code, "d1") for code in ("c1", "c2", "c3")),
    *(unit_version(code, "d2") for code in ("c4", "c5")),
)

# Four levels, and not everywhere: one district stands under a region, the other directly under the
# root.
DEEP = (
    unit_version("p", level="province"),
    unit_version("r", "p", level="region"),
    unit_version("d1", "r", level="district"),
    unit_version("d2", "p", level="district"),
    unit_version("c1", "d1"),
    unit_version("c2", "d1"),
    unit_version("c3", "d2"),
)


def nine_on(day: date) -> datetime:
    """When a day of work begins."""
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9))


@dataclass
class World:
    """An organisation in the database, who acts in it, and the verbs with the arguments that tests
    do not care for.
    """

    organisation: Organisation
    today: date = TODAY
    library: Library = LIBRARY
    people: dict[tuple[str, Role, str], Actor] = field(default_factory=dict)
    minutes: int = 0  # since nine o'clock

    @classmethod
    def of(cls, unit_versions: tuple[UnitVersion, ...], today: date = TODAY) -> World:
        """Enter the units; the database must hold none."""
        load_units(unit_versions=unit_versions, by=None, at=nine_on(today) - timedelta(days=1))
        return cls(organisation(), today)

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.organisation, self.library)

    @property
    def at(self) -> datetime:
        return nine_on(self.today) + timedelta(minutes=self.minutes)

    def person(self, unit: str, role: Role = Role.OFFICER, name: str = "") -> Actor:
        """Somebody in that role at that unit; another `name` is another person."""
        key = unit, role, name
        if key not in self.people:
            user = User.objects.create(username=f"{unit}-{role}-{name}", date_joined=self.at)
            Membership.objects.create(user=user, unit=Unit.objects.get(code=unit), role=role)
            actor = actor_of(user, self.today)
            assert actor is not None
            self.people[key] = actor
        return self.people[key]

    def save(
        self,
        unit: str,
        form: str,
        period: str,
        figures: Mapping[str, Value | None],
        *,
        by: Actor | None = None,
        row_version: int | None = None,
    ) -> Return:
        there = Return.objects.filter(unit__code=unit, form=form, period=period).first()
        return workflow.save_figures(
            unit=unit,
            form=form,
            period=Period.parse(period),
            figures=figures,
            row_version=row_version
            if row_version is not None
            else (there.row_version if there else 0),
            by=by or self.person(unit),
            at=self.at,
            library=self.library,
        )

    def send(
        self, unit: str, form: str, period: str, figures: Mapping[str, Value | None]
    ) -> Return:
        """Save and send."""
        ret = self.save(unit, form, period, figures)
        workflow.send_return(ret=ret, by=self.person(unit), at=self.at, ledger=self.ledger)
        return self.now(ret)

    def accept(self, ret: Return, *units: str) -> Return:
        """Accepted by an officer of each of these units in turn."""
        for unit in units:
            workflow.accept_return(ret=ret, by=self.person(unit), at=self.at, ledger=self.ledger)
        return self.now(ret)

    def send_back(self, ret: Return, unit: str, reason: str = "Số chưa khớp") -> Return:
        workflow.return_return(
            ret=ret, reason=reason, by=self.person(unit), at=self.at, ledger=self.ledger
        )
        return self.now(ret)

    def correct(self, ret: Return, reason: str = "Gõ nhầm") -> Return:
        unit = self.organisation.codes[ret.unit_id]
        return workflow.correct_return(
            ret=self.now(ret), reason=reason, by=self.person(unit), at=self.at
        )

    def accepted(
        self, unit: str, form: str, period: str, figures: Mapping[str, Value | None]
    ) -> Return:
        """Sent and accepted all the way up."""
        chain = self.organisation.on(Period.parse(period).last_day).path(unit)
        return self.accept(self.send(unit, form, period, figures), *chain[1:])

    def now(self, ret: Return) -> Return:
        return Return.objects.get(pk=ret.pk)

    def reader(
        self, unit: str, *years: int, stage: int | None = None, today: date | None = None
    ) -> UnitReader:
        return UnitReader(
            unit=unit,
            years=years or (2021,),
            today=today or self.today,
            ledger=self.ledger,
            stage=stage,
        )

    def figure(
        self, unit: str, indicator: str, year: int = 2021, *, stage: int | None = None
    ) -> Figure:
        return self.reader(unit, year, stage=stage).figure(self.library.indicators[indicator], year)

    def total(self, unit: str, element: str, period: int, *, stage: int) -> int | None:
        """The sum of an element over a unit and all below it; None where nothing counts."""
        cell = self.reader(unit, period // 100, stage=stage).cell(period)
        return cell.get(self.library.elements[element].slot)


@contextmanager
def rolled_back() -> Iterator[None]:
    """What is done within leaves no trace in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    past_totals.forget()
