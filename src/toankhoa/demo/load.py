"""Fill an empty installation with the demo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import numpy as np
from django.db import transaction
from django.utils import timezone

from toankhoa import documents
from toankhoa.core.basics import Period, periods_of
from toankhoa.core.compiling import compile_document
from toankhoa.core.measures import Form
from toankhoa.core.organisation import in_order
from toankhoa.core.returns import Role
from toankhoa.demo.cast import PASSWORD, TODAY, people
from toankhoa.demo.decisions import DemoDecisions
from toankhoa.demo.made_up import SEED, UnitMaker, load_profiles
from toankhoa.documents.writing.seed_document import seed_docx
from toankhoa.library import load_reforms, load_units
from toankhoa.operations.measuring import ledger, library
from toankhoa.operations.reforms import apply_reform
from toankhoa.org import organisation
from toankhoa.org.reforms import draft_reform
from toankhoa.org.scope import actor_of
from toankhoa.plan.drafts import keep_draft, publish
from toankhoa.reporting.returns.workflow import PastReturn, import_returns
from toankhoa.reporting.totals.posting import Ledger, Progress

PLAN_FILE = "ke-hoach-toan-khoa.docx"

# How far returns have come: old ones are accepted by everybody, the newest are still on their way.
NEVER_SENT, NEWEST_NOT_SENT = 0.015, 0.06  # shares
NEWEST_WAITING = 0.22  # share of the newest not accepted by the top yet
LATE = 0.05
NEWEST = timedelta(days=45)


def load(*, progress: Progress, today: date = TODAY) -> None:
    """Units, people, the plan compiled from its Word file, returns and decisions; or nothing.

    Returns are of every period that is over by `today`.
    """
    at = timezone.make_aware(datetime.combine(today, time(7)))
    with transaction.atomic():
        progress(0, 5, "Nạp đơn vị và các lần sắp xếp")
        organisation.load_units(unit_versions=load_units(), by=None, at=at)
        _reform_units(at, today)
        adding = ledger()
        tree = adding.organisation.on(today)
        progress(1, 5, "Lập người dùng")
        for person in people(tree):
            organisation.add_member(
                username=person.username,
                full_name=person.full_name,
                password=PASSWORD,
                unit=person.unit,
                role=person.role,
                board=person.board,
                by=None,
                at=at,
            )
        progress(2, 5, "Biên dịch và ban hành kế hoạch")
        years, signed_on = _publish_plan(adding, today)
        progress(3, 5, "Sinh báo cáo mẫu và cộng dồn")
        returns = list(_returns(adding, years, today))
        import_returns(returns=returns, by=None, at=at, ledger=adding)
        progress(4, 5, "Giao chỉ tiêu cho huyện và cơ sở")
        DemoDecisions(adding, today).decide(years, signed_on)
        progress(5, 5, f"Xong: {len(returns)} báo cáo mẫu")


def _reform_units(at: datetime, today: date) -> None:
    """Every known reform, drafted; those of days until `today` are applied on their mornings."""
    for reform in in_order(load_reforms()):
        if reform.day > today:
            draft_reform(reform=reform, by=None, at=at)
        else:
            morning = timezone.make_aware(datetime.combine(reform.day, time(8)))
            draft = draft_reform(reform=reform, by=None, at=morning)
            apply_reform(draft=draft, by=None, today=reform.day, at=morning, library=library())


def _publish_plan(adding: Ledger, today: date) -> tuple[tuple[int, ...], date]:
    """Its years and day.

    Published on the morning of that day, so that one can look back at the years since.
    """
    persons = people(adding.organisation.on(today))
    planner = next(person for person in persons if person.role is Role.PLAN)
    by = actor_of(organisation.User.objects.get(username=planner.username), today)
    assert by is not None  # she was added a moment ago
    source = seed_docx()
    plan, problems = compile_document(documents.read(PLAN_FILE, source), adding.library.vocabulary)
    assert plan.date is not None  # the seed's plan is dated
    at = timezone.make_aware(datetime.combine(plan.date, time(7)))
    draft = keep_draft(
        source_name=PLAN_FILE, source=source, plan=plan, problems=problems, by=by, at=at
    )
    publish(
        version=draft,
        number=plan.number,
        signed_on=plan.date,
        effective_on=plan.date,
        by=by,
        at=at,
        library=adding.library,
    )
    return plan.years, plan.date


def _returns(adding: Ledger, years: tuple[int, ...], today: date) -> Iterator[PastReturn]:
    """Every unit's returns for every period that is over, less those that never came."""
    profiles = load_profiles()
    first_tree = adding.organisation.on(date(years[0], 1, 1))
    for number, unit in enumerate(first_tree.order):
        level = first_tree.units[unit].level
        maker = UnitMaker(adding.library, profiles, level, number, years[0])
        chance = np.random.default_rng([SEED, number])
        for form in adding.library.forms.values():
            if form.level == level:
                yield from _of_form(form, unit, maker, chance, adding, years, today)


def _of_form(
    form: Form,
    unit: str,
    maker: UnitMaker,
    chance: np.random.Generator,
    adding: Ledger,
    years: tuple[int, ...],
    today: date,
) -> Iterator[PastReturn]:
    """One unit's returns of one form, in the order of time: chance is drawn in this order."""
    for year in years:
        for period in periods_of(year, form.frequency):
            tree = adding.organisation.on(period.last_day)
            if not period.over(today) or unit not in tree:
                continue
            accepted_depth = _accepted_depth(chance, tree.depth(unit), period, today)
            if accepted_depth is not None:
                yield PastReturn(
                    unit=unit,
                    form=form.code,
                    period=period,
                    values=maker.values(form, period),
                    accepted_depth=accepted_depth,
                    sent_at=_sent_at(chance, period, today),
                )


def _accepted_depth(
    chance: np.random.Generator, depth: int, period: Period, today: date
) -> int | None:
    """The depth of the highest unit that accepted a return; None where it never came."""
    newest = today - period.last_day < NEWEST
    not_sent = NEWEST_NOT_SENT if newest else NEVER_SENT
    waiting = NEWEST_WAITING if newest else 0
    if depth and chance.random() < not_sent:
        return None
    if depth and chance.random() < waiting:
        return int(chance.integers(1, depth + 1))
    return 0


def _sent_at(chance: np.random.Generator, period: Period, today: date) -> datetime:
    late = chance.random() < LATE
    days = int(chance.integers(12, 25) if late else chance.integers(1, 10))
    day = min(period.last_day + timedelta(days=days), today - timedelta(days=1))
    hour, minute = int(chance.integers(7, 17)), int(chance.integers(0, 60))
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))
