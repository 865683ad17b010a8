"""Reductions: what today's orders take off for coupons and points, split over their lines as the plan says.

The split is that of `rules.pricing`; the usual one (`truncate`) is done for all orders at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.money import PPM
from rules.plan.model import Plan
from rules.plan.semantics import Semantics, Split
from rules.pricing import split
from sim.behaviour.basket import Baskets
from sim.behaviour.world import World

Fen = NDArray[np.int64]


def by_plan(world: World, arm: NDArray[Any]) -> Iterator[tuple[Plan, NDArray[np.bool_]]]:
    """The plans in force, and who of some people lives under each."""
    for number, plan in enumerate([world.plan, *world.arms]):
        there = arm == number
        if there.any():
            yield plan, there


def goods_of(world: World, baskets: Baskets) -> Fen:
    """Fen that lines cost before any discount, (orders, LINES): what a coupon's `over` goes by."""
    price: Fen = world.market.price[np.maximum(baskets.sku, 0)] * baskets.quantity
    return price


def after_sale(world: World, goods: Fen) -> Fen:
    """The same after the discount of the day."""
    return goods - goods * int(world.market.discount[world.day]) // PPM


def share_out(rule: Semantics, coupon: Fen, points: Fen, goods: Fen) -> Fen:
    """What each line takes off for a coupon and for points, (orders, LINES).

    Args:
        rule: how a plan splits discounts.
        coupon, points: fen by order. goods: fen that lines cost before them, (orders, LINES).
    """
    left = goods.copy()
    for name in rule.discount_order:
        if name != "reduction":
            weights = left if rule.discount_weights == "left" else goods
            amount, mode = coupon if name == "coupon" else points, rule.split_of(name)
            if mode == "truncate":
                left = left - truncated(amount, weights, left)
            else:
                left = left - one_by_one(amount, weights, left, mode, (goods > 0).sum(1).tolist())
    return goods - left


def one_by_one(amount: Fen, weights: Fen, left: Fen, mode: Split, lines: list[int]) -> Fen:
    """Amounts split as the rules split them, order by order; `lines` says how many each has."""
    shares = np.zeros_like(left)
    for order, line in enumerate(lines):
        limits = left[order, :line].tolist()
        shares[order, :line] = split(int(amount[order]), weights[order, :line].tolist(), mode, limits=limits)
    return shares


def truncated(amount: Fen, weights: Fen, left: Fen) -> Fen:
    """Amounts split over lines by weight, each share cut to whole fen; what is over goes to the last line that can
    take it, then to those before. No line takes more than what is left of it."""
    amount = np.minimum(amount, left.sum(1))
    shares = np.minimum(amount[:, None] * weights // np.maximum(weights.sum(1), 1)[:, None], left)
    rest = amount - shares.sum(1)
    for line in reversed(range(left.shape[1])):
        more = np.minimum(rest, left[:, line] - shares[:, line])
        shares[:, line] += more
        rest = rest - more
    return shares
