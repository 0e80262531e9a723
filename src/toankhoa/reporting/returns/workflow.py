"""What people do with returns. Each verb: guards, one transaction, one audit entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from toankhoa.audit import chain
from toankhoa.core.basics import Period, Refused, format_date, refuse
from toankhoa.core.measures import Form, Library
from toankhoa.core.returns import (
    MOVES,
    Event,
    Position,
    State,
    Value,
    checked,
    contradictions,
    counted_revisions,
    may,
    missing,
)
from toankhoa.org.organisation import Organisation
from toankhoa.org.scope import Actor
from toankhoa.reporting.models import Return, Revision, Step
from toankhoa.reporting.returns.obligations import first_year
from toankhoa.reporting.totals import posting
from toankhoa.reporting.totals.ledger import Ledger


def position(ret: Return | None, unit: str, period: Period, by: Actor) -> Position:
    """Where a return stands, along the chain of its period's tree, and who acts today for each unit
    of it.

    Nobody does for a unit that had ended before the period did: its return is kept, and counts
    nowhere.
    """
    tree = by.organisation.on(period.last_day)
    chain_up = tree.path(unit) if unit in tree else (unit,)
    acting = tuple(
        by.organisation.heirs(code, by.today) if code in tree else () for code in chain_up
    )
    if ret is None:
        return Position(chain_up, None, None, acting)
    return Position(chain_up, State(ret.state), ret.accepted_depth, acting)


def save_figures(
    *,
    unit: str,
    form: str,
    period: Period,
    figures: Mapping[str, Value | None],
    row_version: int,
    by: Actor,
    at: datetime,
    library: Library,
) -> Return:
    """Put typed figures into the draft (None takes one out), beginning it where there is none yet.

    `row_version` is that of the return the person was looking at, 0 where there was none: a later
    one is not overwritten.
    """
    by.reach(unit, period.last_day)
    declared = form_of(form, period, library)
    _check_owed(unit, declared, period, by.organisation)
    _check_figures(figures, declared, library)
    with transaction.atomic():
        ret = _begun(unit, declared, period, by, at)
        if not ret.row_version and (why := closed(unit, period, by)):
            raise refuse("return-period", why)
        _guard("save", position(ret, unit, period, by), by)
        if ret.row_version != row_version:
            raise refuse(
                "return-row-version",
                "Báo cáo này vừa được sửa ở nơi khác."
                " Hãy tải lại trang để thấy số mới nhất rồi gõ tiếp.",
            )
        ret.values = {
            code: value for code, value in {**ret.values, **figures}.items() if value is not None
        }
        ret.state, ret.accepted_depth = State.DRAFT, None
        _write(ret, "save", by, at, {"figures": dict(figures)})
    return ret


def send_return(*, ret: Return, by: Actor, at: datetime, ledger: Ledger) -> None:
    """Send the draft: its figures become a revision, vouched for by the unit itself.

    Parts must fit their wholes.
    """
    with transaction.atomic():
        ret, where = _take("send", ret, by)
        codes = form_of(ret.form, ret.when, ledger.library).elements
        if len(missing(ret.values, codes)) == len(codes):
            raise refuse(
                "return-empty", "Báo cáo chưa có số liệu nào. Hãy gõ ít nhất một số liệu rồi gửi."
            )
        if wrong := contradictions(ret.values, ledger.library.elements):
            raise Refused(wrong[0])
        ret.revision += 1
        Revision.objects.create(ret=ret, number=ret.revision, values=ret.values)
        ret.sent_at = at
        _step("send", ret, where, (where.own_depth,), by, at, "", ledger)


def accept_return(*, ret: Return, by: Actor, at: datetime, ledger: Ledger) -> None:
    """Vouch for a return from below: its figures enter the totals of the accepting unit's stage.

    Who acts for several units in a row of the chain accepts for all of them, a step each.
    """
    with transaction.atomic():
        ret, where = _take("accept", ret, by)
        _step("accept", ret, where, where.accepted_at_once(by.unit), by, at, "", ledger)


def return_return(*, ret: Return, reason: str, by: Actor, at: datetime, ledger: Ledger) -> None:
    """Send a return back to its unit with a reason: it leaves the totals below, and may be mended
    and sent again.
    """
    with transaction.atomic():
        ret, where = _take("return", ret, by, reason)
        _step("return", ret, where, where.accepted_at_once(by.unit)[:1], by, at, reason, ledger)


def correct_return(*, ret: Return, reason: str, by: Actor, at: datetime) -> Return:
    """Open a sent or accepted return again.

    What was accepted keeps counting until the correction is accepted.
    """
    with transaction.atomic():
        ret, where = _take("correct", ret, by, reason)
        ret.state, ret.accepted_depth = State.DRAFT, None
        _write(ret, "correct", by, at, {"reason": reason})
        Step.objects.create(
            ret=ret,
            verb="correct",
            revision=ret.revision,
            unit_id=ret.unit_id,
            depth=where.own_depth,
            reason=reason,
            by=by.user,
            at=at,
        )
    return ret


def accept_all(
    *, returns: Iterable[Return], by: Actor, at: datetime, ledger: Ledger
) -> list[Refused]:
    """Accept several, each for itself; the refusals of those that could not be."""
    refused = []
    for ret in returns:
        try:
            accept_return(ret=ret, by=by, at=at, ledger=ledger)
        except Refused as refusal:
            refused.append(refusal)
    return refused


@dataclass(frozen=True, kw_only=True)
class PastReturn:
    """A return from before the system, vouched for up to the unit at depth `accepted_depth`."""

    unit: str
    form: str
    period: Period
    values: Mapping[str, Value]
    accepted_depth: int
    sent_at: datetime


def import_returns(
    *, returns: list[PastReturn], by: Actor | None, at: datetime, ledger: Ledger
) -> None:
    """Enter past returns in one go: one transaction, one audit entry, then all totals are derived
    anew.

    Refused where one is there already, is not owed or holds what is no figure: then nothing is
    entered.
    """
    with transaction.atomic():
        _check_past(returns, by, ledger)
        for start in range(0, len(returns), _PAST_AT_ONCE):
            _enter_past(returns[start : start + _PAST_AT_ONCE], ledger)
        posting.rebuild(ledger=ledger, years={past.period.year for past in returns})
        user = by.user if by else None
        data = {"returns": len(returns)}
        chain.record(
            stream=chain.SYSTEM, verb="import_returns", subject="returns", data=data, by=user, at=at
        )


_PAST_AT_ONCE = 10_000  # returns of a whole nation do not fit in memory twice


def _enter_past(returns: list[PastReturn], ledger: Ledger) -> None:
    rows: list[Return] = []
    lives: list[list[tuple[Event, str]]] = []
    for past in returns:
        path = ledger.organisation.on(past.period.last_day).path(past.unit)[::-1]
        events = _past_life(past, len(path) - 1)
        rows.append(_past_row(past, events, ledger))
        lives.append([(event, path[event.depth]) for event in events])
    rows = Return.objects.bulk_create(rows, batch_size=1000)
    Revision.objects.bulk_create(
        (Revision(ret=row, number=1, values=row.values) for row in rows), batch_size=1000
    )
    Step.objects.bulk_create(_past_steps(rows, lives, ledger.organisation.ids), batch_size=1000)


def _past_steps(
    rows: list[Return], lives: list[list[tuple[Event, str]]], ids: Mapping[str, int]
) -> Iterator[Step]:
    """Steps of returns from before the system, each at the moment at which its return was sent.

    `lives`: of each return its events, each with the unit that made it.
    """
    for row, life in zip(rows, lives, strict=True):
        assert row.sent_at is not None  # a past return has been sent
        for event, unit in life:
            yield Step(
                ret=row,
                verb=event.verb,
                revision=1,
                unit_id=ids[unit],
                depth=event.depth,
                at=row.sent_at,
            )


def _check_past(returns: list[PastReturn], by: Actor | None, ledger: Ledger) -> None:
    codes = ledger.organisation.codes
    held = Return.objects.filter(period__in={past.period.code for past in returns})
    there = {
        (codes[unit], form, period)
        for unit, form, period in held.values_list("unit_id", "form", "period")
    }
    for past in returns:
        if by:
            by.reach(past.unit, past.period.last_day)
        form = form_of(past.form, past.period, ledger.library)
        _check_owed(past.unit, form, past.period, ledger.organisation)
        _check_figures(past.values, form, ledger.library)
        if (past.unit, past.form, past.period.code) in there:
            raise refuse(
                "return-there",
                f"Đã có báo cáo {form.name}, {past.period.label} của đơn vị {past.unit}.",
            )
        there.add((past.unit, past.form, past.period.code))


def _past_life(past: PastReturn, own: int) -> list[Event]:
    """Sent by the unit at depth `own`, then accepted by each unit above up to the one that
    vouches.
    """
    if not 0 <= past.accepted_depth <= own:
        raise ValueError(f"no unit at depth {past.accepted_depth} can vouch for {past.unit}")
    return [
        Event("send", 1, own),
        *(Event("accept", 1, depth) for depth in range(own - 1, past.accepted_depth - 1, -1)),
    ]


def _past_row(past: PastReturn, life: list[Event], ledger: Ledger) -> Return:
    deepest = ledger.year(past.period.year).deepest
    return Return(
        unit_id=ledger.organisation.ids[past.unit],
        form=past.form,
        period=past.period.code,
        key=past.period.key,
        state=MOVES[life[-1].verb].to,
        accepted_depth=past.accepted_depth,
        revision=1,
        values=dict(past.values),
        counted=_json(counted_revisions(life, deepest)),
        row_version=1,
        sent_at=past.sent_at,
        saved_at=past.sent_at,
    )


def form_of(code: str, period: Period, library: Library) -> Form:
    """A form by its code, as it is in a period; `Refused` where the library has none of that name
    then.
    """
    form = library.forms[code].on(period.first_day) if code in library.forms else None
    if form is None or not form.sections:
        raise refuse(
            "return-form",
            f"Không có biểu nào mã {code}. Hãy mở lại biểu từ trang báo cáo của đơn vị.",
        )
    return form


def _check_owed(unit: str, form: Form, period: Period, organisation: Organisation) -> None:
    """A unit types a form of its own level, for periods of the form's own length in which it
    stands.
    """
    if period.frequency is not form.frequency:
        raise refuse("return-period", f"Biểu {form.name} không có kỳ {period.label}.")
    tree = organisation.on(period.last_day)
    if unit not in tree:
        raise refuse("return-unit", not_there(unit, period, organisation))
    if tree.units[unit].level != form.level:
        raise refuse("return-level", f"Biểu {form.name} không dành cho cấp của đơn vị này.")


def not_there(unit: str, period: Period, organisation: Organisation) -> str:
    """That a unit does not stand at the end of a period; where it ended, since when and who carries
    it on.
    """
    last = organisation.lineage.last.get(unit)
    if last is None or last.end is None or last.end > period.last_day:
        return f"Đơn vị {unit} không có trong danh sách đơn vị của {period.label}."
    tree = organisation.on(period.last_day)
    heirs = ", ".join(tree.units[code].name for code in organisation.heirs(unit, period.last_day))
    return (
        f"{last.name} đã kết thúc từ {format_date(last.end)}."
        f" Số của {period.label} thuộc báo cáo của {heirs}."
    )


def closed(unit: str, period: Period, by: Actor) -> str:
    """Why a return of this period cannot be begun, in words: not yet, or from before the plan.

    Empty where it can.
    """
    if period.first_day > by.today:
        return (
            f"Kỳ {period.label} chưa bắt đầu. Có thể nhập từ ngày {format_date(period.first_day)}."
        )
    year = first_year(unit, by.organisation.on(period.last_day))
    if year is not None and period.year < year:
        return f"Kế hoạch bắt đầu từ năm {year}, nên không phải báo cáo {period.label}."
    return ""


def _check_figures(figures: Mapping[str, Value | None], form: Form, library: Library) -> None:
    """Only the form's own elements, only figures."""
    if unknown := [code for code in figures if code not in form.elements]:
        raise refuse("return-element", f"Biểu {form.name} không có số liệu {', '.join(unknown)}.")
    for code, value in figures.items():
        if value is not None:
            checked(value, library.elements[code])


def _begun(unit: str, form: Form, period: Period, by: Actor, at: datetime) -> Return:
    """The return, locked.

    A blank one is entered first: locking a row that is not there locks nothing.
    """
    key = {"unit_id": by.organisation.ids[unit], "form": form.code, "period": period.code}
    blank = Return(
        **key, key=period.key, state=State.DRAFT, revision=0, saved_at=at, saved_by=by.user
    )
    Return.objects.bulk_create([blank], ignore_conflicts=True)
    return Return.objects.select_for_update().get(**key)


def _take(verb: str, ret: Return, by: Actor, reason: str | None = None) -> tuple[Return, Position]:
    """The return as it is now, locked, once it is sure that the move may be made."""
    ret = Return.objects.select_for_update().get(pk=ret.pk)
    unit = by.organisation.codes[ret.unit_id]
    by.reach(unit, ret.when.last_day)
    where = position(ret, unit, ret.when, by)
    _guard(verb, where, by)
    if MOVES[verb].reason and not (reason or "").strip():
        raise refuse("return-reason", "Hãy ghi lý do, để đơn vị biết phải sửa gì.")
    return ret, where


def _guard(verb: str, where: Position, by: Actor) -> None:
    if not may(verb, where, role=by.role, unit=by.unit):
        raise refuse(
            f"return-{verb}",
            "Báo cáo đang ở bước khác, hoặc bước này thuộc đơn vị khác. Hãy tải lại trang để xem.",
        )


def _step(
    verb: str,
    ret: Return,
    where: Position,
    depths: tuple[int, ...],
    by: Actor,
    at: datetime,
    reason: str,
    ledger: Ledger,
) -> None:
    """Make a move that changes what counts, a step at each of these depths, and bring the totals
    along.
    """
    events = [
        Event(*step) for step in ret.steps.order_by("id").values_list("verb", "revision", "depth")
    ]
    new_events = [Event(verb, ret.revision, depth) for depth in depths]
    ids = by.organisation.ids
    Step.objects.bulk_create(
        Step(
            ret=ret,
            verb=verb,
            revision=ret.revision,
            unit_id=ids[where.chain[where.own_depth - depth]],
            depth=depth,
            reason=reason,
            by=by.user,
            at=at,
        )
        for depth in depths
    )
    deepest = ledger.year(ret.key // 100).deepest
    before = counted_revisions(events, deepest)
    after = counted_revisions([*events, *new_events], deepest)
    ret.state = MOVES[verb].to
    ret.accepted_depth = None if verb == "return" else depths[-1]
    ret.counted = _json(after)
    _write(ret, verb, by, at, {"revision": ret.revision, "reason": reason})
    posting.move(ret=ret, unit=where.chain[0], before=before, after=after, ledger=ledger)


# What a move changes of a return; its figures are long, and change only when somebody types.
_MOVED = (
    "state",
    "accepted_depth",
    "revision",
    "counted",
    "row_version",
    "sent_at",
    "saved_at",
    "saved_by",
)
_TYPED = (*_MOVED, "values")


def _write(ret: Return, verb: str, by: Actor, at: datetime, data: dict[str, Any]) -> None:
    ret.row_version += 1
    ret.saved_at, ret.saved_by = at, by.user
    ret.save(update_fields=_TYPED if verb == "save" else _MOVED)
    chain.record(
        stream=f"user:{by.user.pk}",
        verb=verb,
        subject=f"return:{ret.pk}",
        data=data,
        by=by.user,
        at=at,
    )


def _json(stages: Mapping[int, int]) -> dict[str, int]:
    return {str(stage): revision for stage, revision in stages.items()}
