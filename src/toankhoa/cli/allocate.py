"""`allocate`: one target divided among the units below, to try a rule out before a decision."""

from __future__ import annotations

import argparse
import json

from toankhoa.audit import clock
from toankhoa.cli import installation  # noqa: F401 — sets Django up
from toankhoa.core.basics import format_number
from toankhoa.core.targets import Verdict, say_part
from toankhoa.operations.target_allocation import SheetColumn, trial
from toankhoa.plan.column_json import column_json

MISSING = "…"
RULE = ("method", "level", "reach", "each", "weight", "stretch", "least", "most", "reserve")


def run(arguments: argparse.Namespace) -> int:
    """Print the parts; 1 where some unit has none."""
    divided = trial(
        row=arguments.row,
        year=arguments.year,
        indicator=arguments.indicator,
        unit=arguments.unit,
        typed_rule=_typed_rule(arguments),
        today=clock.today(),
    )
    if arguments.json:
        print(json.dumps(_as_json(divided), ensure_ascii=False, indent=1))
    else:
        print(_as_text(divided))
    return int(bool(divided.division.problems or divided.undecided))


def _typed_rule(arguments: argparse.Namespace) -> dict[str, str]:
    """What was typed of a rule, by field; what was not is as the plan's words suggest."""
    typed = {name: getattr(arguments, name) for name in RULE}
    return {name: text for name, text in typed.items() if text is not None}


def _as_json(divided: SheetColumn) -> dict[str, object]:
    column = column_json(divided.column)
    parts: dict[str, float | None] = {}
    for code, part in divided.division.parts.items():
        parts[code] = None if part is None else float(part)
    left = None if divided.balance is None else float(divided.balance.left)
    problems = [problem.message for problem in divided.division.problems]
    return {**column, "parts": parts, "left": left, "problems": problems}


def _as_text(divided: SheetColumn) -> str:
    """The whole, a line for each unit, indented below the one above it, and the balance."""
    column, division = divided.column, divided.division
    percent = "%" if column.rate else ""
    whole = f"Chỉ tiêu phải chia: {format_number(column.whole)}{percent} {column.unit}"
    names = {}
    for code, unit in divided.recipients.items():
        names[code] = "  " * _above(divided, code) + unit.name
    width = max(map(len, names.values()), default=0)
    lines = [whole.rstrip()]
    for code, name in names.items():
        part = MISSING
        if code in division.parts:
            part = say_part(division.parts[code]) + percent
        lines.append(f"{name:<{width}}  {part:>8}")
    lines += _ending(divided)
    lines += [problem.message for problem in division.problems]
    return "\n".join(lines)


def _above(divided: SheetColumn, code: str) -> int:
    """How many units of the column are above one."""
    above = divided.recipients[code].under
    if above not in divided.recipients:
        return 0
    return 1 + _above(divided, above)


def _ending(divided: SheetColumn) -> list[str]:
    """The parts against the whole; of rates what they come to together."""
    balance = divided.balance
    if balance is None:
        return []
    if divided.column.rate:
        return [f"Bình quân nếu đơn vị nào cũng đạt: {format_number(balance.handed)}%"]
    if balance.verdict is Verdict.EXACT:
        return ["Khớp"]
    if balance.verdict is Verdict.UNDER:
        return [f"Còn lại: {format_number(balance.left)}"]
    return [f"Vượt: {format_number(balance.over)}"]
