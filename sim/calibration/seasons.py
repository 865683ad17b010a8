"""When a shop sells: traffic by weekday and hour, and days that stand out (a promotion, a festival).

Given the total of every week, counts of its days are multinomial, so that the parts of the weekdays over all whole
weeks are their maximum of likelihood. Days scatter more than Poisson; intervals are widened by the dispersion that the
weeks show (Pearson's). A day stands out against the median of the same weekday in the weeks around.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY
from sim import special
from sim.behaviour.posterior import LEVEL
from sim.calibration.found import Found
from sim.calibration.shop import Integers, Shop
from sim.experiments.metric_names import Text
from sim.history.cells import ABSENT

Floats = NDArray[np.float64]
FEWEST_WEEKS, FEWEST_A_DAY = 6, 3.0
"""Whole weeks, and orders a day, below which nothing is said of days."""
PEAK, SURE = 1.6, 4.5
"""A day stands out with so many times what is usual, and so many standard deviations above it."""
AROUND = 4
"""Weeks before and after a day that say what is usual."""
WEEK_ONE = 7
"""Days after the first at which no day is told apart: a shop that opens has no usual week yet."""
_LEAST_PART = 0.01


@dataclass(frozen=True)
class Peak:
    """A day that stands out: orders ÷ what is usual, with interval; and how much more was off the list price."""

    day: int
    times: float
    low: float
    high: float
    discount: float


@dataclass(frozen=True)
class Seasons:
    """When a shop sells.

    Attributes:
        week: traffic by weekday from Monday, mean 1; None where it is not known. low, high: its 90 % interval.
        peaks: by day of the span. hourly: by hour, mean 1; None where times are not known.
    """

    week: tuple[float, ...] | None
    low: tuple[float, ...]
    high: tuple[float, ...]
    peaks: tuple[Peak, ...]
    hourly: tuple[float, ...] | None


def seasons(shop: Shop, price_response: float) -> Seasons:
    """What the days of a shop say.

    Args:
        price_response: how much a discount hurries people, which is taken out of what a day brings.
    """
    counts = shop.counts()
    weekday = (shop.first_day + 3 + np.arange(len(counts))) % 7
    if len(counts) < 7 * FEWEST_WEEKS or counts.mean() < FEWEST_A_DAY:
        return Seasons(None, (), (), (), _hourly(shop))
    usual = _usual(counts, weekday)
    spread = _dispersion(counts, usual)
    ratio = counts / np.maximum(usual, 1e-9)
    settled = np.arange(len(counts)) >= WEEK_ONE
    out = settled & (ratio > PEAK) & (counts - usual > SURE * np.sqrt(spread * np.maximum(usual, 1.0))) & (usual >= 1)
    return Seasons(
        *_week(counts, weekday, out), _peaks(shop, counts, usual, spread, out, price_response), _hourly(shop)
    )


def weekday_traffic(found: Seasons) -> Found:
    """The traffic of the week as a parameter."""
    told = Found()
    if found.week is None:
        zh = f"不足 {FEWEST_WEEKS} 个整周，或每天不足 {FEWEST_A_DAY:g} 单"
        told.lacks(
            ["weekday_traffic"], Text(zh, f"fewer than {FEWEST_WEEKS} whole weeks, or {FEWEST_A_DAY:g} orders a day")
        )
    elif min(found.week) <= 0:
        told.lacks(["weekday_traffic"], Text("有的星期几从无订单", "there is a weekday without any order"))
    else:
        told.values["weekday_traffic"] = [round(part, 4) for part in found.week]
        told.ways["weekday_traffic"] = "likelihood"
    return told


def _usual(counts: Integers, weekday: Integers) -> Floats:
    """The median of the same weekday in the weeks around, by day."""
    usual = np.zeros(len(counts))
    for day in range(len(counts)):
        around = np.arange(day - 7 * AROUND, day + 7 * AROUND + 1, 7)
        around = around[(around >= 0) & (around < len(counts)) & (around != day)]
        usual[day] = np.median(counts[around]) if len(around) else counts[day]
    return usual


def _dispersion(counts: Integers, usual: Floats) -> float:
    """Variance ÷ mean of days around what is usual; by the median, so that peaks do not count; at least 1."""
    apart = (counts - usual) ** 2 / np.maximum(usual, 1.0)
    return max(1.0, float(np.median(apart)) / 0.455)  # the median of a squared standard normal


def _week(
    counts: Integers, weekday: Integers, out: NDArray[np.bool_]
) -> tuple[tuple[float, ...] | None, tuple[float, ...], tuple[float, ...]]:
    start = int((7 - weekday[0]) % 7)
    weeks = (len(counts) - start) // 7
    table = counts[start : start + 7 * weeks].reshape(weeks, 7)
    table = table[~out[start : start + 7 * weeks].reshape(weeks, 7).any(axis=1)]
    table = table[table.sum(axis=1) > 0]
    if len(table) < FEWEST_WEEKS:
        return None, (), ()
    total = table.sum()
    part = table.sum(axis=0) / total
    expected = table.sum(axis=1, keepdims=True) * part
    pearson = float(((table - expected) ** 2 / np.maximum(expected, 1e-9)).sum())
    spread = max(1.0, pearson / (6 * (len(table) - 1)))
    reach = float(special.ndtri((1 + LEVEL) / 2)) * np.sqrt(spread * part * (1 - part) / total)
    low, high = np.maximum(part - reach, 0) * 7, (part + reach) * 7
    return tuple((7 * part).tolist()), tuple(low.tolist()), tuple(high.tolist())


def _peaks(
    shop: Shop, counts: Integers, usual: Floats, spread: float, out: NDArray[np.bool_], price_response: float
) -> tuple[Peak, ...]:
    off = _off(shop)
    reach, found = float(special.ndtri((1 + LEVEL) / 2)), []
    for day in np.flatnonzero(out).tolist():
        more = float(max(0.0, off[day] - np.median(off[np.isfinite(off)]))) if np.isfinite(off[day]) else 0.0
        more = round(more, 3) if more >= 0.01 else 0.0
        hurried = 1 + price_response * more
        half = reach * np.sqrt(spread * counts[day])
        times, low, high = (float((counts[day] + step) / usual[day] / hurried) for step in (0.0, -half, half))
        found.append(Peak(day, times, max(low, 0.0), high, more))
    return tuple(found)


def _off(shop: Shop) -> Floats:
    """Part of the list price that was off, by day; not a number where nothing was sold."""
    lines = shop.lines
    full = np.maximum(lines.price * lines.quantity, lines.paid_amount)
    day = lines.placed // DAY - shop.first_day
    listed = np.bincount(day, full, minlength=shop.days)
    paid = np.bincount(day, lines.paid_amount, minlength=shop.days)
    off: Floats = np.divide(listed - paid, listed, out=np.full(shop.days, np.nan), where=listed > 0)
    return off


def _hourly(shop: Shop) -> tuple[float, ...] | None:
    """Traffic by hour; None where nearly all orders have one hour: the times are dates."""
    placed = shop.orders.placed
    counts = np.bincount(placed[placed != ABSENT] % DAY // 3600, minlength=24)
    if counts.sum() < 240 or counts.max() > 0.9 * counts.sum():
        return None
    return tuple(np.maximum(counts * 24 / counts.sum(), _LEAST_PART).tolist())
