"""What the compiler reads right, document by document: the real plans, and made-up ones in fifty
layouts.

    python bench/compile.py [--wrong] [--only 7 12]

--wrong lists each wrong reading, --only takes some of the made-up layouts and leaves the real plans
out.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from files import written
from layouts import COUNT, drawn
from scoring import KINDS, Score, scored, shares
from signed import documents

from toankhoa.core.compiling import compile_document
from toankhoa.core.measures import Vocabulary
from toankhoa.core.plan import Plan
from toankhoa.documents import read


@dataclass(frozen=True, slots=True)
class Outcome:
    """One document: its score where its truth is known, and seconds to read and compile it."""

    name: str
    what: str
    score: Score
    seconds: float


def measured(name: str, what: str, data: bytes, truth: Plan, vocabulary: Vocabulary) -> Outcome:
    """Reads and compiles a file and holds it against its truth."""
    begun = time.perf_counter()
    plan, problems = compile_document(read(name, data), vocabulary)
    seconds = time.perf_counter() - begun
    return Outcome(name, what, scored(truth, plan, problems), seconds)


def generated(numbers: Sequence[int]) -> Iterator[Outcome]:
    """The made-up documents of those numbers."""
    for number in numbers:
        chosen, plan, document = drawn(number)
        data = written(document, chosen.kind)
        yield measured(
            f"{number:02}.{chosen.kind}", chosen.name, data, plan, chosen.shape.about.vocabulary
        )


def main() -> None:
    """The table, a line for each document as it is measured, then totals."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--only", type=int, nargs="+")
    chosen = parser.parse_args()
    print(_line("document", [*KINDS, "silent", "seconds", "layout"]))
    print(_line("---", ["---:"] * (len(KINDS) + 2) + ["---"]))
    if not chosen.only:
        _print((measured(*real) for real in documents()), "real plans", wrong=chosen.wrong)
    _print(generated(chosen.only or range(COUNT)), "made-up plans", wrong=chosen.wrong)


def _print(outcomes: Iterator[Outcome], together: str, *, wrong: bool) -> None:
    total, seconds, count = Score(), 0.0, 0
    for outcome in outcomes:
        print(
            _line(outcome.name, _figures(outcome.score, outcome.seconds, outcome.what)), flush=True
        )
        for miss in outcome.score.wrong if wrong else ():
            print("   ", "SILENT" if miss in outcome.score.silent else "said", miss)
        total.add(outcome.score)
        seconds, count = seconds + outcome.seconds, count + 1
    if count:
        sizes = ", ".join(f"{total.all[kind]} {kind}" for kind in KINDS)
        print(_line(f"**{count} {together}**", _figures(total, seconds, sizes)), flush=True)


def _figures(score: Score, seconds: float, what: str) -> list[str]:
    return [*shares(score), str(len(score.silent)), f"{seconds:.2f}", what]


def _line(name: str, figures: Sequence[str]) -> str:
    return f"| {name} | {' | '.join(figures)} |"


if __name__ == "__main__":
    main()
