"""What every shipped rulebook says of every shipped plan, for all orders and histories that the plan allows."""

from __future__ import annotations

import pytest

from rules.cases.read import parse_case
from rules.cases.run import run_case
from rules.compliance.check import check_plan, verdict_of
from scenarios.find import names
from sim.cli.common import load_plan
from sim.rulebooks import load_rulebook

BOOKS = ("house", "house_strict", "cn_direct", "cn_pyramid", "wechat", "us_koscot")
VERDICTS = {
    #                   house       strict      cn_direct   cn_pyramid  wechat      us_koscot
    "direct_invite_3": "proved      proved      unknown     lawyer      lawyer      lawyer",
    "direct_invite_5": "proved      proved      unknown     lawyer      lawyer      lawyer",
    "direct_single": "  proved      proved      proved      proved      proved      proved",
    "direct_team": "    violated    violated    violated    lawyer      proved      proved",
    "direct_team_weekly": "violated violated   violated    lawyer      proved      proved",
    "mall_daily": "     proved      proved      violated    lawyer      proved      proved",
    "mall_monthly": "   proved      proved      violated    lawyer      proved      proved",
    "mall_three_level": "proved     proved      violated    lawyer      lawyer      proved",
    "mall_two_level": " proved      proved      violated    lawyer      proved      proved",
    "mini_mixed": "     violated    violated    violated    lawyer      proved      proved",
    "mini_one_level": " proved      proved      unknown     proved      proved      proved",
    "three_level": "    proved      proved      violated    lawyer      lawyer      lawyer",
    "three_tier": "     proved      violated    violated    lawyer      proved      proved",
    "three_tier_5x": "  violated    violated    violated    lawyer      proved      proved",
    "three_tier_care": "proved      violated    violated    lawyer      proved      proved",
    "three_tier_guarded": "proved violated violated    lawyer      proved      proved",
    "three_tier_more": "proved      violated    violated    lawyer      proved      proved",
    "three_tier_phases": "unknown violated    violated    lawyer      lawyer      lawyer",
    "tuike_invited": "  proved      proved      violated    lawyer      lawyer      proved",
    "tuike_last_click": "proved     proved      violated    lawyer      lawyer      proved",
    "tuike_protect": "  proved      proved      violated    lawyer      lawyer      proved",
    "tuike_season": "   proved      proved      violated    lawyer      lawyer      lawyer",
}
"""Why, for the rows that differ: three_tier and its kin pay a team (2 %), which a ladder that pays every seller keeps
below half; direct_team pays leaders of a team whose sellers may earn nothing; three_tier_5x has a launch of five times
and a cap of 40 %; mini_mixed pays the leader of many who sell too little for the ladder more for the team than a cap
on a member leaves of level 2; three_level asks for an order before it pays; three_tier_phases has a contest between
teams, whose prizes are small beside what new sellers earn, and like tuike_season pays mentors by apprentices;
direct_invite_3 and _5 reward inviting with coupons, which is no money and yet a benefit;
more than one level, or a team, is no pay on own sales alone (cn_direct) and by a downline's (cn_pyramid)."""

WATCHED = ("cn_criminal", "us_vemma", "us_herbalife")
"""Rulebooks with a rule that is about the people there are: no plan keeps it by itself."""


def test_the_matrix_has_every_plan_and_rulebook() -> None:
    assert set(VERDICTS) == set(names("plans"))
    assert {*BOOKS, *WATCHED, "cn"} == set(names("rulebooks"))


@pytest.mark.parametrize("plan", VERDICTS)
def test_what_is_expected_of_every_plan(plan: str) -> None:
    rules, found = load_plan(plan), []
    for name in BOOKS:
        book = load_rulebook(name)
        found.append(verdict_of(check_plan(rules, book, book.checked)))
    assert found == VERDICTS[plan].split()


@pytest.mark.parametrize("plan", VERDICTS)
def test_no_plan_is_proved_where_people_decide(plan: str) -> None:
    for name in WATCHED:
        book = load_rulebook(name)
        assert verdict_of(check_plan(load_plan(plan), book, book.checked)) in ("unknown", "lawyer")


def test_every_breach_of_a_shipped_plan_that_has_a_case_replays_to_the_same_cents() -> None:
    shown = broken = 0
    for plan in names("plans"):
        for name in (*BOOKS, *WATCHED):
            book = load_rulebook(name)
            for one in check_plan(load_plan(plan), book, book.checked):
                broken += one.verdict in ("fail", "lawyer")
                if one.decision.case is not None:
                    result = run_case(parse_case(one.decision.case))
                    assert result.passed, (plan, one.rule.id, result.problems)
                    shown += 1
    assert shown > 0.8 * broken
