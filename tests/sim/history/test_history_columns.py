"""A log that is turned into columns is replayed to the same result as one that is walked."""

from __future__ import annotations

import random

import numpy as np
import pytest
from bulk_worlds import MEMBERS, bulk_plan, random_history
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import NAMES, START_DAY, random_log, random_plan

import sim.history.replay as replaying
from rules.book import open_book
from rules.events import EventLog, Kind, Records, blank
from rules.plan.model import Plan
from rules.plan.read import read_plan
from scenarios.find import find
from sim.history.columns import columns_of
from sim.history.orders import history_of
from sim.history.purchases import shipped
from sim.history.replay import ReplayResult, replay
from sim.history.tree import referral_history


def both(log: EventLog, plans: list[Plan], opening: Records | None = None) -> list[list[ReplayResult]]:
    """The results of a log by the event engine and, as far as it is known there, by the bulk engine."""
    found = []
    for least in (10**9, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(replaying, "MANY_EVENTS", least)
            found.append(replay(log, plans, START_DAY, opening))
    return found


def assert_same(one: ReplayResult, other: ReplayResult) -> None:
    assert one.to_dict() == other.to_dict()
    np.testing.assert_array_equal(one.earned, other.earned)
    np.testing.assert_array_equal(one.entries, other.entries)
    assert one.refusals == other.refusals


@settings(max_examples=100)
@given(seed=st.integers(0, 2**32), orders=st.integers(1, 40))
def test_histories_are_replayed_alike(seed: int, orders: int) -> None:
    luck = random.Random(seed)
    plan, history = bulk_plan(luck), random_history(luck, orders)
    opening = open_book(MEMBERS, 1).members
    for name, column in (("upline", "upline"), ("rank", "rank"), ("frozen", "frozen"), ("orders", "orders")):
        opening[name] = getattr(history.members, column)
    opening["joined_at"] = np.where(history.members.joined == 1, 0, -1)
    opening["spent"], opening["promoted_orders"] = history.members.spent, history.members.promoted
    assert columns_of(history.log) is not None
    (walked,), (bulk,) = both(EventLog(history.log, NAMES), [plan], opening)
    assert_same(walked, bulk)


def quiet_of(log: Records) -> Records:
    """The log without what columns have no place for."""
    quiet = log[
        np.isin(log["kind"], [Kind.register, Kind.order, Kind.pay, Kind.receive, Kind.refund, Kind.tick])
    ].copy()
    placed = np.isin(quiet["kind"], [Kind.register, Kind.order])
    quiet["rank"][placed] = -1
    placed = quiet["kind"] == Kind.order
    quiet["other"][placed], quiet["amount"][placed] = -1, 0
    quiet["activity"][placed], quiet["area"][placed] = 0, -1
    return quiet


@settings(max_examples=100)
@given(seed=st.integers(0, 2**32), size=st.integers(1, 80))
def test_any_log_is_replayed_alike_or_walked(seed: int, size: int) -> None:
    """Logs with everything in them, and the same without what the bulk engine never takes."""
    luck = random.Random(seed)
    log = random_log(luck, size)
    for events in (log, quiet_of(log)):
        for plan in (random_plan(luck), bulk_plan(luck)):
            (walked,), (bulk,) = both(EventLog(events, NAMES), [plan])
            assert_same(walked, bulk)


def test_some_random_logs_are_turned_into_columns() -> None:
    """The agreement above means something only if some of the logs get that far."""
    turned = 0
    for seed in range(100):
        log = random_log(random.Random(seed), 30)
        turned += columns_of(quiet_of(log)) is not None
    assert turned > 20


def test_real_orders_are_replayed_alike() -> None:
    store = referral_history(shipped("cdnow_sample"))
    log = history_of(store.orders, store.members).log
    plans = [read_plan(*find("plans", name)) for name in ("three_tier", "three_level", "mall_monthly")]
    columns = columns_of(log.events)
    assert columns is not None
    assert len(columns.refunds) > 100
    for walked, bulk in zip(*both(log, plans), strict=True):
        assert_same(walked, bulk)


def paid_twice(events: Records) -> None:
    events[3]["kind"], events[3]["order"] = Kind.pay, 0


def paid_before_it_is_placed(events: Records) -> None:
    events[[1, 2]] = events[[2, 1]]


def line_after_the_payment(events: Records) -> None:
    events[3] = events[1]
    events[3]["line"] = 2


def first_line_twice(events: Records) -> None:
    events[3] = events[1]


def clicked(events: Records) -> None:
    events[3]["kind"], events[3]["member"], events[3]["other"] = Kind.click, 0, 1


def worth_less_than_nothing(events: Records) -> None:
    events[1]["discount"] = 2_000


@pytest.mark.parametrize(
    "spoil",
    [paid_twice, paid_before_it_is_placed, line_after_the_payment, first_line_twice, clicked, worth_less_than_nothing],
)
def test_what_only_the_event_engine_understands_is_not_turned_into_columns(spoil) -> None:
    events = blank(4)
    events["kind"] = [Kind.register, Kind.order, Kind.pay, Kind.tick]
    events["member"][:2], events["order"][1:3], events["line"][1] = 0, 0, 1
    events["price"][1], events["quantity"][1] = 1_000, 1
    assert columns_of(events) is not None
    spoil(events)
    assert columns_of(events) is None
