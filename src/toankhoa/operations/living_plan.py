"""The living plan of a unit, on screen and on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.conf import settings
from django.utils.timezone import localdate

from toankhoa.core.basics import refuse
from toankhoa.core.organisation import UnitVersion
from toankhoa.core.plan import Plan
from toankhoa.core.results import PlanLine, figure_marks, marked_lines
from toankhoa.core.review import Term, Version, whole_term
from toankhoa.documents.words.plan_view import ReportHeading
from toankhoa.documents.words.report_changes import Since
from toankhoa.documents.writing.write_docx import write_docx
from toankhoa.documents.writing.write_xlsx import write_xlsx
from toankhoa.operations.cascaded_targets import cascaded_targets
from toankhoa.operations.measuring import ledger
from toankhoa.org.organisation import Organisation, organisation
from toankhoa.org.scope import Actor
from toankhoa.plan.versions import InForce, Published, in_force
from toankhoa.reporting.reading.plan_reader import PlanReader
from toankhoa.reporting.totals.posting import Ledger


@dataclass(frozen=True)
class LivingPlan:
    """The version in force, the plan of the whole term under it, and its figures for one unit.

    `last_day`: of the unit, today while it is there. One that has ended stays under the plan of
    that day; `heirs` are the units that it has become today.
    """

    in_force: InForce
    term: Term
    reader: PlanReader
    unit: str
    unit_name: str
    last_day: date
    heirs: tuple[UnitVersion, ...] = ()

    @property
    def ended(self) -> bool:
        """Whether there is no such unit today."""
        return self.last_day < self.reader.reader.today

    @property
    def version(self) -> Published:
        """The version in force today."""
        return self.in_force.now

    @property
    def plan(self) -> Plan:
        """The plan as its rows are shown: past years under the versions that governed them."""
        return self.term.plan

    @property
    def ledger(self) -> Ledger:
        """Units and library that its figures are read by."""
        return self.reader.reader.ledger


def living_plan(*, unit: str, by: Actor) -> LivingPlan | None:
    """The plan in force today for a unit within reach, or on its last day for one that has ended.

    What ended is within reach of the units above it on that day too. None: no plan was in force.
    """
    last_day = by.organisation.trees.last_day(unit, by.today)
    return _living_plan(by.reach(unit, last_day), by.organisation, by.today, by.as_of)


def _living_plan(
    unit: str, units: Organisation, today: date, as_of: datetime | None
) -> LivingPlan | None:
    last_day = units.trees.last_day(unit, today)
    if last_day is None:
        return None
    versions = in_force(unit=unit, organisation=units, today=today, as_of=as_of)
    if versions is None:
        return None
    term = _term(versions)
    cascaded = cascaded_targets(
        unit, organisation=units, years=term.plan.years, today=last_day, as_of=as_of
    )
    reader = PlanReader(
        plan=term.plan,
        bindings=term.bindings,
        root=versions.now.root,
        unit=unit,
        today=today,
        ledger=ledger(units, as_of),
        cascaded=cascaded,
    )
    heirs = [units.on(today).units[code] for code in units.heirs(unit, today) if code != unit]
    name = units.on(last_day).units[unit].name
    return LivingPlan(versions, term, reader, unit, name, last_day, tuple(heirs))


def _term(versions: InForce) -> Term:
    """The plan of the whole term: each past year as the version said that governed it."""
    records: dict[int, Version] = {}
    for published in (versions.now, *versions.past.values()):
        records[published.pk] = Version(published.plan, published.bindings)
    past = {year: records[published.pk] for year, published in versions.past.items()}
    return whole_term(records[versions.now.pk], past)


def plan_of(*, unit: str | None, today: date, as_of: datetime | None = None) -> LivingPlan:
    """The living plan of any unit (None: the root), whoever asks: the command line sees all.

    Refused where there never was the unit, or a plan.
    """
    units = organisation(as_of)
    unit = unit or units.on(today).roots[0]
    if units.trees.last_day(unit, today) is None:
        raise refuse("unit-unknown", f"Không có đơn vị mã {unit}. Hãy kiểm tra lại mã.")
    living = _living_plan(unit, units, today, as_of)
    if living is None:
        raise refuse(
            "plan-none", "Chưa có kế hoạch nào được ban hành. Hãy nạp và ban hành kế hoạch trước."
        )
    return living


WRITERS: Mapping[str, Callable[..., bytes]] = {".docx": write_docx, ".xlsx": write_xlsx}


@dataclass(frozen=True)
class Paper:
    """A living plan as it goes on paper at a moment: its figures with their codes, its heading.

    `since`: what has changed since a report before.
    """

    living: LivingPlan
    lines: list[PlanLine]
    heading: ReportHeading
    since: Since | None = None

    def written(self, kind: str, *, of_term: bool = False) -> bytes:
        """As a file of one of the kinds of `WRITERS`; `of_term`: the term in place of its years."""
        return WRITERS[kind](
            self.living.plan, self.lines, heading=self.heading, of_term=of_term, since=self.since
        )

    def issued_as(self, report: str, since: Since | None) -> Paper:
        """The same as an issued report."""
        return replace(self, heading=replace(self.heading, report=report), since=since)


def paper(
    *, unit: str | None, at: datetime, as_of: datetime | None = None, site: str = ""
) -> Paper:
    """The living plan of a unit (None: the root) for paper, at a moment; `as_of`: a past one.

    `site`: the address that a figure's code is put behind to open it, blank where it is not known.
    See `plan_of`.
    """
    day = localdate(at)
    living = plan_of(unit=unit, today=day, as_of=as_of)
    ids = living.ledger.organisation.ids
    lines = marked_lines(living.reader.lines(), at, ids[living.unit], site)
    first = next(figure_marks(lines), None)
    heading = ReportHeading(
        unit=living.unit_name,
        as_of=day,
        version=living.version.number,
        synthetic=settings.DEMO,
        document=first.code.document if first else "",
    )
    return Paper(living, lines, heading)
