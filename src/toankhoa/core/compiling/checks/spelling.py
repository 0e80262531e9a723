"""Spelling, without a list of mistakes.

A word is suspect where it is no Vietnamese syllable, or where one slip away from it stands a word that its neighbour
calls for: in the domain's word list ("phát trển" → "phát triển"), or in the document's own habit ("mổi cơ sở" → "mỗi
cơ sở").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
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
_RARE = 3  # times
_HABIT = 3  # times a pair stands in the document
_MORE_OFTEN = 4  # times the habit's word against the suspect one


@dataclass(slots=True)
class _Habit:
    """What a document writes: words and pairs of neighbours, each different text once."""

    words: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    after: dict[str, set[str]] = field(default_factory=dict)
    before: dict[str, set[str]] = field(default_factory=dict)


def misspelt(plan: Plan, _: Facts) -> Iterator[Remark]:
    """A word that is none, or that the word list or the document itself writes otherwise; each once."""
    texts = list(_texts(plan))
    habit = _habit({text for _, text in texts})
    found: dict[tuple[str, str], list[Activity | Objective | None]] = {}
    for row, text in texts:
        for segment in _segments(text):
            for place in range(len(segment)):
                if mend := _mend(segment, place, habit):
                    found.setdefault(mend, []).append(row)
    for (written, better), holders in found.items():
        says_how = f"Nên viết “{better}”." if better else "Hãy viết lại cho đúng."
        codes = ", ".join(dict.fromkeys(row.code for row in holders if row))
        says = (
            f"“{written}” có thể sai chính tả"
            + (f" ({codes})" if len(holders) > 1 and codes else "")
            + f". {says_how}"
        )
        yield Remark(holders[0], says, written)


def _texts(plan: Plan) -> Iterator[tuple[Objective | Activity | None, str]]:
    yield from ((None, text) for text in (plan.goal, *plan.bases, plan.closing) if text)
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


def _mend(segment: list[str], place: int, habit: _Habit) -> tuple[str, str] | None:
    """The suspect pair and how it should be written ("" where nothing is near), or None."""
    if not _may_be_wrong(segment, place, habit):
        return None
    words = ["", "", *(word.lower() for word in segment), "", ""]
    beyond_left, left, word, right, beyond_right = words[place : place + 5]
    # A neighbour that belongs to the word on its other side calls for nothing: "có quan hệ" is no "cơ quan".
    after = AFTER.get(left, set()) if (beyond_left, left) not in COMPOUNDS else set()
    before = BEFORE.get(right, set()) if (right, beyond_right) not in COMPOUNDS else set()
    for better in _near(word, after, habit.after.get(left, ()), habit):
        return f"{left} {word}", f"{left} {better}"
    for better in _near(word, before, habit.before.get(right, ()), habit):
        return f"{word} {right}", f"{better} {right}"
    return None if is_syllable(word) else (word, "")


def _may_be_wrong(segment: list[str], place: int, habit: _Habit) -> bool:
    """Names, abbreviations, foreign and function words are not looked at, nor is a word that its neighbour confirms."""
    written, word = segment[place], segment[place].lower()
    name = place > 0 and written[:1].isupper() and not segment[place - 1].isupper()
    short = len(word) < 2 or (written.isupper() and not is_syllable(word))
    if name or short or word in FOREIGN or word in FUNCTION_WORDS:
        return False
    beside = [(word, after.lower()) for after in segment[place + 1 : place + 2]]
    beside += [(before.lower(), word) for before in segment[max(place - 1, 0) : place]]
    return not any(pair in COMPOUNDS or habit.pairs[pair] > _RARE for pair in beside)


def _near(
    word: str, listed: Collection[str], usual: Collection[str], habit: _Habit
) -> Iterator[str]:
    """Words one slip away, those with other marks first: of the word list, or what the document mostly writes.

    A syllable that the word list knows is not taken for another one of other letters.
    """
    slips = sorted(better for better in listed if one_slip_apart(word, better))
    yield from (better for better in slips if fold(better) == fold(word))
    if word not in SYLLABLES:
        yield from slips
    if habit.words[word] <= _RARE:
        for better in sorted(usual):
            often = habit.words[better] >= _MORE_OFTEN * habit.words[word]
            if often and better != word and fold(better) == fold(word):
                yield better
