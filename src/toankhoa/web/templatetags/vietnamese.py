"""Figures and days as Vietnamese readers write them. Django's own `vi` formats are never used."""

from datetime import date, datetime, time
from fractions import Fraction

from django import template
from django.utils import timezone

from toankhoa.core.basics import format_date, format_number, format_percent, long_date
from toankhoa.core.measures import IndicatorKind
from toankhoa.core.plan import Target
from toankhoa.core.results import Reading
from toankhoa.core.returns import NIL, NOT_APPLICABLE, Value
from toankhoa.core.targets import Required
from toankhoa.core.totals import Figure
from toankhoa.documents.words import forecast, plan_view

register = template.Library()

register.filter("ngay", format_date)
register.filter("ngay_dai", long_date)
register.filter("so", format_number)
register.filter("muc_can_noi", plan_view.asked)
register.filter("dang_noi", plan_view.speaks)
register.filter("nhip", forecast.pace)
register.filter("vi_sao_khong_nhip", forecast.no_pace)
register.filter("du_bao", forecast.outlook)
register.filter("cach_du_bao", forecast.method)
register.filter("vi_sao", forecast.why)
register.filter("phan_con_lai", forecast.remaining)
register.filter("nam_dat", forecast.years_met)
register.filter("cua_nam", forecast.of_year)


@register.filter
def luc(moment: datetime | None) -> str:
    """`14:05 ngày 20/10/2021`."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local:%H:%M} ngày {format_date(local.date())}"


@register.filter
def thoi_diem(moment: datetime) -> str:
    """A moment looked back at: `hết ngày 30/6/2020`, `lúc 14:05 ngày 30/6/2020`."""
    local = timezone.localtime(moment)
    return (
        f"hết ngày {format_date(local.date())}"
        if local.time() == time.max
        else f"lúc {luc(moment)}"
    )


@register.filter
def ngay_cua(moment: datetime) -> str:
    """The day of a moment: `20/10/2021`."""
    return format_date(timezone.localdate(moment))


@register.filter
def gia_tri(value: Value | None) -> str:
    """A typed figure as it is typed: 1.234, – for "không phát sinh", / for "không áp dụng", blank where missing."""
    if value is None:
        return ""
    return {NIL: "–", NOT_APPLICABLE: "/"}.get(value) or format_number(int(value))


@register.filter
def thuc_te(reading: Reading) -> str:
    """What a reading has come to: a percentage, a count without its unit of measure, a milestone in words."""
    if reading.indicator.kind is IndicatorKind.MILESTONE:
        return plan_view.actual(reading)
    return ket_qua(reading.result.figure)


@register.filter
def ket_qua(figure: Figure) -> str:
    """A figure without its unit of measure; … where it is missing."""
    if figure.value is None:
        return plan_view.MISSING
    return format_percent(figure.value) if figure.ratio else format_number(figure.value)


@register.filter
def muc(need: Required | Target | None) -> str:
    """What is required: `≥ 88,3%`, `2–3 mô hình`, `342 hộ`."""
    return "" if need is None else plan_view.required(need)


@register.filter
def ty_le(share: Fraction | None) -> str:
    """A share as a percentage."""
    return "" if share is None else format_percent(100 * share)


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
    return {1: "Có", 0: "Không", NIL: "Không", NOT_APPLICABLE: "không áp dụng"}.get(
        value, str(value)
    )


@register.filter
def dem(place: int) -> int:
    """A place counted from 0, as people count: from 1."""
    return place + 1


@register.filter
def phan_tram(score: float) -> str:
    """A score from 0 to 1 as a whole percentage."""
    return f"{round(100 * score)}%"
