"""Deferral: nothing over a cap is lost and nothing is paid twice, within every day's and month's cap."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_logs import bought, event, log, random_engine, run_both

from rules.calendar import calendar_numbers
from rules.errors import InputError
from rules.events import DAY, Kind, Names
from rules.plan.read import parse_plan
from rules.records import Component

NAMES = Names(ranks=["member"])
PEOPLE = [event(Kind.register, 0, 0, member=0), event(Kind.register, 0, 1, member=1, other=0)]
"""Member 0 invited 1 and earns 10 % of what she buys."""


def plan(**caps: object):
    base = {"levels": [{"level": 1, "rates": {"default": "10%"}}]}
    streak = {"id": "streak", "event": "promotion_streak", "days": 2, "pay": 25}
    data = {"ranks": [{"id": "member"}], "commission": {"base": base}, "caps": {"over_cap": "defer"} | caps}
    return parse_plan({**data, "bonuses": [streak], "settlement": {"hold_days": 0, "cycle": {"every": "day"}}})


def entries_of(engine) -> list[tuple[int, int]]:
    """Day and amount of every entry."""
    return [(int(row["time"]) // DAY - 20_458, int(row["amount"])) for row in engine.book.rows("entries")]


def assert_conserved(engine) -> None:
    """Of every amount that a cap cut: before the cap = entries made of it + waiting + cancelled."""
    book = engine.book
    waiting = Counter()
    for row in book.rows("deferrals"):
        paid = book.entries[row["entry"]]["amount"] if row["entry"] >= 0 else 0
        piece = row["piece"]
        while piece >= 0:
            paid += book.entries[book.pieces[piece]["entry"]]["amount"]
            piece = book.pieces[piece]["previous"]
        assert row["amount"] == paid + row["waiting"] + row["cancelled"]
        assert row["waiting"] >= 0
        waiting[int(row["member"])] += int(row["waiting"])
    assert book.members["deferred"].tolist() == [waiting[n] for n in range(len(book.members))]
    assert book.clock[0]["waiting"] == np.count_nonzero(book.rows("deferrals")["waiting"])


@settings(max_examples=120)
@given(seed=st.integers(0, 2**32), cut=st.integers(0, 100))
def test_what_is_put_off_is_neither_lost_nor_doubled(seed: int, cut: int) -> None:
    engine, events = random_engine(seed, 100, {"over_cap": "defer", "member_day": 150})
    engine.apply(events[:cut])
    assert_conserved(engine)
    engine.apply(events[cut:])
    assert_conserved(engine)


@settings(max_examples=120)
@given(seed=st.integers(0, 2**32))
def test_nobody_is_paid_more_than_a_cap_on_any_day_or_month(seed: int) -> None:
    engine, events = random_engine(seed, 100, {"over_cap": "defer", "member_day": 150, "member_month": 999})
    engine.apply(events)
    rows = engine.book.rows("entries")
    capped = rows[(rows["reverses"] < 0) & np.isin(rows["component"], [Component.base, Component.bonus])]
    capped = capped[capped["period"] < 0]  # allowances of a title are period components, outside both caps
    days, months = Counter(), Counter()
    for row in capped:
        day = int(row["time"]) // DAY
        days[int(row["member"]), day] += int(row["amount"])
        months[int(row["member"]), calendar_numbers(day)["month"]] += int(row["amount"])
    assert max(days.values(), default=0) <= 150
    assert max(months.values(), default=0) <= 999


@pytest.mark.many
def test_random_logs_reach_parts_that_are_paid_cancelled_and_clawed() -> None:
    cancelled = paid = taken = 0
    for seed in range(40):
        engine, events = random_engine(seed, 100, {"over_cap": "defer", "member_day": 150})
        engine.apply(events)
        book = engine.book
        cancelled += (book.rows("deferrals")["cancelled"] > 0).sum()
        paid += len(book.rows("pieces"))
        taken += (book.entries[book.rows("pieces")["entry"]]["clawed"] > 0).sum()
    assert min(cancelled, paid, taken) >= 10


def test_the_oldest_waits_least() -> None:
    """10.00 a day: order 0 is worth 25.00, order 1 (a day later) 5.00: 10, 10, 5 + 5 of the second."""
    events = log(PEOPLE, bought(0, 1, 25_000), bought(1, 1, 5_000, 1), event(Kind.tick, 4))
    engine = run_both([plan(member_day=10)], NAMES, 2, events)
    assert entries_of(engine) == [(0, 1000), (1, 1000), (2, 500), (2, 500)]
    assert engine.book.rows("entries")["order"].tolist() == [0, 0, 0, 1]


def test_whoever_is_frozen_waits_longer() -> None:
    freeze, thaw = event(Kind.freeze, 0, 80_000, member=0), event(Kind.unfreeze, 3, member=0)
    events = log(PEOPLE, bought(0, 1, 15_000), freeze, thaw, event(Kind.tick, 5))
    assert entries_of(run_both([plan(member_day=10)], NAMES, 2, events)) == [(0, 1000), (4, 500)]


def test_a_plan_without_caps_pays_all_that_waits() -> None:
    events = log(PEOPLE, bought(0, 1, 90_000), event(Kind.plan, 1, rank=1), event(Kind.tick, 3))
    engine = run_both([plan(member_day=10), plan()], NAMES, 2, events)
    assert entries_of(engine) == [(0, 1000), (1, 1000), (2, 7000)]


def test_a_bonus_without_an_order_is_put_off_too() -> None:
    """25.00 for the second day in a row with a share; each part has its own hold, here until 02:00 of its day."""
    events = log(PEOPLE, [event(Kind.share, day, member=0) for day in (0, 1)], event(Kind.tick, 3, 3600))
    engine = run_both([plan(member_day=10)], NAMES, 2, events)
    assert entries_of(engine) == [(1, 1000), (2, 1000), (3, 500)]
    member = engine.book.members[0]
    assert (member["available"], member["held"], member["deferred"]) == (2000, 500, 0)


def test_an_entry_of_which_nothing_is_paid_at_once_waits_whole() -> None:
    """Order 1 finds the day used up: no entry, and after the refund of half of it half the entry."""
    back = event(Kind.refund, 0, 50_000, order=1, line=1, amount=5_000)
    events = log(PEOPLE, bought(0, 1, 10_000), bought(1, 1, 10_000), back, event(Kind.tick, 2))
    engine = run_both([plan(member_day=10)], NAMES, 2, events)
    assert entries_of(engine) == [(0, 1000), (1, 500)]
    assert engine.book.rows("deferrals")[0]["cancelled"] == 500


def test_a_refund_takes_from_the_latest_part_first() -> None:
    """30.00 paid as 10, 10, 10; two thirds refunded: 20.00 out of the third and the second part."""
    back = event(Kind.refund, 3, order=0, line=1, amount=20_000)
    engine = run_both([plan(member_day=10)], NAMES, 2, log(PEOPLE, bought(0, 1, 30_000), back))
    rows = engine.book.rows("entries")
    assert rows["amount"].tolist() == [1000, 1000, 1000, -1000, -1000]
    assert rows["reverses"].tolist() == [-1, -1, -1, 2, 1]


@pytest.mark.parametrize("caps", [{"member_month": "-1"}, {"member_month": "1.234"}, {"over_cap": "later"}])
def test_bad_caps_are_refused(caps: dict) -> None:
    with pytest.raises(InputError):
        plan(**caps)
