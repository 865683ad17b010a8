"""Baskets: amounts are Gamma-Gamma, skus and quantities meet them without bias."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

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
