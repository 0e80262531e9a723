"""Years: the term in words, the columns of the table, the years that targets name."""

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
# "Đại hội lần thứ XII, nhiệm kỳ 2016-2021": body, ordinal, first and last year.
_CONGRESS = re.compile(
    rf"(\w+ \w+) lần (?:thứ )?([IVXLC]+|\d+)(?!\w)[^.;]{{0,12}}?nhiệm k[ỳì] {_YEARS}", re.IGNORECASE
)


def congress_with_two_terms(plan: Plan, _: Facts) -> Iterator[Remark]:
    """One congress, said to be of two different terms."""
    for ordinal, terms in _terms_of_congresses(plan):
        if len(terms) > 1:
            yield Remark(
                None,
                f"Đại hội lần thứ {ordinal} được ghi {len(terms)} nhiệm kỳ khác nhau: "
                f"{', '.join(terms)}. Hãy ghi thống nhất một nhiệm kỳ.",
                list(terms.values())[-1],
                plan.sources.get("title"),
            )


def _terms_of_congresses(plan: Plan) -> Iterator[tuple[str, dict[str, str]]]:
    """The ordinal of each congress, and its terms with the first words that give them."""
    congresses: dict[tuple[str, str], dict[str, str]] = {}
    titles = (row.title for row in plan.rows())
    for text in (plan.title, *plan.bases, *titles, plan.closing):
        for match in _CONGRESS.finditer(tidy(text)):
            body, ordinal, first, last = match.groups()
            terms = congresses.setdefault((words_of(body), ordinal.upper()), {})
            terms.setdefault(f"{first}-{last}", match.group())
    for (_body, ordinal), terms in congresses.items():
        yield ordinal, terms


def columns_against_term(plan: Plan, _: Facts) -> Iterator[Remark]:
    """The title's term has years that the table has no column for, or the other way round."""
    terms = [(int(first), int(last)) for first, last in _TERM.findall(plan.title)]
    columns = set(plan.years)
    if not terms or len(columns) < 2:
        return
    first, last = max(terms, key=lambda term: len(columns & _years_from(*term)))
    term = _years_from(first, last)
    # A plan of one or two years of a term has no columns for the others, and need not.
    apart = sorted((term ^ columns) if len(columns) > 2 else columns - term)
    if apart and columns & term:
        years = ", ".join(map(str, apart))
        yield Remark(
            None,
            f"tên kế hoạch nói {first}-{last}, các cột năm là {min(columns)}-{max(columns)}: "
            f"lệch năm {years}. Hãy nói rõ kế hoạch điều chỉnh những năm nào.",
            f"{first}-{last}",
            plan.sources.get("title"),
        )


def _years_from(first: int, last: int) -> set[int]:
    return set(range(first, last + 1))


def target_outside_term(plan: Plan, _: Facts) -> Iterator[Remark]:
    """A target for a year that the plan does not have."""
    for row in plan.rows():
        years: set[int] = set()
        for target in row.targets:
            years.update(target.years)
        outside = sorted(years - set(plan.years))
        if outside and plan.years:
            named = ", ".join(map(str, outside))
            yield Remark(
                row,
                f"có chỉ tiêu cho năm {named}, ngoài các năm của kế hoạch. "
                "Hãy sửa năm, hoặc thêm cột.",
                named,
            )
