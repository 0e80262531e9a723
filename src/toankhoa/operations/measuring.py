"""The library of this installation, and the ledger that adds up by it."""

from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings

from toankhoa.core.measures import Library
from toankhoa.library import load_library
from toankhoa.library.additions import extended
from toankhoa.org.organisation import Organisation, mark, organisation
from toankhoa.plan.additions import book
from toankhoa.reporting.totals import Ledger


@cache
def declared() -> Library:
    """What is declared: `library.yaml` in the installation's data folder, else the one that comes with the product."""
    own = Path(settings.DATA) / "library.yaml"
    return load_library(own if own.exists() else None)


def library() -> Library:
    """What this installation measures: what is declared, and what was added on screen; read once per change."""
    return _library(mark())


@lru_cache(maxsize=4)
def _library(_mark: str) -> Library:
    return extended(declared(), list(book().current.values()))


def ledger(units: Organisation | None = None, as_of: datetime | None = None) -> Ledger:
    """Units and library together; `units` where the caller has read them already. `as_of`: see `Ledger`."""
    return Ledger(units or organisation(), library(), as_of)
