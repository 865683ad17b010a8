"""What changed between two plans: nothing where only the writing differs, every key that does, in words."""

import random

import pytest
from full_plan import full_data, full_plan
from hypothesis import given
from hypothesis import strategies as st
from random_worlds import random_plan

from rules.plan.difference import difference, plan_tree
from rules.plan.model import Plan
from rules.plan.read import parse_plan, read_plan
from scenarios.find import find

BASE = {
    "ranks": [{"id": "a"}, {"id": "b", "join": {"orders": 1}}],
    "commission": {"base": {"levels": [{"level": 1, "rates": {"food": "8%", "default": "5%"}}]}},
}


def plan(**sections) -> Plan:
    return parse_plan(BASE | sections)


def places(before: Plan, after: Plan) -> list[str]:
    return [one.place for one in difference(before, after)]


def base(**level) -> dict:
    return {"base": {"levels": [{"level": 1, "rates": {"food": "8%", "default": "5%"}} | level]}}


@pytest.mark.parametrize(
    "same",
    [
        {"commission": {"base": {"levels": [{"rates": {"default": "0.05", "food": "0.080"}, "level": 1}]}}},
        {"commission": base(ranks=["b", "a"])},
        {"commission": base(minimum=0)},
        {"caps": {"levels": 3}},
        {"semantics": {"rounding": "floor", "base_on": "paid"}},
        {"semantics": {"rounding": {1: "floor"}}},
        {"withdrawal": {"fee": "0%"}, "settlement": {"cycle": {"at": "2:00"}}},
        {"campaigns": [], "bonuses": []},
    ],
)
def test_other_writing_is_no_difference(same):
    assert difference(plan(), plan(**same)) == []


@pytest.mark.parametrize(
    ("sections", "place", "zh", "en"),
    [
        (
            {"commission": base(rates={"food": "12%", "default": "5%"})},
            "commission.base.levels.1.rates.food",
            "原：第 1 级，food：8%。现：第 1 级，food：12%。",
            "Before: Level 1, food: 8%. Now: Level 1, food: 12%.",
        ),
        (
            {"commission": base(rates={"food": {"fixed": "0.88"}, "default": "5%"})},
            "commission.base.levels.1.rates.food",
            "原：第 1 级，food：8%。现：第 1 级，food：每件 0.88 元。",
            "Before: Level 1, food: 8%. Now: Level 1, food: 0.88 yuan a piece.",
        ),
        (
            {"commission": base(ranks=["b"])},
            "commission.base.levels.1.ranks",
            "原：第 1 级付给：所有等级。现：第 1 级付给：b。",
            "Before: Level 1 is paid to: all ranks. Now: Level 1 is paid to: b.",
        ),
        (
            {"settlement": {"hold_days": 15}},
            "settlement.hold_days",
            "原：冻结期 7 天，自确认收货起算。现：冻结期 15 天，自确认收货起算。",
            "Before: The hold is 7 days from receipt of the goods. Now: The hold is 15 days from receipt of the goods.",
        ),
        (
            {"withdrawal": {"real_name": True}},
            "withdrawal.real_name",
            "新增：提现前须完成实名认证。",
            "New: A real name must be registered first.",
        ),
        (
            {"ranks": [{"id": "a"}, {"id": "b"}]},
            "ranks.b.join",
            "原：累计支付 1 个订单，立即成为b。现：b由商城授予。",
            "Before: 1 paid order of one's own: b at once. Now: b is given by the store.",
        ),
        (
            {"semantics": {"late_refund": "keep"}},
            "semantics.late_refund",
            "semantics.late_refund：recompute → keep（会员规则说明不受影响）。",
            "semantics.late_refund: recompute → keep (the rule sheet reads the same).",
        ),
    ],
)
def test_a_change_is_told_by_what_the_sheet_said_and_says(sections, place, zh, en):
    (change,) = difference(plan(), plan(**sections))
    assert (change.kind, change.place) == ("rule", place)
    assert (change.words.zh, change.words.en) == (zh, en)


def test_before_and_after_are_as_in_a_file():
    (change,) = difference(plan(), plan(withdrawal={"minimum": 100}))
    assert (change.before, change.after) == ("0.00", "100.00")
    (change,) = difference(plan(), plan(bonuses=[{"id": "x", "event": "first_promoted_order", "pay": 5}]))
    assert (change.place, change.before) == ("bonuses", None)
    assert change.after == {"x": {"id": "x", "event": "first_promoted_order", "pay": "5.00"}}
    assert change.words.zh.startswith("新增：第一次推广成交，一次性奖励 5.00 元")


def test_names_are_told_and_change_no_rule():
    titled = [{"id": "a", "title": {"zh": "甲", "en": "A"}}, {"id": "b", "join": {"orders": 1}}]
    found = difference(plan(), plan(plan="other", title={"zh": "新", "en": "New"}, ranks=titled))
    assert [(one.place, one.kind) for one in found] == [("plan", "name"), ("title", "name"), ("ranks.a.title", "name")]
    assert found[0].words.zh == "方案名：plan → other（只是名称，不是规则）。"
    assert found[2].words.en == "The title of rank a: nothing → A (a name, not a rule)."


def test_items_of_lists_are_told_apart_by_what_they_are_called():
    one, two = ({"id": name, "days": [0, 9], "multiply": {"base": 2}} for name in ("x", "y"))
    assert places(plan(campaigns=[one, two]), plan(campaigns=[two, one])) == []
    assert places(plan(campaigns=[one, two]), plan(campaigns=[two])) == ["campaigns.x"]
    longer = one | {"days": [0, 10]}
    assert places(plan(campaigns=[one, two]), plan(campaigns=[two, longer])) == ["campaigns.x.days"]


def test_the_order_of_ranks_is_a_rule():
    turned = plan(ranks=[{"id": "b"}, {"id": "a", "join": {"orders": 1}}])
    found = difference(plan(), turned)
    assert "ranks" in [one.place for one in found]
    order = next(one for one in found if one.place == "ranks")
    assert (order.before, order.after) == (["a", "b"], ["b", "a"])
    assert order.words.zh == "原：等级由低到高：a → b。注册即为a。现：等级由低到高：b → a。注册即为b。"


def test_rounding_by_level_is_told():
    (change,) = difference(plan(), plan(semantics={"rounding": {1: "half_up", 2: "floor"}}))
    assert (change.place, change.before, change.after) == ("semantics.rounding", "floor", {"1": "half_up"})
    assert "第 1 级四舍五入" in change.words.zh


def test_the_shipped_plans_differ_as_their_files_say():
    before, after = (read_plan(*find("plans", name)) for name in ("three_tier", "three_tier_more"))
    assert [(one.place, one.before, one.after) for one in difference(before, after) if one.kind == "rule"] == [
        ("commission.base.levels.1.rates.fmcg", "8%", "12%"),
        ("commission.base.levels.1.rates.digital", "3%", "5%"),
        ("commission.base.levels.1.rates.default", "5%", "8%"),
        ("bonuses.newcomer.pay", "50.00", "30.00"),
        ("bonuses.streak", {"id": "streak", "event": "promotion_streak", "pay": "100.00", "days": 7}, None),
    ]


def test_no_path_of_the_full_plan_is_called_twice():
    assert difference(full_plan(), parse_plan(full_data())) == []
    bare = plan()
    assert len(places(bare, full_plan())) == len(set(places(bare, full_plan())))


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_there_is_a_difference_exactly_where_the_rules_differ(first, second):
    before, after = (random_plan(random.Random(seed)) for seed in (first, second))
    found, back = difference(before, after), difference(after, before)
    assert bool(found) == (plan_tree(before) != plan_tree(after))
    assert {one.place for one in found} == {one.place for one in back}
    assert all(one.before != one.after and one.words.zh and one.words.en for one in found)
    assert difference(before, before) == []
