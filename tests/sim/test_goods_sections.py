"""The sections on goods and people of a scenario together: off or neutral they change no bit, bad ones are refused."""

from __future__ import annotations

import contextlib
import io
import json

import pytest
import worlds
from worlds import logged

from rules.errors import InputError
from sim.behaviour import chunks
from sim.cli import main
from sim.conditions import AfterSales, AfterSalesOf, Nodes, Shop, Supplier, Warehouse, Warnings
from sim.goods import GoodsFigures, figures_of
from sim.scenario import parse_scenario

ALL = ["fmcg", "digital", "cosmetics"]
QUIET = AfterSalesOf(exchange=0, complaint=0)
NEUTRAL = {
    "after_sales": AfterSales(late=0, default=QUIET),
    "suppliers": [Supplier(id="one", categories=ALL), Supplier(id="two", categories=ALL)],
    "warehouses": [Warehouse(id="a"), Warehouse(id="b", share=2)],
    "shops": [Shop(id="all", categories=ALL)],
    "stock": Warnings(),
}
BUSY = NEUTRAL | {
    "after_sales": AfterSales(),
    "suppliers": [Supplier(id="one", categories=ALL), Supplier(id="two", categories=ALL, quality="60%", late="40%")],
    "nodes": Nodes(staff=15, fans="10%"),
    "channel_duplicates": 0.02,
    "channels": [one.model_copy(update={"also": 0.3}) for one in worlds.scenario().channels],
}


def test_without_these_sections_there_is_nothing_to_tell_but_the_mix_of_categories():
    figures = figures_of(worlds.model(500, 20).run())
    bare = GoodsFigures(
        buyers=figures.buyers, buyer_categories=figures.buyer_categories, mixed_orders=figures.mixed_orders
    )
    assert figures == bare


def test_neutral_sections_change_no_bit():
    """Usual quality, no lateness, warehouses as slow as the scenario's own, nobody complains."""
    _, plain = logged(2000, 60)
    model, neutral = logged(2000, 60, market=NEUTRAL)
    assert len(model.world.goods.parcels.rows) > 50
    assert plain.tobytes() == neutral.tobytes()


def test_the_same_bits_for_any_number_of_threads(monkeypatch):
    monkeypatch.setattr(chunks, "ALONE", 0)
    worked = [logged(2000, 45, market=BUSY, workers=workers) for workers in (1, 2)]
    logs = [events.tobytes() for _, events in worked]
    assert logs[0] == logs[1] != logged(2000, 45)[1].tobytes()
    assert len({repr(figures_of(model)) for model, _ in worked}) == 1


def test_sales_of_shops_are_those_of_their_categories():
    shops = [Shop(id="one", categories=["fmcg"]), Shop(id="two", categories=["digital", "cosmetics"])]
    model = worlds.model(3000, 40, market={"shops": shops}).run()
    one, two = figures_of(model).shops
    totals = model.metrics.totals()
    refunded = model.store.book.rows("orders")["refunded"].sum()
    assert (one.gmv + two.gmv, one.refunds + two.refunds) == (totals["gmv"], refunded)
    assert max(one.orders, two.orders) <= totals["orders"] < one.orders + two.orders  # some orders are of both
    known = model.metrics.breakdown(model.names)["categories"]
    assert two.commission == known["digital"]["commission"] + known["cosmetics"]["commission"] > 0


def test_mixed_orders_and_categories_of_buyers_are_counted_from_the_book():
    model = worlds.model(1500, 40).run()
    orders, lines = model.store.book.rows("orders"), model.store.book.rows("lines")
    paid = [one for one in orders if one["paid_at"] >= 0]
    sets = [set(lines["category"][one["first_line"] : one["first_line"] + one["lines"]].tolist()) for one in paid]
    by_buyer: dict[int, set[int]] = {}
    for one, found in zip(paid, sets, strict=True):
        by_buyer.setdefault(int(one["buyer"]), set()).update(found)
    figures = figures_of(model)
    assert figures.mixed_orders == pytest.approx(sum(len(one) > 1 for one in sets) / len(sets))
    assert figures.buyer_categories == pytest.approx(sum(map(len, by_buyer.values())) / len(by_buyer))
    assert figures.buyers == len(by_buyer)


MARKET = {
    "scenario": "s",
    "plans": ["a"],
    "catalogue": {"categories": [{"id": name, "margin": "50%", "prices": [1, 2]} for name in ("x", "y")]},
    "channels": [{"id": "one"}],
}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"suppliers": [{"id": "a", "categories": ["x", "z"]}]}, "no category 'z'; allowed: x, y"),
        ({"suppliers": [{"id": "a", "categories": ["x"]}]}, "the category 'y' is nobody's"),
        ({"suppliers": [{"id": "a", "categories": ["x", "y"]}] * 2}, "'a' is given twice"),
        ({"suppliers": [{"id": "a", "categories": ["x", "y"], "quality": "110%"}]}, "more than 100%"),
        ({"shops": [{"id": "a", "categories": ["x"]}, {"id": "b", "categories": ["x", "y"]}]}, "sold by two shops"),
        ({"warehouses": [{"id": "a", "ship": [3, 1]}]}, r"ship must be \[low, high\]"),
        ({"warehouses": [{"id": "a", "share": 0}]}, "0 is too small"),
        ({"after_sales": {"categories": {"z": {}}}}, "no category 'z'"),
        ({"after_sales": {"default": {"exchange": "often"}}}, "'often' is not a rate"),
        ({"channels": [{"id": "one", "also": "30%"}]}, "there is no other channel"),
        ({"channel_duplicates": "1%"}, "there is no other channel"),
        ({"admission": {"expel_below": 101}}, "too large"),
        ({"stock": {"warn_days": 0}}, "0 is too small"),
        ({"nodes": {"fan": "2%"}}, "not known here"),
    ],
)
def test_what_does_not_fit_is_refused(changed, message):
    with pytest.raises(InputError, match=message):
        parse_scenario(MARKET | changed)


def test_restock_needs_stock():
    catalogue = {"categories": [{"id": "x", "margin": "50%", "prices": [1, 2], "restock": 3}]}
    with pytest.raises(InputError, match="restock is of no use without stock"):
        parse_scenario(MARKET | {"catalogue": catalogue})


def shown(*arguments: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out, pytest.raises(SystemExit) as left:
        main(list(arguments))
    assert not left.value.code
    return out.getvalue()


@pytest.mark.parametrize(
    ("market", "keys"),
    [
        ("mini_program", {"after_sales", "suppliers", "warehouses", "stock_warnings", "lost_sales"}),
        ("distribution_mall", {"channels", "shops", "nodes"}),
        ("three_tier", {"after_sales", "suppliers", "warehouses"}),
    ],
)
def test_run_tells_them(market, keys):
    command = [market, "--people", "1500", "--days", "35"]
    told = json.loads(shown("run", *command, "--json"))
    known = {
        *("after_sales", "suppliers", "warehouses", "stock_warnings", "lost_sales", "channels", "shops", "nodes"),
    }
    assert keys == told.keys() & known
    assert set(told["cross_category"]) == {"categories_per_buyer", "mixed_orders"}
    for lang, words in (("zh", "人均购买"), ("en", "categories a buyer")):
        assert words in shown("run", *command, "--lang", lang)
