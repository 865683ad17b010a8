"""What a rate is taken of, rates that are raised or stacked, and lines that a plan cannot reckon with."""

import pytest

from rules.commission.base import BaseLevel, stated_rate
from rules.commission.basis import commissionable_amount, explained_amount
from rules.engine import Engine
from rules.errors import InputError
from rules.events import DAY, Kind, Names, blank
from rules.money import MAX_AMOUNT
from rules.plan.model import Plan
from rules.plan.semantics import Semantics
from rules.readable import Line


def line(**given):
    return Line(**({"sku": "a", "category": None, "quantity": 3, "member_price": None, "freight": 0} | given))


@pytest.mark.parametrize(
    ("knobs", "amount"),
    [
        ({}, 29_00),
        ({"base_on": "list"}, 30_00),
        ({"base_on": "member_price"}, 30_00),
        ({"base_on": "profit"}, 29_00 - 3 * 4_00),
        ({"freight": "include"}, 35_00),
        ({"freight": "include", "defects": ["freight_times_quantity"]}, 29_00 + 3 * 6_00),
        ({"freight": "exclude", "defects": ["freight_times_quantity"]}, 29_00),
        ({"fee_share": True}, 28_50),
        ({"base_on": "list", "fee_share": True}, 29_50),
        ({"defects": ["coupon_not_deducted"]}, 30_00),
        ({"base_round": "line"}, 29_00),
        ({"base_round": "unit"}, 3 * 9_66),  # 29.00 / 3 = 9.666
        ({"base_round": "unit_trunc4"}, 3 * 9_66),  # 10.00 - 0.3333 = 9.6667
        ({"base_round": "unit", "base_on": "profit"}, 3 * 9_66 - 3 * 4_00),
        ({"base_round": "unit", "base_on": "list"}, 30_00),
    ],
)
def test_the_commissionable_amount(knobs, amount):
    goods = line(price=10_00, paid=29_00, freight=6_00, cost=4_00, fee=50)
    assert commissionable_amount(Semantics(**knobs), goods) == amount


def test_what_is_left_is_never_below_nothing():
    goods = line(price=10_00, paid=2_00, cost=4_00, fee=5_00)
    assert commissionable_amount(Semantics(base_on="profit"), goods) == 0
    assert commissionable_amount(Semantics(fee_share=True), goods) == 0
    assert (
        commissionable_amount(Semantics(base_on="profit", freight="include"), line(**vars(goods) | {"freight": 7})) == 7
    )


def test_units_cut_after_each_discount():
    # a coupon of 1.00 and points of 1.00 on three at 10.00: 9.66, then 9.32 (in one cut 9.33: a fen more a piece)
    goods = line(price=10_00, paid=28_00, unit_cut=1)
    assert commissionable_amount(Semantics(base_round="unit_trunc4"), goods) == 3 * 9_32
    assert commissionable_amount(Semantics(base_round="unit"), goods) == 3 * 9_33  # 28.00 / 3 = 9.333


def test_the_explanation_names_what_came_off():
    goods = line(price=10_00, paid=29_00, freight=6_00, cost=4_00, fee=50)
    knobs = {"base_on": "profit", "base_round": "unit", "freight": "include", "fee_share": True}
    amount, steps = explained_amount(Semantics(defects=["freight_times_quantity"], **knobs), goods)
    said = " / ".join(step.en for step in steps)
    # 28.98 - 12.00 = 16.98; freight 6.00 x 3; less 0.50
    assert amount == 16_98 + 18_00 - 50
    for words in ("a unit price of 9.66", "28.98 − 4.00 × 3 = 16.98", "6.00 times 3 pieces", "less the fee of 0.50"):
        assert words in said
    assert "毛利" in " ".join(step.zh for step in steps)


LEVEL = BaseLevel.model_validate(
    {"level": 1, "rates": {"default": "10%"}, "by_rank": {"old": {"default": "20%"}}, "skus": {"a": "5%"}}
)


@pytest.mark.parametrize(
    ("knobs", "sku", "rank", "rate"),
    [
        ({}, None, "new", 100_000),
        ({}, None, "old", 200_000),
        ({}, "a", "old", 50_000),
        ({"rank_rate": "multiply"}, None, "old", 120_000),  # 10 % x 1.2
        ({"rank_rate": "multiply"}, None, "new", 100_000),
        ({"rank_rate": "multiply"}, "a", "old", 50_000),
        ({"stack": "highest"}, "a", "old", 200_000),
        ({"stack": "highest"}, "a", "new", 100_000),
        ({"stack": "highest", "rank_rate": "multiply"}, "a", "old", 120_000),
    ],
)
def test_the_rate_that_counts(knobs, sku, rank, rate):
    assert stated_rate(LEVEL, None, sku, rank, Semantics(**knobs)).rate == rate


def test_a_fixed_amount_is_not_raised_and_comes_before_rates():
    level = LEVEL.model_validate(
        {"level": 1, "rates": {"default": {"fixed": "0.88"}}, "by_rank": {"old": {"default": "20%"}}}
    )
    assert stated_rate(level, None, None, "old", Semantics(rank_rate="multiply")).fixed == 88
    assert stated_rate(level, None, None, "old", Semantics(stack="highest")).fixed == 88


@pytest.mark.parametrize(
    ("rate", "by", "why"), [("0.0033", "3.33%", "not a whole number"), ("60%", "70%", "over 100%")]
)
def test_a_raised_rate_that_is_not_exact_is_refused(rate, by, why):
    # 3300 x 1.0333 = 3409.89 parts per million; 60 % x 1.7 = 102 %
    level = BaseLevel.model_validate({"level": 1, "rates": {"default": rate}, "by_rank": {"old": {"default": by}}})
    with pytest.raises(InputError, match=why):
        stated_rate(level, None, None, "old", Semantics(rank_rate="multiply"))


def engine(**semantics):
    plan = {"ranks": [{"id": "m"}], "commission": {"base": {"levels": [{"level": 1, "rates": {"default": "10%"}}]}}}
    return Engine.open([Plan.model_validate(plan | {"semantics": semantics})], Names(), 2, 20_458)


def order(**given):
    event = blank(1)
    event["kind"], event["time"], event["order"], event["member"] = Kind.order, 20_458 * DAY, 0, 0
    event["line"], event["price"], event["quantity"] = 1, 100_00, 2
    for name, value in given.items():
        event[name] = value
    return event


@pytest.mark.parametrize(
    ("semantics", "given", "message"),
    [
        ({"base_on": "profit"}, {}, "order 0 line 1 has no cost"),
        ({}, {"cost": MAX_AMOUNT // 2 + 1}, "cost 4500000000001"),
        ({}, {"fee": -1}, "fee -1"),
        ({}, {"fee": MAX_AMOUNT + 1}, "fee 9000000000001"),
        ({"defects": ["freight_times_quantity"]}, {"freight": MAX_AMOUNT // 2}, "freight 4500000000000"),
        ({}, {"activity": 5}, "activity 5"),
    ],
)
def test_lines_that_no_plan_can_reckon_with_are_refused(semantics, given, message):
    with pytest.raises(InputError, match=message):
        engine(**semantics).apply(order(**given))


def test_large_freight_is_no_trouble_where_it_is_counted_once():
    engine().apply(order(freight=MAX_AMOUNT // 2))
    engine(base_on="profit").apply(order(cost=0))
