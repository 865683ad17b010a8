"""What share kit and calls brought: scores, repurchases and what is told of them."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
import worlds
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from sim.behaviour.communities import Call, Communities
from sim.behaviour.materials import Materials
from sim.experiments.replication import outcome_of
from sim.outreach import NOTHING, Product, Tally, carriers, repurchases, scored
from sim.report.outreach import outreach_told, print_outreach


def test_rates_of_a_tally():
    one = Tally(shares=10, exposures=100, clicks=20, registrations=3, orders=2)
    assert (one.click_rate, one.clicks_per_share, one.conversion) == (0.2, 2.0, 0.25)
    assert one + one == Tally(20, 200, 40, 6, 4)
    assert (Tally().click_rate, Tally().clicks_per_share, Tally().conversion) == (None, None, None)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([0, 90, 10, 0], 1),  # 90 of 100 are 90 %
        ([89, 0, 11], 2),
        ([1] * 10, 9),
        ([0, 0], 0),
        ([5], 1),
    ],
)
def test_scripts_that_carry_nine_tenths(shares, expected):
    assert carriers(np.array(shares)) == expected


def test_repurchases_by_hand():
    """Product 0: buyer 1 in orders 0 and 2, buyer 2 in order 1 (two lines of it). Product 1: buyer 1 in order 2."""
    order, buyer, thing = np.array([0, 2, 1, 1, 2]), np.array([1, 1, 2, 2, 1], np.int32), np.array([0, 0, 0, 0, 1])
    buyers, again = repurchases(order, buyer, thing, 3, 5)
    assert (buyers.tolist(), again.tolist()) == ([2, 1, 0], [1, 0, 0])


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 4)), max_size=40))
def test_repurchases_are_those_of_sets(lines):
    """An order belongs to buyer order % 5; lines come by thing, as they are given."""
    lines = sorted(lines, key=lambda line: line[1])
    order, thing = (
        (np.array(column, np.int64) for column in zip(*lines, strict=True)) if lines else (np.zeros(0, int),) * 2
    )
    buyers, again = repurchases(order, (order % 5).astype(np.int32), thing, 5, 5)
    for what in range(5):
        bought = [{o for o, t in lines if t == what and o % 5 == person} for person in range(5)]
        assert buyers[what] == sum(len(orders) > 0 for orders in bought)
        assert again[what] == sum(len(orders) > 1 for orders in bought)


def product(name, margin, clicks, again):
    return Product(name, margin, Tally(shares=20, clicks=clicks), buyers=20, again=again)


def test_a_score_is_the_mean_of_three_figures_against_their_means():
    """Means: margin 0.4, clicks per share 2, repurchase 0.2. The first: (0.5 + 1.5 + 1) / 3 = 1; the second alike."""
    one, two = scored([product("a", 0.2, 60, 4), product("b", 0.6, 20, 4)])
    assert (one.score, two.score) == (pytest.approx(100), pytest.approx(100))
    one, two = scored([product("a", 0.6, 60, 6), product("b", 0.2, 20, 2)])
    assert (one.score, two.score) == (pytest.approx(150), pytest.approx(50))
    few, known = scored([Product("new", 0.5, Tally(shares=90, clicks=9), 19, 5), product("b", 0.2, 20, 2)])
    assert few.score is None
    assert known.score is not None


@pytest.fixture(scope="module")
def outcome():
    call = Call(day=9, lift=0.5, reach=1.0, delay_days=(0, 0, 0), title={"zh": "开业", "en": "Opening"})
    market = {"materials": Materials(scripts=6), "communities": Communities(provinces=2, calls=[call])}
    model = worlds.model(1500, 40, behaviour={"organic": 0.02, "zeal_a": 2, "cost": 0.1}, market=market)
    return model.run(), outcome_of(model, 1, 0.0).outreach


def test_a_scenario_without_them_tells_nothing():
    model = worlds.model(300, 5).run()
    found = outcome_of(model, 1, 0.0).outreach
    assert found == NOTHING
    assert outreach_told(found) == {}
    assert printed(found, "zh") == ""


def printed(outreach, lang) -> str:
    out = io.StringIO()
    print_outreach(Console(file=out, width=100), outreach, {}, lang)
    return out.getvalue()


def test_what_is_told_is_what_was_counted(outcome):
    model, found = outcome
    told = json.loads(json.dumps(outreach_told(found)))
    assert list(told) == ["materials", "products", "communities"]
    kit = told["materials"]
    assert (len(kit["scripts"]), kit["choose"]) == (18, "bandit")
    for part in (
        kit["styles"],
        kit["formats"],
        kit["scripts"],
        told["products"]["skus"],
        told["products"]["categories"],
    ):
        assert sum(one["clicks"] for one in part) == int(model.metrics.totals()["clicks"])
        assert sum(one["shares"] for one in part) == int(model.metrics.totals()["shares"])
    assert [one["id"] for one in told["products"]["categories"]] == ["fmcg", "digital", "cosmetics"]
    assert told["products"]["categories"][0]["margin"] == pytest.approx(0.35, abs=0.001)
    (call,) = told["communities"]
    assert call["title"] == {"zh": "开业", "en": "Opening"}
    assert call["communities"] == sum(one["communities"] for one in call["provinces"]) == 10
    assert call["shares"] > 10


def test_buyers_of_categories_are_those_of_the_book(outcome):
    """Distinct buyers of each category among paid orders, one line at a time."""
    model, found = outcome
    book = model.store.book
    lines, bought = book.rows("lines"), {}
    for number, row in enumerate(book.rows("orders")):
        if row["paid_at"] >= 0:
            for line in lines[row["first_line"] : row["first_line"] + row["lines"]]:
                bought.setdefault((int(line["category"]), int(row["buyer"])), set()).add(number)
    for place, one in enumerate(found.categories):
        orders = [numbers for (category, _), numbers in bought.items() if category == place]
        assert (one.buyers, one.again) == (len(orders), sum(len(numbers) > 1 for numbers in orders))


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", ["理性测评", "短视频", "复购率", "开业"]), ("en", ["urgency", "Opening"])]
)
def test_tables_fit_in_100_columns(outcome, lang, words):
    text = printed(outcome[1], lang)
    assert max(cell_len(line) for line in text.splitlines()) <= 100
    for word in words:
        assert word in text
