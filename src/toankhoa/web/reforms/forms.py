"""What is typed about a reform: its heading, its changes one by one, or many of them in a file."""

from __future__ import annotations

from dataclasses import replace

from django import forms

from toankhoa.core.basics import Refused, refuse
from toankhoa.core.organisation import Change, ChangeRow, Effect, Finder
from toankhoa.core.organisation import Reform as Record
from toankhoa.operations.reform_files import changes_in
from toankhoa.org.models import Reform
from toankhoa.web.shell.forms import DayField, TextField, add_refusal
from toankhoa.web.shell.requests import Request
from toankhoa.web.shell.typed import Fields, UploadedFile, uploaded_file

LARGEST = 5 * 1024 * 1024
ONE_CHANGE = ("unit", "into", "name", "kind", "level", "parent")  # fields of every change's form


class HeadingForm(forms.Form):
    """What a reform is called, by which document, and from which day on it holds."""

    title = TextField(missing="Hãy ghi tên gọi của lần sắp xếp, ví dụ “Sáp nhập xã A và xã B”.")
    document = TextField()
    day = DayField(wrong="Hãy ghi ngày có hiệu lực, ví dụ 01/7/2025.")

    REFUSALS = {"reform-title": "title", "reform-day": "day"}

    def refuse(self, refused: Refused) -> None:
        """Why it was not kept, beside the field it is about."""
        add_refusal(self, refused, self.REFUSALS)

    def on(self, record: Record) -> Record:
        """A reform with this heading."""
        return replace(record, **self.cleaned_data)


def heading_of(reform: Reform) -> HeadingForm:
    """The form with the heading that a draft has."""
    day = f"{reform.day:%d/%m/%Y}"
    return HeadingForm(initial={"title": reform.title, "document": reform.document, "day": day})


def typed_rows(fields: Fields) -> list[ChangeRow]:
    """The rows of one change as its form sends them; blank lines of units say nothing."""
    effect = fields.text("effect")
    if effect == Effect.MERGE:
        return _rows_of_merger(fields)
    if effect == Effect.SPLIT:
        return _rows_of_division(fields)
    return [ChangeRow(effect=effect, **_one_change(fields))]


def _rows_of_merger(fields: Fields) -> list[ChangeRow]:
    """One row for each unit that goes into the same one."""
    units = [unit for unit in fields.texts("unit") if unit] or [""]
    words = _one_change(fields)
    return [ChangeRow(effect=Effect.MERGE, **(words | {"unit": unit})) for unit in units]


def _rows_of_division(fields: Fields) -> list[ChangeRow]:
    """One row for each unit that receives a part."""
    divided = ChangeRow(effect=Effect.SPLIT, unit=fields.text("unit"))
    rows = []
    lines = zip(fields.texts("into"), fields.texts("name"), fields.texts("share"), strict=False)
    for into, name, share in lines:
        if into:
            rows.append(replace(divided, into=into, name=name, share=share))
    return rows or [divided]


def _one_change(fields: Fields) -> dict[str, str]:
    return {name: fields.text(name) for name in ONE_CHANGE}


def reform_file(request: Request) -> UploadedFile:
    """The file that came with the form. `Refused` where there is none or it is too large."""
    file = uploaded_file(request)
    if file is None:
        raise refuse("reform-file", "Chưa chọn tệp. Hãy chọn tệp rồi bấm Nạp.")
    if file.size > LARGEST:
        raise refuse("reform-file", "Tệp lớn hơn 5 MB. Hãy chỉ để bảng thay đổi trong tệp.")
    return file


def changes_of_file(request: Request, finder: Finder) -> tuple[Change, ...]:
    """The changes in the file, none where none was given."""
    if uploaded_file(request) is None:
        return ()
    file = reform_file(request)
    return changes_in(file.name, file.read(), finder)
