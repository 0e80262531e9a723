"""Who carries a row out and who leads it: texts such as "Cấp tỉnh và các huyện/thị/tp" or "Ban A, Ban B-C" to codes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from toankhoa.core.basics import Problem, Severity, Source, fold, words_of
from toankhoa.core.measures import Vocabulary

Codes = tuple[tuple[str, ...], tuple[Problem, ...]]

_BETWEEN_BOARDS = re.compile(r"[,;&+/\n]| và ", re.IGNORECASE)
_LEAD = re.compile(r"[\s,;(]*\bchủ trì\b[\s:),;]*", re.IGNORECASE)
_SUPPORT = re.compile(r"[\s,;(–-]*\bphối hợp\b(?:\s+(?:thực hiện|với))*[\s:),;]*", re.IGNORECASE)
_EVERY = "*"
_SILENT = {"cap", "cac", "va", "cung", "voi", "cua", "trong", "toan", "dia", "ban"}


def read_boards(text: str, vocabulary: Vocabulary, source: Source) -> Codes:
    """Codes of the boards that lead, in the text's order, each once; parts that name none are problems."""
    return _read_boards(leading_and_supporting(text)[0], vocabulary, source)


def read_supporting(boards: str, support: str, vocabulary: Vocabulary, source: Source) -> Codes:
    """Codes of the boards that only support: named after "phối hợp" among the lead ones, or in a column of their own.

    Bodies outside the organisation support, too, and have no code; one that is called a board is a note.
    """
    named = "\n".join(
        filter(
            None, (leading_and_supporting(boards)[1], leading_and_supporting(support)[1] or support)
        )
    )
    codes, problems = _read_boards(named, vocabulary, source)
    unknown = (found.fragment for found in problems if found.code == "board-unknown")
    return codes, tuple(
        _unknown_partner(name, source) for name in unknown if words_of(name).startswith("ban ")
    )


def leading_and_supporting(text: str) -> tuple[str, str]:
    """ "VP chủ trì, phối hợp với BTG" in two: "VP" and "BTG". Words that say neither are all the leading ones'."""
    before, *after = _SUPPORT.split(text, maxsplit=1)
    if after and not re.search(r"\w", after[0]):  # "VP (chủ trì), BTG, BTC (phối hợp)"
        before, *after = _LEAD.split(before.strip(), maxsplit=1)
    lead = " ".join(filter(None, (part.strip() for part in _LEAD.split(before))))
    return (lead, after[0].strip()) if after else (lead, "")


def _read_boards(text: str, vocabulary: Vocabulary, source: Source) -> Codes:
    known = {_board_key(word): code for code, words in vocabulary.boards.items() for word in words}
    found: dict[str, None] = {}
    problems: list[Problem] = []
    for part in _parts(text, known):
        codes = _board(part, known)
        joined = codes or [
            code for piece in re.split(r"[-–]", part) for code in _board(piece, known)
        ]
        found |= dict.fromkeys(joined)
        if not joined:
            problems.append(_unknown_board(part.strip(), source))
        elif not codes:
            problems.append(_joined_boards(part.strip(), joined, source))
    return tuple(found), tuple(problems)


def _parts(text: str, known: dict[str, str]) -> Iterator[str]:
    """The text between commas and the like, but for those inside a board's own name: "Vụ Khoa học và Công nghệ"."""
    start = 0
    while start < len(text):
        ends = [mark.start() for mark in _BETWEEN_BOARDS.finditer(text, start)] + [len(text)]
        end = next((end for end in reversed(ends) if _board(text[start:end], known)), ends[0])
        if text[start:end].strip():
            yield text[start:end]
        mark = _BETWEEN_BOARDS.match(text, end)
        start = mark.end() if mark else len(text)


def board_names(text: str, codes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each code with the words that named it, where the text (of leading boards, or of others) has one for each."""
    names = [name.strip() for name in _BETWEEN_BOARDS.split(text) if name.strip()]
    if len(names) == len(codes):
        yield from zip(codes, names, strict=True)


def _board(text: str, known: dict[str, str]) -> list[str]:
    found = known.get(_board_key(text))
    return [found] if found else []


def _board_key(text: str) -> str:
    """Folded words without the word for board: "Ban Kinh tế" is "Kinh tế"."""
    return words_of(text).removeprefix("ban ")


def _unknown_board(text: str, source: Source) -> Problem:
    message = f"Không biết ban “{text}”. Hãy sửa tên ban, hoặc thêm tên này vào danh mục ban của thư viện."
    return Problem("board-unknown", Severity.ERROR, message, source, text)


def _unknown_partner(text: str, source: Source) -> Problem:
    message = f"Ban phối hợp “{text}” không có trong danh mục ban: chỉ được giữ nguyên văn. Hãy sửa tên nếu viết sai."
    return Problem("partner-unknown", Severity.NOTE, message, source, text)


def _joined_boards(text: str, codes: Sequence[str], source: Source) -> Problem:
    message = f"“{text}” được hiểu là {len(codes)} ban: {', '.join(codes)}. Hãy viết tách từng ban nếu đúng như vậy."
    return Problem("boards-joined", Severity.WARNING, message, source, text)


def read_levels(text: str, vocabulary: Vocabulary, source: Source) -> Codes:
    """Codes of the levels in a text, in the vocabulary's order.

    "Các cấp Hội" is every level, "các cấp Hội cơ sở" only the level that follows. Words that name no level are a note.
    """
    if not text.strip():
        return (), ()
    known = _level_words(vocabulary)
    told = {word for words in known for word in words}
    named, rest = _named_levels(re.findall(r"\w+|[,;\n]", fold(text)), known)
    levels = set(vocabulary.levels) if _EVERY in named else named
    if not levels:
        message = f"Không biết cấp thực hiện “{text}”. Hãy ghi rõ cấp, hoặc thêm cách viết này vào thư viện."
        return (), (Problem("level-unknown", Severity.ERROR, message, source, text),)
    problems = (_remark(text, source),) if set(rest) - told else ()
    return tuple(code for code in vocabulary.levels if code in levels), problems


def _level_words(vocabulary: Vocabulary) -> dict[tuple[str, ...], str]:
    """Each alias as its folded words, with the level it names; those that name every level with `_EVERY`."""
    aliases = [(word, code) for code, words in vocabulary.levels.items() for word in words]
    aliases += [(word, _EVERY) for word in vocabulary.all_levels]
    return {tuple(words_of(word).split()): code for word, code in aliases}


def _named_levels(
    words: Sequence[str], known: dict[tuple[str, ...], str]
) -> tuple[set[str], list[str]]:
    """The levels that the words name, longest alias first, and the words that say something else.

    Between "các cấp" and the level that narrows it may stand "cấp" or the organisation's own word: "các cấp Hội cơ sở".
    """
    joins = {"cap"} | {
        word for alias in known if len(alias) > 1 for word in alias if (word,) not in known
    }
    named: set[str] = set()
    rest: list[str] = []
    place = 0
    while place < len(words):
        alias = _alias_at(words, place, known)
        if alias and known[alias] == _EVERY:
            following = place + len(alias)
            while (
                not (narrower := _alias_at(words, following, known))
                and _word_at(words, following) in joins
            ):
                following += 1
            named.add(known[narrower] if narrower else _EVERY)
            place = following + len(narrower)
        elif alias:
            named.add(known[alias])
            place += len(alias)
        else:
            rest += [
                word for word in words[place : place + 1] if word.isalnum() and word not in _SILENT
            ]
            place += 1
    return named, rest


def _word_at(words: Sequence[str], place: int) -> str:
    return words[place] if place < len(words) else ""


def _alias_at(
    words: Sequence[str], place: int, known: dict[tuple[str, ...], str]
) -> tuple[str, ...]:
    for length in range(max(map(len, known), default=0), 0, -1):
        if (alias := tuple(words[place : place + length])) in known:
            return alias
    return ()


def _remark(text: str, source: Source) -> Problem:
    message = f"“{text}”: ngoài cấp thực hiện còn có lời ghi thêm, chỉ được giữ nguyên văn."
    return Problem("level-remark", Severity.NOTE, message, source, text)
