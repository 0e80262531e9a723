"""The product's own design: packed rows. Everything here calls the product; nothing is done on its
behalf.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db import transaction
from facts import ROOT, Facts

from toankhoa.core.basics import year_key
from toankhoa.core.returns import Role
from toankhoa.core.totals import Cell
from toankhoa.org.models import User
from toankhoa.org.organisation import add_member, load_units, organisation
from toankhoa.org.scope import Actor
from toankhoa.reporting.models import Return, Total
from toankhoa.reporting.reading.unit_reader import UnitReader, readers_below
from toankhoa.reporting.returns import workflow
from toankhoa.reporting.totals import posting, store
from toankhoa.reporting.totals.posting import Ledger

Answer = list[tuple[int, int, int, int]]  # unit id, slot, year, figure


@dataclass(frozen=True)
class Packed:
    """Totals as the product keeps them, read as its screens read them."""

    facts: Facts

    @cached_property
    def ledger(self) -> Ledger:
        """Units and elements of the facts."""
        return Ledger(organisation(), self.facts.library)

    @cached_property
    def actor(self) -> Actor:
        """The province's plan officer."""
        user = User.objects.get(username="bench")
        return Actor(user, ROOT, Role.PLAN, "", organisation(), self.facts.today)

    def load(self) -> int:
        """Enter units, an officer and every return through the product's verbs; how many returns."""
        now = self.facts.now
        load_units(unit_versions=self.facts.unit_versions, by=None, at=now)
        add_member(
            username="bench",
            full_name="",
            password="bench",
            unit=ROOT,
            role=Role.PLAN,
            by=None,
            at=now,
        )
        returns = list(self.facts.returns())
        workflow.import_returns(returns=returns, by=None, at=now, ledger=self.ledger)
        return len(returns)

    def dashboard(self, unit: str) -> Answer:
        """All elements × all years of one unit."""
        return self._years(self._reader(unit, self.facts.years))

    def months(self, unit: str) -> Answer:
        """Every month's figures of one unit, with the month in place of the year."""
        return self._figures(
            self._reader(unit, self.facts.years), [period.key for period in self.facts.periods]
        )

    def children(self, unit: str, year: int) -> Answer:
        """All elements of every unit directly below, in one year."""
        return [
            row
            for reader in readers_below(self._reader(unit, [year]))
            for row in self._years(reader)
        ]

    def matrix(self) -> np.ndarray:
        """Every unit × year × element, units in the order of their ids; -1 where there is no
        figure.
        """
        place = {unit: row for row, unit in enumerate(sorted(self.ledger.organisation.codes))}
        found = np.full((len(place), len(self.facts.years), self.facts.elements), -1, np.int64)
        for column, year in enumerate(self.facts.years):
            for (unit, _), cell in self._cells(year).items():
                found[place[unit], column] = np.where(cell.counts > 0, cell.values, -1)
        return found

    sums = matrix  # what `rebuild` has filled

    def forget(self) -> None:
        """Empty what `rebuild` fills."""
        Total.objects.all().delete()

    def rebuild(self) -> int:
        """Derive every total again from the returns; how many rows."""
        return posting.rebuild(ledger=self.ledger)

    def accept(self, ret: Return) -> None:
        """The province accepts a return: one durable transaction."""
        workflow.accept_return(ret=ret, by=self.actor, at=self.facts.now, ledger=self.ledger)

    def catch_up(self, ret: Return) -> None:
        """Count a return that the province accepted while the other design stood in for the totals."""
        stages = {
            int(stage): revision
            for stage, revision in Return.objects.get(pk=ret.pk).counted.items()
        }
        below = {stage: revision for stage, revision in stages.items() if stage}
        with transaction.atomic():
            unit = self.ledger.organisation.codes[ret.unit_id]
            posting.move(ret=ret, unit=unit, before=below, after=stages, ledger=self.ledger)

    def _cells(self, year: int) -> Mapping[tuple[int, int], Cell]:
        key = year_key(year)
        units = self.ledger.organisation.ids.values()
        width = self.ledger.library.width
        return store.read(
            units=units, first=key, last=key, stage=0, scopes=store.OF_ALL_BELOW, width=width
        )

    def _reader(self, unit: str, years: Iterable[int]) -> UnitReader:
        return UnitReader(unit=unit, years=years, today=self.facts.today, ledger=self.ledger)

    def _years(self, reader: UnitReader) -> Answer:
        keys = [year_key(year) for year in reader.years]
        return [
            (unit, slot, key // 100, figure)
            for unit, slot, key, figure in self._figures(reader, keys)
        ]

    def _figures(self, reader: UnitReader, keys: list[int]) -> Answer:
        unit = self.ledger.organisation.ids[reader.unit]
        return [
            (unit, slot, key, figure)
            for key in keys
            for cell in [reader.cell(key)]
            for slot in range(self.facts.elements)
            if (figure := cell.get(slot)) is not None
        ]
