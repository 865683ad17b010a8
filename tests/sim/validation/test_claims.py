"""Intervals, scaled plans, spend, depths: what the claims are measured with, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.history.gammagamma import GammaGamma
from sim.spread.virality import Trees
from sim.validation import lives, rewarding, spending, spreading
from sim.validation.claim import Estimate, estimate
from sim.validation.sizes import QUICK, WHOLE, Size, Worlds

TINY = Size(*(Worlds(300, 20, (1,)) for _ in range(5)), rewards=(0.0, 1.0))


def test_an_interval_is_students():
    """Of 1, 2, 3: the deviation is 1, t of 2 degrees of freedom 4.302653 (tables), so 2 +- 4.302653 / sqrt 3."""
    found = estimate([1.0, 2.0, 3.0])
    assert found.mean == 2
    assert (found.low, found.high) == (pytest.approx(2 - 2.484138, abs=1e-5), pytest.approx(2 + 2.484138, abs=1e-5))
    assert estimate([5.0]) == Estimate(5.0, 5.0, 5.0)


def test_twice_the_reward_is_twice_every_rate_and_bonus():
    plan = lives.plan()
    double = rewarding.scaled(plan, 2.0)
    rates = [level.rates for level in double.commission.base.levels]
    assert [{name: one.rate for name, one in each.items()} for each in rates] == [
        {"fmcg": 160_000, "digital": 60_000, "default": 100_000}
    ]
    assert [one.rate for one in double.commission.ladder.brackets] == [100_000, 160_000]
    assert double.commission.team.rate == 40_000
    assert [one.pay for one in double.bonuses] == [100_00, 200_00]
    assert (double.caps.order_ratio, double.caps.member_day) == (None, None)
    assert double.campaigns == plan.campaigns


def test_the_plans_own_reward_differs_from_the_plan_in_its_caps_only():
    plan = lives.plan()
    same = rewarding.scaled(plan, 1.0)
    assert same != plan
    assert same.model_copy(update={"caps": plan.caps}) == plan


def test_without_a_reward_nothing_is_earned():
    model = lives.world(2_000, 60, 1, under=rewarding.scaled(lives.plan(), 0.0)).run()
    totals = model.metrics.totals()
    assert (totals["commission"], len(model.store.book.rows("entries"))) == (0, 0)
    assert totals["orders"] > 30


def test_a_plan_of_other_parts_is_not_scaled():
    plan = rewarding.scaled(lives.plan(), 0.0)
    with pytest.raises(ValueError, match="can be scaled"):
        rewarding.scaled(plan, 2.0)


def test_spend_below_an_amount_is_what_drawing_it_gives():
    model, luck = GammaGamma(6.0, 4.0, 15.0), np.random.default_rng(3)
    x = luck.integers(1, 6, 200_000)
    spend = luck.gamma(model.p * x) / (x * luck.gamma(model.q, 1 / model.v, len(x)))
    at = np.array([10.0, 25.0, 60.0])
    drawn = (spend[:, None] <= at).mean(axis=0)
    assert spending.below(model, x, at) == pytest.approx(drawn, abs=0.005)
    assert spending.apart(model, x, spend) < 0.005
    assert spending.apart(model, x, spend * 1.2) > 0.05


def test_the_distance_of_one_customer_from_the_model():
    """Her step goes from 0 to 1 where the model stands at c: the distance is the larger of c and 1 - c."""
    model, x = GammaGamma(6.0, 4.0, 15.0), np.array([2])
    chance = float(spending.below(model, x, np.array([12.0]))[0])
    assert spending.apart(model, x, np.array([12.0])) == pytest.approx(max(chance, 1 - chance))


def test_trees_by_depth():
    """Two worlds: depths 0, 0, 1 and 2, 9; the last place holds whatever goes as far as `DEEPEST`."""

    def of(*depth: int) -> Trees:
        zeros = np.zeros(len(depth), np.int64)
        return Trees(zeros, zeros, np.array(depth), zeros)

    assert spreading.shares_by_depth([of(0, 0, 1), of(2, 9)]) == [0.4, 0.2, 0.2, 0, 0, 0, 0.2]


def test_saturation_that_is_not_reached_is_a_target_that_is_missed():
    claim = spreading.measure_saturation(TINY)
    assert not claim.holds
    assert claim.measured.en == "60 % not reached"


def test_both_sizes_reward_nothing_the_plans_own_and_more():
    for size in (WHOLE, QUICK):
        assert size.rewards[0] == 0
        assert 1.0 in size.rewards
        assert list(size.rewards) == sorted(size.rewards)
