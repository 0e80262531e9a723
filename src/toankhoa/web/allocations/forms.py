"""The sheet of an allocation as a form: every cell and every rule has a name; what is typed becomes columns again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from django.urls import reverse

from toankhoa.core.basics import Refused
from toankhoa.core.measures import UNITS, Library, Vocabulary
from toankhoa.core.organisation import UnitVersion
from toankhoa.core.targets import (
    AllocationMethod,
    Balance,
    Column,
    Part,
    Reach,
    Required,
    Rule,
    read_rule,
    read_typed_part,
    required_of,
    say_limits,
    say_method,
    say_part,
    say_typed_part,
    typed_part,
    with_typed_part,
)
from toankhoa.documents.writing.allocation_workbook import AllocationColumn, Filled
from toankhoa.operations.allocation_sheet import AllocationSheet, SheetColumn
from toankhoa.operations.as_issued import UnitSince
from toankhoa.web.allocations.words import (
    base_unit,
    base_words,
    became_words,
    counted_level,
    method_words,
    rule_words,
    weight_names,
)

RULE_FIELDS = ("method", "reach", "each", "weight", "stretch", "least", "most", "reserve")
_OF_RATES = (AllocationMethod.SAME_RATE, AllocationMethod.ACTUAL, AllocationMethod.HAND)
_OF_MARKS = (AllocationMethod.SAME_RATE, AllocationMethod.HAND)
_OF_COUNTS = (
    AllocationMethod.WEIGHT,
    AllocationMethod.EQUAL,
    AllocationMethod.PER_UNIT,
    AllocationMethod.ACTUAL,
    AllocationMethod.HAND,
)


@dataclass(frozen=True, kw_only=True)
class CellView:
    """One unit in one column. `typed` stands in the box, `shown` is the rule's part, which it shows while it is empty.

    `asked`: whether the unit can be asked at all; `sums`: it only has what those below it have together; `below`: what
    those below it have, against its part; `wrong`: why what was typed is no part. `base`: the figure of the unit that
    its part comes from, explained at the address `source`; `now`: what those that carry the unit on must reach today.
    """

    name: str
    column: ColumnView
    typed: str
    shown: str
    part: Part
    decided: bool
    last: Fraction | None
    asked: bool
    sums: bool = False
    below: Balance | None = None
    bound: bool = False
    wrong: str = ""
    base: Part = None
    source: str = ""
    now: tuple[tuple[UnitVersion, Required | None], ...] = ()


@dataclass(frozen=True, kw_only=True)
class AllocationRow:
    """One unit with its cells. `inner`: others of the sheet stand below it; `depth`: how many stand above it; `became`:
    what has become of it since the decision, in words."""

    unit: UnitVersion
    cells: tuple[CellView, ...]
    inner: bool
    depth: int
    became: str = ""


@dataclass(frozen=True, kw_only=True)
class ColumnView:
    """One column: its rule in words and in fields; `wrong`: why what was typed of the rule is none.

    `methods`: each choice (`say_method`) with its words.
    `base`: what the figures are called that parts come from, `base_unit` what follows them: "%", " cơ sở".
    """

    place: int
    of: SheetColumn
    rule: str
    methods: tuple[tuple[str, str], ...]
    weights: tuple[tuple[str, str], ...]
    reaches: tuple[Reach, ...]
    fields: Mapping[str, str]
    base: str = ""
    base_unit: str = ""
    wrong: str = ""

    @property
    def name(self) -> str:
        """Of its indicator."""
        return self.of.indicator.name if self.of.indicator else self.of.column.indicator

    @property
    def whole(self) -> Required | None:
        """What the unit that hands it down must reach."""
        return required_of(self.of.column, self.of.column.whole)

    @property
    def changed(self) -> Required | None:
        """What it must reach as the plan stands now, where that is another amount."""
        now = self.of.whole_now
        return (
            None if now is None or now == self.of.column.whole else required_of(self.of.column, now)
        )


@dataclass(frozen=True, kw_only=True)
class SheetView:
    """The whole table."""

    sheet: AllocationSheet
    columns: tuple[ColumnView, ...]
    rows: tuple[AllocationRow, ...]

    @property
    def deep(self) -> bool:
        """Whether units that stand below others of the sheet are on it."""
        return any(row.inner for row in self.rows)

    @property
    def reserved(self) -> bool:
        """Whether anything is held back."""
        return any(column.of.column.rule.reserve for column in self.columns)

    @property
    def errors(self) -> int:
        """How many boxes hold what could not be read."""
        return sum(bool(column.wrong) for column in self.columns) + sum(
            bool(cell.wrong) for row in self.rows for cell in row.cells
        )


@dataclass(frozen=True, kw_only=True)
class TypedSheet:
    """Columns with what could be read; `wrong`: name of a box → what was typed, and why it could not."""

    columns: tuple[Column, ...]
    wrong: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def cell_name(place: int, unit: str) -> str:
    """The name of a cell's box."""
    return f"m-{place}-{unit}"


def rule_name(place: int, of: str) -> str:
    """The name of a rule's box."""
    return f"r-{place}-{of}"


def read_typed(sheet: AllocationSheet, said: Mapping[str, str]) -> TypedSheet:
    """The sheet's columns with what was typed; boxes that were not sent stay as they are."""
    wrong: dict[str, tuple[str, str]] = {}
    columns = []
    for place, each in enumerate(sheet.columns):
        rule = each.column.rule
        try:
            rule = read_rule(
                {of: said[name] for of in RULE_FIELDS if (name := rule_name(place, of)) in said},
                rule,
            )
        except Refused as refused:
            wrong[rule_name(place, "method")] = "", str(refused)
        column = replace(each.column, rule=rule)
        for unit in each.recipients:
            name = cell_name(place, unit)
            if name not in said:
                continue
            try:
                column = with_typed_part(column, unit, read_typed_part(said[name], column))
            except Refused as refused:
                wrong[name] = said[name], str(refused)
        columns.append(column)
    return TypedSheet(columns=tuple(columns), wrong=wrong)


def view(
    sheet: AllocationSheet,
    library: Library,
    wrong: Mapping[str, tuple[str, str]] | None = None,
    became: Mapping[str, UnitSince] | None = None,
) -> SheetView:
    """The sheet as it is shown, with what could not be read still in its boxes, and what has become of its units."""
    bad, since = wrong or {}, became or {}
    columns = tuple(
        _column(place, each, sheet, library, bad) for place, each in enumerate(sheet.columns)
    )
    depths: dict[str | None, int] = {}
    rows = []
    for unit in sheet.units:
        depths[unit.code] = depths.get(unit.parent, -1) + 1
        inner, later = unit.code in sheet.inner, since.get(unit.code)
        cells = tuple(_cell(column, unit.code, inner, bad, later) for column in columns)
        said = became_words(later) if later else ""
        rows.append(
            AllocationRow(unit=unit, cells=cells, inner=inner, depth=depths[unit.code], became=said)
        )
    return SheetView(sheet=sheet, columns=columns, rows=tuple(rows))


def _column(
    place: int,
    of: SheetColumn,
    sheet: AllocationSheet,
    library: Library,
    wrong: Mapping[str, tuple[str, str]],
) -> ColumnView:
    rule, vocabulary = of.column.rule, library.vocabulary
    weights = weight_names(_weighing_levels(sheet, rule), vocabulary)
    weights |= {element.code: element.name for element in sheet.weights}
    return ColumnView(
        place=place,
        of=of,
        rule=rule_words(of.column, weights, vocabulary, of.weight_year),
        methods=tuple(_methods(of.column, sheet, vocabulary)),
        weights=tuple(weights.items()),
        reaches=_reaches(of.column) if sheet.deeper else (),
        fields={of: _said(rule, of) for of in RULE_FIELDS},
        base=base_words(of.column, weights, of.weight_year),
        base_unit=base_unit(of.column, library),
        wrong=wrong.get(rule_name(place, "method"), ("", ""))[1],
    )


def _methods(
    column: Column, sheet: AllocationSheet, vocabulary: Vocabulary
) -> Iterator[tuple[str, str]]:
    """The methods that make sense for it, as choices with their words; places where the plan names some.

    So much per unit is a choice for each level below, the lowest first, and for that of the rule itself.
    """
    for method in _sensible_methods(column):
        if method is not AllocationMethod.PER_UNIT:
            yield str(method), method_words(method, None, vocabulary)
            continue
        of_rule = [column.rule.level] if column.rule.level else []
        for level in dict.fromkeys((*reversed(sheet.levels), *of_rule)):
            yield f"{method}:{level}", method_words(method, level, vocabulary)


def _sensible_methods(column: Column) -> tuple[AllocationMethod, ...]:
    named = (AllocationMethod.PLACES,) if column.rule.places else ()
    if column.keeps:
        return named + _OF_MARKS
    return named + (_OF_RATES if column.rate else _OF_COUNTS)


def _weighing_levels(sheet: AllocationSheet, rule: Rule) -> list[str]:
    """The levels whose units can weigh: the lowest one below, and that which the rule goes by."""
    by_units = rule.method is AllocationMethod.WEIGHT and rule.weight.startswith(UNITS)
    of_rule = [rule.weight.removeprefix(UNITS)] if by_units else []
    return list(dict.fromkeys((*sheet.levels[-1:], *of_rule)))


def _reaches(column: Column) -> tuple[Reach, ...]:
    """How far down it can go: where no part is a part of another there is nothing to add up."""
    return (Reach.NEXT, Reach.THROUGH) if column.alike else tuple(Reach)


def _said(rule: Rule, of: str) -> str:
    if of == "method":
        return say_method(rule)
    value = getattr(rule, of)
    if value is None or (of in ("stretch", "reserve") and not value):
        return ""
    return str(value) if of in ("weight", "reach") else say_part(Fraction(value))


def _cell(
    column: ColumnView,
    unit: str,
    inner: bool,
    wrong: Mapping[str, tuple[str, str]],
    became: UnitSince | None,
) -> CellView:
    of, name = column.of, cell_name(column.place, unit)
    recipient, parts, entry = (
        of.recipients.get(unit),
        of.division.parts,
        typed_part(of.column, unit),
    )
    text, why = wrong.get(name, ("", ""))
    return CellView(
        name=name,
        column=column,
        typed=text or say_typed_part(entry, of.column),
        shown=say_part(parts[unit], keeps=of.column.keeps) if unit in parts else "",
        part=parts.get(unit),
        decided=unit in parts,
        last=recipient.actual if recipient else None,
        asked=recipient is not None or unit in parts,
        sums=inner and of.column.rule.sums_up,
        below=of.balances.get(unit),
        bound=not entry.by_hand and bool(say_limits(entry.limits)),
        wrong=why,
        base=of.column.rule.base(recipient) if recipient and not entry.by_hand else None,
        source=_source(of, unit),
        now=_now(of.column, became),
    )


def _source(of: SheetColumn, unit: str) -> str:
    """Where the figure is explained that a unit's part comes from: the plan's own figure, of units the unit's page."""
    if of.source is not None:
        return reverse("explain", args=(unit, *of.source))
    return reverse("unit", args=(unit,)) if counted_level(of.column.rule) else ""


def _now(
    column: Column, became: UnitSince | None
) -> tuple[tuple[UnitVersion, Required | None], ...]:
    found = became.targets.get((column.row, column.indicator, column.year), ()) if became else ()
    return tuple((heir, level and required_of(level.column, level.part)) for heir, level in found)


# To Excel and back


def excel_key(column: Column) -> str:
    """What a column is called in a workbook."""
    return f"{column.row} · {column.indicator} · {column.year}"


def excel_columns(shown: SheetView) -> list[AllocationColumn]:
    """The table for the workbook."""
    return [
        AllocationColumn(
            key=excel_key(each.of.column),
            title=f"{each.name}, năm {each.of.column.year}",
            rule=each.rule,
            whole=each.of.column.whole,
            adds_up=not each.of.column.alike,
            keeps=each.of.column.keeps,
            parts=each.of.division.parts,
            handed=each.of.balance.handed if each.of.balance else Fraction(0),
            limits={
                code: "; ".join(say_limits(limits))
                for code, limits in each.of.column.limits.items()
            },
        )
        for each in shown.columns
    ]


def from_excel(
    sheet: AllocationSheet, filled: Iterable[Filled]
) -> tuple[dict[str, str], list[str]]:
    """What differs from the sheet, by name of box; and what has no place there, each with its address."""
    places = {excel_key(each.column): place for place, each in enumerate(sheet.columns)}
    said: dict[str, str] = {}
    lost: list[str] = []
    for cell in sorted(
        filled, key=lambda cell: cell.limits, reverse=True
    ):  # a part goes before limits
        place = places.get(cell.key)
        column = None if place is None else sheet.columns[place]
        if place is None or column is None:
            lost.append(f"Ô {cell.address}: bảng này không có cột “{cell.key}”.")
        elif cell.unit not in column.recipients:
            if cell.text:
                lost.append(f"Ô {cell.address}: cột này không giao cho đơn vị mã “{cell.unit}”.")
        elif not _is_shown(column, cell):
            if cell.unit in sheet.inner and column.column.rule.sums_up:
                lost.append(
                    f"Ô {cell.address}: chỉ tiêu này là tổng của các đơn vị bên dưới, sửa ở từng đơn vị."
                )
            else:
                said[cell_name(place, cell.unit)] = cell.text
    return said, lost


def _is_shown(column: SheetColumn, cell: Filled) -> bool:
    """Whether it says what the sheet shows there: then it stays as it is."""
    if cell.limits:
        return cell.text == "; ".join(say_limits(typed_part(column.column, cell.unit).limits))
    parts = column.division.parts
    if not cell.text:
        return cell.unit not in parts
    try:
        said = read_typed_part(cell.text, column.column)
    except Refused:
        return False
    return said.by_hand and cell.unit in parts and parts[cell.unit] == said.part


def addressed(
    filled: Sequence[Filled], sheet: AllocationSheet, wrong: Mapping[str, tuple[str, str]]
) -> Iterator[str]:
    """Why cells of a workbook could not be read, each with its address."""
    places = {excel_key(each.column): place for place, each in enumerate(sheet.columns)}
    for cell in filled:
        name = cell_name(places[cell.key], cell.unit) if cell.key in places else ""
        if name in wrong and wrong[name][0] == cell.text:
            yield f"Ô {cell.address}: {wrong[name][1]}"
