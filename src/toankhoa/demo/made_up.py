"""Figures made up, always the same: what `seed/demo.yaml` says of each element, a fixed seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from math import floor
from typing import TypeVar

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from toankhoa.core.basics import Frequency, Period, periods_of
from toankhoa.core.measures import DataElement, Form, Library
from toankhoa.core.totals import MONTHS

SEED = 2017
_Number = TypeVar("_Number", int, float)


class Profile(BaseModel):
    """How one element of one level is made up; see the head of `seed/demo.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stock: tuple[float, float] | None = None
    share: tuple[float, ...] | None = None
    flow: tuple[float, ...] | None = None
    yes: tuple[float, ...] | None = None
    step: tuple[int, ...] | None = None
    growth: float = 0
    of_element: str | None = None
    noise: float = 0
    ramp: bool = False
    early: bool = False
    running: bool = False

    @model_validator(mode="after")
    def _one_kind(self) -> Profile:
        kinds = (self.stock, self.share, self.flow, self.yes, self.step)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("exactly one of stock, share, flow, yes, step")
        return self


Profiles = Mapping[str, Mapping[str, Profile]]  # element → level → profile


def load_profiles() -> Profiles:
    """What comes with the product."""
    text = (resources.files("toankhoa.seed") / "demo.yaml").read_text("utf-8")
    return {
        element: {level: Profile.model_validate(profile) for level, profile in levels.items()}
        for element, levels in yaml.safe_load(text).items()
    }


@dataclass
class UnitMaker:
    """Makes one unit's figures. What a unit is like (its size, its luck) is drawn once and stays.

    `number`: the unit's place in the tree; with SEED it decides everything.
    """

    library: Library
    profiles: Profiles
    level: str
    number: int
    first_year: int
    _drawn: dict[str, float] = field(default_factory=dict)
    _made: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def values(self, form: Form, period: Period) -> dict[str, int]:
        """A whole return."""
        return {code: self.figure(code, period) for code in form.elements}

    def figure(self, code: str, period: Period) -> int:
        """One figure of one period; asked twice, the same."""
        key = code, period.year, period.last_month
        if key not in self._made:
            self._made[key] = self._make(
                self.library.elements[code], self.profiles[code][self.level], period
            )
        return self._made[key]

    def _luck(self, *about: object) -> float:
        """A number in [0, 1) that depends only on the unit and on what it is about."""
        name = "/".join(map(str, about))
        if name not in self._drawn:
            entropy = [SEED, self.number, *name.encode()]
            self._drawn[name] = float(np.random.default_rng(entropy).random())
        return self._drawn[name]

    def _make(self, element: DataElement, profile: Profile, period: Period) -> int:
        age = period.year - self.first_year
        elapsed = period.last_month / MONTHS
        if profile.stock:
            low, high = profile.stock
            size = low + (high - low) * self._luck(element.code) ** 2
            return round(size * (1 + profile.growth) ** (age + elapsed))
        if profile.share:
            return self._part(element, profile, period, age, elapsed)
        if profile.yes:
            return int(
                self._luck(element.code) < _of_year(profile.yes, age)
                and self._allowed(element, period)
            )
        if profile.step:
            whole = _of_year(profile.step, age)
            return whole if element.time != "flow" else self._spread(element, period, whole, False)
        expected = _of_year(profile.flow or (0,), age) * (
            0.7 + 0.6 * self._luck(element.code, period.year)
        )
        of_year = floor(expected + self._luck(element.code, period.year, "rest"))
        if profile.running:
            return round(of_year * elapsed)
        return self._spread(element, period, of_year, profile.early)

    def _part(
        self, element: DataElement, profile: Profile, period: Period, age: int, elapsed: float
    ) -> int:
        whole_code = profile.of_element or element.of
        assert whole_code, f"{element.code}: a share of what?"
        share = _of_year(profile.share or (0,), age)
        share *= 1 + profile.noise * (2 * self._luck(element.code) - 1)
        if profile.ramp:
            share *= 0.35 + 0.65 * elapsed
        whole = self._whole(whole_code, period)
        return floor(min(share, 1.0) * whole) if element.of else round(share * whole)

    def _whole(self, code: str, period: Period) -> int:
        """The whole in the same period, or in the last one of its own form that ends by then."""
        form = self.library.collected_by(code, self.level)
        assert form is not None, f"{code} is on no form of {self.level}"
        ended = []
        for earlier in periods_of(period.year, form.frequency):
            if earlier.last_month <= period.last_month:
                ended.append(earlier)
        if self.library.elements[code].time == "flow":
            within = ended[-period.frequency.months // form.frequency.months :]
            return sum(self.figure(code, part) for part in within)
        return self.figure(code, ended[-1]) if ended else 0

    def _allowed(self, element: DataElement, period: Period) -> bool:
        return element.of is None or self._whole(element.of, period) > 0

    def _spread(self, element: DataElement, period: Period, of_year: int, early: bool) -> int:
        """This period's part of a year's number: each single one falls into some period."""
        form = self.library.collected_by(element.code, self.level)
        frequency = form.frequency if form else Frequency.YEAR
        periods = MONTHS // frequency.months
        power = 3 if early else 1  # most of what comes early comes in the first periods
        count = 0
        for single in range(of_year):
            place = self._luck(element.code, period.year, single) ** power
            count += floor(place * periods) + 1 == period.index
        return count


def _of_year(values: tuple[_Number, ...], age: int) -> _Number:
    """What is declared for a year of the plan, counted from 0; the last one holds on."""
    return values[min(age, len(values) - 1)]
