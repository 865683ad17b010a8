"""How much of an order one person can get: everything that the same person is paid on it counts together."""

from collections import Counter

import pytest

from rules.cases.read import parse_case
from rules.cases.run import run_case
from rules.compliance.order_ratio import SMALLEST, order_ratio, person_ratio
from rules.compliance.order_ratio.case import goods_paid
from rules.plan.read import parse_plan

RANKS = [{"id": "member"}, {"id": "partner"}]


def plan(*rates, **more):
    """A plan with one rate a level, for all ranks."""
    levels = [{"level": level, "rates": {"default": rate}} for level, rate in enumerate(rates, 1)]
    commission = ({"base": {"levels": levels}} if levels else {}) | more.pop("commission", {})
    return parse_plan({"ranks": RANKS, "commission": commission, **more})


def shown(decision):
    """What the order of a case pays for goods, and what the best paid gets; both engines agree, or the case fails."""
    assert decision.broken
    result = run_case(parse_case(decision.case))
    assert result.passed, result.problems
    each = Counter()
    for entry in result.entries:
        if entry.order == "O1":
            each[entry.member] += entry.amount
    return goods_paid(decision.case)[0], max(each.values())


def test_of_three_levels_one_person_gets_the_first():
    three = plan("15%", "10%", "5%")
    assert (person_ratio(three, 150_000).worst, person_ratio(three, 150_000).broken) == (150_000, False)
    less = person_ratio(three, 149_999)
    assert (shown(less), less.why) == ((20, 3), SMALLEST)  # the first amount of which 15 % is whole
    assert order_ratio(three, 150_000).broken is True


@pytest.mark.parametrize(
    ("rules", "worst"),
    [
        # level 1 and a differential from 10 % up to 20 %: the same partner
        (plan("10%", commission={"differential": {"rates": {"partner": "20%"}}}), 200_000),
        # the same where the differential does not know of level 1
        (plan("10%", commission={"differential": {"rates": {"partner": "20%"}, "counts_base": False}}), 300_000),
        # an agent of the area who stands in the chain; of several agents each is one person
        (plan("10%", commission={"area": {"rates": "7%"}}), 170_000),
        (plan("10%", commission={"area": {"rates": {"default": "1%", "partner": "7%"}}}), 170_000),
        (plan(commission={"area": {"rates": "7%"}}), 70_000),
        # half as much again for a new promoter (a partner)
        (plan("10%", bonuses=[{"id": "n", "event": "new_promoter", "months": 3, "rate": "50%"}]), 150_000),
        # a cap on the order is a cap on everybody
        (plan("10%", bonuses=[{"id": "b", "event": "first_promoted_order", "pay": 5}], caps={"order_ratio": "12%"}),
         120_000),
    ],
)  # fmt: skip
def test_the_most_that_one_person_gets(rules, worst):
    """The bound is reached: a limit just below it is broken by an order that both engines pay."""
    assert (person_ratio(rules, worst).worst, person_ratio(rules, worst).broken) == (worst, False)
    paid, out = shown(person_ratio(rules, worst - 1))
    assert worst - 1 < out * 1_000_000 // paid <= worst


def test_a_peer_gets_what_those_below_earn_and_the_level_too():
    """The partner below: 20 % by differential. The one above: as much as their peer, and 5 % at level 2."""
    parts = {"differential": {"rates": {"partner": "20%"}, "counts_base": False}, "peer": {"rate": "100%"}}
    both = plan("0%", "5%", commission=parts)
    assert (person_ratio(both, 250_000).worst, person_ratio(both, 250_000).broken) == (250_000, False)
    assert shown(person_ratio(both, 249_999)) == (20, 5)
    assert person_ratio(plan("0%", commission=parts), 200_000).broken is False


def test_a_peer_of_several_below_is_paid_for_each():
    """Partner, member, partner and so on, each clamped to the one below: 20 %, then 10 % to every second partner.

    The eighth is a partner right above the fourth: left with nothing by differential, and a peer of all four, 90 % of
    20 + 10 + 10 + 10 %.
    """
    rule = {"rates": {"member": "10%", "partner": "20%"}, "difference": "clamped_rates", "counts_base": False}
    parts = {"differential": rule, "peer": {"rate": "90%", "generations": 2}}
    assert person_ratio(plan(commission=parts), 450_000).broken is False
    assert shown(person_ratio(plan(commission=parts), 449_999)) == (100, 45)


def test_a_purchase_price_of_less_than_a_fen_leaves_the_whole_fen():
    assert shown(person_ratio(plan(commission={"margin": {"prices": {"partner": "60%"}}}), 400_000)) == (1, 1)


def test_a_bonus_goes_to_the_direct_inviter_with_level_1():
    first = plan("10%", bonuses=[{"id": "b", "event": "first_promoted_order", "pay": 5}])
    assert shown(person_ratio(first, 300_000)) == (1, 5_00)


def test_a_cap_on_a_member_is_one_on_what_they_get():
    """50 % of 0.03 is 0.01: a cap of 0.01 a day leaves a third of it at the most, and half of 0.02."""
    capped = plan("50%", caps={"member_day": "0.01"})
    assert shown(person_ratio(capped, 499_999)) == (2, 1)
    assert person_ratio(capped, 500_000).broken is False


def test_commission_on_freight_has_no_bound_for_one_person_either():
    decision = person_ratio(plan("1%", semantics={"freight": "include"}), 300_000)
    assert decision.worst is None
    assert shown(decision)[0] == 1


def test_what_nobody_has_thought_of_is_unknown():
    assert person_ratio(plan("5%", semantics={"defects": ["repeated_notice_pays"]}), 300_000).broken is None
