"""Futures are what the fitted models expect, each a function of seed and number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rules.errors import InputError
from rules.events import DAY, EventLog
from sim.cli.common import load_plan
from sim.forecast.customers import WEEK, Customers, Sales, customers_of, sales_of
from sim.forecast.fan import Fan, score
from sim.forecast.future import arrivals, future_of
from sim.forecast.plans import commission_by_week
from sim.forecast.study import back_test, outlook
from sim.history.bgnbd import BgNbd
from sim.history.gammagamma import GammaGamma
from sim.history.replay import replay
from sim.history.shipped import Past, cdnow

PLANS = [load_plan(name) for name in ("three_tier", "three_level")]


@pytest.fixture(scope="module")
def past() -> Past:
    return cdnow(sample=True)


@pytest.fixture(scope="module")
def customers(past) -> Customers:
    """CDNOW's customers after 39 weeks, their parameters known for sure."""
    sales = sales_of(past.log)
    found = customers_of(sales, int(sales.day.min()) + 39 * WEEK - 1)
    blocks = {
        name: block.model_copy(update={"covariance": (0 * np.eye(len(block.at))).tolist()})
        for name, block in (("buying", found.buying), ("spending", found.spending))
    }
    return replace(found, **blocks)


def test_the_models_are_those_of_the_papers(customers):
    assert customers.buying.at == pytest.approx([0.2426, 4.4135, 0.7929, 2.4258], rel=2e-3)  # docs/VALIDATION.md
    assert (len(customers.x), int(customers.x.sum())) == (2_357, 2_457)


def test_futures_have_the_mean_that_the_model_expects(customers):
    expected = BgNbd(*customers.buying.at).conditional(customers.x, customers.t_x, customers.T, 39.0).sum()
    counts = [len(future_of(customers, 39, 1, number).fen) for number in range(40)]
    assert customers.newcomers == 0  # all came in the first twelve weeks
    assert abs(np.mean(counts) - expected) < 4 * np.std(counts) / np.sqrt(len(counts))


def test_what_is_spent_has_the_mean_that_the_model_expects(customers):
    model = GammaGamma(*customers.spending.at)
    each = model.conditional(np.where(customers.spend > 0, customers.x, 0), customers.spend)
    counts, fen = np.zeros(len(customers.x)), 0
    for number in range(40):
        future = future_of(customers, 39, 2, number)
        counts += np.bincount(future.person, minlength=len(counts))
        fen += int(future.fen.sum())
    assert fen / 100 == pytest.approx(float(counts @ each), rel=0.02)


def test_a_future_is_a_function_of_seed_and_number(customers):
    one, again = (future_of(customers, 20, 3, 5) for _ in range(2))
    longer, other = future_of(customers, 30, 3, 5), future_of(customers, 20, 4, 5)
    assert (one.fen == again.fen).all()
    assert (one.week == again.week).all()
    inside = longer.week < 20  # more weeks move nothing that comes before
    assert (longer.person[inside] == one.person).all()
    assert (longer.fen[inside] == one.fen).all()
    assert len(other.fen) != len(one.fen) or (other.fen != one.fen).any()


def test_newcomers_come_as_lately():
    counts = [len(arrivals(80, 10, 7, number)) for number in range(200)]
    assert np.mean(counts) == pytest.approx(80 / 8 * 10, rel=0.05)
    assert np.var(counts) > 1.5 * np.mean(counts)  # their rate is not known for sure either
    assert len(arrivals(0, 10, 7, 0)) == 0


def test_every_purchase_of_a_future_is_an_order_that_the_rules_take(past, customers):
    some = replace(customers, newcomers=24)
    future = future_of(some, 10, 1, 0)
    assert len(future.arrived) > 10
    booked = commission_by_week(past, PLANS, some, future, 10, 1, 0)
    again = commission_by_week(past, PLANS[1:], some, future, 10, 1, 0)
    assert (booked[1] == again[0]).all()  # whatever else is looked at
    assert all(one.sum() > 0 for one in booked)
    end = (some.end + 1) * DAY
    alone = EventLog(past.log.events[past.log.events["time"] < end], past.log.names)
    before = replay(alone, PLANS, past.start_day, past.opening)
    assert all((one.entries["time"] < end).all() for one in before)


def test_commission_of_a_known_future_is_that_of_a_replay(past):
    """Where what came is taken for the future, the weeks are those of the log itself."""
    found = back_test(past, PLANS, 20, 2, 1)
    whole = replay(past.log, PLANS, past.start_day, past.opening)
    end = (found.outlook.customers.end + 1) * DAY
    for one in whole:
        later = one.entries["time"] >= end
        inside = later & (one.entries["time"] < end + 20 * WEEK * DAY)
        assert found.actual[one.plan].sum() == one.entries["amount"][inside].sum()
    sold = sales_of(past.log)
    assert found.actual["gmv"].sum() == sold.fen[sold.day > found.outlook.customers.end].sum()


def test_a_forecast_of_half_a_year_of_cdnow_is_near(past):
    found = back_test(past, PLANS[:1], 26, 20, 1)
    assert abs(found.scores["gmv"].error) < 0.1
    assert abs(found.scores["three_tier"].error) < 0.1
    assert found.scores["purchases"].weekly_error < found.scores["purchases"].naive


def test_a_doubtful_model_widens_the_fan(past):
    narrow, wide = (outlook(past, PLANS[:1], 8, 16, 1, off=off).purchases.totals for off in (0.0, 0.3))
    assert wide[4] - wide[0] > 2 * (narrow[4] - narrow[0])


def test_scores_are_what_they_say():
    fan = Fan(np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]))
    found = score(fan, np.array([2.0, 8.0]), np.array([3.0]))
    assert found.inside == (0.5, 0.5)
    assert found.error == pytest.approx(6 / 10 - 1)
    assert not found.total_inside
    assert found.weekly_error == pytest.approx(2 / 5)
    assert found.naive == pytest.approx((1 + 5) / 2 / 5)


def test_what_the_data_do_not_determine_has_no_width(past):
    alike = Sales(np.repeat(np.arange(20), 5), np.tile(np.arange(5) * WEEK, 20), np.full(100, 500))
    found = customers_of(alike, 5 * WEEK)
    assert not found.is_clear
    assert not np.array([*found.buying.covariance, *np.pad(found.spending.covariance, ((0, 0), (0, 1)))]).any()
    sales = sales_of(past.log)
    assert customers_of(sales, int(sales.day.max())).is_clear


def test_too_little_is_refused(past):
    few = Sales(np.arange(5), np.arange(5), np.full(5, 100))
    with pytest.raises(InputError, match="came back"):
        customers_of(few, 10)
    with pytest.raises(InputError, match="a back-test of 75 weeks"):
        back_test(past, PLANS[:1], 75, 2, 1)
    with pytest.raises(InputError, match="given twice"):
        outlook(past, [PLANS[0], PLANS[0]], 2, 2, 1)
