"""Files that a page hands out, under names that say what is in them."""

from __future__ import annotations

from django.http import HttpResponse

from toankhoa.core.basics import words_of


def file_name(*parts: object, suffix: str) -> str:
    """`giao-chi-tieu-2021-tinh-hoi.xlsx`: words without diacritics, no number of the machine."""
    words = words_of(" ".join(str(part) for part in parts))
    return "-".join(words.split()) + suffix


def file_answer(data: bytes, *, name: str, content_type: str) -> HttpResponse:
    """A file to be saved under a name."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
