"""The money view: every fen of a world counted again from its log and its book, and weeks cut where they should be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from worlds import logged

from rules.events import DAY, Kind
from rules.plan.read import read_plan
from rules.records import WithdrawalStatus
from scenarios.find import find
from sim.advice import advise, return_on_commission
from sim.money import Money, labour_by_day, weeks
from sim.scenario import Labour

LABOUR = Labour(review="7", refund="3", failed_payout="11")


def labour(model):
    return labour_by_day(model.metrics, model.store.book, LABOUR)


@pytest.fixture(scope="module")
def world():
    text, name = find("plans", "three_tier")
    text = text.replace("minimum: 100", "minimum: 1").replace("review_over: 5000", "review_over: 20")
    given = {"payout_failure": 0.3, "return_factor": 2.0}
    return logged(2500, 60, behaviour=given, plan=read_plan(text, name))


def test_all_weeks_together_are_the_run(world):
    model, _ = world
    totals, book = model.metrics.totals(), model.store.book
    found = weeks(model.metrics, book, labour(model))
    assert len(found) == 9  # eight whole weeks and four days
    money = sum(found, Money())
    assert (money.goods, money.commission, money.owed) == (
        totals["gmv"], totals["commission"], totals["wallet_liability"],
    )  # fmt: skip
    lines = book.rows("lines")
    assert money.discounts > 0
    orders = book.rows("orders")
    listed = {
        number: sum(int(one["price"]) * int(one["quantity"]) - int(one["paid"]) for one in lines[first : first + count])
        for number, (first, count) in enumerate(zip(orders["first_line"], orders["lines"], strict=True))
    }
    assert money.discounts == sum(off for number, off in listed.items() if orders[number]["paid_at"] >= 0)
    assert money.refunds == int(orders["refunded"].sum()) > 0
    paid = [row for row in book.rows("withdrawals") if row["status"] == WithdrawalStatus.paid and row["known"]]
    assert money.payouts + money.tax + money.fees == sum(int(row["amount"]) for row in paid) > 0


def test_labour_is_counted_case_by_case(world):
    model, events = world
    book = model.store.book
    rows = [row for row in book.rows("withdrawals") if row["known"]]
    failed = sum(row["status"] == WithdrawalStatus.failed for row in rows)
    reviewed = sum(row["amount"] > 20_00 and row["sent_at"] >= 0 for row in rows)  # those of the last day wait
    cases = int((events["kind"] == Kind.refund).sum())  # the market asks for none that is not given
    money = sum(weeks(model.metrics, book, labour(model)), Money())
    assert failed > 0
    assert reviewed > 0
    assert money.labour == 7_00 * reviewed + 11_00 * failed + 3_00 * cases


def test_a_week_has_its_own_days(world):
    model, _ = world
    book = model.store.book
    found, orders = weeks(model.metrics, book, labour(model)), book.rows("orders")
    paid = orders[orders["paid_at"] >= 0]
    third = (paid["paid_at"] // DAY - model.world.start) // 7 == 2
    assert found[2].goods == int(paid["goods"][third].sum())
    rows = book.rows("withdrawals")
    rows = rows[(rows["status"] == WithdrawalStatus.paid) & ((rows["done_at"] // DAY - model.world.start) // 7 == 5)]
    assert found[5].payouts == int((rows["amount"] - rows["fee"] - rows["tax"]).sum()) > 0
    assert found[5].cash == (
        found[5].goods - found[5].refunds - found[5].cost - found[5].payouts - found[5].tax - found[5].labour
    )


def test_what_is_owed_is_no_sum():
    assert (Money(goods=5, owed=3) + Money(goods=2, owed=1)) == Money(goods=7, owed=1)


CALM = {
    "payout_ratio": 0.3, "contribution": 1, "refund_rate": 0.1, "promoter_churn": 0.05,
    "promoters_without_income": 0.75, "fraud_loss": 5, "commission": 100,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"payout_ratio": 0.19}, "commission_low"),
        ({"payout_ratio": 0.41}, "commission_high"),
        ({"contribution": -1}, "loses_money"),
        ({"refund_rate": 0.101}, "refunds"),
        ({"promoter_churn": 0.051}, "churn"),
        ({"promoters_without_income": 0.76}, "without_income"),
        ({"fraud_loss": 6}, "fraud"),
    ],
)
def test_advice_is_given_beyond_its_bound_and_not_at_it(changed, name):
    weekly = [Money(goods=100, owed=100)]
    assert advise(CALM, weekly) == []
    assert [one.name for one in advise(CALM | changed, weekly)] == [name]


def test_members_are_owed_more_than_four_weeks_of_cash():
    rich = Money(goods=1_000)
    weekly = [rich, *[Money(goods=10)] * 3, Money(goods=10, owed=41)]
    assert [one.name for one in advise(CALM, weekly)] == ["liquidity"]
    assert advise(CALM, [*weekly[:-1], replace(weekly[-1], owed=40)]) == []


def test_nothing_is_advised_of_what_is_not_known():
    assert advise(dict.fromkeys(CALM), []) == []


def test_what_a_yuan_of_commission_brings():
    # half of 1,000 is left after refunds and goods; 400 were led to, 100 were paid for it: 400 x 0.5 / 100
    assert return_on_commission(400, Money(goods=1000, refunds=100, cost=400, commission=100)) == pytest.approx(2.0)
    assert return_on_commission(400, Money(goods=1000)) is None
    assert return_on_commission(0, Money(goods=1, commission=1)) == 0.0
