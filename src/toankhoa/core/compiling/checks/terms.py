"""Years: the term as the title and the bases say it, the columns of the table, the years that targets name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toankhoa.core.basics import tidy, words_of
from toankhoa.core.compiling.checks.finding import Facts, Remark
from toankhoa.core.plan import Plan

_YEARS = r"((?:19|20)\d\d) ?[-–] ?((?:19|20)\d\d)"
_TERM = re.compile(
    rf"(?:nhiệm k[ỳì]|giai đoạn|khóa|khoá|năm năm|5 năm)[^\d.;]{{0,12}}{_YEARS}", re.IGNORECASE
)
_CONGRESS = re.compile(
    rf"(\w+ \w+) lần (?:thứ )?([IVXLC]+|\d+)(?!\w)[^.;]{{0,12}}?nhiệm k[ỳì] {_YEARS}", re.IGNORECASE
)


def congress_with_two_terms(plan: Plan, _: Facts) -> Iterator[Remark]:
    """One congress, said to be of two different terms."""
    terms: dict[tuple[str, str], dict[str, str]] = {}
    for text in (plan.title, *plan.bases, *(row.title for row in plan.rows()), plan.closing):
        for said in _CONGRESS.finditer(tidy(text)):
            body, ordinal, first, last = said.groups()
            terms.setdefault((words_of(body), ordinal.upper()), {}).setdefault(
                f"{first}-{last}", said.group()
            )
    for (_body, ordinal), said_of in terms.items():
        if len(said_of) > 1:
            yield Remark(
                None,
                f"Đại hội lần thứ {ordinal} được ghi {len(said_of)} nhiệm kỳ khác nhau: {', '.join(said_of)}. "
                "Hãy ghi thống nhất một nhiệm kỳ.",
                list(said_of.values())[-1],
                plan.sources.get("title"),
            )


def columns_against_term(plan: Plan, _: Facts) -> Iterator[Remark]:
    """The title's term has years that the table has no column for, or the other way round."""
    terms = [(int(first), int(last)) for first, last in _TERM.findall(plan.title)]
    columns = set(plan.years)
    if not terms or len(columns) < 2:
        return
    first, last = max(terms, key=lambda term: len(columns & set(range(term[0], term[1] + 1))))
    term = set(range(first, last + 1))
    apart = sorted((term ^ columns) if len(columns) > 2 else columns - term)
    if apart and columns & term:
        years = ", ".join(map(str, apart))
        yield Remark(
            None,
            f"tên kế hoạch nói {first}-{last}, các cột năm là {min(columns)}-{max(columns)}: lệch năm {years}. "
            "Hãy nói rõ kế hoạch điều chỉnh những năm nào.",
            f"{first}-{last}",
            plan.sources.get("title"),
        )


def target_outside_term(plan: Plan, _: Facts) -> Iterator[Remark]:
    """A target for a year that the plan does not have."""
    for row in plan.rows():
        years = sorted({year for target in row.targets for year in target.years} - set(plan.years))
        if years and plan.years:
            named = ", ".join(map(str, years))
            yield Remark(
                row,
                f"có chỉ tiêu cho năm {named}, ngoài các năm của kế hoạch. Hãy sửa năm, hoặc thêm cột.",
                named,
            )
