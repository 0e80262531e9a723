"""Figures and days as Vietnamese readers write them. Django's own `vi` formats are never used."""

from collections.abc import Iterable
from datetime import date, datetime, time
from fractions import Fraction
from typing import Protocol

from django import template
from django.utils import timezone
from django.utils.text import Truncator

from toankhoa.core.basics import Source, format_date, format_number, format_percent, long_date
from toankhoa.core.measures import IndicatorKind
from toankhoa.core.organisation import Reform, UnitVersion
from toankhoa.core.plan import Activity, Objective, Target
from toankhoa.core.results import Reading
from toankhoa.core.returns import NIL, NOT_APPLICABLE, Value
from toankhoa.core.targets import Required
from toankhoa.core.totals import Figure
from toankhoa.documents.words import forecast, plan_view
from toankhoa.plan.models import Allocation

register = template.Library()


class Named(Protocol):
    """What has a name."""

    @property
    def name(self) -> str:
        """As it is called."""


register.filter("ngay", format_date)
register.filter("ngay_dai", long_date)
register.filter("so", format_number)
register.filter("nhip", forecast.pace)
register.filter("vi_sao_khong_nhip", forecast.no_pace)
register.filter("du_bao", forecast.outlook)
register.filter("cach_du_bao", forecast.method)
register.filter("phan_con_lai", forecast.remaining)


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
    if local.time() == time.max:
        return f"hết ngày {format_date(local.date())}"
    return f"lúc {luc(moment)}"


@register.filter
def ngay_cua(moment: datetime) -> str:
    """The day of a moment: `20/10/2021`."""
    return format_date(timezone.localdate(moment))


@register.filter
def gia_tri(value: Value | None) -> str:
    """A typed figure as it is typed.

    1.234, – (không phát sinh), / (không áp dụng), blank where missing.
    """
    if value is None:
        return ""
    if isinstance(value, int):
        return format_number(value)
    return {NIL: "–", NOT_APPLICABLE: "/"}[value]


@register.filter
def thuc_te(reading: Reading) -> str:
    """What a reading has come to.

    A percentage, a count without its unit of measure, a milestone in words.
    """
    if reading.indicator.kind is IndicatorKind.MILESTONE:
        return plan_view.actual(reading)
    return ket_qua(reading.result.figure)


@register.filter
def ket_qua(figure: Figure) -> str:
    """A figure without its unit of measure; … where it is missing."""
    if figure.value is None:
        return plan_view.MISSING
    if figure.ratio:
        return format_percent(figure.value)
    return format_number(figure.value)


@register.filter
def muc(need: Required | Target | None) -> str:
    """What is required: `≥ 88,3%`, `2–3 mô hình`, `342 hộ`."""
    if need is None:
        return ""
    if isinstance(need, Target):
        need = Required(
            comparator=need.comparator,
            amount=Fraction(need.amount),
            upper=None if need.upper is None else Fraction(need.upper),
            unit=need.unit,
        )
    return plan_view.required(need)


@register.filter
def ty_le(share: Fraction | None) -> str:
    """A share as a percentage."""
    if share is None:
        return ""
    return format_percent(100 * share)


@register.filter
def ngay_thang(day: date | None) -> str:
    """A day that may be unknown."""
    if day is None:
        return ""
    return format_date(day)


@register.filter
def so_hoac(number: int | None) -> str:
    """A sum that may be missing: … where it is, never 0."""
    if number is None:
        return "…"
    return format_number(number)


@register.filter
def co_khong(value: Value) -> str:
    """A yes/no figure."""
    return {1: "Có", 0: "Không", NIL: "Không", NOT_APPLICABLE: "không áp dụng"}.get(
        value, str(value)
    )


@register.filter
def phan_tram(score: float) -> str:
    """A score from 0 to 1 as a whole percentage."""
    return f"{round(100 * score)}%"


@register.filter
def ten(things: Iterable[Named]) -> str:
    """Names of units or indicators, one after the other."""
    return ", ".join(thing.name for thing in things)


@register.filter
def ten_va_ma(units: Iterable[UnitVersion]) -> str:
    """Names of units with their codes: `Xã A (a), Xã B (b)`."""
    return ", ".join(f"{unit.name} ({unit.code})" for unit in units)


@register.filter
def trong_ngoac(text: str) -> str:
    """` (Nghị quyết 1)` after a title; nothing where there is no text."""
    if text:
        return f" ({text})"
    return ""


@register.filter
def theo_van_ban(reforms: Iterable[Reform]) -> str:
    """`, theo Nghị quyết 1; Nghị quyết 2`: documents of reforms, or their titles."""
    documents = "; ".join(reform.document or reform.title for reform in reforms)
    if documents:
        return f", theo {documents}"
    return ""


@register.filter
def khong_ro_phan(unsure: Iterable[tuple[str, int | None]]) -> str:
    """`Không rõ phần nào của Xã A`: of which units a share is not known."""
    return "; ".join(
        f"Không rõ phần nào của {name}" + (f", chỉ biết từ {known} trở lên" if known else "")
        for name, known in unsure
    )


@register.filter
def thieu_bao_cao(figure: Figure | None) -> bool:
    """Whether some of the reports that a figure should rest on are missing."""
    return figure is not None and figure.reports < figure.due


@register.filter
def before(day: date, other: date) -> bool:
    """Whether a day is before another one."""
    return day < other


@register.filter
def cac_dong(texts: Iterable[str]) -> str:
    """One text a line."""
    return "\n".join(texts or ())


@register.filter
def noi_trong_tep(source: Source) -> str:
    """Where something is in a file: `ke-hoach.docx · bảng 1, hàng 3, ô 2`."""
    if source.row is not None and source.table is not None:
        cell = "" if source.cell is None else f", ô {source.cell + 1}"
        return f"{source.file} · bảng {source.table + 1}, hàng {source.row + 1}{cell}"
    if source.paragraph is not None:
        return f"{source.file} · đoạn {source.paragraph + 1}"
    return source.file or "thêm khi xem lại"


@register.filter
def so_va_ten(row: Objective | Activity) -> str:
    """Number and title of a row, cut where it is long."""
    title = Truncator(row.title).chars(140)
    if row.number:
        return f"{row.number} · {title}"
    return title


@register.filter
def ten_quyet_dinh(decision: Allocation) -> str:
    """What a decision or its draft is called."""
    if decision.number:
        return f"Quyết định số {decision.number}"
    if decision.revises:
        return f"Bản điều chỉnh quyết định số {decision.revises.number}"
    return "Bảng giao chưa ban hành"
