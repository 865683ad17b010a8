"""Product age 商品年龄: new products pay more, mature ones less.

A band of ages has a multiplier; the age of a product is the days since its launch, 0 on the day itself. Bands are
folded into the rates when the plan is compiled, like campaigns: one variant of the rates per band, whatever the number
of products (`rules.commission.variant`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from rules.calendar import day_of
from rules.commission.campaign import DayNumber, Factor, Regime
from rules.jit import kernel
from rules.plan.compiled import NONE, Compiled, Tables
from rules.plan.values import Day, Multiplier, Section

if TYPE_CHECKING:
    from rules.events import Names
    from rules.plan.model import Plan


class AgeBand(Section):
    """What base rates are multiplied by at an age from the first to the last of `days`."""

    days: tuple[DayNumber, DayNumber]
    multiply: Multiplier


class ProductAge(Section):
    """Product age 商品年龄: when products were launched, and what ages multiply."""

    launched: Annotated[dict[str, Day], Field(min_length=1)]
    bands: Annotated[list[AgeBand], Field(min_length=1, max_length=16)]

    @model_validator(mode="after")
    def _bands_are_apart(self) -> Self:
        last = -1
        for first, end in sorted(band.days for band in self.bands):
            if first > end:
                raise ValueError(f"the first day of a band must not be after the last, got [{first}, {end}]")
            if first <= last:
                raise ValueError(f"two bands hold the age of {first} days")
            last = end
        return self

    def may_hold(self, band: AgeBand, regime: Regime, sku: str | None) -> bool:
        """Whether a product (None: any) can be of a band's age on some day of a regime."""
        launches = self.launched.values() if sku is None else [self.launched[sku]] if sku in self.launched else []
        first, last = band.days
        return any(
            day_of(day) + first <= regime.last_day and day_of(day) + last >= regime.first_day for day in launches
        )


def fill_ages(tables: Compiled, number: int, plan: Plan, names: Names) -> None:
    """Write launches and bands into the tables of plan `number`."""
    age = plan.commission.base.product_age if plan.commission.base else None
    if age is None:
        return
    tables.plans[number]["bands"] = len(age.bands)
    tables.bands[number, : len(age.bands)] = [band.days for band in age.bands]
    for place, sku in enumerate(names.skus):
        if sku in age.launched:
            tables.launched[number, place] = day_of(age.launched[sku])


def age_factor(band: AgeBand) -> Factor:
    """What a band multiplies a rate by."""
    first, last = band.days
    return Factor(f"上架 {first}–{last} 天", f"product age of {first} to {last} days", band.multiply)


def band_on(age: ProductAge, sku: str | None, day: int) -> AgeBand | None:
    """The band that a product's age lies in on a day: the readable rule."""
    if sku not in age.launched:
        return None
    days = day - day_of(age.launched[sku])
    return next((band for band in age.bands if band.days[0] <= days <= band.days[1]), None)


@kernel
def band_of(plan: Tables, number: int, sku: int, day: int) -> int:
    """The band, from 1, that a product's age lies in on a day; 0 where it lies in none."""
    if sku < 0 or sku >= plan.launched.shape[1] or plan.launched[number, sku] == NONE:
        return 0
    age = day - plan.launched[number, sku]
    for band in range(plan.plans[number].bands):
        if plan.bands[number, band].first <= age <= plan.bands[number, band].last:
            return band + 1
    return 0
