"""The way back: what turns a record into what it was before a change, short however long the record is.

Records are JSON: objects, lists, texts, numbers, true, false, null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

Patch = dict[str, Any]  # empty: nothing changed

_WHOLE, _GONE, _KEYS, _ITEMS, _MIDDLE = "whole", "gone", "keys", "items", "middle"


def reverse_patch(now: Any, was: Any) -> Patch:
    """What `taken` needs to make `was` of `now`."""
    if isinstance(now, Mapping) and isinstance(was, Mapping):
        return _of_mapping(now, was)
    if isinstance(now, list) and isinstance(was, list):
        return _of_items(now, was) if len(now) == len(was) else _of_lengths(now, was)
    return {} if type(now) is type(was) and now == was else {_WHOLE: was}


def patched(now: Any, back: Patch) -> Any:
    """What `now` was. The way back must begin there; nothing given is altered."""
    if _WHOLE in back:
        return back[_WHOLE]
    if _MIDDLE in back:
        head, tail, between = back[_MIDDLE]
        return [*now[:head], *between, *now[len(now) - tail :]]
    if _ITEMS in back:
        changed = dict(back[_ITEMS])
        return [
            patched(each, changed[place]) if place in changed else each
            for place, each in enumerate(now)
        ]
    kept = (
        {key: value for key, value in now.items() if key not in back.get(_GONE, ())}
        if back
        else now
    )
    return (
        {**kept, **{key: patched(kept.get(key), step) for key, step in back.get(_KEYS, {}).items()}}
        if back
        else now
    )


def _of_mapping(now: Mapping[str, Any], was: Mapping[str, Any]) -> Patch:
    steps = {
        key: reverse_patch(now[key], value) if key in now else {_WHOLE: value}
        for key, value in was.items()
    }
    told = {
        _KEYS: {key: step for key, step in steps.items() if step},
        _GONE: [key for key in now if key not in was],
    }
    return {name: part for name, part in told.items() if part}


def _of_items(now: Sequence[Any], was: Sequence[Any]) -> Patch:
    steps = [[place, reverse_patch(*pair)] for place, pair in enumerate(zip(now, was, strict=True))]
    changed = [step for step in steps if step[1]]
    return {_ITEMS: changed} if changed else {}


def _of_lengths(now: Sequence[Any], was: Sequence[Any]) -> Patch:
    """Some came or went: what stands between the beginning and the end that both share."""
    head = _alike(now, was)
    tail = _alike(now[head:][::-1], was[head:][::-1])
    return {_MIDDLE: [head, tail, list(was[head : len(was) - tail])]}


def _alike(one: Sequence[Any], other: Sequence[Any]) -> int:
    """How many items at the beginning are the same."""
    return sum(
        1 for _ in takewhile(lambda pair: not reverse_patch(*pair), zip(one, other, strict=False))
    )
