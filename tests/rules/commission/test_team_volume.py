"""Team volumes reach the root, however deep the downline, and refunds come off the very people they were added to."""

from __future__ import annotations

import random

import numpy as np
import pytest
from small_logs import both, bought, event, log, run_both

from rules.events import Kind, Names
from rules.plan.limits import MAX_LEVELS
from rules.plan.read import parse_plan
from rules.records import Component

DEPTH = 14
NAMES = Names(ranks=["member"])
ALL = {n: 100 if n < DEPTH else 0 for n in range(DEPTH + 1)}
"""1 % of 100.00 for each of the 14 people above the buyer at the bottom, nothing for the buyer."""


def plan(**more: object):
    team = {"period": "month", "measure": "team_volume", "rate": "1%"}
    return parse_plan({"ranks": [{"id": "member"}], "commission": {"team": team}, **more})


def line_of_people():
    """Member 0 invites 1, who invites 2, and so on down to `DEPTH`."""
    return [event(Kind.register, 0, n, member=n, other=n - 1) for n in range(DEPTH + 1)]


def team_of(engine) -> dict[int, int]:
    entries = engine.book.rows("entries")
    entries = entries[entries["component"] == Component.team]
    return {n: int(entries["amount"][entries["member"] == n].sum()) for n in range(DEPTH + 1)}


def test_an_order_at_the_bottom_counts_for_everybody_up_to_the_root():
    events = log(line_of_people(), bought(0, DEPTH, 10_000, 1), event(Kind.tick, 40))
    assert DEPTH > MAX_LEVELS
    assert team_of(run_both([plan()], NAMES, DEPTH + 1, events)) == ALL


@pytest.mark.parametrize("refund_day", [3, 40])
def test_a_refund_comes_off_the_people_of_the_payment_after_rebinding(refund_day: int):
    """In between 5 is cut off from 4: the people above 5 lose what the order gave them all the same."""
    cut, back = event(Kind.rebind, 2, member=5, other=-1), event(Kind.refund, refund_day, order=0, line=0)
    events = log(line_of_people(), bought(0, DEPTH, 10_000, 1), cut, back, event(Kind.tick, 80))
    engine = run_both([plan()], NAMES, DEPTH + 1, events)
    assert team_of(engine) == dict.fromkeys(range(DEPTH + 1), 0)
    assert sum(engine.book.rows("entries")["amount"] < 0) == (DEPTH if refund_day == 40 else 0)


def test_a_chain_read_at_creation_is_kept_at_payment():
    """Read at creation, with everybody in place: the cut before the payment changes nothing."""
    order, paid = bought(0, DEPTH, 10_000, 1)
    paid["time"] += 100
    cut = event(Kind.rebind, 1, 12 * 3600 + 50, member=5, other=-1)
    events = log(line_of_people(), order, cut, paid, event(Kind.tick, 40))
    early = plan(semantics={"upline_snapshot": "create"})
    assert team_of(run_both([early], NAMES, DEPTH + 1, events)) == ALL


def test_plans_without_team_volumes_keep_nobody_beyond_the_chain():
    events = log(line_of_people(), bought(0, DEPTH, 10_000, 1))
    engine = run_both([parse_plan({"ranks": [{"id": "member"}]})], NAMES, DEPTH + 1, events)
    assert engine.book.clock[0]["uplines"] == 0


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
    events, day, placed = [line_of_people()], 1, 0
    for _ in range(60):
        day += luck.choice([0, 0, 1, 4])
        choice, member = luck.random(), luck.randint(0, DEPTH)
        if choice < 0.5:
            order, paid = bought(placed, member, luck.choice([99, 5_000]), day)
            events += [order, paid] if luck.random() < 0.9 else [order]
            placed += 1
        elif choice < 0.75 and placed:
            events.append(event(Kind.refund, day, order=luck.randrange(placed), line=1, amount=luck.choice([0, 40])))
        elif choice < 0.85:
            events.append(event(Kind.click, day, member=member, other=luck.randint(0, DEPTH)))
        elif choice < 0.95:
            events.append(event(Kind.rebind, day, member=member, other=luck.randint(-1, DEPTH)))
        else:
            events.append(event(Kind.plan, day, rank=luck.randint(0, 1)))
    events.append(event(Kind.tick, day + 40))
    compiled, readable = both(plans, NAMES, DEPTH + 1)
    made, expected = compiled.apply(log(*events)), readable.apply(log(*events))
    np.testing.assert_array_equal(made[["time", "member", "amount"]], expected[["time", "member", "amount"]])
    assert [int(one["rank"]) for one in compiled.book.members] == [one.rank for one in readable.state.members]
