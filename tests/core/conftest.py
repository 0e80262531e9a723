"""The organisation's own words, as its library declares them."""

from pathlib import Path

import pytest
from case_files import loaded

from toankhoa.core.measures import Vocabulary

ROOT = Path(__file__).resolve().parents[2]


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
