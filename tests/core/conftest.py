"""The organisation's own words, as its library declares them."""

from pathlib import Path

import pytest
import yaml

from toankhoa.core.measures import Vocabulary

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    library = ROOT / "src" / "toankhoa" / "seed" / "library.yaml"
    words = yaml.safe_load(library.read_text(encoding="utf-8"))["vocabulary"]
    return Vocabulary(
        boards={code: tuple(names) for code, names in words["boards"].items()},
        levels={code: tuple(names) for code, names in words["levels"].items()},
        all_levels=tuple(words["all_levels"]),
        counters=tuple(words["counters"]),
    )
