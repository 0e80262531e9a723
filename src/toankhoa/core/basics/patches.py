"""The reverse patch: what turns a record into what it was before a change.

It is short however long the record is: stored with each change, patches lead back to any state.
Records are JSON: objects, lists, texts, numbers, true, false, null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Patch = dict[str, Any]  # empty: nothing changed

# Keys of a patch. They are stored: their spelling is for ever.
_WHOLE = "whole"  # the record of before, all of it
_KEYS, _GONE = "keys", "gone"  # of an object: a patch for each key; keys that were not there
_ITEMS = "items"  # of a list that is as long as it was: pairs of place and patch
_MIDDLE = "middle"  # of another list: how many stay at both ends, what stood between them


def reverse_patch(now: Any, was: Any) -> Patch:
    """What `patched` needs to make `was` of `now`."""
    if isinstance(now, Mapping) and isinstance(was, Mapping):
        return _of_mapping(now, was)
    if isinstance(now, list) and isinstance(was, list):
        return _of_items(now, was) if len(now) == len(was) else _of_lengths(now, was)
    # By type as well: to JSON, 1 and true are not the same.
    return {} if type(now) is type(was) and now == was else {_WHOLE: was}


def patched(now: Any, patch: Patch) -> Any:
    """What `now` was. The patch must have been made for it; nothing given is altered."""
    if not patch:
        return now
    if _WHOLE in patch:
        return patch[_WHOLE]
    if _MIDDLE in patch:
        head, tail, between = patch[_MIDDLE]
        return [*now[:head], *between, *now[len(now) - tail :]]
    if _ITEMS in patch:
        items = list(now)
        for place, step in patch[_ITEMS]:
            items[place] = patched(items[place], step)
        return items
    gone = patch.get(_GONE, ())
    record = {key: value for key, value in now.items() if key not in gone}
    for key, step in patch.get(_KEYS, {}).items():
        record[key] = patched(record.get(key), step)
    return record


def _of_mapping(now: Mapping[str, Any], was: Mapping[str, Any]) -> Patch:
    steps: dict[str, Patch] = {}
    for key, value in was.items():
        step = reverse_patch(now[key], value) if key in now else {_WHOLE: value}
        if step:
            steps[key] = step
    patch: Patch = {}
    if steps:
        patch[_KEYS] = steps
    if gone := [key for key in now if key not in was]:
        patch[_GONE] = gone
    return patch


def _of_items(now: Sequence[Any], was: Sequence[Any]) -> Patch:
    steps = []
    for place, pair in enumerate(zip(now, was, strict=True)):
        if step := reverse_patch(*pair):
            steps.append([place, step])
    return {_ITEMS: steps} if steps else {}


def _of_lengths(now: Sequence[Any], was: Sequence[Any]) -> Patch:
    """Some came or went: what stands between the beginning and the end that both share."""
    head = _alike_at_the_beginning(now, was)
    tail = _alike_at_the_beginning(now[head:][::-1], was[head:][::-1])
    return {_MIDDLE: [head, tail, list(was[head : len(was) - tail])]}


def _alike_at_the_beginning(now: Sequence[Any], was: Sequence[Any]) -> int:
    """How many items are the same before the first that is not."""
    count = 0
    for pair in zip(now, was, strict=False):
        if reverse_patch(*pair):
            break
        count += 1
    return count
