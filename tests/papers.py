"""A small plan of a youth union and its living lines, for what is written on paper."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from toankhoa.core.basics import Frequency
from toankhoa.core.compiling import Language, parse_cell
from toankhoa.core.measures import Indicator, IndicatorKind, Path, TermRule, Vocabulary
from toankhoa.core.plan import (
    Activity,
    Basis,
    Comparator,
    Headers,
    Objective,
    Plan,
    Signature,
    Target,
)
from toankhoa.core.results import (
    ExpectedPath,
    ForecastMethod,
    PlanLine,
    Progress,
    Projection,
    Reading,
    TermReading,
    TermYear,
    YearCell,
    assess,
    term_result,
)
from toankhoa.core.review import YearTarget
from toankhoa.core.targets import required
from toankhoa.core.totals import Figure
from toankhoa.documents.words.plan_view import ReportHeading

VOCABULARY = Vocabulary(
    boards={"XD": ("Ban Xây dựng Đoàn",), "PT": ("Ban Phong trào",)},
    board_names={"XD": "Ban Xây dựng Đoàn", "PT": "Ban Phong trào"},
    levels={"province": ("tỉnh",), "base": ("cơ sở",)},
    level_names={"province": "Tỉnh", "base": "Cơ sở"},
    all_levels=("các cấp",),
)
YEARS = (2020, 2021)
HEADING = ReportHeading(
    unit="Tỉnh A", as_of=date(2021, 10, 20), version="12/KH-ĐTN", synthetic=True
)


def activity(code: str, title: str, words: tuple[str, ...], **fields) -> Activity:
    language = Language.of(VOCABULARY, "")
    cells = {
        year: parse_cell(text, year, language)[0] for year, text in zip(YEARS, words, strict=True)
    }
    usual = {
        "levels": ("base",),
        "levels_text": "Cơ sở",
        "boards": ("XD",),
        "boards_text": "",
        "number": "",
    }
    return Activity(
        **{**usual, "objective": code.rpartition(".")[0], "targets": (), **fields},
        code=code,
        title=title,
        commitments=cells,
    )


def heading(
    code: str, number: str, title: str, parent: str | None, boards: tuple[str, ...], text: str
) -> Objective:
    return Objective(
        code=code, number=number, title=title, parent=parent, boards=boards, boards_text=text
    )


PLAN = Plan(
    organisation="ĐOÀN TỈNH A",
    body="BAN CHẤP HÀNH",
    number="12/KH-ĐTN",
    date=date(2020, 2, 3),
    place="Tỉnh A",
    motto="CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
    title="KẾ HOẠCH HOẠT ĐỘNG\nHai năm",
    goal="Đoàn vững mạnh.",
    bases=("Căn cứ điều lệ;", "Căn cứ nghị quyết."),
    years=YEARS,
    objectives=(
        heading("I", "I", "CÁC CHỈ TIÊU", None, (), ""),
        heading("I.CT01", "Chỉ tiêu 1", "Chi đoàn vững mạnh", "I", ("XD",), "Ban Xây dựng Đoàn"),
        heading("I.CT02", "Chỉ tiêu 2", "Đoàn viên ưu tú", "I", ("PT",), "Ban Phong trào"),
        heading("II", "II", "CÁC NHIỆM VỤ", None, (), ""),
        heading("II.1", "1", "Xây dựng Đoàn", "II", ("XD",), "Ban Xây dựng Đoàn"),
        heading("II.1.1", "1.1", "Chi đoàn mạnh", "II.1", ("XD",), "Ban Xây dựng Đoàn"),
    ),
    activities=(
        activity("I.CT01.1", "Chi đoàn có tủ sách", ("88,3%", "> 90%"), number="1"),
        activity("I.CT01.2", "Chi đoàn giúp hộ nghèo\nvà trồng cây", ("342 hộ", "x"), number="2"),
        activity("I.CT02.1", "=Bồi dưỡng đoàn viên", ("", "x"), boards=("PT",)),
        activity(
            "II.1.1.1",
            "Sinh hoạt chi đoàn",
            ("x", "x"),
            levels=("province", "base"),
            levels_text="Các cấp",
        ),
    ),
    closing="Có gì mới sẽ bổ sung./.",
    signature=Signature(
        authority="TM. BAN CHẤP HÀNH", title="BÍ THƯ", name="Nguyễn Văn A", mark="(đã ký)"
    ),
    recipients=("Tỉnh ủy", "Lưu VP"),
    headers=Headers(
        number="STT",
        title="Hoạt động chính",
        years="Mức độ đạt từng năm",
        levels="Cấp thực hiện",
        boards="Ban thực hiện",
    ),
)


def indicator(
    code: str, name: str, kind: IndicatorKind = IndicatorKind.COUNT, unit: str = ""
) -> Indicator:
    bottom = "all" if kind is IndicatorKind.RATIO else None
    return Indicator(
        code=code, name=name, name_en="", kind=kind, numerator="some", denominator=bottom, unit=unit
    )


SHELVES = indicator("A1", "Tỷ lệ chi đoàn có tủ sách", IndicatorKind.RATIO)
HOUSES = indicator("A2", "Số hộ được giúp", unit="hộ")
TREES = indicator("A3", "Số cây đã trồng", unit="cây")
BEST = indicator("A4", "Tỷ lệ đoàn viên ưu tú", IndicatorKind.RATIO)
PROJECT = indicator("A5", "Đề án sinh hoạt", IndicatorKind.MILESTONE)


def figure(
    numerator: int | None,
    denominator: int | None = None,
    *,
    reports: int = 171,
    due: int = 171,
    **rest,
) -> Figure:
    return Figure(
        numerator=numerator,
        denominator=denominator,
        ratio=denominator is not None,
        reports=reports,
        due=due,
        **rest,
    )


# Of the shelves: nine tenths of the level had been reached by September in earlier years.
ON_THE_WAY = Progress(
    adds_up=False,
    ends=date(2021, 12, 31),
    by=date(2021, 9, 30),
    so_far=Fraction(12000, 171),
    path=ExpectedPath(shape=Path.SEASONAL, start=Fraction(0), share=Fraction(9, 10)),
    frequency=Frequency.QUARTER,
    left=1,
    best=Fraction(10),
    projection=Projection(
        method=ForecastMethod.SEASON,
        points=4,
        low=Fraction(80),
        middle=Fraction(82),
        high=Fraction(8511, 100),
    ),
)


def target(
    amount: str, unit: str = "", origin: str = "cell", comparator=Comparator.AT_LEAST, **rest
) -> YearTarget:
    said = Target(comparator=comparator, amount=Decimal(amount), unit=unit, **rest)
    return YearTarget(target=said, origin=origin)


def reading(
    item: Indicator,
    year: int,
    actual: Figure,
    asked: YearTarget | None,
    *,
    over: bool = True,
    progress: Progress | None = None,
) -> Reading:
    """Assessed as the program does, for a province of 171 bases."""
    need = asked and required(asked.target, item, {"base": 171}, whole=True)
    result = assess(
        indicator=item,
        figure=actual,
        target=need,
        due=asked is not None,
        year_over=over,
        progress=progress,
    )
    return Reading(indicator=item, year=year, target=asked, result=result)


def term_of(*years: Reading) -> TermReading:
    """The two years as a term without words of its own; the second one is running."""
    item = years[0].indicator
    term = term_result(
        indicator=item,
        rule=TermRule.SUM if item.kind is IndicatorKind.COUNT else TermRule.LAST,
        path=Path.EVEN,
        years=[
            TermYear(
                year=each.year,
                result=each.result,
                has_target=each.target is not None,
                over=each.year == YEARS[0],
                progress=each.result.progress,
            )
            for each in years
        ],
        required=None,
        due=any(each.target for each in years),
    )
    return TermReading(
        indicator=item, year=YEARS[-1], target=None, result=term.result, term=term, years=years
    )


_READINGS = {
    "I.CT01.1": (
        (reading(SHELVES, 2020, figure(151, 171), target("88.3", "%")),),
        (
            reading(
                SHELVES,
                2021,
                figure(120, 171, reports=167),
                target("90", "%"),
                over=False,
                progress=ON_THE_WAY,
            ),
        ),
    ),
    "I.CT01.2": (
        (
            reading(HOUSES, 2020, figure(300, carried=3), target("342", "hộ")),
            reading(TREES, 2020, figure(12345), target("10000", "cây", "row")),
        ),
        (
            reading(
                HOUSES,
                2021,
                figure(None, reports=0),
                target("2", "hộ", "cell", basis=Basis.PER_UNIT, level="base"),
            ),
            reading(TREES, 2021, figure(0), None),
        ),
    ),
    "I.CT02": (
        (reading(BEST, 2020, figure(70, 100, partial=True), target("70", "%", "heading")),),
        (reading(BEST, 2021, figure(None, reports=0, due=0), None),),
    ),
    "II.1.1.1": (
        (reading(PROJECT, 2020, figure(0, due=1, reports=1), target("1")),),
        (reading(PROJECT, 2021, figure(1, due=1, reports=1), target("1")),),
    ),
}


def lines() -> list[PlanLine]:
    """The living plan of the province."""
    found = []
    for row in PLAN.rows():
        readings = _READINGS.get(row.code, ((), ()))
        words = row.commitments if isinstance(row, Activity) else {}
        cells = (
            YearCell(year=year, commitment=words.get(year), readings=here)
            for year, here in zip(YEARS, readings, strict=True)
        )
        terms = tuple(term_of(*years) for years in zip(*readings, strict=True))
        found.append(PlanLine(row=row, cells=tuple(cells), term=terms))
    return found
