"""Changes of a reform as rows that a person types: on a form, in Excel, in CSV.

One row says one thing: "Sáp nhập | Xã A | Xã C", "Chia | Xã A | Xã B | 60%". Rows that follow each other and speak of
the same merger or division are one change. `changes_of(rows_of(changes))` are the changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from itertools import groupby

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
        self._levels = {
            fold(word): code for code, name in level_names.items() for word in (code, name)
        }

    def unit(self, text: str) -> str:
        """The code in "Xã A (123)", a code as it is, or that of the one unit so named. `Refused` where it is unclear.

        A word that names nothing may be the code of a unit yet to be founded: it is taken as it stands.
        """
        text = tidy(text)
        if found := _CODE_AT_END.search(text):
            return found[1]
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
    """The rows below the first one that names the columns, in any order of columns. `Refused` where none does."""
    columns: dict[int, str] = {}
    rows: list[ChangeRow] = []
    named = {fold(title): name for name, title in COLUMNS.items()}
    for cells in table:
        words = [tidy(cell) for cell in cells]
        if not columns:
            found = {
                place: named[fold(word)] for place, word in enumerate(words) if fold(word) in named
            }
            columns = found if {"effect", "unit"} <= set(found.values()) else {}
        elif any(words):
            rows.append(
                ChangeRow(
                    **{
                        "effect": "",
                        **{name: words[at] for at, name in columns.items() if at < len(words)},
                    }
                )
            )
    if not columns:
        titles = ", ".join(COLUMNS.values())
        raise refuse(
            "reform-columns",
            f"Không thấy hàng tiêu đề. Bảng cần một hàng đầu có các cột: {titles}.",
        )
    return rows


def changes_of(rows: Iterable[ChangeRow], find: Finder) -> tuple[Change, ...]:
    """The changes that rows say. `Refused` names the row (the first below the titles is 1)."""
    read: list[tuple[Effect, ChangeRow]] = []
    for number, row in enumerate(rows, start=1):
        try:
            read.append((_effect(row.effect), _found(row, find)))
        except Refused as refused:
            problem = refused.problem
            raise Refused(
                replace(problem, message=f"Dòng {number}: {problem.message}")
            ) from refused
    runs = groupby(enumerate(read), key=lambda each: _run(each[0], *each[1]))
    return tuple(_change(effect, [row for _, (_, row) in run]) for (effect, *_), run in runs)


def rows_of(changes: Iterable[Change]) -> list[ChangeRow]:
    """Rows that say these changes."""
    return [row for change in changes for row in _rows(change)]


def table_of(rows: Iterable[ChangeRow]) -> list[tuple[str, ...]]:
    """Rows under their titles, for a file."""
    return [
        tuple(COLUMNS[field.name] for field in fields(ChangeRow)),
        *(astuple(row) for row in rows),
    ]


def _effect(text: str) -> Effect:
    words = {fold(word): effect for effect, word in EFFECTS.items()} | {
        effect.value: effect for effect in Effect
    }
    if fold(tidy(text)) not in words:
        raise refuse(
            "reform-effect",
            f"“{text}” không phải một loại thay đổi. Hãy ghi: {', '.join(EFFECTS.values())}.",
        )
    return words[fold(tidy(text))]


def _found(row: ChangeRow, find: Finder) -> ChangeRow:
    units = {name: find.unit(getattr(row, name)) for name in ("unit", "into", "parent")}
    share_of(row.share)  # refused here, where the row is known
    return replace(
        row, **units, level=find.level(row.level), name=tidy(row.name), kind=tidy(row.kind)
    )


def _run(place: int, effect: Effect, row: ChangeRow) -> tuple[Effect, str | int]:
    """What rows of one change have in common."""
    if effect is Effect.MERGE:
        return effect, row.into
    return effect, row.unit if effect is Effect.SPLIT else place


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


def _rows(change: Change) -> list[ChangeRow]:
    word = EFFECTS[change.effect]
    if change.effect is Effect.ABOLISH:
        return [ChangeRow(effect=word, unit=unit) for unit in change.units] or [
            ChangeRow(effect=word, level=change.level)
        ]
    if change.effect is Effect.MERGE:
        return [_row(word, part, unit, part.code) for part in change.parts for unit in change.units]
    if change.effect is Effect.SPLIT:
        return [_row(word, part, unit, part.code) for unit in change.units for part in change.parts]
    return [_row(word, part, part.code, "") for part in change.parts]


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
