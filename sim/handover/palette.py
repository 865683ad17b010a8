"""What a plan makes interesting: goods, prices, days and amounts at the edges of its own rules."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from rules.calendar import day_of
from rules.commission.campaign import BEFORE_TIME, plan_start, regimes
from rules.plan.model import Plan

START_DAY = 20_458
"""Day 0 of stories of a plan without a start: 2026-01-05, a Monday."""

_PRICES = (1, 5, 99, 100, 999, 1005, 3333, 9989, 9990, 10_007)
_AMOUNT_WORDS = (
    *("from_", "member_day", "member_month", "spend", "single_order", "earned", "over", "budget"),
    *("promoted_volume", "personal_volume", "direct_team_volume", "team_volume"),
)


@dataclass(frozen=True)
class Palette:
    """Values to draw from.

    Attributes:
        start_day: day 0, in days since 1970-01-01.
        goods: (sku, category) pairs: every category and every product the plan names, and one it does not.
        prices: unit prices in fen, where rounding shows.
        thresholds: unit prices in fen at which the plan changes its mind, and those beside them.
        days: offsets from day 0 at which something begins or ends, and the days beside them.
        ranks: the plan's ranks.
        depth: people above the buyer, one more than the plan can pay.
    """

    start_day: int
    goods: tuple[tuple[str, str], ...]
    prices: tuple[int, ...]
    thresholds: tuple[int, ...]
    days: tuple[int, ...]
    ranks: tuple[str, ...]
    depth: int


def palette(plan: Plan) -> Palette:
    """The values a plan makes interesting."""
    start, influence = plan_start(plan, START_DAY), plan.commission.influence
    turns = [one.first_day - start for one in regimes(plan, START_DAY) if one.first_day > BEFORE_TIME]
    days = {0, 25, 26, 27} | _ages(plan, start) | {max(0, turn + shift) for turn in turns for shift in (-1, 0)}
    return Palette(
        start_day=start,
        goods=tuple(_goods(plan)),
        prices=_PRICES,
        thresholds=tuple(sorted({price for amount in _thresholds(plan) for price in _around(amount)})) or _PRICES,
        days=tuple(sorted(day for day in days if day < 400)),
        ranks=tuple(rank.id for rank in plan.ranks),
        depth=min(8, max(plan.depth, plan.reach, influence.path if influence else 0) + 2),
    )


def _goods(plan: Plan) -> list[tuple[str, str]]:
    levels = plan.commission.base.levels if plan.commission.base else []
    categories = {one for level in levels for one in level.rates} - {"default"}
    categories |= {one for level in levels for by in level.by_rank.values() for one in by} - {"default"}
    categories |= {one for campaign in plan.campaigns for one in campaign.categories or []}
    skus = {one for level in levels for one in level.skus}
    skus |= {one for campaign in plan.campaigns for one in campaign.skus or []}
    if plan.commission.base and plan.commission.base.product_age:
        skus |= plan.commission.base.product_age.launched.keys()
    named = sorted(categories) or ["goods"]
    return [(f"any_{name}", name) for name in [*named, "unnamed"]] + [
        (sku, named[place % len(named)]) for place, sku in enumerate(sorted(skus))
    ]


def _ages(plan: Plan, start: int) -> set[int]:
    """Days from `start` on at which a product comes of another age, and those before them."""
    age = plan.commission.base.product_age if plan.commission.base else None
    if age is None:
        return set()
    turns = {day_of(one) + day - start for one in age.launched.values() for band in age.bands for day in band.days}
    return {turn + shift for turn in turns for shift in (-1, 0, 1) if 0 <= turn + shift < 400}


def _thresholds(section: BaseModel) -> set[int]:
    """Amounts at which a plan changes its mind, wherever they stand."""
    found: set[int] = set()
    for name in type(section).model_fields:
        value = getattr(section, name)
        if name in _AMOUNT_WORDS and isinstance(value, int):
            found.add(value)
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, BaseModel):
                found |= _thresholds(inner)
    return found


def _around(amount: int) -> list[int]:
    return [price for price in (amount - 1, amount, amount + 1) if 0 < price <= 100_000_000]
