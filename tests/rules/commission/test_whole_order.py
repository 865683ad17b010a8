"""One entry per order holds what entries per line held; one rounding per order is one rounding; who ends a chain."""

import random
from collections import Counter

import numpy as np
import pytest
from random_worlds import MEMBERS, NAMES, START_DAY, random_log, random_plan

from rules.engine import Engine
from rules.events import Kind, blank
from rules.money import PPM, Rounding, rounded
from rules.records import Component

pytestmark = pytest.mark.many
WORLDS = range(60)


def world(seed, **knobs):
    """A random world of one plan without caps, budgets, minimums and bonuses, and with these knobs."""
    luck = random.Random(seed)
    plan = random_plan(luck)
    semantics = plan.semantics.model_copy(
        update={"defects": [], "zero_amount": "continue", "eligible_at": "pay"} | knobs
    )
    base = plan.commission.base
    if base:
        levels = [level.model_copy(update={"minimum": 0}) for level in base.levels]
        base = base.model_copy(update={"levels": levels})
    limits = {"order_ratio": None, "member_day": None, "member_month": None, "over_cap": "forfeit"}
    change = {
        "semantics": semantics,
        "caps": plan.caps.model_copy(update=limits),
        "campaigns": [campaign.model_copy(update={"budget": None}) for campaign in plan.campaigns],
        "bonuses": [],
        "contests": [],
        "disputes": None,
        "commission": plan.commission.model_copy(update={"base": base}),
    }
    plan = plan.model_copy(update=change)
    log = random_log(luck, 80)
    log = log[(log["kind"] != Kind.plan) & (log["kind"] != Kind.refund)]
    engine = Engine.open([plan], NAMES, MEMBERS, START_DAY)
    engine.apply(log)
    return plan, engine, log


def by_payee(entries):
    sums = Counter()
    for row in entries[entries["order"] >= 0]:
        sums[tuple(int(row[name]) for name in ("order", "member", "level", "component"))] += int(row["amount"])
    return sums


def refund_everything(engine, log):
    refunds = blank(int(engine.book.clock[0]["orders"]))
    refunds["kind"], refunds["time"], refunds["line"] = Kind.refund, log["time"][-1], 0
    refunds["order"] = np.arange(len(refunds))
    engine.apply(refunds)


def test_an_entry_per_order_is_the_sum_of_its_lines():
    merged = 0
    for seed in WORLDS:
        lines = world(seed, entry_per="line")[1].book.rows("entries")
        whole = world(seed, entry_per="order")[1].book.rows("entries")
        sums = by_payee(lines)
        assert by_payee(whole) == sums
        ours = whole[whole["order"] >= 0]
        assert len(ours) == len(sums), "a payee has two entries for one order"
        assert (ours["line"] == 0).all()
        merged += len(lines) - len(whole)
    assert merged > 200


@pytest.mark.parametrize("unit", ["exact", "trunc4"])
def test_refunding_everything_takes_back_the_whole_entry(unit):
    for seed in WORLDS:
        knobs = {"partial_refund": "pro_rata", "refund_after_payout": "negative_balance", "clawback_unit": unit}
        _, engine, log = world(seed, entry_per="order", late_refund="recompute", **knobs)
        refund_everything(engine, log)
        assert engine.book.members["earned"].tolist() == [0] * MEMBERS


def test_one_rounding_per_order():
    seen = 0
    for seed in WORLDS:
        plan, engine, _ = world(seed, entry_per="order", round_per="order")
        for row in engine.book.rows("entries"):
            at_one_rate = row["component"] == Component.base and row["rate"] > 0 and row["level"] > 0
            of_sale = at_one_rate and plan.commission.base.levels[row["level"] - 1].of == "sale"
            if of_sale:
                mode = Rounding[plan.semantics.rounding_of(int(row["level"]))]
                assert int(row["amount"]) == rounded(int(row["base"]) * int(row["rate"]), PPM, mode)
                seen += 1
    assert seen > 50


def test_nobody_is_paid_above_a_level_that_earns_nothing():
    stopped = 0
    for seed in range(150):
        knobs = {"ineligible_level": "skip", "entry_per": "line"}
        goes_on = by_payee(world(seed, **knobs)[1].book.rows("entries"))
        stops = by_payee(world(seed, zero_amount="stop", **knobs)[1].book.rows("entries"))
        for (order, member, level, component), amount in stops.items():
            if component == Component.base and level == 1:
                assert goes_on[order, member, level, component] == amount  # nobody stands below level 1
        base = {key for key in goes_on if key[3] == Component.base}
        assert {key for key in stops if key[3] == Component.base} <= base
        stopped += len(base - set(stops))
    assert stopped > 4
