"""What stands around every page: whose it is, where one can go, and that the demo's data are made up."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.timezone import localdate

from toankhoa.audit.clock import today
from toankhoa.core.returns import Role
from toankhoa.org.scope import Actor
from toankhoa.web.looking_back.middleware import CLOCK, DAY, present_address

ACTING_ROLES = {Role.OFFICER, Role.PLAN}


@dataclass(frozen=True)
class Link:
    """One entry of the navigation. `pages` are the names of the addresses at which it is the current one."""

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
    """Where a person can go: fewest entries first, at most six, the same on a phone and on a desktop."""
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


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Context processor for every template."""
    actor: Actor | None = getattr(request, "actor", None)
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
            "home": request.site,
        }
    if actor is not None:
        page = _page(request, actor)
        around["navigation"] = [(link, page in link.pages) for link in navigation(actor)]
        around["asked"] = [
            (name, value) for name, value in request.GET.items() if name not in (DAY, CLOCK)
        ]
    return around


def _page(request: HttpRequest, actor: Actor) -> str:
    """The name of the address; the return of a unit below belongs to the inbox."""
    match = request.resolver_match
    if match is None:
        return ""
    if match.url_name == "return" and match.kwargs["unit"] not in actor.acts_for:
        return "inbox"
    return match.url_name or ""
