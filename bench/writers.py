"""Many officers accept returns under one root at once, on PostgreSQL, each in a process of its own.

    python tools/postgres.py --durable python bench/writers.py [--communes 1060] [--writers 1 32]
    [--each 20] [--seed 1]

Every acceptance writes the province's own rows, so all of them meet there. Afterwards totals must
equal a rebuild.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
from dataclasses import astuple, replace
from multiprocessing.synchronize import Barrier
from time import perf_counter
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from facts import Facts

ELEMENTS, MONTHS = 80, 12
PATIENCE = 120  # seconds for a crew to be ready


def arguments() -> argparse.Namespace:
    """What to generate, and how many write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--communes", type=int, default=1060)
    parser.add_argument("--writers", type=int, nargs="+", default=[1, 32])
    parser.add_argument(
        "--each",
        type=int,
        default=20,
        help="returns per writer; a lone writer takes ten times as many",
    )
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    """Load once, then let each crew accept its share."""
    chosen = arguments()
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        raise SystemExit("Cần PostgreSQL: chạy qua tools/postgres.py.")
    shares = {
        writers: writers * chosen.each if writers > 1 else 10 * chosen.each
        for writers in chosen.writers
    }
    if sum(shares.values()) > chosen.communes:
        raise SystemExit(f"Cần ít nhất {sum(shares.values())} xã (--communes).")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOANKHOA_DATA"] = folder
        prepare()
        facts = load(chosen, pending=sum(shares.values()))
        print(
            f"{chosen.communes:,} communes × {ELEMENTS} elements × {MONTHS} months, {machine()}",
            flush=True,
        )
        alone = None
        for writers, share in shares.items():
            seconds = crew(facts, waiting()[:share], writers)
            rate = share / seconds
            alone = alone or rate
            print(
                f"{writers:>4} writers: {rate:8,.0f} returns a second  {rate / alone:5.2f} ×  ({share} returns)",
                flush=True,
            )
        agree(facts)


def prepare() -> None:
    """Django, in this process or one of the crew."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toankhoa.settings")
    django.setup()


def load(chosen: argparse.Namespace, pending: int) -> Facts:
    """Enter the facts; `pending` returns wait for the province."""
    from django.core.management import call_command
    from facts import Facts
    from packed import Packed

    call_command("migrate", verbosity=0)
    facts = Facts(chosen.communes, ELEMENTS, MONTHS, chosen.seed, pending)
    Packed(facts).load()
    return facts


def waiting() -> list[int]:
    """Ids of the returns that the province has not accepted."""
    from toankhoa.reporting.models import Return

    return list(Return.objects.filter(accepted_depth=1).order_by("id").values_list("id", flat=True))


def crew(facts: Facts, returns: list[int], writers: int) -> float:
    """Seconds from the moment all are ready until the last has accepted its share. RuntimeError
    where one failed.
    """
    spawned = multiprocessing.get_context("spawn")
    ready = spawned.Barrier(writers + 1, timeout=PATIENCE)
    people = [
        spawned.Process(
            target=accept, args=(astuple(facts), number, returns[number::writers], ready)
        )
        for number in range(writers)
    ]
    for person in people:
        person.start()
    ready.wait()
    start = perf_counter()
    for person in people:
        person.join()
    seconds = perf_counter() - start
    if any(person.exitcode for person in people):
        raise RuntimeError(f"{writers} writers: one was answered with an error")
    return seconds


def accept(facts: tuple[int, ...], number: int, returns: list[int], ready: Barrier) -> None:
    """The work of the officer of that number. Facts come as plain numbers: their module wants
    Django to be there.
    """
    prepare()
    from facts import Facts
    from packed import Packed

    from toankhoa.org.models import User
    from toankhoa.reporting.models import Return
    from toankhoa.reporting.returns import workflow

    packed = Packed(Facts(*facts))
    user = User.objects.get_or_create(username=f"officer-{number}")[0]
    officer, ledger = replace(packed.actor, user=user), packed.ledger
    mine = list(Return.objects.filter(id__in=returns))
    ready.wait()
    for ret in mine:
        workflow.accept_return(ret=ret, by=officer, at=packed.facts.now, ledger=ledger)


def agree(facts: Facts) -> None:
    """RuntimeError where a total is not what the returns say, or a return of the crew's still
    waits.
    """
    from packed import Packed

    from toankhoa.reporting.totals import posting

    wrong = posting.differences(ledger=Packed(facts).ledger)
    if wrong or waiting():
        raise RuntimeError(
            f"{len(wrong)} totals differ from a rebuild, {len(waiting())} returns still wait"
        )
    print("No deadlock, nothing lost: totals equal a rebuild.", flush=True)


def machine() -> str:
    """What it runs on, and how the database writes."""
    from django.db import connection

    with connection.cursor() as cursor:
        settings = {}
        for name in ("server_version", "synchronous_commit", "fsync"):
            cursor.execute(f"SHOW {name}")
            settings[name] = cursor.fetchone()[0]
    return f"{os.cpu_count()} cores, PostgreSQL " + ", ".join(
        f"{name} {value}" for name, value in settings.items()
    )


if __name__ == "__main__":
    main()
