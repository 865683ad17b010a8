"""Replay pays to the fen what the rules say, on real orders and on runs from disk."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from random_logs import NAMES, PLAN, START_DAY, days_of, random_log

from rules.engine import Engine
from rules.errors import InputError
from rules.events import DAY, EventLog, Kind, Names, blank
from rules.plan.model import Plan
from rules.plan.versions import PlanBook, Version
from sim.history.log import FIXED, LogWriter, read_entries
from sim.history.orders import history_of
from sim.history.purchases import shipped
from sim.history.replay import ReplayResult, compare_members, replay, replay_run
from sim.history.tree import referral_history


def plan(rate: str = "8%", name: str = "plan", **sections: Any) -> Plan:
    base = {"levels": [{"level": 1, "rates": {"default": rate}}]}
    return Plan.model_validate({"plan": name, "ranks": [{"id": "member"}], "commission": {"base": base}, **sections})


def small() -> EventLog:
    """B invited C; C buys for 99.90 twice less 10, and B for 50; C gives one piece back."""
    orders = pa.table(
        {
            "member_id": ["C", "B"],
            "paid_at": ["2026-01-05 10:00", "2026-01-06 10:00"],
            "received_at": ["2026-01-08 09:00", None],
            "price": ["99.90", "50"],
            "quantity": ["2", "1"],
            "discount": ["10", None],
            "freight": ["8", "0"],
            "refunded_at": ["2026-01-10 09:00", None],
            "refund_amount": ["94.90", None],
        }
    )
    return history_of(orders, pa.table({"member_id": ["C"], "inviter_id": ["B"]})).log


def test_a_small_history_to_the_fen():
    result = replay(small(), [plan()])[0]
    assert result.entries["amount"].tolist() == [1518, -759]
    assert result.to_dict() == {
        "plan": "plan",
        "orders": 2,
        "gmv": 239.8,
        "refunds": 94.9,
        "commissionable": 189.8,
        "commission": 7.59,
        "payout_ratio": 759 / 23980,
        "by_level": {"1": 7.59},
        "by_component": {"base": 7.59},
        "entries": 2,
        "members_paid": 1,
    }
    assert result.refusals == 0
    json.dumps(result.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("semantics", "fen"),
    [
        ({}, 18_980),
        ({"base_on": "list"}, 19_980),
        ({"freight": "include"}, 19_780),
        ({"base_on": "list", "freight": "include"}, 20_780),
    ],
)
def test_what_is_commissionable_is_the_plans_word(semantics: dict[str, str], fen: int):
    assert replay(small(), [plan(semantics=semantics)])[0].commissionable == fen


def test_nothing_comes_of_nothing():
    result = replay(EventLog(blank(0), Names()), [plan()])[0]
    assert (result.orders, result.commission, result.payout_ratio) == (0, 0, None)


def run_to(folder: Path) -> Engine:
    engine = Engine.open([PLAN], NAMES, 8, START_DAY)
    with LogWriter(folder, NAMES, engine.book.members, START_DAY) as log:
        for _, batch in days_of(random_log(np.random.default_rng(3), members=8)):
            log.write(batch, engine.apply(batch))
    return engine


def test_a_run_replayed_under_its_own_plan_gives_the_same_entries_in_order(tmp_path: Path):
    engine = run_to(tmp_path)
    result = replay_run(tmp_path, [PLAN])[0]
    assert len(result.entries) > 100
    for name in FIXED:
        np.testing.assert_array_equal(result.entries[name], read_entries(tmp_path)[name])
    np.testing.assert_array_equal(result.entries, engine.book.rows("entries"))
    np.testing.assert_array_equal(result.earned, engine.book.members["earned"])


def test_parts_add_up(tmp_path: Path):
    run_to(tmp_path)
    result = replay_run(tmp_path, [PLAN])[0]
    assert sum(result.by_level.values()) == sum(result.by_component.values()) == result.commission
    assert result.commission == result.earned.sum()
    assert set(result.by_component) == {"base", "bonus", "ladder", "team"}


def test_an_opening_state_is_taken_over(tmp_path: Path):
    engine = Engine.open([PLAN], NAMES, 30, START_DAY)
    events = random_log(np.random.default_rng(12), members=30, days=40)
    middle = (START_DAY + 3) * DAY
    joined = (events["kind"] == Kind.register) | (events["kind"] == Kind.promote)
    engine.apply(events[(events["time"] < middle) & joined])
    later = events[(events["time"] >= middle) & (events["order"] < 0)]
    opening = engine.book.members.copy()
    with LogWriter(tmp_path, NAMES, opening, START_DAY) as log:
        log.write(later, engine.apply(later))
    result = replay_run(tmp_path, [PLAN])[0]
    for name in FIXED:
        np.testing.assert_array_equal(result.entries[name], read_entries(tmp_path)[name])


def test_winners_and_losers():
    low, high, none = replay(small(), [plan("8%", "low"), plan("10%", "high"), plan("0%", "none")])
    shifts = compare_members(low, high)
    told = shifts.to_dict(small().names.member)
    assert told["winners"] == [{"member": "B", "before": 7.59, "after": 9.49, "difference": 1.9}]
    assert (told["winning"], told["losing"], told["unchanged"], told["losers"]) == (1, 0, 0, [])
    assert [shift.difference for shift in compare_members(high, none).losers()] == [-949]
    assert compare_members(none, none).to_dict(str)["unchanged"] == 0


def test_a_log_that_changes_the_plan_is_replayed_with_all_of_them():
    log = small()
    change = blank(1)
    change["kind"], change["time"], change["rank"] = Kind.plan, log.events["time"][0], 1
    changed = EventLog(np.concatenate([change, log.events]), log.names)
    both, low, high = replay(changed, [[plan("8%", "a"), plan("10%", "b")], plan("8%"), plan("10%")])
    assert both.plan == "a + b"
    assert both.commission == high.commission != low.commission
    assert (both.refusals, low.refusals) == (0, 1)


@pytest.fixture(scope="module")
def cdnow() -> tuple[Any, EventLog, ReplayResult]:
    store = referral_history(shipped("cdnow_sample"))
    log = history_of(store.orders, store.members).log
    three = {"levels": [{"level": n, "rates": {"fmcg": f"{n}%", "default": "2.5%"}} for n in (1, 2, 3)]}
    rules = plan(commission={"base": three}, semantics={"partial_refund": "none", "hold_from": "pay"})
    return store, log, replay(log, [rules])[0]


def test_real_orders_against_plain_sums(cdnow: tuple[Any, EventLog, ReplayResult]):
    store, _, result = cdnow
    inviter = {line["member_id"]: line["inviter_id"] for line in store.members.to_pylist()}
    levels, given, base, back = dict.fromkeys((1, 2, 3), 0), 0, 0, 0
    for line in store.orders.to_pylist():
        paid = int(100 * (line["price"] * line["quantity"] - line["discount"]))
        given += paid
        back += int(100 * (line["refund_amount"] or 0))
        whole = line["refund_amount"] is not None and int(100 * line["refund_amount"]) == paid
        above = inviter[line["member_id"]]
        base += paid if above else 0
        for level in levels:
            if above is None:
                break
            ppm = level * 10_000 if line["category"] == "fmcg" else 25_000
            levels[level] += 0 if whole else paid * ppm // 1_000_000
            above = inviter[above]
    assert result.orders == len(store.orders)
    assert (result.gmv, result.refunds, result.commissionable) == (given, back, base)
    assert result.by_level == levels
    assert result.by_component == {"base": sum(levels.values())}
    assert result.refusals == 0


def test_the_cut_of_the_log_makes_no_difference(cdnow: tuple[Any, EventLog, ReplayResult]):
    _, log, _ = cdnow
    engine = Engine.open([PLAN], log.names, len(log.names.members), int(log.events["time"][0]) // DAY)
    parts = [engine.apply(part).copy() for part in np.array_split(log.events, 37)]
    whole = replay(log, [PLAN])[0].entries
    for name in FIXED:
        np.testing.assert_array_equal(np.concatenate(parts)[name], whole[name])


def test_a_plan_book_changes_the_plan_on_its_date():
    """C's order of 5 January earns 8 % of 189.80; an order like it on 6 January would earn 10 %, had it an inviter."""
    day = int(dt.date(2026, 1, 6).toordinal() - dt.date(1970, 1, 1).toordinal())
    later = PlanBook([Version(plan("8%", "old")), Version(plan("10%", "new"), day * DAY)])
    sooner = PlanBook([Version(plan("8%", "old")), Version(plan("10%", "new"), (day - 1) * DAY)])
    late, soon = replay(small(), [later, sooner])
    assert (late.plan, late.commission, soon.commission) == ("old + new", 759, 949)
    arms = PlanBook([Version(plan()), Version(plan("9%"), 5, "trial")])
    with pytest.raises(InputError, match="a replay has no arms"):
        replay(small(), [arms])
