"""What is in baskets: number of lines, mix and prices of categories, and how loyal people are to one.

Lines are drawn from a person's favourite category with probability L, else from any by its part w; favourites are
distributed like the parts. Main lines of two orders of one person are then of the same category with probability
L^2 + (1 - L^2) S, S the sum of the squared parts, so that L follows from how often they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.behaviour.posterior import Joint
from sim.calibration.found import FEWEST, Found, few
from sim.calibration.shop import Shop
from sim.experiments.metric_names import Text

CHEAP, DEAR = 0.02, 0.98
"""Quantiles of a category's unit prices that count as its cheapest and dearest."""
REST = 0.01
"""Categories with a smaller part of the lines become one."""
MOST_SKUS = 200


@dataclass(frozen=True)
class Sold:
    """A category: how many lines, the prices of its cheapest and dearest goods in fen, how many skus, what is left."""

    name: str
    lines: int
    prices: tuple[int, int]
    skus: int
    margin: float | None
    numbers: tuple[int, ...]


def baskets(shop: Shop) -> Found:
    """How many lines, and how loyal."""
    found, orders = Found(), shop.orders
    lines = orders.lines[orders.was_paid]
    many = int((lines >= 2).sum())
    if many == 0:
        found.lacks(["second_line", "third_line"], Text("数据里每单只有一行", "every order of the data has one line"))
    else:
        found.add_rate("second_line", many, len(lines))
        found.add_rate("third_line", int((lines >= 3).sum()), many)
    _add_loyalty(found, shop)
    return found


def sold(shop: Shop) -> list[Sold]:
    """The categories, largest first; those that are hardly sold, and lines without one, as `other`."""
    lines = shop.lines
    named = lines.category >= 0
    counts = np.bincount(lines.category[named], minlength=len(shop.categories))
    large = [at for at in np.argsort(-counts, kind="stable").tolist() if counts[at] >= REST * len(lines.category)]
    found = [_sold(shop, shop.categories[at], (at,)) for at in large]
    small = tuple(sorted({-1, *range(len(counts))} - set(large)))
    rest = np.isin(lines.category, small)
    if rest.sum() >= REST * len(rest) or not found:
        found.append(_sold(shop, "other", small))
    return found


def _sold(shop: Shop, name: str, numbers: tuple[int, ...]) -> Sold:
    lines = shop.lines
    rows = np.isin(lines.category, numbers) & (lines.price > 0)
    price = lines.price[rows] if rows.any() else np.array([100])
    low, high = (int(np.quantile(price, part, method="nearest")) for part in (CHEAP, DEAR))
    skus = len(np.unique(lines.sku[rows & (lines.sku >= 0)])) or len(np.unique(price))
    margin = shop.margins.get(name)
    return Sold(
        name, int(np.isin(lines.category, numbers).sum()), (low, high), min(max(skus, 1), MOST_SKUS), margin, numbers
    )


def _add_loyalty(found: Found, shop: Shop) -> None:
    orders = shop.orders
    category = shop.lines.category[orders.main]
    known = orders.was_paid & (category >= 0)
    if len(np.unique(category[known])) < 2:
        found.lacks(["loyalty"], Text("只有一个类目", "there is only one category"))
        return
    member, category = orders.member[known], category[known]
    by_member = np.lexsort((orders.placed[known], member))
    member, category = member[by_member], category[by_member]
    first = np.flatnonzero(np.diff(member, prepend=-1))
    first = first[np.diff(np.append(first, len(member))) >= 2]  # one pair a person: pairs are independent
    if len(first) < FEWEST:
        found.lacks(["loyalty"], few(len(first)))
        return
    parts = np.bincount(category) / len(category)
    squares, same = float((parts**2).sum()), float((category[first] == category[first + 1]).mean())
    square = (same - squares) / (1 - squares)
    error = np.sqrt(max(same * (1 - same), 1 / len(first)) / len(first)) / (1 - squares)
    if square <= 2 * error:
        found.lacks(["loyalty"], Text("看不出对类目的偏好", "no preference for a category is seen"))
        return
    value = min(float(np.sqrt(square)), 1.0)
    found.add(
        Joint(normal=["loyalty"], at=[value], covariance=[[float((error / (2 * square)) ** 2)]]), "moments", len(first)
    )
