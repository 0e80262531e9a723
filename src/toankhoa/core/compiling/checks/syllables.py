"""What a Vietnamese syllable may look like: an onset, a rime, a tone that the rime allows."""

from __future__ import annotations

import re
import unicodedata

_ONSETS = "ngh|ng|nh|ch|gh|gi|kh|ph|th|tr|qu|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x"
_RIMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en
eng eo ep et ê êch êm ên êng ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om
on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch
uên uênh ui um un ung uôc uôi uôm uôn uông uôt up ut uơ uy uya uych uyên uyêt uynh uyt uyu ư ưa ưc
ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu
"""
_SYLLABLE = re.compile(rf"(?:{_ONSETS})?(?:{'|'.join(_RIMES.split())})")
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_ONLY_SHARP = re.compile(r".*(?:c|ch|p|t)")  # a stopped rime is sắc or nặng, or it is none
_SHARP = "\u0301\u0323"


def is_syllable(word: str) -> bool:
    """Whether a word of small letters (NFC) is written as a Vietnamese syllable is."""
    decomposed = unicodedata.normalize("NFD", word)
    tones: list[str] = []
    letters: list[str] = []
    for mark in decomposed:
        (tones if mark in _TONES else letters).append(mark)
    plain = unicodedata.normalize("NFC", "".join(letters))
    if len(tones) > 1 or not _SYLLABLE.fullmatch(plain):
        return False
    if _ONLY_SHARP.fullmatch(plain):
        return bool(tones) and tones[0] in _SHARP
    return True


def one_slip_apart(first: str, second: str) -> bool:
    """Whether one letter (with its marks) changed, left out or added makes one word the other."""
    if first == second or abs(len(first) - len(second)) > 1:
        return False
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    if len(first) == len(second):
        return first[start + 1 :] == second[start + 1 :]
    longer, shorter = (first, second) if len(first) > len(second) else (second, first)
    return longer[start + 1 :] == shorter[start:]
