"""Documents of other bodies beside the repository, none of them a table: their truth by the place
of their lines.
"""

from __future__ import annotations

import re
from decimal import Decimal

from toankhoa.core.plan import (
    Activity,
    Applies,
    Basis,
    Commitment,
    CommitmentKind,
    Comparator,
    Objective,
    Plan,
    Signature,
    Target,
)

_ITEM = re.compile(r"##  (Chỉ tiêu \d+): (.*)\n(.*)\n(.*)")
_GROUP = re.compile(r"##  ((?:SECTION|NHÓM) \d+): (.*)")
# What the goals of the youth union count, in their order; "/năm" says that one is for each year.
_COUNTED = (
    "%",
    "%",
    "Lượt",
    "Công trình",
    "Điểm",
    "Công trình",
    "%",
    "%",
    "Dự án",
    "Thanh thiếu nhi",
    "Thiếu nhi",
)
_COUNTED += ("%", "%", "%", "Đoàn viên")


def bare(
    years: tuple[int, ...] = (),
    objectives: tuple[Objective, ...] = (),
    activities: tuple[Activity, ...] = (),
) -> Plan:
    """A plan of rows, of which nothing else is said."""
    nothing = dict.fromkeys(
        ("organisation", "body", "number", "place", "motto", "title", "goal", "closing"), ""
    )
    return Plan(
        **nothing,
        date=None,
        bases=(),
        years=years,
        objectives=objectives,
        activities=activities,
        signature=Signature(),
        recipients=(),
    )


def _heading(code: str, number: str, title: str) -> Objective:
    return Objective(code=code, number=number, title=title, parent=None)


def _row(heading: str, number: str, title: str, **said: object) -> Activity:
    blank = {
        "levels": (),
        "levels_text": "",
        "boards": (),
        "boards_text": "",
        "targets": (),
        "commitments": {},
    }
    return Activity(code="", number=number, title=title, objective=heading, **{**blank, **said})  # type: ignore[arg-type]


def youth_goals(text: str) -> Plan:
    """Goals of a term in the text of a page: a heading, a figure, and what it counts, on three
    lines.
    """
    text = text[text.index("##  SECTION 2") :]
    groups = [_heading(number, number, title) for number, title in _GROUP.findall(text)]
    headings, rows = [], []
    for (number, title, figure, words), counted in zip(_ITEM.findall(text), _COUNTED, strict=True):
        headings.append(_heading(number, number, title))
        rows.append(
            _row(
                number, "", f"{figure} {words}", targets=(_goal(figure, counted, "/năm" in words),)
            )
        )
    return bare(objectives=(*groups, *headings), activities=tuple(rows))


def _goal(figure: str, counted: str, each_year: bool) -> Target:
    rate = counted == "%"
    applies = Applies.BY_TERM_END if rate else Applies.TERM_TOTAL
    return Target(
        comparator=Comparator.EXACTLY,
        amount=Decimal(figure.rstrip("%").replace(".", "")),
        unit=counted,
        basis=Basis.RATE if rate else Basis.WHOLE,
        applies=Applies.EACH_YEAR if each_year else applies,
    )


def council_sessions(text: str) -> Plan:
    """Sessions with their years, then tasks by session: lines of cells between bars, under a line
    of capitals each.
    """
    sessions, tasks = (
        part.splitlines() for part in text.split("KỲ HỌP\n", 1)[1].split("ĐẦU VIỆC\n")
    )
    rows = [_session(*line.split(" | ")) for line in sessions]
    rows += [
        _row("ĐẦU VIỆC", cells[0], cells[2])
        for line in tasks
        if len(cells := line.split(" | ")) > 3
    ]
    headings = (_heading("KỲ HỌP", "", "KỲ HỌP"), _heading("ĐẦU VIỆC", "", "ĐẦU VIỆC"))
    return bare(tuple(range(2026, 2032)), headings, tuple(rows))


def _session(number: str, when: str, title: str) -> Activity:
    first, _, last = when.partition("-")
    years = range(int(first), int(last or first) + 1)
    dated = {year: Commitment(text=when, kind=CommitmentKind.MILESTONE) for year in years}
    return _row("KỲ HỌP", number, title, commitments=dated)


def report(_: str) -> Plan:
    """A form for monthly reports: no plan, no rows."""
    return bare()


OUTSIDE = {
    "tinhdoan_phutho_2025_2030.txt": ("goals of a page, no table", youth_goals),
    "hdnd_thanhhoa_toankhoa_2026_2031.txt": ("lines between bars, no header", council_sessions),
    "hoilhpn_mau_baocao_thang_chihoi.txt": ("a report form, no plan", report),
}
