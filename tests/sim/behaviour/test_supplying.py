"""Suppliers: whose a sku is, what a rating comes to, who is suspended, and where demand goes then."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

from rules.money import PPM
from sim.behaviour.supplying import UNRATED, Shelf, priced, rating, supply_of
from sim.conditions import Admission, AfterSales, Supplier
from sim.goods import figures_of

GOOD = Supplier(id="good", categories=["fmcg", "digital", "cosmetics"], quality="95%")
BAD = Supplier(id="bad", categories=["fmcg", "cosmetics"], quality="60%", late="50%", delay=(6, 9), price="0.8")


@pytest.fixture(scope="module")
def market():
    return worlds.model(100, 5).world.market


def scenario(*suppliers, **changed):
    return worlds.scenario().model_copy(update={"suppliers": list(suppliers), **changed})


def shelf(market, *suppliers, months: int = 2) -> Shelf:
    given = scenario(*suppliers)
    return Shelf(supply_of(given, market), market, Admission(expel_below=60, months=months, least=10))


def test_suppliers_take_turns_in_the_skus_of_a_category(market):
    supply = supply_of(scenario(GOOD, BAD), market)
    assert supply.of_sku[:4].tolist() == [0, 1, 0, 1]  # fmcg
    assert set(supply.of_sku[40:70].tolist()) == {0}  # digital: 40 skus before it, 30 of its own
    assert supply.of_sku[70:73].tolist() == [0, 1, 0]  # cosmetics


def test_quality_in_faults():
    """Usual is 90 %: 10 % of faults. 95 % have half of them, 60 % four times as many; of returns half depend on it."""
    supply = supply_of(scenario(GOOD, BAD), worlds.model(100, 5).world.market)
    assert supply.faults.tolist() == [0.5, 4.0]
    assert supply.returns.tolist() == [0.75, 2.5]


def test_what_the_shop_pays_is_times_the_price(market):
    cost = priced(market, scenario(GOOD, BAD)).cost
    assert cost[0] == market.cost[0]
    assert cost[1] == market.cost[1] * 800_000 // PPM


@pytest.mark.parametrize(
    ("counts", "score"),
    [
        ((200, 0, 0, 0), 100),
        ((200, 20, 4, 10), 79),  # 30 x 20/200 / 30 % = 10; 40 x 4/200 / 10 % = 8; 30 x 10/200 / 40 % = 3.75: 3
        ((100, 30, 0, 0), 70),  # all points for returns
        ((100, 90, 90, 90), 0),  # no more than all points
        ((3, 1, 0, 0), 70),
        ((0, 0, 0, 0), UNRATED),
    ],
)
def test_rating(counts, score):
    assert rating(*counts) == score


WELL, BADLY, FEW = [100, 5, 1, 2], [100, 40, 20, 50], [9, 9, 9, 9]


def test_two_months_in_a_row_suspend_and_one_does_not(market):
    ours = shelf(market, GOOD, BAD)
    for month, (row, suspended) in enumerate([(BADLY, False), (WELL, False), (BADLY, False), (BADLY, True)], 1):
        ours.close_month(30 * month, np.array([WELL, row]))
        assert ours.suspended.tolist() == [False, suspended]
    assert ours.since.tolist() == [-1, 120]
    assert [row[1] for row in ours.scores] == [0, 90, 0, 0]  # well: 100 less 5, 4 and 1.5, of which 1


def test_a_month_with_few_deliveries_is_not_rated_and_does_not_break_the_row(market):
    ours = shelf(market, GOOD, BAD)
    for month, row in enumerate([BADLY, FEW, BADLY]):
        ours.close_month(30 * month, np.array([WELL, row]))
    assert [row[1] for row in ours.scores] == [0, UNRATED, 0]
    assert ours.suspended.tolist() == [False, True]


def test_the_last_supplier_of_a_category_stays(market):
    ours = shelf(market, GOOD, BAD, months=1)
    ours.close_month(30, np.array([BADLY, WELL]))  # nobody else has digital
    assert not ours.suspended.any()


def test_demand_moves_to_the_nearest_goods_of_the_category(market):
    ours = shelf(market, GOOD, BAD, months=1)
    asked = np.array([[1, -1], [2, 71]], np.int32)
    assert ours.on_sale(asked).tolist() == asked.tolist()
    ours.close_month(30, np.array([WELL, BADLY]))
    assert ours.on_sale(asked).tolist() == [[0, -1], [2, 70]]  # both neighbours are as near: the cheaper


def test_a_bad_supplier_is_found_out_and_sells_nothing_after_that():
    rule = Admission(expel_below=60, months=1, least=20)
    market = {"suppliers": [GOOD, BAD], "after_sales": AfterSales(), "admission": rule}
    model = worlds.model(6000, 75, market=market).run()
    good, bad = figures_of(model).suppliers
    assert good.suspended is None
    assert bad.suspended.isoformat() == "2026-02-01"  # January was its first month
    assert bad.ratings[0] < 60 < good.ratings[0]
    assert bad.late / bad.deliveries > 0.4
    lines, orders = model.store.book.rows("lines"), model.store.book.rows("orders")
    day = np.repeat(orders["placed_at"] // 86_400 - model.world.start, orders["lines"])
    theirs = model.world.goods.supply.of_sku[lines["sku"]] == 1
    assert theirs[day < 27].any()
    assert not theirs[day >= 27].any()  # the world begins on 5 January
