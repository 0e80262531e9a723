"""What is said of a figure that is explained, in the words of its page and of its workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from toankhoa.core.basics import format_date, format_number
from toankhoa.core.measures import Library
from toankhoa.core.organisation import Reform, Tenure
from toankhoa.core.results import PartStatus, TermReading
from toankhoa.core.totals import Figure
from toankhoa.documents.words import plan_view
from toankhoa.documents.writing.write_explanation import HandedLine, PartLine, ReturnLine, YearLine
from toankhoa.operations.cascaded_targets import CascadeStep
from toankhoa.operations.explained import Explained, ExplainedPart
from toankhoa.reporting.reading.source_returns import SourceReturn
from toankhoa.web.allocations.words import counted_level, rule_words, weight_names
from toankhoa.web.returns.words import state_words
from toankhoa.web.shell import words
from toankhoa.web.templatetags.vietnamese import ket_qua, luc, so_hoac

NOT_HANDED = "không giao"
Names = Callable[[Iterable[str]], list[str]]


def stay_words(stay: Tenure, names: Names) -> str:
    """`từ 1/7/2021, nối tiếp Xã A, Xã B`; `đến hết 30/6/2021, nay là Xã Mới`; blank where nothing changed."""
    said = []
    if stay.since:
        before = "nối tiếp" if stay.began else "trước đó thuộc"
        said.append(_with(f"từ {format_date(stay.since)}", before, names(stay.came_from)))
    if stay.until:
        gone = names(stay.went_to)
        said.append(
            _with(
                f"đến hết {format_date(stay.until)}",
                "nay là" if stay.ended else "sau đó thuộc",
                gone,
            )
        )
    return "; ".join(said)


def _with(day: str, link: str, names: Sequence[str]) -> str:
    return f"{day}, {link} {', '.join(names)}" if names else day


def part_note(part: ExplainedPart, names: Names) -> str:
    """What is to be known of a part besides its figure."""
    idle = "không có kỳ nào đến hạn ở đây" if part.brings is PartStatus.NOTHING_DUE else ""
    carried = _carried(part.figure)
    return "; ".join(said for said in (stay_words(part.tenure, names), idle, carried) if said)


def _carried(figure: Figure) -> str:
    if figure.inherited:
        return "số của đơn vị cũ trước khi sắp xếp"
    if not figure.carried:
        return ""
    return (
        "số kỳ trước"
        if figure.due == 1
        else f"{format_number(figure.carried)} đơn vị lấy số kỳ trước"
    )


def formula(found: Explained) -> str:
    """`Hội viên sinh hoạt ÷ Hội viên × 100 = 80 ÷ 100 × 100 = 80%`; of a count what is added up, and the sum."""
    reading, top = found.reading, found.explanation.numerator
    figure = reading.result.figure
    if figure.ratio and figure.value is not None:
        sums = " ÷ ".join(so_hoac(part) for part in (figure.numerator, figure.denominator))
        of_year = f"{top.name} ÷ {below_name(found)} × 100 = {sums} × 100 = {ket_qua(figure)}"
    else:
        value = "chưa có số liệu" if figure.value is None else ket_qua(figure)
        of_year = (
            f"{top.name}, {_rule(found)}: {'' if figure.value is None else _summands(found)}{value}"
        )
    is_last = isinstance(reading, TermReading) and reading.term.year is not None
    return f"Số của năm {found.years[-1]}. {of_year}" if is_last else of_year


def below_name(found: Explained) -> str:
    """What a ratio is divided by."""
    bottom, level = found.explanation.denominator, found.reading.indicator.unit_level
    names = found.living.ledger.library.vocabulary.level_names
    return (
        bottom.name
        if bottom
        else f"số đơn vị cấp {names.get(level, level or '').lower()} trong năm"
    )


def _rule(found: Explained) -> str:
    if len(found.years) > 1:
        return "cộng các năm của nhiệm kỳ"
    top = found.explanation.numerator
    return "đếm số đơn vị đạt điều kiện" if top.derived else words.TIMES[top.time]


def _summands(found: Explained) -> str:
    """`2 (tháng 3) + 4 (tháng 6) = `; blank where there is only the sum."""
    if isinstance(found.reading, TermReading) and len(found.years) > 1:
        of_years = [each for each in found.reading.years if each.year in found.years]
        added = [f"{ket_qua(each.result.figure)} ({each.year})" for each in of_years]
    elif found.explanation.numerator.time == "flow":
        added = [f"{format_number(figure)} (tháng {month})" for month, figure in months_of(found)]
    else:
        added = []
    return f"{' + '.join(added)} = " if added else ""


def months_of(found: Explained) -> list[tuple[int, int]]:
    """Month and figure of a count's year."""
    one = len(found.years) == 1 and not found.reading.result.figure.ratio
    return (
        found.living.reader.reader.months(found.explanation.numerator, found.years[-1])
        if one
        else []
    )


def facts(found: Explained, today: str, as_of: datetime | None) -> Iterator[tuple[str, str]]:
    """What the page says above its tables, by what it is about."""
    reading, result, years = found.reading, found.reading.result, found.living.plan.years
    yield "Đơn vị", found.living.unit_name
    yield from life(found)
    yield "Chỉ số", reading.indicator.name
    yield (
        "Nhiệm kỳ" if found.of_term else "Năm",
        f"{years[0]}–{years[-1]}" if found.of_term else str(reading.year),
    )
    yield "Kết quả", plan_view.actual(reading)
    yield "Đánh giá", words.LEVELS[result.level]
    yield "Cách tính", formula(found)
    if result.required:
        yield "Chỉ tiêu phải đạt", plan_view.required(result.required)
    if given := reading.cascaded:
        yield (
            "Chỉ tiêu giao",
            f"Quyết định số {given.number} ngày {format_date(given.issued_on)} của {given.issued_by}",
        )
    if reading.target:
        yield (
            "Nguồn của chỉ tiêu",
            f"{words.ORIGINS[reading.target.origin]}: {found.target_row.title}",
        )
    version = found.governed_by
    yield "Kế hoạch", f"Số {version.number}, có hiệu lực từ {format_date(version.effective_on)}"
    yield from _reports(result.figure)
    yield from reforms_said(found.reforms)
    yield "Số liệu tính đến", luc(as_of) if as_of else today
    if found.mark:
        yield "Mã số liệu", str(found.mark)


def _reports(figure: Figure) -> Iterator[tuple[str, str]]:
    yield (
        "Báo cáo",
        f"Đã duyệt {format_number(figure.reports)}/{format_number(figure.due)} báo cáo phải gửi",
    )
    if figure.carried:
        yield "Số kỳ trước", f"{format_number(figure.carried)} đơn vị: lấy số gần nhất trong năm"
    if figure.inherited:
        held = "lấy số của đơn vị cũ trước khi sắp xếp, đến khi có báo cáo"
        yield "Số của đơn vị cũ", f"{format_number(figure.inherited)} đơn vị: {held}"


def life(found: Explained) -> Iterator[tuple[str, str]]:
    """That the unit ended, or began in the figure's span."""
    living = found.living
    if living.ended:
        heirs = ", ".join(heir.name for heir in living.heirs)
        yield (
            "Đơn vị đến",
            format_date(living.last_day) + (f"; nay {heirs} làm tiếp" if heirs else ""),
        )
    if found.tenure.since:
        yield "Đơn vị có", stay_words(replace(found.tenure, until=None), found.names)


def reforms_said(reforms: Iterable[Reform]) -> Iterator[tuple[str, str]]:
    """Each reform with its document and day."""
    for reform in reforms:
        document = f" ({reform.document})" if reform.document else ""
        yield "Sắp xếp đơn vị", f"{reform.title}{document}, từ {format_date(reform.day)}"


def part_lines(found: Explained) -> list[PartLine]:
    """The parts as rows."""
    return [
        PartLine(
            part.name,
            part.figure,
            part.share,
            plan_view.required(part.target) if part.target else "",
            part_note(part, found.names),
        )
        for part in found.parts
    ]


def year_lines(found: Explained) -> list[YearLine]:
    """The years of a term as rows; none of a year."""
    if not isinstance(found.reading, TermReading):
        return []
    return [
        YearLine(
            each.year,
            plan_view.required(each.result.required) if each.result.required else "",
            each.result.figure,
            words.LEVELS[each.result.level],
        )
        for each in found.reading.years
    ]


def return_line(behind: SourceReturn, found: Explained) -> ReturnLine:
    """A return as a row."""
    return ReturnLine(
        behind.unit.name,
        behind.form.name,
        behind.period.label,
        state_words(behind.ret, found.organisation, found.living.ledger.library),
        luc(behind.ret.sent_at if behind.ret else None),
        behind.figures,
    )


def handed_line(step: CascadeStep, library: Library) -> HandedLine:
    """One step of a target down to the unit as a row."""
    counted = counted_level(step.column.rule)
    weights = weight_names([counted] if counted else [], library.vocabulary)
    weights |= {code: element.name for code, element in library.elements.items()}
    return HandedLine(
        unit=step.unit,
        part=plan_view.required(step.need) if step.need else NOT_HANDED,
        giver=step.giver,
        number=step.decision.number,
        issued=format_date(step.decision.issued_on),
        effective=format_date(step.decision.effective_on),
        rule=rule_words(step.column, weights, library.vocabulary),
        divided=plan_view.required(step.divided) if step.divided else NOT_HANDED,
    )
