"""Worked examples: the engines' figures are those worked out by hand, and only what the plan has is shown."""

import random

import pytest
from full_plan import full_plan
from random_worlds import random_plan

from rules.examples import Example, examples
from rules.plan.read import parse_plan, read_plan
from rules.plan.wording.words import COMPONENTS
from rules.records import Component
from scenarios.find import find, names


def of(plan) -> dict[str, Example]:
    found = examples(plan)
    assert len({one.key for one in found}) == len(found)
    return {one.key: one for one in found}


@pytest.fixture(scope="module")
def shipped() -> dict[str, Example]:
    return of(read_plan(*find("plans", "three_tier")))


AMOUNTS = {
    # 2 pieces at 104.50 less a coupon of 10.00 = 199.00 paid; 8 % of it, freight left out
    "order": [1592],
    # 8 % × 1.5 = 12 % of 199.00
    "campaign": [2388],
    # 8 % of 999.00 and 50.00 for the first; together 129.92, under 30 % of 999.00 = 299.70
    "first_order": [7992, 5000],
    # 100.00 on the seventh day
    "bonus.streak": [10000],
    # 15.92 + 50.00 = 65.92 of 199.00, 30 % of which is 59.70: base gives way first, 6.22 of it
    "order_cap": [970, 5000],
    # 8 % of 12,500.00 would be 1,000.00; 500.00 a day
    "day_cap": [50000],
    # 50,000 × 5 % + 10,000 × 8 % = 3,300; at 59,000: 50,000 × 5 % + 9,000 × 8 % = 3,220
    "ladder": [330000, -8000],
    # 20,000 × 2 % = 400; 19,000 × 2 % = 380
    "team": [40000, -2000],
    # half of 15.92
    "refund": [1592, -796],
    "promotion.partner": [],
    "settlement": [],
    "withdrawal": [],
}


def test_the_shipped_plan_has_an_example_of_every_mechanism_it_has(shipped):
    assert set(shipped) == set(AMOUNTS)


@pytest.mark.parametrize("key", AMOUNTS)
def test_the_figures_are_those_worked_out_by_hand(shipped, key):
    assert [one.amount for one in shipped[key].amounts] == AMOUNTS[key]
    assert all(one.steps and all(step.zh and step.en for step in one.steps) for one in shipped[key].amounts)


RESULTS = {
    "order": ["合计 15.92 元。"],
    "order_cap": ["没有封顶时合计 65.92 元，封顶后合计 59.70 元。"],
    "ladder": ["最终所得 3,220.00 元。"],
    "refund": ["退款之后还剩 7.96 元。"],
    # received Friday 9 January 15:00, 7 days: Friday 16 January 15:00, the next Monday is the 19th
    "settlement": ["佣金自 2026-01-19 02:00（周一）起可提现。"],
    # the least is 100.00, there is no fee; 10,000 less 20 % less 5,000 is 3,000, 3 % of it
    "withdrawal": [
        "不予受理：低于最低提现额。",
        "申请提现 10,000.00 元：手续费 0.00 元，代扣税 90.00 元，到账 9,910.00 元。",
    ],
    # 3 months in a row
    "promotion.partner": ["第 1 个月结束后：推广员。", "第 2 个月结束后：推广员。", "第 3 个月结束后：合伙人。"],
}


@pytest.mark.parametrize("key", RESULTS)
def test_what_it_comes_to_is_told(shipped, key):
    assert [one.zh for one in shipped[key].result] == RESULTS[key]


def test_an_example_says_who_and_how_in_both_languages(shipped):
    (one,) = shipped["order"].amounts
    assert (one.who.zh, one.who.en) == ("第 1 级（推广员）", "Level 1 (Promoter)")
    assert (one.what.zh, one.what.en) == ("基础佣金", "Base commission")
    assert [step.zh for step in one.steps] == ["计佣金额 199.00（按实付，不含运费）", "× 8% = 15.92（向下取整）"]
    assert "199.00 yuan are paid" in shipped["order"].story[0].en


def plan(**sections):
    return parse_plan({"ranks": [{"id": "a"}, {"id": "b", "join": {"orders": 1}}]} | sections)


def levels(*rates, **more):
    return {"base": {"levels": [{"level": n, "rates": {"default": rate}} | more for n, rate in enumerate(rates, 1)]}}


def test_a_plan_that_pays_nothing_shows_only_a_withdrawal():
    assert set(of(plan())) == {"withdrawal"}


def test_three_levels_are_shown_with_what_each_earns():
    order = of(plan(commission=levels("10%", "5%", "2.5%", ranks=["b"])))["order"]
    # of 199.00: 19.90, 9.95, and 4.975 rounded down
    assert [(one.who.en, one.amount) for one in order.amounts] == [
        ("Level 1 (b)", 1990),
        ("Level 2 (b)", 995),
        ("Level 3 (b)", 497),
    ]


def test_what_commission_is_taken_of_shows_in_the_example():
    listed = plan(commission=levels("10%"), semantics={"base_on": "list", "freight": "include"})
    # two pieces at 104.50 and 8.00 of freight: 217.00
    assert [one.amount for one in of(listed)["order"].amounts] == [2170]


def test_commission_on_the_profit_has_a_cost():
    found = of(plan(commission=levels("10%"), semantics={"base_on": "profit"}))["order"]
    # 199.00 less two pieces at 62.70 is 73.60
    assert [one.amount for one in found.amounts] == [736]
    assert found.story[0].en.endswith("A piece costs the store 62.70 yuan.")


def test_entries_made_at_receipt_or_settlement_and_promoters_who_spend_are_shown():
    for knobs in ({"rate_snapshot": "receipt"}, {"rate_snapshot": "settle"}, {"promoter_by": "spend_over:200"}):
        found = of(plan(commission=levels("10%"), semantics=knobs))["order"]
        assert [one.amount for one in found.amounts] == [1990], knobs


def test_a_dispute_is_answered_by_an_adjustment():
    (paid,) = of(plan(commission=levels("10%"), disputes={"days": 9}))["dispute"].amounts
    assert (paid.amount, paid.who.en) == (600, "Level 1 (a)")


def test_ranks_with_rates_of_their_own_are_held_side_by_side():
    by_rank = levels("10%", by_rank={"b": {"default": "20%"}})
    assert [one.amount for one in of(plan(commission=by_rank))["ranks"].amounts] == [1990, 3980]


def test_a_fee_is_taken_off_a_withdrawal():
    (paid,) = of(plan(withdrawal={"fee": "0.6%"}))["withdrawal"].result
    assert paid.en == "500.00 yuan asked for: a fee of 3.00 yuan, tax withheld 0.00 yuan, 497.00 yuan paid out."


def test_a_withdrawal_keeps_to_the_limits_of_the_plan():
    (paid,) = of(plan(withdrawal={"maximum": 20, "e_signature": True}))["withdrawal"].result
    assert paid.en.startswith("20.00 yuan asked for")
    (paid,) = of(plan(withdrawal={"channel": "wechat_2024"}))["withdrawal"].result
    assert paid.en.startswith("200.00 yuan asked for")
    example = of(plan(withdrawal={"minimum": 900, "review_over": 100}))["withdrawal"]
    assert example.story[1].en == "First 899.99 yuan are asked for."
    refused, paid = example.result
    assert refused.en.startswith("Refused")
    assert paid.en.startswith("900.00 yuan asked for")
    assert paid.en.endswith("900.00 yuan paid out.")


RISING = [{"id": "staff"}, {"id": "agent"}, {"id": "division"}]
DIFFERENTIAL = parse_plan(
    {
        "ranks": RISING,
        "commission": {
            "differential": {"rates": {"staff": "20%", "agent": "40%", "division": "60%"}},
            "peer": {"rate": "10%"},
            "area": {"rates": {"agent": "1%"}},
        },
    }
)
MARGIN = parse_plan({"ranks": RISING, "commission": {"margin": {"prices": {"agent": "80%", "division": "70%"}}}})


def test_what_is_paid_along_the_chain_is_shown():
    # 199.00 × 20 %, × (40 - 20) %, × (60 - 40) %, and 10 % of the last for the next of the same rank
    assert [one.amount for one in of(DIFFERENTIAL)["order"].amounts] == [3980, 3980, 3980, 398]
    assert [one.amount for one in of(DIFFERENTIAL)["area"].amounts] == [199]
    # two pieces at 104.50: 104.50 - 83.60 = 20.90 a piece, 83.60 - 73.15 = 10.45 a piece
    assert [one.amount for one in of(MARGIN)["order"].amounts] == [4180, 2090]


def test_own_purchases_are_shown_where_they_earn():
    paid = plan(commission=levels("10%"), semantics={"self_purchase": "as_level_1"})
    assert [one.amount for one in of(paid)["own_purchase"].amounts] == [1990]
    assert "own_purchase" not in of(plan(commission=levels("10%")))


def test_a_cap_that_cannot_bite_is_not_shown():
    assert "order_cap" not in of(plan(commission=levels("10%"), caps={"order_ratio": "30%"}))


def rewards(*bonuses, **sections):
    return of(plan(commission=levels("10%"), bonuses=list(bonuses), **sections))


def test_rewards_are_shown_with_what_must_happen():
    found = rewards(
        {"id": "bring", "event": "register", "to": "inviter", "pay": 2},
        {"id": "welcome", "event": "register", "to": "newcomer", "coupon": "C5"},
        {"id": "three", "event": "invites", "count": 3, "pay": 8},
        {"id": "gold", "event": "direct_team", "count": 2, "pay": 66, "allowance": 20},
        {"id": "beginner", "event": "new_promoter", "months": 3, "rate": "20%"},
        coupons={"C5": {"amount": 5}},
    )
    assert [one.amount for one in found["bonus.bring"].amounts] == [200]
    assert [one.en for one in found["bonus.welcome"].result] == ["The newcomer: a coupon C5."]
    assert [one.amount for one in found["bonus.three"].amounts] == [800]
    # once when the team reaches two, and at the close of the month
    assert [one.amount for one in found["bonus.gold"].amounts] == [6600, 2000]
    # 20 % of 19.90
    assert [one.amount for one in found["bonus.beginner"].amounts] == [398]


def test_an_ordinary_order_is_nobodys_first_of_anything():
    found = rewards(
        {"id": "first", "event": "first_promoted_order", "pay": 5},
        {"id": "daily", "event": "first_order_of_day", "pay": 5},
        {"id": "beginner", "event": "new_promoter", "months": 3, "rate": "20%"},
    )
    assert [one.amount for one in found["order"].amounts] == [1990]


def test_points_and_influence_are_shown():
    earning = {"earn": {"per_yuan": 2}}
    assert of(plan(points=earning))["points"].result[0].en == "After receipt the buyer has 398 points."
    path = {"influence": {"path": 5, "node": 3, "clicks": 47, "pay": 5}}
    (paid,) = of(plan(commission=path))["influence"].amounts
    assert (paid.amount, paid.who.en) == (500, "Number 3")


def test_a_dividend_is_shown_for_one_head_of_each_rank():
    shared = plan(commission={"dividend": {"pool": "1%", "shares": {"a": 1, "b": 3}}})
    # 1 % of 100,000.00 is 1,000.00: a quarter and three quarters
    assert sorted(one.amount for one in of(shared)["dividend"].amounts) == [25000, 75000]


def test_rates_of_new_products_are_shown():
    ages = {"launched": {"cream": "2026-03-01"}, "bands": [{"days": [0, 29], "multiply": "1.5"}]}
    base = {"base": {"levels": [{"level": 1, "rates": {"default": "10%"}}], "product_age": ages}}
    # 15 % of 199.00
    assert [one.amount for one in of(plan(commission=base))["product_age"].amounts] == [2985]


def test_a_campaign_is_shown_on_what_it_is_for():
    campaign = {"id": "x", "days": [9, 9], "multiply": {"base": 2}, "skus": ["s"], "ranks": ["b"], "channels": ["h5"]}
    found = of(plan(commission=levels("10%"), campaigns=[campaign]))["campaign"]
    assert [one.amount for one in found.amounts] == [3980]
    assert [one.en for one in found.story[1:]] == ["The product is s.", "The channel is h5."]


def test_every_kind_of_entry_has_a_name_and_an_example():
    assert {one.name for one in Component} <= set(COMPONENTS)
    disputed = plan(commission=levels("10%"), disputes={"days": 9})
    plans = [full_plan(), DIFFERENTIAL, MARGIN, disputed]
    amounts = [one for plan in plans for example in of(plan).values() for one in example.amounts]
    shown = " ".join({one.what.zh for one in amounts})
    assert [one for one in Component if COMPONENTS[one.name].zh not in shown] == []


@pytest.mark.parametrize("name", names("plans"))
def test_every_shipped_plan_has_examples(name):
    found = of(read_plan(*find("plans", name)))
    assert {"order", "refund", "settlement", "withdrawal"} <= set(found)
    assert all(one.amounts or one.result for one in found.values())


@pytest.mark.parametrize("seed", range(8))
def test_examples_of_any_plan_can_be_worked_out(seed):
    for one in examples(random_plan(random.Random(seed))):
        assert one.story
        assert one.amounts or one.result
