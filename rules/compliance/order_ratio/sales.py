"""Every kind of sale that a plan tells apart: goods, day, channel, age and raised or not, with its rates.

The rates are those of the engine's own tables, so campaigns, ages and raised products are folded in already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.calendar import day_of
from rules.commission.campaign import channel_kinds
from rules.commission.product_age import AgeBand, ProductAge
from rules.commission.variant import variants
from rules.events import Names
from rules.plan.compile import compile_plans
from rules.plan.compiled import Compiled
from rules.plan.model import Plan

START_DAY = 20_458
"""Day 0 where a plan states none: 2026-01-05, a Monday."""
_LAST_DAY = 60_000
"""No sale is later: in the year 2134."""
_SOON = 40
"""Days in which a product can have been raised."""

Rates = NDArray[np.int64]


@dataclass(frozen=True)
class Sale:
    """What is sold, when and where.

    Attributes:
        category, sku: names of the plan, or one that it does not name.
        channel: None is one that no campaign names.
        day: days since 1970-01-01; any day of the kind.
        start: the day that days of campaigns count from, where the plan leaves that to the log.
        raised: whether the product is raised (`commission.dynamic`).
    """

    category: str
    sku: str
    channel: str | None
    day: int
    raised: bool
    start: int


@dataclass(frozen=True)
class Terms:
    """What a sale pays, by level (from 1) and rank; NONE where nothing is stated.

    Attributes:
        rates: parts per million. fixed: fen a piece; wins.
        stated: what `clamped_rates` takes for the rates of base levels.
        grade_rates, grade_prices: purchase prices by rank (`commission.margin`), as a rate, and in fen, which wins.
    """

    sale: Sale
    rates: Rates
    fixed: Rates
    stated: Rates
    grade_rates: Rates
    grade_prices: Rates

    def signature(self) -> bytes:
        """Equal for sales that pay the same."""
        return b"".join(
            one.tobytes() for one in (self.rates, self.fixed, self.stated, self.grade_rates, self.grade_prices)
        )


def starts(plan: Plan) -> list[int]:
    """Days that campaigns can count from: every one that lets other days meet with dates of campaigns and launches."""
    relative = [one.days for one in plan.campaigns if one.days is not None]
    dates = [day_of(day) for one in plan.campaigns for day in one.dates or ()]
    age = plan.commission.base.product_age if plan.commission.base else None
    launches = [day_of(day) for day in age.launched.values()] if age else []
    dates += [launch + day for launch in launches for band in age.bands for day in band.days] if age else []
    if plan.start is not None or not relative or not dates:
        return [START_DAY]
    met = {date - day + aside for date in dates for days in relative for day in days for aside in (-1, 0, 1)}
    return sorted({START_DAY} | {day for day in met if 1 <= day <= _LAST_DAY})


def all_terms(plan: Plan) -> list[Terms]:
    """The terms of every kind of sale, each once."""
    names = _names(plan)
    found: dict[bytes, Terms] = {}
    for start in starts(plan):
        tables = compile_plans([plan], names, start)
        for terms in _every(plan, names, tables, start):
            found.setdefault(terms.signature(), terms)
    return list(found.values())


def _every(plan: Plan, names: Names, tables: Compiled, start: int) -> Iterator[Terms]:
    kinds, _ = channel_kinds(plan, names.channels)
    stretches = int(tables.plans[0]["stretches"])
    begins = tables.regime_from[0, :stretches].tolist()
    width = 1 + len(names.categories)
    margin = plan.commission.margin is not None
    dynamic = plan.commission.dynamic is not None
    age = plan.commission.base.product_age if plan.commission.base else None
    nothing = np.full(len(plan.ranks), -1, np.int64)
    free_sku = _unused("goods", names.skus)
    for stretch, first in enumerate(begins):
        last = begins[stretch + 1] - 1 if stretch + 1 < stretches else _LAST_DAY
        first = max(first, _first_day(plan, start))
        for kind, channel in enumerate(kinds):
            regime = stretch * len(kinds) + kind
            for sku_number in [-1, *range(len(names.skus))]:
                sku = names.skus[sku_number] if sku_number >= 0 else free_sku
                block = int(tables.sku_block[0, sku_number]) if sku_number >= 0 else 0
                for variant, (band, raised) in enumerate(variants(plan)):
                    day = _day_of_age(age, band, sku, (first, last), START_DAY + (_SOON if dynamic else 0))
                    if day is None or (raised and not dynamic):
                        continue
                    for place in range(width):
                        goods = block * width + place
                        category = names.categories[place - 1] if place else _unused("other", names.categories)
                        yield Terms(
                            Sale(category, sku, channel, day, raised, start),
                            tables.rates[0, regime, variant, goods],
                            tables.fixed[0, goods],
                            tables.rates[0, regime, 0, place],
                            tables.grade_rates[0, goods] if margin else nothing,
                            tables.grade_prices[0, goods] if margin else nothing,
                        )


def _first_day(plan: Plan, start: int) -> int:
    """The first day of an order that counts: none is before a start that the plan leaves to the log."""
    relative = any(one.days is not None for one in plan.campaigns)
    return start if plan.start is None and relative else 1


def _day_of_age(
    age: ProductAge | None, band: AgeBand | None, sku: str, span: tuple[int, int], wanted: int
) -> int | None:
    """A day of a span on which a product is of an age (None: of no band's), near `wanted`; None if there is none."""
    first, last = span
    middle = min(max(first, wanted), last)
    if age is None or sku not in age.launched:
        return middle if band is None and first <= last else None
    launch = day_of(age.launched[sku])
    spans = sorted((launch + one.days[0], launch + one.days[1]) for one in age.bands)
    if band is not None:
        low, high = max(first, launch + band.days[0]), min(last, launch + band.days[1])
        return min(max(low, wanted), high) if low <= high else None
    free = [middle, first, *(end + 1 for _, end in spans), *(begin - 1 for begin, _ in spans)]
    return next((one for one in free if first <= one <= last and not any(a <= one <= b for a, b in spans)), None)


def _names(plan: Plan) -> Names:
    """Categories, products and channels that a plan names."""
    base, margin = plan.commission.base, plan.commission.margin
    levels = base.levels if base else []
    categories = [name for level in levels for table in (level.rates, *level.by_rank.values()) for name in table]
    categories += [name for grade in margin.prices.values() for name in grade] if margin else []
    categories += [name for one in plan.campaigns for name in one.categories or []]
    skus = [sku for level in levels for sku in level.skus] + list(margin.skus if margin else [])
    skus += [sku for one in plan.campaigns for sku in one.skus or []]
    skus += list(base.product_age.launched) if base and base.product_age else []
    channels = [name for one in plan.campaigns for name in one.channels or []]
    return Names(
        categories=_once(categories), skus=_once(skus), channels=_once(channels), ranks=[rank.id for rank in plan.ranks]
    )


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _unused(name: str, names: list[str]) -> str:
    """A name that is none of these."""
    while name in names:
        name += "_"
    return name
