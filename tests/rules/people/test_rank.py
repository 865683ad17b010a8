"""Ranks: nothing past is rewritten, and nobody gives themselves one."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import MEMBERS, NAMES, START_DAY, random_log, random_plan

from rules.cases.read import parse_case
from rules.engine import Engine
from rules.errors import InputError
from rules.events import DAY, Kind, blank
from rules.lifecycle import Refusal
from rules.plan.model import Plan
from rules.trace import ReadableEngine

FINAL = ["time", "amount", "base", "rate", "order", "line", "member", "level", "component", "period", "plan", "source"]
"""What an entry says for ever; where its money is and how much was taken back changes."""


@settings(max_examples=100)
@given(seed=st.integers(0, 2**32), cut=st.integers(0, 120))
def test_no_change_of_rank_touches_an_entry_that_is_there(seed: int, cut: int) -> None:
    luck = random.Random(seed)
    engine = Engine.open([random_plan(luck, number) for number in range(2)], NAMES, MEMBERS, START_DAY)
    log = random_log(luck, 100)
    before = engine.apply(log[:cut])[FINAL].copy()
    engine.apply(log[cut:])
    promotions = blank(MEMBERS)
    promotions["kind"], promotions["member"], promotions["time"] = Kind.promote, np.arange(MEMBERS), log["time"][-1]
    promotions["rank"] = 2
    everything = engine.book.rows("entries")[FINAL].copy()
    engine.apply(promotions)
    np.testing.assert_array_equal(engine.book.rows("entries")[FINAL][: len(before)], before)
    np.testing.assert_array_equal(engine.book.rows("entries")[FINAL], everything)


PLAN = Plan.model_validate(
    {
        "ranks": [{"id": "member"}, {"id": "promoter"}, {"id": "partner"}],
        "commission": {"base": {"levels": [{"level": 1, "rates": {"default": "10%"}}]}},
    }
)


def log_of(*given: dict[str, int]) -> np.ndarray:
    rows = blank(len(given))
    for row, fields in zip(rows, given, strict=True):
        row["time"] = START_DAY * DAY
        for name, value in fields.items():
            row[name] = value
    return rows


LINE = {"kind": Kind.order, "line": 1, "member": 1, "price": 100, "quantity": 1}


def test_a_rank_that_a_client_states_is_refused() -> None:
    """A registration with a rank registers nobody; on an order the number is that of a coupon, and gives no rank."""
    log = log_of(
        {"kind": Kind.register, "member": 0},
        {"kind": Kind.register, "member": 1, "other": 0, "rank": 2},
        {**LINE, "order": 0, "rank": 2},
        {"kind": Kind.pay, "order": 0},
        {**LINE, "order": 1},
        {"kind": Kind.pay, "order": 1},
    )
    compiled = Engine.open([PLAN], NAMES, 2, START_DAY)
    compiled.apply(log)
    readable = ReadableEngine([PLAN], NAMES, 2, START_DAY)
    readable.apply(log)
    told = [(1, Refusal.stated_rank), (2, Refusal.no_coupon), (3, Refusal.order_state)]
    assert [(int(row["event"]), row["code"]) for row in compiled.book.rows("refusals")] == told
    assert readable.state.refusals == told
    assert compiled.book.members["rank"].tolist() == [0, 0]
    assert compiled.book.members["joined_at"][1] == -1
    assert compiled.book.members["orders"].tolist() == [0, 1]


@pytest.mark.parametrize("rank", [-5, 4, 31, 32_000])
def test_a_rank_that_no_plan_has_is_refused(rank: int) -> None:
    log = log_of({"kind": Kind.register, "member": 0}, {"kind": Kind.promote, "member": 0, "rank": rank})
    engine = Engine.open([PLAN], NAMES, 1, START_DAY)
    engine.apply(log)
    assert engine.book.rows("refusals")["code"].tolist() == [Refusal.unknown_rank]
    assert engine.book.members[0]["rank"] == 0


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ({"register": "C", "rank": "partner"}, "rank does not belong to register"),
        ({"order": "O1", "buyer": "B", "lines": [{"sku": "a", "price": 1}], "rank": "partner"}, "rank does not belong"),
        ({"promote": "B", "rank": "god"}, "there is no rank 'god'"),
        (
            {"order": "O1", "buyer": "B", "lines": [{"sku": "a", "price": 1, "level": 9}]},
            "the key 'level' is not known",
        ),
    ],
)
def test_a_case_cannot_state_a_rank_either(event: dict[str, object], told: str) -> None:
    plan = PLAN.model_dump(mode="json", exclude_defaults=True)
    with pytest.raises(InputError, match=told):
        parse_case({"name": "x", "plan": plan, "members": [{"id": "B"}], "events": [{"at": "2026-01-05", **event}]})
