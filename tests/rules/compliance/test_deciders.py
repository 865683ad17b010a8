"""Deciders beside the order ratio: pay for people, purchases asked for, cliffs, pay on a team's sales."""

from __future__ import annotations

import pytest

from rules.cases.read import parse_case
from rules.cases.run import run_case
from rules.compliance.cliff import cliff
from rules.compliance.decision import Decision
from rules.compliance.purchases import self_purchase
from rules.compliance.recruiting import entry_purchase, recruit_pay
from rules.compliance.team import own_sales_ratio, team_pay, team_share
from rules.plan.model import Plan
from rules.plan.read import parse_plan


def plan(**more: object) -> Plan:
    ranks = more.pop("ranks", [{"id": "member"}, {"id": "partner"}])
    commission = more.pop("commission", {"base": {"levels": [{"level": 1, "rates": {"default": "10%"}}]}})
    return parse_plan({"ranks": ranks, "commission": commission, **more})


def shows(decision: Decision) -> list[tuple[str, int]]:
    """The case of a decision passes in both engines; what it pays, by member."""
    assert decision.case is not None
    result = run_case(parse_case(decision.case))
    assert result.passed, result.problems
    return [(entry.member, entry.amount) for entry in result.entries]


def test_a_plan_without_bonuses_pays_nothing_for_people() -> None:
    found = recruit_pay(plan(), 0)
    assert (found.worst, found.broken, found.case) == (0, False, None)


@pytest.mark.parametrize(
    ("bonus", "worst", "paid"),
    [
        # 3 yuan for each registration, for ever: no bound; the witness has one
        ({"event": "register", "pay": 3, "to": "inviter"}, None, [("inviter", 3_00)]),
        # a daily cap is one a day, so there is no bound either
        ({"event": "register", "pay": 3, "per_day": 5, "to": "inviter"}, None, [("inviter", 3_00)]),
        ({"event": "invites", "count": 3, "pay": 20}, None, [("inviter", 20_00)]),
        # by first orders: the newcomers buy for a fen each, of which 10 % are nothing
        ({"event": "invites", "count": 2, "pay": 20, "counted": "first_order"}, None, [("inviter", 20_00)]),
        # a title pays once
        ({"event": "direct_team", "count": 4, "pay": 88}, 88_00, [("inviter", 88_00)]),
        # an allowance comes again in every period
        ({"event": "direct_team", "count": 2, "allowance": 9, "period": "month"}, None, [("inviter", 9_00)]),
    ],
)
def test_pay_for_people_is_found_and_shown(bonus: dict, worst: int | None, paid: list) -> None:
    found = recruit_pay(plan(bonuses=[{"id": "bring", **bonus}]), 0)
    assert (found.worst, found.broken) == (worst, True)
    assert shows(found) == paid


INVITE = {"id": "bring", "event": "invites", "count": 3, "coupon": "GIFT"}


@pytest.mark.parametrize(
    ("bonus", "people"),
    [
        (INVITE, 3),
        (INVITE | {"counted": "first_order", "count": 2}, 2),
        ({"id": "bring", "event": "register", "to": "inviter", "coupon": "GIFT"}, 1),
    ],
)
def test_a_coupon_for_people_is_a_benefit_and_shown(bonus: dict, people: int) -> None:
    """No entry, but a coupon of 20 yuan that the inviter holds when so many have come, and not one sooner."""
    rules = plan(bonuses=[bonus], coupons={"GIFT": {"amount": 20, "over": 100}})
    found = recruit_pay(rules, 0)
    assert (found.worst, found.broken) == (None, True)
    assert f"coupon GIFT, 20.00 off, for {people} people" in found.evidence.en
    assert shows(found) == []
    assert found.case is not None
    assert found.case["expect"]["coupons"] == {"inviter": ["GIFT"]}
    came = [event for event in found.case["events"] if "register" in event]
    assert len(came) == people
    fewer = found.case | {"events": [event for event in found.case["events"] if event != came[-1]]}
    if "counted" not in bonus:
        assert not run_case(parse_case(fewer)).passed


@pytest.mark.parametrize(
    ("bonus", "amount"),
    [
        ({"event": "register", "to": "newcomer", "coupon": "GIFT"}, 20),  # hers, for nobody's bringing
        ({"event": "invites", "count": 3, "coupon": "GIFT"}, 0),  # takes nothing off
    ],
)
def test_coupons_that_reward_nobody_for_people(bonus: dict, amount: int) -> None:
    rules = plan(bonuses=[{"id": "one", **bonus}], coupons={"GIFT": {"amount": amount}})
    assert recruit_pay(rules, 0).broken is False


def test_money_for_people_is_shown_before_coupons_and_own_purchases_know_money_alone() -> None:
    money = {"id": "cash", "event": "invites", "count": 5, "pay": 9}
    both = plan(bonuses=[INVITE, money], coupons={"GIFT": {"amount": 20}})
    assert shows(recruit_pay(both, 0)) == [("inviter", 9_00)]
    only = plan(bonuses=[INVITE], coupons={"GIFT": {"amount": 20, "over": 100}})
    assert self_purchase(both, 500_000).evidence.en == "an account more is paid, without any purchase"
    assert self_purchase(only, 500_000).broken is False  # 10 % of what is paid comes back, with or without the coupon


def test_whether_a_coupon_is_pay_beside_own_sales_nobody_knows() -> None:
    """Article 24 of the direct-selling regulation counts rewards of any form; a coupon may be one."""
    found = own_sales_ratio(plan(bonuses=[INVITE], coupons={"GIFT": {"amount": 20}}), 300_000)
    assert (found.worst, found.broken) == (None, None)
    assert "lawyer" in found.why.en
    assert own_sales_ratio(plan(), 300_000).broken is False


def test_a_title_within_the_limit_holds_and_one_fen_less_does_not() -> None:
    rules = plan(bonuses=[{"id": "gold", "event": "direct_team", "count": 2, "pay": 88}])
    assert recruit_pay(rules, 88_00).broken is False
    assert recruit_pay(rules, 87_99).broken is True


@pytest.mark.parametrize(
    "bonus",
    [
        {"event": "register", "pay": 3, "to": "newcomer"},  # the newcomer's own, for nobody's bringing
        {"event": "first_promoted_order", "pay": 50},  # comes with a sale
        {"event": "direct_team", "count": 2, "title": {"zh": "金", "en": "Gold"}},  # a title without money
    ],
)
def test_what_is_not_pay_for_people(bonus: dict) -> None:
    assert recruit_pay(plan(bonuses=[{"id": "one", **bonus}]), 0).broken is False


def ranked(join: dict | None = None, promote: dict | None = None, **more: object) -> Plan:
    """A plan that pays partners alone, and how one becomes a partner."""
    rank = {"id": "partner"} | ({"join": join} if join else {}) | ({"promote": promote} if promote else {})
    levels = [{"level": 1, "rates": {"default": "10%"}, "ranks": ["partner"]}]
    return plan(ranks=[{"id": "member"}, rank], commission={"base": {"levels": levels}}, **more)


@pytest.mark.parametrize(
    ("rules", "needed"),
    [
        (plan(), 0),  # the first rank is paid
        (ranked(), 0),  # partners are made by the operator alone: nobody can buy it
        (ranked({"spend": 99}), 99_00),
        (ranked({"single_order": 50}), 50_00),
        (ranked({"orders": 3}), 3),  # a fen each, at the least
        (ranked({"direct_team": 5}), 0),  # by inviting, without a purchase
        (ranked({"spend": 99, "direct_team": 5, "need": "any"}), 0),
        (ranked({"spend": 99, "direct_team": 5, "need": "all"}), 99_00),
        (ranked({"spend": 99}, {"months": 1, "promoted_volume": 100}), 0),  # promotion is free of purchases
        (ranked(None, {"months": 2, "personal_volume": 30}), 30_00),
        (plan(semantics={"promoter_by": "spend_over:20"}), 20_01),
        (plan(semantics={"promoter_by": "order_at_least:20"}), 20_00),
        (plan(semantics={"promoter_by": "appointed"}), 0),
    ],
)
def test_what_somebody_has_to_buy_first(rules: Plan, needed: int) -> None:
    found = entry_purchase(rules, 0)
    assert (found.worst, found.broken) == (needed, needed > 0)
    assert entry_purchase(rules, needed).broken is False


def test_an_entry_purchase_is_shown_by_a_sale_before_and_one_after_it() -> None:
    # 10 % of the 100.00 that the buyer spends after the seller bought for 99.00; nothing before
    assert shows(entry_purchase(ranked({"spend": 99}), 0)) == [("seller", 10_00)]


def ladder(mode: str, **more: object) -> Plan:
    brackets = [{"from": 0, "rate": "5%"}, {"from": 50_000, "rate": "8%"}]
    return plan(commission={"ladder": {"mode": mode, "brackets": brackets, **more}})


def test_an_order_over_two_brackets_releases_more_than_one_over_each() -> None:
    """From 99.99 to 101.00: 20 % of 99.99 less nothing is 19.99 (floor). To 100.00 or from it: 10 % of about 100."""
    steps = [{"from": 0, "rate": 0}, {"from": 100, "rate": "10%"}, {"from": 101, "rate": "20%"}]
    found = cliff(plan(commission={"ladder": {"mode": "whole", "brackets": steps}}), 19_98)
    assert (found.worst, found.broken) == (19_99, True)
    assert shows(found) == [("seller", 20_20)]  # nothing before; then 20 % of 101.00
    assert cliff(plan(commission={"ladder": {"mode": "whole", "brackets": steps}}), 19_99).broken is False


def test_rounding_can_make_a_smaller_volume_release_more() -> None:
    """40 %, from 0.09 on 60 %: 0.08 has 3 (3.2) and gets 4 (4.8), but 0.07 has 2 (2.8) and gets 4 (4.2)."""
    steps = [{"from": 0, "rate": "40%"}, {"from": "0.09", "rate": "60%"}]
    found = cliff(plan(commission={"ladder": {"mode": "whole", "brackets": steps}}), 1)
    assert (found.worst, found.broken) == (2, True)
    assert shows(found) == [("seller", 2), ("seller", 3)]  # 0.07, then 60 % of 0.09 is 5 (5.4)


def test_a_ladder_that_falls_releases_nothing() -> None:
    falling = [{"from": 0, "rate": "8%"}, {"from": 100, "rate": "5%"}]
    assert cliff(plan(commission={"ladder": {"mode": "whole", "brackets": falling}}), 0).worst == 0


@pytest.mark.parametrize("measure", ["personal_volume", "direct_team_volume", "team_volume"])
def test_a_cliff_is_shown_for_every_measure(measure: str) -> None:
    amounts = [amount for _, amount in shows(cliff(ladder("whole", measure=measure), 0))]
    assert 1_500_01 in amounts  # 1,500.00 of what was sold before, 0.01 for what rounding had cut off


def test_a_marginal_ladder_has_no_cliff() -> None:
    assert (cliff(ladder("marginal"), 0).worst, cliff(plan(), 0).worst) == (0, 0)


def test_pay_on_a_teams_volume_has_no_bound() -> None:
    team = {"base": {"levels": [{"level": 1, "rates": {"default": "10%"}}]}, "team": {"rate": "2%"}}
    found = team_pay(plan(commission=team), 0)
    assert (found.worst, found.broken) == (None, True)
    # 1,000,000.00 sold: 10 % for the seller, 2 % for the seller's leader
    assert sorted(shows(found)) == [("leader", 20_000_00), ("seller", 100_000_00)]
    assert team_pay(plan(), 0).broken is False


def test_a_team_of_sellers_who_are_not_paid_leaves_everything_to_its_leader() -> None:
    levels = [{"level": 1, "rates": {"default": "10%"}, "ranks": ["partner"]}]
    found = team_share(plan(commission={"base": {"levels": levels}, "team": {"rate": "2%"}}), 500_000)
    assert (found.worst, found.broken) == (1_000_000, True)
    assert shows(found) == [("leader", 20_000_00)]


def test_a_ladder_that_pays_every_seller_bounds_the_share_of_the_team() -> None:
    """2 % for the leader beside 5 % for the seller: 2 ÷ 7 = 28.57 %, and a little for roundings."""
    parts = {"ladder": {"brackets": [{"from": 0, "rate": "5%"}]}, "team": {"rate": "2%"}}
    found = team_share(plan(commission=parts), 500_000)
    assert found.broken is False
    assert found.worst is not None
    assert 285_714 < found.worst < 288_000
    later = {"ladder": {"brackets": [{"from": 0, "rate": 0}, {"from": 1, "rate": "5%"}]}, "team": {"rate": "2%"}}
    assert team_share(plan(commission=later), 500_000).broken is None  # the first yuan of everybody pays no ladder


def with_team(base: str = "10%", **more: object) -> Plan:
    """A plan that pays a team 2 % beside level 1, whatever the rank of who sells."""
    levels = [{"level": 1, "rates": {"default": base}}]
    return plan(commission={"base": {"levels": levels}, "team": {"rate": "2%"}}, **more)


def test_level_1_that_pays_every_seller_bounds_the_share_of_the_team() -> None:
    """2 ÷ 12 = 16.67 %, and a little for roundings; under a cap of 1 % of the order 2 ÷ 3 = 66.67 %."""
    found = team_share(with_team(), 200_000)
    assert found.broken is False
    assert found.worst is not None
    assert 166_666 < found.worst < 172_000
    assert team_share(with_team(), 166_665).broken is True
    capped = team_share(with_team(caps={"order_ratio": "1%"}), 500_000)
    assert (capped.worst, capped.broken) == (666_666, True)


@pytest.mark.parametrize(
    "semantics",
    [
        {"late_refund": "keep"},  # level 1 is taken back and the team keeps its share
        {"partial_refund": "cancel_order"},  # a little that goes back takes all of level 1
        {"promoter_by": "spend_over:100"},  # sellers may be paid nothing
        {"base_on": "profit"},  # goods may leave none
    ],
)
def test_where_level_1_can_be_lost_nothing_is_proved(semantics: dict) -> None:
    assert team_share(with_team(semantics=semantics), 200_000).broken is not False


def test_a_cap_on_members_takes_level_1_away_and_leaves_the_team_its_share() -> None:
    """Of 1,000,000.00 the seller has 500.00 a day at the most, and the team 2 %: 20,000.00."""
    found = team_share(with_team(caps={"member_day": 500}), 500_000)
    assert (found.worst, found.broken) == (975_609, True)
    assert sorted(shows(found)) == [("leader", 20_000_00), ("seller", 500_00)]


def test_many_sellers_below_a_ladder_leave_a_team_to_a_leader_under_a_cap() -> None:
    """Partners alone are paid at level 2, 3 % and 10.00 a day at the most; the ladder begins at 500.00.

    2 × 10.00 ÷ (3 % × 499.99) is 1: one seller of 499.99 brings the leader 10.00 (of 14.99) and 14.99 of the team.
    """
    levels = [{"level": 1, "rates": {"default": "9%"}, "ranks": ["partner"]}]
    levels.append({"level": 2, "rates": {"default": "3%"}, "ranks": ["partner"]})
    steps = [{"from": 0, "rate": 0}, {"from": 500, "rate": "5%"}]
    parts = {"base": {"levels": levels}, "ladder": {"brackets": steps}, "team": {"rate": "3%", "ranks": ["partner"]}}
    found = team_share(plan(commission=parts, caps={"levels": 2, "member_day": 10}), 500_000)
    assert (found.worst, found.broken) == (14_99 * 1_000_000 // 24_99, True)
    assert sorted(shows(found)) == [("leader", 10_00), ("leader", 14_99)]
