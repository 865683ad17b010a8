"""Exploits told step by step, out of their cases."""

from __future__ import annotations

from sim.redteam.telling import steps_of

LINE = {"sku": "tea", "category": "tea", "price": "30.00", "quantity": 2}
PLAN = {"plan": "mine", "coupons": {"hello": {"amount": "10.00"}}}


def told(*events):
    return steps_of({"plan": PLAN, "events": [{"at": f"2026-03-{day:02} 23:00"} | event for day, event in events]})


def test_what_accounts_do_alike_is_one_step():
    steps = told(
        (1, {"click": "A1", "visitor": "A2"}),
        (1, {"register": "A2", "inviter": "A1"}),
        (1, {"click": "A1", "visitor": "A3"}),
        (1, {"register": "A3", "inviter": "A1"}),
        (4, {"order": "O1", "buyer": "A2", "lines": [LINE]}),
        (4, {"pay": "O1"}),
        (4, {"order": "O2", "buyer": "A3", "lines": [LINE]}),
        (4, {"pay": "O2"}),
        (9, {"withdraw": "A1", "amount": "5.50", "id": "W1"}),
        (9, {"paid": "W1"}),
        (9, {"refund": "O1"}),
        (9, {"refund": "O2"}),
    )
    assert [(step.days, step.act, step.who, step.amount) for step in steps] == [
        ((1,), "register", ("A2", "A3"), None),
        ((4,), "order", ("A2", "A3"), 60_00),  # two of 30.00
        ((9,), "withdraw", ("A1",), 5_50),
        ((9,), "refund", ("A2", "A3"), 60_00),
    ]
    assert steps[0].words.zh == "A1 邀请 A2、A3 注册"
    assert steps[1].words.en == "A2, A3 buy tea: 60.00 yuan each"
    assert steps[1].when.zh == "第 4 天"
    assert steps[2].words.zh == "A1 提现到账，5.50 元"


def test_what_is_done_day_by_day_is_one_step():
    steps = told(*((day, {"share": who}) for day in (1, 2, 3) for who in ("A1", "A2", "A3")))
    assert [(step.days, step.who) for step in steps] == [((1, 2, 3), ("A1", "A2", "A3"))]
    assert steps[0].when.en == "Days 1–3, daily"
    assert steps[0].words.zh == "A1–A3（3 个账号）分享链接"


def test_days_apart_are_listed_or_counted():
    few = told(*((day, {"withdraw": "A1", "amount": "1.00", "id": f"W{day}"}) for day in (1, 8, 15)))
    many = told(*((day, {"withdraw": "A1", "amount": "1.00", "id": f"W{day}"}) for day in (1, 8, 15, 22, 29)))
    assert few[0].when.en == "Days 1, 8, 15"
    assert many[0].when.zh == "第 1–29 天，共 5 次"


def test_an_order_costs_what_is_left_after_coupon_and_points():
    event = {"order": "O1", "buyer": "A1", "lines": [LINE], "use": "hello", "points_off": "2.00"}
    assert told((1, event))[0].amount == 48_00  # 60.00 - 10.00 - 2.00


def test_an_honest_customer_is_no_account():
    steps = told((1, {"order": "O1", "buyer": "customer1", "lines": [LINE]}), (2, {"receive": "O1"}))
    assert [step.words.en for step in steps] == [
        "an honest customer buys tea: 60.00 yuan",
        "an honest customer confirms receipt",
    ]


def test_the_event_that_only_lets_time_pass_is_left_out():
    assert [step.act for step in told((1, {"share": "A1"}), (30, {"sign_in": "A1"}))] == ["share"]


def test_pieces_that_come_back_are_counted():
    steps = told((1, {"order": "O1", "buyer": "A1", "lines": [LINE]}), (2, {"refund": "O1", "line": 1, "quantity": 1}))
    assert steps[1].words.zh == "A1 退货 1 件"
    assert steps[1].amount is None
