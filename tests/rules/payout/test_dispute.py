"""Disputes and adjustments: money moves only between what is there and what an operator says."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import MEMBERS, NAMES, START_DAY, random_log, random_plan

from rules.book import Component
from rules.engine import Engine
from rules.errors import InputError
from rules.events import DAY, Kind, blank
from rules.lifecycle import Refusal
from rules.money import MAX_AMOUNT
from rules.plan.model import Plan

PLAN = Plan.model_validate(
    {
        "ranks": [{"id": "member"}],
        "commission": {"base": {"levels": [{"level": 1, "rates": {"default": "10%"}}]}},
        "disputes": {"days": 3},
    }
)


class Story:
    """Member 1 is bound to member 0 and buys for 100.00 on day 0; a dispute and what follows are told by the test."""

    def __init__(self, plan: Plan = PLAN) -> None:
        self.engine = Engine.open([plan], NAMES, 3, START_DAY)
        self.tell(0, Kind.register, member=0)
        self.tell(0, Kind.register, member=1, other=0)
        self.tell(0, Kind.order, order=0, line=1, member=1, price=10_000, quantity=1)

    def tell(self, day: int, kind: Kind, **fields: int) -> None:
        event = blank(1)
        event["time"], event["kind"] = (START_DAY + day) * DAY + 10 * 3600, kind
        for name, value in fields.items():
            event[name] = value
        self.engine.apply(event)

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
