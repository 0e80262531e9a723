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
    scale = 10 if ratio or (up is None and abs(value) < 10 and value.denominator > 1) else 1
    if up is not None:
        value = Fraction(ceil(value * scale) if up else floor(value * scale), scale)
    if ratio:
        return format_percent(value, 1)
    return format_number(value, 1 if scale > 1 and value.denominator > 1 else 0)


def between(reading: Reading, outlook: Projection) -> str:
    """`343–407 hộ`, `94,8–95,1%`; one amount where both ends are the same."""
    low, high = amount(reading, outlook.low, up=False), amount(reading, outlook.high, up=True)
    ends = low if low == high else f"{low.removesuffix('%')}–{high}"
    return ends + _unit(reading)


def pace(reading: Reading) -> str:
    """`đến 30/6/2021 được 189 hộ, theo tiến độ là 171: vượt tiến độ`.

    Nothing where no pace is known.
    """
    found = reading.result.pace
    if found is None:
        return ""
    return f"{_by_pace(reading, found)}: {TEMPOS[found.tempo]}"


def _by_pace(reading: Reading, found: Pace) -> str:
    actual, expected = amount(reading, found.actual), amount(reading, found.expected)
    return f"đến {format_date(found.by)} được {actual}{_unit(reading)}, theo tiến độ là {expected}"


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
    return text if result.outlook.low == result.outlook.high else f"{text} (giữa {middle})"


def method(found: Projection) -> str:
    """How a projection was made, in one line."""
    match found.method:
        case ForecastMethod.SEASON:
            return (
                f"số đã có, cộng phần còn lại của năm như {found.points} năm trước:"
                " ít nhất, giữa, nhiều nhất"
            )
        case ForecastMethod.RATE:
            return (
                f"số đã có, cộng các kỳ còn lại như {found.points} kỳ của năm nay:"
                " ít nhất, giữa, nhiều nhất"
            )
        case ForecastMethod.TREND:
            return (
                f"đường xu thế qua {found.points} năm đã có (độ dốc giữa của mọi cặp năm),"
                " rộng bằng chỗ lệch lớn nhất của các năm đó"
            )


def rest(reading: Reading, found: Remainder) -> str:
    """`cần 45 hộ mỗi tháng, cao nhất từng đạt 31`."""
    each, unit = (
        PERIODS[found.frequency],
        POINTS_PERCENT if reading.result.figure.ratio else _unit(reading),
    )
    text = (
        f"cần {'thêm' if found.up else 'giảm thêm'} "
        f"{_more(reading, found.needed, up=True)}{unit} mỗi {each}"
    )
    return text if found.best is None else f"{text}, cao nhất từng đạt {_more(reading, found.best)}"


def remaining(reading: Reading) -> str:
    """`còn 1 quý, cần thêm 40 gương mỗi quý, cao nhất từng đạt 190`.

    Nothing where nothing is left to do.
    """
    found = reading.result.rest
    if found is None:
        return ""
    periods = PERIODS[found.frequency]
    if found.frequency is Frequency.HALF:
        periods = f"kỳ {periods}"  # "2 kỳ 6 tháng"
    return f"còn {found.left} {periods}, {rest(reading, found)}"


def _more(reading: Reading, value: Fraction, *, up: bool = False) -> str:
    """What a period brings: it may have a decimal where a count has none.

    `up`: what is needed, never too little.
    """
    scale = 10 if reading.result.figure.ratio or value < 10 else 1
    rounded = Fraction(ceil(value * scale), scale) if up else value
    places = 1 if scale > 1 and rounded.denominator > 1 else 0
    return format_number(rounded, 1 if reading.result.figure.ratio else places)


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
    found = reading.result.pace
    if found is None or found.tempo is Tempo.ON:
        return ""
    return f"{TEMPO_SIGNS[found.tempo]} {TEMPOS[found.tempo]}"


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
    return "" if year is None or year == reading.years[-1].year else f"số năm {year}"


def rolled_up(tally: StatusTally) -> str:
    """`2 đạt, 1 đang thực hiện; khó đạt`."""
    counts = ", ".join(f"{count} {plan_view.LEVELS[level]}" for level, count in tally.counts)
    said = tally.prospect not in (Prospect.UNKNOWN, Prospect.REACHED)
    return f"{counts}; {PROSPECTS[tally.prospect]}" if said else counts


def _unit(reading: Reading) -> str:
    if reading.result.figure.ratio:
        return ""
    unit = (
        plan_view.UNITS_DONE
        if reading.indicator.kind is IndicatorKind.MILESTONE
        else reading.indicator.unit
    )
    return f" {unit}" if unit else ""
