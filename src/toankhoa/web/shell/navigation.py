"""What every page has around it: whose it is, where to go, that the demo's data are made up."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.timezone import localdate

from toankhoa.audit.clock import today
from toankhoa.core.returns import Role
from toankhoa.org.scope import Actor
from toankhoa.web.looking_back.middleware import CLOCK, DAY, present_address
from toankhoa.web.shell.requests import Request, page_name
from toankhoa.web.shell.typed import query_fields

ACTING_ROLES = {Role.OFFICER, Role.PLAN}


@dataclass(frozen=True)
class Link:
    """One entry of the navigation. `pages`: names of the addresses where it is the current one."""

    label: str
    icon: str
    page: str
    pages: tuple[str, ...]


HOME = Link("Trang chủ", "home", "home", ("home",))
ALLOCATING = ("allocations", "allocation", "choose-targets", "received-allocation")
EXPLAINING = (
    "explain",
    "explain-term",
    "row-history",
    "find-figure",
    "issued-reports",
    "issued-report",
)
PLAN = Link("Kế hoạch", "plan", "living-plan", ("living-plan", *EXPLAINING, *ALLOCATING))
UNIT = Link("Đơn vị", "unit", "own-unit", ("own-unit", "unit"))
RETURNS = Link("Báo cáo", "returns", "my-returns", ("my-returns", "return"))
INBOX = Link("Hộp duyệt", "inbox", "inbox", ("inbox",))
UPLOAD = Link(
    "Nạp kế hoạch", "upload", "uploads", ("uploads", "draft", "job", "review-row", "amendment")
)
PEOPLE = ("add-person", "person")
ADMINISTRATION = Link(
    "Quản trị", "people", "administration", ("administration", "administration-job", *PEOPLE)
)
REFORMS = Link("Sắp xếp đơn vị", "reform", "reforms", ("reforms", "reform", "reform-job"))


def navigation(actor: Actor) -> list[Link]:
    """Where a person can go: at most six entries, the same on a phone and on a desktop."""
    links = [HOME, PLAN, UNIT]
    if actor.role in ACTING_ROLES:
        links.append(RETURNS)
        if actor.tree.children(actor.unit):
            links.append(INBOX)
    if actor.role is Role.PLAN:
        links.append(UPLOAD)
    if actor.role is Role.ADMIN:
        links.append(ADMINISTRATION)
        if not actor.tree.depth(actor.unit):
            links.append(REFORMS)
    return links


def surroundings(request: Request) -> dict[str, Any]:
    """Context processor for every template."""
    actor: Actor | None = getattr(request, "actor", None)  # none where nobody was let in
    around: dict[str, Any] = {
        "demo": settings.DEMO,
        "demo_today": today(),
        "today": today(),
        "actor": actor,
    }
    as_of = getattr(request, "as_of", None)  # an error may come before anybody asked
    if as_of is not None:
        around |= {
            "as_of": as_of,
            "today": localdate(as_of),
            "present": present_address(request),
            "home": request.site_root,
        }
    if actor is not None:
        page = _page(request, actor)
        around["navigation"] = [(link, page in link.pages) for link in navigation(actor)]
        around["query_fields"] = [
            (name, value) for name, value in query_fields(request) if name not in (DAY, CLOCK)
        ]
    return around


def _page(request: Request, actor: Actor) -> str:
    """The name of the address; the return of a unit below belongs to the inbox."""
    name = page_name(request)
    if name == "return" and _unit_of_address(request) not in actor.acts_for:
        return "inbox"
    return name


def _unit_of_address(request: Request) -> str:
    match = request.resolver_match
    if match:
        return match.kwargs["unit"]
    return ""
