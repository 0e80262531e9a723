"""Reforms as data: what happens to units on a day, and who carries on what a unit was.

A reform is a list of changes made one after another on its day. Nothing before that day moves. The
organisation of any day is what it began with, folded over reforms in order of day (`folded`); see
docs/arithmetic.md, "Units that change".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from toankhoa.core.basics import Refused, refuse
from toankhoa.core.organisation.lineage import Lineage, Succession, SuccessionLink
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

    Of a unit that is founded nothing is blank but the parent of a new root. `share` is the part of
    a split unit's figures that is this one's, None where nobody has declared it.
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
    | abolish | those, or none with `level`: all of a level | –; units below go to the one above |
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


def faults(
    unit_versions: Iterable[UnitVersion], reform: Reform
) -> list[tuple[int | None, Refused]]:
    """Every refusal with the place of its change, each change tried as if those refused were not.

    The place is None where the reform itself is refused.
    """
    work = _UnitsOfDay(tuple(unit_versions), reform.day)
    refusals: list[tuple[int | None, Refused]] = []
    try:
        work.check(reform)
    except Refused as refusal:
        return [(None, refusal)]
    for place, change in enumerate(reform.changes):
        try:
            work.change(change)
        except Refused as refusal:
            refusals.append((place, refusal))
    return refusals


def in_order(reforms: Iterable[Reform]) -> list[Reform]:
    """As they come into force; those of one day in the order given."""
    return sorted(reforms, key=lambda reform: reform.day)


def folded(
    unit_versions: Iterable[UnitVersion], reforms: Iterable[Reform]
) -> tuple[OrgTree, Lineage]:
    """The organisation of all days, and who carries on whom. `Refused` where a reform cannot be."""
    versions = tuple(unit_versions)
    successions: list[Succession] = []
    for reform in in_order(reforms):
        work = _UnitsOfDay(versions, reform.day)
        work.make(reform)
        versions = work.unit_versions()
        successions += work.successions
    trees = OrgTree(versions)
    return trees, Lineage(trees, successions)


class _UnitsOfDay:
    """The units of a day while changes are made to them, one after another.

    Each change looks at the units as those before it left them, so that a reform may found a
    district and then move communes below it.
    """

    def __init__(self, unit_versions: tuple[UnitVersion, ...], day: date) -> None:
        self.day = day
        self.successions: list[Succession] = []
        self._all = unit_versions
        self._ranks = ranks(unit_versions)
        self._codes: set[str] = set()  # all ever used: each belongs to one unit for ever
        self._eve: set[str] = set()  # codes of units that stood the day before
        self._units: dict[str, UnitVersion] = {}
        self._below: dict[str | None, dict[str, None]] = {}  # codes in the order they came
        for version in unit_versions:
            self._codes.add(version.code)
            if version.holds(day - _DAY):
                self._eve.add(version.code)
            if version.holds(day):
                self._units[version.code] = version
                self._below.setdefault(version.parent, {})[version.code] = None

    def unit_versions(self) -> tuple[UnitVersion, ...]:
        """All that was before, closed where it ends on this day, and what begins on it."""
        versions: list[UnitVersion] = []
        new = dict(self._units)
        for version in self._all:
            if not version.holds(self.day):
                versions.append(version)
            elif new.get(version.code) == version:
                versions.append(new.pop(version.code))
            elif version.start < self.day:
                versions.append(replace(version, end=self.day))
        versions += [replace(unit, start=self.day, end=None) for unit in new.values()]
        return tuple(versions)

    def make(self, reform: Reform) -> None:
        """All changes in their order."""
        self.check(reform)
        for change in reform.changes:
            self.change(change)

    def check(self, reform: Reform) -> None:
        """A reform changes something, and comes after every change known so far."""
        if not reform.changes:
            raise refuse("reform-empty", "Chưa có thay đổi nào. Hãy thêm ít nhất một thay đổi.")
        first = min((version.start for version in self._all), default=self.day)
        if self.day < first:
            raise refuse(
                "reform-day",
                f"Ngày {_written(self.day)} chưa có đơn vị nào: "
                f"đơn vị đầu tiên có từ ngày {_written(first)}. Hãy sửa ngày có hiệu lực.",
            )
        last = date.min
        for version in self._all:
            last = max(last, version.start, version.end or date.min)
        if last > self.day:
            raise refuse(
                "reform-order",
                f"Đơn vị đã có thay đổi ngày {_written(last)}, sau ngày {_written(self.day)}. "
                "Sắp xếp phải được thực hiện theo thứ tự ngày: "
                "hãy hoàn tác thay đổi sau, hoặc sửa ngày.",
            )

    def change(self, change: Change) -> None:
        """One change; `Refused` before anything is touched."""
        _DO[change.effect](self, change)

    # Each effect

    def found(self, change: Change) -> None:
        _require(change.parts, "Hãy nêu đơn vị được thành lập.")
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
        codes = dict.fromkeys(change.units)
        merged = [self._unit(code) for code in codes if code != part.code]
        _require(merged, "Hãy chọn ít nhất một đơn vị được sáp nhập vào đơn vị khác.")
        into = self._units.get(part.code)
        self._same_level([*merged, *self._existing([part.code])])
        parent = part.parent or (into or merged[0]).parent
        for unit in merged:
            self._may_end(unit)
            if unit.code in self._above(parent):
                raise _circle(unit, part.code)
        self._become(part, merged[0])
        for unit in merged:
            self._end(unit, part.code)
            self.successions.append((SuccessionLink(unit.code, part.code, self.day, Fraction(1)),))

    def split(self, change: Change) -> None:
        if len(change.units) != 1 or len(change.parts) < 2:
            raise refuse(
                "reform-parts", "Chia tách cần một đơn vị được chia và ít nhất hai đơn vị nhận."
            )
        unit = self._unit(change.units[0])
        codes = [part.code for part in change.parts]
        if len(set(codes)) < len(codes):
            raise refuse(
                "reform-parts", f"{_named(unit)} được chia hai lần cho cùng một đơn vị.", unit.code
            )
        _check_shares(unit, [part.share for part in change.parts])
        self._same_level([unit, *self._existing(codes)])
        ends = unit.code not in codes
        if ends:
            self._may_be_divided_up(unit, change.parts)
        links: list[SuccessionLink] = []
        for part in change.parts:
            self._become(part, unit)
            links.append(SuccessionLink(unit.code, part.code, self.day, part.share))
        if ends:
            self._end(unit, None)
        self.successions.append(tuple(links))

    def alter(self, change: Change) -> None:
        _require(change.parts, "Hãy chọn đơn vị được thay đổi.")
        field, words = _ALTERED[change.effect]
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
        codes = change.units or self._of_level(change.level)
        units = [self._unit(code) for code in codes]
        _require(
            units, "Không có đơn vị nào để bãi bỏ vào ngày này. Hãy chọn đơn vị hoặc cấp khác."
        )
        for unit in units:
            self._may_end(unit)
            if unit.parent is None:
                raise refuse(
                    "reform-root",
                    f"Không thể bãi bỏ {_named(unit)}: không có đơn vị cấp trên.",
                    unit.code,
                )
        for code in dict.fromkeys(codes):
            unit = self._units[
                code
            ]  # as it stands by now: a unit above it may have ended just before
            assert unit.parent is not None  # a root was refused
            self._end(unit, unit.parent)
            self.successions.append((SuccessionLink(code, unit.parent, self.day, Fraction(1)),))

    # Steps of an effect

    def _unit(self, code: str) -> UnitVersion:
        if code not in self._units:
            raise refuse(
                "reform-unit",
                f"Không có đơn vị mã {code} vào ngày {_written(self.day)}. Hãy kiểm tra lại mã.",
                code,
            )
        return self._units[code]

    def _existing(self, codes: Iterable[str]) -> list[UnitVersion]:
        """Those of these units that stand already."""
        return [self._units[code] for code in codes if code in self._units]

    def _of_level(self, level: str) -> list[str]:
        """Codes of all units of a level; of none where it is blank."""
        return sorted(code for code, unit in self._units.items() if level and unit.level == level)

    def _above(self, code: str | None) -> set[str]:
        """A unit and all above it."""
        codes = set[str]()
        while code is not None and code in self._units:
            codes.add(code)
            code = self._units[code].parent
        return codes

    def _same_level(self, units: list[UnitVersion]) -> None:
        for unit in units:
            if unit.level != units[0].level:
                raise refuse(
                    "reform-level",
                    f"{_named(unit)} và {_named(units[0])} không cùng cấp, "
                    "không sáp nhập hay chia được.",
                )

    def _may_end(self, unit: UnitVersion) -> None:
        if unit.code not in self._eve:
            raise refuse(
                "reform-founded",
                f"{_named(unit)} mới có từ chính ngày {_written(self.day)}: "
                "không thể kết thúc cùng ngày.",
                unit.code,
            )

    def _may_be_divided_up(self, unit: UnitVersion, parts: Iterable[ReformPart]) -> None:
        """A unit that is split and does not go on: nothing may be left, or come, below it."""
        self._may_end(unit)
        if self._below.get(unit.code):
            raise refuse(
                "reform-children",
                f"{_named(unit)} còn đơn vị bên dưới. Hãy chuyển các đơn vị đó đi trước khi chia.",
                unit.code,
            )
        if any(part.parent == unit.code for part in parts):
            raise _circle(unit, unit.code)

    def _become(self, part: ReformPart, origin: UnitVersion) -> None:
        """A unit takes on what is said of it, or begins as something out of `origin`."""
        if part.level and part.level != origin.level:
            raise refuse(
                "reform-level",
                f"Đơn vị mã {part.code} ra từ {_named(origin)} nên cùng cấp với đơn vị ấy. "
                "Hãy bỏ trống cấp.",
                part.code,
            )
        if part.code not in self._units:
            self._begin(part, origin)
            return
        unit = self._units[part.code]
        if part.parent:
            self._unit(part.parent)
            if unit.code in self._above(part.parent):
                raise _circle(unit, part.parent)
        self._place(
            replace(
                unit,
                name=part.name or unit.name,
                kind=part.kind or unit.kind,
                parent=part.parent or unit.parent,
            )
        )

    def _begin(self, part: ReformPart, origin: UnitVersion | None) -> None:
        """A new unit: what is blank it has from the one that it comes out of."""
        self._check_new_code(part.code)
        if not part.name:
            raise refuse("reform-blank", f"Đơn vị mới mã {part.code} cần có tên.", part.code)
        if part.parent:
            self._unit(part.parent)
        self._codes.add(part.code)
        unit = UnitVersion(
            code=part.code,
            name=part.name,
            kind=part.kind,
            level=part.level,
            parent=part.parent or None,
            start=self.day,
        )
        if origin is not None:
            unit = replace(
                unit,
                kind=part.kind or origin.kind,
                level=part.level or origin.level,
                parent=part.parent or origin.parent,
            )
        self._place(unit)

    def _check_new_code(self, code: str) -> None:
        if not _CODE.fullmatch(code):
            message = (
                f"Mã “{code}” không dùng được: "
                "mã gồm 1 đến 20 chữ, số, dấu chấm hoặc gạch, không dấu cách."
            )
            raise refuse("reform-code", message, code)
        if code in self._units:
            message = f"Mã {code} đã dùng cho một đơn vị. Hãy đặt mã khác."
            raise refuse("reform-code", message, code)
        if code in self._codes:
            message = (
                f"Mã {code} đã dùng cho một đơn vị nay không còn. "
                "Hãy đặt mã khác hoặc chọn đơn vị khác."
            )
            raise refuse("reform-code", message, code)

    def _place(self, unit: UnitVersion) -> None:
        """Put a unit where it stands from now on."""
        before = self._units.get(unit.code)
        if before is None or before.parent != unit.parent:
            self._check_rank(unit)
        if before is not None:
            del self._below[before.parent][unit.code]
        self._units[unit.code] = unit
        self._below.setdefault(unit.parent, {})[unit.code] = None

    def _check_rank(self, unit: UnitVersion) -> None:
        """Never below a unit of its own level, or of one that ever stood below its level."""
        if not unit.parent:
            return
        parent = self._units[unit.parent]
        if parent.level == unit.level or (unit.level, parent.level) in self._ranks:
            raise refuse(
                "reform-rank",
                f"{_named(unit)} không thể đứng dưới {_named(parent)}: "
                "đơn vị cấp trên phải ở cấp cao hơn. Hãy chọn đơn vị cấp trên khác.",
                unit.code,
            )

    def _end(self, unit: UnitVersion, heir: str | None) -> None:
        """It stands no longer; what stood below it stands below its heir."""
        for code in list(self._below.get(unit.code, ())):
            self._place(replace(self._units[code], parent=heir))
        ended = self._units.pop(unit.code)
        del self._below[ended.parent][unit.code]


_DO: Mapping[Effect, Callable[[_UnitsOfDay, Change], None]] = {
    Effect.FOUND: _UnitsOfDay.found,
    Effect.MERGE: _UnitsOfDay.merge,
    Effect.SPLIT: _UnitsOfDay.split,
    Effect.RENAME: _UnitsOfDay.alter,
    Effect.KIND: _UnitsOfDay.alter,
    Effect.MOVE: _UnitsOfDay.alter,
    Effect.ABOLISH: _UnitsOfDay.abolish,
}
_ALTERED = {
    Effect.RENAME: ("name", "tên mới"),
    Effect.KIND: ("kind", "loại đơn vị mới"),
    Effect.MOVE: ("parent", "đơn vị cấp trên mới"),
}


def _require(given: object, words: str) -> None:
    if not given:
        raise refuse("reform-parts", words)


def _check_shares(unit: UnitVersion, shares: list[Fraction | None]) -> None:
    """Shares are declared for all parts and make the whole, or for none."""
    known = [share for share in shares if share is not None]
    if known and (len(known) < len(shares) or sum(known) != 1 or min(known) <= 0):
        raise refuse(
            "reform-share",
            f"Tỷ lệ chia của {_named(unit)} phải cộng đủ 100%, mỗi phần lớn hơn 0, "
            "hoặc để trống hết nếu không rõ.",
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
