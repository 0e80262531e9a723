"""Small parts that many pages show: icons, badges, bars."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from toankhoa.core.basics import Severity, format_number
from toankhoa.core.plan import Target
from toankhoa.core.results import Level, Prospect, Tempo
from toankhoa.core.returns import State
from toankhoa.reporting.models import Return
from toankhoa.reporting.returns.obligations import Obligation
from toankhoa.web.returns.words import on_its_way, state_words
from toankhoa.web.shell import words
from toankhoa.web.shell.lines import Lines, lines
from toankhoa.web.shell.requests import Request
from toankhoa.web.templatetags.vietnamese import muc

register = template.Library()
SEVERITY_SHAPES = {  # state and drawing of each
    Severity.ERROR: ("not_met", "not_met"),
    Severity.WARNING: ("open", "open"),
    Severity.NOTE: ("no_data", "no_data"),
}
FEW = 6  # lines of a list that stands among others
MESSAGE_SHAPES = {"success": "done", "error": "warning", "warning": "warning"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing from icons.svg; the words beside it carry the meaning."""
    return format_html(
        '<svg aria-hidden="true"><use href="{}#{}"></use></svg>', static("icons.svg"), name
    )


@register.simple_tag
def level_mark(level: Level) -> SafeString:
    """The shape of a result's level, with its name for those who do not see it."""
    return format_html(
        '<span class="mark state state-{}" title="{}">{}'
        '<span class="visually-hidden">{}</span></span>',
        level,
        words.LEVELS[level],
        icon(level),
        words.LEVELS[level],
    )


@register.simple_tag
def level_badge(level: Level) -> SafeString:
    """Shape and name of a result's level."""
    return _badge(level, level, words.LEVELS[level])


@register.simple_tag
def prospect_badge(prospect: Prospect) -> SafeString:
    """Shape and name of whether a target will be reached."""
    return _badge(prospect, prospect, words.PROSPECTS[prospect])


@register.simple_tag
def tempo_mark(tempo: Tempo) -> SafeString:
    """A discreet shape beside a figure that is ahead of its path or behind; none where on it."""
    if tempo is Tempo.ON:
        return SafeString()
    return format_html(
        '<span class="tempo state state-{}" title="{}">{}'
        '<span class="visually-hidden">, {}</span></span>',
        tempo,
        words.TEMPOS[tempo],
        icon(tempo),
        words.TEMPOS[tempo].lower(),
    )


@register.simple_tag
def tempo_badge(tempo: Tempo) -> SafeString:
    """Shape and name of where a figure stands beside its path."""
    return _badge(tempo, tempo, words.TEMPOS[tempo])


@register.simple_tag(takes_context=True)
def state_badge(context: dict[str, Any], ret: Return | None) -> SafeString:
    """Shape and name of where a return stands; None is a return that does not exist yet."""
    if ret is None:
        return _badge("missing", "no_data", words.MISSING)
    request: Request = context["request"]
    words_of_state = state_words(ret, request.actor.organisation, request.ledger.library)
    if on_its_way(ret):
        return _badge("passing", "partial", words_of_state)
    state = State(ret.state)
    return _badge(state, words.STATE_ICONS[state], words_of_state)


def _badge(state: str, shape: str, name: str) -> SafeString:
    return format_html('<span class="badge state state-{}">{}{}</span>', state, icon(shape), name)


@register.simple_tag
def severity_badge(severity: Severity, count: int = 0) -> SafeString:
    """Shape and name of how bad a finding is, with how many there are where that is given."""
    state, shape = SEVERITY_SHAPES[severity]
    name = words.SEVERITIES[severity]
    return _badge(state, shape, f"{name}: {format_number(count)}" if count else name)


@register.simple_tag
def read_targets(targets: Iterable[Target]) -> SafeString:
    """Targets as they were read from words, right behind these."""
    shown = ((muc(target),) for target in targets)
    return format_html_join("", '<span class="read-target">{}</span>', shown)


@register.simple_tag
def bar(share: Fraction | None, level: Level | str, size: str = "") -> SafeString | str:
    """How much of what is required is reached, as a thin bar, full at 100% and beyond.

    Nothing without a share.
    """
    if share is None:
        return ""
    return format_html(
        '<svg class="attained state state-{} {}" aria-hidden="true">'
        '<rect class="track" width="100%" height="100%"></rect>'
        '<rect class="filled" width="{}%" height="100%"></rect></svg>',
        level,
        size,
        round(100 * min(max(share, Fraction(0)), Fraction(1))),
    )


@register.simple_tag
def list_attributes(rows: Lines | Sequence[object], label: str, kind: str = "") -> SafeString:
    """Of a list that scrolls, by the keyboard too, where it has more lines than it shows at once.

    `kind`: a class of its own.
    """
    classes = " ".join(["list plain", *kind.split()])
    if not (rows if isinstance(rows, Lines) else lines(rows, FEW)).long:
        return format_html('class="{}"', classes)
    return format_html('class="{} long" tabindex="0" aria-label="{}"', classes, label)


@register.filter
def to_be_sent_by(row: Obligation, unit: str) -> bool:
    """Whether a unit has this return of its own still to send."""
    return not row.sent and row.unit == unit


@register.filter
def notice_kind(severity: Severity) -> str:
    """The class of a notice that says a finding."""
    if severity is Severity.ERROR:
        return "error"
    return "warning"


@register.filter
def message_shape(level: str) -> str:
    """The drawing beside a message of a level."""
    return MESSAGE_SHAPES.get(level, "info")


@register.filter
def word(code: str, kind: str) -> str:
    """A code in words: kind is one of LEVELS, STATES, ROLES, STEPS, SEVERITIES."""
    table: dict[Any, str] = getattr(words, kind)
    return table.get(code, code)
