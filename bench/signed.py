"""The real plans beside the repository (../shared/plans), each with the truth that is known of it.

The truth of the signed plan is read by eye: columns by their position, the few kinds of year cells
it has by a pattern,
levels by tests/cases/levels.yaml, targets in words by tests/cases/signed_targets.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import docx
import yaml
from outside import OUTSIDE, bare

from toankhoa.core.basics import tidy_lines
from toankhoa.core.compiling import Language, parse_target
from toankhoa.core.measures import Vocabulary
from toankhoa.core.plan import (
    Activity,
    Applies,
    Basis,
    Commitment,
    CommitmentKind,
    Comparator,
    Objective,
    Plan,
    Target,
)
from toankhoa.library import load_library

ROOT = Path(__file__).resolve().parents[1]
PLANS = ROOT.parent / "shared" / "plans"
SIGNED = "kh-70-toan-khoa-2016-2021"
CASES = ROOT / "tests" / "cases"
YEARS = (2017, 2018, 2019, 2020, 2021)
_LEVELS = {"T": "province", "H": "district", "C": "base"}
_COMPARATORS = {"≥": Comparator.AT_LEAST, ">": Comparator.ABOVE, None: Comparator.EXACTLY}
_FIGURE = re.compile(r"(≥|>)? ?\b([1-9]\d*(?:,\d+)?) ?(%|hộ|cơ sở)?")
_PLACES = re.compile(r"\(([^()/]+)\)")
_NAMED = re.compile(r"(Chỉ tiêu (\d+)) ?: ?")


def signed(vocabulary: Vocabulary) -> Plan:
    """The rows of the signed plan; of what stands around its table nothing."""
    table = max(
        docx.Document(str(PLANS / f"{SIGNED}.docx")).tables, key=lambda table: len(table.rows)
    )
    rows = [[tidy_lines(cell.text) for cell in row.cells] for row in table.rows][2:]
    truth = _Truth(vocabulary)
    for row in rows:
        if not row[1].startswith("Mục tiêu"):
            truth.add(row)
    return bare(YEARS, tuple(truth.objectives.values()), tuple(truth.activities))


class _Truth:
    """The rows so far."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.boards = {
            word.casefold(): code for code, words in vocabulary.boards.items() for word in words
        }
        self.language = Language.of(vocabulary)
        self.levels = _cases("levels")
        self.targets = _cases("signed_targets")
        self.objectives: dict[str, Objective] = {}
        self.activities: list[Activity] = []
        self.section = self.heading = ""

    def add(self, row: list[str]) -> None:
        """A row of nine cells; a heading's title covers the years, or its number is Roman."""
        number, title, *years, levels, boards = row
        if title == years[0] or number in ("I", "II"):
            self._heading(number, title, boards)
        else:
            self._activity(number, title, years, levels, boards)

    def _heading(self, number: str, title: str, boards: str) -> None:
        code, parent = f"{self.section}.{number}", self.section
        if named := _NAMED.match(title):
            number, title = named.group(1), title[named.end() :]
            code = f"{self.section}.CT{int(named.group(2)):02}"
        elif number in ("I", "II"):
            code, parent, self.section = number, "", number
        elif "." in number:
            parent = code.rpartition(".")[0]
        self.heading = code
        self.objectives[code] = Objective(
            code=code,
            number=number,
            title=title,
            parent=parent or None,
            boards=self._codes(boards),
            targets=self._targets(code),
        )

    def _activity(
        self, number: str, title: str, years: list[str], levels: str, boards: str
    ) -> None:
        count = 1 + sum(row.objective == self.heading for row in self.activities)
        code = f"{self.heading}.{count}"
        self.activities.append(
            Activity(
                code=code,
                number=number,
                title=title,
                objective=self.heading,
                levels=self._level_codes(levels),
                levels_text=levels,
                boards=self._codes(boards) or self._inherited(self.heading),
                boards_text=boards,
                targets=self._targets(code),
                commitments={
                    year: _cell(text, year) for year, text in zip(YEARS, years, strict=True)
                },
            )
        )

    def _inherited(self, code: str | None) -> tuple[str, ...]:
        while code and not self.objectives[code].boards:
            code = self.objectives[code].parent
        return self.objectives[code].boards if code else ()

    def _codes(self, text: str) -> tuple[str, ...]:
        return tuple(
            self.boards[name.strip().casefold()] for name in re.split("[,&-]", text) if name.strip()
        )

    def _level_codes(self, text: str) -> tuple[str, ...]:
        means = next(case["means"] for case in self.levels if case["text"] == text)
        return tuple(_LEVELS[letter] for letter in means)

    def _targets(self, code: str) -> tuple[Target, ...]:
        read = (parse_target(text, self.language)[0] for text in self.targets.get(code, ()))
        return tuple(target for target in read if target)


def _cases(name: str) -> Mapping[str, list[str]] | list[dict[str, str]]:
    return yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))


def _cell(text: str, year: int) -> Commitment:
    """A mark, figures with their unit and places, or words."""
    if not text or text in "xX":
        return Commitment(text=text, kind=CommitmentKind.SCHEDULED if text else CommitmentKind.NONE)
    targets = tuple(_figure(*said.groups(), year) for said in _FIGURE.finditer(text))
    kind = CommitmentKind.TARGET if targets else CommitmentKind.MILESTONE
    places = _PLACES.search(text)
    return Commitment(
        text=text,
        kind=kind,
        targets=targets,
        places=tuple(places.group(1).split(", ")) if places else (),
    )


def _figure(sign: str | None, amount: str, unit: str | None, year: int) -> Target:
    return Target(
        comparator=_COMPARATORS[sign],
        amount=Decimal(amount.replace(",", ".")),
        unit=unit or "",
        basis=Basis.RATE if unit == "%" else Basis.WHOLE,
        applies=Applies.IN_YEAR,
        years=(year,),
    )


def documents() -> Iterator[tuple[str, str, bytes, Plan, Vocabulary]]:
    """Name, kind, bytes, truth and vocabulary of each real document; none where the folder is not
    there.
    """
    vocabulary = load_library(None).vocabulary
    truth = signed(vocabulary) if (PLANS / f"{SIGNED}.docx").exists() else None
    for path in sorted(PLANS.glob("*.*")):
        data = path.read_bytes()
        if path.stem == SIGNED and truth:
            yield path.name, "the signed plan", data, truth, vocabulary
        elif path.name in OUTSIDE:
            what, known = OUTSIDE[path.name]
            yield path.name, what, data, known(data.decode()), vocabulary
        else:
            raise LookupError(f"nobody has said what is true of {path.name}")
