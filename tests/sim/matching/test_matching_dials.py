"""A world under one setting, replayed without it: that setting is the cause, and of all differences."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from recorded_worlds import BEGIN, history, plan, records, rows_of

from rules.events import EventLog
from rules.plan.model import Plan
from rules.plan.versions import PlanBook, Version
from sim.matching.match import match
from sim.matching.result import Matched
from sim.matching.trying import World


@pytest.fixture(scope="module")
def log() -> EventLog:
    return history()


def held(log: EventLog, recorded_under: Plan, replayed_under: Plan) -> Matched:
    found = match(World(log, replayed_under), records(log, rows_of(log, recorded_under)))
    assert found.adds_up()
    return found


SINGLE: list[tuple[str, Any]] = [
    ("rounding", "half_up"),
    ("rounding", "ceil"),
    ("rounding", {1: "half_up", 2: "floor"}),
    ("round_per", "unit"),
    ("round_per", "order"),
    ("freight", "include"),
    ("base_on", "list"),
    ("subtract_lower", True),
    ("self_purchase", "as_level_1"),
    ("upline_snapshot", "create"),
    ("rate_snapshot", "receipt"),
    ("ineligible_level", "stop"),
    ("ineligible_level", "compress"),
    ("partial_refund", "cancel_line"),
    ("partial_refund", "cancel_order"),
    ("partial_refund", "none"),
    ("clawback_rounding", "floor"),
    ("refund_after_payout", "none"),
    ("duration_months", 0),
]


@pytest.mark.parametrize(("name", "value"), SINGLE, ids=[f"{name}={value}" for name, value in SINGLE])
@pytest.mark.parametrize("turned", [False, True], ids=["recorded", "replayed"])
def test_one_setting_is_named_for_every_difference(log: EventLog, name: str, value: Any, turned: bool):
    """Either side may be the one that has the setting."""
    sides = [plan(semantics={name: value}), plan()]
    recorded, replayed = sides[::-1] if turned else sides
    found = held(log, recorded, replayed)
    assert len(found.differences) >= 3
    assert [group.count for group in found.groups] == [len(found.differences)]
    (group,) = found.groups
    assert group.against == 0
    named = {one.split("=")[0] for one in group.alternatives}
    assert f"semantics.{name}" in named
    if not turned:
        written = {True: "true"}.get(value, value) if isinstance(value, bool) else value
        own = "{" + ", ".join(f"{k}: {v}" for k, v in value.items()) + "}" if isinstance(value, dict) else written
        assert group.alternatives == [f"semantics.{name}={own}"]


@pytest.mark.parametrize("seed", [2, 3])
@pytest.mark.parametrize(("name", "value"), [("rounding", "half_up"), ("freight", "include"), ("base_on", "list")])
def test_the_setting_is_found_in_other_histories(seed: int, name: str, value: str):
    other = history(seed, people=25, orders=150)
    found = held(other, plan(semantics={name: value}), plan())
    (group,) = found.groups
    assert f"semantics.{name}={value}" in group.alternatives


def test_what_the_data_cannot_tell_apart_is_told_as_one_or_the_other(log: EventLog):
    found = held(log, plan(semantics={"base_on": "member_price"}), plan())
    (group,) = found.groups
    assert group.alternatives == ["semantics.base_on=member_price", "semantics.defects:coupon_not_deducted"]
    assert " or " in group.title.en
    assert " 或 " in group.title.zh


def test_a_fault_of_a_platform_is_named(log: EventLog):
    sides = [plan(semantics={"freight": "include", "defects": defects}) for defects in (["freight_times_quantity"], [])]
    (group,) = held(log, *sides).groups
    assert group.alternatives == ["semantics.defects:freight_times_quantity"]


def test_two_settings_at_once(log: EventLog):
    found = held(log, plan(semantics={"freight": "include", "rounding": "half_up"}), plan())
    keys = {group.key for group in found.groups}
    assert found.unexplained == 0
    assert {frozenset(key.split(" + ")) for key in keys} == {
        frozenset({"semantics.freight=include"}),
        frozenset({"semantics.rounding=half_up"}),
        frozenset({"semantics.freight=include", "semantics.rounding=half_up"}),
    }


def test_a_setting_that_changed_on_a_date_is_found_with_its_days(log: EventLog):
    before, after = rows_of(log, plan()), rows_of(log, plan(semantics={"freight": "include"}))
    later = {log.names.order(number) for number in range(130, 300)}
    mixed = [row for row in before if row["order_id"] not in later] + [row for row in after if row["order_id"] in later]
    found = match(World(log, plan()), records(log, mixed))
    (group,) = found.groups
    assert group.key == "semantics.freight=include"
    assert group.against > 0
    assert group.first is not None
    assert group.first >= "2026-01-25"


def test_plans_that_follow_each_other_on_a_date(log: EventLog):
    """The later one rounds half up, and the platform never did."""
    later = plan(plan="later", semantics={"rounding": "half_up"})
    since = int((BEGIN + dt.timedelta(days=20) - dt.datetime(1970, 1, 1)).total_seconds())
    book = PlanBook([Version(plan()), Version(later, since)])
    found = match(World(log, book), records(log, rows_of(log, plan())))
    assert found.adds_up()
    assert found.plan == "shop + later"
    assert [group.key for group in found.groups] == ["semantics.rounding=floor"]
    assert found.groups[0].first is not None
    assert found.groups[0].first >= "2026-01-20"


def test_a_whole_other_rate_is_named(log: EventLog):
    rates = {"fmcg": "6%", "digital": "3%", "default": "5%"}
    other = plan().model_dump(mode="json", by_alias=True, exclude_defaults=True)
    other["commission"]["base"]["levels"][0]["rates"] = rates
    changed = plan(commission=other["commission"])
    (group,) = held(log, changed, plan()).groups
    assert group.key == "commission.base.levels.1.rates.fmcg=60000"
    assert group.title.en == "level 1 at 6% for fmcg (plan: 8%)"


def test_a_campaign_that_did_not_count(log: EventLog):
    lent = plan(campaigns=[{"id": "launch", "days": [5, 12], "multiply": {"base": "1.5"}}])
    (group,) = held(log, plan(), lent).groups
    assert group.alternatives == ["campaigns=none"]


def test_a_daily_cap_that_was_not_kept(log: EventLog):
    capped = plan(caps={"member_day": 15})
    (group,) = held(log, plan(), capped).groups
    assert group.alternatives == ["caps.member_day=none"]


def test_the_same_plan_leaves_nothing(log: EventLog):
    found = held(log, plan(), plan())
    assert (found.difference, len(found.differences), found.groups, found.tried) == (0, 0, [], 0)
    assert found.agreed > 300


def test_an_order_summed_over_its_lines_is_held_against_lines(log: EventLog):
    found = held(log, plan(semantics={"entry_per": "order"}), plan())
    assert found.difference == 0
    assert not found.differences
