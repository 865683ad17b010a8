"""Inviting for a reward: nearer goals draw more, by hand."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

from rules.plan.model import Plan
from rules.plan.read import read_plan
from scenarios.find import find
from sim.behaviour.inviting import Invitations, lure
from sim.behaviour.parameters import Behaviour

ASSUMED = Behaviour(believed_invites=0.1, prior_shares=8, goal_gradient=0.5, coupon_worth=0.5)


def offer(count: int, amount: int, more: str = "") -> Plan:
    text, file = find("plans", "three_tier")
    bonus = f"  - {{id: invite, event: invites, count: {count}, coupon: C{more}}}\n"
    return read_plan(text.replace("bonuses:\n", f"bonuses:\n{bonus}") + f"coupons:\n  C: {{amount: {amount}}}\n", file)


def people(done, shares=0, rank=1) -> Invitations:
    done = np.array(done)
    return Invitations(np.full(len(done), rank), done, np.zeros(len(done), np.int64), np.full(len(done), shares))


def test_the_next_invitation_is_worth_more_the_nearer_the_goal():
    """50 yuan for 3, worth 2,500 fen: 833.33 an invitation; with 3, 2, 1 missing and a gradient of a half the factor is
    0.5 + 0.5 x 3/3 = 1, 0.5 + 0.5 x 3/2 = 1.25, 0.5 + 0.5 x 3/1 = 2. A newcomer who has shared nothing believes in
    0.1 invitations a share; with done of them and no share it is (0.8 + done) / 8."""
    found = lure(offer(3, 50), ASSUMED, people([0, 1, 2, 3]))
    each = 2500 / 3
    expected = [each * 0.8 / 8, each * 1.25 * 1.8 / 8, each * 2 * 2.8 / 8, each * 3.8 / 8]
    assert found.tolist() == pytest.approx(expected)


def test_experience_takes_the_place_of_belief():
    """100 shares and one invitation: (0.8 + 1) / 108 a share."""
    found = lure(offer(3, 50), ASSUMED, people([1], shares=100))
    assert found.tolist() == pytest.approx([2500 / 3 * 1.25 * 1.8 / 108])


def test_three_for_fifty_and_five_for_eighty_differ_where_it_matters():
    """16.67 yuan an invitation against 16: from 2 on, one is missing for the first goal and three for the second."""
    near, far = (lure(plan, ASSUMED, people([0, 2])) for plan in (offer(3, 50), offer(5, 80)))
    assert near[0] / far[0] == pytest.approx((50 / 3) / (80 / 5))
    assert near[1] / far[1] == pytest.approx((50 / 3 * 2) / (80 / 5 * (0.5 + 0.5 * 5 / 3)))


def test_only_ranks_that_are_rewarded_are_drawn():
    plan = offer(3, 50, more=", ranks: [partner]")
    assert lure(plan, ASSUMED, people([1], rank=1)).tolist() == [0]
    assert lure(plan, ASSUMED, people([1], rank=2))[0] > 0


def test_a_reward_makes_members_share_more():
    # the same people with the same luck: the plans differ in the reward only
    worlds_apart = (
        worlds.model(1500, 50, plan=one, behaviour={"organic": 0.01}) for one in (worlds.plan(), offer(3, 50))
    )
    without, rewarded = (one.run().metrics.totals()["shares"] for one in worlds_apart)
    assert rewarded > 1.05 * without
