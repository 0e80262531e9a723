"""The library of this installation, and the ledger that adds up by it."""

from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings

from toankhoa.core.measures import Library
from toankhoa.library import load_library
from toankhoa.library.additions import extended
from toankhoa.org.organisation import Organisation, mark, organisation
from toankhoa.plan.addition_book import Book, book
from toankhoa.reporting.totals.posting import Ledger


@cache
def declared() -> Library:
    """What is declared: `library.yaml` in the installation's data folder, else the shipped one."""
    own = Path(settings.DATA) / "library.yaml"
    return load_library(own if own.exists() else None)


def library(as_of: datetime | None = None) -> Library:
    """What this installation measures, or measured at a moment: what is declared and was added.

    Read once per change; what is declared is that of now. The same library is the same object.
    """
    known = _book(mark())
    return _library(mark(), len(known.as_of(as_of).states))


@lru_cache(maxsize=4)
def _book(_mark: str) -> Book:
    return book()


@lru_cache(maxsize=16)
def _library(known: str, states: int) -> Library:
    """By the first states of the book."""
    return extended(declared(), list(Book(_book(known).states[:states]).current.values()))


def ledger(units: Organisation | None = None, as_of: datetime | None = None) -> Ledger:
    """Units and library together; `units` where the caller has read them already.

    `as_of`: see `Ledger`.
    """
    return Ledger(units or organisation(as_of), library(as_of), as_of)
