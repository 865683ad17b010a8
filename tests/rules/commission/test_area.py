"""Area agents: who is one, in which order they are paid, and room for many."""

import numpy as np
from chains import START, sell

from rules.engine import Engine
from rules.events import DAY, Kind, Names, blank
from rules.lifecycle import Refusal
from rules.opening import Opening
from rules.plan.read import parse_plan
from rules.trace import ReadableEngine, as_records

PLAN = {
    "ranks": [{"id": "member"}, {"id": "city"}],
    "commission": {"area": {"rates": {"city": "10%", "default": "1%"}}},
}


def order(number: int, area: int, lines: int = 1):
    rows = blank(lines + 1)
    rows["time"], rows["order"], rows["member"], rows["area"] = START + 9, number, 0, area
    rows["kind"], rows["line"], rows["price"], rows["quantity"] = Kind.order, np.arange(1, lines + 2), 100_00, 1
    rows[-1:]["kind"] = Kind.pay
    return rows


def appointment(member: int, area: int):
    row = blank(1)
    row["kind"], row["time"], row["member"], row["area"] = Kind.appoint, START, member, area
    return row


def opened(people: int) -> Engine:
    engine = Engine.open([parse_plan(PLAN)], Names(), people, START // DAY)
    for member in range(people):
        engine.enrol(member, Opening(joined_at=START), START // DAY)
    return engine


def test_agents_of_one_area_are_each_paid_by_their_rank():
    assert sell(PLAN, [], agents=["city", "member"]) == [("area", 0, 10_00), ("area", 0, 1_00)]


def test_the_last_appointed_is_paid_last_and_who_is_dismissed_is_not():
    engine = opened(6)
    moves = [(3, 0), (1, 0), (2, 0), (4, 1), (3, 0), (1, 1), (5, 0), (2, -1)]
    engine.apply(np.concatenate([appointment(*move) for move in moves]))
    # area 0: 3, 1, 2; 3 again goes last; 1 leaves for area 1; 5; 2 is dismissed
    assert engine.apply(order(0, 0))["member"].tolist() == [3, 5]
    assert engine.apply(order(1, 1))["member"].tolist() == [4, 1]
    assert engine.apply(order(2, 7))["member"].tolist() == []
    assert engine.book.clock[0]["agents"] == 4


def test_a_stranger_is_not_appointed():
    engine = Engine.open([parse_plan(PLAN)], Names(), 2, START // DAY)
    engine.apply(np.concatenate([appointment(1, 0), order(0, 0)]))
    assert [int(row["code"]) for row in engine.book.rows("refusals")] == [Refusal.not_registered]
    assert len(engine.book.rows("entries")) == 0


def test_there_is_room_for_many_agents_and_lines():
    engine = opened(301)
    engine.apply(np.concatenate([appointment(member, 0) for member in range(1, 301)]))
    entries = engine.apply(order(0, 0, lines=3))
    assert len(entries) == 900
    assert entries["member"].tolist() == 3 * list(range(1, 301))
    assert entries["amount"].sum() == 900 * 1_00


def test_agents_of_a_saved_book_are_taken_over_in_their_order():
    engine = opened(5)
    engine.apply(np.concatenate([appointment(*move) for move in [(4, 0), (2, 0), (3, 1)]]))
    saved = engine.book.members.copy()
    again = opened(5)
    again.book.open_with(saved)
    readable = ReadableEngine([parse_plan(PLAN)], Names(), 5, START // DAY)
    readable.open_with(saved)
    log = np.concatenate([appointment(1, 0), order(0, 0), appointment(4, 1), order(1, 1)])
    log["time"] = START
    # area 0: 4, 2, then 1; area 1: 3, then 4
    assert again.apply(log)["member"].tolist() == [4, 2, 1, 3, 4]
    readable.apply(log)
    np.testing.assert_array_equal(as_records(readable.state.entries), again.book.rows("entries"))
