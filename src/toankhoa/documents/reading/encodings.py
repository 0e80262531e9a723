"""Vietnamese as it was typed before Unicode.

TCVN3 (fonts named .Vn…), VNI (fonts named VNI-…), Windows-1258.

A font's name says how the text set in it is to be read; plain text has no fonts, and is converted
only where reading it so makes many common words appear.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from itertools import groupby

_TCVN3_CODES = (
    "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ¡¢£¤¥¦§",
    "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
)
_TCVN3 = str.maketrans(*_TCVN3_CODES)

# VNI writes a plain letter and after it its signs as another letter; each sign with what Unicode
# adds for it.
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
_VNI_TONES = {"ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ù": _ACUTE, "ï": _DOT}
_VNI_CIRCUMFLEX = {"â": "", "à": _GRAVE, "å": _HOOK, "ã": _TILDE, "á": _ACUTE, "ä": _DOT}
_VNI_BREVE = {"ê": "", "è": _GRAVE, "ú": _HOOK, "ü": _TILDE, "é": _ACUTE, "ë": _DOT}
_VNI_LETTERS = {
    "ô": "ơ",
    "ö": "ư",
    "ñ": "đ",
    "î": "ỵ",
    "æ": "ỉ",
    "ó": "ĩ",
    "ò": "ị",
    "í": "í",
    "ì": "ì",
}

_UNICODE_ONLY = re.compile(
    "[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]"
)
# Where Word keeps the characters of fonts that it takes for symbols.
_SYMBOL_AREA = range(0xF020, 0xF100)
# Words that any office writes often; each carries a letter that an old encoding writes otherwise.
_COMMON_WORDS = (
    "và của các được năm thực hiện kế hoạch đạt tỉnh hoạt động chỉ tiêu trở cơ sở số độ nhiệm vụ "
    "cấp tổ chức hội đồng ủy công tác nội dung xây dựng phối hợp đơn vị có cho với trên người từ "
    "đến là để những về"
)
_COMMON = frozenset(_COMMON_WORDS.split())
_WORD = re.compile(r"\w+")
_SAMPLE = 100_000  # characters that tell how the rest is written
# Common words that appear, at least, and this many times those of the text as it stands.
_EVIDENCE = 4


class Script(StrEnum):
    """How the characters of a text are to be read."""

    TCVN3 = "TCVN3"
    TCVN3_CAPITALS = "TCVN3 chữ hoa"
    VNI = "VNI"


def script_of(font: str | None) -> Script | None:
    """The script that a font's name tells (".VnTimeH", "VNI-Times"), or None for Unicode.

    In a PDF, "ABCDEF+" leads.
    """
    name = (font or "").rpartition("+")[2].strip(" \"'")
    if name.lower().startswith(".vn"):
        return Script.TCVN3_CAPITALS if name.endswith("H") else Script.TCVN3
    return Script.VNI if name.lower().startswith(("vni-", "vni ")) else None


def to_unicode(text: str, script: Script | None) -> str:
    """NFC text.

    Text that holds letters which only Unicode has was typed in Unicode, whatever its font.
    """
    if script and not _UNICODE_ONLY.search(text):
        text = _DECODERS[script]("".join(map(_out_of_symbols, text)))
    return unicodedata.normalize("NFC", text)


def joined(pieces: Iterable[tuple[str, Script | None]]) -> str:
    """One text of pieces, each with its script.

    A VNI letter and its sign may stand in two of them.
    """
    runs = groupby(pieces, key=lambda piece: piece[1])
    return "".join(to_unicode("".join(text for text, _ in run), script) for script, run in runs)


def _out_of_symbols(char: str) -> str:
    return chr(ord(char) - 0xF000) if ord(char) in _SYMBOL_AREA else char


def _from_tcvn3(text: str) -> str:
    return text.translate(_TCVN3)


def _vni_table() -> dict[str, str]:
    """Each VNI writing, of one or two characters, with its letter."""
    pairs = _with_signs("aeo", _CIRCUMFLEX, _VNI_CIRCUMFLEX)
    pairs |= _with_signs("a", _BREVE, _VNI_BREVE)
    pairs |= _with_signs("aeouy", "", _VNI_TONES)
    for written in "ôö":  # signs of their own in VNI, which carry tones as well
        for sign, tone in _VNI_TONES.items():
            pairs[written + sign] = _VNI_LETTERS[written] + tone
    lower = {old: unicodedata.normalize("NFC", new) for old, new in (pairs | _VNI_LETTERS).items()}
    # A capital's sign is a capital as well, though many texts keep it small.
    upper = {old.upper(): new.upper() for old, new in lower.items()}
    mixed = {old[0].upper() + old[1:]: new.upper() for old, new in lower.items()}
    return mixed | upper | lower


def _with_signs(letters: str, accent: str, tones: Mapping[str, str]) -> dict[str, str]:
    """Each letter followed by each sign of VNI → the letter with its accent and tone."""
    table = {}
    for letter in letters:
        for sign, tone in tones.items():
            table[letter + sign] = letter + accent + tone
    return table


_VNI = _vni_table()
_VNI_WRITING = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


def _from_vni(text: str) -> str:
    return _VNI_WRITING.sub(lambda match: _VNI[match.group()], text)


_DECODERS: dict[Script, Callable[[str], str]] = {
    Script.TCVN3: _from_tcvn3,
    Script.TCVN3_CAPITALS: lambda text: _from_tcvn3(text).upper(),
    Script.VNI: _from_vni,
}


def recovered(text: str) -> tuple[str, Script | None]:
    """A text without fonts as Unicode, and the script it was in.

    One that makes many common words appear, or None.
    """
    if _UNICODE_ONLY.search(text):
        return unicodedata.normalize("NFC", text), None
    sample = text[:_SAMPLE]
    words_by_script = {
        script: _common_words(to_unicode(sample, script)) for script in (Script.TCVN3, Script.VNI)
    }
    best = max(words_by_script, key=lambda script: words_by_script[script])
    if words_by_script[best] >= _EVIDENCE * max(_common_words(sample), 1):
        return to_unicode(text, best), best
    return unicodedata.normalize("NFC", text), None


def decoded(data: bytes) -> tuple[str, str] | None:
    """Text of bytes that are no Unicode, and the name of their encoding.

    None where no reading is likely.
    """
    western = data.decode("cp1252", errors="replace")
    text, script = recovered(western)
    if script:
        return text, str(script)
    windows = unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))
    if _common_words(windows) >= _EVIDENCE * max(_common_words(western), 1):
        return windows, "Windows-1258"
    return None


def _common_words(text: str) -> int:
    common = set(_WORD.findall(text[:_SAMPLE].lower())) & _COMMON
    return sum(not word.isascii() for word in common)
