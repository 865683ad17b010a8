"""Baskets: amounts are Gamma-Gamma, skus and quantities meet them without bias."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

from rules.plan.recommend import Recommend
from sim.behaviour import basket
from sim.behaviour.shopping import Orders
from sim.quantiles import gamma, moments


@pytest.fixture(scope="module")
def world():
    return worlds.model(20_000, 30, behaviour={"v": 90}, market={"channels": []}).world


def baskets(world, persons, ordinals=0):
    persons = np.array(persons, np.int32)
    orders = Orders(persons, np.broadcast_to(ordinals, persons.shape).astype(np.int64), np.zeros(len(persons), int))
    found = basket.fill_baskets(world, orders)
    return orders, found, (found.quantity * world.market.price[found.sku]).sum(axis=1)


def test_mean_amount_is_that_of_gamma_gamma(world):
    given = world.given
    _, _, amount = baskets(world, np.repeat(np.arange(20_000), 3), np.tile(np.arange(3), 20_000))
    assert amount.mean() == pytest.approx(given.p * given.v * 100 / (given.q - 1), rel=0.02)


def test_a_person_spends_around_her_own_mean(world):
    world.crowd["spend"][7] = 5_000.0
    _, _, amount = baskets(world, np.full(20_000, 7), np.arange(20_000))
    mean, variance = moments(gamma(world.given.p))
    assert amount.mean() == pytest.approx(5_000 * mean, rel=0.01)
    assert amount.std() == pytest.approx(5_000 * np.sqrt(variance), rel=0.15)


@pytest.mark.parametrize("target", [990.0, 12_345.6, 123_456.7, 3_000_000.0])
@pytest.mark.parametrize("category", [0, 1, 2])
def test_choice_meets_a_target_in_the_mean(world, target, category):
    market = world.market
    low, high = market.first[category], market.first[category + 1]
    words = np.random.default_rng(4).integers(0, 2**64, 4000, np.uint64)
    chosen = [basket.choose(market.price, low, high, target, word) for word in words]
    sku, quantity = np.array(chosen).T
    amount = market.price[sku] * quantity
    assert (quantity >= 1).all()
    assert (market.category[sku] == category).all()
    if market.price[low] > target:
        assert (amount == market.price[low]).all()
    else:
        assert amount.mean() == pytest.approx(target, rel=0.02)


def test_lines(world):
    _, found, _ = baskets(world, np.arange(20_000))
    lines = (found.quantity > 0).sum(axis=1)
    assert set(np.unique(lines)) == {1, 2, 3}
    assert (found.quantity[:, 0] > 0).all()
    assert 0.7 * world.given.second_line < (lines >= 2).mean() <= world.given.second_line + 0.01
    assert (found.sku[found.quantity == 0] == -1).all()


def test_categories_follow_taste_and_weights(world):
    _, found, _ = baskets(world, np.arange(20_000))
    bought = world.market.category[found.sku[:, 0]]
    assert np.bincount(bought) / 20_000 == pytest.approx(world.market.weights, abs=0.03)
    own = (bought == world.crowd["taste"][:20_000]).mean()
    loyalty = world.given.loyalty
    assert own == pytest.approx(loyalty + (1 - loyalty) * (world.market.weights**2).sum(), abs=0.03)


@pytest.mark.parametrize("lift", ["1.3", "1.8", "50"])
def test_a_recommendation_lifts_second_lines_of_other_categories_and_moves_nothing_else(world, monkeypatch, lift):
    """By how much is said for what people want: a line that its part of the amount cannot buy is left out."""
    rich = np.arange(20_000)
    monkeypatch.setitem(world.crowd.columns, "spend", np.full(20_000, 100_000.0))
    _, plain, _ = baskets(world, rich)
    monkeypatch.setattr(world, "plan", world.plan.model_copy(update={"recommend": Recommend(lift=lift)}))
    _, lifted, _ = baskets(world, rich)
    two = plain.quantity[:, 1] > 0
    assert (lifted.quantity[:, 1] > 0)[two].mean() > 0.99
    assert (plain.sku[:, 2] == lifted.sku[:, 2]).all()
    category = world.market.category
    main = category[plain.sku[:, 0]]
    before, after = (np.mean((category[one.sku[:, 1]] != main)[two]) for one in (plain, lifted))
    assert after == pytest.approx(min(float(lift) * before, 1.0), abs=0.015)
    moved = two & (category[plain.sku[:, 1]] != category[lifted.sku[:, 1]])
    assert (category[lifted.sku[moved, 1]] != main[moved]).all()


def test_how_many_follow_a_recommendation():
    """Weights 1/2 and 1/2, loyalty 1/2: each wants her favourite with 3/4, so two lines are the same with 10/16. Half
    as many again as 6/16 are 9/16: of the 10/16, 3/16 follow. More than all cannot."""
    half = np.array([0.5, 0.5])
    assert basket.followers(1.0, 0.5, half) == 0
    assert basket.followers(1.5, 0.5, half) == pytest.approx(0.3)
    assert basket.followers(9.0, 0.5, half) == 1


def test_an_order_is_the_same_whatever_else_is_ordered(world):
    _, many, _ = baskets(world, np.arange(1000), 3)
    _, few, _ = baskets(world, [500, 20], 3)
    assert (many.sku[[500, 20]] == few.sku).all()
    assert (many.quantity[[500, 20]] == few.quantity).all()


def test_events_of_orders(world):
    world.day = 13
    orders, found, amount = baskets(world, np.arange(200))
    first = world.next_order
    events, numbers = basket.place(world, orders, found)
    assert numbers.tolist() == list(range(first, first + 200))
    assert (np.diff(events["order"]) >= 0).all()
    assert events["line"][np.append(True, np.diff(events["order"]) > 0)].tolist() == [1] * 200
    paid = np.bincount(events["order"] - first, events["price"] * events["quantity"])
    assert (paid == amount).all()
    assert (events["discount"] == events["price"] * events["quantity"] // 10).all()
