"""One return as a page shows it: its figures, last period's beside them, its life, and what may be
done with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from toankhoa.core.basics import Period, Problem, Severity, refuse
from toankhoa.core.measures import Form
from toankhoa.core.organisation import Tree
from toankhoa.core.returns import MOVES, Position, Value, contradictions, may, missing, surprises
from toankhoa.org.organisation import Organisation
from toankhoa.org.scope import Actor
from toankhoa.reporting import past_returns
from toankhoa.reporting.models import Return, Step
from toankhoa.reporting.returns.workflow import not_there, position
from toankhoa.reporting.totals.ledger import Ledger

A_YEAR = 100  # between the keys of two periods, a year apart


@dataclass(frozen=True, kw_only=True)
class ReturnView:
    """A unit's form for a period; `ret` None where it has not been begun.

    `before`: last period's figures.

    `mine`: the unit of the person who looks. `moves` are the verbs that she may do now. `problems`:
    contradictions first, then surprises.
    """

    unit: str
    name: str
    mine: str
    form: Form
    period: Period
    ret: Return | None
    before: Mapping[str, Value]
    steps: tuple[Step, ...]
    position: Position
    moves: frozenset[str]
    problems: tuple[Problem, ...]

    @property
    def values(self) -> Mapping[str, Value]:
        """Figures typed so far."""
        return self.ret.values if self.ret else {}

    @property
    def row_version(self) -> int:
        """What a save must name (see `workflow.save_figures`)."""
        return self.ret.row_version if self.ret else 0

    @property
    def blanks(self) -> list[str]:
        """Elements that have no figure yet."""
        return missing(self.values, self.form.elements)

    @property
    def doubts(self) -> int:
        """How many figures deserve a second look."""
        return sum(problem.severity is Severity.WARNING for problem in self.problems)

    @property
    def can_save(self) -> bool:
        """Whether she who looks may type in it now."""
        return "save" in self.moves

    @property
    def can_accept(self) -> bool:
        """Whether it waits for her to accept it or send it back."""
        return "accept" in self.moves

    @property
    def can_correct(self) -> bool:
        """Whether she may open it again."""
        return "correct" in self.moves

    @property
    def acting(self) -> bool:
        """Whether she who looks acts for the unit: it is hers, or hers succeeds it."""
        return self.mine in self.position.acting[0]

    @property
    def uncounted(self) -> bool:
        """Whether the unit had ended before the period did: the return is kept, and counts
        nowhere.
        """
        return not self.position.acting[0]

    @property
    def returned_because(self) -> str:
        """The reason it was last sent back for, while it has not been sent again."""
        last = self.steps[-1] if self.steps else None
        return last.reason if last is not None and last.verb == "return" else ""


def return_view(
    *, unit: str, form: str, period: Period, actor: Actor, ledger: Ledger
) -> ReturnView:
    """Read it.

    OutOfReach where the unit is not hers; KeyError where there is no such form or unit that period.

    `Refused` where nothing was begun by a unit that had ended before the period did.
    """
    actor.reach(unit, period.last_day)
    declared = ledger.library.forms[form].on(period.first_day)
    tree = last_tree_with(unit, period, ledger.organisation)
    unit_version = tree.units[unit]
    if (
        unit_version.level != declared.level
        or declared.frequency is not period.frequency
        or not declared.sections
    ):
        raise KeyError(form)
    rows = Return.objects.filter(
        unit_id=ledger.organisation.ids[unit],
        form=form,
        key__range=(period.key - A_YEAR, period.key),
    )
    past = {
        ret.period: ret
        for ret in past_returns.returns_as_of(rows, ledger.organisation, ledger.as_of)
    }
    ret = past.pop(period.code, None)
    before = _before(period, past)
    if ret is None and unit not in ledger.organisation.on(period.last_day):
        raise refuse("return-unit", not_there(unit, period, ledger.organisation))
    where = position(ret, unit, period, actor)
    elements = ledger.library.elements
    values = ret.values if ret else {}
    return ReturnView(
        unit=unit,
        name=unit_version.name,
        mine=actor.unit,
        form=declared,
        period=period,
        ret=ret,
        before=before,
        steps=past_returns.steps_of(ret, ledger.as_of) if ret else (),
        position=where,
        moves=_moves(where, actor),
        problems=(
            *contradictions(values, elements),
            *surprises(values, before, elements, _figures(past)),
        ),
    )


def _moves(where: Position, actor: Actor) -> frozenset[str]:
    """What she may do now; nothing while she looks back."""
    if actor.as_of is not None:
        return frozenset()
    return frozenset(verb for verb in MOVES if may(verb, where, role=actor.role, unit=actor.unit))


def last_tree_with(unit: str, period: Period, organisation: Organisation) -> Tree:
    """The tree of a period's last day, or of the unit's last day before it where it has ended;
    KeyError where none.
    """
    tree = organisation.on(period.last_day)
    if unit in tree:
        return tree
    ends = [
        version.end
        for version in organisation.trees.unit_versions
        if version.code == unit and version.end is not None and version.end <= period.last_day
    ]
    if not ends:
        raise KeyError(unit)
    return organisation.on(max(ends) - timedelta(days=1))


def doubtful_figures(returns: Sequence[Return], ledger: Ledger) -> dict[int, list[Problem]]:
    """Figures that deserve a second look, by the id of each return that has any: one query for all
    of them.
    """
    if not returns:
        return {}
    earlier = _earlier_returns(returns, ledger)
    doubtful = {}
    for ret in returns:
        past = {
            row.period: row
            for row in earlier[ret.unit_id, ret.form]
            if 0 < ret.key - row.key <= A_YEAR
        }
        problems = surprises(
            ret.values, _before(ret.when, past), ledger.library.elements, _figures(past)
        )
        if problems:
            doubtful[ret.pk] = problems
    return doubtful


def _earlier_returns(
    returns: Sequence[Return], ledger: Ledger
) -> Mapping[tuple[int, str], list[Return]]:
    """By id of unit and form, the returns of these units from a year before the first of these on:
    one query.
    """
    keys = [ret.key for ret in returns]
    rows = Return.objects.filter(
        unit__in={ret.unit_id for ret in returns},
        form__in={ret.form for ret in returns},
        key__range=(min(keys) - A_YEAR, max(keys)),
    )
    earlier: dict[tuple[int, str], list[Return]] = defaultdict(list)
    for row in past_returns.returns_as_of(rows, ledger.organisation, ledger.as_of):
        earlier[row.unit_id, row.form].append(row)
    return earlier


def _before(period: Period, past: Mapping[str, Return]) -> Mapping[str, Value]:
    """Last period's figures, none where there was no return."""
    last = past.get(period.previous().code)
    return last.values if last else {}


def _figures(past: Mapping[str, Return]) -> list[Mapping[str, Value]]:
    return [ret.values for ret in past.values()]
