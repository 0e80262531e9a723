"""Vietnamese text: one normal form, folding for search, alphabetical order, where a tone is placed."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of a dictionary
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: chr(ord("A") + place) for place, letter in enumerate(_LETTERS)}
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def _cases(letter: str) -> tuple[str, str]:
    return letter, letter.upper()


def _new_tone_places() -> dict[str, str]:
    """Each old writing of oa, oe, uy at the end of a syllable (hoà, khoẻ, thuý) with its new one (hòa, khỏe, thúy)."""
    pairs = [
        (a, b)
        for low in (("o", "a"), ("o", "e"), ("u", "y"))
        for a in _cases(low[0])
        for b in _cases(low[1])
    ]
    compose = unicodedata.normalize
    return {
        compose("NFC", a + b + tone): compose("NFC", a + tone + b)
        for a, b in pairs
        for tone in _TONES
    }


_PLACES = _new_tone_places()
_OLD_PLACE = re.compile(rf"(?<![qQ])(?:{'|'.join(_PLACES)})(?!\w)")


def tidy(text: str) -> str:
    """NFC, no invisible characters, every run of white space one space, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_INVISIBLE).split())


def tidy_lines(text: str) -> str:
    """Each line tidied, blank lines left out."""
    return "\n".join(line for line in map(tidy, text.splitlines()) if line)


def fold(text: str) -> str:
    """Lower case without diacritics, đ as d: "Đồng Nai" → "dong nai", and so hoà = hòa."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@lru_cache(maxsize=16384)
def words_of(text: str) -> str:
    """The folded words with one space between them; punctuation is left out."""
    return " ".join(re.findall(r"\w+", fold(text)))


def modern_tone(text: str) -> str:
    """NFC with the tone of oa, oe, uy where it is written today: "hoà" → "hòa", "thuý" → "thúy"; "quý" stays."""
    composed = unicodedata.normalize("NFC", text)
    return _OLD_PLACE.sub(lambda match: _PLACES[match.group()], composed)


def _letter_and_tone(char: str) -> tuple[str, str]:
    decomposed = unicodedata.normalize("NFD", char)
    tone = next((mark for mark in decomposed if mark in _TONES), "")
    letter = unicodedata.normalize("NFC", decomposed.replace(tone, "")) if tone else char
    return letter, str(_TONES.index(tone) + 1) if tone else "0"


def sort_key(text: str) -> str:
    """A string that sorts by code point as a Vietnamese dictionary does: a ă â b c d đ e ê …, then by tone.

    Punctuation does not count; digits come before letters; "an" comes before "an ninh".
    """
    words = re.findall(r"\w+", modern_tone(text).lower())
    pairs = [_letter_and_tone(char) for char in " ".join(words)]
    letters = "".join(_RANK.get(letter, letter) for letter, _ in pairs)
    return letters + "\t" + "".join(tone for _, tone in pairs).rstrip("0")
