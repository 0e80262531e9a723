"""The glossary is complete and true: every public word of the core and of the database, and where
it lives.
"""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest
from django.apps import apps

import toankhoa.core

GLOSSARY = Path(__file__).resolve().parents[1] / "docs" / "terms.md"
ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| `([\w.]+)` \| ([^|]+) \|$", re.MULTILINE)
ROWS = {row[0]: row for row in ROW.findall(GLOSSARY.read_text(encoding="utf-8"))}


def public_classes() -> set[str]:
    """What the packages of the core show."""
    names = set()
    for package in pkgutil.iter_modules(toankhoa.core.__path__, "toankhoa.core."):
        face = importlib.import_module(package.name)
        names |= {name for name in face.__all__ if inspect.isclass(getattr(face, name))}
    return names


def tables() -> set[str]:
    """Every table of ours."""
    models = apps.get_models()
    return {model.__name__ for model in models if model.__module__.startswith("toankhoa")}


def test_every_public_word_is_in_the_glossary():
    """Those of the core's packages, those of the database, and none twice."""
    assert sorted((public_classes() | tables()) - ROWS.keys()) == []
    assert len(ROW.findall(GLOSSARY.read_text(encoding="utf-8"))) == len(ROWS)


@pytest.mark.parametrize("word", sorted(ROWS))
def test_a_word_lives_where_it_says(word):
    """And is said in Vietnamese, or has a reason not to be."""
    home = importlib.import_module(f"toankhoa.{ROWS[word][3]}")
    assert inspect.isclass(getattr(home, word))
    assert all(cell.strip() for cell in ROWS[word])
