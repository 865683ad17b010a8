"""The red team under the risk desk: what it refuses cannot be done, whom it freezes is out, and cases show it."""

from __future__ import annotations

import pytest

from rules.cases.read import parse_case
from rules.cases.run import run_case
from rules.plan.read import read_plan
from scenarios.find import find
from sim.redteam.closing import closing
from sim.redteam.moves import CannotBeDoneError, Play
from sim.redteam.outcome import outcome_of
from sim.redteam.search import exploit_of, played, red_team, worth_of
from sim.redteam.templates import TEMPLATES
from sim.redteam.world import Means, World, goods_of
from sim.risk.rules import Limits, Points, RiskRules

PLAN = read_plan(*find("plans", "three_tier"))
STREAK = next(one for one in TEMPLATES if one.name == "empty_streak")
WEEKS = {"accounts": 3, "days": 28, "entry": 9_90, "sets": 1}


def world(risk: RiskRules | None, **means: int) -> World:
    return World(PLAN, goods_of(PLAN, None), Means(**{"accounts": 6, "days": 60} | means), risk=risk)


def test_a_streak_that_pays_unwatched_is_frozen_and_pays_nothing():
    # Three accounts that buy for 9.90 and send it back (still promoters), and share on 28 days: 4 x 100.00 each.
    free = worth_of(STREAK, world(None), WEEKS)
    assert free is not None
    assert free.profit == 3 * 4 * 100_00
    watched = worth_of(STREAK, world(RiskRules()), WEEKS)
    assert watched is not None
    assert watched.profit == -200_00  # one phone with card and address


def test_a_case_tells_of_the_freezing_and_both_engines_agree():
    play = played(STREAK, world(RiskRules()), WEEKS)
    assert play is not None
    case = play.case("frozen")
    frozen = [event for event in case["events"] if "freeze" in event]
    assert {event["freeze"] for event in frozen} == {"A1", "A2", "A3"}
    assert all(event["at"].endswith(" 00:05") for event in frozen)
    assert any("credit" in event for event in case["events"])
    assert not any("withdraw" in event for event in case["events"])
    result = run_case(parse_case(case))
    assert result.passed, result.problems


def test_a_device_takes_so_many_accounts_and_no_more():
    # The gate lets two accounts register from a device: the first is there at the beginning, so two join it.
    strict = RiskRules(limits=Limits(registrations_per_device=2))
    play = Play(world(strict), sets=1)
    play.team(3)
    with pytest.raises(CannotBeDoneError):
        Play(world(strict), sets=1).team(4)
    Play(world(strict), sets=3).team(6)  # two accounts a phone


def test_phones_cost_something_only_where_somebody_looks():
    for risk, cost in ((None, 0), (RiskRules(), 400_00)):
        play = Play(world(risk), sets=2)
        play.team(3)
        assert outcome_of(play, stays=False).profit == -cost


def test_rules_that_only_watch_in_the_market_act_here():
    watched = worth_of(STREAK, world(RiskRules(act=False)), WEEKS)
    assert watched is not None
    assert watched.profit < 0


def test_under_the_desk_the_search_still_finds_what_the_desk_cannot_see():
    here = world(RiskRules(), accounts=3)
    found, _ = red_team(here, 60, seed=1)
    names = [one.template.name for one in found]
    assert "empty_streak" not in names
    assert "refunded_rank" in names
    for one in found:
        assert run_case(parse_case(one.case)).passed
        assert one.profit > 0


def test_what_closes_it_may_be_a_risk_rule():
    # One account shares for a week, and this desk does not mind income without sales. The bonus settles on Monday of
    # the third week. Shares that nobody opened are a sign from 14 on; were they one from 6 on, two Sundays would have
    # taken 60 points by then.
    here = world(RiskRules(points=Points(barren=0)), accounts=1, days=40, set_cost=0)
    exploit = exploit_of(STREAK, here, {"accounts": 1, "days": 7, "entry": 9_90, "sets": 1})
    assert exploit.profit == 100_00
    settings = [change.setting for change in closing(exploit, here, seed=1)]
    assert "bonuses: without streak" in settings
    assert "risk.thresholds.silent_shares: 6" in settings
    assert "risk.limits.registrations_per_device: 1" not in settings
