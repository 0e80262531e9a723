"""The plan's targets as cards, a board's rows as lines: what they say and where they lead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from toankhoa.core.results import Level, PlanTarget, Prospect, RowReading, TermReading
from toankhoa.documents.words import forecast, plan_view
from toankhoa.web.explanations.addresses import explained_at


@dataclass(frozen=True)
class FigureLine:
    """One figure beside its target, in a line that leads to its explanation."""

    of_row: RowReading
    unit: str

    @property
    def address(self) -> str:
        """Where the figure is explained."""
        reading = self.of_row.reading
        year = None if isinstance(reading, TermReading) else reading.year
        return explained_at(self.unit, self.of_row.row.code, reading.indicator.code, year)

    @property
    def target(self) -> str:
        """`/ ≥ 88,3%`; that none was handed down to the unit; blank where none is asked."""
        result = self.of_row.reading.result
        if result.required:
            return f"/ {plan_view.required(result.required)}"
        return "· chưa giao chỉ tiêu" if result.level is Level.NO_TARGET else ""

    @property
    def why(self) -> str:
        """What its prospect rests on; blank of a year that is over."""
        reading = self.of_row.reading
        if reading.result.progress is None and not isinstance(reading, TermReading):
            return ""
        return forecast.why(reading)


@dataclass(frozen=True)
class TargetCard:
    """One target of the plan with what measures it."""

    target: PlanTarget
    lines: tuple[FigureLine, ...]
    address: str
    empty_words: str
    of_term: bool

    @property
    def prospect(self) -> Prospect | None:
        """How the term will end, where that is not certain; None where the level says all."""
        tally = self.target.tally
        if not self.of_term or not tally.with_target or tally.prospect is Prospect.REACHED:
            return None
        return tally.prospect

    @property
    def has_several(self) -> bool:
        """Whether counts of levels say more than the one badge."""
        return self.target.tally.with_target > 1


def figure_lines(readings: Iterable[RowReading], unit: str) -> tuple[FigureLine, ...]:
    """Figures of one unit as lines."""
    return tuple(FigureLine(of_row, unit) for of_row in readings)


def target_cards(
    targets: Iterable[PlanTarget], unit: str, *, year: int, of_term: bool
) -> list[TargetCard]:
    """Targets as cards, in their order."""
    table = reverse("living-plan") + ("?xem=toan-khoa" if of_term else "")
    return [
        TargetCard(
            target=target,
            lines=figure_lines(target.concerned, unit),
            address=f"{table}#{target.objective.code}",
            empty_words=_empty_words(target, year=year, of_term=of_term),
            of_term=of_term,
        )
        for target in targets
    ]


def _empty_words(target: PlanTarget, *, year: int, of_term: bool) -> str:
    """Why a card has no figures."""
    if target.tally.level is Level.NOT_APPLICABLE:
        return "Số liệu của mục này do đơn vị khác báo cáo."
    span = "Nhiệm kỳ này" if of_term else f"Năm {year}"
    return f"{span} không đặt chỉ tiêu bằng số ở mục này."
