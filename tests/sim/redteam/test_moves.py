"""Moves: what a shop does not allow is not done."""

import pytest

from rules.events import DAY
from rules.plan.read import parse_plan
from sim.redteam.moves import CannotBeDoneError, Play
from sim.redteam.outcome import outcome_of
from sim.redteam.world import Good, Means, World

TEA = Good("tea", "default", 10_00, 99_99)


def play(means, **parts):
    base = {"base": {"levels": [{"level": 1, "rates": {"default": "10%"}}]}}
    plan = parse_plan({"ranks": [{"id": "member"}], "commission": base} | parts)
    return Play(World(plan, [TEA], means))


def test_an_amount_is_bought_exactly_with_few_pieces_within_the_prices():
    one = play(Means())
    one.team(2)
    one.buy(1, TEA, 250_00)
    # 250.00 needs three pieces at 99.99 at most: 2 × 83.33 + 83.34.
    assert one.case("x")["events"][3]["lines"] == [
        {"sku": "tea", "category": "default", "price": "83.33", "quantity": 2, "cost": "0.00"},
        {"sku": "tea", "category": "default", "price": "83.34", "quantity": 1, "cost": "0.00"},
    ]
    assert outcome_of(one, stays=False).profit == -250_00


def test_goods_go_back_within_the_days_for_returns():
    one = play(Means(returns=7))
    one.team(2)
    order = one.buy(1, TEA, 50_00)
    one.receive(order)
    one.wait(8)
    with pytest.raises(CannotBeDoneError, match="too late"):
        one.refund(order)


def test_a_refund_that_was_asked_for_in_time_can_be_drawn_out_a_week():
    one = play(Means(returns=7))
    one.team(2)
    order = one.buy(1, TEA, 50_00)
    one.receive(order)
    one.wait(7)
    one.ask(order)
    assert one.last_moment(order) == one.now + 7 * DAY
    one.wait(7)
    one.refund(order)
    assert outcome_of(one, stays=False).refunded == 50_00


def test_goods_that_come_by_themselves_start_the_days_for_returns():
    one = play(Means(returns=7), settlement={"auto_receive_days": 10})
    one.team(2)
    order = one.buy(1, TEA, 50_00)
    one.wait(15)
    one.receive(order)
    assert order.received == one.now - 5 * DAY


def test_nobody_lays_out_more_than_they_have():
    one = play(Means(capital=100_00))
    one.team(2)
    one.buy(1, TEA, 60_00)
    with pytest.raises(CannotBeDoneError, match="more than"):
        one.buy(1, TEA, 60_00)


def test_requests_stay_below_the_review_and_take_several_days():
    one = play(Means(), withdrawal={"minimum": 10, "per_day": 1, "review_over": 40})
    one.team(2)
    one.receive(one.buy(1, TEA, 1_000_00))
    one.settle()
    begun = one.now
    one.cash_out()
    # 100.00 of commission in 40.00, 40.00 and 20.00, on three days.
    assert outcome_of(one, stays=False).paid_out == 100_00
    assert one.now == begun + 2 * DAY


def test_what_is_below_the_minimum_stays_in_the_shop():
    one = play(Means(), withdrawal={"minimum": 20})
    one.team(2)
    one.receive(one.buy(1, TEA, 100_00))
    one.settle()
    one.cash_out()
    assert outcome_of(one, stays=False).paid_out == 0


def test_debts_count_for_those_who_stay():
    one = play(Means(returns=20), settlement={"hold_days": 0})
    one.team(2)
    order = one.buy(1, TEA, 100_00)
    one.receive(order)
    one.wait(2)
    one.cash_out()
    one.refund(order)
    assert outcome_of(one, stays=False).profit == 10_00
    assert outcome_of(one, stays=True).profit == 0
    assert outcome_of(one, stays=True).owed == -10_00


@pytest.mark.parametrize(
    ("cycle", "day"),
    [
        ({"every": "day"}, 2),
        ({"every": "week", "weekday": "thursday"}, 3),  # paid and received on Monday, 5 January 2026; no hold
        ({"every": "month"}, 27),  # 1 February
    ],
)
def test_settling_waits_for_the_cycle(cycle, day):
    one = play(Means(), settlement={"hold_days": 1, "cycle": cycle})
    one.team(2)
    one.receive(one.buy(1, TEA, 100_00))
    begun = one.now
    one.settle()
    assert (one.now - begun) // DAY == day
