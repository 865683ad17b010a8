"""What rulebooks see of contests and mentors: team pay, pay for people, shares of sales; never proved in silence."""

from __future__ import annotations

import pytest

from rules.cases.read import parse_case
from rules.cases.run import run_case
from rules.compliance.cliff import cliff
from rules.compliance.decision import Decision
from rules.compliance.order_ratio import order_ratio
from rules.compliance.purchases import self_purchase
from rules.compliance.recruiting import recruit_pay
from rules.compliance.refunds import refund_ratio
from rules.compliance.team import own_sales_ratio, team_pay, team_share
from rules.plan.model import Plan
from rules.plan.read import parse_plan


def plan(*contests: dict, **more: object) -> Plan:
    base = {"levels": [{"level": 1, "rates": {"default": "10%"}}]}
    named = [{"id": f"c{number}", "days": [0, 13]} | one for number, one in enumerate(contests)]
    return parse_plan({"ranks": [{"id": "member"}], "commission": {"base": base}, "contests": named, **more})


def contest(measure: str = "promoted_volume", pay: int = 500, **more: object) -> dict:
    return {"measure": measure, "prizes": [{"places": 1, "pay": pay}], **more}


def shows(decision: Decision) -> list[tuple[str, str, int]]:
    """The case of a decision passes in both engines; what it pays."""
    assert decision.case is not None
    result = run_case(parse_case(decision.case))
    assert result.passed, result.problems
    return [(entry.member, entry.component, entry.amount) for entry in result.entries]


WON = ("winner", "contest", 500_00)


@pytest.mark.parametrize(
    "found",
    [
        contest(of="team", minimum=1000),
        contest("direct_team_volume", minimum=1000),
        contest("promoted_orders", of="team", minimum=3),
        contest(of="team", every="week", pk=True),
    ],
)
def test_a_contest_between_teams_is_pay_on_a_team(found: dict) -> None:
    decision = team_pay(plan(found), 0)
    assert decision.broken
    assert WON in shows(decision)


def test_a_contest_between_members_is_no_pay_on_a_team() -> None:
    assert team_pay(plan(contest()), 0).broken is False


def test_the_bound_of_a_months_prizes_is_five_weeks() -> None:
    # 500 a week, of which at most 5 end in a month: 2,500 a month and member
    rules = plan(contest(of="team", every="week", minimum=1))
    assert (team_pay(rules, 2_500_00).worst, team_pay(rules, 2_500_00).broken) == (2_500_00, False)
    assert team_pay(rules, 2_499_99).broken is None  # one prize alone is less: not shown
    assert team_pay(rules, 499_99).broken is True


def test_goods_count_at_their_value() -> None:
    trip = {"measure": "direct_team_volume", "minimum": 1}
    trip["prizes"] = [{"places": 1, "goods": {"zh": "三亚游", "en": "a trip"}, "value": 3000}]
    decision = team_pay(plan(trip), 2_999_99)
    assert decision.broken
    assert ("winner", "prize", 0) in shows(decision)


def test_a_prize_of_a_team_can_be_most_of_a_month() -> None:
    # the seller sells the least, 10.00: 1.00 of base commission beside a prize of 500
    decision = team_share(plan(contest(of="team", minimum=10)), 500_000)
    assert (decision.worst, decision.broken) == (500 * 1_000_000 // 501, True)
    assert WON in shows(decision)


def test_a_share_of_a_team_with_contests_is_never_proved() -> None:
    # 1.00 of 10 % of 1,000,000: far below half, but nobody looked at all months
    assert team_share(plan(contest(of="team", minimum=1_000_000, pay=1)), 500_000).broken is None


def test_prizes_for_new_members_are_pay_for_people() -> None:
    rules = plan(contest("new_members", minimum=4, every="week"))
    found = recruit_pay(rules, 0)
    assert (found.worst, found.broken) == (2 * 500_00, True)  # two weeks, one prize each
    assert shows(found) == [WON]
    assert recruit_pay(rules, 1_000_00).broken is False
    assert recruit_pay(plan(contest()), 0).broken is False


def test_pay_to_a_mentor_is_pay_for_people() -> None:
    mentor = {"id": "mentor", "event": "apprentice", "pay": 20, "count": 3, "days": 30}
    found = recruit_pay(plan(bonuses=[mentor]), 0)
    assert (found.worst, found.broken) == (None, True)
    assert shows(found) == [("inviter", "bonus", 20_00)]  # three orders of a fen pay no base commission
    assert team_pay(plan(bonuses=[mentor]), 0).broken is False


def test_a_prize_that_asks_for_little_is_more_than_a_share_of_own_sales() -> None:
    # 500 of sales of 1,000 are 50 %, beside 10 % of base commission
    found = own_sales_ratio(plan(contest(minimum=1000)), 300_000)
    assert (found.worst, found.broken) == (500_000, True)
    assert WON in shows(found)
    # 500 of 100,000 are 0.5 %: within 30 %, but goods may come back after the close
    assert own_sales_ratio(plan(contest(minimum=100_000)), 300_000).broken is None
    assert own_sales_ratio(plan(contest("promoted_orders", minimum=1)), 300_000).broken is True


def test_own_purchases_can_win_a_prize() -> None:
    assert self_purchase(plan(contest(minimum=1000)), 300_000).broken is True
    assert self_purchase(plan(contest(minimum=100_000)), 300_000).broken is None


def test_an_orders_own_ratio_is_what_it_was_and_what_stays_after_refunds_is_not_proved() -> None:
    assert order_ratio(plan(contest()), 300_000).broken is False
    assert refund_ratio(plan(), 300_000).broken is False
    assert refund_ratio(plan(contest(days=[400, 401])), 300_000).broken is None


def test_a_place_is_a_cliff() -> None:
    assert cliff(plan(), 0).broken is False
    found = cliff(plan(contest(minimum=1000)), 499_99)
    assert (found.worst, found.broken) == (500_00, True)
    assert WON in shows(found)
    assert cliff(plan(contest()), 500_00).broken is None


def test_what_cannot_be_shown_in_a_small_history_is_still_broken() -> None:
    found = team_pay(plan(contest("promoted_orders", of="team", minimum=100_000)), 0)
    assert (found.broken, found.case) == (True, None)
