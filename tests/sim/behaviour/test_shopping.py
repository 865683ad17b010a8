"""Shopping: the world's own orders are BG/NBD; traffic and prices warp its time; a person's orders are her own luck."""

from __future__ import annotations

import numpy as np
import pytest
import worlds
from scipy.special import hyp2f1

from rules.events import DAY, Kind

COHORT = {
    "sharing": 0, "seeds": 0, "organic": 0.5, "first_purchase": 1, "same_visit": 1, "payment_failure": 0,
    "price_response": 0, "weekday_traffic": [1] * 7,
}  # fmt: skip
QUIET = {"channels": [], "calendar": []}


def orders_of(people, days, behaviour, market=QUIET, seed=1):
    _, events = worlds.logged(people, days, seed=seed, behaviour=behaviour, market=market)
    return events[(events["kind"] == Kind.order) & (events["line"] == 1)]


def expected_repeats(weeks, r=0.243, alpha=4.414, a=0.793, b=2.426):
    """E[X(t)] of BG/NBD: Fader, Hardie & Lee (2005), equation 9."""
    series = hyp2f1(r, b, a + b - 1, weeks / (alpha + weeks))
    return (a + b - 1) / (a - 1) * (1 - (alpha / (alpha + weeks)) ** r * series)


@pytest.fixture(scope="module")
def cohort():
    orders = orders_of(20_000, 78 * 7 + 30, COHORT)
    orders = orders[np.lexsort((orders["time"], orders["member"]))]
    new = np.append(True, np.diff(orders["member"]) != 0)
    first = orders["time"][new][np.cumsum(new) - 1]
    return orders["member"], (orders["time"] - first) / (7 * DAY), np.count_nonzero(new)


@pytest.mark.parametrize("weeks", [13, 26, 39, 52, 65, 78])
def test_cumulative_repeats_are_those_of_the_model(cohort, weeks):
    _, age, buyers = cohort
    assert buyers == 20_000
    repeats = np.count_nonzero((age > 0) & (age <= weeks))
    assert repeats / buyers == pytest.approx(expected_repeats(weeks), rel=0.03)


def test_share_of_people_who_never_come_back(cohort):
    """P(X(t) = 0) of BG/NBD is (alpha / (alpha + t)) ** r."""
    members, age, buyers = cohort
    back = len(np.unique(members[(age > 0) & (age <= 39)]))
    assert 1 - back / buyers == pytest.approx((4.414 / (4.414 + 39)) ** 0.243, rel=0.015)


def test_double_traffic_is_double_speed():
    slow = orders_of(1500, 61, COHORT | {"organic": 20})
    fast = orders_of(1500, 31, COHORT | {"organic": 10, "weekday_traffic": [2] * 7})
    assert len(fast) == pytest.approx(len(slow), rel=0.02)


def test_a_discount_brings_orders_forward_but_makes_none():
    sale = {"channels": [], "calendar": worlds.scenario().calendar}
    busy = COHORT | {"r": 2.0, "alpha": 4.0, "organic": 20}
    plain = orders_of(3000, 60, busy)
    keen = orders_of(3000, 60, busy | {"price_response": 3}, sale)
    of_day = [np.bincount(one["time"] // DAY - one["time"].min() // DAY, minlength=60) for one in (plain, keen)]
    assert of_day[1][44] > 2.5 * of_day[0][44]
    before = [{int(m) for m in one["member"]} for one in (plain, keen)]
    assert before[0] == before[1]


def test_first_purchases_in_the_same_visit_or_later():
    orders = orders_of(4000, 60, COHORT | {"organic": 20, "first_purchase": 0.6, "same_visit": 0.5, "r": 0.001})
    day = orders["time"] // DAY - orders["time"].min() // DAY
    assert len(orders) == pytest.approx(4000 * 0.6, rel=0.05)
    assert np.count_nonzero(day == 0) == pytest.approx(4000 * 0.3, rel=0.07)
    assert day[day > 0].mean() == pytest.approx(1 + 9.0 - 0.5, rel=0.07)


def test_channels_convert_differently():
    orders = orders_of(4000, 20, COHORT | {"first_purchase": 0.5}, {"channels": worlds.scenario().channels})
    buyers = {int(m): int(c) for m, c in zip(orders["member"], orders["channel"], strict=True)}
    wechat = sum(channel == 0 for channel in buyers.values())
    assert (len(buyers) - wechat) / wechat == pytest.approx(0.3 / 0.7 * 0.8 * 0.92, rel=0.08)
