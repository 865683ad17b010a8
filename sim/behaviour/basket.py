"""Baskets: what an order is made of.

How much somebody wants to spend is Gamma-Gamma (Fader & Hardie 2013): each person has a mean of her own, each order
scatters around it; it belongs to (person, ordinal). The amount is then turned into skus and quantities without bias:
a sku near a quarter to the whole of a line's target is picked, and the quantity is target ÷ price, rounded up or down
by chance so that the mean is exact. (Only an amount below the cheapest sku of the shop buys more than it wanted.)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rules.events import Kind, Records
from rules.jit import kernel
from rules.money import PPM
from sim.behaviour.purposes import Decision
from sim.behaviour.shopping import Orders
from sim.behaviour.world import World
from sim.draws import bits, field, mix64, uniform
from sim.market import Amounts
from sim.people import Floats
from sim.quantiles import gamma, lookup
from sim.rows import within_runs

LINES = 3
"""Most lines of an order."""
NEAREST = 4.0
"""A sku costs at least the line's target divided by this, so that quantities stay small."""
_TWENTY = 2.0**-20


@dataclass(frozen=True)
class Baskets:
    """The contents of orders, (orders, LINES); quantity 0 = no such line. The first line is the largest.

    Attributes:
        sku, quantity: by order and line.
    """

    sku: NDArray[np.int32]
    quantity: NDArray[np.int64]


@dataclass(frozen=True)
class Reductions:
    """What orders take off for coupons and points.

    Attributes:
        coupon: number of the coupon by order, -1 = none. points: fen that points take off, by order.
        lines: fen off each line, (orders, LINES).
    """

    coupon: NDArray[np.int64]
    points: NDArray[np.int64]
    lines: NDArray[np.int64]


@kernel
def bound(price: Amounts, low: int, high: int, limit: float) -> int:
    """How many of `price[low:high]` (ascending) are at most `limit`, plus `low`."""
    while low < high:
        middle = (low + high) // 2
        if price[middle] <= limit:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def choose(price: Amounts, low: int, high: int, target: float, word: int) -> tuple[int, int]:
    """A sku of `price[low:high]` near a target in fen, and a quantity that meets it in the mean, at least 1."""
    top = bound(price, low, high, target)
    if top == low:
        return low, 1
    bottom = min(bound(price, low, high, target / NEAREST), top - 1)
    sku = bottom + field(word, 42, 22) * (top - bottom) // 4_194_304
    pieces = target / price[sku]
    whole = np.int64(pieces)
    return sku, whole + (1 if uniform(mix64(word)) < pieces - whole else 0)


@kernel
def fill(
    persons: NDArray[np.int32], ordinals: NDArray[np.int64], amount_key: int, lines_key: int, line_key: int,
    spread: Floats, spend: Floats, taste: NDArray[np.int16], second_line: float, third_line: float, loyalty: float,
    weights: Floats, first: Amounts, price: Amounts, cheapest: int, sku: NDArray[np.int32], quantity: NDArray[np.int64],
) -> None:  # fmt: skip
    """Fill baskets; writes `sku` and `quantity`, (orders, LINES).

    Args:
        persons, ordinals: by order.
        spread: quantiles of an order's spend around the person's scale.
        spend, taste: by person.
        weights: cumulative, by category. first, price, cheapest: see `sim.market.Market`.
    """
    for order in range(len(persons)):
        person, ordinal = np.int64(persons[order]), ordinals[order]
        left = spend[person] * lookup(spread, uniform(bits(amount_key, person, ordinal)))
        word = bits(lines_key, person, ordinal)
        lines = 1
        if field(word, 0, 20) * _TWENTY < second_line:
            lines = 3 if field(word, 20, 20) * _TWENTY < third_line else 2
        part = 0.15 + 0.2 * (field(word, 40, 20) * _TWENTY)
        for line in range(lines - 1, -1, -1):
            word = bits(line_key, person, (LINES + 1) * ordinal + line)
            category = np.int64(taste[person])
            if field(word, 0, 20) * _TWENTY >= loyalty:
                category = np.searchsorted(weights, field(word, 20, 20) * _TWENTY, side="right")
            target = left * part if line > 0 else left
            if price[first[category]] > target:
                if line > 0:
                    continue
                category = cheapest
            sku[order, line], quantity[order, line] = choose(price, first[category], first[category + 1], target, word)
            left -= target


def fill_baskets(world: World, orders: Orders) -> Baskets:
    """What is in today's orders."""
    given, market, crowd = world.given, world.market, world.crowd
    count = len(orders.person)
    sku, quantity = np.full((count, LINES), -1, np.int32), np.zeros((count, LINES), np.int64)
    keys = [world.key(decision) for decision in (Decision.amount, Decision.lines, Decision.line)]
    fill(
        orders.person, orders.ordinal, *keys, spread(given.p), crowd["spend"], crowd["taste"], given.second_line,
        given.third_line, given.loyalty, np.cumsum(market.weights)[:-1], market.first, market.price, market.cheapest,
        sku, quantity,
    )  # fmt: skip
    return Baskets(sku, quantity)


def place(
    world: World, orders: Orders, baskets: Baskets, off: Reductions | None = None
) -> tuple[Records, NDArray[np.int64]]:
    """Put today's orders into the log; `off` is what they take off for coupons and points.

    Returns:
        The events, a row a line, by order and line; and the number of each order.
    """
    market = world.market
    numbers = world.next_order + np.arange(len(orders.person))
    world.next_order += len(numbers)
    order, line = np.nonzero(baskets.quantity)
    sku, pieces = baskets.sku[order, line], baskets.quantity[order, line]
    price = market.price[sku]
    discount = price * pieces * int(market.discount[world.day]) // PPM
    if off is not None:
        discount += off.lines[order, line]
    events = world.emit(
        Kind.order,
        orders.second[order],
        order=numbers[order],
        member=orders.person[order],
        sku=sku,
        category=market.category[sku],
        quantity=pieces,
        price=price,
        cost=market.cost[sku],
        discount=discount,
        rank=-1 if off is None else off.coupon[order],
        amount=0 if off is None else off.points[order],
        channel=world.crowd["channel"][orders.person[order]],
        line=within_runs(order) + 1,
    )
    return events, numbers


@cache
def spread(shape: float) -> Floats:
    """Quantiles of an order's spend around the person's scale, by the shape p."""
    return gamma(shape)
