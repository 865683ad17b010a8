"""Earning: what a plan announces, what experience teaches, and that only amounts matter."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

from rules.plan.read import parse_plan
from sim.behaviour import earning
from sim.behaviour.parameters import Behaviour
from sim.behaviour.world import STATE

GIVEN = Behaviour()
BASKET = GIVEN.p * GIVEN.v * 100 / (GIVEN.q - 1)


@pytest.fixture(scope="module")
def market():
    return worlds.model(20, 10).world.market


def announced(market, day=30, **plan):
    made = parse_plan({"ranks": [{"id": "member"}, {"id": "promoter"}], **plan})
    return made, earning.announce(made, market, GIVEN, earning.regime_on(made, 0, day))


def base(rates, **level):
    return {"base": {"levels": [{"level": 1, "rates": rates, **level}, {"level": 2, "rates": {"default": "9%"}}]}}


def test_base_rates_by_weight_and_rank(market):
    _, found = announced(market, commission=base({"fmcg": "8%", "digital": "3%", "default": "5%"}, ranks=["promoter"]))
    assert found.order == pytest.approx([0, BASKET * (0.5 * 0.08 + 0.2 * 0.03 + 0.3 * 0.05)])
    assert found.first.tolist() == [0, 0]


def test_rates_by_rank_and_fixed_amounts(market):
    _, found = announced(
        market, commission=base({"default": "5%"}, by_rank={"promoter": {"default": {"fixed": "0.88"}}})
    )
    assert found.order == pytest.approx([0.05 * BASKET, 88])


def test_the_first_step_of_a_ladder(market):
    ladder = {"brackets": [{"from": 0, "rate": "5%"}, {"from": 100, "rate": "50%"}], "ranks": ["promoter"]}
    _, found = announced(market, commission={"ladder": ladder})
    assert found.order == pytest.approx([0, 0.05 * BASKET])


def test_the_bonus_on_a_first_promoted_order(market):
    bonuses = [
        {"id": "n", "event": "first_promoted_order", "pay": 50, "ranks": ["promoter"]},
        {"id": "s", "event": "promotion_streak", "days": 7, "pay": 100},
    ]
    _, found = announced(market, bonuses=bonuses)
    assert found.first.tolist() == [0, 5000]


def test_campaigns_while_they_last(market):
    plan = {
        "commission": base({"default": "4%"}),
        "campaigns": [{"id": "launch", "days": [0, 13], "multiply": {"base": "1.5"}, "categories": ["fmcg"]}],
    }
    assert announced(market, 13, **plan)[1].order == pytest.approx([0.05 * BASKET] * 2)
    assert announced(market, 14, **plan)[1].order == pytest.approx([0.04 * BASKET] * 2)


def test_seeds_get_the_lowest_paid_rank(market):
    paid, _ = announced(market, commission=base({"default": "4%"}, ranks=["promoter"]))
    assert earning.first_paid_rank(paid, market, GIVEN) == 1
    assert earning.first_paid_rank(announced(market)[0], market, GIVEN) == 0


def learned(weeks, cost=100.0):
    """Effort after weeks of (fen earned, shares made)."""
    one = np.zeros(1, np.int32)
    names = ("earned", "shared", "shares", "per_share", "income", "swing")
    state = {name: np.zeros(1, STATE[name].dtype) for name in names}
    effort, bar = np.zeros(1, np.float32), np.zeros(1, np.uint32)
    efforts = []
    for fen, count in weeks:
        state["shared"][0] = count
        earning.learn(one, state["earned"] + fen, 0.25, *state.values())
        earning.weigh(
            one, np.array([50.0]), 8.0, np.array([10.0]), 0.4, 1.0, state["per_share"], state["swing"], state["shares"],
            np.array([cost], np.float32), np.array([0.5], np.float32), effort, bar,
        )  # fmt: skip
        efforts.append(float(effort[0]))
        assert bar[0] == pytest.approx(0.5 * efforts[-1] * (2**32 - 1), rel=1e-6)
    return efforts


def test_effort_follows_what_sharing_earns():
    rich, poor = learned([(2000, 10)] * 20), learned([(0, 10)] * 20)
    assert rich[-1] > 0.6 > 0.2 > poor[-1] > 0
    assert learned([(0, 0)])[-1] == pytest.approx(60 / 160, rel=1e-6)


def test_dear_sharing_is_done_less():
    assert learned([(1000, 10)] * 10, cost=400.0)[-1] < learned([(1000, 10)] * 10)[-1]


def test_swings_drive_people_away():
    steady = learned([(1000, 5)] * 40)[-1]
    swinging = np.mean(learned([(2000, 5), (0, 5)] * 20)[-2:])
    assert swinging < 0.9 * steady


def test_clawbacks_do_not_turn_effort_negative():
    assert min(learned([(-5000, 5)] * 10)) >= 0
