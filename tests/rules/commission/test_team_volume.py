"""Team volumes reach the root, however deep the downline, and refunds come off the very people they were added to."""

from __future__ import annotations

import random

import numpy as np
import pytest

from rules.book import Component
from rules.engine import Engine
from rules.events import DAY, Kind, Names, blank
from rules.plan.limits import MAX_LEVELS
from rules.plan.read import parse_plan
from rules.trace import ReadableEngine

DEPTH = 14
START_DAY = 20_458  # 2026-01-05, a Monday


def plan(**more: object):
    team = {"period": "month", "measure": "team_volume", "rate": "1%"}
    return parse_plan({"ranks": [{"id": "member"}], "commission": {"team": team}, **more})


def row(kind: Kind, time: int, **given: int):
    event = blank(1)[0]
    event["kind"], event["time"] = kind, START_DAY * DAY + time
    for name, value in given.items():
        event[name] = value
    return event


def line_of_people():
    """Member 0 invites 1, who invites 2, and so on down to `DEPTH`."""
    return [row(Kind.register, n, member=n, other=n - 1) for n in range(DEPTH + 1)]


def bought(number: int, buyer: int, price: int, time: int):
    order = row(Kind.order, time, order=number, line=1, member=buyer, price=price, quantity=1)
    return [order, row(Kind.pay, time, order=number)]


def engines(*plans):
    names = Names(ranks=["member"])
    return Engine.open(plans, names, DEPTH + 1, START_DAY), ReadableEngine(plans, names, DEPTH + 1, START_DAY)


def apply(engine, events):
    return engine.apply(np.array(events, blank(0).dtype))


def team_of(engine) -> dict[int, int]:
    entries = engine.book.rows("entries")
    entries = entries[entries["component"] == Component.team]
    return {n: int(entries["amount"][entries["member"] == n].sum()) for n in range(DEPTH + 1)}


def test_an_order_at_the_bottom_counts_for_everybody_up_to_the_root():
    for engine in engines(plan()):
        apply(engine, [*line_of_people(), *bought(0, DEPTH, 10_000, DAY), row(Kind.tick, 40 * DAY)])
    compiled, _ = engines(plan())
    apply(compiled, [*line_of_people(), *bought(0, DEPTH, 10_000, DAY), row(Kind.tick, 40 * DAY)])
    assert DEPTH > MAX_LEVELS
    # 1 % of 100.00 for each of the 14 people above the buyer, nothing for the buyer
    assert team_of(compiled) == {n: 100 if n < DEPTH else 0 for n in range(DEPTH + 1)}


@pytest.mark.parametrize("late", [False, True])
def test_a_refund_comes_off_the_people_of_the_payment_after_rebinding(late: bool):
    """In between 5 is cut off from 4: the four people above 5 lose what the order gave them all the same."""
    refund_at = 40 * DAY if late else 3 * DAY
    compiled, _ = engines(plan())
    events = [*line_of_people(), *bought(0, DEPTH, 10_000, DAY), row(Kind.rebind, 2 * DAY, member=5, other=-1)]
    events += [row(Kind.refund, refund_at, order=0, line=0), row(Kind.tick, 80 * DAY)]
    apply(compiled, events)
    assert team_of(compiled) == dict.fromkeys(range(DEPTH + 1), 0)
    reversed_entries = sum(compiled.book.rows("entries")["amount"] < 0)
    assert reversed_entries == (DEPTH if late else 0)


def test_a_chain_read_at_creation_is_kept_at_payment():
    """Read at creation, with everybody in place: the cut before the payment changes nothing."""
    compiled, _ = engines(plan(semantics={"upline_snapshot": "create"}))
    order, paid = bought(0, DEPTH, 10_000, DAY)
    paid["time"] += DAY
    cut = row(Kind.rebind, DAY + 10, member=5, other=-1)
    apply(compiled, [*line_of_people(), order, cut, paid, row(Kind.tick, 40 * DAY)])
    assert team_of(compiled) == {n: 100 if n < DEPTH else 0 for n in range(DEPTH + 1)}


def test_plans_without_team_volumes_keep_nobody_beyond_the_chain():
    compiled, _ = engines(parse_plan({"ranks": [{"id": "member"}]}))
    apply(compiled, [*line_of_people(), *bought(0, DEPTH, 10_000, DAY)])
    assert compiled.book.clock[0]["uplines"] == 0


@pytest.mark.parametrize("seed", range(40))
def test_both_engines_agree_on_deep_downlines(seed: int):
    luck = random.Random(seed)
    plans = [
        plan(
            ranks=[{"id": "member"}, {"id": "leader", "promote": {"months": 1, "team_volume": 50}}],
            attribution={
                "bind_on": luck.choice(["register", "first_order"]),
                "keep": luck.choice(["permanent", "days:9"]),
            },
            semantics={
                "upline_snapshot": luck.choice(["create", "pay"]),
                "self_purchase": luck.choice(["none", "as_level_1"]),
                "late_refund": luck.choice(["recompute", "at_paid_rate", "keep"]),
            },
        )
        for _ in range(2)
    ]
    events, time, placed = line_of_people(), DAY, 0
    for _ in range(60):
        time += luck.choice([0, 60, DAY, 4 * DAY])
        choice, member = luck.random(), luck.randint(0, DEPTH)
        if choice < 0.5:
            order, paid = bought(placed, member, luck.choice([99, 5_000]), time)
            events += [order, paid] if luck.random() < 0.9 else [order]
            placed += 1
        elif choice < 0.75 and placed:
            events.append(row(Kind.refund, time, order=luck.randrange(placed), line=1, amount=luck.choice([0, 40])))
        elif choice < 0.85:
            events.append(row(Kind.click, time, member=member, other=luck.randint(0, DEPTH)))
        elif choice < 0.95:
            events.append(row(Kind.rebind, time, member=member, other=luck.randint(-1, DEPTH)))
        else:
            events.append(row(Kind.plan, time, rank=luck.randint(0, 1)))
    events.append(row(Kind.tick, time + 40 * DAY))
    compiled, readable = engines(*plans)
    made = apply(compiled, events)
    expected = apply(readable, events)
    np.testing.assert_array_equal(made[["time", "member", "amount"]], expected[["time", "member", "amount"]])
    assert [int(one["rank"]) for one in compiled.book.members] == [one.rank for one in readable.state.members]
