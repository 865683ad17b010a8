"""Stock warnings: when goods last for too few days, once; and orders that come twice take no stock."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

from rules.events import Kind
from sim.conditions import Warnings
from sim.goods import figures_of
from sim.rows import blanks
from sim.store.memory import MemoryStore
from sim.store.warning import StockWatch, Warned


class Shelves:
    """A store of which only the shelves matter."""

    def __init__(self, pieces: list[int]) -> None:
        self.stock, self.reserved = np.array(pieces), np.zeros(len(pieces), np.int64)

    def sell(self, *pieces: int) -> None:
        self.stock, self.reserved = self.stock - pieces, self.reserved + pieces


def test_a_sku_is_warned_of_when_it_lasts_for_too_few_days_and_again_after_it_was_well():
    """A window of 2 days, 3 days' notice: low where pieces x 2 < sold x 3.

    Day 0: sold 4, left 16: 32 >= 12. Day 1: sold 8 in two days, left 12: 24 = 24 is enough. Day 2: 9 in two days, left
    7: 14 < 27, warned. Day 3: 5, still 14 < 15, said already. Day 4: 30 arrive: well. Day 5: 20 sold in two days, left
    17: 34 < 60, warned again. The other sku sells nothing: 0 pieces that nobody wants are no warning.
    """
    watch, store = StockWatch(Warnings(warn_days=3, window=2), 2), Shelves([20, 0])
    for day, sold in enumerate([4, 4, 5, 0, 0, 20]):
        if day == 4:
            store.stock = store.stock + np.array([30, 0])
        store.sell(sold, 0)
        watch.observe(day, store)
    assert watch.warnings == [Warned(2, 0, 7, 9), Warned(5, 0, 17, 20)]


@pytest.fixture(scope="module")
def model():
    catalogue = worlds.scenario().catalogue
    scarce = [one.model_copy(update={"stock": 6, "restock": 1}) for one in catalogue.categories[:1]]
    catalogue = catalogue.model_copy(update={"categories": scarce + catalogue.categories[1:]})
    return worlds.model(
        4000, 40, behaviour={"organic": 0.02, "r": 1.5}, market={"catalogue": catalogue, "stock": Warnings()}
    ).run()


def test_goods_arrive_every_night_nothing_is_oversold_and_what_is_lost_is_counted(model):
    counts, stock = model.store.counts, figures_of(model).stock
    assert counts.replenished == 40 * 40  # 40 skus, one piece each night; at the opening the shelves are full
    assert (stock.oversold, counts.oversold) == (0, 0)
    assert stock.lost_orders == counts.refused_orders > 10
    assert stock.short_pieces == counts.short_pieces >= stock.lost_orders
    assert stock.short_value == sum(
        int(pieces) * int(price) for pieces, price in zip(model.store.short(), model.world.market.price, strict=True)
    )


def test_warnings_name_what_ran_short(model):
    stock = figures_of(model).stock
    assert len(stock.warnings) > 5
    assert all(one.sku.startswith("fmcg-") for one in stock.warnings)
    assert all(one.left * 7 < one.sold * 7 for one in stock.warnings)
    assert [one.day for one in stock.warnings] == sorted(one.day for one in stock.warnings)


class Taker:
    """An engine that books nothing."""

    book = None

    def apply(self, events):
        return events[:0]


def placed(order: int, time: int, quantity: int, other: int = -1):
    row = blanks(1)
    row["kind"], row["order"], row["time"], row["sku"] = Kind.order, order, time, 0
    row["quantity"], row["other"], row["line"], row["price"] = quantity, other, 1, 100
    return row


def test_an_order_that_repeats_another_takes_no_stock_and_names_it_by_its_new_number():
    """3 pieces: order 0 takes 2, order 1 wants 2 and is refused, order 2 repeats order 0, order 3 repeats order 1,
    order 4 takes the last, order 5 repeats order 4, whose new number is 2."""
    store = MemoryStore(Taker(), np.array([3]), np.array([0]), start_day=0)
    rows = [placed(0, 10, 2), placed(1, 20, 2), placed(2, 30, 2, 0), placed(3, 40, 2, 1), placed(4, 50, 1)]
    accepted, _ = store.apply(np.concatenate([*rows, placed(5, 60, 1, 4)]))
    assert accepted["order"].tolist() == [0, 1, 2, 3]
    assert accepted["other"].tolist() == [-1, 0, -1, 2]
    assert store.stock.tolist() == [0]
    assert store.counts.refused_orders == 2
