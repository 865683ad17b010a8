"""Earning: what promoters learn, and how much effort they give.

Before anybody has shared, she believes what the plan announces: the level-1 rate of her rank (and the first step of
the ladder) on an expected basket, times the orders she believes a share brings, and the bonus on a first promoted
order while she has none. Own experience then takes over: the exponential average of what a share has lately earned,
against what a share costs her. Effort is e / (e + c), less where income swings. Lessons are weekly.

Only amounts matter: how ranks are called, how many there are and which number they have changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.commission.base import BaseLevel, Fixed, stated_rate
from rules.commission.campaign import Regime, multiplied, plan_start, regimes
from rules.events import Records
from rules.jit import kernel
from rules.memory import prefetch
from rules.money import PPM
from rules.plan.model import Plan
from rules.records import MONEY
from sim.behaviour import competing, mentoring
from sim.behaviour.inviting import first_task, invitations, lure, rewards
from sim.behaviour.parameters import Behaviour
from sim.behaviour.world import FULL, Ids, World
from sim.market import Market
from sim.people import Floats

_FULL = float(FULL)
_AHEAD = 16
"""People ahead whose rows are asked for."""


@dataclass(frozen=True)
class Announcement:
    """What a plan promises a promoter, by number of the rank.

    Attributes:
        order: fen for an order of hers. first: fen more for the first one.
    """

    order: Floats
    first: Floats


def announce(plan: Plan, market: Market, given: Behaviour, regime: Regime) -> Announcement:
    """What the plan promises under the campaigns of a regime.

    Args:
        plan: as written. market: categories and their weights. given: for the expected basket.
        regime: the campaigns that are on.
    """
    ranks = [rank.id for rank in plan.ranks]
    ladder = [ladder_promise(plan, given, rank) for rank in ranks]
    base = [base_promise(plan, market, given, regime, rank) for rank in ranks]
    first = [
        sum(b.pay for b in plan.bonuses if b.event == "first_promoted_order" and _reaches(b.ranks, rank))
        for rank in ranks
    ]
    return Announcement(np.array(base) + np.array(ladder), np.array(first, np.float64))


def regime_on(plan: Plan, start: int, day: int) -> Regime:
    """The campaigns of a plan on a day (from 0) of a world that starts on day `start` since 1970-01-01."""
    return [one for one in regimes(plan, plan_start(plan, start)) if one.first_day <= start + day][-1]


def base_promise(plan: Plan, market: Market, given: Behaviour, regime: Regime, rank: str) -> float:
    """Level-1 base commission on an expected basket in fen, averaged over the categories' weights."""
    levels = plan.commission.base.levels if plan.commission.base else []
    return sum(
        float(weight) * _stated(plan, level, category, rank, regime, given)
        for level in levels
        if level.level == 1 and _reaches(level.ranks, rank)
        for category, weight in zip(market.categories, market.weights, strict=True)
    )


def ladder_promise(plan: Plan, given: Behaviour, rank: str) -> float:
    """The first step of the ladder on an expected basket in fen."""
    ladder = plan.commission.ladder
    if ladder is None or not _reaches(ladder.ranks, rank):
        return 0.0
    return ladder.brackets[0].rate / PPM * expected_basket(given)


def _stated(plan: Plan, level: BaseLevel, category: str, rank: str, regime: Regime, given: Behaviour) -> float:
    stated = stated_rate(level, category, None, rank, plan.semantics)
    if stated is None:
        return 0.0
    if isinstance(stated, Fixed):
        return float(stated.fixed)
    return multiplied(stated.rate, regime, category, None, rank, plan.semantics) / PPM * expected_basket(given)


def _reaches(ranks: list[str] | None, rank: str) -> bool:
    return ranks is None or rank in ranks


def expected_basket(given: Behaviour) -> float:
    """Mean amount of an order in fen before discounts: p x v / (q - 1)."""
    return given.p * given.v * 100 / (given.q - 1)


def first_paid_rank(plan: Plan, market: Market, given: Behaviour) -> int:
    """The lowest rank that earns base commission at level 1: what seeds are given; 0 if there is none."""
    plain = Regime(0, ())
    paid = [number for number, rank in enumerate(plan.ranks) if base_promise(plan, market, given, plain, rank.id) > 0]
    return min(paid, default=0)


@kernel
def learn(
    persons: Ids, earned_now: NDArray[np.int64], weight: float, earned: NDArray[np.int64], shared: NDArray[np.uint16],
    shares: NDArray[np.uint32], per_share: NDArray[np.float32], income: NDArray[np.float32],
    swing: NDArray[np.float32],
) -> None:  # fmt: skip
    """Take in the last week: average income per share, average weekly income, and how much that swings.

    Args:
        persons: whose. earned_now: fen earned so far, by place in `persons`.
        weight: of the last week in the averages.
        earned, shared, shares, per_share, income, swing: by person, written.
    """
    for place in range(len(persons)):
        person = persons[place]
        week = np.float64(earned_now[place] - earned[person])
        count = np.float64(shared[person])
        usual = np.float64(income[person])
        if count > 0:
            before = np.float64(per_share[person])
            per_share[person] = before + weight * (week / count - before)
        range_of = abs(week) + abs(usual)
        distance = abs(week - usual) / range_of if range_of > 0 else 0.0
        swing[person] = np.float64(swing[person]) + weight * (distance - np.float64(swing[person]))
        income[person] = usual + weight * (week - usual)
        earned[person] = earned_now[place]
        shares[person] += shared[person]
        shared[person] = 0


@kernel
def weigh(
    persons: Ids, promise: Floats, prior_shares: float, joy: Floats, aversion: float, sharing: float,
    per_share: NDArray[np.float32], swing: NDArray[np.float32], shares: NDArray[np.uint32], cost: NDArray[np.float32],
    zeal: NDArray[np.float32], effort: NDArray[np.float32], bar: NDArray[np.uint32],
) -> None:  # fmt: skip
    """Weigh what a share is expected to earn against its cost; writes `effort` and `bar`.

    Args:
        persons: whose. promise: fen a share by the plan's announcement, by place in `persons`.
        prior_shares, aversion, sharing: see `Behaviour`.
        joy: fen that a share is worth beside commission, by place in `persons`.
        per_share, swing, shares, cost, zeal: by person. effort, bar: by person, written.
    """
    for place in range(len(persons)):
        person = persons[place]
        belief = prior_shares / (prior_shares + np.float64(shares[person]))
        expected = belief * promise[place] + (1.0 - belief) * np.float64(per_share[person])
        gain = joy[place] + max(expected, 0.0)
        calm = 1.0 - aversion * np.float64(swing[person])
        effort[person] = calm * gain / (gain + np.float64(cost[person])) if gain > 0 else 0.0
        chance = sharing * np.float64(zeal[person]) * np.float64(effort[person])
        bar[person] = np.uint32(min(chance, 1.0) * _FULL)


@kernel
def look_up(members: Records, persons: Ids, earned: NDArray[np.int64], rank: Ids, promoted: Ids, arm: Ids) -> None:
    """Read what the book holds of people, in one visit each.

    Args:
        members: the book's. persons: whose.
        earned: fen, by place in `persons`, written; as are `rank`, `promoted` (orders), `arm`.
    """
    for place in range(len(persons)):
        if place + _AHEAD < len(persons):
            prefetch(members, persons[place + _AHEAD], 0)
            prefetch(members, persons[place + _AHEAD], MONEY)
        member = members[persons[place]]
        earned[place], rank[place] = member.earned, member.rank
        promoted[place], arm[place] = member.promoted_orders, member.arm


@dataclass(frozen=True)
class Standing:
    """What the book holds of people, by place: fen earned, rank, promoted orders, arm."""

    earned: NDArray[np.int64]
    rank: Ids
    promoted: Ids
    arm: Ids


def standing(book: Book, persons: Ids) -> Standing:
    """What the book holds of people."""
    found = Standing(np.empty(len(persons), np.int64), *(np.empty(len(persons), np.int32) for _ in range(3)))
    look_up(book.members, persons, found.earned, found.rank, found.promoted, found.arm)
    return found


def weekly_lesson(world: World, book: Book) -> None:
    """All members take in what they earned this week, and weigh their effort anew."""
    mentoring.teach(world, book)
    columns = [world.crowd[name] for name in ("earned", "shared", "shares", "per_share", "income", "swing")]
    found = standing(book, world.members)
    learn(world.members, found.earned, world.given.learning, *columns)
    weigh_standing(world, book, world.members, found)


def reconsider(world: World, book: Book, persons: Ids) -> None:
    """Weigh the effort of some people anew: they registered, bought, or heard of new terms."""
    weigh_standing(world, book, persons, standing(book, persons))


def weigh_standing(world: World, book: Book, persons: Ids, found: Standing) -> None:
    """Weigh the effort of people of whom the book holds this."""
    invited: tuple[NDArray[Any], ...] = ()
    if any(rewards(plan) for plan in [world.plan, *world.arms]):
        invited = tuple(book.members[name][persons] for name in ("invited", "invited_buyers"))
    weigh_all(world, persons, found.rank, found.promoted, found.arm, invited)


def promises(world: World, plan: Plan, rank: NDArray[Any], promoted: NDArray[Any]) -> Floats:
    """What a plan promises for an order today, in fen, to people of given ranks and numbers of promoted orders."""
    announced = announce(plan, world.market, world.given, regime_on(plan, world.start, world.day))
    promise: Floats = announced.order[rank] + np.where(np.equal(promoted, 0), announced.first[rank], 0.0)
    return promise


def weigh_all(
    world: World,
    persons: NDArray[Any],
    rank: NDArray[Any],
    promoted: NDArray[Any] | int,
    arm: NDArray[Any] | int = 0,
    invited: tuple[NDArray[Any], ...] = (),
) -> None:
    """Weigh the effort of people of given ranks, numbers of promoted orders, arms; `invited`: see `Invitations`."""
    given, promise, joy = world.given, np.zeros(len(persons)), np.full(len(persons), world.given.joy * 100)
    promoted, arm = np.broadcast_to(promoted, persons.shape), np.broadcast_to(arm, persons.shape)
    for number, plan in enumerate([world.plan, *world.arms]):
        there = arm == number if world.arms else np.ones(len(persons), np.bool_)
        if there.any():
            promise[there] = promises(world, plan, rank[there], promoted[there])
            if rewards(plan):
                joy[there] += lure(plan, given, invitations(world, persons, rank, invited, there))
            if plan.care and plan.care.first_share:
                joy[there] += first_task(world, plan, plan.care.first_share, persons[there])
    columns = [world.crowd[name] for name in ("per_share", "swing", "shares", "cost", "zeal", "effort", "bar")]
    weigh(
        persons.astype(np.int32), given.believed_orders * promise, given.prior_shares, joy,
        given.swing_aversion, given.sharing, *columns,
    )  # fmt: skip
    if competing.has_contests(world):
        competing.spur(world, persons)
