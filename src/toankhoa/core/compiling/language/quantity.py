"""Numbers in Vietnamese text with their comparator and unit, and the other marks that the grammar
sees.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from lark import Lark, Token, Tree
from lark.lexer import PatternRE, TerminalDef

from toankhoa.core.basics import (
    NUMBER,
    Problem,
    Severity,
    Source,
    ambiguity,
    decimal_mark,
    read_number,
    words_of,
)
from toankhoa.core.measures import Vocabulary
from toankhoa.core.plan import Comparator

_COMPARATORS = {
    "AT_LEAST": Comparator.AT_LEAST,
    "ABOVE": Comparator.ABOVE,
    "AT_MOST": Comparator.AT_MOST,
    "BELOW": Comparator.BELOW,
    "ABOUT": Comparator.ABOUT,
    "EXACTLY": Comparator.EXACTLY,
    "KEEP": Comparator.KEEP,
    "DOWN_TO": Comparator.AT_MOST,
    "UP_TO": Comparator.EXACTLY,
    "RISE": Comparator.CHANGE,
    "FALL": Comparator.CHANGE,
    "ONWARDS": Comparator.AT_LEAST,
    "DOWNWARDS": Comparator.AT_MOST,
}
_AMOUNTS = {"NUMBER", "RANGE", "YEAR"}
_UNITS = {"PERCENT", "MONEY", "NOUN", "WORD"}
_NO_UNITS = {
    "trong",
    "của",
    "so",
    "được",
    "là",
    "đến",
    "tại",
    "ở",
    "theo",
    "thì",
    "và",
    "trên",
    "dưới",
    "với",
}
_PER = {"PER", "PER_NOUN", "PER_LEVEL"}
_MEANS = {"ABOUT", "RISE", "FALL"}
_YEARLY = "năm"
_UNIT_OF = re.compile(
    r"\s*(?:một )?đơn vị(?= )", re.IGNORECASE
)  # "mỗi đơn vị cấp huyện": the level comes after
_TIER_OF = re.compile(r"\s*cấp(?= )", re.IGNORECASE)
_NUMBER = re.compile(NUMBER)
_LONGEST_LEVEL = 5  # words
_NOTHING = "(?!)"  # a pattern that matches nowhere


@dataclass(frozen=True, slots=True)
class Language:
    """What a document is read with.

    `levels`: words (as `words_of` writes them) to the code of a level, levels from the top down;
    `counters`: nouns of several syllables that are counted here; `decimal`: the sign written before
    decimals, or None where the document does not show it; `term`: the plan's years, as far as they
    are known; `level_words`: the words for levels as they are written; `level_names`: what a level
    is called within a sentence, by its code.
    """

    levels: Mapping[str, str] = field(default_factory=dict)
    counters: tuple[str, ...] = ()
    decimal: str | None = None
    term: tuple[int, ...] = ()
    level_words: tuple[str, ...] = ()
    level_names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, vocabulary: Vocabulary, text: str = "", term: tuple[int, ...] = ()) -> Language:
        """The language of an organisation's document; `text` shows its habit of writing
        decimals.
        """
        names = {code: vocabulary.level_name(code) for code in vocabulary.levels}
        # A name that is no word of its level, nor of another, means the level, too.
        levels = {words_of(name): code for code, name in names.items()}
        spelt = set(names.values())
        for code, words in vocabulary.levels.items():
            levels |= {words_of(word): code for word in words}
            spelt |= set(words)
        return cls(
            levels=levels,
            counters=vocabulary.counters,
            decimal=decimal_mark(text),
            term=term,
            level_words=tuple(sorted(spelt, key=lambda word: (-len(word), word))),
            level_names=names,
        )

    @property
    def top(self) -> str:
        """The level of which there is one unit, so that an amount for each of its units is the
        whole.

        None ("") where the vocabulary knows fewer than two levels.
        """
        codes = tuple(dict.fromkeys(self.levels.values()))
        return codes[0] if len(codes) > 1 else ""

    def counts(self, level: str) -> bool:
        """Whether an amount may be meant for each unit of this level."""
        return bool(level) and level != self.top

    def name_of(self, level: str) -> str:
        """What a level is called within a sentence: its name, else a word for it, else its code."""
        words = (word for word, code in self.levels.items() if code == level)
        return self.level_names.get(level) or next(words, level)

    @property
    def spelt_levels(self) -> tuple[str, ...]:
        """The words for levels, the longest first: as they are written, else as `levels` has
        them.
        """
        return self.level_words or tuple(sorted(self.levels, key=lambda word: (-len(word), word)))

    def level_at(self, text: str, start: int) -> tuple[str, int]:
        """The level that the words from `start` on name, and where its name ends; ("", start) where
        they name none.

        "đơn vị", "một đơn vị" and "cấp" may stand before it.
        """
        if unit := _UNIT_OF.match(text, start):
            start = unit.end()
        level, end = self._named_at(text, start)
        if not level and (tier := _TIER_OF.match(text, start)):
            return self._named_at(text, tier.end())
        return level, end

    def _named_at(self, text: str, start: int) -> tuple[str, int]:
        """The level whose words stand right there, the longest of them; and where they end."""
        words = list(re.finditer(r"[^\W\d_]+", text[start : start + 60]))[:_LONGEST_LEVEL]
        for count in range(len(words), 0, -1):
            end = start + words[count - 1].end()
            if level := self.levels.get(words_of(text[start:end])):
                return level, end
        return "", start


PLAIN = Language()


@dataclass(frozen=True, slots=True)
class Mark:
    """A token of the text and its place; `kind` is the terminal's name in the grammar."""

    kind: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class MeasureUnit:
    """What is counted: `name` as a target writes it, `noun` as a sentence says it (nothing for %
    and money).

    `level` is the code of the level it is counted per ("/huyện"), `each_year` says "/năm".
    """

    name: str = ""
    noun: str = ""
    level: str = ""
    each_year: bool = False

    @property
    def rate(self) -> bool:
        """Whether the amount is a percentage."""
        return self.name.startswith("%")


@dataclass(frozen=True, slots=True)
class Quantity(Mark):
    """A number with its comparator and unit; of a fall amount and upper bound are negative.

    `explicit`: words or a sign say how it is compared. `decided` is False for a starting point ("từ
    5" alone).
    """

    comparator: Comparator
    amount: Decimal
    upper: Decimal | None
    unit: MeasureUnit
    explicit: bool
    decided: bool


@cache
def parser(
    start: Literal["prose", "target"],
    counters: tuple[str, ...] = (),
    levels: tuple[str, ...] = (),
) -> Lark:
    """The grammar from one of its two ways in, with an organisation's own words in it.

    `counters`: its nouns, among those that are counted; `levels`: its words for levels, the longest
    first. Each way in is a parser of its own: what one of them takes for a token must not be met by
    the other.
    """
    nouns = _any_of(sorted(counters, key=len, reverse=True))
    level = _any_of(levels) or _NOTHING

    def add_words(terminal: TerminalDef) -> None:
        if isinstance(terminal.pattern, PatternRE):
            own = terminal.pattern.value.replace("COUNTERS|", f"{nouns}|" if nouns else "")
            terminal.pattern.value = own.replace("LEVELS", level)

    return Lark.open(
        "targets.lark",
        rel_to=__file__,
        parser="lalr",
        start=start,
        edit_terminals=add_words,
        maybe_placeholders=False,
    )


def _any_of(words: Sequence[str]) -> str:
    """Words as one alternative of a pattern."""
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in words)


@lru_cache(maxsize=4096)
def _parsed(
    text: str, counters: tuple[str, ...], levels: tuple[str, ...]
) -> tuple[Token | Tree[Token], ...]:
    """The tokens and quantities of a text; kept, since a plan says the same in many of its
    cells.
    """
    return tuple(parser("prose", counters, levels).parse(text).children)


def read_marks(
    text: str, language: Language, source: Source
) -> tuple[tuple[Mark, ...], list[Problem]]:
    """Every token of a text in order, numbers as quantities; and what a person should look at."""
    marks: list[Mark] = []
    problems: list[Problem] = []
    for item in _parsed(text, language.counters, language.spelt_levels):
        tokens = (
            [item]
            if isinstance(item, Token)
            else [token for token in item.children if isinstance(token, Token)]
        )
        mark = mark_of(tokens, text)
        if isinstance(item, Tree):
            mark, met = read_quantity(tokens, mark, language, source)
            problems += met
        marks.append(mark)
    return tuple(marks), problems


def mark_of(tokens: Sequence[Token], text: str) -> Mark:
    """The stretch of the text that the tokens stand in, named after the first."""
    start, end = _start(tokens[0]), _start(tokens[-1]) + len(tokens[-1])
    return Mark(tokens[0].type, start, end, text[start:end])


def _start(token: Token) -> int:
    return token.start_pos or 0


def read_quantity(
    tokens: Sequence[Token], mark: Mark, language: Language, source: Source
) -> tuple[Mark, list[Problem]]:
    """The tokens of one quantity, which stand where `mark` does, as a Quantity.

    A mere mark where it is no number.
    """
    amount = _amount_of(tokens)
    values, problems = _read_numbers(amount, _decimal(tokens, language), source)
    if not values:
        return mark, problems
    signs = {token.type for token in tokens} & (_COMPARATORS.keys() | {"FROM"})
    is_range = len(values) > 1
    unit = _unit(tokens[tokens.index(amount) + 1 :], language, yearly=_is_yearly_mean(tokens))
    if "FALL" in signs:
        values = list(map(Decimal.copy_negate, values))
    end = mark.end if unit else _start(amount) + len(amount)
    quantity = Quantity(
        kind="QUANTITY",
        start=mark.start,
        end=end,
        text=mark.text,
        comparator=_comparator(signs, is_range),
        amount=values[0],
        upper=values[1] if is_range else None,
        explicit=is_range or bool(signs - {"FROM"}),
        decided=is_range or signs != {"FROM"},
        unit=unit or MeasureUnit(),
    )
    return quantity, problems


def _amount_of(tokens: Sequence[Token]) -> Token:
    return next(token for token in tokens if token.type in _AMOUNTS)


def _decimal(tokens: Sequence[Token], language: Language) -> str | None:
    """The sign before decimals.

    Of money it is known: nobody writes a third of a đồng ("5.000đ").
    """
    if language.decimal is None and any(token.type == "MONEY" for token in tokens):
        return ","
    return language.decimal


def _read_numbers(
    amount: Token, decimal: str | None, source: Source
) -> tuple[list[Decimal], list[Problem]]:
    """The one number or the two of a range, and which can be read in two ways; none where one is
    unreadable.
    """
    values: list[Decimal] = []
    problems: list[Problem] = []
    for text in _NUMBER.findall(amount):
        reading = read_number(text, decimal)
        if reading is None:
            message = f"Không đọc được số “{amount}”. Hãy viết theo lối 1.234,5."
            return [], [Problem("number-unreadable", Severity.WARNING, message, source, amount)]
        values.append(reading.value)
        problems += ambiguity(text, reading, source)
    return values, problems


def _is_yearly_mean(tokens: Sequence[Token]) -> bool:
    """ "Bình quân mỗi năm", "tăng hằng năm"."""
    return any(token.type in _MEANS and token.lower().endswith(_YEARLY) for token in tokens)


def _comparator(signs: set[str], is_range: bool) -> Comparator:
    if signs & {"RISE", "FALL"}:  # "tăng ít nhất 5%", "giảm 1-2%" are changes first
        return Comparator.CHANGE
    if is_range:
        return Comparator.RANGE
    comparators = [_COMPARATORS[sign] for sign in sorted(signs) if sign in _COMPARATORS]
    return comparators[0] if comparators else Comparator.EXACTLY


def _unit(tokens: Sequence[Token], language: Language, *, yearly: bool) -> MeasureUnit | None:
    """What the amount counts; an empty unit where nothing follows, None where a mere function word
    does.
    """
    if not tokens or tokens[0].type not in _UNITS:
        return MeasureUnit(each_year=yearly)
    head = str(tokens[0])
    if head.lower() in _NO_UNITS:
        return None
    per = [token.lstrip("/ ") for token in tokens[1:] if token.type in _PER]
    name, level, each_year = _measured_per(head, per, language)
    noun = "" if tokens[0].type in {"PERCENT", "MONEY"} else name
    return MeasureUnit(name, noun, level, each_year or yearly)


def _measured_per(head: str, per: list[str], language: Language) -> tuple[str, str, bool]:
    """A unit without the "/năm" and "/huyện" at its end; the level that it is counted per, whether
    yearly.

    What else it is counted per stays in its name: "đ/tháng".
    """
    level, each_year = "", False
    while per and (per[-1].lower() == _YEARLY or _names_counted_level(per[-1], language)):
        last = per.pop()
        each_year = each_year or last.lower() == _YEARLY
        level = language.levels.get(words_of(last), level)
    return "/".join([head, *per]), level, each_year


def _names_counted_level(words: str, language: Language) -> bool:
    """Whether so much "/huyện" is an amount for each unit of a level."""
    return language.counts(language.levels.get(words_of(words), ""))
