"""The language of a year cell, and of one target written out: parse∘print is the identity on
targets.

A cell holds targets ("≥ 513", "342 hộ", "2 (Định Quán, Vĩnh Cửu)"), a mark that the row is to be
worked on that year ("x"), the words of a milestone, or nothing. Targets in cells are read as those
in prose are (see prose.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lark import Token, Tree
from lark.exceptions import UnexpectedInput

from toankhoa.core.basics import Problem, Severity, Source, format_number, tidy
from toankhoa.core.compiling.language.prose import read_prose
from toankhoa.core.compiling.language.quantity import (
    PLAIN,
    Language,
    Quantity,
    mark_of,
    parser,
    read_quantity,
)
from toankhoa.core.plan import (
    NOWHERE,
    Applies,
    Basis,
    Commitment,
    CommitmentKind,
    Comparator,
    Target,
)

_MARKS = {"x", "✓", "✔", "☑", "☒", "√", "v"}
_ONGOING = re.compile(
    r"(?:thường xuyên|liên tục|(?:hàng|hằng|mỗi) (?:năm|quý|tháng|tuần)|cả năm|x ?\([^()\d%]*\))",
    re.IGNORECASE,
)
_DASHES = {"-", "–", "—"}
_LIKE_YEAR = re.compile(r"(?:^|(?<=[,;+] ))((?:19|20)\d\d)(?= [^\W\d]|[,;]|$)")
_NEAR = 5  # years around the term: a number among them may well be a year
_ASIDE = re.compile(r"\(([^()\d]+)\)")
_NAME = re.compile(r"[A-ZÀ-ỸĐ][a-zà-ỹđ]*(?: [A-ZÀ-ỸĐ][a-zà-ỹđ]*)*")
_SIGNS = {
    Comparator.AT_LEAST: "≥ ",
    Comparator.ABOVE: "> ",
    Comparator.EXACTLY: "= ",
    Comparator.AT_MOST: "≤ ",
    Comparator.BELOW: "< ",
    Comparator.ABOUT: "~ ",
    Comparator.KEEP: "duy trì ",
    Comparator.RANGE: "",
}
_SHORT_AMOUNT = re.compile(r"(?:[≥≤><~=]\s*)?\d[\d.,%]*(?:\s+[^\W\d]+){0,3}")
_MOMENTS = {
    Applies.EACH_YEAR: "mỗi năm",
    Applies.IN_YEAR: "trong năm",
    Applies.BY_TERM_END: "đến cuối nhiệm kỳ",
    Applies.TERM_TOTAL: "trong nhiệm kỳ",
}
_SCOPE_TOKENS = {
    "EACH_UNIT": Basis.PER_UNIT,
    "AGAINST": Basis.CHANGE,
}
_MOMENT_TOKENS = {
    "EVERY_YEAR": Applies.EACH_YEAR,
    "THAT_YEAR": Applies.IN_YEAR,
    "TERM_END": Applies.BY_TERM_END,
    "WHOLE_TERM": Applies.TERM_TOTAL,
}


def parse_cell(
    text: str, year: int | None = None, language: Language = PLAIN, source: Source = NOWHERE
) -> tuple[Commitment, tuple[Problem, ...]]:
    """One year cell. Its targets hold in that `year` unless they say otherwise; without a year they
    name none.
    """
    text = tidy(_as_list(text))
    if not text:
        return Commitment(text=text, kind=CommitmentKind.NONE, source=source), ()
    if is_mark(text):
        return Commitment(text=text, kind=CommitmentKind.SCHEDULED, source=source), ()
    if text in _DASHES:
        return Commitment(text=text, kind=CommitmentKind.NONE, source=source), (
            _dash(text, source),
        )
    places, rest = _places(text)
    reading = read_prose(_with_amounts(rest, language.term), language, source, cell=True)
    targets = tuple(_in_year(target, year) for target in reading.targets)
    kind = CommitmentKind.TARGET if targets else CommitmentKind.MILESTONE
    problems = (*reading.problems, *_like_years(text, targets, language.term, source))
    return Commitment(text=text, kind=kind, targets=targets, places=places, source=source), problems


def _as_list(text: str) -> str:
    """Lines that each hold an amount and few words ("300 giáo viên", below it "2 đợt") are a list
    like any other.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "; ".join(lines) if len(lines) > 1 and all(map(_SHORT_AMOUNT.fullmatch, lines)) else text


def _with_amounts(text: str, term: Sequence[int]) -> str:
    """The words of a cell with a sign before each number that looks like a year and is none of the
    term.
    """
    return _LIKE_YEAR.sub(
        lambda number: f"= {number[1]}" if term and int(number[1]) not in term else number[1], text
    )


def _like_years(
    text: str, targets: Sequence[Target], term: Sequence[int], source: Source
) -> Iterator[Problem]:
    """Numbers of the term, or near it, that may be a year or an amount: each is said with both
    readings.
    """
    amounts = {target.amount for target in targets}
    for number in map(int, _LIKE_YEAR.findall(text)):
        near = not term or min(term) - _NEAR <= number <= max(term) + _NEAR
        if near and (number in amounts) is (number not in term and bool(term)):
            yield _like_year(number, number in amounts, text, source)


def is_mark(text: str) -> bool:
    """Whether a cell only says that the row is worked on: "x", "✓", "Thường xuyên", "Hằng quý"."""
    return text.lower() in _MARKS or bool(_ONGOING.fullmatch(text))


def _in_year(target: Target, year: int | None) -> Target:
    if target.applies is not Applies.EACH_YEAR or target.years:
        return target
    return replace(target, applies=Applies.IN_YEAR, years=(year,) if year else ())


def _places(text: str) -> tuple[tuple[str, ...], str]:
    """The places a parenthesis of proper names lists, and the text without it: "2 (Định Quán, Vĩnh
    Cửu)".
    """
    for aside in _ASIDE.finditer(text):
        names = [tidy(name) for name in re.split(r"[,;&]| và ", aside.group(1))]
        if all(_NAME.fullmatch(name) and not name.isupper() for name in names):
            return tuple(names), tidy(text[: aside.start()] + text[aside.end() :])
    return (), text


def _like_year(number: int, amount: bool, text: str, source: Source) -> Problem:
    """`amount`: whether it was read as one, else as a year."""
    if amount:
        reading = f"mức phải đạt. Nếu là một năm, hãy ghi “năm {number}”."
    else:
        written = f"“{format_number(number)}” hoặc “≥ {number}”"
        reading = f"một năm. Nếu là mức phải đạt, hãy ghi {written}."
    message = (
        f"“{number}” trong ô “{text}” có thể là một năm, có thể là mức phải đạt; "
        f"đã hiểu là {reading}"
    )
    return Problem("cell-year", Severity.WARNING, message, source, text)


def _dash(text: str, source: Source) -> Problem:
    message = (
        "Ô chỉ có dấu gạch, được hiểu là để trống. "
        "Nếu năm đó có thực hiện, hãy ghi “x” hoặc mức phải đạt."
    )
    return Problem("cell-dash", Severity.NOTE, message, source, text)


def print_target(target: Target, language: Language = PLAIN) -> str:
    """A target in full, as `parse_target` reads it: "≥ 2 hộ mỗi cơ sở mỗi năm: thoát nghèo".

    `language` names the level of an amount per unit. A rate is said by "%": a target in "%" is RATE
    (or CHANGE, or per unit), others are never RATE.
    """
    years = ", ".join(map(str, target.years))
    words = (
        _sign(target) + _amount(target),
        "" if target.unit.startswith("%") else target.unit,
        _scope(target, language),
        _MOMENTS[target.applies],
        years,
    )
    return " ".join(word for word in words if word) + (
        f": {target.subject}" if target.subject else ""
    )


def _scope(target: Target, language: Language) -> str:
    if target.level is not None:
        return f"mỗi {language.name_of(target.level)}"
    return "so với năm trước" if target.basis is Basis.CHANGE else ""


def cell_words(target: Target, language: Language) -> str:
    """A target as a year cell says it: "≥ 2 hộ mỗi cơ sở", "65%"."""
    unit = "" if target.unit.startswith("%") else target.unit
    scope = "" if target.basis is Basis.CHANGE else _scope(target, language)
    return " ".join(
        filter(None, ((_sign(target) + _amount(target)).removeprefix("= "), unit, scope))
    )


def _sign(target: Target) -> str:
    if target.comparator is Comparator.CHANGE:
        return "giảm " if min(target.amount, target.upper or target.amount) < 0 else "tăng "
    return _SIGNS[target.comparator]


def _amount(target: Target) -> str:
    upper = "" if target.upper is None else f"–{format_number(target.upper.copy_abs())}"
    return (
        format_number(target.amount.copy_abs())
        + upper
        + (target.unit if target.unit.startswith("%") else "")
    )


def parse_target(
    text: str, language: Language = PLAIN
) -> tuple[Target | None, tuple[Problem, ...]]:
    """One target as a plan officer writes it; None and a problem where it is not understood."""
    # 1.234 is one thousand and more: nothing is ambiguous here.
    vietnamese = replace(language, decimal=",")
    text = tidy(text)
    try:
        tree = parser("target", language.counters, language.spelt_levels).parse(text)
    except UnexpectedInput as unexpected:
        return None, (_not_understood(text, unexpected),)
    amount, about = _parted(_tokens(tree))
    parts = {str(part.data): _tokens(part) for part in tree.children if isinstance(part, Tree)}
    quantity, problems = read_quantity(amount, mark_of(amount, text), vietnamese, NOWHERE)
    if not isinstance(quantity, Quantity):
        return None, tuple(problems)
    unit = _unit([str(token) for token in parts.get("unit", ())])
    return _target(quantity, unit, parts, about, language), tuple(problems)


def _parted(tokens: Sequence[Token]) -> tuple[list[Token], str]:
    """The tokens of the amount, and what it is about: the words after the colon."""
    amount = [token for token in tokens if token.type != "SUBJECT"]
    subject = next((token for token in tokens if token.type == "SUBJECT"), ":")
    return amount, tidy(subject[1:])


def _tokens(tree: Tree[Token]) -> list[Token]:
    return [token for token in tree.children if isinstance(token, Token)]


def _unit(words: Sequence[str]) -> str:
    return re.sub(r" ?/ ?", "/", " ".join(words)).replace("% /", "%/")


def _target(
    quantity: Quantity,
    unit: str,
    parts: Mapping[str, Sequence[Token]],
    subject: str,
    language: Language,
) -> Target:
    scope = parts.get("scope", ())
    per_unit = bool(scope) and scope[0].type == "EACH_UNIT"
    default = Basis.RATE if unit.startswith("%") else Basis.WHOLE
    moment = parts.get("moment", ())
    return Target(
        comparator=quantity.comparator,
        amount=quantity.amount,
        upper=quantity.upper,
        unit=unit,
        basis=_SCOPE_TOKENS[scope[0].type] if scope else default,
        level=language.level_at(scope[0], len("mỗi"))[0] if per_unit else None,
        subject=subject,
        applies=_MOMENT_TOKENS[moment[0].type] if moment else Applies.EACH_YEAR,
        years=tuple(int(token) for token in moment if token.type == "YEAR"),
    )


def _not_understood(text: str, unexpected: UnexpectedInput) -> Problem:
    place = unexpected.pos_in_stream
    rest = text[place:] if isinstance(place, int) and place >= 0 else ""
    message = (
        f"Không hiểu chỉ tiêu “{text}”" + (f" từ chỗ “{rest}”" if rest else "") + ". "
        "Hãy viết như: ≥ 2 hộ mỗi năm: thoát nghèo."
    )
    return Problem("target-not-understood", Severity.ERROR, message, fragment=text)
