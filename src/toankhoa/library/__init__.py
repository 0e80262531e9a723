"""The library of measures and the list of units: read, checked, turned into records of the core.

`load_library()`, `load_units()` and `load_reforms()` read what is shipped in `seed/`; a path reads
an organisation's own. What is wrong is not met one error at a time: `LibraryError` carries every
problem, each with its place in the file and a mend.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from toankhoa.core.basics import Problem, Refused, Severity, Source
from toankhoa.core.measures import Library
from toankhoa.core.organisation import Reform, UnitVersion, reform_from
from toankhoa.library.checks import cross_checks, slots_are_left
from toankhoa.library.schema import LibraryFile, records

UNIT_COLUMNS = ("code", "name", "kind", "level", "parent", "start", "end")


class LibraryError(Exception):
    """What was read cannot be used. `problems` lists everything that is wrong, in Vietnamese."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(problem.message for problem in problems))
        self.problems = problems


def load_library(path: Path | None = None) -> Library:
    """Read a library.yaml and the files it includes; None reads the shipped one.

    Raises LibraryError.
    """
    merged = _merge(_shipped(), "library.yaml") if path is None else _merge(path.parent, path.name)
    try:
        spec = LibraryFile.model_validate(merged)
    except ValidationError as error:
        raise LibraryError(tuple(_schema_problem(detail) for detail in error.errors())) from error
    library = records(spec)
    if problems := (*cross_checks(library), *slots_are_left(library)):
        raise LibraryError(problems)
    return library


def _shipped() -> Traversable:
    """The folder of what comes with the product."""
    return files("toankhoa") / "seed"


def load_units(path: Path | None = None) -> tuple[UnitVersion, ...]:
    """Read the list of units (CSV: code, name, kind, level, parent, start, end); None reads the
    shipped one.

    Dates are written 2010-01-01; a blank end means the unit still stands. Raises LibraryError.
    """
    place = path or _shipped() / "units.csv"
    rows = list(csv.DictReader(_text(place).splitlines()))
    if not rows or tuple(rows[0]) != UNIT_COLUMNS:
        raise LibraryError(
            (
                _problem(
                    "units-columns", place.name, f"phải có đúng các cột {', '.join(UNIT_COLUMNS)}"
                ),
            )
        )
    codes = {row["code"] for row in rows}
    problems: list[Problem] = []
    for line, row in enumerate(rows, start=2):
        problems += _unit_problems(line, row, codes)
    if problems:
        raise LibraryError(tuple(problems))
    return tuple(_unit_version(row) for row in rows)


def load_reforms(path: Path | None = None) -> tuple[Reform, ...]:
    """Read a file of reforms; None reads the shipped one. Raises LibraryError."""
    place = path or _shipped() / "reforms.yaml"
    return read_reforms(_text(place), place.name)


def read_reforms(text: str, name: str) -> tuple[Reform, ...]:
    """Reforms as YAML: a list under `reforms:`, each as `core.organisation.reform_codec` takes it.

    Raises LibraryError.
    """
    reforms: list[Reform] = []
    problems: list[Problem] = []
    listed = _parse(text, name).get("reforms") or []
    if not isinstance(listed, list):
        raise LibraryError(
            (_problem("not-a-list", name, "dưới reforms: phải là một danh sách các lần sắp xếp"),)
        )
    for number, given in enumerate(listed, start=1):
        try:
            reforms.append(reform_from(given))
        except Refused as refused:
            problems.append(
                replace(refused.problem, message=f"{name}, mục {number}: {refused.problem.message}")
            )
    if problems:
        raise LibraryError(tuple(problems))
    return tuple(reforms)


def _unit_version(row: Mapping[str, str]) -> UnitVersion:
    return UnitVersion(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        level=row["level"],
        parent=row["parent"] or None,
        start=date.fromisoformat(row["start"]),
        end=date.fromisoformat(row["end"]) if row["end"] else None,
    )


def _unit_problems(line: int, row: Mapping[str, str], codes: set[str]) -> Iterator[Problem]:
    where = f"dòng {line}"
    for column in ("code", "name", "kind", "level", "start"):
        if not row[column]:
            yield _problem("unit-blank", where, f"cột {column} còn trống; hãy điền giá trị")
    if row["parent"] and row["parent"] not in codes:
        yield _problem(
            "unit-parent",
            where,
            f"đơn vị cấp trên {row['parent']} không có trong danh sách; sửa mã cấp trên",
        )
    for column in ("start", "end"):
        try:
            date.fromisoformat(row[column] or "2000-01-01")
        except ValueError:
            yield _problem(
                "unit-date", where, f"ngày “{row[column]}” ở cột {column} phải viết như 2010-01-01"
            )


class _Loader(yaml.SafeLoader):
    """Refuses a name that is given twice: plain YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                where = f"dòng {key_node.start_mark.line + 1}"
                raise LibraryError(
                    (_problem("name-twice", where, f"tên “{key}” khai hai lần; bỏ bớt một"),)
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def _merge(folder: Traversable, name: str) -> dict[str, Any]:
    """One file with the sections of those it includes. A section may stand in one of them only."""
    merged = _read_yaml(folder / name)
    for included in merged.pop("include", []):
        for section, content in _read_yaml(folder / str(included)).items():
            if section in merged:
                raise LibraryError(
                    (
                        _problem(
                            "section-twice", str(included), f"phần “{section}” đã có ở tệp khác"
                        ),
                    )
                )
            merged[section] = content
    return merged


def _read_yaml(place: Traversable) -> dict[str, Any]:
    return _parse(_text(place), place.name)


def _parse(text: str, name: str) -> dict[str, Any]:
    try:
        content = yaml.load(text, Loader=_Loader)  # a SafeLoader underneath
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise LibraryError(
            (_problem("not-yaml", name, f"không đọc được YAML: {_not_yaml(error)}"),)
        ) from error
    if not isinstance(content, dict):
        raise LibraryError(
            (_problem("not-yaml", name, "phải gồm các phần có tên (vocabulary, elements, …)"),)
        )
    return content


def _not_yaml(error: Exception) -> str:
    """Why a text is no YAML: where it stops making sense, a day like 2019-13-01, lists in lists
    without end.
    """
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    if mark:
        where = f"dòng {mark.line + 1}, cột {mark.column + 1}"
        look = "hãy xem lại dấu hai chấm, dấu ngoặc và khoảng thụt"
        return f"dừng ở {where}; {look} ở dòng ấy hoặc dòng trên"
    if isinstance(error, ValueError):
        return "có ngày không có thật; hãy ghi ngày như 2019-06-01"
    return "hãy xem lại dấu hai chấm, dấu ngoặc và khoảng thụt"


def _text(place: Traversable) -> str:
    try:
        return place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LibraryError(
            (_problem("not-readable", place.name, f"không đọc được tệp ({error})"),)
        ) from error


_SCHEMA_MESSAGES = {
    "missing": "thiếu trường này; hãy thêm vào",
    "extra_forbidden": "không có trường nào tên như vậy; sửa lại tên hoặc xóa đi",
    "string_type": "phải là chữ; hãy đặt trong dấu ngoặc kép",
    "int_type": "phải là số nguyên",
    "bool_type": "phải là true hoặc false",
    "list_type": "phải là một danh sách, viết trong [ ]",
    "dict_type": "phải gồm các mục có tên",
    "model_type": "phải gồm các trường có tên",
    "too_short": "không được để trống",
    "string_too_short": "không được để trống",
    "greater_than_equal": "không được là số âm",
}


def _schema_problem(detail: Mapping[str, Any]) -> Problem:
    where = ".".join(str(part) for part in detail["loc"])
    what = _SCHEMA_MESSAGES.get(detail["type"], "giá trị không dùng được")
    if detail["type"] == "literal_error":
        what = f"phải là một trong {detail['ctx']['expected'].replace(' or ', ', ')}"
    return _problem("schema", where, what, fragment=str(detail["input"])[:80])


def _problem(code: str, where: str, what: str, fragment: str = "") -> Problem:
    return Problem(f"library-{code}", Severity.ERROR, f"{where}: {what}.", Source(), fragment)
