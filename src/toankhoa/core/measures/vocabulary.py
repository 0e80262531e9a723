"""The words of one organisation: its boards, its levels, what its targets count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words of one organisation: boards by short code and levels by name.

    Each with the words that mean it. `counters`: nouns of several syllables that its targets count;
    the grammar knows the common ones already.
    """

    boards: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    board_names: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    level_names: Mapping[str, str] = field(default_factory=dict)
    all_levels: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()
