"""The organisation's own words, as its library declares them, and its signed plan, where this
machine has it.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from case_files import loaded

from toankhoa.core.compiling import Document
from toankhoa.core.measures import Vocabulary
from toankhoa.documents import read

ROOT = Path(__file__).resolve().parents[2]
SIGNED = ROOT.parent / "shared" / "plans" / "kh-70-toan-khoa-2016-2021"


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    library = ROOT / "src" / "toankhoa" / "seed" / "library.yaml"
    words = loaded(library)["vocabulary"]
    return Vocabulary(
        boards={code: tuple(names) for code, names in words["boards"].items()},
        levels={code: tuple(names) for code, names in words["levels"].items()},
        all_levels=tuple(words["all_levels"]),
        counters=tuple(words["counters"]),
    )


@cache
def _read(path: Path) -> Document:
    return read(path.name, path.read_bytes())


@pytest.fixture(scope="session")
def signed_document() -> Callable[[str], Document]:
    """The signed plan as one of its two files holds it, "docx" or "txt": read once, as reading is
    tested elsewhere.
    """

    def document(kind: str) -> Document:
        path = SIGNED.with_suffix(f".{kind}")
        if not path.exists():
            pytest.skip("../shared is not here: the signed plan cannot be compiled")
        return _read(path)

    return document
