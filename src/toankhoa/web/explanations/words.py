"""What is said of a figure that is explained, in the words of its page and of its workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from toankhoa.core.basics import format_date, format_number
from toankhoa.core.measures import IndicatorKind, Library
from toankhoa.core.organisation import Reform, Tenure
from toankhoa.core.results import PartStatus, Reading, TermReading
from toankhoa.core.totals import Figure
from toankhoa.documents.words import plan_view
from toankhoa.documents.words.alike_figures import figure_words
from toankhoa.documents.writing.write_explanation import HandedLine, PartLine, ReturnLine, YearLine
from toankhoa.operations.cascaded_targets import CascadeStep
from toankhoa.operations.explained import Explained, ExplainedPart
from toankhoa.reporting.reading.source_returns import SourceReturn
from toankhoa.web.allocations.words import counted_level, rule_words, weight_names
from toankhoa.web.returns.words import state_words
from toankhoa.web.shell import words
from toankhoa.web.templatetags.vietnamese import luc, muc, ngay_thang, so_hoac

NOT_CASCADED = "không giao"
Names = Callable[[Iterable[str]], list[str]]


def actual_words(reading: Reading, places: int | None = None) -> str:
    """What a reading has come to, without its unit of measure; blank where it is missing.

    `places`: as many decimals as the column shows that it stands in.
    """
    figure = reading.result.figure
    if figure.value is not None and reading.indicator.kind is IndicatorKind.MILESTONE:
        return plan_view.actual(reading)
    return figure_words(figure, places, missing="")


def tenure_words(tenure: Tenure, names: Names) -> str:
    """`từ 1/7/2021, nối tiếp Xã A, Xã B`; `đến hết 30/6/2021, nay là Xã Mới`.

    Blank where nothing changed.
    """
    events = []
    if tenure.since:
        link = "nối tiếp" if tenure.began else "trước đó thuộc"
        events.append(_event(f"từ {format_date(tenure.since)}", link, names(tenure.came_from)))
    if tenure.until:
        link = "nay là" if tenure.ended else "sau đó thuộc"
        last_day = f"đến hết {format_date(tenure.until)}"
        events.append(_event(last_day, link, names(tenure.went_to)))
    return "; ".join(events)


def _event(day: str, link: str, names: Sequence[str]) -> str:
    return f"{day}, {link} {', '.join(names)}" if names else day


def part_note(part: ExplainedPart, names: Names) -> str:
    """What is to be known of a part besides its figure."""
    nothing_due = ""
    if part.brings is PartStatus.NOTHING_DUE:
        nothing_due = "không có kỳ nào đến hạn ở đây"
    notes = [tenure_words(part.tenure, names), nothing_due, _carried(part.figure)]
    return "; ".join(filter(None, notes))


def _carried(figure: Figure) -> str:
    if figure.inherited:
        return "số của đơn vị cũ trước khi sắp xếp"
    if not figure.carried:
        return ""
    if figure.due == 1:
        return "số kỳ trước"
    return f"{format_number(figure.carried)} đơn vị lấy số kỳ trước"


def formula(explained: Explained) -> str:
    """How the figure is reckoned, in one line.

    `Hội viên sinh hoạt ÷ Hội viên × 100 = 80 ÷ 100 × 100 = 80%`; of a count what is added up, and
    the sum.
    """
    reading, figure = explained.reading, explained.reading.result.figure
    if figure.ratio and figure.value is not None:
        of_year = _ratio_formula(explained)
    else:
        of_year = _count_formula(explained)
    if isinstance(reading, TermReading) and reading.term.year is not None:
        return f"Số của năm {explained.years[-1]}. {of_year}"
    return of_year


def _ratio_formula(explained: Explained) -> str:
    figure, top = explained.reading.result.figure, explained.explanation.numerator
    numbers = f"{so_hoac(figure.numerator)} ÷ {so_hoac(figure.denominator)}"
    names = f"{top.name} ÷ {denominator_name(explained)}"
    return f"{names} × 100 = {numbers} × 100 = {figure_words(figure)}"


def _count_formula(explained: Explained) -> str:
    figure, top = explained.reading.result.figure, explained.explanation.numerator
    named = f"{top.name}, {_rule(explained)}: "
    if figure.value is None:
        return f"{named}chưa có số liệu"
    return f"{named}{_summands(explained)}{figure_words(figure)}"


def denominator_name(explained: Explained) -> str:
    """What a ratio is divided by."""
    denominator = explained.explanation.denominator
    if denominator:
        return denominator.name
    level = explained.reading.indicator.unit_level or ""
    level_names = explained.living.ledger.library.vocabulary.level_names
    return f"số đơn vị cấp {level_names.get(level, level).lower()} trong năm"


def _rule(explained: Explained) -> str:
    if len(explained.years) > 1:
        return "cộng các năm của nhiệm kỳ"
    top = explained.explanation.numerator
    return "đếm số đơn vị đạt điều kiện" if top.derived else words.TIMES[top.time]


def _summands(explained: Explained) -> str:
    """`2 (tháng 3) + 4 (tháng 6) = `; blank where there is only the sum."""
    reading, years = explained.reading, explained.years
    summands: list[str] = []
    if isinstance(reading, TermReading) and len(years) > 1:
        for of_year in reading.years:
            if of_year.year in years:
                summands.append(f"{figure_words(of_year.result.figure)} ({of_year.year})")
    elif explained.explanation.numerator.time == "flow":
        for month, figure in months_of(explained):
            summands.append(f"{format_number(figure)} (tháng {month})")
    return f"{' + '.join(summands)} = " if summands else ""


def months_of(explained: Explained) -> list[tuple[int, int]]:
    """Month and figure of a count's year; none of a ratio, and where years add up."""
    if len(explained.years) > 1 or explained.reading.result.figure.ratio:
        return []
    reader = explained.living.reader.reader
    return reader.months(explained.explanation.numerator, explained.years[-1])


def facts(explained: Explained, today: str, as_of: datetime | None) -> Iterator[tuple[str, str]]:
    """What the page says above its tables, by what it is about."""
    reading, result = explained.reading, explained.reading.result
    yield "Đơn vị", explained.living.unit_name
    yield from _tenure_facts(explained)
    yield "Chỉ số", reading.indicator.name
    if explained.of_term:
        years = explained.living.plan.years
        yield "Nhiệm kỳ", f"{years[0]}–{years[-1]}"
    else:
        yield "Năm", str(reading.year)
    yield "Kết quả", plan_view.actual(reading)
    yield "Đánh giá", words.LEVELS[result.level]
    yield "Cách tính", formula(explained)
    yield from _target_facts(explained)
    version = explained.governed_by
    yield "Kế hoạch", f"Số {version.number}, có hiệu lực từ {format_date(version.effective_on)}"
    yield from _report_facts(result.figure)
    yield from reform_facts(explained.reforms)
    yield "Số liệu tính đến", luc(as_of) if as_of else today
    if explained.mark:
        yield "Mã số liệu", str(explained.mark)


def _target_facts(explained: Explained) -> Iterator[tuple[str, str]]:
    reading = explained.reading
    if reading.result.required:
        yield "Chỉ tiêu phải đạt", plan_view.required(reading.result.required)
    cascaded = reading.cascaded
    if cascaded:
        issued = f"ngày {format_date(cascaded.issued_on)} của {cascaded.issued_by}"
        yield "Chỉ tiêu giao", f"Quyết định số {cascaded.number} {issued}"
    if reading.target:
        origin = words.ORIGINS[reading.target.origin]
        yield "Nguồn của chỉ tiêu", f"{origin}: {explained.target_row.title}"


def approved_reports(figure: Figure) -> str:
    """How many of the reports that are due have been accepted."""
    reports, due = format_number(figure.reports), format_number(figure.due)
    return f"Đã duyệt {reports}/{due} báo cáo phải gửi"


def _report_facts(figure: Figure) -> Iterator[tuple[str, str]]:
    yield "Báo cáo", approved_reports(figure)
    if figure.carried:
        yield "Số kỳ trước", f"{format_number(figure.carried)} đơn vị: lấy số gần nhất trong năm"
    if figure.inherited:
        until = "lấy số của đơn vị cũ trước khi sắp xếp, đến khi có báo cáo"
        yield "Số của đơn vị cũ", f"{format_number(figure.inherited)} đơn vị: {until}"


def _tenure_facts(explained: Explained) -> Iterator[tuple[str, str]]:
    """That the unit ended, or began in the figure's span."""
    living = explained.living
    if living.ended:
        heirs = ", ".join(heir.name for heir in living.heirs)
        carried_on = f"; nay {heirs} làm tiếp" if heirs else ""
        yield "Đơn vị đến", format_date(living.last_day) + carried_on
    if explained.tenure.since:
        since = replace(explained.tenure, until=None)
        yield "Đơn vị có", tenure_words(since, explained.names)


def reform_facts(reforms: Iterable[Reform]) -> Iterator[tuple[str, str]]:
    """Each reform with its document and day."""
    for reform in reforms:
        document = f" ({reform.document})" if reform.document else ""
        yield "Sắp xếp đơn vị", f"{reform.title}{document}, từ {format_date(reform.day)}"


def part_lines(explained: Explained) -> list[PartLine]:
    """The parts as rows of a workbook."""
    return [_part_line(part, explained) for part in explained.parts]


def _part_line(part: ExplainedPart, explained: Explained) -> PartLine:
    target = muc(part.target)
    note = part_note(part, explained.names)
    return PartLine(part.name, part.figure, part.share, target, note)


def year_lines(explained: Explained) -> list[YearLine]:
    """The years of a term as rows of a workbook; none of a year."""
    reading = explained.reading
    if not isinstance(reading, TermReading):
        return []
    return [_year_line(of_year) for of_year in reading.years]


def _year_line(of_year: Reading) -> YearLine:
    result = of_year.result
    target = muc(result.required)
    return YearLine(of_year.year, target, result.figure, words.LEVELS[result.level])


def return_line(source: SourceReturn, explained: Explained) -> ReturnLine:
    """A return as a row of a workbook."""
    sent_at = source.ret.sent_at if source.ret else None
    library = explained.living.ledger.library
    return ReturnLine(
        source.unit.name,
        source.form.name,
        source.period.label,
        state_words(source.ret, explained.organisation, library),
        luc(sent_at),
        source.figures,
    )


def cascade_line(step: CascadeStep, library: Library) -> HandedLine:
    """One step of a target down to the unit as a row of a workbook."""
    counted = counted_level(step.column.rule)
    weights = weight_names([counted] if counted else [], library.vocabulary)
    weights |= {code: element.name for code, element in library.elements.items()}
    decision = step.decision
    return HandedLine(
        unit=step.unit,
        part=muc(step.need) or NOT_CASCADED,
        giver=step.giver,
        number=decision.number,
        issued=ngay_thang(decision.issued_on),
        effective=ngay_thang(decision.effective_on),
        rule=rule_words(step.column, weights, library.vocabulary),
        divided=muc(step.divided) or NOT_CASCADED,
    )
