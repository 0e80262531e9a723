"""Who a signed-in person is, and what stands within her reach: her unit and all below it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from toankhoa.core.organisation import Tree, UnitVersion
from toankhoa.core.returns import Role
from toankhoa.org.models import MemberMove, Membership, User
from toankhoa.org.organisation import Organisation, organisation
from toankhoa.org.people import unit_of


class OutOfReach(Exception):
    """The unit is not hers. Shown as "not found", so that what siblings have stays unknown."""


@dataclass(frozen=True)
class Actor:
    """A person in her role on a day; made once per request.

    `as_of`: the past moment that she looks back at, None for now. Then `today` is its day, and
    nothing can be written. `move`: how a reform brought her to her unit, until she has read it.
    """

    user: User
    unit: str
    role: Role
    board: str
    organisation: Organisation
    today: date
    as_of: datetime | None = None
    move: MemberMove | None = None

    @property
    def tree(self) -> Tree:
        """Today's tree."""
        return self.organisation.on(self.today)

    @property
    def place(self) -> UnitVersion:
        """Her unit."""
        return self.tree.units[self.unit]

    @property
    def moved_from(self) -> str:
        """The name of the unit that she acted for until a reform brought her to hers; blank where
        there is no news.
        """
        if self.move is None or self.move.reform is None:
            return ""
        code, eve = self.move.was.code, self.move.reform.day - timedelta(days=1)
        tree = self.organisation.on(eve)
        return tree.units[code].name if code in tree else code

    @property
    def acts_for(self) -> frozenset[str]:
        """Her unit, and those that ended and that it carries on."""
        return frozenset({self.unit, *self.organisation.forebears(self.unit, self.today)})

    def reach(self, code: str, day: date | None = None) -> str:
        """The code itself where it is within reach; `OutOfReach` otherwise.

        A unit that ended is within reach of those that carry it on. `day`: what it did then is also
        within reach of the units that stood above it then.
        """
        heirs = self.organisation.heirs(code, self.today)
        if any(self.tree.within(heir, self.unit) for heir in heirs):
            return code
        then = None if day is None else self.organisation.on(day)
        if then is None or code not in then or self.acts_for.isdisjoint(then.path(code)):
            raise OutOfReach(code)
        return code


def actor_of(user: User, today: date, as_of: datetime | None = None) -> Actor | None:
    """Who a user is today, None where she acts for no unit that stands today.

    `as_of`: see `Actor`.
    """
    members = Membership.objects.select_related("unit", "move__reform", "move__was")
    member = members.filter(user=user).first()
    if member is None:
        return None
    unit = unit_of(member, as_of).code
    move = member.move if as_of is None else None
    actor = Actor(
        user, unit, Role(member.role), member.board, organisation(as_of), today, as_of, move
    )
    return actor if actor.unit in actor.tree else None
