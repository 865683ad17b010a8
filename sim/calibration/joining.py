"""Who joins and how, and what clicks on shared links lead to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from rules.events import DAY
from sim.behaviour.parameters import Behaviour
from sim.behaviour.posterior import LEVEL, Joint
from sim.calibration.found import FEWEST, Found, few
from sim.calibration.shop import Clicks, Flags, Shop
from sim.experiments.metric_names import Text
from sim.history.cells import ABSENT

JOINED_SOON = 3600
"""Seconds from a click within which a registration is taken to follow from it."""
MARKET, LEAST_MARKET, MOST_MARKET = 4, 1_000, 100_000
"""People of a market for each member of a shop (assumed, as it cannot be seen), and the least and the most of a run."""
_POINTS = 64
"""Nodes of the quadrature over trust."""

_CLICKS = Text("数据里没有点击（clicks 表）", "there are no clicks in the data")
_STRANGERS = Text("点击者与会员对不上", "visitors of clicks are not known as members")


@dataclass(frozen=True)
class Referral:
    """What is known of referral, as facts.

    Attributes:
        members, invited: how many. by_month: month, who joined by themselves, who was invited.
        clicks, registrations, orders: clicks, those that strangers made, what followed soon; None without clicks.
        sharers: people whose links were clicked. per_week: median and 90th percentile of clicks a sharer and week.
    """

    members: int
    invited: int
    by_month: tuple[tuple[str, int, int], ...]
    clicks: tuple[int, int, int, int] | None = None
    sharers: int = 0
    per_week: tuple[float, float] = (0.0, 0.0)


def clicking(shop: Shop, given: Behaviour) -> Found:
    """What clicks lead to: registrations of strangers, orders of members.

    The pressure that a click adds follows from how many register after one, for clickers of the trust and ties that
    `given` assumes.
    """
    found, clicks = Found(), shop.clicks
    if clicks is None or not len(clicks.at):
        found.lacks(["join", "impulse"], _CLICKS)
        return found
    if (clicks.visitor >= 0).sum() < FEWEST or not _met(shop, clicks).any():
        found.lacks(["join", "impulse"], _STRANGERS)
        return found
    strangers, registered = _first_clicks(shop, clicks)
    if strangers < FEWEST or not 0 < registered < strangers:
        found.lacks(["join"], few(strangers))
    else:
        part = (registered + 0.5) / (strangers + 1)
        values = np.array([_pressure(part, given, chosen) for chosen in (0, 1)])
        sampling = (1 - part) / registered / (1 - part / 2) ** 2
        apart = np.log(values[0] / values[1]) / 2 / special.ndtri((1 + LEVEL) / 2)
        value, variance = float(np.sqrt(values.prod())), float(sampling + apart**2)
        found.add(Joint(normal=["join"], at=[value], covariance=[[variance]]), "moments", strangers)
        found.cautions["join"] = Text("按默认的信任与关系换算", "under the assumed trust and ties")
    by_members, ordered = _ordered(shop, clicks)
    found.add_rate("impulse", ordered, by_members)
    return found


def _pressure(part: float, given: Behaviour, chosen: int) -> float:
    """The pressure of a click at which such a part of first clicks ends in a registration.

    Who clicks has more trust and nearer ties than the crowd, the more so the fewer have clicked yet.

    Args:
        chosen: 1 = in proportion to trust and tie, 0 = not at all; the truth lies between.
    """
    nodes, weights = special.roots_jacobi(_POINTS, given.trust_b - 1, given.trust_a - 1 + chosen)
    trust, weights = (nodes + 1) / 2, weights / weights.sum()
    near, far = given.local, (1 - given.local) * given.distant**chosen
    ties = ((near / (near + far), 1.0), (far / (near + far), given.distant))

    def registers(pressure: float) -> float:
        return float(sum(share * (weights * -np.expm1(-pressure * trust * tie)).sum() for share, tie in ties))

    return float(optimize.brentq(lambda one: registers(one) - part, 1e-9, 1e5))


def referral(shop: Shop) -> Referral:
    """Facts of referral."""
    people, clicks = shop.people, shop.clicks
    known = people.joined != ABSENT
    month = people.joined[known].astype("datetime64[s]").astype("datetime64[M]")
    invited = people.inviter[known] >= 0
    by_month = tuple(
        (str(one), int(((month == one) & ~invited).sum()), int(((month == one) & invited).sum()))
        for one in np.unique(month)
    )
    members, by_others = shop.members, int((people.inviter >= 0).sum())
    if clicks is None or not len(clicks.at):
        return Referral(members, by_others, by_month)
    strangers, registered = _registered(shop, clicks)
    week = clicks.at // (7 * DAY)
    _, counts = np.unique(np.column_stack([clicks.sharer, week])[clicks.sharer >= 0], axis=0, return_counts=True)
    sharers = len(np.unique(clicks.sharer[clicks.sharer >= 0]))
    often = (float(np.median(counts)), float(np.quantile(counts, 0.9))) if len(counts) else (0.0, 0.0)
    figures = (len(clicks.at), strangers, registered, _ordered(shop, clicks)[1])
    return Referral(members, by_others, by_month, figures, sharers, often)


def market_size(shop: Shop) -> int:
    """People of a market for such a shop: so many times its members, within what a run takes lightly."""
    return int(min(max(MARKET * shop.members, LEAST_MARKET), MOST_MARKET))


def organic(shop: Shop, first_purchase: float) -> Found:
    """How many find the shop by themselves, a person and day, in a market that is `MARKET` times its members.

    Args:
        first_purchase: part of those who join that buys; where only buyers are known, so many more joined.

    Who was there on the first day is left out: a shop's staff and first promoters, whom a scenario has as `seeds`.
    """
    found, people = Found(), shop.people
    alone = people.inviter < 0
    came = alone & (people.joined >= (shop.first_day + 1) * DAY)
    if came.any():
        count = float(came.sum())
    else:
        count = float(np.isin(np.flatnonzero(alone), shop.orders.member).sum()) / first_purchase
    part = min(count / (MARKET * shop.members), 0.9)
    found.values["organic"], found.ways["organic"] = float(-np.log1p(-part) / max(shop.days - 1, 1)), "moments"
    found.cases["organic"] = int(count)
    zh, en = f"假定市场人数是会员数的 {MARKET} 倍", f"in a market of {MARKET} x members, assumed"
    found.cautions["organic"] = Text(zh, en)
    return found


def _met(shop: Shop, clicks: Clicks) -> Flags:
    joined = shop.people.joined[clicks.visitor]
    met: Flags = (clicks.visitor >= 0) & (joined != ABSENT)
    return met


def _registered(shop: Shop, clicks: Clicks) -> tuple[int, int]:
    """Clicks by people who were not members then, and those after which they soon were."""
    joined = np.where(clicks.visitor >= 0, shop.people.joined[clicks.visitor], ABSENT)
    before = (joined == ABSENT) | (joined > clicks.at)
    soon = before & (joined != ABSENT) & (joined - clicks.at <= JOINED_SOON)
    return int(before.sum()), len(np.unique(clicks.visitor[soon]))


def _first_clicks(shop: Shop, clicks: Clicks) -> tuple[int, int]:
    """Strangers who clicked, and those who registered soon after their first click."""
    known = clicks.visitor >= 0
    at, visitor = clicks.at[known], clicks.visitor[known]
    order = np.lexsort((at, visitor))
    first = order[np.flatnonzero(np.diff(visitor[order], prepend=-1))]
    joined = shop.people.joined[visitor[first]]
    strangers = (joined == ABSENT) | (joined > at[first])
    soon = strangers & (joined != ABSENT) & (joined - at[first] <= JOINED_SOON)
    return int(strangers.sum()), int(soon.sum())


def _ordered(shop: Shop, clicks: Clicks) -> tuple[int, int]:
    """Clicks by members, and orders that soon followed one."""
    member = _met(shop, clicks) & (shop.people.joined[clicks.visitor] <= clicks.at)
    return int(member.sum()), int(shop.followed_click.sum())
