"""What is sold where and when: the catalogue and the calendar of a scenario as arrays.

A category's skus are spaced evenly in the logarithm of their price, so that whatever somebody wants to spend there is
something near it. The calendar gives each day a traffic (the speed at which time passes for buyers) and a discount.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rules.money import PPM

Floats = NDArray[np.float64]
Amounts = NDArray[np.int64]

PLENTY = 2**31 - 1
"""Stock of a sku whose scenario states none."""
LEAST_TRAFFIC = 1e-6
"""A day with less traffic has this: a day must take some operational time."""
EVENING = (
    0.8,
    0.4,
    0.3,
    0.2,
    0.2,
    0.3,
    0.8,
    1.6,
    2.6,
    3.8,
    4.6,
    4.8,
    5.0,
    4.6,
    4.4,
    4.6,
    4.8,
    5.0,
    5.4,
    6.6,
    8.4,
    9.4,
    8.2,
    3.4,
)
"""Customary traffic by hour: a midday plateau and an evening peak."""


class CategoryLike(Protocol):
    """A category as a scenario states it: prices in fen; weight, margin and return rate as numbers."""

    id: str
    weight: float
    margin: float
    return_rate: float
    prices: tuple[int, int]
    skus: int
    stock: int | None
    restock: int


class CalendarLike(Protocol):
    """A day of the calendar as a scenario states it: from 0; discount as a number from 0 to 1."""

    day: int
    traffic: float
    discount: float


class ChannelLike(Protocol):
    """A front door as a scenario states it."""

    id: str
    weight: float
    open: float
    conversion: float
    steps: int


@dataclass(frozen=True)
class Channels:
    """Front doors, compiled; a scenario that names none has one.

    Attributes:
        names: their ids.
        weight: part of the market, by channel.
        open: factor on how often a link is opened. convert: factor on how often a visit ends in an order.
    """

    names: list[str]
    weight: Floats
    open: Floats
    convert: Floats


@dataclass(frozen=True)
class Market:
    """The catalogue and the calendar, compiled.

    Attributes:
        categories: their ids. skus: their ids, by category, within it by price.
        first: row of the first sku of each category, and the number of skus at the end, (categories + 1,).
        category: int64 by sku. price, cost: fen by sku. stock: pieces by sku. restock: pieces a day, by sku.
        weights: by category, sum 1. return_rate: by category.
        traffic: by day. discount: parts per million by day.
        clock: operational time at traffic alone at the beginning of each day, and at the end, (days + 1,).
        promo: the same, of traffic x discount: a person of price sensitivity s lives on clock + s x promo.
        hours: cumulative traffic within a day, (25,), from 0 to 1.
    """

    categories: list[str]
    skus: list[str]
    first: Amounts
    category: Amounts
    price: Amounts
    cost: Amounts
    stock: Amounts
    restock: Amounts
    weights: Floats
    return_rate: Floats
    traffic: Floats
    discount: Amounts
    clock: Floats
    promo: Floats
    hours: Floats

    @property
    def days(self) -> int:
        """Days of the calendar."""
        return len(self.traffic)

    @property
    def cheapest(self) -> int:
        """The category with the lowest price."""
        return int(np.argmin(self.price[self.first[:-1]]))


def compile_market(
    categories: Sequence[CategoryLike],
    calendar: Sequence[CalendarLike],
    days: int,
    weekdays: Sequence[float],
    start_day: int,
    hourly: Sequence[float] | None = None,
) -> Market:
    """Compile a catalogue and a calendar.

    Args:
        categories: at least one.
        calendar: the days that differ; several entries of a day multiply their traffic, the largest discount holds.
        days: length of the run.
        weekdays: traffic by day of the week from Monday.
        start_day: first day, in days since 1970-01-01.
        hourly: traffic by hour; None for a customary profile.
    """
    ladders = [price_ladder(one.prices, one.skus) for one in categories]
    counts = np.array([one.skus for one in categories])
    category = np.repeat(np.arange(len(counts)), counts)
    price = np.concatenate(ladders)
    margins = np.array([round(one.margin * PPM) for one in categories])
    traffic, discount = day_by_day(calendar, days, weekdays, start_day)
    weights = np.array([one.weight for one in categories], np.float64)
    return Market(
        categories=[one.id for one in categories],
        skus=[f"{one.id}-{number + 1}" for one in categories for number in range(one.skus)],
        first=np.append(0, np.cumsum(counts)),
        category=category,
        price=price,
        cost=price * (PPM - margins[category]) // PPM,
        stock=np.repeat([PLENTY if one.stock is None else one.stock for one in categories], counts),
        restock=np.repeat([one.restock for one in categories], counts),
        weights=weights / weights.sum(),
        return_rate=np.array([one.return_rate for one in categories], np.float64),
        traffic=traffic,
        discount=discount,
        clock=np.append(0.0, np.cumsum(traffic)),
        promo=np.append(0.0, np.cumsum(traffic * (discount / PPM))),
        hours=np.append(0.0, cumulative(EVENING if hourly is None else hourly)),
    )


def compile_channels(channels: Sequence[ChannelLike], step_loss: float) -> Channels:
    """Compile front doors; a funnel loses `step_loss` of its buyers at each step beyond the third."""
    if not channels:
        return Channels(["shop"], np.ones(1), np.ones(1), np.ones(1))
    kept = [one.conversion * (1 - step_loss) ** (one.steps - 3) for one in channels]
    return Channels(
        [one.id for one in channels],
        np.array([one.weight for one in channels], np.float64),
        np.array([one.open for one in channels], np.float64),
        np.array(kept, np.float64),
    )


def price_ladder(bounds: tuple[int, int], count: int) -> Amounts:
    """`count` prices in fen from the lower to the upper bound, evenly spaced in the logarithm, with shop endings."""
    low, high = bounds
    if count == 1:
        return np.array([shop_price(round((low * high) ** 0.5))])
    step = (high / low) ** (1 / (count - 1))
    return np.array([shop_price(round(low * step**place)) for place in range(count)])


def shop_price(fen: int) -> int:
    """A price near `fen` with a shop's ending: whole yuan from 100 yuan on, .90 from 10 yuan on, .10 steps below."""
    if fen >= 100_00:
        return round(fen / 100) * 100
    if fen >= 10_00:
        return fen // 100 * 100 + 90
    return max(10, round(fen / 10) * 10)


def day_by_day(
    calendar: Sequence[CalendarLike], days: int, weekdays: Sequence[float], start_day: int
) -> tuple[Floats, Amounts]:
    """Traffic and discount (parts per million) of every day."""
    week = np.array(weekdays, np.float64)
    traffic = week[(start_day + 3 + np.arange(days)) % 7]
    discount = np.zeros(days, np.int64)
    for entry in calendar:
        if 0 <= entry.day < days:
            traffic[entry.day] *= entry.traffic
            discount[entry.day] = max(int(discount[entry.day]), round(entry.discount * PPM))
    return np.maximum(traffic, LEAST_TRAFFIC), discount


def others_of(weights: Floats) -> Floats:
    """For each of several weighted things, running sums of the others as parts of their whole: (things, things).

    A uniform picks the number of entries of a row that are at most as large as it; never the thing of the row.
    """
    rows = np.zeros((len(weights), len(weights)))
    for one in range(len(weights)):
        running = cumulative(np.delete(weights, one))
        rows[one] = np.insert(running, one, running[one - 1] if one else 0.0)
    return rows


def cumulative(weights: Sequence[float] | Floats) -> Floats:
    """Running sums as parts of the whole, the last exactly 1."""
    total = np.cumsum(np.array(weights, np.float64))
    return np.append(total[:-1] / total[-1], 1.0)
