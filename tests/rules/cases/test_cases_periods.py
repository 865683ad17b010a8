"""A case that expects other pools, budgets or deferred money than come out says so."""

from __future__ import annotations

import pytest

from rules.cases.read import parse_case
from rules.cases.run import run_case

CASE = {
    "name": "one order of 100.00",
    "plan": {
        "ranks": [{"id": "member"}],
        "commission": {
            "base": {"levels": [{"level": 1, "rates": {"default": "10%"}}]},
            "dividend": {"pool": "1%", "shares": {"member": 1}},
        },
        "campaigns": [{"id": "launch", "days": [0, 9], "multiply": {"base": 2}, "budget": 50}],
        "caps": {"member_day": 8, "over_cap": "defer"},
    },
    "members": [{"id": "B"}, {"id": "C", "inviter": "B"}],
    "events": [
        {"at": "2026-01-05 10:00", "order": "O1", "buyer": "C", "lines": [{"sku": "a", "price": 100}]},
        {"at": "2026-01-05 10:01", "pay": "O1"},
        {"at": "2026-01-05 11:00", "close": "month"},
    ],
}


def problems(**expect: object) -> list[str]:
    return run_case(parse_case({**CASE, "expect": expect})).problems


def test_what_comes_out_is_as_expected():
    """20.00 with the campaign, 8.00 today; the pool of 1.00 is 0.50 each."""
    pools = [{"volume": 100, "carried": 0, "pool": 1, "paid": 1, "residue": 0}]
    assert problems(pools=pools, budgets={"launch": 10}, balances={"B": {"deferred": 12, "pending": 8}}) == []


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ({"pools": [{"paid": 2}]}, "paid of pool 1: expected 2.00, got 1.00"),
        ({"pools": []}, "expected 0 pools, got 1"),
        ({"budgets": {"launch": 9}}, "budget of launch: expected 9.00 spent, got 10.00"),
        ({"balances": {"B": {"deferred": 0}}}, "deferred of B: expected 0.00, got 12.00"),
    ],
)
def test_what_differs_is_told(expect: dict, told: str):
    assert problems(**expect) == [told]
