"""Figures and days as Vietnamese readers write them. Django's own `vi` formats are never used."""

from datetime import date, datetime
from fractions import Fraction

from django import template
from django.utils import timezone

from toankhoa.core.assessment import PERCENT, Figure, Required
from toankhoa.core.numbers import format_date, format_number, format_percent, long_date
from toankhoa.core.plan import Comparator
from toankhoa.core.returns import NIL, NOT_APPLICABLE, Value

register = template.Library()

SIGNS = {
    Comparator.AT_LEAST: "≥ ",
    Comparator.ABOVE: "> ",
    Comparator.AT_MOST: "≤ ",
    Comparator.BELOW: "< ",
    Comparator.ABOUT: "khoảng ",
    Comparator.CHANGE: "thêm ",
    Comparator.KEEP: "giữ vững ",
}

register.filter("ngay", format_date)
register.filter("ngay_dai", long_date)
register.filter("so", format_number)


@register.filter
def luc(moment: datetime | None) -> str:
    """`14:05 ngày 20/10/2021`."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local:%H:%M} ngày {format_date(local.date())}"


@register.filter
def gia_tri(value: Value | None) -> str:
    """A typed figure as it is typed: 1.234, – for "không phát sinh", / for "không áp dụng", blank where missing."""
    if value is None:
        return ""
    return {NIL: "–", NOT_APPLICABLE: "/"}.get(value) or format_number(int(value))


@register.filter
def thuc_te(figure: Figure) -> str:
    """An actual without its unit of measure; … where it is missing."""
    if figure.value is None:
        return "…"
    return format_percent(figure.value) if figure.ratio else format_number(figure.value)


@register.filter
def muc(need: Required | None) -> str:
    """What is required: `≥ 88,3%`, `2–3 mô hình`, `342 hộ`."""
    if need is None:
        return ""
    if need.comparator is Comparator.KEEP:
        return "giữ như năm trước"
    upper = "" if need.upper is None else f"–{_amount(need.upper, need.unit)}"
    unit = "" if need.unit in ("", PERCENT) else f" {need.unit}"
    return f"{SIGNS.get(need.comparator, '')}{_amount(need.amount, need.unit)}{upper}{unit}"


@register.filter
def ty_le(share: Fraction | None) -> str:
    """A share as a percentage."""
    return "" if share is None else format_percent(100 * share)


def _amount(amount: Fraction, unit: str) -> str:
    return format_percent(amount) if unit == PERCENT else format_number(amount)


@register.filter
def ngay_thang(day: date | None) -> str:
    """A day that may be unknown."""
    return "" if day is None else format_date(day)


@register.filter
def so_hoac(number: int | None) -> str:
    """A sum that may be missing: … where it is, never 0."""
    return "…" if number is None else format_number(number)


@register.filter
def co_khong(value: Value) -> str:
    """A yes/no figure."""
    return {1: "Có", 0: "Không", NIL: "Không", NOT_APPLICABLE: "không áp dụng"}.get(value, str(value))


@register.filter
def dem(place: int) -> int:
    """A place counted from 0, as people count: from 1."""
    return place + 1
