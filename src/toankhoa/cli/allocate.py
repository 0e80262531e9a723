"""`allocate`: one target divided among the units below, to try a rule out before a sheet is made."""

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
    done = trial(
        row=arguments.row,
        year=arguments.year,
        indicator=arguments.indicator,
        unit=arguments.unit,
        said={name: said for name in RULE if (said := getattr(arguments, name)) is not None},
        today=clock.today(),
    )
    print(
        json.dumps(_as_json(done), ensure_ascii=False, indent=1)
        if arguments.json
        else _as_text(done)
    )
    return int(bool(done.division.problems or done.undecided))


def _as_json(done: SheetColumn) -> dict[str, object]:
    column = column_json(done.column)
    parts = {
        code: None if part is None else float(part) for code, part in done.division.parts.items()
    }
    left = None if done.balance is None else float(done.balance.left)
    problems = [problem.message for problem in done.division.problems]
    return {**column, "parts": parts, "left": left, "problems": problems}


def _as_text(done: SheetColumn) -> str:
    percent = "%" if done.column.rate else ""
    names = {code: "  " * _above(done, code) + unit.name for code, unit in done.recipients.items()}
    width = max(map(len, names.values()), default=0)
    parts = {code: say_part(part) + percent for code, part in done.division.parts.items()}
    lines = [f"{name:<{width}}  {parts.get(code, MISSING):>8}" for code, name in names.items()]
    whole = (
        f"Mức phải chia: {format_number(done.column.whole)}{percent} {done.column.unit}".rstrip()
    )
    return "\n".join(
        [whole, *lines, *_ending(done), *(problem.message for problem in done.division.problems)]
    )


def _above(done: SheetColumn, code: str) -> int:
    """How many units of the column stand above one."""
    above = done.recipients[code].under
    return 0 if above not in done.recipients else 1 + _above(done, above)


def _ending(done: SheetColumn) -> list[str]:
    """The parts against the whole; of rates what they come to together."""
    held = done.balance
    if held is None:
        return []
    if done.column.rate:
        return [f"Bình quân nếu đơn vị nào cũng đạt: {format_number(held.handed)}%"]
    said = {Verdict.EXACT: "Khớp", Verdict.UNDER: f"Còn lại: {format_number(held.left)}"}
    return [said.get(held.verdict, f"Vượt: {format_number(held.over)}")]
