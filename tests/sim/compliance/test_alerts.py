"""Alerts: what stands out does, what chance makes does not, and the usual is that of the four weeks before."""

from __future__ import annotations

import numpy as np
import pytest
from stories import PLAN, Story, date

from rules.engine import Engine
from rules.events import Names
from sim.compliance.alerts import SCORE, alerts_of, earned_by_day, scores

START = 20_458  # 2026-01-05


def series(*values: float) -> np.ndarray:
    return np.array(values, np.float64)


def test_the_score_is_the_distance_in_robust_deviations():
    """14 days of 100, 120, 100, 120, …: median 110, deviations all 10, so sigma 14.826; 200 is 90 above."""
    values = series(*[100, 120] * 7, 200)
    usual, score = scores(values * 1_000, "commission", values)
    assert np.isnan(score[:14]).all()
    assert usual[14] == 110_000
    assert score[14] == pytest.approx(90 / 14.826)


def test_one_wild_day_raises_no_bar():
    values = series(*[100, 120] * 10, 100_000, 110, 200) * 1_000
    _, score = scores(values, "commission", values)
    assert score[20] > SCORE
    assert score[22] > SCORE


def test_a_constant_figure_does_not_alert_on_a_trifle():
    """900 people a day for 20 days: chance alone makes 30 of it, and a tenth is 90."""
    values = series(*[900] * 20, 1_000, 1_400)
    _, score = scores(values, "new_members", values)
    assert score[20] == pytest.approx(100 / 90)
    assert score[21] == pytest.approx(500 / 90)


def test_a_share_of_few_orders_is_left_in_peace():
    """Half of the sales refunded: of 4 orders that is 2 deviations, of 400 it is 20."""
    values = series(*[0.0] * 20, 0.5)
    few, many = (scores(values, "refund_rate", np.full(21, orders, np.float64))[1][20] for orders in (4, 400))
    assert (few, many) == pytest.approx((2, 20))


def test_days_without_a_figure_do_not_count():
    values = series(*[np.nan, 0.1] * 13, 0.9)
    assert np.isnan(scores(values, "payout_ratio", np.full(27, 1e6))[1]).all()  # 13 days are too few
    more = series(*[np.nan, 0.1] * 14, 0.9)
    assert scores(more, "payout_ratio", np.full(29, 1e6))[1][28] == pytest.approx(0.8 / 0.01)


def test_only_the_four_weeks_before_are_usual():
    values = series(*[5_000_000] * 30, *[100_000] * 28, 100_000)
    usual, _ = scores(values, "commission", values)
    assert usual[58] == 100_000


def book_of(story: Story):
    engine = Engine.open([PLAN], Names(), 4, START)
    engine.apply(story.events)
    return engine.book


def test_the_busiest_member_and_without_closes():
    """Orders of 100.00 on January 6 (10.00 for 2, 5.00 for 1), of 50.00 on the 7th (5.00 for 1); the team pay of
    January, booked at the midnight of February 1, is left out. The bonuses of 3.00 are of January 5."""
    story = Story().joins("01-05", 0).joins("01-05", 1, 0).joins("01-05", 2, 1).joins("01-05", 3, 2)
    story.buys("01-06", 3, 10_000).buys("01-07", 2, 5_000).ends("02-02")
    whole, most, who = earned_by_day(book_of(story), START, 28)
    assert whole.tolist() == [900, 1_500, 750] + [0] * 25
    assert most.tolist() == [300, 1_000, 500] + [0] * 25
    assert who.tolist()[1:] == [2, 1] + [-1] * 25


def test_a_day_that_stands_out_is_told_with_its_member():
    """2 earns 1.00 a day for 20 days, then 1,000.00."""
    story = Story().joins("01-05", 0).joins("01-05", 1, 0)
    for day in range(6, 26):
        story.buys(f"01-{day:02d}", 1, 1_000)
    story.buys("01-26", 1, 1_000_000)
    book, flat = book_of(story), np.zeros(22, np.int64)
    gmv = np.array([0] + [1_000] * 20 + [1_000_000])
    daily = {"gmv": gmv, "orders": flat + 1, "new_members": flat, "refund_rate": flat.astype(np.float64)}
    found = alerts_of(daily, book, Names(members=["ann", "bob", "cid", "dan"]), START)
    assert [(one.day, one.figure, one.member) for one in found] == [
        (date("01-26"), "commission", ""),
        (date("01-26"), "busiest_member", "ann"),
    ]
    assert (found[0].value, found[0].usual, found[1].value) == (100_000, 100, 100_000)
    assert found[0].is_money
