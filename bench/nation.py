"""The roll-up through a reform, against two other designs on the same PostgreSQL.

    python tools/postgres.py --durable python bench/nation.py [--communes 1060] [--elements 80]
    [--seed 1]

Communes merge three by three and districts go in the middle of the third of five years. All designs
hold the same
figures and answer each question in the same run; the answers must be equal. See `warehouse` for the
others.
"""

from __future__ import annotations

import argparse
import os
import tempfile

import django

BUDGET = 3.0  # seconds for one question put to one design


def arguments() -> argparse.Namespace:
    """What to generate."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--communes", type=int, nargs="+", default=[1060])
    parser.add_argument("--elements", type=int, default=80)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    """Compare at each size; the database is emptied in between."""
    chosen = arguments()
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        raise SystemExit("Cần PostgreSQL: chạy qua tools/postgres.py.")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOANKHOA_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toankhoa.settings")
        django.setup()
        # Models can be imported only now that the settings stand.
        from django.core.management import call_command
        from django.db import connection
        from reformed import Reformed
        from through_reform import ThroughReform
        from writers import machine

        for communes in chosen.communes:
            with connection.cursor() as cursor:
                cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            call_command("migrate", verbosity=0)
            facts = Reformed(communes, chosen.elements, 60, chosen.seed, 0)
            print(machine(), flush=True)
            for line in ThroughReform(facts, BUDGET).lines():
                print(line, flush=True)
            print()


if __name__ == "__main__":
    main()
