"""Baskets: what an order is made of.

How much somebody wants to spend is Gamma-Gamma (Fader & Hardie 2013): each person has a mean of her own, each order
scatters around it; it belongs to (person, ordinal). The amount is then turned into skus and quantities without bias:
a sku near a quarter to the whole of a line's target is picked, and the quantity is target ÷ price, rounded up or down
by chance so that the mean is exact. (Only an amount below the cheapest sku of the shop buys more than it wanted.)

Whoever orders what she saw shared has it in her first line, if the amount pays for it: a piece of it beside what else
she buys, or nothing else where the rest would not be worth a basket. The mean amount is the same.

Where the plan recommends, the second line comes from another category than the first `lift` times as often, by weight:
the lift of a pair of categories, by which baskets are described (Russell & Petersen 2000), is what is raised.
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
from sim.market import Amounts, others_of
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
    """The contents of orders, (orders, LINES); quantity 0 = no such line. The first line is the largest,
    except where it is what was wanted.

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
def wanted(word: int, taste: int, loyalty: float, weights: Floats) -> int:
    """The category of a line: the person's favourite, or any by weight."""
    if field(word, 0, 20) * _TWENTY < loyalty:
        return taste
    return np.int64(np.searchsorted(weights, field(word, 20, 20) * _TWENTY, side="right"))


@kernel
def fill(
    persons: NDArray[np.int32], ordinals: NDArray[np.int64], shared: NDArray[np.int32], amount_key: int, lines_key: int,
    line_key: int, spread: Floats, spend: Floats, taste: NDArray[np.int16], second_line: float, third_line: float,
    loyalty: float, weights: Floats, follows: float, recommended_key: int, others: Floats, first: Amounts,
    price: Amounts, cheapest: int, sku: NDArray[np.int32], quantity: NDArray[np.int64],
) -> None:  # fmt: skip
    """Fill baskets; writes `sku` and `quantity`, (orders, LINES).

    Args:
        persons, ordinals: by order. shared: sku that must be its first line, -1 = none.
        spread: quantiles of an order's spend around the person's scale.
        spend, taste: by person.
        weights: cumulative, by category, without the last.
        follows: part of second lines that follow a recommendation. others: by category, see `sim.market.others_of`.
        first, price, cheapest: see `sim.market.Market`.
    """
    for order in range(len(persons)):
        person, ordinal = np.int64(persons[order]), ordinals[order]
        left = spend[person] * lookup(spread, uniform(bits(amount_key, person, ordinal)))
        word = bits(lines_key, person, ordinal)
        lines = 1
        if field(word, 0, 20) * _TWENTY < second_line:
            lines = 3 if field(word, 20, 20) * _TWENTY < third_line else 2
        part = 0.15 + 0.2 * (field(word, 40, 20) * _TWENTY)
        taken, asked = 0, np.int64(shared[order])
        if asked >= 0 and price[asked] <= left:
            if price[asked] * NEAREST > left:
                word = bits(line_key, person, (LINES + 1) * ordinal + LINES)
                sku[order, 0], quantity[order, 0] = choose(price, asked, asked + 1, left, word)
                continue
            sku[order, 0], quantity[order, 0] = asked, 1
            left -= price[asked]
            taken, lines = 1, min(lines, LINES - 1)
        for line in range(lines - 1, -1, -1):
            word = bits(line_key, person, (LINES + 1) * ordinal + line)
            category = wanted(word, np.int64(taste[person]), loyalty, weights)
            if line == 1 and follows > 0.0:
                main = wanted(bits(line_key, person, (LINES + 1) * ordinal), np.int64(taste[person]), loyalty, weights)
                word_of_it = bits(recommended_key, person, ordinal)
                if field(word_of_it, 0, 20) * _TWENTY < follows:
                    category = np.searchsorted(others[main], field(word_of_it, 20, 20) * _TWENTY, side="right")
            target = left * part if line > 0 else left
            if price[first[category]] > target:
                if line > 0:
                    continue
                category = cheapest
            chosen = choose(price, first[category], first[category + 1], target, word)
            sku[order, taken + line], quantity[order, taken + line] = chosen
            left -= target


def fill_baskets(world: World, orders: Orders) -> Baskets:
    """What is in today's orders."""
    given, market, crowd = world.given, world.market, world.crowd
    count = len(orders.person)
    shared = np.full(count, -1, np.int32) if orders.wanted is None else orders.wanted
    sku, quantity = np.full((count, LINES), -1, np.int32), np.zeros((count, LINES), np.int64)
    keys = [world.key(decision) for decision in (Decision.amount, Decision.lines, Decision.line)]
    recommend = world.plan.recommend if len(market.weights) > 1 else None
    follows = followers(recommend.lift / PPM, given.loyalty, market.weights) if recommend else 0.0
    fill(
        orders.person, orders.ordinal, shared, *keys, spread(given.p), crowd["spend"], crowd["taste"],
        given.second_line, given.third_line, given.loyalty, np.cumsum(market.weights)[:-1], follows,
        world.key(Decision.recommended), others_of(market.weights) if recommend else np.zeros((1, 1)), market.first,
        market.price, market.cheapest, sku, quantity,
    )  # fmt: skip
    baskets = Baskets(sku, quantity)
    return world.goods.on_sale(baskets) if world.goods else baskets


def followers(lift: float, loyalty: float, weights: Floats) -> float:
    """Part of second lines that have to follow a recommendation so that `lift` times as many are of another category.

    Of people by taste, who want their favourite with `loyalty` and else anything by weight, two lines are of the same
    category with the sum of the squares; the rest is what is lifted, up to all of it.
    """
    wanted_by = loyalty * np.eye(len(weights)) + (1 - loyalty) * weights
    before = 1 - float(weights @ (wanted_by**2).sum(axis=1))
    return min(1.0, before * (lift - 1) / (1 - before))


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
    channel = world.doors.through(world, orders) if world.doors else world.crowd["channel"][orders.person]
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
        channel=channel[order],
        line=within_runs(order) + 1,
    )
    if world.doors and world.doors.duplicates:
        world.today.append(world.doors.again(world, orders, events))
    return events, numbers


@cache
def spread(shape: float) -> Floats:
    """Quantiles of an order's spend around the person's scale, by the shape p."""
    return gamma(shape)
