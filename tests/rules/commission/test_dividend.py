"""Dividends: whatever happens, a pool is what was paid of it and what is left, and no fen comes from nowhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_logs import bought, event, log, random_engine, run_both

from rules.errors import InputError
from rules.events import Kind, Names
from rules.plan.read import parse_plan
from rules.records import Component

NAMES = Names(ranks=["member", "gold"])
MONTH_END = 27  # 1 February, counted from 5 January


def plan(residue: str = "keep", **more: object):
    dividend = {"pool": "1%", "shares": {"gold": 1}, "residue": residue}
    ranks = [{"id": "member"}, {"id": "gold"}]
    return parse_plan({"ranks": ranks, "commission": {"dividend": dividend | more.pop("dividend", {})}, **more})


def heads(count: int):
    """Members 1 to `count`, gold; member 0 buys."""
    joined = [event(Kind.register, 0, 0, member=n) for n in range(count + 1)]
    return joined + [event(Kind.promote, 0, 1, member=n, rank=1) for n in range(1, count + 1)]


def assert_balanced(engine) -> None:
    """pool = paid + residue in every pool; paid is what entries say; funded = paid + kept + carried over all pools."""
    pools, clock, entries = engine.book.rows("pools"), engine.book.clock[0], engine.book.rows("entries")
    np.testing.assert_array_equal(pools["pool"], pools["paid"] + pools["residue"])
    dividends = entries[entries["component"] == Component.dividend]
    for pool in pools:
        own = dividends[(dividends["plan"] == pool["plan"]) & (dividends["period"] == pool["period"])]
        assert own["amount"].sum() == pool["paid"]
    funded = int((pools["pool"] - pools["carried"]).sum())
    assert funded == int(pools["paid"].sum()) + int(clock["kept"]) + int(engine.book.arms["carried"].sum())


@settings(max_examples=120)
@given(seed=st.integers(0, 2**32), cut=st.integers(0, 100))
def test_no_fen_comes_from_nowhere(seed: int, cut: int) -> None:
    engine, events = random_engine(seed, 100)
    engine.apply(events[:cut])
    assert_balanced(engine)
    engine.apply(events[cut:])
    assert_balanced(engine)


@pytest.mark.many
def test_random_logs_reach_pools_that_shrink_and_carry() -> None:
    carried = shrunk = kept = several = 0
    for seed in range(60):
        engine, events = random_engine(seed, 100)
        engine.apply(events)
        pools = engine.book.rows("pools")
        carried += (pools["carried"] > 0).sum()
        shrunk += (pools["pool"] < pools["closed"]).sum()
        kept += int(engine.book.clock[0]["kept"]) > 0
        several += (pools["heads"] > 1).sum()
    assert min(carried, shrunk, kept, several) >= 10


def test_only_registered_and_unfrozen_heads_share() -> None:
    """1,000.00 × 1 % = 10.00 for members 1 and 2; member 3 is frozen, member 4 was never registered."""
    events = log(
        heads(3),
        event(Kind.promote, 0, 2, member=4, rank=1),
        event(Kind.freeze, 1, member=3),
        bought(0, 0, 100_000, 2),
        event(Kind.tick, MONTH_END),
    )
    engine = run_both([plan()], NAMES, 5, events)
    assert engine.book.members["earned"].tolist() == [0, 500, 500, 0, 0]


def test_closing_again_goes_by_the_heads_of_now() -> None:
    """10.00 for member 1 alone at first; at the month's end 1 is a member again and 2 and 3 divide it."""
    events = log(
        heads(3),
        event(Kind.promote, 0, 3, member=2, rank=0),
        event(Kind.promote, 0, 3, member=3, rank=0),
        bought(0, 0, 100_000, 1),
        event(Kind.close, 5, rank=2),
        event(Kind.promote, 6, member=1, rank=0),
        event(Kind.promote, 6, member=2, rank=1),
        event(Kind.promote, 6, member=3, rank=1),
        event(Kind.tick, MONTH_END),
    )
    engine = run_both([plan()], NAMES, 4, events)
    assert engine.book.rows("entries")["amount"].tolist() == [1000, -1000, 500, 500]
    assert len(engine.book.rows("pools")) == 1
    assert_balanced(engine)


def test_a_refund_that_moves_nobodys_share_writes_nothing_but_the_residue() -> None:
    """Ten heads, pool 100.09: 10.00 each, 0.09 left. 5.00 less volume is 0.05 less pool: 100.04, still 10.00 each."""
    events = log(heads(10), bought(0, 0, 1_000_900, 1), event(Kind.tick, MONTH_END))
    engine = run_both([plan()], NAMES, 11, events)
    assert engine.book.rows("pools")[0]["residue"] == 9
    more = engine.apply(log(event(Kind.refund, MONTH_END + 1, order=0, line=1, amount=500)))
    assert len(more) == 0
    assert engine.book.rows("pools")[0]["residue"] == engine.book.clock[0]["kept"] == 4
    again = engine.apply(log(event(Kind.refund, MONTH_END + 1, 13 * 3600, order=0, line=1, amount=500)))
    assert again["amount"].tolist() == [-1] * 10  # 99.99 ÷ 10 = 9.99, 0.09 left again
    assert engine.book.rows("pools")[0]["residue"] == 9


def test_what_people_may_keep_is_missing_from_the_pool() -> None:
    """Paid out and spent before the refund: the plan takes nothing back, so the company is 10.00 short."""
    semantics = {"refund_after_payout": "none"}
    settlement = {"hold_days": 0, "cycle": {"every": "day"}}
    events = log(
        heads(1),
        bought(0, 0, 100_000, 1),
        event(Kind.tick, MONTH_END + 1),
        event(Kind.refund, MONTH_END + 2, order=0, line=0),
    )
    engine = run_both([plan(semantics=semantics, settlement=settlement)], NAMES, 2, events)
    pool = engine.book.rows("pools")[0]
    assert (pool["pool"], pool["paid"], pool["residue"]) == (0, 1000, -1000)
    assert engine.book.clock[0]["kept"] == -1000
    assert_balanced(engine)


@pytest.mark.parametrize("late", ["recompute", "at_paid_rate"])
def test_refunding_everything_leaves_no_pool(late: str) -> None:
    """Three months of odd amounts and three heads, each month carrying its residue: all of it comes back."""
    events = [heads(3)]
    for month, price in enumerate((100_001, 77_777, 12_345)):
        events.append(bought(month, 0, price, 3 + 31 * month))
    end = 100
    engine = run_both([plan("carry", semantics={"late_refund": late})], NAMES, 4, log(*events, event(Kind.tick, end)))
    assert engine.book.rows("pools")["carried"].tolist()[1:] != [0, 0]
    for month in range(3):
        engine.apply(log(event(Kind.refund, end + 1 + month, order=month, line=0)))
        assert_balanced(engine)
    assert engine.book.members["earned"].tolist() == [0, 0, 0, 0]
    if late == "recompute":
        assert engine.book.rows("pools")["pool"].tolist() == [0, 0, 0]
        assert engine.book.arms[0]["carried"] == 0


def test_a_new_version_of_the_plan_takes_over_what_was_carried() -> None:
    """January: 10.00 for nobody. From February another version of the plan pays it with its own 1.00."""
    events = log(
        event(Kind.register, 0, 0, member=0),
        event(Kind.register, 0, 0, member=1),
        bought(0, 0, 100_000, 1),
        event(Kind.plan, MONTH_END, rank=1),
        event(Kind.promote, MONTH_END, member=1, rank=1),
        bought(1, 0, 10_000, MONTH_END + 1),
        event(Kind.tick, 60),
    )
    engine = run_both([plan("carry"), plan("carry")], NAMES, 2, events)
    assert engine.book.members["earned"].tolist() == [0, 1100]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"shares": {"golden": 1}}, "there is no rank 'golden'"),
        ({"shares": {}}, "too few items"),
        ({"shares": {"gold": 0}}, "0 is too small"),
        ({"shares": {"gold": "2"}}, "not a whole number"),
        ({"pool": "101%"}, "more than 100%"),
        ({"of": "profit"}, "not known here"),
        ({"residue": "burn"}, "not known here"),
        ({"period": "year"}, "not known here"),
    ],
)
def test_a_bad_dividend_is_refused(given: dict, told: str) -> None:
    with pytest.raises(InputError, match=told):
        plan(dividend=given)
