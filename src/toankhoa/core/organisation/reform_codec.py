"""A reform as one JSON object, and back.

What is stored, what `seed/reforms.yaml` holds, what a file is loaded from. The way there and back
gives the same reform. What is blank is left out; a share is written "3/5" and may come as "60%".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from fractions import Fraction
from typing import Any

from toankhoa.core.basics import Refused, refuse
from toankhoa.core.organisation.reforms import Change, Effect, Reform, ReformPart

Json = dict[str, Any]

_WORDS = ("code", "document", "title")
_PART = tuple(field.name for field in fields(ReformPart) if field.name != "share")
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")
_FRACTION = re.compile(r"\d+(?:/\d+)?")
_BY_ZERO = re.compile(r"/0+$")


def reform_json(reform: Reform) -> Json:
    """As an object that `json.dumps` takes."""
    words = {name: getattr(reform, name) for name in _WORDS}
    return {
        **words,
        "day": reform.day.isoformat(),
        "changes": [change_json(change) for change in reform.changes],
    }


def change_json(change: Change) -> Json:
    """One change, without what is blank."""
    whole = {
        "effect": change.effect.value,
        "units": list(change.units),
        "parts": [_part_json(part) for part in change.parts],
        "level": change.level,
    }
    return {name: value for name, value in whole.items() if value}


def _part_json(part: ReformPart) -> Json:
    words: Json = {}
    for name in _PART:
        if value := getattr(part, name):
            words[name] = value
    if part.share is not None:
        words["share"] = str(part.share)
    return words


def reform_from(given: Any) -> Reform:
    """The reform of an object; `Refused` says what in it cannot be read."""
    if not isinstance(given, Mapping):
        raise _wrong("mỗi lần sắp xếp phải gồm các trường có tên", given)
    _only(given, {*_WORDS, "day", "changes"}, "sắp xếp")
    return Reform(
        **{name: _text(given.get(name, ""), name) for name in _WORDS},
        day=_day(given.get("day")),
        changes=tuple(
            change_of(change, place)
            for place, change in enumerate(_list(given.get("changes", [])), start=1)
        ),
    )


def change_of(given: Any, place: int) -> Change:
    """One change of an object, the `place`th of its reform."""
    where = f"thay đổi thứ {place}"
    if not isinstance(given, Mapping):
        raise _wrong(f"{where}: phải gồm các trường có tên", given)
    _only(given, {"effect", "units", "parts", "level"}, where)
    if given.get("effect") not in list(Effect):
        raise _wrong(f"{where}: effect phải là một trong {', '.join(Effect)}", given.get("effect"))
    return Change(
        effect=Effect(given["effect"]),
        units=tuple(_text(unit, where) for unit in _list(given.get("units", []))),
        parts=tuple(_part(part, where) for part in _list(given.get("parts", []))),
        level=_text(given.get("level", ""), where),
    )


def share_of(written: object) -> Fraction | None:
    """A share as people write it: "60%", "60", "3/5", "1"; None, not known, for a blank or "?".

    `Refused` where it is none.
    """
    text = str(written if written is not None else "").strip()
    if text in ("", "?"):
        return None
    if percent := _PERCENT.fullmatch(text):
        return Fraction(percent[1].replace(",", ".")) / 100
    if _FRACTION.fullmatch(text) and not _BY_ZERO.search(text):
        share = Fraction(text)
        return share if share <= 1 else share / 100
    raise _wrong(f"tỷ lệ “{text}” phải viết như 60% hoặc 3/5, để trống nếu không rõ", text)


def _part(given: Any, where: str) -> ReformPart:
    if not isinstance(given, Mapping):
        given = {"code": given}
    _only(given, {*_PART, "share"}, where)
    words = {name: _text(given.get(name, ""), where) for name in _PART}
    return ReformPart(**words, share=share_of(given.get("share")))


def _only(given: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(map(str, set(given) - known)):
        fields_known = ", ".join(sorted(known))
        raise _wrong(
            f"{where}: không có trường {', '.join(unknown)}; các trường là {fields_known}", given
        )


def _list(given: Any) -> Sequence[Any]:
    if isinstance(given, Sequence) and not isinstance(given, str):
        return given
    raise _wrong("units, parts và changes phải là danh sách", given)


def _text(given: Any, where: str) -> str:
    if isinstance(given, (str, int)) and not isinstance(given, bool):
        return str(given).strip()
    raise _wrong(f"{where}: phải là chữ hoặc mã", given)


def _day(given: Any) -> date:
    if type(given) is date:
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError as error:
        raise _wrong("day: ngày có hiệu lực phải viết như 2019-06-01", given) from error


def _wrong(what: str, fragment: object) -> Refused:
    return refuse("reform-json", f"Không đọc được nội dung sắp xếp: {what}.", str(fragment)[:80])
