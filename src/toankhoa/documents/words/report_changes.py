"""What has changed since an earlier report, in words: for Word, Excel and the screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from toankhoa.core.basics import format_date, format_number, format_percent
from toankhoa.core.results import SnapshotChange, SnapshotFigure
from toankhoa.documents.words.plan_view import MISSING

HEADERS = ("Chỉ số", "Năm", "Báo cáo trước", "Nay", "Chênh lệch")


@dataclass(frozen=True)
class Since:
    """A report and the figures of years over by then that are no longer what it said.

    `year` was still running then: `running` of its figures have changed, as they should with every
    month.
    """

    report: str
    signed_on: date
    changes: tuple[SnapshotChange, ...]
    year: int
    running: int

    @property
    def words(self) -> str:
        """`Số đã đổi từ Báo cáo năm số 12/BC ngày 15/7/2021: 3 số của các năm trước 2021.`"""
        head = f"Số đã đổi từ {self.report} ngày {format_date(self.signed_on)}"
        count = format_number(len(self.changes))
        settled = (
            f"{count} số của các năm trước {self.year}"
            if self.changes
            else "không có số nào của các năm đã hết"
        )
        more = (
            f" Năm {self.year}: {format_number(self.running)} số có thêm kỳ mới."
            if self.running
            else ""
        )
        return f"{head}: {settled}.{more}"


def said(figure: SnapshotFigure | None) -> str:
    """`151/171 = 88,3%`, `356 hộ`; … where it was missing or not there."""
    if figure is None or figure.figure.value is None or figure.numerator is None:
        return MISSING
    if not figure.ratio or figure.denominator is None:
        return f"{format_number(figure.numerator)} {figure.unit}".strip()
    parts = f"{format_number(figure.numerator)}/{format_number(figure.denominator)}"
    return f"{parts} = {format_percent(figure.figure.value)}"


def difference(change: SnapshotChange) -> str:
    """`+3`, `-2,5 điểm phần trăm`; – where a side is missing."""
    value = change.difference
    if value is None:
        return "–"
    sign = "+" if value > 0 else ""
    return f"{sign}{format_number(value)}{' điểm phần trăm' if change.about.ratio else ''}"


def row(change: SnapshotChange) -> tuple[str, str, str, str, str]:
    """The words under `HEADERS`."""
    return (
        change.about.name,
        str(change.about.year),
        said(change.was),
        said(change.now),
        difference(change),
    )
