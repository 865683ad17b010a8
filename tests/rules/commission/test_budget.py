"""Budgets of campaigns: never exceeded, spent on what the campaign adds, and only one for the same goods."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_logs import START_DAY, bought, event, log, run_both

from rules.errors import InputError
from rules.events import Kind, Names
from rules.plan.compile import compile_plans
from rules.plan.model import Plan
from rules.plan.read import parse_plan

NAMES = Names(skus=["milk", "tea"], categories=["food"], channels=["default", "app"], ranks=["member", "gold"])
PEOPLE = [event(Kind.register, 0, n, member=n, other=n - 1) for n in range(3)]
"""Member 0 invited 1, who invited 2."""


def plan(*campaigns: dict, **more: object):
    levels = [{"level": 1, "rates": {"default": "10%"}}, {"level": 2, "rates": {"default": "3.33%"}}]
    data = {"ranks": [{"id": "member"}, {"id": "gold"}], "commission": {"base": {"levels": levels}}, **more}
    return parse_plan({**data, "campaigns": list(campaigns)})


def campaign(name: str = "launch", budget: object = 5, **more: object) -> dict:
    return {"id": name, "days": [0, 30], "multiply": {"base": "1.5"}, "budget": budget} | more


def test_levels_of_one_order_draw_on_the_budget_in_turn():
    """100.00: level 1 adds 5.00 of 6.00; level 2 adds 1.665 → 4.99 − 3.33 = 1.66, of which 1.00 is left."""
    engine = run_both([plan(campaign(budget=6))], NAMES, 3, log(PEOPLE, bought(0, 2, 10_000)))
    entries = engine.book.rows("entries")
    assert entries["amount"].tolist() == [1500, 433]
    assert entries["rate"].tolist() == [150_000, 33_300]
    assert engine.budgets_used() == {"launch": 600}


def test_another_version_of_the_plan_goes_on_with_the_same_budget():
    events = log(PEOPLE, bought(0, 2, 10_000), event(Kind.plan, 1, rank=1), bought(1, 2, 10_000, 2))
    engine = run_both([plan(campaign(budget=8)), plan(campaign(budget=9))], NAMES, 3, events)
    # 6.66 spent of 8; then 2.34 of 9 are left: level 1 takes them all
    assert engine.book.rows("entries")["amount"].tolist() == [1500, 499, 1234, 333]
    assert engine.budgets_used() == {"launch": 900}


def test_a_smaller_budget_in_a_later_version_is_spent_already():
    events = log(PEOPLE, bought(0, 2, 10_000), event(Kind.plan, 1, rank=1), bought(1, 2, 10_000, 2))
    engine = run_both([plan(campaign(budget=8)), plan(campaign(budget=1))], NAMES, 3, events)
    assert engine.book.rows("entries")["amount"].tolist() == [1500, 499, 1000, 333]


def test_a_budget_is_spent_before_caps_and_by_one_campaign_among_others():
    """20 % of 100.00 by `double` alone, 30 % with `launch`: its part is 10.00; the order's cap then leaves 25.00."""
    double = {"id": "double", "days": [0, 30], "multiply": {"base": 2}}
    one = plan(double, campaign(budget=50), caps={"levels": 1, "order_ratio": "25%"})
    engine = run_both([one], NAMES, 3, log(PEOPLE, bought(0, 2, 10_000)))
    assert engine.book.rows("entries")["amount"].tolist() == [2500]
    assert engine.budgets_used() == {"launch": 1000}


@settings(max_examples=60)
@given(prices=st.lists(st.integers(1, 30_000), max_size=12), budget=st.integers(0, 3_000))
def test_a_budget_pays_the_difference_until_it_is_used_up(prices: list[int], budget: int):
    events = log(PEOPLE, *(bought(n, 2, price) for n, price in enumerate(prices)))
    engine = run_both([plan(campaign(budget=f"{budget / 100:.2f}"))], NAMES, 3, events)
    plain = run_both([plan()], NAMES, 3, events)
    unlimited = run_both([plan(campaign(budget=10**6))], NAMES, 3, events)
    totals = [int(one.book.rows("entries")["amount"].sum()) for one in (engine, plain, unlimited)]
    assert engine.budgets_used() == {"launch": totals[0] - totals[1]}
    assert totals[0] - totals[1] == min(budget, totals[2] - totals[1])


APART = [
    {"days": [31, 40]},
    {"skus": ["milk"]},
    {"categories": ["food"]},
    {"channels": ["app"]},
    {"ranks": ["gold"]},
]


@pytest.mark.parametrize("filters", APART)
def test_two_budgets_for_the_same_goods_are_refused(filters: dict):
    """A campaign without the filter meets one with it; two that are set apart by it do not meet."""
    (name,) = filters
    with pytest.raises(InputError, match=r"campaigns\[1\].budget: campaigns 'launch' and 'other' both spend a budget"):
        plan(campaign(days=[0, 40]), campaign("other", **filters))
    other = {"skus": ["tea"], "categories": ["x"], "channels": ["default"], "ranks": ["member"], "days": [0, 30]}
    apart = plan(campaign(**{name: other[name]}), campaign("other", **filters))
    assert compile_plans([apart], NAMES, START_DAY).plans["budgets"].tolist() == [1]


def test_days_and_dates_meet_where_the_plan_says_what_day_0_is():
    dated = campaign("dated") | {"dates": ["2026-06-01", "2026-06-30"]}
    del dated["days"]
    with pytest.raises(InputError, match="both spend a budget"):
        plan(campaign(), dated)
    with pytest.raises(InputError, match="both spend a budget"):
        plan(campaign(), dated, start="2026-05-15")
    assert plan(campaign(), dated, start="2026-01-05").campaigns[1].budget == 500


def test_a_plan_that_was_never_read_is_refused_at_compiling():
    data = {"ranks": [{"id": "member"}], "campaigns": [campaign(), campaign("other")]}
    with pytest.raises(InputError, match="both spend a budget"):
        compile_plans([Plan.model_validate(data)], NAMES, START_DAY)


def test_a_budget_for_a_campaign_that_adds_nothing_is_refused():
    with pytest.raises(InputError, match="multiplies by more than 1"):
        plan(campaign(multiply={"base": 1}))


def test_an_unknown_channel_is_none_that_a_campaign_names():
    """Channel 1 is app; 7 is no channel of this book."""
    one = plan(campaign(budget=100, channels=["app"]), caps={"levels": 1})
    events = log(PEOPLE, *(bought(n, 2, 10_000, channel=channel) for n, channel in enumerate((0, 1, 7))))
    assert run_both([one], NAMES, 3, events).book.rows("entries")["amount"].tolist() == [1000, 1500, 1000]
