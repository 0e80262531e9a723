"""Reforms as data: what happens to units on a day, and who carries on what a unit was.

A reform is a list of changes made one after another on its day. Nothing before that day moves. The organisation of any
day is what it began with, folded over reforms in order of day (`folded`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from toankhoa.core.basics import Refused, refuse
from toankhoa.core.organisation.lineage import Lineage, Passings, SuccessionLink
from toankhoa.core.organisation.units import OrgTree, UnitVersion, ranks

_DAY = timedelta(days=1)
_CODE = re.compile(r"[\w.-]{1,20}")


class Effect(StrEnum):
    """What a change does."""

    FOUND = "found"
    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    KIND = "kind"
    MOVE = "move"
    ABOLISH = "abolish"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReformPart:
    """What a unit is once a change is made. Blank: as it was, or as the unit that it comes out of.

    Of a unit that is founded nothing is blank but the parent of a new root. `share` is the part of a split unit's
    figures that is this one's, None where nobody has declared it.
    """

    code: str
    name: str = ""
    kind: str = ""
    level: str = ""
    parent: str = ""
    share: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One effect.

    | effect | `units` | `parts` |
    |---|---|---|
    | found | – | each new unit |
    | merge | what is merged | one: what they become, one of them, another unit or a new one |
    | split | one | two or more, each standing already or new; the unit itself where it goes on |
    | rename, kind, move | – | each unit with its new name, kind (and name), parent |
    | abolish | those, or none with `level`: all of a level | –; units below go to the parent above |
    """

    effect: Effect
    units: tuple[str, ...] = ()
    parts: tuple[ReformPart, ...] = ()
    level: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reform:
    """Changes that come into force on a day, under a document."""

    code: str
    day: date
    document: str
    title: str
    changes: tuple[Change, ...]


def reformed(unit_versions: Iterable[UnitVersion], reform: Reform) -> tuple[UnitVersion, ...]:
    """The placements once a reform is made. `Refused` where a change cannot be; nothing then happens at all."""
    work = _Work(tuple(unit_versions), reform.day)
    work.make(reform)
    return work.unit_versions()


def faults(
    unit_versions: Iterable[UnitVersion], reform: Reform
) -> list[tuple[int | None, Refused]]:
    """Every refusal with the place of its change (None: of the reform itself), each found as if the others were not."""
    work, found = _Work(tuple(unit_versions), reform.day), list[tuple[int | None, Refused]]()
    try:
        work.check(reform)
    except Refused as refusal:
        return [(None, refusal)]
    for place, change in enumerate(reform.changes):
        try:
            work.change(change)
        except Refused as refusal:
            found.append((place, refusal))
    return found


def in_order(reforms: Iterable[Reform]) -> list[Reform]:
    """As they come into force; those of one day in the order given."""
    return sorted(reforms, key=lambda reform: reform.day)


def folded(
    unit_versions: Iterable[UnitVersion], reforms: Iterable[Reform]
) -> tuple[OrgTree, Lineage]:
    """The organisation of all days, and who carries on whom. `Refused` where a reform cannot be made."""
    standing, passed = tuple(unit_versions), list[Passings]()
    for reform in in_order(reforms):
        work = _Work(standing, reform.day)
        work.make(reform)
        standing = work.unit_versions()
        passed += work.passed
    trees = OrgTree(standing)
    return trees, Lineage(trees, passed)


class _Work:
    """The units of a day while changes are made to them, one after another."""

    def __init__(self, unit_versions: tuple[UnitVersion, ...], day: date) -> None:
        self.day = day
        self.passed: list[Passings] = []
        self._all = unit_versions
        self._ranks = ranks(unit_versions)
        self._codes = {unit_version.code for unit_version in unit_versions}
        self._eve = {
            unit_version.code for unit_version in unit_versions if unit_version.holds(day - _DAY)
        }
        self._units = {
            unit_version.code: unit_version
            for unit_version in unit_versions
            if unit_version.holds(day)
        }
        self._below: dict[str | None, dict[str, None]] = {}
        for unit in self._units.values():
            self._below.setdefault(unit.parent, {})[unit.code] = None

    def unit_versions(self) -> tuple[UnitVersion, ...]:
        """All that was before, closed where it ends on this day, and what begins on it."""
        kept, new = list[UnitVersion](), dict(self._units)
        for unit_version in self._all:
            if not unit_version.holds(self.day) or new.get(unit_version.code) == unit_version:
                kept.append(unit_version)
                if unit_version.holds(self.day):
                    del new[unit_version.code]
            elif unit_version.start < self.day:
                kept.append(replace(unit_version, end=self.day))
        return (*kept, *(replace(unit, start=self.day, end=None) for unit in new.values()))

    def make(self, reform: Reform) -> None:
        """All changes in their order."""
        self.check(reform)
        for change in reform.changes:
            self.change(change)

    def check(self, reform: Reform) -> None:
        """A reform changes something, and comes after every change known so far."""
        if not reform.changes:
            raise refuse("reform-empty", "Chưa có thay đổi nào. Hãy thêm ít nhất một thay đổi.")
        first = min((unit_version.start for unit_version in self._all), default=self.day)
        if self.day < first:
            raise refuse(
                "reform-day",
                f"Ngày {_written(self.day)} chưa có đơn vị nào: đơn vị đầu tiên có từ ngày {_written(first)}. "
                "Hãy sửa ngày có hiệu lực.",
            )
        days = (
            day
            for unit_version in self._all
            for day in (unit_version.start, unit_version.end)
            if day is not None
        )
        if (last := max(days, default=date.min)) > self.day:
            raise refuse(
                "reform-order",
                f"Đơn vị đã có thay đổi ngày {_written(last)}, sau ngày {_written(self.day)}. "
                "Sắp xếp phải được thực hiện theo thứ tự ngày: hãy hoàn tác thay đổi sau, hoặc sửa ngày.",
            )

    def change(self, change: Change) -> None:
        """One change; `Refused` before anything is touched."""
        _DO[change.effect](self, change)

    # Each effect

    def found(self, change: Change) -> None:
        _asked(change.parts, "Hãy nêu đơn vị được thành lập.")
        for part in change.parts:
            if not (part.name and part.kind and part.level):
                raise refuse(
                    "reform-blank", f"Đơn vị mới mã {part.code} cần có tên, loại và cấp.", part.code
                )
            self._begin(part, None)

    def merge(self, change: Change) -> None:
        if len(change.parts) != 1:
            raise refuse("reform-parts", "Sáp nhập cần đúng một đơn vị nhận.")
        part = change.parts[0]
        merged = [self._unit(code) for code in dict.fromkeys(change.units) if code != part.code]
        _asked(merged, "Hãy chọn ít nhất một đơn vị được sáp nhập vào đơn vị khác.")
        into = self._units.get(part.code)
        self._same_level([*merged, *([into] if into else [])])
        for unit in merged:
            self._may_end(unit)
            if unit.code in self._above(part.parent or (into or merged[0]).parent):
                raise _circle(unit, part.code)
        self._become(part, merged[0])
        for unit in merged:
            self._end(unit, part.code)
            self.passed.append((SuccessionLink(unit.code, part.code, self.day, Fraction(1)),))

    def split(self, change: Change) -> None:
        if len(change.units) != 1 or len(change.parts) < 2:
            raise refuse(
                "reform-parts", "Chia tách cần một đơn vị được chia và ít nhất hai đơn vị nhận."
            )
        unit, codes = self._unit(change.units[0]), [part.code for part in change.parts]
        if len(set(codes)) < len(codes):
            raise refuse(
                "reform-parts", f"{_named(unit)} được chia hai lần cho cùng một đơn vị.", unit.code
            )
        _whole(unit, [part.share for part in change.parts])
        self._same_level([unit, *(self._units[code] for code in codes if code in self._units)])
        ends = unit.code not in codes
        if ends:
            self._may_end(unit)
            if self._below.get(unit.code):
                raise refuse(
                    "reform-children",
                    f"{_named(unit)} còn đơn vị bên dưới. Hãy chuyển các đơn vị đó đi trước khi chia.",
                    unit.code,
                )
            if any(part.parent == unit.code for part in change.parts):
                raise _circle(unit, unit.code)
        for part in change.parts:
            self._become(part, unit)
        if ends:
            self._end(unit, None)
        self.passed.append(
            tuple(
                SuccessionLink(unit.code, part.code, self.day, part.share) for part in change.parts
            )
        )

    def alter(self, change: Change) -> None:
        _asked(change.parts, "Hãy chọn đơn vị được thay đổi.")
        field, words = _ASKS[change.effect]
        for part in change.parts:
            unit = self._unit(part.code)
            if not getattr(part, field):
                raise refuse("reform-blank", f"{_named(unit)}: hãy ghi {words}.", unit.code)
            self._become(part, unit)
            if self._units[unit.code] == unit:
                raise refuse(
                    "reform-same",
                    f"{_named(unit)} vốn đã như vậy: không có gì đổi. Hãy sửa hoặc bỏ.",
                    unit.code,
                )

    def abolish(self, change: Change) -> None:
        of_level = sorted(
            code
            for code, unit in self._units.items()
            if change.level and unit.level == change.level
        )
        units = [self._unit(code) for code in change.units or of_level]
        _asked(units, "Không có đơn vị nào để bãi bỏ vào ngày này. Hãy chọn đơn vị hoặc cấp khác.")
        for unit in units:
            self._may_end(unit)
            if unit.parent is None:
                raise refuse(
                    "reform-root",
                    f"Không thể bãi bỏ {_named(unit)}: không có đơn vị cấp trên.",
                    unit.code,
                )
        for code in dict.fromkeys(unit.code for unit in units):
            unit = self._units[code]
            assert unit.parent is not None  # a root was refused
            self._end(unit, unit.parent)
            self.passed.append((SuccessionLink(code, unit.parent, self.day, Fraction(1)),))

    # Steps of an effect

    def _unit(self, code: str) -> UnitVersion:
        if code not in self._units:
            raise refuse(
                "reform-unit",
                f"Không có đơn vị mã {code} vào ngày {_written(self.day)}. Hãy kiểm tra lại mã.",
                code,
            )
        return self._units[code]

    def _above(self, code: str | None) -> set[str]:
        """A unit and all above it."""
        found = set[str]()
        while code is not None and code in self._units:
            found.add(code)
            code = self._units[code].parent
        return found

    def _same_level(self, units: list[UnitVersion]) -> None:
        for unit in units:
            if unit.level != units[0].level:
                raise refuse(
                    "reform-level",
                    f"{_named(unit)} và {_named(units[0])} không cùng cấp, không sáp nhập hay chia được.",
                )

    def _may_end(self, unit: UnitVersion) -> None:
        if unit.code not in self._eve:
            raise refuse(
                "reform-founded",
                f"{_named(unit)} mới có từ chính ngày {_written(self.day)}: không thể kết thúc cùng ngày.",
                unit.code,
            )

    def _become(self, part: ReformPart, origin: UnitVersion) -> None:
        """A unit takes on what is said of it, or begins as something out of `origin`."""
        if part.level and part.level != origin.level:
            raise refuse(
                "reform-level",
                f"Đơn vị mã {part.code} ra từ {_named(origin)} nên cùng cấp với đơn vị ấy. Hãy bỏ trống cấp.",
                part.code,
            )
        if part.code not in self._units:
            self._begin(part, origin)
            return
        unit = self._units[part.code]
        parent = part.parent or unit.parent
        if part.parent:
            self._unit(part.parent)
            if unit.code in self._above(part.parent):
                raise _circle(unit, part.parent)
        self._place(
            replace(unit, name=part.name or unit.name, kind=part.kind or unit.kind, parent=parent)
        )

    def _begin(self, part: ReformPart, origin: UnitVersion | None) -> None:
        if not _CODE.fullmatch(part.code):
            message = f"Mã “{part.code}” không dùng được: mã gồm 1 đến 20 chữ, số, dấu chấm hoặc gạch, không dấu cách."
            raise refuse("reform-code", message, part.code)
        if part.code in self._units:
            raise refuse(
                "reform-code", f"Mã {part.code} đã dùng cho một đơn vị. Hãy đặt mã khác.", part.code
            )
        if part.code in self._codes:
            message = f"Mã {part.code} đã dùng cho một đơn vị nay không còn. Hãy đặt mã khác hoặc chọn đơn vị khác."
            raise refuse("reform-code", message, part.code)
        if not part.name:
            raise refuse("reform-blank", f"Đơn vị mới mã {part.code} cần có tên.", part.code)
        if part.parent:
            self._unit(part.parent)
        self._codes.add(part.code)
        self._place(
            UnitVersion(
                code=part.code,
                name=part.name,
                kind=part.kind or (origin.kind if origin else ""),
                level=part.level or (origin.level if origin else ""),
                parent=part.parent or (origin.parent if origin else None),
                start=self.day,
            )
        )

    def _place(self, unit: UnitVersion) -> None:
        """Put a unit where it stands from now on: never below one of its own level, or of one that stood below its."""
        was, over = self._units.get(unit.code), self._units[unit.parent] if unit.parent else None
        moves = was is None or was.parent != unit.parent
        if (
            over is not None
            and moves
            and (over.level == unit.level or (unit.level, over.level) in self._ranks)
        ):
            raise refuse(
                "reform-rank",
                f"{_named(unit)} không thể đứng dưới {_named(over)}: "
                "đơn vị cấp trên phải ở cấp cao hơn. Hãy chọn đơn vị cấp trên khác.",
                unit.code,
            )
        if unit.code in self._units:
            del self._below[self._units[unit.code].parent][unit.code]
        self._units[unit.code] = unit
        self._below.setdefault(unit.parent, {})[unit.code] = None

    def _end(self, unit: UnitVersion, heir: str | None) -> None:
        """It stands no longer; what stood below it stands below its heir."""
        for code in list(self._below.get(unit.code, ())):
            self._place(replace(self._units[code], parent=heir))
        now = self._units.pop(unit.code)
        del self._below[now.parent][unit.code]


_DO: Mapping[Effect, Callable[[_Work, Change], None]] = {
    Effect.FOUND: _Work.found,
    Effect.MERGE: _Work.merge,
    Effect.SPLIT: _Work.split,
    Effect.RENAME: _Work.alter,
    Effect.KIND: _Work.alter,
    Effect.MOVE: _Work.alter,
    Effect.ABOLISH: _Work.abolish,
}
_ASKS = {
    Effect.RENAME: ("name", "tên mới"),
    Effect.KIND: ("kind", "loại đơn vị mới"),
    Effect.MOVE: ("parent", "đơn vị cấp trên mới"),
}


def _asked(given: object, words: str) -> None:
    if not given:
        raise refuse("reform-parts", words)


def _whole(unit: UnitVersion, shares: list[Fraction | None]) -> None:
    """Shares are declared for all parts and make the whole, or for none."""
    known = [share for share in shares if share is not None]
    if known and (len(known) < len(shares) or sum(known) != 1 or min(known) <= 0):
        raise refuse(
            "reform-share",
            f"Tỷ lệ chia của {_named(unit)} phải cộng đủ 100%, mỗi phần lớn hơn 0, hoặc để trống hết nếu không rõ.",
            unit.code,
        )


def _circle(unit: UnitVersion, under: str) -> Refused:
    return refuse(
        "reform-circle",
        f"{_named(unit)} không thể đứng dưới chính mình (qua mã {under}).",
        unit.code,
    )


def _named(unit: UnitVersion) -> str:
    return f"{unit.name} ({unit.code})"


def _written(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
