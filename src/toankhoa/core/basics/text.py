"""Vietnamese text: one normal form, folding for search, where a tone is placed."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import product

_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_VOWELS = (("o", "a"), ("o", "e"), ("u", "y"))


def _new_tone_places() -> dict[str, str]:
    """Each old writing of oa, oe, uy with its new one: hoà → hòa, khoẻ → khỏe, thuý → thúy."""
    places = {}
    for first, second in _VOWELS:
        for tone in _TONES:
            for before, after in product((first, first.upper()), (second, second.upper())):
                old = unicodedata.normalize("NFC", before + after + tone)
                places[old] = unicodedata.normalize("NFC", before + tone + after)
    return places


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
    """NFC with the tone of oa, oe, uy at the end of a syllable where it is written today.

    "hoà" → "hòa", "thuý" → "thúy"; "quý" stays, as its u belongs to the consonant.
    """
    composed = unicodedata.normalize("NFC", text)
    return _OLD_PLACE.sub(lambda match: _PLACES[match.group()], composed)
