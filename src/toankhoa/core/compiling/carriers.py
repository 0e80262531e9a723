"""Who carries a row out and who leads it: texts to codes of levels and boards.

Examples: "Cấp tỉnh và các huyện/thị/tp", "Ban A, Ban B-C".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from toankhoa.core.basics import Problem, Severity, Source, fold, words_of
from toankhoa.core.measures import Vocabulary

Codes = tuple[tuple[str, ...], tuple[Problem, ...]]

_BETWEEN_BOARDS = re.compile(r"[,;&+/\n]| và ", re.IGNORECASE)
_LEAD = re.compile(r"[\s,;(]*\bchủ trì\b[\s:),;]*", re.IGNORECASE)
_SUPPORT = re.compile(r"[\s,;(–-]*\bphối hợp\b(?:\s+(?:thực hiện|với))*[\s:),;]*", re.IGNORECASE)
_ALL_LEVELS = "*"  # stands for a code where words name every level
# Words beside the name of a level that say nothing more.
_SILENT = {"cap", "cac", "va", "cung", "voi", "cua", "trong", "toan", "dia", "ban"}


def read_boards(text: str, vocabulary: Vocabulary, source: Source) -> Codes:
    """Codes of the boards that lead, in the text's order, each once.

    Parts of the text that name none are problems.
    """
    return _read_boards(leading_and_supporting(text)[0], vocabulary, source)


def read_supporting(boards: str, support: str, vocabulary: Vocabulary, source: Source) -> Codes:
    """Codes of the boards that only support.

    They are named after "phối hợp" among the lead ones (`boards`), or in a column of their own
    (`support`). Bodies outside the organisation support, too, and have no code; one that is called
    a board is a note.
    """
    _, beside_leads = leading_and_supporting(boards)
    _, marked = leading_and_supporting(support)
    names = "\n".join(filter(None, (beside_leads, marked or support)))
    codes, problems = _read_boards(names, vocabulary, source)
    notes = []
    for problem in problems:
        if problem.code == "board-unknown" and words_of(problem.fragment).startswith("ban "):
            notes.append(_unknown_partner(problem.fragment, source))
    return codes, tuple(notes)


def leading_and_supporting(text: str) -> tuple[str, str]:
    """ "VP chủ trì, phối hợp với BTG" in two: "VP" and "BTG".

    Words that say neither are all the leading ones'.
    """
    before, *after = _SUPPORT.split(text, maxsplit=1)
    if after and not re.search(r"\w", after[0]):  # "VP (chủ trì), BTG, BTC (phối hợp)"
        before, *after = _LEAD.split(before.strip(), maxsplit=1)
    parts = map(str.strip, _LEAD.split(before))
    lead = " ".join(filter(None, parts))
    return (lead, after[0].strip()) if after else (lead, "")


def _read_boards(text: str, vocabulary: Vocabulary, source: Source) -> Codes:
    known = _codes_by_board_name(vocabulary)
    boards: dict[str, None] = {}  # in order, each once
    problems: list[Problem] = []
    for part in _parts(text, known):
        code = _board(part, known)
        if code:
            boards[code] = None
            continue
        joined = _boards_joined_by_dash(part, known)
        boards |= dict.fromkeys(joined)
        if joined:
            problems.append(_joined_boards(part.strip(), joined, source))
        else:
            problems.append(_unknown_board(part.strip(), source))
    return tuple(boards), tuple(problems)


def _codes_by_board_name(vocabulary: Vocabulary) -> dict[str, str]:
    known: dict[str, str] = {}
    for code, names in vocabulary.boards.items():
        known |= {_board_key(name): code for name in names}
    return known


def _boards_joined_by_dash(text: str, known: Mapping[str, str]) -> list[str]:
    """ "TG-TC" names two boards, unless the whole is the name of one."""
    codes = []
    for piece in re.split(r"[-–]", text):
        code = _board(piece, known)
        if code:
            codes.append(code)
    return codes


def _parts(text: str, known: Mapping[str, str]) -> Iterator[str]:
    """The text between commas and the like.

    Those inside a board's own name part nothing: "Vụ Khoa học và Công nghệ".
    """
    start = 0
    while start < len(text):
        end = _end_of_board(text, start, known)
        if text[start:end].strip():
            yield text[start:end]
        mark = _BETWEEN_BOARDS.match(text, end)
        start = mark.end() if mark else len(text)


def _end_of_board(text: str, start: int, known: Mapping[str, str]) -> int:
    """Where the longest name of a board from here ends; the next mark where none begins here."""
    marks = _BETWEEN_BOARDS.finditer(text, start)
    ends = [*(mark.start() for mark in marks), len(text)]
    for end in reversed(ends):
        if _board(text[start:end], known):
            return end
    return ends[0]


def board_names(text: str, codes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each code with the words that named it.

    Nothing where the text (of leading boards, or of others) has not just one name for each code.
    """
    names = [name.strip() for name in _BETWEEN_BOARDS.split(text) if name.strip()]
    if len(names) == len(codes):
        yield from zip(codes, names, strict=True)


def _board(text: str, known: Mapping[str, str]) -> str | None:
    """The code of the board that the whole text names."""
    return known.get(_board_key(text))


def _board_key(text: str) -> str:
    """Folded words without the word for board: "Ban Kinh tế" is "Kinh tế"."""
    return words_of(text).removeprefix("ban ")


def _unknown_board(text: str, source: Source) -> Problem:
    message = (
        f"Không biết ban “{text}”. "
        "Hãy sửa tên ban, hoặc thêm tên này vào danh mục ban của thư viện."
    )
    return Problem("board-unknown", Severity.ERROR, message, source, text)


def _unknown_partner(text: str, source: Source) -> Problem:
    message = (
        f"Ban phối hợp “{text}” không có trong danh mục ban: chỉ được giữ nguyên văn. "
        "Hãy sửa tên nếu viết sai."
    )
    return Problem("partner-unknown", Severity.NOTE, message, source, text)


def _joined_boards(text: str, codes: Sequence[str], source: Source) -> Problem:
    message = (
        f"“{text}” được hiểu là {len(codes)} ban: {', '.join(codes)}. "
        "Hãy viết tách từng ban nếu đúng như vậy."
    )
    return Problem("boards-joined", Severity.WARNING, message, source, text)


# Levels

_Alias = tuple[str, ...]  # its folded words


def read_levels(text: str, vocabulary: Vocabulary, source: Source) -> Codes:
    """Codes of the levels in a text, in the vocabulary's order.

    "Các cấp Hội" is every level, "các cấp Hội cơ sở" only the level that follows. Words that name
    no level are a note.
    """
    if not text.strip():
        return (), ()
    known = _level_words(vocabulary)
    named, rest = _named_levels(re.findall(r"\w+|[,;\n]", fold(text)), known)
    levels = set(vocabulary.levels) if _ALL_LEVELS in named else named
    if not levels:
        return (), (_level_unknown(text, source),)
    words_of_aliases = set().union(*known)
    problems = (_remark(text, source),) if set(rest) - words_of_aliases else ()
    return tuple(code for code in vocabulary.levels if code in levels), problems


def _level_words(vocabulary: Vocabulary) -> dict[_Alias, str]:
    """Each alias with the level it names; those that name every level with `_ALL_LEVELS`."""
    known: dict[_Alias, str] = {}
    for code, names in vocabulary.levels.items():
        known |= dict.fromkeys(map(_alias, names), code)
    known |= dict.fromkeys(map(_alias, vocabulary.all_levels), _ALL_LEVELS)
    known.pop((), None)  # a name without letters is no alias
    return known


def _alias(name: str) -> _Alias:
    return tuple(words_of(name).split())


def _named_levels(words: Sequence[str], known: Mapping[_Alias, str]) -> tuple[set[str], list[str]]:
    """The levels that the words name, longest alias first, and the words that name none."""
    named: set[str] = set()
    rest: list[str] = []
    place = 0
    while place < len(words):
        alias = _alias_at(words, place, known)
        level = known.get(alias)
        place += max(len(alias), 1)
        if level == _ALL_LEVELS:
            narrower, place = _narrowed(words, place, known)
            named.add(narrower)
        elif level is not None:
            named.add(level)
        elif _says_something(words[place - 1]):
            rest.append(words[place - 1])
    return named, rest


def _says_something(word: str) -> bool:
    return word.isalnum() and word not in _SILENT


def _narrowed(words: Sequence[str], place: int, known: Mapping[_Alias, str]) -> tuple[str, int]:
    """The level that follows "các cấp" and narrows it, else every level; and the place after it.

    Between the two may stand "cấp" or the organisation's own word: "các cấp Hội cơ sở".
    """
    joins = _joining_words(known)
    narrower = _alias_at(words, place, known)
    while not narrower and place < len(words) and words[place] in joins:
        place += 1
        narrower = _alias_at(words, place, known)
    return known.get(narrower, _ALL_LEVELS), place + len(narrower)


def _joining_words(known: Mapping[_Alias, str]) -> set[str]:
    """ "cấp", and words that aliases of several words hold but none is by itself: "hội"."""
    joins = {"cap"}
    for alias in known:
        if len(alias) > 1:
            joins.update(word for word in alias if (word,) not in known)
    return joins


def _alias_at(words: Sequence[str], place: int, known: Mapping[_Alias, str]) -> _Alias:
    """The longest alias that begins at a place; without words where none does."""
    for length in range(max(map(len, known), default=0), 0, -1):
        alias = tuple(words[place : place + length])
        if alias in known:
            return alias
    return ()


def _level_unknown(text: str, source: Source) -> Problem:
    message = (
        f"Không biết cấp thực hiện “{text}”. Hãy ghi rõ cấp, hoặc thêm cách viết này vào thư viện."
    )
    return Problem("level-unknown", Severity.ERROR, message, source, text)


def _remark(text: str, source: Source) -> Problem:
    message = f"“{text}”: ngoài cấp thực hiện còn có lời ghi thêm, chỉ được giữ nguyên văn."
    return Problem("level-remark", Severity.NOTE, message, source, text)
