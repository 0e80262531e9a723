"""What the forms of all pages are made of: text and days as they are typed, with Vietnamese errors.

A form is for pages that are shown again with errors beside their fields; a single field that a
view needs is read by `web/shell/typed.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django import forms

from toankhoa.core.basics import Refused
from toankhoa.web.shell import typed


class TextField(forms.CharField):
    """A line of text. `missing`: what is said where it is blank; blank itself where that may be."""

    def __init__(self, *, missing: str = "", strip: bool = True) -> None:
        super().__init__(required=bool(missing), strip=strip, error_messages={"required": missing})

    def to_python(self, value: object) -> str:
        """Without NUL, which no database keeps."""
        return super().to_python(str(value or "").replace("\x00", "")) or ""


class DayField(forms.Field):
    """A day as Vietnamese write it. `wrong`: what is said where it is blank or none."""

    def __init__(self, *, wrong: str) -> None:
        super().__init__(error_messages={"required": wrong, "invalid": wrong})

    def to_python(self, value: object) -> date | None:
        """See `typed.day`."""
        text = str(value or "").strip()
        if not text:
            return None  # said by `required`
        day = typed.day(text)
        if day is None:
            raise forms.ValidationError(self.error_messages["invalid"], "invalid")
        return day


def add_refusal(form: forms.Form, refused: Refused, fields: Mapping[str, str]) -> None:
    """Put why an act was refused beside the field it is about, else above the form.

    `fields`: names of fields by the code of the problem.
    """
    form.add_error(fields.get(refused.problem.code), str(refused))
