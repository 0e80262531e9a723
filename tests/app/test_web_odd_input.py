"""Whatever is typed into an address or a form, no page answers 500."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from visits import province, publish_plan, visitor
from worlds import TODAY, World

from toankhoa.core.organisation import Reform
from toankhoa.core.returns import Role
from toankhoa.operations.measuring import ledger
from toankhoa.operations.target_allocation import start
from toankhoa.org.reforms import draft_reform
from toankhoa.plan.amendments import start_amendment
from toankhoa.plan.models import PlanVersion

pytestmark = pytest.mark.django_db
ODD = ("²", "٣", "9" * 30)
QUERY = ("nam", "tu", "dia-gioi", "ma", "muc", "loai", "xem", "xep", "cap", "chi-so", "tim", "o")
QUERY += ("bieu", "thuoc", "them", "ban", "ket-qua")
FIELDS = (
    "row_version",
    "place",
    "chosen",
    "revision",
    "move",
    "based_on",
    "year",
    "target",
    "mark",
)
FIELDS += (
    "effect",
    "unit",
    "into",
    "name",
    "share",
    "level",
    "parent",
    "kind",
    "row",
    "field",
    "text",
)
FIELDS += (
    "number",
    "heading",
    "title",
    "document",
    "day",
    "signed_on",
    "effective_on",
    "issued_on",
)
FIELDS += ("reason", "code", "fragment", "was", "reach", "indicator", "tu", "mau", "frequency")
FIELDS += ("old", "new", "full_name", "username", "role", "board", "cot-²-0-0", "cot-0-0-0", "path")
FIELDS += (
    "r-0-least",
    "r-0-each",
    "r-0-reserve",
    "m-0-d1",
    "hoi_vien_moi",
    "from",
    "loai",
    "others",
)
DAYS = dict.fromkeys(("day", "signed_on", "issued_on", "effective_on"), "20/10/2021")
SKIPPED = {"sign-out"}  # nobody is left to ask the next page


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO, settings.JOBS = TODAY, False, "inline"


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Every address of the site, as it is written in `web/urls.py`."""
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        elif pattern.name not in SKIPPED:
            yield address


ROUTES = list(routes(get_resolver().url_patterns))


@pytest.fixture
def world() -> World:
    """One in which every page has something to show."""
    world = province()
    publish_plan(world)
    world.accepted("c1", "CS-THANG", "2021-09", {"hoi_vien_moi": 5})
    return world


@pytest.fixture
def parts(world: World) -> dict[str, str]:
    """What an address may name, by the name of its part; ids by the first word of the address."""
    planner = world.person("p", Role.PLAN)
    version = PlanVersion.objects.get()
    draft = start_amendment(based_on=version, by=planner, at=world.at)
    keys = [("I.CT02.2", "CT02.2", 2021)]
    allocation = start(keys=keys, by=planner, at=world.at, ledger=ledger())
    heading = {"document": "", "title": "Đổi tên", "day": TODAY, "changes": ()}
    reform = draft_reform(reform=Reform(code="", **heading), by=None, at=world.at)
    return {
        "unit": "c1",
        "form": "CS-THANG",
        "period": "2021-09",
        "row": "I.CT02.2",
        "indicator": "CT02.2",
        "year": "2021",
        "day": "2021-01-01",
        "kind": "word",
        "field": "title",
        "code": "4K7M-200F-8GQ2-01CX",
        "giao-chi-tieu": str(allocation.pk),
        "nap-ke-hoach": str(draft.pk),
        "quan-tri/sap-xep": str(reform.pk),
        "quan-tri/nguoi-dung": str(planner.user.pk),
    }


def filled(route: str, parts: dict[str, str]) -> str:
    """An address with what its parts name."""

    def value(part: re.Match[str]) -> str:
        if part[1] != "pk":
            return parts[part[1]]
        return next((pk for first, pk in parts.items() if route.startswith(first)), "1")

    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", value, route)


def odd(route: str, text: str) -> str:
    """An address with the same text for each of its parts."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", text, route)


def visitors(world: World) -> Iterator[tuple[Client, str]]:
    """Who can see which pages: with the beginning of their addresses."""
    for unit, role, beginning in (
        ("p", Role.PLAN, ""),
        ("p", Role.ADMIN, "quan-tri/"),
        ("d1", Role.OFFICER, "hop-duyet/"),
        ("c1", Role.OFFICER, "bao-cao/"),
    ):
        client = visitor(world, unit, role)
        client.raise_request_exception = False
        yield client, beginning


@pytest.mark.parametrize("text", ODD)
def test_no_address_and_no_form_fails(world, parts, text):
    """Odd values for the parts of every address, for its query, and for the fields of a form."""
    query = dict.fromkeys(QUERY, text)
    failed = []
    for client, beginning in visitors(world):
        for route in ROUTES:
            if not route.startswith(beginning):
                continue
            address = filled(route, parts)
            form = dict.fromkeys(FIELDS, text)
            form["file"] = SimpleUploadedFile(text, text.encode())
            answers = {
                f"GET {odd(route, text)}": client.get(odd(route, text)),
                f"GET {address}?": client.get(address, query),
                f"GET {address}? of a unit": client.get(address, query | {"don-vi": text}),
                f"POST {address}": client.post(address, form),
                f"POST {address} with days": client.post(address, form | DAYS),
            }
            failed += [what for what, answer in answers.items() if answer.status_code >= 500]
    assert failed == []


@pytest.mark.parametrize("text", [*ODD, "1/1/0001", "31/12/9999", "2021-02-30", "1/1/1 "])
@pytest.mark.parametrize("clock", ["", "²", "00:00", "25:61"])
def test_no_moment_fails(world, text, clock):
    """What is no moment, or one that no calendar reckons with, is said to be none."""
    client = visitor(world, "c1")
    for answer in (
        client.get("/bao-cao/", {"tai": text, "luc": clock}, follow=True),
        client.get(f"/tai/{text.replace('/', '-')}T{clock}/bao-cao/", follow=True),
    ):
        assert answer.status_code == 200
