"""Inviting for a reward: what the promise of a reward for so many invitations adds to a share.

Effort rises as a goal comes near (the goal-gradient hypothesis: Hull 1932; Kivetz, Urminsky & Zheng 2006, "The
goal-gradient hypothesis resurrected", for reward programmes). So the next invitation is worth the reward spread over
the whole way, and the nearer the goal, the more of reward ÷ invitations that are missing. How many invitations a share
brings is at first a belief, then experience.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.commission.bonus import Bonus
from rules.events import DAY
from rules.people.care import FirstShare
from rules.plan.model import Plan
from sim.behaviour.parameters import Behaviour
from sim.behaviour.world import World
from sim.people import Floats

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Invitations:
    """How far people have come, one row a person.

    Attributes:
        rank: number of the rank. registered, bought: people invited who registered; who paid an order.
        shares: shares so far.
    """

    rank: Counts
    registered: Counts
    bought: Counts
    shares: Counts


def invitations(
    world: World,
    persons: NDArray[Any],
    rank: NDArray[Any],
    invited: tuple[NDArray[Any], ...],
    there: NDArray[np.bool_],
) -> Invitations:
    """How far those of some people who are `there` have come; without `invited` nobody has invited anybody."""
    registered, bought = (one[there].astype(np.int64) for one in invited or (np.zeros(len(persons)),) * 2)
    return Invitations(rank[there], registered, bought, world.crowd["shares"][persons[there]].astype(np.int64))


def rewards(plan: Plan) -> list[Bonus]:
    """The rewards for invitations that a plan has."""
    return [bonus for bonus in plan.bonuses if bonus.event == "invites"]


def lure(plan: Plan, given: Behaviour, people: Invitations) -> Floats:
    """What rewards for invitations add to a share, in fen, for people under a plan."""
    added = np.zeros(len(people.shares))
    for bonus in rewards(plan):
        assert bonus.count is not None
        first_order = bonus.counted == "first_order"
        done = people.bought if first_order else people.registered
        believed = given.believed_invites * (given.first_purchase_invited if first_order else 1.0)
        per_share = (given.prior_shares * believed + done) / (given.prior_shares + people.shares)
        missing = bonus.count - done % bonus.count
        near = 1 - given.goal_gradient + given.goal_gradient * bonus.count / missing
        reached = np.array([bonus.ranks is None or rank.id in bonus.ranks for rank in plan.ranks])[people.rank]
        added += np.where(reached, worth(plan, bonus, given) / bonus.count * near * per_share, 0.0)
    return added


def worth(plan: Plan, bonus: Bonus, given: Behaviour) -> float:
    """What a reward is worth to who gets it, in fen."""
    if bonus.coupon is None:
        return float(bonus.money)
    return plan.coupons[bonus.coupon].amount * given.coupon_worth


def first_task(world: World, plan: Plan, rule: FirstShare, persons: NDArray[Any]) -> Floats:
    """What the coupon for a first share adds to it, in fen, while it can still be had."""
    crowd = world.crowd
    new = (crowd["shares"][persons] == 0) & (crowd["shared"][persons] == 0)
    open_for = crowd["joined"][persons] >= (world.day + 1 - rule.days) * DAY
    coupon = plan.coupons[rule.coupon].amount * world.given.coupon_worth
    return np.where(new & open_for, coupon, 0.0)
