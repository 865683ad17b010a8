"""Withdrawing: a weekly request for what is available, answered the next day."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

from rules.events import DAY, Kind
from rules.lifecycle import Refusal
from rules.payout.withdrawal import Withdrawal
from rules.records import WithdrawalStatus

BUSY = {
    "organic": 0.01, "seeds": 20, "zeal_a": 2, "click": 0.8, "impulse": 0.3, "payout_failure": 0.2, "r": 1, "alpha": 2,
}  # fmt: skip
RULE = Withdrawal(minimum="5", maximum="40", per_day=1, review_over="20")


@pytest.fixture(scope="module")
def run():
    plan = worlds.plan().model_copy(update={"withdrawal": RULE})
    return worlds.logged(2000, 90, behaviour=BUSY, plan=plan)


def of(events, kind):
    return events[events["kind"] == kind]


def test_requests_keep_the_plan(run):
    model, events = run
    asked = of(events, Kind.withdraw)
    assert len(asked) > 50
    assert sorted(asked["order"].tolist()) == list(range(len(asked)))
    assert (asked["amount"] >= RULE.minimum).all()
    assert (asked["amount"] <= RULE.maximum).all()
    refused = model.store.book.rows("refusals")
    assert np.count_nonzero(refused["code"] >= 12) < 0.1 * len(asked)


def test_everybody_asks_on_a_weekday_of_her_own(run):
    _, events = run
    asked = of(events, Kind.withdraw)
    weekdays = {}
    for event in asked:
        weekdays.setdefault(int(event["member"]), set()).add(int(event["time"]) // DAY % 7)
    assert all(len(days) == 1 for days in weekdays.values())
    assert len(set().union(*weekdays.values())) == 7


def test_nobody_asks_for_more_than_the_channel_pays():
    rule = Withdrawal(minimum="5", maximum="40", channel={"per_payment": "15", "per_day": "20"})
    plan = worlds.plan().model_copy(update={"withdrawal": rule})
    model, events = worlds.logged(1000, 60, behaviour=BUSY, plan=plan)
    asked = of(events, Kind.withdraw)
    assert asked["amount"].max() == 15_00
    assert (model.store.book.rows("refusals")["code"] < Refusal.channel_minimum).all()


def test_answers_come_the_next_day(run):
    model, events = run
    asked = {int(one["order"]): one for one in of(events, Kind.withdraw)}
    end = model.world.start + model.days
    answered = {}
    for kind in (Kind.paid, Kind.failed):
        for one in of(events, kind):
            number = int(one["order"])
            assert one["time"] // DAY == asked[number]["time"] // DAY + 1
            answered[number] = kind
    known = model.store.book.rows("withdrawals")["known"]
    due = {number for number, one in asked.items() if one["time"] // DAY < end - 1 and known[number]}
    assert set(answered) == due
    failed = sum(kind == Kind.failed for kind in answered.values())
    assert failed / len(answered) == pytest.approx(0.2, abs=0.12)
    approved = set(of(events, Kind.approve)["order"].tolist())
    assert approved == {number for number in due if asked[number]["amount"] > RULE.review_over}


def test_the_book_agrees(run):
    model, events = run
    rows = model.store.book.rows("withdrawals")
    assert set(rows["status"][rows["known"]].tolist()) <= {int(status) for status in WithdrawalStatus}
    paid = of(events, Kind.paid)["order"]
    assert rows["amount"][paid].sum() == model.store.book.members["withdrawn"].sum()
