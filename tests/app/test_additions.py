"""An indicator that is created while a plan is reviewed: from the row's panel to the commune's form
and the result.
"""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from racing import at_once
from visits import SIGNED, compiled, province, publish_plan, queries, visitor
from worlds import TODAY, World

from toankhoa.audit import chain
from toankhoa.audit.models import AuditEntry
from toankhoa.core.basics import Frequency, Period, Refused
from toankhoa.core.measures import IndicatorKind
from toankhoa.core.returns import Role
from toankhoa.library.additions import AdditionPart, Wish
from toankhoa.operations import library_additions
from toankhoa.operations.measuring import ledger, library
from toankhoa.org.organisation import organisation
from toankhoa.plan import drafts
from toankhoa.plan.addition_book import book
from toankhoa.plan.models import PlanVersion
from toankhoa.reporting.returns import workflow
from toankhoa.reporting.returns.obligations import obligations
from toankhoa.reporting.totals.posting import differences

ROW = "I.CT05.1"
HTMX = {"headers": {"HX-Request": "true"}}
WISH = Wish(
    name="Số lớp nghề đã mở",
    kind=IndicatorKind.COUNT,
    numerator=AdditionPart(name="Lớp nghề đã mở", unit="lớp"),
    level="base",
    frequency=Frequency.MONTH,
)
FORM = {
    "name": "Số lớp nghề đã mở",
    "kind": "count",
    "tu": "",
    "tu-ten": "Lớp nghề đã mở",
    "tu-don-vi": "lớp",
    "level": "base",
    "frequency": "month",
    "unit": "lớp",
    "starts": "next",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO = TODAY, False


@pytest.fixture
def world() -> World:
    return province()


@pytest.fixture
def draft(world) -> PlanVersion:
    source, plan, problems = compiled()
    return drafts.keep_draft(
        source_name="plan.docx", source=source, plan=plan, problems=problems, **who(world)
    )


def who(world: World) -> dict:
    return {"by": world.person("p", Role.PLAN), "at": world.at}


def create(world: World, draft: PlanVersion, wish: Wish = WISH) -> str:
    return library_additions.create_indicator(draft=draft.pk, row=ROW, wish=wish, **who(world))


def publish(world: World, draft: PlanVersion, effective_on: date = SIGNED) -> PlanVersion:
    organisation()  # as every request does first: it sees what has changed
    return drafts.publish(
        version=draft,
        number="70/KH",
        signed_on=SIGNED,
        effective_on=effective_on,
        library=library(),
        **who(world),
    )


def measured(world: World, today: date = TODAY) -> World:
    """The world as requests of a later day see it: with what was added."""
    units = organisation()
    people = {
        key: replace(actor, today=today, organisation=units) for key, actor in world.people.items()
    }
    return World(units, today, library(), people)


def reason(act) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.problem.code


def asks(unit: str, period: str) -> bool:
    since = Period.parse(period).first_day
    rows = obligations(unit=unit, since=since, today=since, ledger=ledger())
    return any("bs1_1" in row.form.elements for row in rows if row.period.code == period)


def test_addition_reaches_form_and_result(world, draft):
    """From the panel to the commune's form, and to the result."""
    client = visitor(world, "p", Role.PLAN)
    where = f"/nap-ke-hoach/{draft.pk}/hang/{ROW}/"
    assert "Tạo chỉ số mới cho hàng này" in client.get(where, **HTMX).content.decode()
    page = client.post(f"{where}chi-so/them/", FORM, **HTMX).content.decode()
    assert "Đã thêm chỉ số vào thư viện và gắn với hàng này." in page
    assert "“Báo cáo tháng của cơ sở” hỏi số liệu này sau khi ban hành." in page
    assert not asks("c1", "2021-11")

    publish(world, PlanVersion.objects.get(pk=draft.pk))
    assert (asks("c1", "2021-10"), asks("c1", "2021-11"), asks("d1", "2021-11")) == (
        False,
        True,
        False,
    )
    commune = visitor(world, "c1")
    assert "Lớp nghề đã mở" not in commune.get("/bao-cao/c1/CS-THANG/2021-10/").content.decode()

    later = measured(world, date(2021, 12, 3))
    later.accepted("c1", "CS-THANG", "2021-11", {"bs1_1": 4, "hoi_vien_moi": 2})
    later.accepted("c2", "CS-THANG", "2021-11", {"bs1_1": 3})
    figure = later.figure("p", "BS1")
    assert (figure.value, figure.reports, figure.due) == (7, 2, 5)
    assert differences(ledger=ledger()) == []


def test_next_form_asks_new_figure(world, draft, settings):
    """The form of the next period asks for the new figure."""
    create(world, draft)
    publish(world, PlanVersion.objects.get(pk=draft.pk))
    settings.TODAY = date(2021, 11, 5)
    commune = visitor(world, "c1")
    page = commune.get("/bao-cao/c1/CS-THANG/2021-11/").content.decode()
    assert "Lớp nghề đã mở" in page
    assert "Lớp nghề đã mở" not in commune.get("/bao-cao/c1/CS-THANG/2021-10/").content.decode()


def test_older_figures_read_as_missing(world, draft):
    """Figures stored before have nothing in what was added later: missing, not 0."""
    world.accepted("c1", "CS-THANG", "2021-09", {"hoi_vien_moi": 2})
    create(world, draft, replace(WISH, starts_now=True))
    publish(world, PlanVersion.objects.get(pk=draft.pk))
    later = measured(world)
    assert later.figure("p", "BS1").value is None
    assert later.total("p", "hoi_vien_moi", 202109, stage=0) == 2
    later.accepted("c1", "CS-THANG", "2021-10", {"bs1_1": 5})
    assert (later.figure("p", "BS1").value, later.total("p", "hoi_vien_moi", 202100, stage=0)) == (
        5,
        2,
    )
    assert differences(ledger=ledger()) == []


def test_step_begun_before_is_repeated(world, draft):
    """Its rows would be packed too narrow."""
    ret = world.save("c1", "CS-THANG", "2021-09", {"hoi_vien_moi": 2})
    before = world.ledger
    create(world, draft)
    act = {"ret": ret, "by": world.person("c1"), "at": world.at}
    assert reason(lambda: workflow.send_return(**act, ledger=before)) == "org-changed"
    workflow.send_return(**act, ledger=measured(world).ledger)


def test_new_form_is_due_from_then(world, draft):
    """A new form is due only from then on."""
    create(world, draft, replace(WISH, level="district"))
    publish(world, PlanVersion.objects.get(pk=draft.pk))
    rows = obligations(unit="d1", since=date(2021, 1, 1), today=date(2021, 12, 20), ledger=ledger())
    assert [row.period.code for row in rows if row.form.code == "BS-district-month"] == [
        "2021-12",
        "2021-11",
    ]
    early = visitor(world, "d1").get("/bao-cao/d1/BS-district-month/2021-10/")
    assert early.status_code == 404


def test_unpublished_addition_is_on_no_form(world, draft):
    """An addition of a draft is in the library, and on no form yet."""
    create(world, draft)
    organisation()
    assert "BS1" in library().indicators
    assert PlanVersion.objects.get(pk=draft.pk).placed == {"BS1": ROW}
    with pytest.raises(Refused):
        measured(world).save("c1", "CS-THANG", "2021-10", {"bs1_1": 1})


def test_slots_are_never_given_twice(world, draft):
    create(world, draft)
    first = book().slots
    library_additions.withdraw_indicator(draft=draft.pk, code="BS1", **who(world))
    assert book().current == {}
    assert create(world, draft) == "BS2"
    assert not set(book().current["BS2"].slots) & first


def test_addition_changes_until_reported(world, draft):
    """An addition may be changed until something is reported of it."""
    create(world, draft, replace(WISH, starts_now=True))
    publish(world, PlanVersion.objects.get(pk=draft.pk))
    amendment = PlanVersion.objects.create(
        unit_id=draft.unit_id,
        years=draft.years,
        document=draft.document,
        source=b"",
        made_at=world.at,
    )
    change = {"draft": amendment.pk, "code": "BS1", **who(world)}
    library_additions.change_indicator(
        wish=replace(WISH, name="Lớp nghề", more_is_better=False), **change
    )
    assert book().current["BS1"].indicator.more_is_better is False
    assert reason(lambda: library_additions.withdraw_indicator(**change)) == "measure-published"
    measured(world).send("c1", "CS-THANG", "2021-10", {"bs1_1": 4})
    assert (
        reason(lambda: library_additions.change_indicator(wish=WISH, **change))
        == "measure-reported"
    )
    assert reason(lambda: library_additions.withdraw_indicator(**change)) == "measure-reported"
    assert (
        reason(
            lambda: library_additions.change_indicator(**{**change, "code": "CT01.1"}, wish=WISH)
        )
        == "measure-shipped"
    )


def test_each_verb_leaves_one_entry(world, draft):
    """Each verb leaves one entry in the audit log, and a refused one nothing."""
    create(world, draft)
    library_additions.change_indicator(
        draft=draft.pk, code="BS1", wish=replace(WISH, name="Khác"), **who(world)
    )
    library_additions.withdraw_indicator(draft=draft.pk, code="BS1", **who(world))
    before = AuditEntry.objects.count()
    assert reason(lambda: create(world, draft, replace(WISH, name=""))) == "measure-name"
    verbs = (
        AuditEntry.objects.filter(subject=f"plan:{draft.pk}")
        .order_by("pk")
        .values_list("verb", flat=True)
    )
    assert list(verbs)[1:] == ["create_indicator", "change_indicator", "withdraw_indicator"]
    assert AuditEntry.objects.count() == before


def test_only_the_top_unit_adds(world):
    """Only the unit at the top of the tree adds to everybody's forms."""
    below = world.person("d1", Role.PLAN)
    source, plan, problems = compiled()
    own = drafts.keep_draft(
        source_name="x", source=source, plan=plan, problems=problems, by=below, at=world.at
    )
    act = {"draft": own.pk, "row": ROW, "wish": WISH, "by": below, "at": world.at}
    assert reason(lambda: library_additions.create_indicator(**act)) == "measure-root"
    page = (
        visitor(world, "d1", Role.PLAN).get(f"/nap-ke-hoach/{own.pk}/hang/{ROW}/").content.decode()
    )
    assert "Tạo chỉ số mới" not in page
    assert (
        reason(lambda: library_additions.create_indicator(**{**act, "by": world.person("p")}))
        == "plan-role"
    )


def test_page_offers_path_and_term(world, draft):
    """Path and term are chosen on the page."""
    client = visitor(world, "p", Role.PLAN)
    where = f"/nap-ke-hoach/{draft.pk}/hang/{ROW}/chi-so/"
    shown = client.post(
        f"{where}them/", {**FORM, "path": "deadline", "term": "last"}, **HTMX
    ).content.decode()
    assert '<option value="deadline" selected>' in shown
    made = book().current["BS1"].indicator
    assert (made.path, made.term) == ("deadline", "last")
    client.post(f"{where}BS1/", {"name": "Tên khác", "path": "", "term": ""}, **HTMX)
    made = book().current["BS1"].indicator
    assert (made.path, made.term) == (None, None)


def test_a_published_version_takes_no_new_indicator(world):
    publish_plan(world)
    version = PlanVersion.objects.get()
    assert reason(lambda: create(world, version)) == "plan-published"


def test_page_says_what_is_wrong(world, draft):
    """What is wrong is written on the page."""
    client = visitor(world, "p", Role.PLAN)
    where = f"/nap-ke-hoach/{draft.pk}/hang/{ROW}/chi-so/them/"
    refused = client.post(where, {**FORM, "name": ""}, **HTMX)
    assert (refused.status_code, refused.content.decode()) == (409, "Hãy đặt tên cho chỉ số.")
    page = client.post(
        where, {**FORM, "kind": "ratio", "mau": "units:base"}, follow=True
    ).content.decode()
    assert "Đã thêm chỉ số" in page
    assert library().indicators["BS1"].denominator == "units:base"
    assert "bổ sung" in page
    page = client.post(
        f"/nap-ke-hoach/{draft.pk}/hang/{ROW}/chi-so/BS1/",
        {"name": "Tên khác", "direction": "less"},
        **HTMX,
    ).content.decode()
    assert "Tên khác" in page
    gone = client.post(
        f"/nap-ke-hoach/{draft.pk}/hang/{ROW}/chi-so/BS1/", {"withdraw": "1"}, **HTMX
    ).content.decode()
    assert "Tên khác" not in gone


def test_additions_cost_no_query_of_their_own(world, draft):
    """Session, user, membership with unit, mark of the organisation, the draft: with one addition
    and with three.
    """
    client = visitor(world, "p", Role.PLAN)
    where = f"/nap-ke-hoach/{draft.pk}/hang/{ROW}/"
    for count in (1, 3):
        while len(book().current) < count:
            create(
                world,
                draft,
                replace(
                    WISH,
                    name=f"Tên {book().made}",
                    numerator=AdditionPart(name=f"Số {book().made}"),
                ),
            )
        client.get(where)
        with queries() as asked:
            client.get(where)
        assert len(asked) == 5, [each["sql"] for each in asked]


@pytest.mark.django_db(transaction=True)
def test_simultaneous_additions_get_own_slots():
    """Officers who add at the same moment get slots of their own."""
    world = province()
    source, plan, problems = compiled()
    keep = {"source_name": "x", "source": source, "plan": plan, "problems": problems, **who(world)}
    reviewed = [drafts.keep_draft(**keep) for _ in range(4)]
    at_once(
        [
            partial(
                create,
                world,
                draft,
                replace(WISH, name=f"Tên {n}", numerator=AdditionPart(name=f"Số {n}")),
            )
            for n, draft in enumerate(reviewed)
        ]
    )
    made = book()
    assert len(made.current) == made.made == len(made.slots) == 4
    assert list(chain.breaks()) == []
