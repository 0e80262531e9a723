"""One return as a page shows it: its figures, last period's beside them, its life, and what may be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toankhoa.core.entry import contradictions, missing, surprises
from toankhoa.core.measures import Form
from toankhoa.core.periods import Period
from toankhoa.core.problems import Problem
from toankhoa.core.returns import MOVES, Standing, Value, may
from toankhoa.org.scope import Actor
from toankhoa.reporting.models import Return, Step
from toankhoa.reporting.totals import Ledger
from toankhoa.reporting.verbs import standing


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A unit's form for a period; `ret` None where it has not been begun. `before`: last period's figures.

    `moves` are the verbs that the person who looks may do now. `problems`: contradictions first, then surprises.
    """

    unit: str
    name: str
    form: Form
    period: Period
    ret: Return | None
    before: Mapping[str, Value]
    steps: tuple[Step, ...]
    standing: Standing
    moves: frozenset[str]
    problems: tuple[Problem, ...]

    @property
    def values(self) -> Mapping[str, Value]:
        """Figures typed so far."""
        return self.ret.values if self.ret else {}

    @property
    def edition(self) -> int:
        """What a save must name (see `verbs.save_figures`)."""
        return self.ret.edition if self.ret else 0

    @property
    def blanks(self) -> list[str]:
        """Elements that have no figure yet."""
        return missing(self.values, self.form.elements)

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
    def returned_because(self) -> str:
        """The reason it was last sent back for, while it has not been sent again."""
        last = self.steps[-1] if self.steps else None
        return last.reason if last is not None and last.verb == "return" else ""


def sheet(*, unit: str, form: str, period: Period, actor: Actor, ledger: Ledger) -> Sheet:
    """Read it. OutOfReach where the unit is not hers; KeyError where there is no such form or unit that period."""
    actor.reach(unit)
    declared = ledger.library.forms[form]
    placement = ledger.organisation.on(period.last_day).units[unit]
    if placement.level != declared.level or declared.frequency is not period.frequency:
        raise KeyError(form)
    rows = Return.objects.filter(
        unit_id=ledger.organisation.ids[unit], form=form, period__in=[period.code, period.previous().code]
    )
    found = {ret.period: ret for ret in rows}
    ret = found.get(period.code)
    last = found.get(period.previous().code)
    before = last.values if last else {}
    where = standing(ret, unit, period, actor)
    elements = ledger.library.elements
    values = ret.values if ret else {}
    return Sheet(
        unit=unit,
        name=placement.name,
        form=declared,
        period=period,
        ret=ret,
        before=before,
        steps=tuple(ret.steps.select_related("by").order_by("id")) if ret else (),
        standing=where,
        moves=frozenset(verb for verb in MOVES if may(verb, where, role=actor.role, unit=actor.unit)),
        problems=(*contradictions(values, elements), *surprises(values, before, elements)),
    )
