"""Levers: read strictly, moved in plan and market, refused where they lead nowhere."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rules.errors import InputError
from rules.plan.dials import dials
from scenarios.find import find, names
from sim.studies.chosen import default_levers
from sim.studies.levers import Base, read_lever
from sim.studies.points import grid, parts_of, points, setting

BASE = Base.of(find("plans", "three_tier"), find("markets", "three_tier"))
FMCG = read_lever("plan.commission.base.levels.1.rates.fmcg=4%:12%")
BONUS = read_lever("plan.bonuses.newcomer.pay=0,50,100")
SHARING = read_lever("scenario.behaviour.sharing=0.5:1.5")


def test_plan_and_market_are_moved_and_nothing_else():
    levers = (FMCG, BONUS, SHARING)
    plan, market = BASE.at(levers, {FMCG.name: Decimal("6.5"), BONUS.name: Decimal(100), SHARING.name: Decimal("0.75")})
    before, market_before = BASE.at((), {})
    assert plan.commission.base.levels[0].rates["fmcg"].rate == 65_000
    assert before.commission.base.levels[0].rates["fmcg"].rate == 80_000
    assert plan.commission.base.levels[0].rates["digital"] == before.commission.base.levels[0].rates["digital"]
    assert {one.id: one.pay for one in plan.bonuses} == {"newcomer": 10_000, "streak": 10_000}
    assert float(market.behaviour["sharing"]) == 0.75
    assert "sharing" not in market_before.behaviour
    assert market.model_copy(update={"behaviour": {}}) == market_before.model_copy(update={"behaviour": {}})


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ("fmcg=4%:8%", "is no lever"),
        ("plan.caps.order_ratio=", "is no lever"),
        ("plan.caps.order_ratio=a:b", "neither a range nor a list"),
        ("plan.caps.order_ratio=20%:0.3", "mixes percentages"),
        ("plan.caps.order_ratio=30%:20%", "does not rise"),
        ("plan.caps.order_ratio=20%,20%", "has a value twice"),
        ("plan.caps.order_ratio=10%:20%:30%", "neither a range nor a list"),
        ("plan.__class__.x=1:2=3", "is no lever"),
    ],
)
def test_what_is_no_lever_is_refused(given, part):
    with pytest.raises(InputError, match=part):
        read_lever(given)


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ("plan.bonuses.nobody.pay=1:2", "there is no bonuses.nobody; allowed: newcomer, streak"),
        ("plan.commission.base.levels.1.rates.fmcg.more=1:2", "which has nothing in it"),
        ("plan.caps.nothing=1:2", "nothing"),
        ("plan.caps.order_ratio=50%:200%", r"plan\.caps\.order_ratio=200%"),
        ("scenario.behaviour.unknown=1:2", "unknown"),
    ],
)
def test_a_path_that_leads_nowhere_is_said_with_what_is_there(given, part):
    lever = read_lever(given)
    with pytest.raises(InputError, match=part):
        BASE.at((lever,), {lever.name: lever.values[-1]})


def test_values_along_the_way():
    assert [FMCG.at(part) for part in (0, 0.5, 1)] == [Decimal("4.00"), Decimal("8.00"), Decimal("12.00")]
    assert [BONUS.at(part) for part in (0, 0.34, 0.99, 1)] == [0, 50, 100, 100]
    days = read_lever("plan.settlement.hold_days=7:9")
    assert [days.at(part) for part in (0, 0.32, 0.34, 0.67, 1)] == [7, 7, 8, 9, 9]
    assert FMCG.written(Decimal("8.00")) == "8%"
    assert FMCG.number(Decimal("8.00")) == 0.08
    assert parts_of((FMCG, BONUS), {FMCG.name: Decimal(10), BONUS.name: Decimal(50)}) == [0.75, 0.5]


def test_points_fill_the_space_and_are_the_same_for_a_seed():
    assert len(grid((FMCG, BONUS), 3)) == 9
    for way in ("latin", "sobol"):
        found = points((FMCG, SHARING), way, 16, 5)
        assert found == points((FMCG, SHARING), way, 16, 5)
        assert found != points((FMCG, SHARING), way, 16, 6)
        for lever in (FMCG, SHARING):
            low, high = lever.values
            cells = {int((one[lever.name] - low) / (high - low) * 16) for one in found}
            assert len(cells & set(range(16))) >= 15  # one in each sixteenth, but for rounding
    with pytest.raises(InputError, match="a grid of"):
        grid((FMCG, SHARING), 101)


def test_every_shipped_plan_has_something_to_move_or_says_so():
    moved = 0
    for name in names("plans"):
        base = Base.of(find("plans", name), find("markets", "three_tier"))
        if not dials(base.plan):
            with pytest.raises(InputError, match="no rate and no reward"):
                default_levers(base.plan)
            continue
        levers = default_levers(base.plan)
        moved += 1
        base.at(levers, setting(levers, [0.5] * len(levers)))
    assert moved >= 5
    assert "plan.bonuses.newcomer.pay" in {lever.name for lever in default_levers(BASE.plan)}
