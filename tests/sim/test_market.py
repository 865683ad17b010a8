"""The market: prices with shop endings, costs below prices, the calendar day by day."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

from sim.market import PLENTY, compile_channels, compile_market, cumulative, price_ladder, shop_price


def market(days: int = 60, hourly=None, weekdays=(1.0,) * 7):
    given = worlds.scenario()
    start = given.start.toordinal() - 719_163
    return compile_market(given.catalogue.categories, given.calendar, days, weekdays, start, hourly)


def test_skus_by_category_and_price():
    made = market()
    assert made.categories == ["fmcg", "digital", "cosmetics"]
    assert made.first.tolist() == [0, 40, 70, 100]
    assert len(made.skus) == len(set(made.skus)) == 100
    assert made.skus[40] == "digital-1"
    for begin, end in zip(made.first, made.first[1:], strict=False):
        assert (np.diff(made.price[begin:end]) >= 0).all()
        assert len(set(made.category[begin:end].tolist())) == 1
    assert made.cheapest == 0
    assert (made.stock == PLENTY).all()


def test_cost_leaves_the_margin():
    made = market()
    margin = np.array([0.35, 0.18, 0.55])[made.category]
    assert made.cost == pytest.approx(made.price * (1 - margin), abs=1)
    assert (made.cost <= made.price * (1 - margin) + 1e-9).all()


@pytest.mark.parametrize(
    ("fen", "price"),
    [(3, 10), (124, 120), (998, 1000), (1049, 1090), (9_999, 9_990), (10_040, 10_000), (123_456, 123_500)],
)
def test_shop_prices(fen, price):
    assert shop_price(fen) == price


def test_prices_rise_evenly_in_the_logarithm():
    prices = price_ladder((1_000, 100_000), 21)
    assert np.diff(np.log(prices)) == pytest.approx(np.log(100) / 20, abs=0.1)
    assert price_ladder((4_000, 4_000), 1).tolist() == [4_090]
    assert (np.diff([shop_price(fen) for fen in range(1, 30_000)]) >= 0).all()


def test_the_calendar():
    made = market(50)
    assert made.traffic[13] == 1.5
    assert made.traffic[44] == 2.5
    assert made.discount[[12, 13, 44]].tolist() == [0, 100_000, 200_000]
    assert made.clock[-1] == pytest.approx(made.traffic.sum())
    assert np.diff(made.promo) == pytest.approx(made.traffic * made.discount / 1e6)
    assert market(20).discount.max() == 100_000


def test_weekdays_from_monday():
    made = market(8, weekdays=(1, 2, 3, 4, 5, 6, 7))
    assert worlds.scenario().start.weekday() == 0
    assert made.traffic.tolist() == [1, 2, 3, 4, 5, 6, 7, 1]


def test_hours():
    flat = market(hourly=[1.0] * 24)
    assert flat.hours == pytest.approx(np.arange(25) / 24)
    assert market().hours[-1] == 1.0
    assert cumulative([1, 3]).tolist() == [0.25, 1.0]


def test_channels():
    made = compile_channels(worlds.scenario().channels, 0.1)
    assert made.names == ["wechat", "h5"]
    assert made.open.tolist() == [1.0, 0.7]
    assert made.convert == pytest.approx([1.0, 0.8 * 0.9])
    assert compile_channels([], 0.1).names == ["shop"]
