"""The words of one organisation: its boards, its levels, what its targets count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words of one organisation: boards and levels by code, each with the words that mean it.

    Levels stand in their order from the top down. `counters`: nouns of several syllables that its
    targets count; the grammar knows the common ones already.
    """

    boards: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    board_names: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    level_names: Mapping[str, str] = field(default_factory=dict)
    all_levels: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()

    @property
    def counted_levels(self) -> tuple[str, ...]:
        """The levels whose units an amount may be meant for each of, from the top down.

        All but the first: of that one there is one unit, whose own amount is the whole.
        """
        return tuple(self.levels)[1:] or tuple(self.levels)

    def level_name(self, code: str) -> str:
        """A level as it is called within a sentence: "cơ sở", "chi nhánh".

        Without a name it is called by the first word that means it, else by its code.
        """
        first_word = next(iter(self.levels.get(code, ())), code)
        return self.level_names.get(code, first_word).lower()
