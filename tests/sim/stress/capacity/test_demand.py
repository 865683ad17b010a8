"""What a calendar asks of a store, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rules.errors import InputError
from rules.payout.hold import Settlement
from scenarios.find import find
from sim.scenario import read_scenario
from sim.stress.capacity.demand import DAY, HOUR, Demand, Habits, demand_of
from sim.stress.capacity.kinds import Kind
from sim.stress.capacity.pricing import Pricing
from sim.stress.capacity.promo import live_through
from sim.stress.capacity.service import ASSUMED
from sim.stress.capacity.shop import Review, Shop
from sim.stress.capacity.trail import Chain, trail_of

THREE_TIER = read_scenario(*find("markets", "three_tier"))
WEEKLY = Settlement.model_validate({"hold_days": 7, "cycle": {"every": "week", "weekday": "monday", "at": "02:00"}})


@pytest.fixture(scope="module")
def demand() -> Demand:
    return demand_of(THREE_TIER, WEEKLY, people=20_000)


def test_people_buy_at_the_mean_rate(demand):
    assert demand.usual == pytest.approx(20_000 * 0.7 / 3 / 7)  # r / alpha a week


def test_the_busiest_day_is_that_of_the_calendar(demand):
    """Day 163 is a Wednesday: weekday 0.95, traffic 3, discount 15 % with a response of 2.5."""
    assert demand.busiest == 163
    assert demand.date(163).isoformat() == "2026-06-17"
    assert demand.on_day(163) == pytest.approx(demand.usual * 0.95 * 3 * (1 + 0.15 * 2.5))
    assert demand.on_day(-1) == demand.on_day(9_999) == demand.usual


def test_a_promo_day_begins_its_evening_with_a_rush(demand):
    """The busiest hour of the profile is 21:00, 9.4 of 94.4."""
    flat, promo = demand.minutes(10), demand.minutes(163)
    total = float(demand.hourly.sum())
    assert flat[21 * 60] == pytest.approx(9.4 / total / 60)
    assert promo[21 * 60] == pytest.approx(0.9 * 9.4 / total / 60 + 0.1 / 10)
    assert promo[21 * 60 + 10] == pytest.approx(0.9 * 9.4 / total / 60)
    assert flat.sum() == pytest.approx(1)
    assert promo.sum() == pytest.approx(1)


def test_the_busiest_minute(demand):
    peak = demand.peak()
    placed = demand.on_day(163) * demand.minutes(163)[21 * 60] / 60
    assert peak[Kind.place] == pytest.approx(placed)
    assert peak[Kind.click] == pytest.approx(10 * placed)
    assert peak[Kind.notice] == pytest.approx(0.05 * 0.92 * placed)
    week = np.mean([demand.on_day(day) for day in range(156, 163)])
    assert peak[Kind.ship] == pytest.approx(0.92 * week / (9 * HOUR))


def test_settlement_comes_on_mondays_at_two(demand):
    assert demand.next_settlement(0) == 2 * HOUR  # day 0 is a Monday
    assert demand.next_settlement(2 * HOUR) == 2 * HOUR
    assert demand.next_settlement(2 * HOUR + 1) == 7 * DAY + 2 * HOUR
    assert demand.next_settlement(-1 * DAY) == 2 * HOUR


def test_the_chain_of_an_order_is_in_order(demand):
    chain = Chain(demand, 3, 163)
    count = len(chain.placed)
    assert abs(count - demand.on_day(163)) < 5 * demand.on_day(163) ** 0.5
    assert len(chain.paid) == pytest.approx(0.92 * count, rel=0.03)
    assert (chain.shipped >= chain.paid).all()
    assert (chain.received >= chain.shipped).all()
    assert ((chain.shipped % DAY >= 9 * HOUR) & (chain.shipped % DAY <= 18 * HOUR)).all()
    assert len(chain.due) + len(chain.refunded) == len(chain.paid)
    assert len(chain.refunded) / len(chain.paid) == pytest.approx(demand.refunded, abs=0.02)
    in_rush = ((chain.placed % DAY >= 21 * HOUR) & (chain.placed % DAY < 21 * HOUR + 600)).mean()
    assert in_rush == pytest.approx(demand.minutes(163)[1260:1270].sum(), abs=0.02)


def test_every_order_becomes_available_once(demand):
    """Releases of eight weeks hold the orders of eight weeks, as many as are due."""
    trail = trail_of(demand, 3, 60, 56)
    assert [when % (7 * DAY) for when, _ in trail.releases] == [(when0 := trail.releases[0][0]) % (7 * DAY)] * 8
    assert when0 >= 0
    kept = 0.92 * (1 - demand.refunded)
    orders = sum(demand.on_day(day) for day in range(48, 104))  # about 12 days from payment to settlement
    assert sum(count for _, count in trail.releases) == pytest.approx(kept * orders, rel=0.06)


def test_a_trail_is_in_order_and_in_its_window(demand):
    trail = trail_of(demand, 3, 163, 2)
    assert (np.diff(trail.at) >= 0).all()
    assert trail.at[0] >= 0
    assert trail.at[-1] < 2 * DAY
    clicks, placed = ((trail.kinds == kind).sum() for kind in (Kind.click, Kind.place))
    assert clicks / placed == pytest.approx(10, rel=0.05)
    again, other = trail_of(demand, 3, 163, 2), trail_of(demand, 4, 163, 2)
    assert np.array_equal(trail.at, again.at)
    assert len(other.at) != len(trail.at)


def test_a_promo_day_that_is_too_much_piles_up_and_lasts(demand):
    """On a server 8,000 times as slow an order takes 2.4 s of it and a payment 1.8 s: in the rush, with one order in
    two seconds, they wait and notices are repeated. On one that is not, nobody waits."""
    busy = replace(demand, habits=Habits(clicks=0.0))
    slow = Shop(review=Review(people=1, minutes=90.0))
    works = {kind: replace(work, server_ms=work.server_ms * 8_000) for kind, work in ASSUMED.works.items()}
    times = replace(ASSUMED, works=works)
    promo = live_through(busy, Pricing(slow, times, 1), days=1)
    assert promo.backlog_max["orders"] > 20
    assert promo.lasts["orders"] >= 600
    assert promo.repeated > 0
    assert promo.whole
    fine = live_through(busy, Pricing(slow, ASSUMED, 1), days=1)
    assert fine.backlog_max["orders"] <= 3
    assert fine.repeated == 0
    assert fine.latency_ms["pay"]["p95"] < 10 < promo.latency_ms["pay"]["p50"]


def test_of_too_many_transactions_the_busiest_hours_are_lived_through():
    daily = demand_of(THREE_TIER, Settlement(), people=20_000)
    whole = live_through(daily, Pricing(Shop(), ASSUMED, 1), days=1)
    part = live_through(daily, Pricing(Shop(), ASSUMED, 1), days=1, most=8_000)
    assert not part.whole
    assert 4_000 < part.transactions <= 8_300  # hours are chosen by the mean
    assert part.begins <= 21 * HOUR < part.ends
    for name in ("reviews", "payouts"):  # money is followed for the whole window
        assert part.backlog_max[name] == whole.backlog_max[name]
    assert part.calls == whole.calls
    assert whole.ends == DAY


def test_no_orders_are_refused():
    with pytest.raises(InputError):
        demand_of(THREE_TIER, WEEKLY, people=100, orders_per_day=0)


def test_more_orders_than_are_followed_one_by_one_are_refused():
    with pytest.raises(InputError, match="busiest day"):
        demand_of(THREE_TIER, WEEKLY, people=100, orders_per_day=1_000_000)


def test_hours_alone_have_the_orders_that_they_have_in_the_whole(demand):
    whole, part = trail_of(demand, 3, 163, 2), trail_of(demand, 3, 163, 2, (20, 23))
    inside = (whole.at >= 20 * HOUR) & (whole.at < 23 * HOUR)
    for kind in (Kind.place, Kind.pay, Kind.withdraw):
        assert np.array_equal(whole.at[inside & (whole.kinds == kind)], part.at[part.kinds == kind])
    assert (part.kinds == Kind.click).sum() == pytest.approx((whole.kinds[inside] == Kind.click).sum(), rel=0.06)
    assert np.array_equal(whole.withdrawals, part.withdrawals)
