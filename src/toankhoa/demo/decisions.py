"""The demo's decisions: amounts handed down to districts and on to communes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from django.utils import timezone

from toankhoa.core.returns import Role
from toankhoa.core.targets import AllocationMethod, Rule
from toankhoa.operations import target_allocation
from toankhoa.operations.living_plan import living_plan
from toankhoa.operations.target_allocation import Key, Offer
from toankhoa.org.models import Membership, User
from toankhoa.org.scope import Actor
from toankhoa.plan import allocations
from toankhoa.plan.column_json import column_from
from toankhoa.plan.models import Allocation
from toankhoa.reporting.totals.posting import Ledger

SIGNED = timedelta(days=11)  # from the plan's own day to the decision about all years but the last
LAST_YEAR = (1, 15)  # the day of the decision about the last year
BELOW = timedelta(days=14)  # until the districts have divided their shares
SPECIAL = timedelta(days=5)  # before today: a decision about a rate by last year's result
STRETCH = Fraction(2)


class DemoDecisions:
    """Who hands what down to whom in the demo.

    Acknowledged by all but the people whom one can sign in as, so that they have something to do.
    """

    def __init__(self, ledger: Ledger, today: date) -> None:
        self.ledger, self.today = ledger, today
        self.root = ledger.organisation.on(today).roots[0]
        members = Membership.objects.filter(role__in=allocations.ACTING_ROLES).select_related(
            "user", "unit"
        )
        self.people: dict[str, User] = {}
        for member in members.order_by("pk"):
            self.people[member.unit.code] = member.user

    def decide(self, years: Sequence[int], signed_on: date) -> None:
        """Two decisions and the districts', a special one, a draft that revises the last."""
        self._round(years[:-1], signed_on + SIGNED, "98/QĐ-BTV", acknowledged=True)
        last = self._round(years[-1:], date(years[-1], *LAST_YEAR), "07/QĐ-BTV", acknowledged=False)
        self._special(years[-1])
        by = self._actor(self.root, self.today)
        target_allocation.revise(allocation=last, by=by, at=_morning(by.today), ledger=self.ledger)

    def _round(
        self, years: Sequence[int], day: date, number: str, *, acknowledged: bool
    ) -> Allocation:
        """The province's decision, and on a later day that of every district."""
        by = self._actor(self.root, day)
        draft = target_allocation.start(
            keys=self._amounts(by, years), by=by, at=_morning(day), ledger=self.ledger
        )
        decision = self._issue(draft, by, number)
        districts = by.tree.children(self.root)
        self._acknowledge(decision, districts, day + BELOW)
        for place, district in enumerate(districts, 1):
            officer = self._actor(district, day + BELOW)
            keys = self._amounts(officer, years)
            draft = target_allocation.start(
                keys=keys, by=officer, at=_morning(officer.today), ledger=self.ledger
            )
            further = self._issue(draft, officer, f"{place:02}/QĐ-BTV")
            communes = officer.tree.children(district)
            if not acknowledged:
                communes = self._without_people(communes)
            self._acknowledge(further, communes, officer.today + BELOW)
        return decision

    def _special(self, year: int) -> None:
        """Rates of each district by its own result; half of them have acknowledged it."""
        by = self._actor(self.root, self.today - SPECIAL)
        elements = self.ledger.library.elements
        rates = [
            offer.key
            for offer in self._offers(by, [year])
            if offer.column.rate and offer.indicator.denominator in elements
        ]
        draft = target_allocation.start(
            keys=rates[-1:], by=by, at=_morning(by.today), ledger=self.ledger
        )
        (column,) = map(column_from, draft.columns)
        ruled = [replace(column, rule=Rule(method=AllocationMethod.ACTUAL, stretch=STRETCH))]
        draft = allocations.save_sheet(
            allocation=draft.pk, columns=ruled, row_version=0, by=by, at=_morning(by.today)
        )
        decision = self._issue(draft, by, "112/QĐ-BTV")
        half = by.tree.children(self.root)[::2]
        self._acknowledge(decision, self._without_people(half), by.today)

    def _without_people(self, units: Sequence[str]) -> tuple[str, ...]:
        """Those of these units for which nobody can sign in."""
        return tuple(code for code in units if code not in self.people)

    def _issue(self, draft: Allocation, by: Actor, number: str) -> Allocation:
        return target_allocation.issue(
            allocation=draft,
            number=number,
            issued_on=by.today,
            effective_on=by.today,
            by=by,
            at=_morning(by.today),
            ledger=self.ledger,
        )

    def _acknowledge(self, decision: Allocation, units: Sequence[str], day: date) -> None:
        for unit in units:
            allocations.acknowledge(
                allocation=decision.pk, by=self._actor(unit, day), at=_morning(day)
            )

    def _amounts(self, by: Actor, years: Sequence[int]) -> list[Key]:
        """What does not follow from the plan's own words."""
        return [offer.key for offer in self._offers(by, years) if not offer.follows]

    def _offers(self, by: Actor, years: Sequence[int]) -> list[Offer]:
        living = living_plan(unit=by.unit, by=by)
        if living is None:
            return []
        return target_allocation.offers(living, self.ledger, by.today, years=years)

    def _actor(self, unit: str, day: date) -> Actor:
        role = Role.PLAN if unit == self.root else Role.OFFICER
        user = self.people.get(unit)
        # Nobody can sign in for most units; the audit log takes None for the installation itself.
        return Actor(user, unit, role, "", self.ledger.organisation, day)  # type: ignore[arg-type]


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(8)))
