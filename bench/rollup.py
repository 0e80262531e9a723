"""The roll-up against a value-per-row table, side by side, on one SQLite database with the
product's own settings.

    python bench/rollup.py [--communes 171 1060] [--elements 80] [--months 60] [--seed 1]

Both designs hold the same facts and answer each question in the same run; the answers must be
equal.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from pathlib import Path

import django

PENDING = 400  # returns left to be accepted, half of them in each design
BUDGET = 3.0  # seconds for one question put to one design


def arguments() -> argparse.Namespace:
    """What to generate."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--communes", type=int, nargs="+", default=[171, 1060])
    parser.add_argument("--elements", type=int, default=80)
    parser.add_argument("--months", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    """Compare at each size, in a database of its own that is thrown away."""
    chosen = arguments()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOANKHOA_DATA"] = folder
        os.environ.pop("DATABASE_URL", None)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toankhoa.settings")
        django.setup()
        for communes in chosen.communes:
            compare(Path(folder), communes, chosen)


def compare(folder: Path, communes: int, chosen: argparse.Namespace) -> None:
    """One table."""
    # Models can be imported only now that the settings stand.
    from comparison import HEADINGS, Comparison
    from django.core.management import call_command
    from django.db import connection
    from facts import Facts

    call_command("migrate", verbosity=0)
    print(machine(), flush=True)
    pending = min(communes, PENDING)
    comparison = Comparison.of(
        Facts(communes, chosen.elements, chosen.months, chosen.seed, pending), BUDGET
    )
    print(f"{comparison.load()}\n{HEADINGS}", flush=True)
    for line in comparison.lines():
        print(line, flush=True)
    print()
    connection.close()
    for file in folder.glob("*.sqlite3*"):
        file.unlink()


def machine() -> str:
    """What it runs on, and how the database writes."""
    from django.db import connection

    with connection.cursor() as cursor:
        settings = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous")
        ]
        version = cursor.execute("SELECT sqlite_version()").fetchone()[0]
    return (
        f"{os.cpu_count()} × {platform.machine()}, {platform.system()}, Python {platform.python_version()}, "
        f"SQLite {version}, journal_mode={settings[0]}, synchronous={settings[1]}"
    )


if __name__ == "__main__":
    main()
