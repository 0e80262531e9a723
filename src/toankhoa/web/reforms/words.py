"""A reform in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from toankhoa.core.basics import format_percent
from toankhoa.core.organisation import Change, Effect, ReformPart, Tree


class Sentences:
    """Changes in the words of an officer: units by the names they have when the change is made."""

    def __init__(self, tree: Tree, level_names: Mapping[str, str]) -> None:
        self._names = {code: unit.name for code, unit in tree.units.items()}
        self._levels = level_names

    def all(self, changes: Iterable[Change]) -> list[str]:
        """One sentence each."""
        return [self._say(change) for change in changes]

    def _say(self, change: Change) -> str:
        units = _listed([self._name(code) for code in change.units])
        sentence = _SAY[change.effect](self, change, units)
        self._names |= {part.code: part.name for part in change.parts if part.name}
        return sentence

    def _name(self, code: str) -> str:
        return self._names.get(code, f"đơn vị mã {code}")

    def _found(self, change: Change, _: str) -> str:
        parts = [f"{part.name} ({part.code}){self._under(part)}" for part in change.parts]
        return f"Thành lập {_listed(parts)}"

    def _merge(self, change: Change, units: str) -> str:
        into = change.parts[0] if change.parts else ReformPart(code="?")
        if into.code not in self._names:
            name = into.name or "đơn vị mới"
            return f"Sáp nhập {units} thành {name} ({into.code}){self._under(into)}"
        old_name = self._name(into.code)
        renamed = f", lấy tên {into.name}" if into.name not in ("", old_name) else ""
        return f"Sáp nhập {units} vào {old_name}{renamed}{self._under(into)}"

    def _split(self, change: Change, units: str) -> str:
        parts = [self._part(part) for part in change.parts]
        known = all(part.share is not None for part in change.parts)
        unknown = "" if known else " (không rõ tỷ lệ)"
        verb = "Tách" if set(change.units) & {part.code for part in change.parts} else "Chia"
        return f"{verb} {units} thành {_listed(parts)}{unknown}"

    def _part(self, part: ReformPart) -> str:
        name = part.name or self._name(part.code)
        new = "" if part.code in self._names else f" ({part.code}, mới)"
        return f"{name}{new}{_share(part.share)}"

    def _rename(self, change: Change, _: str) -> str:
        return "Đổi tên " + _listed(
            [f"{self._name(part.code)} thành {part.name or '…'}" for part in change.parts]
        )

    def _kind(self, change: Change, _: str) -> str:
        return "Đổi loại " + _listed([self._of_kind(part) for part in change.parts])

    def _of_kind(self, part: ReformPart) -> str:
        renamed = f", lấy tên {part.name}" if part.name else ""
        return f"{self._name(part.code)} thành {part.kind or '…'}{renamed}"

    def _move(self, change: Change, _: str) -> str:
        parts = [f"{self._name(part.code)} về {self._name(part.parent)}" for part in change.parts]
        return "Chuyển " + _listed(parts)

    def _abolish(self, change: Change, units: str) -> str:
        if change.units:
            return f"Bãi bỏ {units}; đơn vị bên dưới về cấp trên"
        level = self._levels.get(change.level, change.level)
        return f"Bỏ cấp {level.lower()}; đơn vị bên dưới về thẳng cấp trên"

    def _under(self, part: ReformPart) -> str:
        if part.parent:
            return f", thuộc {self._name(part.parent)}"
        return ""


_SAY = {
    Effect.FOUND: Sentences._found,
    Effect.MERGE: Sentences._merge,
    Effect.SPLIT: Sentences._split,
    Effect.RENAME: Sentences._rename,
    Effect.KIND: Sentences._kind,
    Effect.MOVE: Sentences._move,
    Effect.ABOLISH: Sentences._abolish,
}


def _listed(words: list[str]) -> str:
    """A, B và C."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} và {words[-1]}"


def _share(share: Fraction | None) -> str:
    if share is None:
        return ""
    return f" ({format_percent(share * 100)})"
