"""The verbs of a return: who may make which move when, what is refused, and what each leaves in the
audit chain.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.utils import timezone
from strategies import unit_version
from worlds import PROVINCE, World, rolled_back

from toankhoa.audit import chain
from toankhoa.audit.models import AuditEntry
from toankhoa.core.basics import Period, Refused
from toankhoa.core.returns import NIL, NOT_APPLICABLE, Role, State
from toankhoa.org.scope import Actor, OutOfReach
from toankhoa.reporting.models import Return, Revision, Step, Total
from toankhoa.reporting.returns import workflow
from toankhoa.reporting.returns.workflow import PastReturn
from toankhoa.reporting.totals.posting import differences

FIGURES = {"meetings": 2, "members": 100}
PERIOD = "2021-08"
UNITS = ("p", "d1", "d2", "c1", "c2", "c4")

# How a return of c1 comes into each state.
STATES: Mapping[str, Callable[[World], Return]] = {
    "draft": lambda world: world.save("c1", "B-M", PERIOD, FIGURES),
    "sent": lambda world: world.send("c1", "B-M", PERIOD, FIGURES),
    "accepted by the district": lambda world: world.accept(
        world.send("c1", "B-M", PERIOD, FIGURES), "d1"
    ),
    "accepted by the province": lambda world: world.accepted("c1", "B-M", PERIOD, FIGURES),
    "returned": lambda world: world.send_back(world.send("c1", "B-M", PERIOD, FIGURES), "d1"),
    "returned by the province": lambda world: world.send_back(
        world.accept(world.send("c1", "B-M", PERIOD, FIGURES), "d1"), "p"
    ),
    "under correction": lambda world: world.correct(world.accepted("c1", "B-M", PERIOD, FIGURES)),
}

# State → who may make which move; everybody else, and every other move, is refused.
ALLOWED: Mapping[str, set[tuple[str, str]]] = {
    "draft": {("c1", "save"), ("c1", "send")},
    "sent": {("c1", "correct"), ("d1", "accept"), ("d1", "return")},
    "accepted by the district": {("c1", "correct"), ("p", "accept"), ("p", "return")},
    "accepted by the province": {("c1", "correct")},
    "returned": {("c1", "save"), ("c1", "send")},
    "returned by the province": {("c1", "save"), ("c1", "send")},
    "under correction": {("c1", "save"), ("c1", "send")},
}


def attempt(world: World, verb: str, ret: Return, by: Actor) -> None:
    match verb:
        case "save":
            world.save("c1", "B-M", PERIOD, {"meetings": 3}, by=by)
        case "send":
            workflow.send_return(ret=ret, by=by, at=world.at, ledger=world.ledger)
        case "accept":
            workflow.accept_return(ret=ret, by=by, at=world.at, ledger=world.ledger)
        case "return":
            workflow.return_return(
                ret=ret, reason="Xem lại", by=by, at=world.at, ledger=world.ledger
            )
        case "correct":
            workflow.correct_return(ret=ret, reason="Gõ nhầm", by=by, at=world.at)


def everything() -> tuple[object, ...]:
    """All that a verb could have changed."""
    models = (Return, Revision, Step, AuditEntry)
    return (
        *(list(model.objects.order_by("pk").values()) for model in models),
        Total.objects.count(),
    )


@pytest.mark.parametrize("state", STATES)
def test_each_state_lets_each_unit_make_its_moves_and_no_others(world: World, state: str):
    ret = STATES[state](world)
    made = set()
    for unit in UNITS:
        for verb in ("save", "send", "accept", "return", "correct"):
            before, by = everything(), world.person(unit)
            try:
                with rolled_back():
                    attempt(world, verb, ret, by)
                    made.add((unit, verb))
            except Refused:
                assert unit in {"p", "d1", "c1"}
            except OutOfReach:
                assert unit in {"d2", "c2", "c4"}
            assert everything() == before
    assert made == ALLOWED[state]


@pytest.mark.parametrize("role", [Role.BOARD, Role.LEADER, Role.ADMIN])
@pytest.mark.parametrize("state", STATES)
def test_who_only_reads_moves_nothing(world: World, state: str, role: Role):
    ret = STATES[state](world)
    before = everything()
    for unit in ("p", "d1", "c1"):
        for verb in ("save", "send", "accept", "return", "correct"):
            with pytest.raises(Refused, match="bước"):
                attempt(world, verb, ret, world.person(unit, role))
    assert everything() == before


@pytest.mark.parametrize(
    ("state", "unit", "verb"), [(s, u, v) for s, moves in ALLOWED.items() for u, v in sorted(moves)]
)
def test_each_move_writes_exactly_one_audit_entry_in_the_stream_of_who_made_it(
    world: World, state: str, unit: str, verb: str
):
    ret, by = STATES[state](world), world.person(unit, Role.PLAN)
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    attempt(world, verb, ret, by)
    (entry,) = AuditEntry.objects.exclude(pk__in=before)
    assert (entry.stream, entry.verb, entry.subject) == (
        f"user:{by.user.pk}",
        verb,
        f"return:{ret.pk}",
    )
    assert entry.by == by.user
    assert list(chain.breaks()) == []


def test_a_chain_of_four_levels_is_climbed_one_by_one(deep: World):
    ret = deep.send("c1", "B-M", PERIOD, FIGURES)
    for unit, above in (("d1", "r"), ("r", "p"), ("p", None)):
        for other in {"d1", "r", "p"} - {unit}:
            with pytest.raises(Refused):
                deep.accept(ret, other)
        ret = deep.accept(ret, unit)
        assert ret.state == State.ACCEPTED
        place = workflow.position(ret, "c1", ret.when, deep.person("p"))
        assert place.next_unit == above


def test_what_the_root_sends_waits_for_nobody(world: World):
    ret = world.send("p", "P-Y", "2021", {"articles": 4})
    assert (ret.state, ret.accepted_depth) == (State.SENT, 0)
    with pytest.raises(Refused):
        world.accept(ret, "p")
    assert world.total("p", "articles", 202100, stage=0) == 4


# Reasons


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_returning_and_correcting_ask_for_a_reason(world: World, reason: str):
    ret = world.send("c1", "B-M", PERIOD, FIGURES)
    before = everything()
    with pytest.raises(Refused, match="lý do"):
        world.send_back(ret, "d1", reason)
    with pytest.raises(Refused, match="lý do"):
        world.correct(ret, reason)
    assert everything() == before


def test_the_reason_is_kept_with_the_step(world: World):
    ret = world.send_back(world.send("c1", "B-M", PERIOD, FIGURES), "d1", "Thiếu ấp 3")
    step = ret.steps.order_by("id").last()
    assert step is not None
    assert (step.verb, step.reason, step.unit.code, step.depth) == ("return", "Thiếu ấp 3", "d1", 1)


# Drafts


def test_two_officers_who_began_the_same_return_do_not_overwrite_each_other(world: World):
    """Both saw an empty form: the second is told, and nothing breaks."""
    world.save("c1", "B-M", PERIOD, {"meetings": 1}, row_version=0)
    with pytest.raises(Refused, match="vừa được sửa") as refused:
        world.save(
            "c1",
            "B-M",
            PERIOD,
            {"meetings": 9},
            by=world.person("c1", name="second"),
            row_version=0,
        )
    assert refused.value.problem.code == "return-row-version"
    assert Return.objects.get().values == {"meetings": 1}


def test_a_page_opened_earlier_does_not_overwrite_a_later_one(world: World):
    ret = world.save("c1", "B-M", PERIOD, {"meetings": 1})
    later = world.save("c1", "B-M", PERIOD, {"meetings": 2}, by=world.person("c1", name="second"))
    with pytest.raises(Refused, match="tải lại"):
        world.save("c1", "B-M", PERIOD, {"members": 5}, row_version=ret.row_version)
    assert world.save(
        "c1", "B-M", PERIOD, {"members": 5}, row_version=later.row_version
    ).values == {
        "meetings": 2,
        "members": 5,
    }


def test_a_refused_first_save_leaves_no_return_behind(world: World):
    with pytest.raises(Refused):
        world.save("c1", "B-M", PERIOD, FIGURES, row_version=3)
    with pytest.raises(Refused):
        world.save("c1", "B-M", PERIOD, FIGURES, by=world.person("c1", Role.LEADER))
    assert not Return.objects.exists()


def test_a_figure_is_put_in_replaced_and_taken_out(world: World):
    world.save("c1", "B-M", PERIOD, {"meetings": 1, "members": NIL, "lent": NOT_APPLICABLE})
    ret = world.save("c1", "B-M", PERIOD, {"meetings": 0, "lent": None})
    assert ret.values == {"meetings": 0, "members": NIL}
    assert world.now(ret).values == ret.values


def test_a_draft_may_be_begun_before_its_period_is_over_but_not_before_it_begins(world: World):
    assert world.save("c1", "B-M", "2021-10", FIGURES).state == State.DRAFT
    with pytest.raises(Refused, match="chưa bắt đầu"):
        world.save("c1", "B-M", "2021-11", FIGURES)


@pytest.mark.parametrize(
    ("unit", "form", "period", "figures", "code"),
    [
        pytest.param("c1", "X-M", PERIOD, FIGURES, "return-form", id="no such form"),
        pytest.param(
            "c1", "D-Q", "2021-Q2", {"articles": 1}, "return-level", id="another level's form"
        ),
        pytest.param(
            "c1", "B-M", "2021-Q2", FIGURES, "return-period", id="a quarter of a monthly form"
        ),
        pytest.param(
            "c1", "B-M", "2009-12", FIGURES, "return-unit", id="before the unit was there"
        ),
        pytest.param(
            "c1", "B-M", PERIOD, {"trained": 1}, "return-element", id="another form's element"
        ),
        pytest.param(
            "c1",
            "B-M",
            PERIOD,
            {"trained": None},
            "return-element",
            id="another form's element, blank",
        ),
        pytest.param("c1", "B-M", PERIOD, {"meetings": -1}, "entry-number", id="negative"),
        pytest.param("c1", "B-M", PERIOD, {"meetings": "3"}, "entry-number", id="text"),
        pytest.param(
            "c1", "B-M", PERIOD, {"meetings": 10**30}, "entry-large", id="more than a row can hold"
        ),
        pytest.param("c1", "B-Y", "2021", {"model": 2}, "entry-yes-no", id="neither yes nor no"),
    ],
)
def test_what_is_not_owed_or_no_figure_is_refused_in_words(
    world: World, unit, form, period, figures, code
):
    with pytest.raises(Refused) as refused:
        world.save(unit, form, period, figures)
    assert refused.value.problem.code == code
    assert not Return.objects.exists()
    assert not AuditEntry.objects.filter(verb="save").exists()


@pytest.mark.django_db
def test_a_unit_reports_until_its_last_day():
    world = World.of((*PROVINCE, unit_version("c9", "d1", end=date(2021, 12, 1))))
    assert world.accepted("c9", "B-M", PERIOD, FIGURES).state == State.ACCEPTED
    later = replace(world, today=date(2021, 12, 20), people={})
    with pytest.raises(Refused, match="c9 đã kết thúc từ 01/12/2021"):
        later.save("c9", "B-M", "2021-12", FIGURES, by=later.person("d1", name="later"))


# Sending


def test_an_empty_return_is_not_sent(world: World):
    ret = world.save("c1", "B-M", PERIOD, {"meetings": 1})
    ret = world.save("c1", "B-M", PERIOD, {"meetings": None})
    with pytest.raises(Refused, match="chưa có số liệu"):
        workflow.send_return(ret=ret, by=world.person("c1"), at=world.at, ledger=world.ledger)


def test_a_part_greater_than_its_whole_is_not_sent(world: World):
    with pytest.raises(Refused, match="lớn hơn") as refused:
        world.send("c1", "B-M", PERIOD, {"members": 10, "active": 11})
    assert refused.value.problem.fragment == "active"
    assert not Revision.objects.exists()


def test_each_sending_is_kept_as_it_was_sent(world: World):
    ret = world.accepted("c1", "B-M", PERIOD, {"meetings": 2})
    world.correct(ret)
    ret = world.send("c1", "B-M", PERIOD, {"meetings": 5})
    assert [(r.number, r.values) for r in ret.revisions.order_by("number")] == [
        (1, {"meetings": 2}),
        (2, {"meetings": 5}),
    ]
    assert ret.counted == {"0": 1, "1": 1, "2": 2}


def test_a_return_that_was_moved_meanwhile_is_read_again_before_it_moves(world: World):
    """The page still shows it as sent; the district has accepted it already."""
    stale = world.send("c1", "B-M", PERIOD, FIGURES)
    world.accept(stale, "d1")
    assert stale.state == State.SENT
    with pytest.raises(Refused, match="bước khác"):
        world.accept(stale, "d1")
    assert Step.objects.filter(verb="accept").count() == 1


def test_accepting_several_reports_those_that_could_not_be(world: World):
    good = [world.send(code, "B-M", PERIOD, FIGURES) for code in ("c1", "c2")]
    draft = world.save("c3", "B-M", PERIOD, FIGURES)
    refused = workflow.accept_all(
        returns=[good[0], draft, good[1]], by=world.person("d1"), at=world.at, ledger=world.ledger
    )
    assert [refusal.problem.code for refusal in refused] == ["return-accept"]
    assert [world.now(ret).state for ret in (*good, draft)] == [
        State.ACCEPTED,
        State.ACCEPTED,
        State.DRAFT,
    ]
    assert world.total("d1", "meetings", 202108, stage=1) == 4


# Past returns


def past(
    unit: str, period: str, values: Mapping[str, object], accepted_depth: int = 0, form: str = "B-M"
) -> PastReturn:
    sent = timezone.make_aware(datetime(2021, 9, 5, 8))
    return PastReturn(
        unit=unit,
        form=form,
        period=Period.parse(period),
        values=values,
        accepted_depth=accepted_depth,
        sent_at=sent,
    )


def test_past_returns_stand_as_if_they_had_been_sent_and_accepted(world: World):
    workflow.import_returns(
        returns=[
            past("c1", PERIOD, FIGURES),
            past("c2", PERIOD, FIGURES, 2),
            past("p", "2020", {"articles": 1}, 0, "P-Y"),
        ],
        by=None,
        at=world.at,
        ledger=world.ledger,
    )
    imported = [
        (r.state, r.accepted_depth, r.counted, r.revision)
        for r in Return.objects.order_by("unit__code")
    ]
    assert imported == [
        (State.ACCEPTED, 0, {"0": 1, "1": 1, "2": 1}, 1),
        (State.SENT, 2, {"2": 1}, 1),
        (State.SENT, 0, {"0": 1, "1": 1, "2": 1}, 1),
    ]
    assert world.total("p", "members", 202100, stage=0) == 100
    assert world.total("p", "members", 202100, stage=2) == 200
    assert differences(ledger=world.ledger) == []
    assert AuditEntry.objects.filter(verb="import_returns").count() == 1
    assert world.accept(Return.objects.get(unit__code="c2"), "d1").accepted_depth == 1


@pytest.mark.parametrize(
    ("returns", "code"),
    [
        pytest.param(
            [past("c1", PERIOD, FIGURES), past("c1", PERIOD, FIGURES)], "return-there", id="twice"
        ),
        pytest.param([past("c2", PERIOD, FIGURES)], "return-there", id="there already"),
        pytest.param([past("x", PERIOD, FIGURES)], "return-unit", id="no such unit"),
        pytest.param([past("c1", PERIOD, {"meetings": "ba"})], "entry-number", id="no figure"),
        pytest.param([past("c1", PERIOD, FIGURES, form="X")], "return-form", id="no such form"),
    ],
)
def test_past_returns_are_entered_all_or_none(world: World, returns: list[PastReturn], code: str):
    world.send("c2", "B-M", PERIOD, FIGURES)
    before = everything()
    with pytest.raises(Refused) as refused:
        workflow.import_returns(
            returns=[past("c3", PERIOD, FIGURES), *returns],
            by=None,
            at=world.at,
            ledger=world.ledger,
        )
    assert refused.value.problem.code == code
    assert everything() == before


def test_past_returns_of_a_sibling_are_out_of_reach(world: World):
    with pytest.raises(OutOfReach):
        workflow.import_returns(
            returns=[past("c4", PERIOD, FIGURES)],
            by=world.person("d1"),
            at=world.at,
            ledger=world.ledger,
        )
