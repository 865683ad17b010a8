"""Campaigns 活动: multipliers on base rates for some days, by filter.

Between two days on which a campaign begins or ends nothing changes: such a stretch is a regime. Multipliers of all
campaigns of a regime are folded into one exact rate when the plan is compiled, so an order needs one look-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from rules.calendar import day_of
from rules.errors import InputError
from rules.jit import kernel
from rules.money import PPM, percent
from rules.plan.compiled import Tables
from rules.plan.semantics import Semantics
from rules.plan.values import Day, Id, Multiplier, Section, Whole

if TYPE_CHECKING:
    from rules.plan.model import Plan


class Multiply(Section):
    """What a campaign multiplies."""

    base: Multiplier


DayNumber = Annotated[Whole, Field(ge=0, le=36_500)]
"""Days since the start of plan or scenario, which is day 0."""


class Campaign(Section):
    """A campaign 活动: a multiplier on base rates for some days, by filter."""

    id: Id
    days: tuple[DayNumber, DayNumber] | None = None
    dates: tuple[Day, Day] | None = None
    categories: list[str] | None = None
    skus: list[str] | None = None
    ranks: list[str] | None = None
    multiply: Multiply

    @model_validator(mode="after")
    def _when(self) -> Self:
        if (self.days is None) == (self.dates is None):
            raise ValueError("exactly one of days, dates is needed")
        first, last = self.days or self.dates  # type: ignore[misc]
        if first > last:  # type: ignore[operator]
            raise ValueError(f"the first day must not be after the last, got [{first}, {last}]")
        return self


@dataclass(frozen=True)
class Regime:
    """A stretch of days with the same campaigns on.

    Attributes:
        first_day: days since 1970-01-01; the first regime begins before all time.
        campaigns: those that are on, in the order of the plan.
    """

    first_day: int
    campaigns: tuple[Campaign, ...]


BEFORE_TIME = -(10**9)


def days_of(campaign: Campaign, start_day: int) -> tuple[int, int]:
    """First and last day of a campaign, in days since 1970-01-01."""
    if campaign.days is not None:
        return start_day + campaign.days[0], start_day + campaign.days[1]
    assert campaign.dates is not None
    return day_of(campaign.dates[0]), day_of(campaign.dates[1])


def regimes(plan: Plan, start_day: int) -> list[Regime]:
    """The stretches of a plan's time, earliest first; at least one."""
    spans = [days_of(campaign, start_day) for campaign in plan.campaigns]
    begins = sorted({BEFORE_TIME} | {first for first, _ in spans} | {last + 1 for _, last in spans})
    return [
        Regime(
            day,
            tuple(c for c, (first, last) in zip(plan.campaigns, spans, strict=True) if first <= day <= last),
        )
        for day in begins
    ]


def applies(campaign: Campaign, category: str | None, sku: str | None, rank: str) -> bool:
    """Whether a campaign's filters let goods and a payee's rank through."""
    return (
        (campaign.categories is None or category in campaign.categories)
        and (campaign.skus is None or sku in campaign.skus)
        and (campaign.ranks is None or rank in campaign.ranks)
    )


def counting(regime: Regime, category: str | None, sku: str | None, rank: str, semantics: Semantics) -> list[Campaign]:
    """The campaigns of a regime that multiply a rate: all that apply, or the highest of them (`stack`)."""
    on = [campaign for campaign in regime.campaigns if applies(campaign, category, sku, rank)]
    return on if semantics.stack == "add" else sorted(on, key=lambda campaign: campaign.multiply.base)[-1:]


def multiplied(
    rate: int, regime: Regime, category: str | None, sku: str | None, rank: str, semantics: Semantics
) -> int:
    """A rate times all multipliers that apply, or times the highest (`stack`), in parts per million.

    Raises:
        InputError: the product is not a whole number of parts per million, or over 100 %.
    """
    product, scale = rate, 1
    on = counting(regime, category, sku, rank, semantics)
    for campaign in on:
        product, scale = product * campaign.multiply.base, scale * PPM
    folded, rest = divmod(product, scale)
    if rest or folded > PPM:
        what = "over 100%" if folded > PPM else "not a whole number of parts per million"
        names = " and ".join(campaign.id for campaign in on)
        raise InputError(
            f"campaign {names} on a rate of {percent(rate)} gives a rate that is {what}",
            allowed="products of at most 100% with at most four decimals of a percent",
        )
    return folded


def plan_start(plan: Plan, start_day: int) -> int:
    """Day 0 of a plan's campaigns: its own start, or that of the scenario (days since 1970-01-01)."""
    return start_day if plan.start is None else day_of(plan.start)


def regime_on(plan: Plan, start_day: int, day: int) -> Regime:
    """The regime that a day lies in: the readable rule."""
    return [regime for regime in regimes(plan, start_day) if regime.first_day <= day][-1]


@kernel
def regime_of(plan: Tables, number: int, day: int) -> int:
    """Which regime of plan `number` a day lies in."""
    found = 0
    for index in range(1, plan.plans[number].regimes):
        if plan.regime_from[number, index] <= day:
            found = index
    return found
