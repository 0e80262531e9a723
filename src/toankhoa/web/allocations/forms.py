"""The sheet of an allocation as a form: cells and rules have names.

Typed text becomes columns again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from django.urls import reverse

from toankhoa.core.basics import Refused, format_number
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
from toankhoa.web.templatetags.vietnamese import muc

MOST_PROBLEMS = 3  # of one column, on the sheet
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
    """One unit in one column.

    `typed` is in the box; `shown` is the rule's part, which the box shows while it is empty.
    `askable`: whether the unit can be asked at all; `sums`: it only has what those below it have
    together; `below`: what those have, against its part; `wrong`: why what was typed is no part.
    `base`: the figure of the unit that its part comes from, explained at the address `source`;
    `now`: what those that carry the unit on must reach today.
    """

    name: str
    column: ColumnView
    typed: str
    shown: str
    part: Part
    decided: bool
    last: Fraction | None
    askable: bool
    sums: bool = False
    below: Balance | None = None
    bound: bool = False
    wrong: str = ""
    base: Part = None
    source: str = ""
    now: tuple[tuple[UnitVersion, Required | None], ...] = ()

    @property
    def percent(self) -> str:
        """What follows its figures: `%` in a column of rates."""
        if self.column.of.column.rate:
            return "%"
        return ""

    @property
    def in_use(self) -> str:
        """The part as it is read where nothing is typed; blank where it is none yet."""
        if self.part is not None:
            return f"{self.shown}{self.percent}"
        return self.shown

    @property
    def worked_out(self) -> str:
        """What the rule makes of limits that are typed in the box."""
        if self.bound and self.decided:
            return self.shown
        return ""

    @property
    def mark(self) -> str:
        """The class of its box."""
        if self.bound:
            return "bound"
        if self.typed:
            return "by-hand"
        return ""

    @property
    def shows_below(self) -> Balance | None:
        """What those below it have, where that adds up to something."""
        if self.column.of.counts_units:
            return None
        return self.below


@dataclass(frozen=True, kw_only=True)
class AllocationRow:
    """One unit with its cells.

    `inner`: others of the sheet are below it; `depth`: how many are above it; `became`: what has
    become of it since the decision, in words.
    """

    unit: UnitVersion
    cells: tuple[CellView, ...]
    inner: bool
    depth: int
    became: str = ""


@dataclass(frozen=True, kw_only=True)
class ColumnView:
    """One column: its rule in words and in fields; `wrong`: why what was typed of the rule is none.

    `methods`: each choice (`say_method`) with its words.
    `base`: what the figures are called that parts come from, `base_unit` what follows them: "%".
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
        if self.of.indicator:
            return self.of.indicator.name
        return self.of.column.indicator

    @property
    def reaches_next(self) -> bool:
        """Whether it goes only to units directly below, which divide it on."""
        return self.of.column.rule.reach is Reach.NEXT

    @property
    def place_in_plan(self) -> str:
        """The numbers of its heading and of its row: `Chỉ tiêu 5, hàng 2`."""
        row, heading = self.of.row, self.of.heading
        number = heading.number if heading is not None else ""
        if row is None or row == heading or not row.number:
            return number
        return f"{number}, hàng {row.number}"

    @property
    def whole_label(self) -> str:
        """What its whole is."""
        if self.of.counts_units:
            return "Phải thực hiện"
        if self.of.column.keeps:
            return "Mỗi đơn vị"
        return "Chỉ tiêu phải chia"

    @property
    def whole_words(self) -> str:
        """Its whole, in words."""
        if self.of.counts_units:
            return f"{format_number(self.of.column.whole)} đơn vị"
        return muc(self.whole)

    @property
    def averages(self) -> bool:
        """Whether what is handed down is a mean of rates, and no sum."""
        return bool(self.of.column.rate and self.of.balance)

    @property
    def handed(self) -> str:
        """What is handed down together."""
        if self.of.balance:
            return format_number(self.of.balance.handed)
        return "–"

    @property
    def reserve(self) -> str:
        """What is held back; blank where nothing is."""
        balance = self.of.balance
        if balance and balance.reserve:
            return format_number(balance.reserve)
        return ""

    @property
    def whole(self) -> Required | None:
        """What the unit that hands it down must reach."""
        return required_of(self.of.column, self.of.column.whole)

    @property
    def changed(self) -> Required | None:
        """What it must reach by the plan of now, where that is another amount."""
        now = self.of.whole_now
        if now is None or now == self.of.column.whole:
            return None
        return required_of(self.of.column, now)

    @property
    def first_problems(self) -> list[str]:
        """Why it cannot be divided like this, in words: the first few."""
        return [problem.message for problem in self.of.division.problems[:MOST_PROBLEMS]]

    @property
    def further_problems(self) -> int:
        """How many more there are."""
        return max(len(self.of.division.problems) - MOST_PROBLEMS, 0)


@dataclass(frozen=True, kw_only=True)
class SheetView:
    """The whole table."""

    sheet: AllocationSheet
    columns: tuple[ColumnView, ...]
    rows: tuple[AllocationRow, ...]

    @property
    def deep(self) -> bool:
        """Whether units that are below others of the sheet are on it."""
        return any(row.inner for row in self.rows)

    @property
    def reserved(self) -> bool:
        """Whether anything is held back."""
        return any(column.of.column.rule.reserve for column in self.columns)

    @property
    def errors(self) -> int:
        """How many boxes hold what could not be read."""
        errors = sum(bool(column.wrong) for column in self.columns)
        for row in self.rows:
            errors += sum(bool(cell.wrong) for cell in row.cells)
        return errors


@dataclass(frozen=True, kw_only=True)
class TypedSheet:
    """Columns with what could be read.

    `wrong`: name of a box → what was typed, and why it could not.
    """

    columns: tuple[Column, ...]
    wrong: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def cell_name(place: int, unit: str) -> str:
    """The name of a cell's box."""
    return f"m-{place}-{unit}"


def rule_name(place: int, of: str) -> str:
    """The name of a rule's box."""
    return f"r-{place}-{of}"


def read_typed(sheet: AllocationSheet, typed: Mapping[str, str]) -> TypedSheet:
    """The sheet's columns with what was typed; boxes that were not sent stay as they are.

    `typed`: text by the name of its box.
    """
    wrong: dict[str, tuple[str, str]] = {}
    columns = []
    for place, sheet_column in enumerate(sheet.columns):
        column = _with_typed_rule(place, sheet_column.column, typed, wrong)
        for unit in sheet_column.recipients:
            name = cell_name(place, unit)
            if name not in typed:
                continue
            try:
                column = with_typed_part(column, unit, read_typed_part(typed[name], column))
            except Refused as refused:
                wrong[name] = typed[name], str(refused)
        columns.append(column)
    return TypedSheet(columns=tuple(columns), wrong=wrong)


def _with_typed_rule(
    place: int, column: Column, typed: Mapping[str, str], wrong: dict[str, tuple[str, str]]
) -> Column:
    """The column with the rule that was typed; as it is, and `wrong` noted, where that is none."""
    texts = {field: typed.get(rule_name(place, field)) for field in RULE_FIELDS}
    sent = {field: text for field, text in texts.items() if text is not None}
    try:
        return replace(column, rule=read_rule(sent, column.rule))
    except Refused as refused:
        wrong[rule_name(place, "method")] = "", str(refused)
        return column


def view(
    sheet: AllocationSheet,
    library: Library,
    wrong: Mapping[str, tuple[str, str]] | None = None,
    became: Mapping[str, UnitSince] | None = None,
) -> SheetView:
    """The sheet as it is shown, with what could not be read still in its boxes.

    `became`: what has become of its units since, by code.
    """
    unread, since = wrong or {}, became or {}
    columns = tuple(
        _column(place, column, sheet, library, unread) for place, column in enumerate(sheet.columns)
    )
    depths: dict[str | None, int] = {}
    rows = []
    for unit in sheet.units:
        depths[unit.code] = depths.get(unit.parent, -1) + 1
        inner, later = unit.code in sheet.inner, since.get(unit.code)
        row = AllocationRow(
            unit=unit,
            cells=tuple(_cell(column, unit.code, inner, unread, later) for column in columns),
            inner=inner,
            depth=depths[unit.code],
            became=became_words(later) if later else "",
        )
        rows.append(row)
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
        fields={field: _field_text(rule, field) for field in RULE_FIELDS},
        base=base_words(of.column, weights, of.weight_year),
        base_unit=base_unit(of.column, library),
        wrong=wrong.get(rule_name(place, "method"), ("", ""))[1],
    )


def _methods(
    column: Column, sheet: AllocationSheet, vocabulary: Vocabulary
) -> Iterator[tuple[str, str]]:
    """The methods that make sense for it, as choices with their words; places where the plan names
    some.

    So much per unit is a choice for each level below, the lowest first, and for that of the rule
    itself.
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
    levels = list(sheet.levels[-1:])
    if rule.method is AllocationMethod.WEIGHT and rule.weight.startswith(UNITS):
        levels.append(rule.weight.removeprefix(UNITS))
    return list(dict.fromkeys(levels))


def _reaches(column: Column) -> tuple[Reach, ...]:
    """How far down it can go: where no part is a part of another there is nothing to add up."""
    if column.alike:
        return (Reach.NEXT, Reach.THROUGH)
    return tuple(Reach)


def _field_text(rule: Rule, name: str) -> str:
    """What the box of a rule's field shows; blank where the rule says nothing of it."""
    if name == "method":
        return say_method(rule)
    value = getattr(rule, name)
    if value is None or (name in ("stretch", "reserve") and not value):
        return ""
    if name in ("weight", "reach"):
        return str(value)
    return say_part(Fraction(value))


def _cell(
    column: ColumnView,
    unit: str,
    inner: bool,
    wrong: Mapping[str, tuple[str, str]],
    became: UnitSince | None,
) -> CellView:
    of, name = column.of, cell_name(column.place, unit)
    recipient, parts = of.recipients.get(unit), of.division.parts
    entry = typed_part(of.column, unit)
    text, why = wrong.get(name, ("", ""))
    by_rule = recipient is not None and not entry.by_hand
    return CellView(
        name=name,
        column=column,
        typed=text or say_typed_part(entry, of.column),
        shown=say_part(parts[unit], keeps=of.column.keeps) if unit in parts else "",
        part=parts.get(unit),
        decided=unit in parts,
        last=recipient.actual if recipient else None,
        askable=recipient is not None or unit in parts,
        sums=inner and of.column.rule.sums_up,
        below=of.balances.get(unit),
        bound=not entry.by_hand and bool(say_limits(entry.limits)),
        wrong=why,
        base=of.column.rule.base(recipient) if recipient and by_rule else None,
        source=_source(of, unit),
        now=_now(of.column, became),
    )


def _source(of: SheetColumn, unit: str) -> str:
    """Where the figure is explained that a unit's part comes from.

    That is the plan's own figure; of a number of units, the unit's page.
    """
    if of.source is not None:
        return reverse("explain", args=(unit, *of.source))
    if counted_level(of.column.rule):
        return reverse("unit", args=(unit,))
    return ""


def _now(
    column: Column, became: UnitSince | None
) -> tuple[tuple[UnitVersion, Required | None], ...]:
    """What those that carry a unit on must reach today in this column."""
    if became is None:
        return ()
    targets = []
    for heir, target in became.targets.get((column.row, column.indicator, column.year), ()):
        required = required_of(target.column, target.part) if target else None
        targets.append((heir, required))
    return tuple(targets)


# To Excel and back


def excel_key(column: Column) -> str:
    """What a column is called in a workbook."""
    return f"{column.row} · {column.indicator} · {column.year}"


def excel_columns(shown: SheetView) -> list[AllocationColumn]:
    """The table for the workbook."""
    return [_excel_column(column) for column in shown.columns]


def _excel_column(shown: ColumnView) -> AllocationColumn:
    column, balance = shown.of.column, shown.of.balance
    return AllocationColumn(
        key=excel_key(column),
        title=f"{shown.name}, năm {column.year}",
        rule=shown.rule,
        whole=column.whole,
        adds_up=not column.alike,
        keeps=column.keeps,
        parts=shown.of.division.parts,
        handed=balance.handed if balance else Fraction(0),
        limits={unit: "; ".join(say_limits(limits)) for unit, limits in column.limits.items()},
    )


def from_excel(
    sheet: AllocationSheet, filled: Iterable[Filled]
) -> tuple[dict[str, str], list[str]]:
    """What differs from the sheet, by name of box; and what has no place there, in words.

    A part goes before limits: of a unit with both, the part is what counts.
    """
    places = {excel_key(column.column): place for place, column in enumerate(sheet.columns)}
    changed: dict[str, str] = {}
    lost: list[str] = []
    for cell in sorted(filled, key=lambda cell: cell.limits, reverse=True):
        place = places.get(cell.key)
        if place is None:
            lost.append(f"Ô {cell.address}: bảng này không có cột “{cell.key}”.")
            continue
        hindrance = _no_place(sheet, sheet.columns[place], cell)
        if hindrance:
            lost.append(f"Ô {cell.address}: {hindrance}")
        elif _differs(sheet.columns[place], cell):
            changed[cell_name(place, cell.unit)] = cell.text
    return changed, lost


def _no_place(sheet: AllocationSheet, column: SheetColumn, cell: Filled) -> str:
    """Why a cell of the workbook cannot change the sheet.

    Blank where it can, or changes nothing.
    """
    if cell.unit not in column.recipients:
        blank = not cell.text
        if blank:
            return ""
        return f"cột này không giao cho đơn vị mã “{cell.unit}”."
    if not _differs(column, cell):
        return ""
    if cell.unit in sheet.inner and column.column.rule.sums_up:
        return "chỉ tiêu này là tổng của các đơn vị bên dưới, sửa ở từng đơn vị."
    return ""


def _differs(column: SheetColumn, cell: Filled) -> bool:
    """Whether it says something else than the sheet shows there, of a unit that it is handed to."""
    if cell.unit not in column.recipients:
        return False
    if cell.limits:
        limits = typed_part(column.column, cell.unit).limits
        return cell.text != "; ".join(say_limits(limits))
    parts = column.division.parts
    if not cell.text:
        return cell.unit in parts
    try:
        typed = read_typed_part(cell.text, column.column)
    except Refused:
        return True
    same = typed.by_hand and cell.unit in parts and parts[cell.unit] == typed.part
    return not same


def addressed(
    filled: Sequence[Filled], sheet: AllocationSheet, wrong: Mapping[str, tuple[str, str]]
) -> Iterator[str]:
    """Why cells of a workbook could not be read, each with its address."""
    places = {excel_key(column.column): place for place, column in enumerate(sheet.columns)}
    for cell in filled:
        if cell.key not in places:
            continue
        text, why = wrong.get(cell_name(places[cell.key], cell.unit), (None, ""))
        if text == cell.text:
            yield f"Ô {cell.address}: {why}"
