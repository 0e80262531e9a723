"""Small parts that many pages show: icons, badges, bars."""

from fractions import Fraction
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from toankhoa.core.results import Level, Prospect, Tempo
from toankhoa.core.returns import State
from toankhoa.reporting.models import Return
from toankhoa.web.returns.words import on_its_way, state_words
from toankhoa.web.shell import words
from toankhoa.web.shell.access import Request

register = template.Library()


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
        '<span class="mark state state-{}" title="{}">{}<span class="visually-hidden">{}</span></span>',
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
    """A discreet shape beside a figure that is ahead of its path or behind it; nothing where it is on it."""
    if tempo is Tempo.ON:
        return SafeString()
    return format_html(
        '<span class="tempo state state-{}" title="{}">{}<span class="visually-hidden">, {}</span></span>',
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
    said = state_words(ret, request.actor.organisation, request.ledger.library)
    if on_its_way(ret):
        return _badge("passing", "partial", said)
    state = State(ret.state)
    return _badge(state, words.STATE_ICONS[state], said)


def _badge(state: str, shape: str, name: str) -> SafeString:
    return format_html('<span class="badge state state-{}">{}{}</span>', state, icon(shape), name)


@register.simple_tag
def bar(share: Fraction | None, level: Level | str, size: str = "") -> SafeString | str:
    """How much of what is required is reached, as a thin bar, full at 100% and beyond. Nothing without a share."""
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


@register.filter
def word(code: str, kind: str) -> str:
    """A code in words: kind is one of LEVELS, STATES, ROLES, STEPS, SEVERITIES."""
    table: dict[Any, str] = getattr(words, kind)
    return table.get(code, code)
