"""Disputes and adjustments: money moves only between what is there and what an operator says."""

import random

import numpy as np
import pytest
from engines_agree import assert_same
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import MEMBERS, NAMES, START_DAY, random_log, random_plan

from rules.engine import Engine
from rules.errors import InputError
from rules.events import DAY, Kind, blank
from rules.lifecycle import Refusal
from rules.money import MAX_AMOUNT
from rules.plan.model import Plan
from rules.records import Component
from rules.trace import ReadableEngine

PLAN = Plan.model_validate(
    {
        "ranks": [{"id": "member"}],
        "commission": {"base": {"levels": [{"level": 1, "rates": {"default": "10%"}}]}},
        "disputes": {"days": 3},
    }
)


class Story:
    """Member 1 is bound to member 0 and buys for 100.00 on day 0; a dispute and what follows are told by the test.

    Both engines are told, and must agree after every event.
    """

    def __init__(self, plan: Plan = PLAN) -> None:
        self.engine = Engine.open([plan], NAMES, 3, START_DAY)
        self.readable = ReadableEngine([plan], NAMES, 3, START_DAY)
        self.tell(0, Kind.register, member=0)
        self.tell(0, Kind.register, member=1, other=0)
        self.tell(0, Kind.order, order=0, line=1, member=1, price=10_000, quantity=1)

    def tell(self, day: int, kind: Kind, **fields: int) -> None:
        event = blank(1)
        event["time"], event["kind"] = (START_DAY + day) * DAY + 10 * 3600, kind
        for name, value in fields.items():
            event[name] = value
        self.engine.apply(event)
        self.readable.apply(event)
        assert_same(self.engine, self.readable)

    def dispute(self, day: int, amount: int) -> None:
        """Member 0 disputes the order, and is right."""
        self.tell(day, Kind.dispute, order=0, member=0)
        self.tell(day, Kind.settle_dispute, order=0, rank=1, amount=amount)

    def balances(self) -> tuple[int, int, int]:
        """Member 0's pending, held and available."""
        row = self.engine.book.members[0]
        return int(row["pending"]), int(row["held"]), int(row["available"])

    @property
    def refused(self) -> list[int]:
        return self.engine.book.rows("refusals")["code"].tolist()


def test_an_order_that_is_not_paid_or_cancelled_cannot_be_disputed() -> None:
    story = Story()
    story.tell(0, Kind.dispute, order=0, member=0)
    story.tell(0, Kind.cancel, order=0)
    story.tell(0, Kind.dispute, order=0, member=0)
    story.tell(0, Kind.dispute, order=7, member=0)
    assert story.refused == [Refusal.order_state, Refusal.order_state, Refusal.unknown_order]


def test_only_members_dispute_lines_that_are_there() -> None:
    story = Story()
    story.tell(0, Kind.pay, order=0)
    story.tell(0, Kind.dispute, order=0, member=2)
    story.tell(0, Kind.dispute, order=0, member=0, line=2)
    story.tell(0, Kind.settle_dispute, order=0, rank=1, amount=5)
    story.tell(0, Kind.dispute, order=0, member=0, line=1)
    story.tell(0, Kind.settle_dispute, order=0, rank=1, amount=5, member=2)
    assert story.refused == [
        Refusal.not_registered,
        Refusal.unknown_line,
        Refusal.no_dispute,
        Refusal.not_registered,
    ]
    assert story.engine.book.orders[0]["disputed_by"] == 0


def test_an_adjustment_on_an_order_that_paid_nobody_settles_with_it() -> None:
    """Nothing is paid on the order: the adjustment alone is held until day 10 and then settled."""
    story = Story(Plan.model_validate({"ranks": [{"id": "member"}], "disputes": {}}))
    story.tell(0, Kind.pay, order=0)
    story.tell(1, Kind.dispute, order=0, member=0)
    story.tell(1, Kind.settle_dispute, order=0, rank=1, amount=700)
    assert story.engine.book.members[0]["pending"] == 700
    story.tell(2, Kind.receive, order=0)
    assert story.engine.book.members[0]["held"] == 700
    story.tell(9, Kind.tick)
    assert story.engine.book.members[0]["available"] == 0
    story.tell(10, Kind.tick)
    assert story.engine.book.members[0]["available"] == 700


def test_an_adjustment_after_receipt_of_an_order_that_paid_nobody_settles_with_it() -> None:
    story = Story(Plan.model_validate({"ranks": [{"id": "member"}], "disputes": {}}))
    story.tell(0, Kind.pay, order=0)
    story.tell(2, Kind.receive, order=0)
    story.tell(3, Kind.dispute, order=0, member=0)
    story.tell(3, Kind.settle_dispute, order=0, rank=1, amount=700)
    assert story.engine.book.members[0]["held"] == 700
    story.tell(10, Kind.tick)
    assert story.engine.book.members[0]["available"] == 700


def test_an_adjustment_downwards_comes_off_wherever_the_commission_is() -> None:
    """10 % of 100.00: 300 off while pending, 200 while held, 100 once settled; 401 are more than what is left."""
    story = Story()
    story.tell(0, Kind.pay, order=0)
    story.dispute(1, -300)
    assert story.balances() == (700, 0, 0)
    story.tell(2, Kind.receive, order=0)
    story.dispute(3, -200)
    assert story.balances() == (0, 500, 0)
    story.tell(11, Kind.tick)
    story.dispute(11, -100)
    assert story.balances() == (0, 0, 400)
    assert story.refused == []
    story.dispute(11, -401)
    assert story.balances() == (0, 0, 400)
    assert story.refused == [Refusal.adjustment_too_large]
    story.tell(11, Kind.settle_dispute, order=0, rank=1, amount=-400)  # the dispute is still open
    assert story.balances() == (0, 0, 0)
    assert story.engine.book.rows("entries")["amount"].tolist() == [1000, -300, -200, -100, -400]


def test_an_adjustment_downwards_takes_from_earlier_adjustments_after_the_commission() -> None:
    """1000 and 500 more; 1200 back are all of the first and 200 of the second: 300 stay, and a refund takes them."""
    story = Story()
    story.tell(0, Kind.pay, order=0)
    story.dispute(0, 500)
    story.dispute(0, -1_200)
    entries = story.engine.book.rows("entries")
    assert entries["amount"].tolist() == [1000, 500, -1000, -200]
    assert entries["reverses"].tolist() == [-1, -1, 0, 1]
    assert story.balances() == (300, 0, 0)
    story.tell(1, Kind.refund, order=0)
    assert story.balances() == (0, 0, 0)


def test_an_adjustment_of_a_settled_or_refunded_order_is_available_at_once() -> None:
    settled, refunded = Story(), Story()
    for story in (settled, refunded):
        story.tell(0, Kind.pay, order=0)
    settled.tell(2, Kind.receive, order=0)
    settled.tell(10, Kind.tick)
    settled.dispute(10, 250)
    assert settled.balances() == (0, 0, 1250)
    refunded.tell(0, Kind.refund, order=0)
    refunded.dispute(1, 250)
    assert refunded.balances() == (0, 0, 250)


def test_disputes_are_taken_one_at_a_time_until_three_days_after_settlement() -> None:
    """Received on day 2, settled on day 9 at ten o'clock: until day 12 at ten, a second later is late."""
    story = Story()
    story.tell(0, Kind.pay, order=0)
    story.tell(2, Kind.receive, order=0)
    story.tell(3, Kind.dispute, order=0, member=0)
    story.tell(3, Kind.dispute, order=0, member=1)
    assert story.refused == [Refusal.dispute_open]
    story.tell(3, Kind.settle_dispute, order=0, rank=1)
    story.tell(12, Kind.dispute, order=0, member=0)
    story.tell(12, Kind.settle_dispute, order=0, rank=0)
    assert story.refused == [Refusal.dispute_open]
    late = int(story.engine.book.orders[0]["settle_at"]) + 3 * DAY + 1
    story.tell(0, Kind.dispute, order=0, member=0, time=late)
    assert story.refused == [Refusal.dispute_open, Refusal.dispute_late]
    assert story.balances() == (0, 0, 1000)


def test_an_adjustment_goes_to_whom_the_operator_names() -> None:
    """Member 1 disputes their own order; 2.50 more are for member 0, beside the 10.00 of the order."""
    story = Story()
    story.tell(0, Kind.pay, order=0)
    story.tell(1, Kind.dispute, order=0, member=1)
    story.tell(1, Kind.settle_dispute, order=0, rank=1, amount=250, member=0)
    assert story.balances() == (1_250, 0, 0)
    assert story.engine.book.members["earned"].tolist() == [1_250, 0, 0]
    story.dispute(2, 1)
    assert story.balances() == (1_251, 0, 0)


def test_a_plan_without_disputes_refuses_them() -> None:
    story = Story(PLAN.model_copy(update={"disputes": None}))
    story.tell(0, Kind.pay, order=0)
    story.tell(0, Kind.dispute, order=0, member=0)
    assert story.refused == [Refusal.no_disputes]


def test_a_refused_dispute_books_nothing_even_if_an_amount_came_with_it() -> None:
    story = Story()
    story.tell(0, Kind.pay, order=0)
    story.tell(0, Kind.dispute, order=0, member=0)
    story.tell(0, Kind.settle_dispute, order=0, rank=0, amount=500)
    assert story.engine.book.rows("entries")["amount"].tolist() == [1000]
    assert story.engine.book.orders[0]["disputed_by"] == -1


@pytest.mark.parametrize("amount", [MAX_AMOUNT + 1, -MAX_AMOUNT - 1])
def test_an_amount_beyond_the_largest_is_the_callers_mistake(amount: int) -> None:
    story = Story()
    with pytest.raises(InputError, match="beyond the largest"):
        story.tell(0, Kind.settle_dispute, order=0, rank=1, amount=amount)


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32))
def test_after_a_full_refund_no_adjustment_of_before_is_left(seed: int) -> None:
    luck = random.Random(seed)
    plan = random_plan(luck)
    keep = {
        "partial_refund": "pro_rata",
        "refund_after_payout": "negative_balance",
        "late_refund": "recompute",
        "defects": [],
    }
    plan = plan.model_copy(update={"semantics": plan.semantics.model_copy(update=keep)})
    log = random_log(luck, 80)
    log = log[~np.isin(log["kind"], [Kind.plan, Kind.refund])]
    engine = Engine.open([plan], NAMES, MEMBERS, START_DAY)
    engine.apply(log)
    refunds = blank(int(engine.book.clock[0]["orders"]))
    refunds["kind"], refunds["time"], refunds["order"] = Kind.refund, log["time"][-1], np.arange(len(refunds))
    engine.apply(refunds)
    entries = engine.book.rows("entries")
    on_orders = entries[entries["order"] >= 0]
    for order in np.unique(on_orders["order"]).tolist():
        for member in range(MEMBERS):
            own = on_orders[(on_orders["order"] == order) & (on_orders["member"] == member)]
            assert own["amount"].sum() == 0


@pytest.mark.many
def test_random_worlds_adjust_upwards_and_downwards() -> None:
    """The agreement of both engines on adjustments means something only if there are some."""
    signs = set()
    for seed in range(60):
        luck = random.Random(seed)
        engine = Engine.open([random_plan(luck, number) for number in range(2)], NAMES, MEMBERS, START_DAY)
        engine.apply(random_log(luck, 100))
        entries = engine.book.rows("entries")
        own = entries[entries["component"] == Component.adjustment]
        signs |= {(int(np.sign(row["amount"])), int(row["source"])) for row in own}
    assert signs == {(1, -1), (-1, -1), (-1, -2)}
