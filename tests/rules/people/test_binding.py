"""Every order belongs to exactly the right promoter or to none, whatever happens to the bindings."""

import random

import numpy as np
import pytest
from engines_agree import assert_same
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import MEMBERS, NAMES, START_DAY, random_log, random_plan

from rules.engine import Engine
from rules.events import DAY, Kind, Mark, blank
from rules.plan.defects import ZERO_SHARE_KEEPS_PLACE
from rules.plan.model import Plan
from rules.trace import ReadableEngine


def world(seed: int) -> Engine:
    luck = random.Random(seed)
    engine = Engine.open([random_plan(luck, number) for number in range(2)], NAMES, MEMBERS, START_DAY)
    engine.apply(random_log(luck, 100))
    return engine


def chain_up(uplines: list[int], member: int) -> list[int]:
    seen = []
    while uplines[member] >= 0 and len(seen) <= MEMBERS:
        member = uplines[member]
        seen.append(member)
    return seen


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32))
def test_nobody_is_their_own_upline_and_nothing_goes_in_a_circle(seed: int) -> None:
    book = world(seed).book
    uplines = book.members["upline"].tolist()
    for member in range(MEMBERS):
        above = chain_up(uplines, member)
        assert member not in above
        assert len(above) == len(set(above)) < MEMBERS
        if above:
            assert book.members["joined_at"][above[0]] >= 0


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32))
def test_an_order_has_at_most_one_person_a_level_and_nobody_twice(seed: int) -> None:
    engine = world(seed)
    book = engine.book
    for order in book.rows("orders"):
        people = [one for one in order["chain"].tolist() if one >= 0]
        assert len(people) == len(set(people))
        assert order["buyer"] not in people[1:]
    entries = book.rows("entries")
    base = entries[(entries["component"] == 0) & (entries["reverses"] < 0) & (entries["level"] > 0)]
    moving = engine.plans.plans["defects"] & ZERO_SHARE_KEEPS_PLACE != 0  # that fault finds a level's person by line
    for order in np.unique(base["order"]).tolist():
        own = base[base["order"] == order]
        if moving[book.orders[order]["plan"]]:
            continue
        for level in np.unique(own["level"]).tolist():
            assert len(set(own["member"][own["level"] == level].tolist())) == 1
        assert set(own["member"].tolist()) <= set(book.orders[order]["chain"].tolist())


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32))
def test_the_direct_team_is_whom_a_recount_finds(seed: int) -> None:
    members = world(seed).book.members
    joined = members[(members["joined_at"] >= 0) & (members["upline"] >= 0)]
    counted = np.bincount(joined["upline"], minlength=MEMBERS)
    np.testing.assert_array_equal(members["team"], counted)


PLAN = {"ranks": [{"id": "member"}], "commission": {"base": {"levels": [{"level": 1, "rates": {"default": "10%"}}]}}}


def engine_of(**attribution: str) -> Engine:
    return Engine.open([Plan.model_validate(PLAN | {"attribution": attribution})], NAMES, 3, START_DAY)


def events(*given: dict[str, int]) -> np.ndarray:
    rows = blank(len(given))
    for place, (row, fields) in enumerate(zip(rows, given, strict=True)):
        row["time"] = START_DAY * DAY + place
        for name, value in fields.items():
            row[name] = value
    return rows


REGISTERED = [{"kind": Kind.register, "member": 0}, {"kind": Kind.register, "member": 1}]
LINE = {"kind": Kind.order, "order": 0, "line": 1, "member": 2, "price": 100, "quantity": 1}


@pytest.mark.parametrize("mark", list(Mark))
def test_a_click_by_any_mark_binds_alike_and_is_remembered(mark: Mark) -> None:
    engine = engine_of(bind_on="first_click")
    click = {"kind": Kind.click, "member": 2, "other": 0, "via": mark}
    engine.apply(events(*REGISTERED, click, LINE))
    assert engine.book.members[2]["upline"] == 0
    assert engine.book.members[2]["bound_via"] == mark
    assert engine.book.orders[0]["chain"][0] == 0
    assert engine.book.orders[0]["via"] == mark


def test_the_mark_is_that_of_the_click_that_bound_and_not_of_the_last() -> None:
    clicks = [
        {"kind": Kind.click, "member": 2, "other": 0, "via": Mark.qr},
        {"kind": Kind.click, "member": 2, "other": 1, "via": Mark.link},
    ]
    engine = engine_of(bind_on="first_click")
    engine.apply(events(*REGISTERED, *clicks, LINE))
    assert (engine.book.orders[0]["chain"][0], engine.book.orders[0]["via"]) == (0, Mark.qr)
    engine = engine_of(bind_on="first_order")
    engine.apply(events(*REGISTERED, *clicks, LINE))
    assert (engine.book.orders[0]["chain"][0], engine.book.orders[0]["via"]) == (1, Mark.link)


def test_an_operator_can_unbind() -> None:
    engine = engine_of(bind_on="first_click")
    click = {"kind": Kind.click, "member": 1, "other": 0}
    engine.apply(events(*REGISTERED, click))
    assert engine.book.members["team"].tolist() == [1, 0, 0]
    unbind = events({"kind": Kind.rebind, "member": 1, "other": -1})
    unbind["time"] += 60
    engine.apply(unbind)
    assert engine.book.members[1]["upline"] == -1
    assert engine.book.members["team"].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("bind_on", "upline"), [("first_click", [0, 0, 0]), ("register", [-1, 0, 0]), ("first_order", [-1, -1, 0])]
)
def test_a_click_binds_when_the_plan_says(bind_on: str, upline: list[int]) -> None:
    """Member 1 clicks on 0's share, registers without naming anybody, and buys: bound then, or with the next step."""
    plan = Plan.model_validate({"ranks": [{"id": "member"}], "attribution": {"bind_on": bind_on}})
    engines = [kind([plan], NAMES, 2, START_DAY) for kind in (Engine.open, ReadableEngine)]
    found = []
    for kind, member, other in (
        (Kind.register, 0, -1),
        (Kind.click, 1, 0),
        (Kind.register, 1, -1),
        (Kind.order, 1, -1),
    ):
        event = blank(1)
        event["time"], event["kind"], event["member"], event["other"] = START_DAY * DAY, kind, member, other
        event["order"], event["line"], event["quantity"], event["price"] = 0, 1, 1, 100
        for engine in engines:
            engine.apply(event)
        assert_same(*engines)
        found.append(int(engines[0].book.members["upline"][1]))
    assert found[1:] == upline
