"""The verbs of a draft: each leaves one entry in the audit, none does half of its work."""

from dataclasses import replace

import pytest
from visits import SIGNED, compiled, province
from worlds import World

from toankhoa.audit import chain
from toankhoa.audit.models import AuditEntry
from toankhoa.core.basics import Refused
from toankhoa.core.plan import Plan
from toankhoa.core.returns import Role
from toankhoa.core.review import BOARDS, TITLE, Place
from toankhoa.plan import amendments, drafts
from toankhoa.plan.models import PlanVersion

ROW = "I.CT05.1"

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return province()


def kept(world: World, plan: Plan | None = None) -> PlanVersion:
    source, read, problems = compiled()
    return drafts.keep_draft(
        source_name="plan.docx", source=source, plan=plan or read, problems=problems, **who(world)
    )


def who(world: World) -> dict:
    return {"by": world.person("p", Role.PLAN), "at": world.at}


def published(world: World, draft: PlanVersion) -> PlanVersion:
    return drafts.publish(
        version=draft,
        number="1/KH",
        signed_on=SIGNED,
        effective_on=SIGNED,
        library=world.library,
        **who(world),
    )


def reason(act) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.problem.code


def test_each_verb_leaves_one_entry_that_says_what_it_did(world):
    draft = kept(world).pk
    person, vocabulary = who(world), world.library.vocabulary
    about = {"code": "spelling", "place": Place(ROW, TITLE), "fragment": "chữ"}
    indicator = next(iter(world.library.indicators))
    drafts.edit_draft(
        draft=draft,
        place=Place(ROW, "2018"),
        text="x",
        row_version=0,
        vocabulary=vocabulary,
        **person,
    )
    code = drafts.add_row(
        draft=draft, heading="I.CT05", title="Mở lớp", vocabulary=vocabulary, **person
    )
    drafts.remove_row(draft=draft, row=code, **person)
    drafts.attach_indicator(
        draft=draft, row=ROW, indicator=indicator, row_version=0, library=world.library, **person
    )
    drafts.dismiss_problem(draft=draft, **about, reason="Đúng như bản giấy", **person)
    drafts.restore_problem(draft=draft, **about, **person)
    first = published(world, PlanVersion.objects.get(pk=draft))
    amendment = amendments.start_amendment(based_on=first, **person).pk
    amendments.pair_rows(draft=amendment, row=ROW, was="", **person)
    amendments.confirm_steps(draft=amendment, marks=[], confirmed=True, **person)
    verbs = list(
        AuditEntry.objects.filter(subject__startswith="plan:")
        .order_by("pk")
        .values_list("verb", flat=True)
    )
    assert verbs == [
        *(
            "keep_draft",
            "edit_draft",
            "add_row",
            "remove_row",
            "attach_indicator",
            "dismiss_problem",
        ),
        *("restore_problem", "publish", "start_amendment", "pair_rows", "confirm_steps"),
    ]
    edited = AuditEntry.objects.get(verb="edit_draft").data
    assert (edited["row"], edited["field"], edited["is"]) == (ROW, "2018", "x")
    assert list(chain.breaks()) == []


def test_a_refused_edit_leaves_nothing(world):
    draft = kept(world)
    before = AuditEntry.objects.count()
    edit = {
        "draft": draft.pk,
        "place": Place(ROW, TITLE),
        "row_version": 0,
        "vocabulary": world.library.vocabulary,
    }
    assert reason(lambda: drafts.edit_draft(text=" ", **edit, **who(world))) == "edit-title"
    with pytest.raises(KeyError):
        drafts.edit_draft(text="x", **edit | {"place": Place("X", BOARDS)}, **who(world))
    after = PlanVersion.objects.get(pk=draft.pk)
    assert (after.row_version, after.document, AuditEntry.objects.count()) == (
        0,
        draft.document,
        before,
    )


def test_a_plan_without_years_or_rows_is_not_published(world):
    _, plan, _ = compiled()
    for corrections_due in (replace(plan, years=()), replace(plan, activities=())):
        draft = kept(world, corrections_due)
        assert reason(lambda draft=draft: published(world, draft)) == "plan-no-years"


def test_what_is_dismissed_again_changes_its_reason(world):
    draft = kept(world).pk
    about = {"code": "spelling", "place": Place(ROW, TITLE), "fragment": "chữ"}
    for said in ("Một", "Hai"):
        drafts.dismiss_problem(draft=draft, **about, reason=said, **who(world))
    assert [each["reason"] for each in PlanVersion.objects.get(pk=draft).dismissed] == ["Hai"]
    assert (
        reason(lambda: drafts.dismiss_problem(draft=draft, **about, reason=" ", **who(world)))
        == "dismiss-reason"
    )


def test_an_indicator_stands_where_a_person_put_it_and_is_published_there(world):
    draft = kept(world)
    first = next(iter(world.library.indicators))
    attach = {"draft": draft.pk, "library": world.library, **who(world)}
    drafts.attach_indicator(row=ROW, indicator=first, row_version=0, **attach)
    assert reason(
        lambda: drafts.attach_indicator(row=ROW, indicator="không có", row_version=9, **attach)
    ) == ("indicator-unknown")
    assert (
        reason(lambda: drafts.attach_indicator(row="", indicator=first, row_version=0, **attach))
        == "draft-row-version"
    )
    bound = {each["indicator"]: each["row"] for each in published(world, draft).bindings}
    assert bound[first] == ROW


def test_the_digest_follows_the_words_and_not_the_row_version(world):
    draft = kept(world)
    person = {"vocabulary": world.library.vocabulary, **who(world)}
    place = Place(ROW, "2018")
    changed = drafts.edit_draft(draft=draft.pk, place=place, text="≥ 5 hộ", row_version=0, **person)
    words = next(each for each in draft.document["activities"] if each["code"] == ROW)[
        "commitments"
    ]["2018"]["text"]
    back = drafts.edit_draft(draft=draft.pk, place=place, text=words, row_version=1, **person)
    assert (changed.plan_digest != draft.plan_digest, back.plan_digest) == (True, draft.plan_digest)
    assert back.source_digest == draft.source_digest
