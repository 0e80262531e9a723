"""The words of the living plan on paper, shared by Word and Excel.

Under a title: whose figures these are. In a year cell: what is asked, what has come of it, how it
stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from toankhoa.core.basics import format_date, format_number, format_percent
from toankhoa.core.measures import Indicator, IndicatorKind
from toankhoa.core.plan import Basis, Comparator, Objective
from toankhoa.core.results import Level, PlanLine, Reading, Tempo
from toankhoa.core.targets import PERCENT, Required
from toankhoa.core.totals import Figure

MISSING = "…"
GOAL = "Mục tiêu: "
SAMPLE = "DỮ LIỆU MẪU (TỔNG HỢP)"
DONE, NOT_DONE, UNITS_DONE = "đã thực hiện", "chưa thực hiện", "đơn vị đã thực hiện"

LEVELS = {
    Level.MET: "đạt",
    Level.NOT_MET: "chưa đạt",
    Level.OPEN: "đang thực hiện",
    Level.NO_DATA: "chưa có số liệu",
    Level.NO_TARGET: "chưa giao chỉ tiêu",
    Level.NOT_DUE: "không đến hạn",
    Level.NOT_APPLICABLE: "không thuộc đơn vị",
}
# A reader who sees no colours, or a black and white print, still sees how a row stands.
SIGNS = {
    Level.MET: "✓",
    Level.NOT_MET: "✗",
    Level.OPEN: "►",
    Level.NO_DATA: "?",
    Level.NO_TARGET: "○",
    Level.NOT_DUE: "–",
    Level.NOT_APPLICABLE: "/",
}
TEMPOS = {Tempo.AHEAD: "vượt tiến độ", Tempo.ON: "đúng tiến độ", Tempo.BEHIND: "chậm tiến độ"}
COMPARATORS = {
    Comparator.AT_LEAST: "≥",
    Comparator.ABOVE: ">",
    Comparator.EXACTLY: "=",
    Comparator.AT_MOST: "≤",
    Comparator.BELOW: "<",
    Comparator.ABOUT: "khoảng",
    Comparator.RANGE: "từ – đến",
    Comparator.CHANGE: "thêm",
    Comparator.KEEP: "giữ như năm trước",
}
_UNSAID = frozenset({Comparator.EXACTLY, Comparator.RANGE})
_SILENT = frozenset({Level.NOT_DUE, Level.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportHeading:
    """What a living plan says of itself: whose figures, up to which day, under which version.

    `synthetic`: the figures are made up for a demonstration, and the paper says so. `document`: the
    code that those of its figures begin with, where they have codes; `report`: what it was issued
    as.
    """

    unit: str
    as_of: date
    version: str
    synthetic: bool = False
    document: str = ""
    report: str = ""

    @property
    def words(self) -> str:
        """All of it but the warning, in one line."""
        words = (
            f"Đơn vị: {self.unit}. Số liệu đến ngày {format_date(self.as_of)}. "
            f"Phiên bản kế hoạch: {self.version}."
        )
        return f"{self.report and f'{self.report}. '}{words}{self.document and f' {self.foot}.'}"

    @property
    def foot(self) -> str:
        """What every page says: which document it is of."""
        return f"Mã tài liệu: {self.document}" if self.document else ""


def numbered(heading: Objective) -> tuple[str, str]:
    """A heading's first column and its words.

    "1.1" stands in the column, "Chỉ tiêu 5" at the head of the words.
    """
    if " " in heading.number:
        return "", f"{heading.number}: {heading.title}"
    return heading.number, heading.title


def actual(reading: Reading) -> str:
    """`151/171 = 88,3%`, `356 hộ`, `đã thực hiện`; … where it is missing."""
    figure, indicator = reading.result.figure, reading.indicator
    if figure.numerator is None or figure.value is None:
        return MISSING
    if indicator.kind is IndicatorKind.MILESTONE:
        return _milestone(figure)
    numerator = format_number(figure.numerator)
    if not figure.ratio or figure.denominator is None:
        return f"{numerator} {indicator.unit}".strip()
    star = "*" if figure.partial else ""
    return f"{numerator}/{format_number(figure.denominator)} = {format_percent(figure.value)}{star}"


def _milestone(figure: Figure) -> str:
    """One unit has done it or not; where several owe it, how many have."""
    if figure.due > 1:
        return f"{format_number(figure.numerator or 0)} {UNITS_DONE}"
    return DONE if figure.numerator else NOT_DONE


def asked(reading: Reading) -> str:
    """What the unit must reach where the year cell's own words do not say it: `≥ 80%`.

    Else nothing.
    """
    target, need = reading.target, reading.result.required
    if target is None or need is None:
        return ""
    in_cell = (
        target.origin == "cell"
        and target.target.basis is not Basis.PER_UNIT
        and reading.cascaded is None
    )
    return "" if in_cell else required(need)


def required(need: Required) -> str:
    """`≥ 88,3%`, `2–3 mô hình`, `342 hộ`, `giữ như năm trước`."""
    sign = COMPARATORS[need.comparator]
    if need.comparator is Comparator.KEEP:
        return sign
    written = format_percent if need.unit == PERCENT else format_number
    upper = "" if need.upper is None else f"–{written(need.upper)}"
    unit = "" if need.unit in ("", PERCENT) else f" {need.unit}"
    amount = f"{written(need.amount)}{upper}{unit}"
    return amount if need.comparator in _UNSAID else f"{sign} {amount}"


def reports(reading: Reading) -> str:
    """What a figure lacks, in words; nothing where all that were due are in.

    `167/171 báo cáo` where some are missing, `12 số kỳ trước` where some are of an earlier period,
    `2 theo đơn vị trước sắp xếp` where some are of units before a reform.
    """
    if not speaks(reading):
        return ""
    figure = reading.result.figure
    parts = []
    if figure.reports < figure.due:
        parts.append(f"{format_number(figure.reports)}/{format_number(figure.due)} báo cáo")
    if figure.carried:
        parts.append(f"{format_number(figure.carried)} số kỳ trước")
    if figure.inherited:
        parts.append(f"{format_number(figure.inherited)} theo đơn vị trước sắp xếp")
    return ", ".join(parts)


def standing(reading: Reading) -> str:
    """`✓ đạt (167/171 báo cáo)`."""
    level = reading.result.level
    words = f"{SIGNS[level]} {LEVELS[level]}{tempo(reading)}"
    missing = reports(reading)
    return f"{words} ({missing})" if missing else words


def tempo(reading: Reading) -> str:
    """`, chậm tiến độ` of a level that is not reached yet; nothing where it is on its path."""
    pace = reading.result.pace
    if pace is None or pace.tempo is Tempo.ON or reading.result.level is not Level.OPEN:
        return ""
    return f", {TEMPOS[pace.tempo]}"


def speaks(reading: Reading) -> bool:
    """Whether an actual belongs on paper: something is asked, or something came in unasked."""
    return reading.result.level not in _SILENT or reading.result.figure.value is not None


def indicators(line: PlanLine) -> tuple[Indicator, ...]:
    """The indicators of a row, the same in each of its years."""
    return tuple(reading.indicator for reading in line.cells[0].readings) if line.cells else ()
