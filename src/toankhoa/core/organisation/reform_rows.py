"""Changes of a reform as rows that a person types: on a form, in Excel, in CSV.

One row says one thing: "Sáp nhập | Xã A | Xã C", "Chia | Xã A | Xã B | 60%". Rows that follow each
other and speak of the same merger or division are one change. `changes_of(rows_of(changes))` are
the changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace

from toankhoa.core.basics import Refused, fold, refuse, tidy
from toankhoa.core.organisation.reform_codec import share_of
from toankhoa.core.organisation.reforms import Change, Effect, ReformPart
from toankhoa.core.organisation.units import Tree

EFFECTS = {
    Effect.MERGE: "Sáp nhập",
    Effect.SPLIT: "Chia",
    Effect.RENAME: "Đổi tên",
    Effect.KIND: "Đổi loại",
    Effect.MOVE: "Chuyển",
    Effect.ABOLISH: "Bãi bỏ",
    Effect.FOUND: "Thành lập",
}
COLUMNS = {
    "effect": "Thay đổi",
    "unit": "Đơn vị",
    "into": "Thành",
    "name": "Tên",
    "kind": "Loại",
    "level": "Cấp",
    "parent": "Cấp trên",
    "share": "Tỷ lệ",
}
_EFFECT_WORDS = {fold(word): effect for effect, word in EFFECTS.items()}
_COLUMN_TITLES = {fold(title): name for name, title in COLUMNS.items()}
_CODE_AT_END = re.compile(r"\(([^()\s]+)\)\s*$")


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """What stands in one row, as typed; blank where nothing does."""

    effect: str
    unit: str = ""
    into: str = ""
    name: str = ""
    kind: str = ""
    level: str = ""
    parent: str = ""
    share: str = ""


class Finder:
    """Units and levels by what people call them."""

    def __init__(self, tree: Tree, level_names: Mapping[str, str]) -> None:
        self._units = tree.units
        self._names: dict[str, list[str]] = {}
        for code, unit in tree.units.items():
            self._names.setdefault(fold(unit.name), []).append(code)
        self._levels: dict[str, str] = {}
        for code, name in level_names.items():
            self._levels |= {fold(code): code, fold(name): code}

    def unit(self, text: str) -> str:
        """The code in "Xã A (123)", a code as it is, or that of the one unit so named.

        A word that names nothing may be the code of a unit yet to be founded: it is taken as it
        stands. `Refused` where it is unclear.
        """
        text = tidy(text)
        if at_end := _CODE_AT_END.search(text):
            return at_end[1]
        codes = self._names.get(fold(text), [])
        if text in self._units or not text:
            return text
        if len(codes) > 1:
            listed = ", ".join(f"{self._units[code].name} ({code})" for code in codes)
            raise refuse(
                "reform-name",
                f"Có {len(codes)} đơn vị tên “{text}”: {listed}. Hãy ghi mã trong ngoặc.",
                text,
            )
        if codes:
            return codes[0]
        if " " in text:
            raise refuse(
                "reform-name",
                f"Không có đơn vị nào tên “{text}”. Hãy chọn trong danh sách hoặc ghi mã.",
                text,
            )
        return text

    def level(self, text: str) -> str:
        """The code of a level by its name. `Refused` where there is none so named."""
        if not text or fold(tidy(text)) in self._levels:
            return self._levels.get(fold(tidy(text)), "")
        raise refuse("reform-level-name", f"Không có cấp nào tên “{text}”.", text)


def rows_of_table(table: Iterable[Sequence[str]]) -> list[ChangeRow]:
    """The rows below the first one that names the columns, in any order of columns.

    `Refused` where none does.
    """
    columns: dict[int, str] = {}
    rows: list[ChangeRow] = []
    for cells in table:
        words = [tidy(cell) for cell in cells]
        if not columns:
            columns = _columns(words)
        elif any(words):
            rows.append(_row_of_words(words, columns))
    if not columns:
        titles = ", ".join(COLUMNS.values())
        raise refuse(
            "reform-columns",
            f"Không thấy hàng tiêu đề. Bảng cần một hàng đầu có các cột: {titles}.",
        )
    return rows


def _columns(words: Sequence[str]) -> dict[int, str]:
    """The columns named in a row of titles, by place; none in any other row."""
    columns: dict[int, str] = {}
    for place, word in enumerate(words):
        if fold(word) in _COLUMN_TITLES:
            columns[place] = _COLUMN_TITLES[fold(word)]
    return columns if {"effect", "unit"} <= set(columns.values()) else {}


def _row_of_words(words: Sequence[str], columns: Mapping[int, str]) -> ChangeRow:
    row = ChangeRow(effect="")
    for place, name in columns.items():
        if place < len(words):
            row = replace(row, **{name: words[place]})
    return row


def changes_of(rows: Iterable[ChangeRow], find: Finder) -> tuple[Change, ...]:
    """The changes that rows say. `Refused` names the row (the first below the titles is 1)."""
    groups: list[tuple[Effect, list[ChangeRow]]] = []
    previous: tuple[Effect, str | int] | None = None
    for number, row in enumerate(rows, start=1):
        effect, row_by_code = _read_row(number, row, find)
        change_key = _change_key(number, effect, row_by_code)
        if change_key != previous:
            groups.append((effect, []))
        groups[-1][1].append(row_by_code)
        previous = change_key
    return tuple(_change(effect, group) for effect, group in groups)


def _read_row(number: int, row: ChangeRow, find: Finder) -> tuple[Effect, ChangeRow]:
    """A row's effect, and its units and level by their codes."""
    try:
        return _effect(row.effect), _by_code(row, find)
    except Refused as refused:
        problem = refused.problem
        message = f"Dòng {number}: {problem.message}"
        raise Refused(replace(problem, message=message)) from refused


def rows_of(changes: Iterable[Change]) -> list[ChangeRow]:
    """Rows that say these changes."""
    rows: list[ChangeRow] = []
    for change in changes:
        rows += _rows(change)
    return rows


def table_of(rows: Iterable[ChangeRow]) -> list[tuple[str, ...]]:
    """Rows under their titles, for a file."""
    return [
        tuple(COLUMNS[field.name] for field in fields(ChangeRow)),
        *map(astuple, rows),
    ]


def _effect(text: str) -> Effect:
    word = fold(tidy(text))
    if word in _EFFECT_WORDS:
        return _EFFECT_WORDS[word]
    if word in list(Effect):
        return Effect(word)
    raise refuse(
        "reform-effect",
        f"“{text}” không phải một loại thay đổi. Hãy ghi: {', '.join(EFFECTS.values())}.",
    )


def _by_code(row: ChangeRow, find: Finder) -> ChangeRow:
    share_of(row.share)  # refused here, where the row is known
    return replace(
        row,
        unit=find.unit(row.unit),
        into=find.unit(row.into),
        parent=find.unit(row.parent),
        level=find.level(row.level),
        name=tidy(row.name),
        kind=tidy(row.kind),
    )


def _change_key(number: int, effect: Effect, row: ChangeRow) -> tuple[Effect, str | int]:
    """What rows of one change have in common."""
    if effect is Effect.MERGE:
        return effect, row.into
    if effect is Effect.SPLIT:
        return effect, row.unit
    return effect, number


def _change(effect: Effect, rows: list[ChangeRow]) -> Change:
    first = rows[0]
    if effect is Effect.MERGE:
        into = ReformPart(
            code=first.into,
            name=first.name,
            kind=first.kind,
            level=first.level,
            parent=first.parent,
        )
        return Change(effect=effect, units=tuple(row.unit for row in rows), parts=(into,))
    if effect is Effect.SPLIT:
        return Change(
            effect=effect, units=(first.unit,), parts=tuple(_part(row, row.into) for row in rows)
        )
    if effect is Effect.ABOLISH:
        return Change(effect=effect, units=(first.unit,) if first.unit else (), level=first.level)
    return Change(effect=effect, parts=(_part(first, first.unit),))


def _part(row: ChangeRow, code: str) -> ReformPart:
    share = share_of(row.share)
    return ReformPart(
        code=code, name=row.name, kind=row.kind, level=row.level, parent=row.parent, share=share
    )


def _rows(change: Change) -> Iterator[ChangeRow]:
    word = EFFECTS[change.effect]
    if change.effect is Effect.ABOLISH:
        for unit in change.units:
            yield ChangeRow(effect=word, unit=unit)
        if not change.units:
            yield ChangeRow(effect=word, level=change.level)
    elif change.effect in (Effect.MERGE, Effect.SPLIT):
        for unit in change.units:
            for part in change.parts:
                yield _row(word, part, unit, part.code)
    else:
        for part in change.parts:
            yield _row(word, part, part.code, "")


def _row(word: str, part: ReformPart, unit: str, into: str) -> ChangeRow:
    share = "" if part.share is None else str(part.share)
    return ChangeRow(
        effect=word,
        unit=unit,
        into=into,
        name=part.name,
        kind=part.kind,
        level=part.level,
        parent=part.parent,
        share=share,
    )
