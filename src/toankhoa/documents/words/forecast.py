"""How a figure comes along and where it will end, in the words that screens and papers share.

An amount that is only expected or projected is rounded: bounds outwards, so that a rounded range
never claims more than it knows; everything else as people round.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from toankhoa.core.basics import Frequency, format_date, format_number, format_percent
from toankhoa.core.measures import IndicatorKind, Path, TermRule
from toankhoa.core.results import (
    ForecastMethod,
    Pace,
    Projection,
    Prospect,
    Reading,
    Remainder,
    StatusTally,
    Tempo,
    TermReading,
)
from toankhoa.documents.words import plan_view

TEMPOS = plan_view.TEMPOS
# On paper and in a small cell; what is on its path needs no mark.
TEMPO_SIGNS = {Tempo.AHEAD: "▲", Tempo.ON: "", Tempo.BEHIND: "▼"}
PATHS = {
    Path.EVEN: "chia đều theo thời gian",
    Path.SEASONAL: "theo mùa của các năm trước",
    Path.STEPS: "theo bậc từng năm của kế hoạch",
    Path.DEADLINE: "đến hạn mới xét",
}
PROSPECTS = {
    Prospect.REACHED: "đã đạt",
    Prospect.LIKELY: "nhiều khả năng đạt",
    Prospect.UNSURE: "chưa chắc đạt",
    Prospect.LAGGING: "đang chậm tiến độ",
    Prospect.ON_COURSE: "đang đúng tiến độ",
    Prospect.UNLIKELY: "khó đạt",
    Prospect.LOST: "không đạt",
    Prospect.UNKNOWN: "chưa đủ số để dự báo",
}
PERIODS = {
    Frequency.MONTH: "tháng",
    Frequency.QUARTER: "quý",
    Frequency.HALF: "6 tháng",
    Frequency.YEAR: "năm",
}
TERM_RULES = {TermRule.SUM: "các năm cộng lại", TermRule.LAST: "lấy số của năm cuối"}
POINTS_PERCENT = " điểm phần trăm"


def amount(reading: Reading, value: Fraction, *, up: bool | None = None) -> str:
    """A rounded amount without its unit: `94,9%`, `385`.

    `up`: a bound, rounded that way; None: half up.
    """
    ratio = reading.result.figure.ratio
    small = up is None and abs(value) < 10 and value.denominator > 1
    scale = 10 if ratio or small else 1
    if up is not None:
        rounded = ceil if up else floor
        value = Fraction(rounded(value * scale), scale)
    if ratio:
        return format_percent(value, 1)
    return format_number(value, 1 if small else 0)


def between(reading: Reading, outlook: Projection) -> str:
    """`343–407 hộ`, `94,8–95,1%`; one amount where both ends are the same."""
    low, high = amount(reading, outlook.low, up=False), amount(reading, outlook.high, up=True)
    ends = low if low == high else f"{low.removesuffix('%')}–{high}"
    return ends + _unit(reading)


def pace(reading: Reading) -> str:
    """`đến 30/6/2021 được 189 hộ, theo tiến độ là 171: vượt tiến độ`.

    Nothing where no pace is known.
    """
    current = reading.result.pace
    if current is None:
        return ""
    return f"{_by_pace(reading, current)}: {TEMPOS[current.tempo]}"


def _by_pace(reading: Reading, current: Pace) -> str:
    actual, expected = amount(reading, current.actual), amount(reading, current.expected)
    return (
        f"đến {format_date(current.by)} được {actual}{_unit(reading)}, theo tiến độ là {expected}"
    )


def no_pace(reading: Reading) -> str:
    """Why nothing is said of the pace."""
    result = reading.result
    if result.progress is None:
        return "Thời gian đã hết hoặc chưa bắt đầu, không còn xét tiến độ."
    if result.goal is None:
        return "Chưa có chỉ tiêu phải đạt nên không có tiến độ."
    if result.progress.path.shape is Path.DEADLINE:
        return f"Chỉ tính khi đến hạn, ngày {format_date(result.progress.ends)}."
    if result.progress.by is None:
        return "Chưa có kỳ báo cáo nào đến hạn."
    return "Chưa đủ số liệu để nói nhanh hay chậm."


def outlook(reading: Reading) -> str:
    """`đến 31/12/2021 được 343–407 hộ (giữa 367)`; nothing where the outlook is silent."""
    result = reading.result
    if result.outlook is None or result.progress is None:
        return ""
    middle = amount(reading, result.outlook.middle)
    text = f"đến {format_date(result.progress.ends)} được {between(reading, result.outlook)}"
    if result.outlook.low == result.outlook.high:
        return text
    return f"{text} (giữa {middle})"


def method(projection: Projection) -> str:
    """How a projection was made, in one line."""
    match projection.method:
        case ForecastMethod.SEASON:
            return (
                f"số đã có, cộng phần còn lại của năm như {projection.points} năm trước:"
                " ít nhất, giữa, nhiều nhất"
            )
        case ForecastMethod.RATE:
            return (
                f"số đã có, cộng các kỳ còn lại như {projection.points} kỳ của năm nay:"
                " ít nhất, giữa, nhiều nhất"
            )
        case ForecastMethod.TREND:
            return (
                f"đường xu thế qua {projection.points} năm đã có (độ dốc giữa của mọi cặp năm),"
                " rộng bằng chỗ lệch lớn nhất của các năm đó"
            )


def rest(reading: Reading, remainder: Remainder) -> str:
    """`cần 45 hộ mỗi tháng, cao nhất từng đạt 31`."""
    unit = POINTS_PERCENT if reading.result.figure.ratio else _unit(reading)
    change = "thêm" if remainder.up else "giảm thêm"
    needed = _more(reading, remainder.needed, up=True)
    text = f"cần {change} {needed}{unit} mỗi {PERIODS[remainder.frequency]}"
    if remainder.best is None:
        return text
    return f"{text}, cao nhất từng đạt {_more(reading, remainder.best)}"


def remaining(reading: Reading) -> str:
    """`còn 1 quý, cần thêm 40 gương mỗi quý, cao nhất từng đạt 190`.

    Nothing where nothing is left to do.
    """
    remainder = reading.result.rest
    if remainder is None:
        return ""
    periods = PERIODS[remainder.frequency]
    if remainder.frequency is Frequency.HALF:
        periods = f"kỳ {periods}"  # "2 kỳ 6 tháng"
    return f"còn {remainder.left} {periods}, {rest(reading, remainder)}"


def _more(reading: Reading, value: Fraction, *, up: bool = False) -> str:
    """What a period brings: it may have a decimal where a count has none.

    `up`: what is needed, never too little.
    """
    ratio = reading.result.figure.ratio
    fine = ratio or value < 10
    if up:
        scale = 10 if fine else 1
        value = Fraction(ceil(value * scale), scale)
    if ratio or (fine and value.denominator > 1):
        return format_number(value, 1)
    return format_number(value, 0)


def why(reading: Reading) -> str:
    """In one line what the prospect rests on.

    The early warning, else the outlook, else the pace.
    """
    result = reading.result
    if result.prospect in (Prospect.REACHED, Prospect.UNKNOWN):
        return ""
    parts = []
    if result.outlook:
        parts.append(f"dự báo {between(reading, result.outlook)}")
    if result.warning:
        parts.append(rest(reading, result.warning))
    if result.prospect is Prospect.LOST and result.reached is not None and result.goal is not None:
        now = "hết hạn được" if result.progress is None else "đã vượt chỉ tiêu, được"
        parts.append(
            f"{now} {amount(reading, result.reached)}, phải đạt {amount(reading, result.goal)}"
        )
    elif not parts and result.pace:
        parts.append(_by_pace(reading, result.pace))
    return "; ".join(parts)


def tempo(reading: Reading) -> str:
    """`▼ chậm tiến độ`, for a small cell; nothing where it is on its path or the target is met."""
    current = reading.result.pace
    if current is None or current.tempo is Tempo.ON:
        return ""
    return f"{TEMPO_SIGNS[current.tempo]} {TEMPOS[current.tempo]}"


def years_met(reading: TermReading) -> str:
    """`4/5 năm đạt`; nothing where no year has a level of its own."""
    if not reading.term.years_with_target:
        return ""
    return f"{reading.term.years_met}/{reading.term.years_with_target} năm đạt"


def of_year(reading: TermReading) -> str:
    """`số năm 2020` where the newest figure is not of the term's last year.

    Nothing where the years add up.
    """
    year = reading.term.year
    if year is None or year == reading.years[-1].year:
        return ""
    return f"số năm {year}"


def rolled_up(tally: StatusTally) -> str:
    """`2 đạt, 1 đang thực hiện; khó đạt`."""
    counts = ", ".join(f"{count} {plan_view.LEVELS[level]}" for level, count in tally.counts)
    if tally.prospect in (Prospect.UNKNOWN, Prospect.REACHED):
        return counts
    return f"{counts}; {PROSPECTS[tally.prospect]}"


def _unit(reading: Reading) -> str:
    if reading.result.figure.ratio:
        return ""
    unit = reading.indicator.unit
    if reading.indicator.kind is IndicatorKind.MILESTONE:
        unit = plan_view.UNITS_DONE
    return f" {unit}" if unit else ""
