"""Rewards on events: the shipped cases, what plans may say, and what holds in any world."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import MEMBERS, NAMES, START_DAY, random_log, random_plan

from rules.calendar import months_later
from rules.cases.model import Case
from rules.cases.read import read_cases
from rules.cases.run import run_case
from rules.commission.influence import path_length, path_of
from rules.engine import Engine
from rules.errors import InputError
from rules.events import DAY, Kind, Names, blank
from rules.opening import Opening
from rules.plan.model import Plan
from rules.plan.read import parse_plan
from rules.trace import ReadableEngine, as_records
from scenarios.find import find

CASES = read_cases(*find("cases", "rewards"))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_shipped_case_comes_out_as_worked_by_hand(case):
    assert run_case(case).problems == []


def variant(case: Case, **expect: object) -> list[str]:
    """What is wrong with a case that expects something else."""
    changed = case.model_copy(update={"expect": case.expect.model_copy(update=expect)})
    return run_case(changed).problems


def test_a_wrong_expectation_is_told_with_the_reasons():
    points = next(case for case in CASES if "sign" in case.name)
    (problem,) = variant(points, points={"B": 15})
    assert problem.startswith("points of B: expected 15, got 14: +5 签到 (signed in); +2 分享 (shared)")
    coupons = next(case for case in CASES if "invite 3" in case.name)
    (problem,) = variant(coupons, coupons={"B": []})
    assert problem.startswith(
        "coupons of B: expected none, got C50 奖励 three：邀请的人已注册 3 名 (bonus three, 3 people"
    )


BAD = [
    ({"event": "first_order_of_day"}, "first_order_of_day needs pay"),
    ({"event": "first_order_of_day", "pay": 1, "count": 2}, "count does not belong to first_order_of_day"),
    ({"event": "first_promoted_order", "pay": 1, "rate": "1%"}, "which takes pay, ranks"),
    ({"event": "promotion_streak", "pay": 1}, "days is needed for promotion_streak"),
    ({"event": "new_promoter", "months": 3}, "new_promoter needs rate"),
    ({"event": "invites", "pay": 1}, "invites needs count"),
    ({"event": "invites", "count": 3}, "exactly one of pay, coupon"),
    ({"event": "invites", "count": 3, "pay": 1, "coupon": "spring"}, "exactly one of pay, coupon"),
    ({"event": "register", "pay": 1}, "register needs to"),
    ({"event": "register", "to": "inviter", "coupon": "spring", "per_day": 1}, "per_day is a cap on pay"),
    ({"event": "register", "to": "everybody", "pay": 1}, "'everybody' is not known here"),
    ({"event": "direct_team", "count": 3}, "at least one of pay, title, allowance"),
    ({"event": "direct_team", "count": 3, "pay": 1, "period": "week"}, "period is that of an allowance"),
    ({"event": "direct_team", "pay": 1}, "direct_team needs count"),
    ({"event": "invites", "count": 3, "coupon": "sprin"}, "there is no coupon 'sprin' (did you mean spring?)"),
]


@pytest.mark.parametrize(("bonus", "said"), BAD)
def test_a_bonus_takes_the_keys_of_its_event(bonus, said):
    plan = {"ranks": [{"id": "member"}], "bonuses": [{"id": "b", **bonus}], "coupons": {"spring": {"amount": 5}}}
    with pytest.raises(InputError) as caught:
        parse_plan(plan)
    assert said in str(caught.value)


@pytest.mark.parametrize(("path", "node"), [(5, 5), (5, 6), (5, 1), (17, 3), (2, 2), (12, 9)])
def test_an_influence_allowance_is_for_somebody_in_the_middle(path, node):
    influence = {"path": path, "node": node, "pay": 5}
    with pytest.raises(InputError):
        parse_plan({"ranks": [{"id": "member"}], "commission": {"influence": influence}})


@given(st.integers(0, 60_000), st.integers(1, 120))
def test_so_many_months_later_is_the_same_day_or_the_last_of_its_month(day: int, months: int) -> None:
    date = dt.date(1970, 1, 1) + dt.timedelta(days=day)
    later = dt.date(1970, 1, 1) + dt.timedelta(days=months_later(day, months))
    assert later.year * 12 + later.month == date.year * 12 + date.month + months
    assert later.day == date.day or (later.day < date.day and (later + dt.timedelta(days=1)).day == 1)


def clicks(pairs: list[tuple[int, int]]) -> np.ndarray:
    """Visitors who click on a sharer's share, a second apart."""
    events = blank(len(pairs))
    events["kind"], events["time"] = Kind.click, START_DAY * DAY + np.arange(len(pairs))
    events["member"], events["other"] = np.array(pairs).T
    return events


@pytest.mark.parametrize(
    ("pairs", "length"),
    [
        ([(0, 1)], 2),  # the buyer 0 clicked on a share of 1
        ([(0, 0)], 1),
        ([(0, 1), (1, 0)], 2),  # a ring is gone round once
        ([(0, 1), (1, 2), (2, 1)], 3),
        ([(n, n + 1) for n in range(20)], 16),  # no longer than 16
        ([(n, n + 1) for n in range(14)], 15),
    ],
)
def test_a_path_of_clicks_ends_and_names_nobody_twice(pairs, length):
    plan = Plan.model_validate({"ranks": [{"id": "member"}]})
    compiled, readable = Engine.open([plan], Names(), 21, START_DAY), ReadableEngine([plan], Names(), 21, START_DAY)
    compiled.apply(clicks(pairs))
    readable.apply(clicks(pairs))
    assert path_length(compiled.book.arrays(), 0) == length
    path = path_of(readable.state, 0)
    assert len(path) == len(set(path)) == length
    assert path[-1] == 0


def run_of(seed: int, size: int = 100) -> tuple[Engine, list[Plan], np.ndarray]:
    luck = random.Random(seed)
    plans = [random_plan(luck, number) for number in range(2)]
    log = random_log(luck, size)
    engine = Engine.open(plans, NAMES, MEMBERS, START_DAY)
    engine.apply(log)
    return engine, plans, log


@settings(max_examples=100)
@given(seed=st.integers(0, 2**32))
def test_nobody_owes_points_and_a_coupon_pays_for_one_order(seed: int) -> None:
    engine, _, _ = run_of(seed)
    members, orders = engine.book.members, engine.book.rows("orders")
    assert (members["points"] >= 0).all()
    used = engine.book.rows("coupons")["order"]
    used = used[used >= 0]
    assert len(set(used.tolist())) == len(used)
    users = np.flatnonzero(orders["coupon"] >= 0)
    assert sorted(used.tolist()) == users.tolist()
    extras = engine.book.rows("order_extras")
    assert (extras["points_back"] <= extras["points"]).all()


@settings(max_examples=100)
@given(seed=st.integers(0, 2**32))
def test_a_team_is_who_is_registered_and_bound(seed: int) -> None:
    members = run_of(seed)[0].book.members
    bound = Counter(members["upline"][(members["upline"] >= 0) & (members["joined_at"] >= 0)].tolist())
    assert members["team"].tolist() == [bound[number] for number in range(MEMBERS)]


@settings(max_examples=50)
@given(seed=st.integers(0, 2**32))
def test_an_allowance_is_paid_once_a_period_and_register_bonuses_keep_their_cap(seed: int) -> None:
    engine, plans, _ = run_of(seed)
    entries = engine.book.rows("entries")
    paid: Counter[tuple[object, ...]] = Counter()
    registered: Counter[tuple[int, int]] = Counter()
    for entry in entries[(entries["component"] == 1) & (entries["reverses"] < 0)]:
        bonus = plans[entry["plan"]].bonuses[entry["source"]]
        if entry["period"] >= 0:
            paid[bonus.id, bonus.period or "month", int(entry["period"]), int(entry["member"])] += 1
        elif bonus.per_day is not None:
            registered[int(entry["member"]), int(entry["time"]) // DAY] += int(entry["amount"])
    assert all(times == 1 for times in paid.values())
    caps = [bonus.per_day for plan in plans for bonus in plan.bonuses if bonus.per_day is not None]
    assert all(total <= max(caps) for total in registered.values())


def enrolled(engine: Engine | ReadableEngine) -> None:
    openings = [
        Opening(rank="promoter", joined_at=(START_DAY - 40) * DAY, points=40, clicks=3),
        Opening(inviter=0, joined_at=(START_DAY - 3) * DAY),
        Opening(inviter=0, joined_at=(START_DAY - 2) * DAY, orders=2),
    ]
    for member, opening in enumerate(openings):
        engine.enrol(member, opening, START_DAY)


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_a_book_that_is_taken_over_goes_on_as_it_would_have(seed: int) -> None:
    luck = random.Random(seed)
    plan, log = random_plan(luck), random_log(luck, 60)
    log = log[log["kind"] != Kind.plan]
    compiled, readable = (
        Engine.open([plan], NAMES, MEMBERS, START_DAY),
        ReadableEngine([plan], NAMES, MEMBERS, START_DAY),
    )
    taken_over = ReadableEngine([plan], NAMES, MEMBERS, START_DAY)
    enrolled(compiled)
    enrolled(readable)
    taken_over.open_with(compiled.book.members)
    compiled.apply(log)
    readable.apply(log)
    taken_over.apply(log)
    for engine in (readable, taken_over):
        np.testing.assert_array_equal(as_records(engine.state.entries), compiled.book.rows("entries"))
        assert [member.points for member in engine.state.members] == compiled.book.members["points"].tolist()


def test_a_title_is_not_given_again_under_the_next_version_of_a_plan():
    def version(count: int, allowance: int) -> Plan:
        gold = {"id": "gold", "event": "direct_team", "count": count, "pay": 10, "allowance": allowance}
        return Plan.model_validate({"ranks": [{"id": "member"}], "bonuses": [gold | {"period": "week"}]})

    events = blank(6)
    events["time"] = START_DAY * DAY + np.arange(6) * DAY  # Monday to Saturday
    events["kind"] = [Kind.register, Kind.register, Kind.plan, Kind.register, Kind.register, Kind.tick]
    events["member"], events["other"] = [0, 1, -1, 2, 3, -1], [-1, 0, -1, 0, 0, -1]
    events["rank"][2] = 1
    events["time"][5] += 7 * DAY  # the Saturday after: one week is closed
    for engine in (
        Engine.open([version(1, 2), version(2, 3)], Names(), 4, START_DAY),
        ReadableEngine([version(1, 2), version(2, 3)], Names(), 4, START_DAY),
    ):
        # 10 under the first plan; under the second no title again, and its allowance of 3 for the week
        assert engine.apply(events)["amount"].tolist() == [10_00, 3_00]
