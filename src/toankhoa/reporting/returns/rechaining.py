"""A reform entered after its day finds returns on their way along chains that are no more: they
follow the new ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Prefetch

from toankhoa.core.returns import Event, State, counted_revisions, depth_in
from toankhoa.reporting.models import Return, Step
from toankhoa.reporting.totals.ledger import Ledger

_WITH_SOMEBODY = {State.SENT, State.ACCEPTED}


def rechain(*, since: date, ledger: Ledger) -> None:
    """Put the steps of returns of periods that end on `since` or later at the depths of the chains
    as they are now.

    What a unit accepted that is no longer above the return's own is no longer accepted: the return
    waits for whoever is. A return of a unit that no longer stood is left as it is. Inside the
    caller's transaction; totals are to be derived again. To do it twice changes nothing; neither
    does a reform and its undoing.
    """
    misplaced = _returns_with_misplaced_steps(since, ledger)
    returns = Return.objects.filter(pk__in=misplaced).prefetch_related(
        Prefetch("steps", Step.objects.order_by("id"))
    )
    moved: list[Step] = []
    for ret in returns:
        chain, steps = _chain(ret.unit_id, ret.key, ledger), list(ret.steps.all())
        for step in steps:
            step.depth = depth_in(chain, step.unit_id, step.verb)
        moved += steps
        _replay(ret, steps, len(chain) - 1, ledger.year(ret.key // 100).deepest)
    Step.objects.bulk_update(moved, ["depth"], batch_size=500)
    Return.objects.bulk_update(returns, ["state", "accepted_depth", "counted"], batch_size=500)


def _returns_with_misplaced_steps(since: date, ledger: Ledger) -> set[int]:
    """Ids of returns of which some step is not at the depth of the unit that made it, as the chain
    is now.
    """
    steps = Step.objects.filter(ret__key__gte=since.year * 100 + since.month).values_list(
        "ret_id", "ret__unit_id", "ret__key", "unit_id", "verb", "depth"
    )
    misplaced = set()
    for ret, unit, key, acting, verb, depth in steps.iterator():
        chain = _chain(unit, key, ledger)
        if chain and depth != depth_in(chain, acting, verb):
            misplaced.add(ret)
    return misplaced


def _chain(unit: int, key: int, ledger: Ledger) -> tuple[int, ...]:
    """The ids of the chain of a return, its own unit first; none where that had ended."""
    code, tree = ledger.organisation.codes[unit], ledger.year(key // 100).trees[key % 100 - 1]
    if code not in tree:
        return ()
    return tuple(ledger.organisation.ids[above] for above in tree.path(code))


def _replay(ret: Return, steps: Sequence[Step], own: int, deepest: int) -> None:
    """State, depth accepted to and what counts, as the steps say."""
    accepted_depth: int | None = None
    for step in steps:
        accepted_depth = {"send": own, "accept": step.depth}.get(step.verb)
    ret.accepted_depth = accepted_depth
    if ret.state in _WITH_SOMEBODY:
        ret.state = State.SENT if accepted_depth == own else State.ACCEPTED
    events = [Event(step.verb, step.revision, step.depth) for step in steps]
    ret.counted = {
        str(stage): revision for stage, revision in counted_revisions(events, deepest).items()
    }
