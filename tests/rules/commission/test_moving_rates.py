"""Rates that move: by the age of a product, by its conversion; folded exactly, fixed with the line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_logs import START_DAY, bought, event, log, run_both

from rules.errors import InputError
from rules.events import Kind, Names
from rules.money import exceeds
from rules.plan.compile import compile_plans
from rules.plan.read import parse_plan, read_plan
from rules.plan.write import write_plan

NAMES = Names(skus=["milk", "tea"], channels=["default"], ranks=["member"])
PEOPLE = [event(Kind.register, 0, 0, member=0), event(Kind.register, 0, 1, member=1, other=0)]
"""Member 0 invited 1."""
DYNAMIC = {"period": "week", "above": "50%", "clicks": 2, "multiply": "1.5"}


def plan(age: dict | None = None, rate: str = "10%", dynamic: dict | None = None, **more: object):
    base: dict[str, object] = {"levels": [{"level": 1, "rates": {"default": rate}}]}
    if age:
        base["product_age"] = age
    commission = {"base": base} | ({"dynamic": DYNAMIC | dynamic} if dynamic is not None else {})
    return parse_plan({"ranks": [{"id": "member"}], "commission": commission, **more})


def amounts(plans, *events) -> list[int]:
    return run_both(plans, NAMES, 3, log(PEOPLE, *events)).book.rows("entries")["amount"].tolist()


BAND = {"days": [0, 9], "multiply": "1.5"}


def test_the_age_that_counts_is_that_of_the_day_when_rates_are_fixed():
    """Launched on day 0; ordered on day 9, paid on day 10: 15.00 by the order's day, 10.00 by the payment's."""
    age = {"launched": {"milk": "2026-01-05"}, "bands": [BAND]}
    order, paid = bought(0, 1, 10_000, 9, sku=0)
    paid["time"] += 86_400
    assert amounts([plan(age)], order, paid) == [1000]
    assert amounts([plan(age, semantics={"rate_snapshot": "create"})], order, paid) == [1500]


def test_a_combination_that_cannot_occur_is_not_refused():
    """0.333 % × 1.5 × 1.5 is no whole number of parts per million, but the campaign is over before the launch."""
    age = {"launched": {"milk": "2026-03-01"}, "bands": [BAND]}
    campaign = {"id": "launch", "multiply": {"base": "1.5"}}
    early = plan(age, "0.333%", campaigns=[campaign | {"dates": ["2026-02-01", "2026-02-28"]}])
    assert compile_plans([early], NAMES, START_DAY).rates.max() == 4995
    late = plan(age, "0.333%", campaigns=[campaign | {"dates": ["2026-02-01", "2026-03-01"]}])
    with pytest.raises(InputError, match=r"campaign launch and product age of 0 to 9 days on a rate of 0.333%"):
        compile_plans([late], NAMES, START_DAY)


def test_the_number_of_products_costs_nothing_and_too_many_rates_are_refused():
    names = Names(skus=[f"sku{n}" for n in range(3000)], ranks=["member"])
    launched = {sku: f"2026-{n % 12 + 1:02d}-{n % 28 + 1:02d}" for n, sku in enumerate(names.skus)}
    many = plan({"launched": launched, "bands": [BAND]})
    assert compile_plans([many], names, START_DAY).rates.size == 2 * 9  # with the band and without, for 9 levels
    levels = [{"level": 1, "rates": {"default": "10%"}, "skus": dict.fromkeys(names.skus, "5%")}]
    campaigns = [{"id": f"c{n}", "days": [2 * n, 2 * n], "multiply": {"base": 1}} for n in range(64)]
    commission = {"base": {"levels": levels, "product_age": {"launched": launched, "bands": [BAND]}}}
    ranks = [{"id": f"r{n}"} for n in range(8)]
    huge = parse_plan({"ranks": ranks, "commission": commission, "campaigns": campaigns})
    with pytest.raises(InputError, match=r"129 combinations of campaigns, 2 of product ages.*at most 20,000,000"):
        compile_plans([huge], names, START_DAY)


@pytest.mark.parametrize(
    ("bands", "told"),
    [
        ([BAND, {"days": [9, 20], "multiply": 1}], "two bands hold the age of 9 days"),
        ([{"days": [5, 4], "multiply": 1}], "must not be after the last"),
        ([{"days": [-1, 4], "multiply": 1}], "-1 is too small"),
        ([], "too few items"),
    ],
)
def test_bad_bands_are_refused(bands: list, told: str):
    with pytest.raises(InputError, match=told):
        plan({"launched": {"milk": "2026-01-05"}, "bands": bands})


def clicks(sku: int, count: int, day: int = 0):
    return [event(Kind.click, day, 60 + n, member=2, other=0, sku=sku) for n in range(count)]


def test_a_raise_lasts_one_period_and_is_read_when_rates_are_fixed():
    """Milk 2 of 2, tea 0 of 2: 1 > 1.5 × 0.5. Placed in the raised week and paid after it."""
    seen = [*clicks(0, 2), *clicks(1, 2), bought(0, 1, 10_000, sku=0), bought(1, 1, 10_000, sku=0)]
    order, paid = bought(2, 1, 10_000, 13, sku=0)
    paid["time"] += 86_400
    assert amounts([plan(dynamic={})], *seen, order, paid) == [1000, 1000, 1000]
    assert amounts([plan(dynamic={}, semantics={"rate_snapshot": "create"})], *seen, order, paid) == [1000, 1000, 1500]


def test_a_raise_belongs_to_the_plan_that_made_it():
    seen = [*clicks(0, 2), *clicks(1, 2), bought(0, 1, 10_000, sku=0), bought(1, 1, 10_000, sku=0)]
    change, back = event(Kind.plan, 7, rank=1), event(Kind.plan, 8, rank=0)
    later = [bought(2, 1, 10_000, 7, 13 * 3600, sku=0), back, bought(3, 1, 10_000, 8, 13 * 3600, sku=0)]
    made = amounts([plan(dynamic={}), plan(dynamic={"multiply": 2})], *seen, change, *later)
    assert made == [1000, 1000, 1000, 1500]


RAISED = [bought(2, 1, 10_000, 7, sku=0), bought(3, 1, 10_000, 7, sku=1)]


def test_a_product_counts_once_an_order():
    """Milk on two lines of an order and tea in another: 1 of 2 both. Were the lines counted, milk would be 2 of 2."""
    lines = [
        event(Kind.order, 0, order=0, member=1, line=line, sku=0, price=100, quantity=1, channel=0) for line in (1, 2)
    ]
    seen = [*lines, event(Kind.pay, 0, order=0), bought(1, 1, 100, sku=1), clicks(0, 2), clicks(1, 2)]
    assert amounts([plan(dynamic={"above": "20%"})], *seen, *RAISED)[-2:] == [1000, 1000]


def test_an_order_that_nobody_promoted_does_not_count():
    """Milk 1 of 2; tea, which member 0 bought, 0 of 2; together 1 of 4: milk is at twice the mean, and not above it."""
    seen = [bought(0, 1, 100, sku=0), bought(1, 0, 100, sku=1), clicks(0, 2), clicks(1, 2)]
    assert amounts([plan(dynamic={"above": "99.9999%"})], *seen, *RAISED)[-2:] == [1500, 1000]
    assert amounts([plan(dynamic={"above": "100%"})], *seen, *RAISED)[-2:] == [1000, 1000]
    assert amounts([plan(dynamic={"clicks": 3})], *seen, *RAISED)[-2:] == [1000, 1000]


def test_closing_early_judges_for_the_next_period_only():
    seen = [*clicks(0, 2), *clicks(1, 2), bought(0, 1, 10_000, sku=0), bought(1, 1, 10_000, sku=0)]
    early = event(Kind.close, 1, rank=1)
    within, after = bought(2, 1, 10_000, 2, sku=0), bought(3, 1, 10_000, 7, sku=0)
    assert amounts([plan(dynamic={})], *seen, early, within, after)[-2:] == [1000, 1500]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"above": "1001%"}, "more than 1000%"),
        ({"above": "-5%"}, "not a rate"),
        ({"clicks": 0}, "0 is too small"),
        ({"multiply": "fast"}, "not a multiplier"),
    ],
)
def test_bad_dynamic_rates_are_refused(given: dict, told: str):
    with pytest.raises(InputError, match=told):
        plan(dynamic=given)


def test_what_moves_is_written_as_it_is_read():
    age = {"launched": {"milk": "2026-01-05"}, "bands": [BAND]}
    whole = plan(age, dynamic={"above": "250.5%"}, caps={"member_month": "9.99", "over_cap": "defer"})
    text = write_plan(whole)
    assert "250.5%" in text
    assert read_plan(text, "again") == whole


@given(*(st.integers(0, 10**6) for _ in range(4)))
def test_fractions_are_compared_as_cross_products_are(a: int, b: int, c: int, d: int):
    assert exceeds(a, b + 1, c, d + 1) == (a * (d + 1) > c * (b + 1))
