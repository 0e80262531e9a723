"""Many people at once."""

import threading
from collections.abc import Callable

from django.db import connection, connections


def at_once(works: list[Callable[[], None]]) -> None:
    """Each in a thread of its own, all from the same moment on.

    SQLite keeps its test database in memory, where connections cannot wait for each other: one
    after the other.
    """
    if not connection.features.has_select_for_update:
        for do in works:
            do()
        return
    ready = threading.Barrier(len(works))

    def beside(do: Callable[[], None]) -> None:
        try:
            ready.wait()
            do()
        finally:
            connections.close_all()

    people = [threading.Thread(target=beside, args=(do,)) for do in works]
    for person in people:
        person.start()
    for person in people:
        person.join()
