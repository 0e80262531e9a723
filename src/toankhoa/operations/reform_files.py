"""Reforms in and out of files: YAML holds whole reforms, Excel and CSV the changes of one."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from toankhoa import documents
from toankhoa.core.basics import Refused, refuse
from toankhoa.core.compiling import Table
from toankhoa.core.organisation import (
    Change,
    Finder,
    Reform,
    changes_of,
    rows_of,
    rows_of_table,
    table_of,
)
from toankhoa.library import LibraryError, read_reforms

_DELIMITERS = ";\t,"
_EXCEL = b"PK"


def reforms_in(name: str, data: bytes) -> tuple[Reform, ...]:
    """All reforms of a YAML file. `Refused` says what cannot be read."""
    try:
        return read_reforms(_text(name, data), name)
    except LibraryError as error:
        raise Refused(error.problems[0]) from error


def changes_in(name: str, data: bytes, find: Finder) -> tuple[Change, ...]:
    """The changes in an Excel or CSV table, in the columns of `core.organisation.reform_rows`.

    `Refused` says what is wrong.
    """
    cells = _excel(name, data) if data.startswith(_EXCEL) else _csv(name, data)
    changes = changes_of(rows_of_table(cells), find)
    if not changes:
        raise refuse("reform-empty", f"Tệp “{name}” chưa có dòng thay đổi nào dưới hàng tiêu đề.")
    return changes


def changes_csv(changes: Iterable[Change]) -> bytes:
    """The changes as a CSV that spreadsheets open with the letters right."""
    out = StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(table_of(rows_of(changes)))
    return out.getvalue().encode("utf-8-sig")


def _csv(name: str, data: bytes) -> list[list[str]]:
    """Its rows; cells are parted by what parts most of them in the first line with words."""
    text = _text(name, data)
    head = next((line for line in text.splitlines() if line.strip()), "")
    return list(csv.reader(StringIO(text), delimiter=max(_DELIMITERS, key=head.count)))


def _excel(name: str, data: bytes) -> list[list[str]]:
    """The rows of all its tables."""
    rows = []
    for table in documents.read(name, data).tables:
        rows.extend(_grid(table))
    return rows


def _grid(table: Table) -> list[list[str]]:
    rows = []
    for row in table.rows:
        cells = [row.at(column) for column in range(table.width)]
        rows.append([cell.text if cell else "" for cell in cells])
    return rows


def _text(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(
            "reform-file", f"Tệp “{name}” không phải văn bản UTF-8. Hãy lưu lại dạng CSV UTF-8."
        ) from error
