"""Plan books: which plan is in force where and when, and what becomes of it in the engines."""

from __future__ import annotations

import random

import numpy as np
import pytest
from random_worlds import MEMBERS, NAMES, START_DAY, random_log, random_plan

from rules.engine import Engine
from rules.errors import InputError
from rules.events import DAY, Kind, blank
from rules.plan.model import Plan
from rules.plan.versions import MAIN, PlanBook, Version
from rules.trace import ReadableEngine

ONE, TWO, THREE = (Plan.model_validate({"plan": name, "ranks": [{"id": "member"}]}) for name in ("one", "two", "three"))


def test_each_arm_has_its_own_versions_and_otherwise_those_of_the_first() -> None:
    book = PlanBook([Version(THREE, 200, "trial"), Version(TWO, 100), Version(ONE)])
    assert book.arms == [MAIN, "trial"]
    assert [plan.plan for plan in book.plans] == ["one", "two", "three"]
    found = [[book.in_force(arm, time).plan for arm in book.arms] for time in (0, 99, 100, 199, 200, 10**9)]
    assert found == [["one", "one"]] * 2 + [["two", "two"]] * 2 + [["two", "three"]] * 2
    assert book.numbers(99) == [0, 0]
    assert book.numbers(200) == [1, 2]


def test_changes_are_events_of_the_arms_whose_plan_changes() -> None:
    book = PlanBook([Version(ONE), Version(TWO, 100), Version(THREE, 100, "trial"), Version(THREE, 300)])
    rows = [tuple(int(row[name]) for name in ("time", "kind", "other", "rank")) for row in book.changes(-1, 300)]
    # at 100 main goes to two (number 1) and trial to three (number 2); at 300 only main changes, to three
    assert rows == [(100, Kind.plan, 0, 1), (100, Kind.plan, 1, 2), (300, Kind.plan, 0, 2)]
    assert len(book.changes(100, 299)) == 0
    assert len(book.changes(99, 299)) == 2


def test_a_change_comes_before_what_happens_at_its_moment() -> None:
    events = blank(3)
    events["time"], events["kind"] = [50, 100, 150], Kind.tick
    dated = PlanBook([Version(ONE), Version(TWO, 100)]).dated(events)
    assert dated["kind"].tolist() == [Kind.tick, Kind.plan, Kind.tick, Kind.tick]
    assert dated["time"].tolist() == [50, 100, 100, 150]


def test_a_version_that_began_before_the_first_event_is_in_force_from_it() -> None:
    events = blank(1)
    events["time"], events["kind"] = 500, Kind.tick
    book = PlanBook([Version(ONE), Version(TWO, 100), Version(THREE, 900)])
    engine = Engine.open(book.plans, NAMES, 2, 0, book.numbers(0))
    engine.apply(book.dated(events))
    assert engine.book.arms["plan"].tolist() == [1]


@pytest.mark.parametrize(
    ("versions", "message"),
    [
        ([Version(ONE, 5)], "no plan is in force from the beginning"),
        ([Version(ONE, arm="trial")], "no plan is in force from the beginning"),
        ([Version(ONE), Version(TWO)], "main has two plans from the same moment"),
        ([Version(ONE), Version(TWO, 7, "trial"), Version(ONE, 7, "trial")], "trial has two plans"),
    ],
)
def test_a_plan_book_that_says_nothing_or_two_things_is_refused(versions, message) -> None:
    with pytest.raises(InputError, match=message):
        PlanBook(versions)


def test_entries_before_a_change_are_those_without_it() -> None:
    """A change of plan never rewrites entries: the log up to it gives the same rows, whatever comes after."""
    changed = 0
    for seed in range(60):
        luck = random.Random(seed)
        old, new = random_plan(luck, 0), random_plan(luck, 1)
        log = random_log(luck, 60)
        log = log[log["kind"] != Kind.plan]
        moment = (START_DAY + 20) * DAY
        book = PlanBook([Version(old), Version(new, moment)])
        before, after = (
            Engine.open([old], NAMES, MEMBERS, START_DAY),
            Engine.open(book.plans, NAMES, MEMBERS, START_DAY),
        )
        before.apply(log)
        after.apply(book.dated(log))
        first, second = before.book.rows("entries"), after.book.rows("entries")
        early = int((first["time"] < moment).sum())
        names = ("time", "member", "order", "line", "level", "component", "amount", "plan")
        np.testing.assert_array_equal(first[:early][list(names)], second[:early][list(names)])
        changed += len(first) != len(second) or bool((first["amount"] != second["amount"]).any())
    assert changed > 30


def test_an_unknown_arm_is_refused_by_both_engines() -> None:
    events = blank(4)
    events["time"], events["kind"] = START_DAY * DAY, [Kind.assign, Kind.assign, Kind.plan, Kind.plan]
    events["member"], events["other"], events["rank"] = [0, 0, -1, -1], [2, 1, 2, 1], [-1, -1, 0, 1]
    given = ([ONE, TWO], NAMES, 2, START_DAY, [0, 0])
    compiled, readable = Engine.open(*given), ReadableEngine(*given)
    compiled.apply(events)
    readable.apply(events)
    assert [int(row["event"]) for row in compiled.book.rows("refusals")] == [0, 2]
    assert [event for event, _ in readable.state.refusals] == [0, 2]
    assert compiled.book.members["arm"].tolist() == [1, 0]
    assert compiled.book.arms["plan"].tolist() == [0, 1]


def test_two_arms_under_one_plan_pay_the_same_people_as_one_arm() -> None:
    """An A/A world: what is paid on orders does not depend on arms; pools and counts of products are each arm's own."""
    several = 0
    for seed in range(60):
        luck = random.Random(seed)
        plan = random_plan(luck).model_copy(update={"contests": []})
        if plan.commission.dividend or plan.commission.dynamic:
            continue
        log = random_log(luck, 60)
        log = log[~np.isin(log["kind"], [Kind.plan, Kind.assign])]
        one, two = (Engine.open([plan], NAMES, MEMBERS, START_DAY, arms) for arms in ([0], [0, 0]))
        two.book.members["arm"] = [member % 2 for member in range(MEMBERS)]
        one.apply(log)
        two.apply(log)
        totals = [engine.book.members["earned"] for engine in (one, two)]
        np.testing.assert_array_equal(*totals)
        several += len(np.unique(two.book.rows("orders")["arm"])) == 2
    assert several > 12
