"""Spelling, without a list of mistakes.

A word is suspect where it is no Vietnamese syllable, or where one slip away from it is a word that
its neighbour calls for: in the domain's word list ("phát trển" → "phát triển"), or in the
document's own habit ("mổi cơ sở" → "mỗi cơ sở").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from toankhoa.core.basics import fold, modern_tone
from toankhoa.core.compiling.checks.finding import Facts, Remark
from toankhoa.core.compiling.checks.lexicon import (
    AFTER,
    BEFORE,
    COMPOUNDS,
    FOREIGN,
    FUNCTION_WORDS,
    SYLLABLES,
)
from toankhoa.core.compiling.checks.syllables import is_syllable, one_slip_apart
from toankhoa.core.plan import Activity, Objective, Plan

_SEGMENT = re.compile(r"[^,;:.!?…()“”\"'\n/\-–+*]+")
_WORD = re.compile(r"[^\W\d_]+")
_RARE = 3  # times: what stands more often is no slip
_HABIT = 3  # times a pair stands in the document
_MORE_OFTEN = 4  # times the habit's word against the suspect one


@dataclass(slots=True)
class _Habit:
    """What a document writes: words and pairs of neighbours, each different text once."""

    words: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    after: dict[str, set[str]] = field(default_factory=dict)
    before: dict[str, set[str]] = field(default_factory=dict)


Suspect = tuple[str, str]  # as it is written, and as it should be ("" where nothing is near)


def misspelt(plan: Plan, _: Facts) -> Iterator[Remark]:
    """A word that is none, or that the word list or the document itself writes otherwise; once."""
    texts = list(_texts(plan))
    habit = _habit({text for _, text in texts})
    holders: dict[Suspect, list[Activity | Objective | None]] = {}
    for row, text in texts:
        for suspect in _suspects(text, habit):
            holders.setdefault(suspect, []).append(row)
    for (written, better), rows in holders.items():
        advice = f"Nên viết “{better}”." if better else "Hãy viết lại cho đúng."
        says = f"“{written}” có thể sai chính tả{_named_rows(rows)}. {advice}"
        yield Remark(rows[0], says, written)


def _suspects(text: str, habit: _Habit) -> Iterator[Suspect]:
    for segment in _segments(text):
        for place in range(len(segment)):
            suspect = _mend(segment, place, habit)
            if suspect:
                yield suspect


def _named_rows(rows: Sequence[Activity | Objective | None]) -> str:
    """The codes of several rows in brackets; one row is named by its remark."""
    codes = dict.fromkeys(row.code for row in rows if row)
    if len(rows) < 2 or not codes:
        return ""
    return f" ({', '.join(codes)})"


def _texts(plan: Plan) -> Iterator[tuple[Objective | Activity | None, str]]:
    for text in filter(None, (plan.goal, *plan.bases, plan.closing)):
        yield None, text
    for row in plan.rows():
        yield row, row.title


def _segments(text: str) -> Iterator[list[str]]:
    """The words between two marks of punctuation, as they are written."""
    for segment in _SEGMENT.findall(modern_tone(text)):
        yield _WORD.findall(segment)


def _habit(texts: set[str]) -> _Habit:
    habit = _Habit()
    for text in sorted(texts):
        for segment in _segments(text):
            words = [word.lower() for word in segment]
            habit.words.update(words)
            habit.pairs.update(pairwise(words))
    for (left, right), count in habit.pairs.items():
        if count >= _HABIT:
            habit.after.setdefault(left, set()).add(right)
            habit.before.setdefault(right, set()).add(left)
    return habit


def _mend(segment: Sequence[str], place: int, habit: _Habit) -> Suspect | None:
    """The suspect pair and how it should be written ("" where nothing is near), or None."""
    if not _may_be_wrong(segment, place, habit):
        return None
    words = ["", "", *(word.lower() for word in segment), "", ""]
    beyond_left, left, word, right, beyond_right = words[place : place + 5]
    # A neighbour that belongs to the word on its other side calls for nothing: in "có quan hệ" the
    # "quan" is that of "quan hệ", and "có quan" no slip for "cơ quan".
    after = AFTER.get(left, set()) if (beyond_left, left) not in COMPOUNDS else set()
    before = BEFORE.get(right, set()) if (right, beyond_right) not in COMPOUNDS else set()
    for better in _near(word, after, habit.after.get(left, ()), habit):
        return f"{left} {word}", f"{left} {better}"
    for better in _near(word, before, habit.before.get(right, ()), habit):
        return f"{word} {right}", f"{better} {right}"
    return None if is_syllable(word) else (word, "")


def _may_be_wrong(segment: Sequence[str], place: int, habit: _Habit) -> bool:
    """Whether a word is looked at: none that is a name or foreign, or that a neighbour confirms."""
    if _is_passed_over(segment, place):
        return False
    for pair in _pairs_at(segment, place):
        if pair in COMPOUNDS or habit.pairs[pair] > _RARE:
            return False
    return True


def _is_passed_over(segment: Sequence[str], place: int) -> bool:
    """Names, abbreviations, single letters, foreign words, and words that only join others."""
    written, word = segment[place], segment[place].lower()
    if len(word) < 2 or word in FOREIGN or word in FUNCTION_WORDS:
        return True
    is_abbreviation = written.isupper() and not is_syllable(word)
    return is_abbreviation or _is_name(segment, place)


def _is_name(segment: Sequence[str], place: int) -> bool:
    """A capital letter inside a sentence, unless all is in capitals."""
    return place > 0 and segment[place][:1].isupper() and not segment[place - 1].isupper()


def _pairs_at(segment: Sequence[str], place: int) -> Iterator[tuple[str, str]]:
    """A word with the one after it, and with the one before it."""
    for first in (place, place - 1):
        if first >= 0 and first + 1 < len(segment):
            yield segment[first].lower(), segment[first + 1].lower()


def _near(
    word: str, listed: Collection[str], usual: Collection[str], habit: _Habit
) -> Iterator[str]:
    """Words one slip away: of the word list, then what the document mostly writes.

    Those that differ only in their marks come first. A syllable that the word list knows is not
    taken for another one of other letters.
    """
    slips = sorted(better for better in listed if one_slip_apart(word, better))
    yield from _with_same_letters(word, slips)
    if word not in SYLLABLES:
        yield from slips
    if habit.words[word] <= _RARE:
        for better in _with_same_letters(word, sorted(usual)):
            is_usual = habit.words[better] >= _MORE_OFTEN * habit.words[word]
            if is_usual and better != word:
                yield better


def _with_same_letters(word: str, candidates: Iterable[str]) -> Iterator[str]:
    """Those that differ from a word in nothing but marks: "mổi" and "mỗi"."""
    for candidate in candidates:
        if fold(candidate) == fold(word):
            yield candidate
