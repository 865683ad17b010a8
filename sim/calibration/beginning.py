"""Who of those who join ever buys, and when: a cure model (Boag 1949; Farewell 1982), fitted by likelihood.

With probability f (one for invited people, one for others) somebody buys unprompted at all; of these a part s in the
same visit, the others after an exponential delay of mean d days, from the next day on. Who has not bought is censored
at the end of the span; an order that followed a click censors, too: what she would have done by herself is not known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from rules.events import DAY
from sim.behaviour.posterior import Joint
from sim.calibration.found import FEWEST, Found, few
from sim.calibration.shop import Flags, Shop
from sim.experiments.metric_names import Text
from sim.history.cells import ABSENT

Floats = NDArray[np.float64]

SAME_VISIT = 3600
"""Seconds from joining within which a first order is of the same visit."""
NAMES = ("first_purchase", "first_purchase_invited", "same_visit", "first_delay")
_STEP = 1e-3
"""Of second differences, in logits and logarithms."""
_UNLISTED = Text(
    "没有会员名单（members 表）或注册时间：没下过单的人不在数据里",
    "there is no list of members with times of joining: people who never ordered are not in the data",
)
_ONLY_BUYERS = Text(
    "名单里的人都下过单：没下过单的人不在数据里", "everybody on the list has ordered: the others are not in the data"
)


@dataclass(frozen=True)
class Begun:
    """People from joining on, every array (people,).

    Attributes:
        invited, at_once: who was invited; who ordered in the same visit. later: who ordered after it, by herself.
        days: to the order, or watched without one, from the day after joining on.
    """

    invited: Flags
    at_once: Flags
    later: Flags
    days: Floats


def first_orders(shop: Shop) -> Found:
    """Who of those who join ever buys unprompted, and when."""
    found, people = Found(), shop.people
    known = people.listed & (people.joined != ABSENT) & (people.joined >= shop.first_day * DAY)
    if not known.any():
        found.lacks(NAMES, _UNLISTED)
        return found
    if (joined := people.joined[known] % DAY == 0).mean() > 0.5:
        found.lacks(NAMES, Text("注册时间只到日", f"{joined.mean():.0%} of times of joining are only dates"))
        return found
    begun, ordered = _begun(shop, known)
    if ordered.all():
        found.lacks(NAMES, _ONLY_BUYERS)
        return found
    groups = {"first_purchase": ~begun.invited, "first_purchase_invited": begun.invited}
    cases = {name: int(group.sum()) for name, group in groups.items()}
    for name in (small := [name for name in groups if cases[name] < FEWEST]):
        found.lacks([name], few(cases[name]))
    if len(small) == len(groups) or min(int(begun.at_once.sum()), int(begun.later.sum())) < FEWEST:
        count = min(int(begun.at_once.sum()), int(begun.later.sum()))
        found.lacks([name for name in NAMES if name not in small], few(count))
        return found
    names = [name for name in NAMES if name not in small]
    values, covariance = _fit(begun, [NAMES.index(name) for name in names])
    if not np.isfinite(covariance).all() or np.linalg.eigvalsh(covariance).min() <= 0:
        found.lacks(names, Text("似然函数没有确定的最大值", "the likelihood has no clear maximum"))
        return found
    block = Joint(normal=names, at=values.tolist(), covariance=covariance.tolist())
    found.add(block, "likelihood", len(begun.days))
    found.cases |= {name: count for name, count in cases.items() if name in names}
    return found


def _begun(shop: Shop, known: Flags) -> tuple[Begun, Flags]:
    """How everybody known began, and who ever ordered."""
    orders, joined = shop.orders, shop.people.joined
    most = np.iinfo(np.int64).max
    own, any_order = np.full(len(joined), most), np.full(len(joined), most)
    for first, which in ((own, ~shop.followed_click), (any_order, np.ones(len(orders.member), np.bool_))):
        np.minimum.at(first, orders.member[which], orders.placed[which])
    clean = (own < most) & (own <= any_order)  # nothing that followed a click came before
    end = np.minimum(any_order, (shop.last_day + 1) * DAY)
    stop = np.where(clean, own, end)[known]
    start, clean = joined[known], clean[known] & (stop >= joined[known])
    at_once = clean & (stop - start <= SAME_VISIT)
    days = (stop // DAY - start // DAY).astype(np.float64) - np.where(clean, 0.5, 1.0)
    return (
        Begun(shop.people.inviter[known] >= 0, at_once, clean & ~at_once, np.maximum(days, 0.0)),
        (any_order < most)[known],
    )


def _fit(begun: Begun, which: list[int]) -> tuple[Floats, Floats]:
    """Values of the parameters that `which` names, and the covariance of their logarithms."""
    start = np.array([0.4, 0.2, 0.0, np.log(8.0)])

    def objective(inner: Floats) -> float:
        whole = start.copy()
        whole[which] = inner
        return -_log_likelihood(whole, begun)

    best = optimize.minimize(objective, start[which], method="BFGS", options={"gtol": 1e-3}).x
    hessian = _hessian(objective, best)
    try:
        inverse = np.linalg.inv(hessian)
    except np.linalg.LinAlgError:
        inverse = np.full(hessian.shape, np.nan)
    delay = np.array([place == NAMES.index("first_delay") for place in which])
    values = np.where(delay, np.exp(best), special.expit(best))
    slope = np.where(delay, 1.0, 1 - values)  # d log f / d logit f
    return values, inverse * np.outer(slope, slope)


def _log_likelihood(inner: Floats, begun: Begun) -> float:
    """Of logits of f, f of invited people and s, and the logarithm of d."""
    ever = special.expit(np.where(begun.invited, inner[1], inner[0]))
    at_once, delay = special.expit(inner[2]), np.exp(np.clip(inner[3], -5, 12))
    gone = -np.expm1(-begun.days / delay)
    never = np.log1p(-ever * (at_once + (1 - at_once) * gone) + 1e-300)
    later = np.log(ever) + np.log1p(-at_once) - begun.days / delay - np.log(delay)
    value = np.where(begun.at_once, np.log(ever) + np.log(at_once), np.where(begun.later, later, never))
    return float(value.sum())


def _hessian(objective: Callable[[Floats], float], at: Floats) -> Floats:
    """Second differences."""
    count = len(at)
    found, shifts = np.zeros((count, count)), np.eye(count) * _STEP
    for one in range(count):
        for two in range(count):
            signs = ((1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1))
            found[one, two] = sum(sign * objective(at + a * shifts[one] + b * shifts[two]) for a, b, sign in signs) / (
                4 * _STEP**2
            )
    return (found + found.T) / 2
