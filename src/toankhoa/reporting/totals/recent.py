"""What was worked out last, remembered for all threads of a server."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """So many values, the oldest forgotten first.

    Its dictionary is only ever touched under its lock.

    Values are worked out outside of it, so that nobody waits for another's page: two threads that
    need the same value at the same time both work it out, and the later one is remembered.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._values: dict[Key, Value] = {}

    def get(self, key: Key) -> Value | None:
        """A value that is remembered; None where there is none."""
        with self._lock:
            return self._values.get(key)

    def remember(self, key: Key, value: Value) -> None:
        """One more, in the place of the oldest where there are too many."""
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._size:
                del self._values[next(iter(self._values))]

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._values.clear()

    def __len__(self) -> int:
        with self._lock:
            return len(self._values)
