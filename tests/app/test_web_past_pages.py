"""Every page of the site, at every step of a history, is what a person sees who looks back at that
step.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from random import Random

import docx
import openpyxl
import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from markup import tight
from reformed_units import JULY, SPLIT
from visits import province, publish_plan, visitor
from worlds import TODAY, World

from toankhoa.core.basics import Frequency, Refused
from toankhoa.core.measures import IndicatorKind
from toankhoa.core.organisation import Reform
from toankhoa.core.returns import Role
from toankhoa.core.review import Place
from toankhoa.core.targets import read_rule
from toankhoa.library.additions import AdditionPart as Figures
from toankhoa.library.additions import Wish
from toankhoa.operations import library_additions, reforms, target_allocation
from toankhoa.operations.measuring import ledger, library
from toankhoa.operations.report_issue import issue_report
from toankhoa.org import organisation
from toankhoa.org import reforms as drafted_reforms
from toankhoa.org.models import MemberMove
from toankhoa.org.scope import actor_of
from toankhoa.plan import allocations, amendments, drafts
from toankhoa.plan.column_json import column_from
from toankhoa.plan.models import Allocation, PlanVersion
from toankhoa.web.looking_back.middleware import DOORS, PRESENT, written

pytestmark = pytest.mark.django_db
ROW = "I.CT05.1"
HOUSEHOLDS = ("I.CT05.1", "CT05.1", 2021)
WISH = Wish(
    name="Số lớp nghề đã mở",
    kind=IndicatorKind.COUNT,
    numerator=Figures(name="Lớp nghề đã mở", unit="lớp"),
    level="base",
    frequency=Frequency.MONTH,
)


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO, settings.JOBS = TODAY, False, "inline"


# What is done


@dataclass
class Life:
    """A province in which everything happens that pages tell of, one step a minute; `known`: what
    the steps made.
    """

    world: World
    known: dict[str, list[int]] = field(default_factory=dict)

    def who(self, role: Role = Role.PLAN) -> dict:
        return {"by": self.world.person("p", role), "at": self.world.at}

    def made(self, kind: str, pk: int) -> int:
        self.known.setdefault(kind, []).append(pk)
        return pk

    def look_around(self) -> None:
        """People know of the units as they are now."""
        self.world.organisation = organisation.organisation()
        seen = {key: actor_of(actor.user, TODAY) for key, actor in self.world.people.items()}
        self.world.people = {
            key: actor for key, actor in seen.items() if actor and actor.unit == key[0]
        }

    # Plans

    def amendment(self) -> int:
        return self.known["plan"][-1]

    def begin_amendment(self) -> None:
        in_force = PlanVersion.objects.get(state=PlanVersion.State.PUBLISHED)
        self.made("plan", in_force.pk)
        self.made("plan", amendments.start_amendment(based_on=in_force, **self.who()).pk)

    def edit(self, text: str, field: str = "2021") -> None:
        at = {"place": Place(ROW, field), "row_version": 1000, "vocabulary": library().vocabulary}
        drafts.edit_draft(draft=self.amendment(), text=text, **at, **self.who())

    def dismiss(self) -> None:
        about = {"code": "any", "place": Place(ROW, "2021"), "fragment": "", "reason": "đã hỏi"}
        drafts.dismiss_problem(draft=self.amendment(), **about, **self.who())

    def measure(self) -> None:
        library_additions.create_indicator(draft=self.amendment(), row=ROW, wish=WISH, **self.who())

    def shorten(self) -> None:
        drafts.remove_row(draft=self.amendment(), row="I.CT05.2", **self.who())

    def lengthen(self) -> None:
        plan = {"heading": "I.CT05", "title": "Mở 3 lớp nghề", "vocabulary": library().vocabulary}
        drafts.add_row(draft=self.amendment(), **plan, **self.who())

    def publish(self) -> None:
        draft = PlanVersion.objects.get(pk=self.amendment())
        marks = [change.mark for change in amendments.changes(draft)]
        amendments.confirm_steps(draft=draft.pk, marks=marks, confirmed=True, **self.who())
        self.world.minutes += 1
        day = {"signed_on": TODAY, "effective_on": TODAY}
        drafts.publish(version=draft, number="71/KH", **day, library=library(), **self.who())

    # Targets handed down

    def sheet(self) -> int:
        return self.known["allocation"][-1]

    def start_sheet(self) -> None:
        draft = target_allocation.start(keys=[HOUSEHOLDS], ledger=ledger(), **self.who())
        self.made("allocation", draft.pk)

    def fill(self, typed: str) -> None:
        draft = Allocation.objects.get(pk=self.sheet())
        [column] = map(column_from, draft.columns)
        column = replace(column, rule=read_rule({"reserve": typed}, column.rule))
        allocations.save_sheet(
            allocation=draft.pk, columns=[column], row_version=draft.row_version, **self.who()
        )

    def discard_sheet(self) -> None:
        allocations.discard(allocation=self.sheet(), **self.who())

    def hand_down(self, number: str) -> None:
        day = {"issued_on": TODAY, "effective_on": TODAY, "number": number}
        draft = Allocation.objects.get(pk=self.sheet())
        target_allocation.issue(allocation=draft, ledger=ledger(), **day, **self.who())

    def receive(self) -> None:
        allocations.acknowledge(
            allocation=self.sheet(), by=self.world.person("d1"), at=self.world.at
        )

    def revise_sheet(self) -> None:
        before = Allocation.objects.get(pk=self.sheet())
        self.made(
            "allocation",
            target_allocation.revise(allocation=before, ledger=ledger(), **self.who()).pk,
        )

    # Units and people

    def draft_reform(self, code: str) -> None:
        reform = Reform(
            code=code, day=JULY, document="NQ 1", title=f"Chia xã {code}", changes=(SPLIT,)
        )
        self.made("reform", drafted_reforms.draft_reform(reform=reform, **self.who(Role.ADMIN)).pk)

    def reform(self) -> drafted_reforms.Reform:
        return drafted_reforms.Reform.objects.get(pk=self.known["reform"][-1])

    def retitle(self) -> None:
        record = self.reform().record()
        record = replace(record, document="NQ 2", title="Chia hai xã")
        drafted_reforms.revise_reform(
            draft=self.reform(),
            reform=record,
            row_version=self.reform().row_version,
            **self.who(Role.ADMIN),
        )

    def drop(self) -> None:
        drafted_reforms.drop_reform(draft=self.reform(), **self.who(Role.ADMIN))

    def apply(self) -> None:
        with suppress(Refused):  # where the one before could not be undone
            reforms.apply_reform(
                draft=self.reform(), today=TODAY, library=library(), **self.who(Role.ADMIN)
            )
        self.look_around()

    def seat(self) -> None:
        for move in MemberMove.objects.filter(now=None, reform__state="applied"):
            drafted_reforms.seat_member(move=move, unit="c3", **self.who(Role.ADMIN))

    def undo(self) -> None:
        with suppress(Refused):  # where another story has come to rest on it
            reforms.undo_reform(reform=self.reform(), library=library(), **self.who(Role.ADMIN))
        self.look_around()

    def hire(self) -> None:
        new = {
            "username": "moi",
            "full_name": "Người Mới",
            "password": "x",
            "unit": "c4",
            "role": Role.OFFICER,
        }
        organisation.add_member(**new, by=self.who(Role.ADMIN)["by"].user, at=self.world.at)

    # Figures

    def report(self) -> None:
        self.world.accept(self.world.send("d1", "H-QUY", "2021-Q3", {"htx_moi": 3}), "p")

    def correct(self) -> None:
        ret = self.world.send("c5", "CS-QUY", "2021-Q3", {"hoi_vien": 10})
        self.world.minutes += 1
        self.world.accept(ret, "d2")
        self.world.minutes += 1
        self.world.correct(ret)

    def issue(self) -> None:
        self.made(
            "report", issue_report(kind="year", number="12/BC", signed_on=TODAY, **self.who()).pk
        )


STORIES: dict[str, list[Callable[[Life], None]]] = {
    "plan": [
        Life.begin_amendment,
        partial(Life.edit, text="30 hộ"),
        Life.dismiss,
        Life.lengthen,
        Life.shorten,
        Life.measure,
        partial(Life.edit, text="Xây 35 hộ khá", field="title"),
        Life.publish,
    ],
    "targets": [
        Life.start_sheet,
        Life.discard_sheet,
        Life.start_sheet,
        partial(Life.fill, typed="2"),
        partial(Life.hand_down, number="15/QĐ"),
        Life.receive,
        Life.revise_sheet,
        partial(Life.fill, typed="5"),
        partial(Life.hand_down, number="16/QĐ"),
    ],
    "units": [
        partial(Life.draft_reform, code="a"),
        Life.retitle,
        Life.drop,
        partial(Life.draft_reform, code="a"),
        Life.apply,
        Life.undo,
        partial(Life.draft_reform, code="b"),
        Life.apply,
        Life.seat,
        Life.hire,
    ],
    "figures": [Life.report, Life.issue, Life.correct],
}


# What is looked at

VISITORS = [
    ("p", Role.PLAN),
    ("p", Role.ADMIN),
    ("p", Role.LEADER),
    ("d1", Role.OFFICER),
    ("c1", Role.OFFICER),
]
GIVEN = {
    "unit": ["p", "c1"],
    "row": [ROW],
    "indicator": ["CT05.1"],
    "year": [2021],
    "kind": ["word", "excel"],
    "form": ["CS-QUY"],
    "period": ["2021-Q3"],
    "field": ["title"],
    "code": ["0000-0000-0000"],
    "day": ["2021-10-20"],
}


# What is done to accounts: of little of it there is a past, and tests of its own look at that.
OF_NOW = {
    "person",
    "move-person",
    "close-account",
    "open-account",
    "lend-password",
    "add-person",
    "own-password",
}


def patterns(found: URLResolver, route: str = "") -> Iterator[tuple[str, str, list[str]]]:
    """Name, route and parameters of every address of the site."""
    for each in found.url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each, route + str(each.pattern))
        elif isinstance(each, URLPattern) and each.name:
            named = re.findall(r"<(?:\w+:)?(\w+)>", route + str(each.pattern))
            yield each.name, route + str(each.pattern), named


KINDS = {
    "giao-chi-tieu/": "allocation",
    "bao-cao-ban-hanh/": "report",
    "nap-ke-hoach/": "plan",
    "quan-tri/sap-xep/": "reform",
}


def addresses(known: dict[str, list[int]]) -> Iterator[tuple[str, str]]:
    """Name and address of every page, with what steps have made so far."""
    for name, route, parameters in patterns(get_resolver("toankhoa.web.urls")):
        if name in DOORS or name in PRESENT or name in OF_NOW:
            continue
        kind = next((kind for start, kind in KINDS.items() if route.startswith(start)), "")
        choices = [GIVEN.get(each) or known.get(kind, []) for each in parameters]
        for values in combined(choices):
            yield name, reverse(name, kwargs=dict(zip(parameters, values, strict=True)))


def combined(choices: list[list]) -> Iterator[tuple]:
    if not choices:
        yield ()
        return
    for first in choices[0]:
        yield from ((first, *rest) for rest in combined(choices[1:]))


CODES = re.compile(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4})*\b")  # of figures: they name the moment
CLOCK = re.compile(r"\b\d\d:\d\d ngày ")  # of a moment, where the present says its day
ONLY_NOW = (
    re.compile(
        r'<section class="card accent" id="dinh-chinh">.*?</section>', re.S
    ),  # told until it is looked at
    re.compile(
        r'<div class="notices">(?:(?!</section>).)*?/da-chuyen-don-vi/.*?</form></div></div></div>',
        re.S,
    ),
    re.compile(
        r'<(\w+) class="[^"]*only-now[^"]*".*?</\1>', re.S
    ),  # what something is written with
    re.compile(r'<datalist id="units">.*?</datalist>', re.S),  # what is offered to who writes
)
TOKEN = re.compile(r"<input[^>]*csrf[^>]*>")


def said(response: HttpResponse, mount: str) -> object:
    """What a page says, without the moment in its addresses and what no two requests share."""
    if response.status_code != 200:
        return response.status_code
    kind = response["Content-Type"].partition(";")[0]
    if "spreadsheet" in kind:
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
        return [CODES.sub("", CLOCK.sub("", str(cell))) for row in rows for cell in row]
    if "wordprocessing" in kind:
        paper = docx.Document(io.BytesIO(response.content))
        cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
        return [CODES.sub("", text) for text in (*(each.text for each in paper.paragraphs), *cells)]
    page = response.content.decode()
    if kind == "text/html":
        page = page[page.index("<main") : page.index("</main>")]
        page = page.replace(mount, "") if mount else page
        page = tight(TOKEN.sub("", page))
        for part in ONLY_NOW:
            page = part.sub("", page)
        page = re.sub(r'<strong class="code">[^<]*</strong>', "", page)
    return page.split()


def writes(response: HttpResponse) -> bool:
    """Whether it is there to be written on: an address that only takes what is sent, a return to be
    filled in.
    """
    return response.status_code == 405 or b'id="entry"' in response.content


@pytest.fixture
def life() -> Life:
    world = province()
    for unit, role in VISITORS:
        world.person(unit, role)
    publish_plan(world)
    world.minutes += 1
    return Life(world)


def order(chance: Random) -> list[tuple[str, Callable[[Life], None]]]:
    """The stories told together, each in its own order."""
    left = {name: list(steps) for name, steps in STORIES.items()}
    told = []
    while left:
        name = chance.choice(sorted(left))
        told.append((name, left[name].pop(0)))
        left = {each: steps for each, steps in left.items() if steps}
    return told


def visited(client: Client, address: str) -> HttpResponse:
    """A page without what an earlier one had still to say."""
    client.cookies.pop("messages", None)
    return client.get(address)


def tell(life: Life, settings, chance: Random, share: float) -> None:
    clients: dict[tuple, Client] = {who: visitor(life.world, *who) for who in VISITORS}
    moments = []
    for _, step in order(chance):
        step(life)
        seen = {}
        for name, address in addresses(life.known):
            for who, client in clients.items():
                if chance.random() < share:
                    response = visited(client, address)
                    if not writes(response):
                        seen[name, address, who] = said(response, "")
        moments.append((life.world.at.replace(second=59, microsecond=999_999), step, seen))
        life.world.minutes += 1
    settings.TODAY = TODAY + timedelta(days=1)
    for moment, step, seen in moments:
        mount = f"/tai/{written(moment)}"
        for (name, address, who), text in seen.items():
            assert said(visited(clients[who], mount + address), mount) == text, (
                name,
                address,
                who,
                moment,
                step,
            )


def test_every_page_is_visited():
    """A page with a parameter that nothing is given for would not be."""
    for name, route, parameters in patterns(get_resolver("toankhoa.web.urls")):
        if name not in DOORS and name not in PRESENT and name not in OF_NOW:
            made = any(route.startswith(start) for start in KINDS)
            assert made or set(parameters) <= set(GIVEN), (name, parameters)


def test_every_page_is_what_it_was_then(life, settings):
    tell(life, settings, Random(7), 0.06)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
def test_every_page_of_any_history_is_what_it_was_then(life, settings, seed: int):
    tell(life, settings, Random(seed), 0.3)
