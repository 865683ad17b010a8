"""Baskets, categories, returns and unpaid orders by hand."""

from __future__ import annotations

import numpy as np
import pytest
from shops import MONDAY, shop

from rules.events import DAY
from sim.calibration.baskets import baskets, sold
from sim.calibration.returns import return_rates, returns
from sim.history.cells import ABSENT


def crowd(loyalty: float, count: int, seed: int):
    """Two orders of each of some people in three categories."""
    luck = np.random.default_rng(seed)
    parts = [0.5, 0.3, 0.2]
    taste = np.repeat(luck.choice(3, count, p=parts), 2)
    category = np.where(luck.random(2 * count) < loyalty, taste, luck.choice(3, 2 * count, p=parts))
    member = np.repeat(np.arange(count), 2)
    placed = MONDAY + luck.integers(0, 100 * DAY, 2 * count)
    return shop(member, placed, category=category, categories=("a", "b", "c"))


def test_loyalty_follows_from_pairs_of_orders() -> None:
    held = 0
    for seed in range(30):
        found = baskets(crowd(0.5, 2_000, seed))
        low, high = found.intervals["loyalty"]
        held += low <= 0.5 <= high
        assert found.ways["loyalty"] == "moments"
    assert 22 <= held <= 30


def test_who_has_no_favourite_has_no_loyalty() -> None:
    found = baskets(crowd(0.0, 400, 1))
    assert "loyalty" in found.missing


def test_lines_are_counted_by_order() -> None:
    order = np.repeat(np.arange(100), np.tile([1, 2, 3, 1], 25))
    found = baskets(shop(order, MONDAY + order * 600, order=order))
    assert found.values["second_line"] == pytest.approx(50.5 / 101)
    assert found.values["third_line"] == pytest.approx(25.5 / 51)
    one = baskets(shop([0] * 50, [MONDAY] * 50))
    assert "one line" in one.missing["second_line"].en


def test_categories_have_parts_prices_and_a_rest() -> None:
    category = np.repeat([0, 1, 2], [600, 399, 1])
    price = np.where(category == 0, 10_00, 200_00)
    found = sold(shop([0] * 1000, [MONDAY] * 1000, category=category, price=price, categories=("a", "b", "rare")))
    assert [(one.name, one.lines, one.prices) for one in found] == [
        ("a", 600, (10_00, 10_00)),
        ("b", 399, (200_00, 200_00)),
    ]


def test_returns_of_old_orders_by_category() -> None:
    """Orders of the last thirty days may still come back: they say nothing yet."""
    count = 400
    member = np.arange(count) % 7
    day = np.append(np.arange(200) % 60, np.full(200, 89))
    placed = MONDAY + day * DAY
    category = np.arange(count) % 2
    back = (np.arange(count) % 10 == 0) & (day < 60)
    received = np.where(np.arange(count) % 20 == 0, ABSENT, placed + 5 * DAY)
    data = shop(
        member, placed, category=category, categories=("a", "b"), received=received, quantity=np.full(count, 2),
        refund=np.where(back, np.where(np.arange(count) % 40 == 10, 50_00, 0), ABSENT),
        refunded=np.where(back, placed + 9 * DAY, ABSENT),
    )  # fmt: skip
    rates = return_rates(data, sold(data))
    assert rates["a"].yes - 0.5 == 20
    assert rates["b"].yes - 0.5 == 0
    found = returns(data)
    assert found.values["return_factor"] == 1.0
    assert "return_unshipped" in found.missing  # twenty returns are too few
    assert found.values["payment_failure"] == 0.0
    unpaid = np.where(np.arange(count) % 5 == 0, ABSENT, placed + 60)
    assert returns(shop(member, placed, paid=unpaid)).values["payment_failure"] == pytest.approx(0.2, abs=0.01)


def test_without_refunds_return_rates_stay_as_they_are_assumed() -> None:
    data = shop([0] * 50, [MONDAY] * 50)
    assert return_rates(data, sold(data)) == {}
    assert {"return_factor", "return_partial", "return_unshipped"} <= set(returns(data).missing)
