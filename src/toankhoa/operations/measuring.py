"""The library of this installation, and the ledger that adds up by it."""

from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from toankhoa.core.measures import Library
from toankhoa.library import load_library
from toankhoa.org.organisation import Organisation, organisation
from toankhoa.reporting.totals import Ledger


@cache
def library() -> Library:
    """What this installation measures: `library.yaml` in its data folder, else the one that comes with the product."""
    own = Path(settings.DATA) / "library.yaml"
    return load_library(own if own.exists() else None)


def ledger(units: Organisation | None = None, as_of: datetime | None = None) -> Ledger:
    """Units and library together; `units` where the caller has read them already. `as_of`: see `Ledger`."""
    return Ledger(units or organisation(), library(), as_of)
