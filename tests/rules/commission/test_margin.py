"""Margins: the steps down a chain of purchase prices add up to the whole way down."""

import pytest
from chains import sell
from hypothesis import given
from hypothesis import strategies as st

RANKS = ("customer", "agent", "region")


def plan(prices, skus=None):
    return {
        "ranks": [{"id": rank} for rank in RANKS],
        "commission": {"margin": {"prices": prices, "skus": skus or {}}},
    }


@given(
    agent=st.integers(0, 99),
    region=st.integers(0, 99),
    chain=st.lists(st.sampled_from(RANKS), min_size=1, max_size=10),
    price=st.integers(0, 100_000),
    quantity=st.integers(1, 1_000),
)
def test_margins_add_up_to_the_way_down_to_the_lowest_price(agent, region, chain, price, quantity):
    paid = sell(plan({"agent": f"{agent}%", "region": f"{region}%"}), chain, price, quantity)
    own = {"customer": price, "agent": price * agent // 100, "region": price * region // 100}
    lowest = min([price, *(own[rank] for rank in chain[:8])])
    assert sum(amount for _, _, amount in paid) == (price - lowest) * quantity
    assert all(amount > 0 for _, _, amount in paid)


@pytest.mark.parametrize(
    ("prices", "skus", "expected"),
    [
        # 10.00 → 8.00 → 7.00, three pieces
        ({"agent": "80%", "region": "70%"}, {}, [("margin", 1, 6_00), ("margin", 3, 3_00)]),
        # the product's price comes first; one above the public price counts as the public price
        ({"agent": "80%", "region": "70%"}, {"milk": {"agent": "6.50"}}, [("margin", 1, 10_50)]),
        ({"agent": "80%", "region": "70%"}, {"milk": {"agent": 12}}, [("margin", 3, 9_00)]),
        ({"agent": {"other": "50%"}}, {}, []),
        ({}, {"milk": {"region": 0}}, [("margin", 3, 30_00)]),
    ],
)
def test_whose_price_is_which(prices, skus, expected):
    assert sell(plan(prices, skus), ["agent", "agent", "region"], 10_00, 3, sku=0) == expected


def test_a_grade_price_is_rounded_as_the_plan_says():
    chain = ["agent"]
    # 9.99 × 66.67 % = 6.660333
    assert sell(plan({"agent": "66.67%"}), chain, 9_99) == [("margin", 1, 3_33)]
    up = plan({"agent": "66.67%"}) | {"semantics": {"rounding": "ceil"}}
    assert sell(up, chain, 9_99) == [("margin", 1, 3_32)]
