"""What the words over a column mean, whatever words a document uses for it."""

from __future__ import annotations

import re

from toankhoa.core.basics import words_of

# What a column may be, in the words of the person who is asked. A year ("2025") or a span
# ("2021-2025") is a meaning too.
MEANINGS = {
    "number": "số thứ tự",
    "heading": "đề mục của các hàng bên cạnh",
    "title": "nội dung",
    "unit": "đơn vị tính",
    "target": "mức phải đạt của cả thời kỳ",
    "baseline": "kết quả kỳ trước",
    "levels": "cấp thực hiện",
    "boards": "ban chủ trì",
    "support": "phối hợp",
    "product": "sản phẩm",
    "deadline": "thời gian hoàn thành",
    "budget": "kinh phí",
    "remark": "ghi chú",
    "ignore": "bỏ qua",
}
# Meanings that say more of a row than the product's own table has columns for.
DETAILS = ("unit", "baseline", "support", "product", "deadline", "budget", "remark")
# Folded words by meaning, surest first. A phrase is looked for in the header, a single word must be
# all of it: "ban" alone means boards, not the "ban" in "văn bản".
_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("title", ("muc tieu cu the", "muc tieu chi tieu", "chi tieu muc tieu", "viec can lam")),
    ("number", ("stt", "tt", "so tt", "so thu tu")),
    (
        "baseline",
        (
            "ky truoc",
            "hien trang",
            "uoc thuc hien",
            "nam goc",
            "dau ky",
            "dau nhiem ky",
            "nhiem ky truoc",
        ),
    ),
    ("unit", ("don vi tinh", "dvt", "dv tinh", "don vi do")),
    ("levels", ("cap thuc hien", "cap trien khai", "cap")),
    (
        "boards",
        (
            *("chu tri", "ban thuc hien", "ban phu trach", "phu trach", "tham muu", "ban"),
            *(
                "don vi thuc hien",
                "co quan thuc hien",
                "bo phan thuc hien",
                "dau moi",
                "phan cong thuc hien",
            ),
        ),
    ),
    ("support", ("phoi hop",)),
    (
        "deadline",
        ("thoi gian", "thoi han", "tien do", "thoi diem", "moc thoi gian", "han hoan thanh"),
    ),
    ("product", ("san pham", "ket qua dau ra", "ket qua", "dau ra", "ket qua can dat")),
    ("budget", ("kinh phi", "du toan", "nguon luc", "nguon von")),
    ("remark", ("ghi chu", "luu y")),
    (
        "target",
        (
            *("cuoi nhiem ky", "ca nhiem ky", "ca giai doan", "ca thoi ky", "toan khoa"),
            *(
                "muc dat",
                "muc phai dat",
                "muc phan dau",
                "muc chi tieu",
                "muc tieu den",
                "muc tieu",
            ),
            *("chi tieu nhiem ky", "chi tieu giao", "ke hoach"),
        ),
    ),
    (
        "title",
        (
            "hoat dong",
            "noi dung",
            "chi tieu",
            "nhiem vu",
            "cong viec",
            "dau viec",
            "tieu chi",
            "giai phap",
        ),
    ),
)
_LEAD = (
    r"(?:(?:den|toi|het|cuoi|vao|nam|ke hoach|kh|chi tieu|muc tieu|muc|muc dat"
    r"|giao|tong|cong|ca)\s)*"
)
_YEAR = re.compile(rf"{_LEAD}((?:19|20)\d\d)")
_SPAN = re.compile(
    rf"{_LEAD}(?:(?:giai doan|nhiem ky|thoi ky|khoa)\s)?((?:19|20)\d\d) ((?:19|20)\d\d)"
)
# After these "thực hiện" looks ahead: "Lộ trình thực hiện năm 2026" is no result.
_AHEAD = ("lo trinh", "ke hoach", "thoi gian", "tien do", "phan ky", "muc do")
_NOT_AHEAD = "".join(f"(?<!{words} )" for words in _AHEAD)
_DONE = re.compile(
    rf"\b{_NOT_AHEAD}(?:thuc hien|th|ket qua(?! (?:can|phai|du kien)\b)|uoc|da dat)\b"
)
_ANY_YEAR = re.compile(r"(?:19|20)\d\d")
# When work begins, or a person who leads it: no column of ours.
_NONE = re.compile(r"\bbat dau\b|^(?:lanh dao|nguoi) phu trach\b")
_LONGEST = 12  # words of a header

Period = tuple[int, int]  # first and last year


def period_of(header: str) -> Period | None:
    """The year or the years that a header names and nothing else.

    "Năm 2021" and "Đến năm 2030" name one year, "Giai đoạn 2021-2025" several.
    """
    words = words_of(header)
    year = _YEAR.fullmatch(words)
    if year:
        return int(year.group(1)), int(year.group(1))
    span = _SPAN.fullmatch(words)
    if span and span.group(1) <= span.group(2):
        return int(span.group(1)), int(span.group(2))
    return None


def key_of(period: Period) -> str:
    """A period as the meaning of a column: "2021", "2021-2025"."""
    first, last = period
    return str(first) if first == last else f"{first}-{last}"


def name_of(meaning: str) -> str:
    """The words over a column of that meaning where a document has none of its own.

    `meaning_of` reads them back.
    """
    return MEANINGS.get(meaning, meaning).capitalize()


def meaning_of(header: str) -> str | None:
    """The meaning of a header, one of MEANINGS; None where its words are not known."""
    words = words_of(header)
    if not words or len(words.split()) > _LONGEST or _NONE.search(words):
        return None
    if _DONE.search(words) and _ANY_YEAR.search(words):  # "Thực hiện năm 2020"
        return "baseline"
    for meaning, phrases in _WORDS:
        if any(_holds(words, phrase) for phrase in phrases):
            return meaning
    return None


def _holds(words: str, phrase: str) -> bool:
    """Whether a header holds a phrase, or is the single word."""
    return bool(re.search(rf"\b{phrase}\b", words)) if " " in phrase else words == phrase
