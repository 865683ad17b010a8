"""How much of an order a plan can pay out: verdicts, and the cheapest orders that break a limit, worked by hand.

The limit is 30 % throughout. Plans that look safe and are not stand in test_traps.py.
"""

from rules.cases.read import parse_case
from rules.cases.run import run_case
from rules.compliance.decision import Assumptions
from rules.compliance.order_ratio import order_ratio
from rules.compliance.order_ratio.case import goods_paid
from rules.compliance.order_ratio.known import _KNOWN
from rules.money import fen
from rules.plan.model import Plan
from rules.plan.read import parse_plan
from rules.plan.values import Section

THIRTY = 300_000


def plan(*rates: str, **more: object) -> Plan:
    """A plan with one rate a level."""
    levels = [{"level": level, "rates": {"default": rate}} for level, rate in enumerate(rates, 1)]
    commission = {"base": {"levels": levels}} | dict(more.pop("commission", {}))
    return parse_plan({"ranks": [{"id": "member"}], "commission": commission, **more})


def shown(decision):
    """What the order of a case pays for goods, and what is paid out on it; both engines agree, or the case fails."""
    assert decision.broken
    result = run_case(parse_case(decision.case))
    assert result.passed, result.problems
    return goods_paid(decision.case)[0], sum(entry.amount for entry in result.entries if entry.order == "O1")


def test_the_worst_share_of_a_plan_that_holds():
    assert order_ratio(plan("15%", "10%", "5%"), THIRTY).worst == 300_000  # of 1.00: 0.15 + 0.10 + 0.05


def test_of_half_up_the_worst_share_is_more_than_the_rates():
    half_up = plan("15%", "10%", "5%", semantics={"rounding": "half_up"})
    assert order_ratio(half_up, THIRTY).worst == 400_000  # 0.05 pays 0.02, and 0.10 pays 0.02 + 0.01 + 0.01


def test_what_a_members_cap_puts_off_to_later_days_still_counts():
    """31 % of 0.13 is 0.04, which is 30.8 %: a cap of 0.02 a day takes half of it off, or puts it off."""
    caps = {"member_day": "0.02"}
    assert order_ratio(plan("31%", caps=caps), THIRTY).broken is False
    assert shown(order_ratio(plan("31%", caps=caps | {"over_cap": "defer"}), THIRTY)) == (13, 4)


def test_a_cap_at_the_limit_decides_at_once():
    capped = plan("60%", bonuses=[{"id": "b", "event": "first_promoted_order", "pay": 5}], caps={"order_ratio": "30%"})
    assert order_ratio(capped, THIRTY).broken is False


def test_a_cap_above_the_limit_is_found_on_the_smallest_order_that_it_lets_be_over():
    """35 % of 0.03 is 0.01, rounded down, and a third; of 0.01 and 0.02 it is nothing."""
    capped = plan("60%", caps={"order_ratio": "35%"})
    assert shown(order_ratio(capped, THIRTY)) == (3, 1)


def test_lines_that_are_within_the_limit_can_be_over_it_together_under_a_coupon():
    """Half up of 10 % is 1 on each line of 0.05: 20 %. With 0.09 off 0.20 four lines pay 4 of 11; one line pays 2."""
    coupon = {"K": {"amount": "0.09", "over": "0.20"}}
    half_up = plan("10%", semantics={"rounding": "half_up", "base_on": "list"}, coupons=coupon)
    assert shown(order_ratio(half_up, THIRTY)) == (11, 4)


def test_a_coupon_that_pays_everything_leaves_commission_on_nothing():
    listed = plan("5%", semantics={"base_on": "list"}, coupons={"K": {"amount": 1, "over": 1}})
    decision = order_ratio(listed, THIRTY)
    assert decision.worst is None
    assert shown(decision)[0] == 0


def test_commission_on_freight_has_no_bound():
    decision = order_ratio(plan("1%", semantics={"freight": "include"}), THIRTY)
    assert decision.worst is None
    assert shown(decision)[0] == 1


def test_a_group_head_is_paid_on_freight_too():
    assert shown(order_ratio(plan("1%", commission={"group_head": "1%"}), THIRTY))[0] == 1


def test_any_number_of_agents_of_an_area_can_be_paid():
    """1 % of 1.00 is the first fen an agent earns; with 31 of them it is more than 30 %."""
    decision = order_ratio(plan("0%", commission={"area": {"rates": "1%"}}), THIRTY)
    paid, out = shown(decision)
    assert (paid, decision.worst) == (100, None)
    assert out == 31


def test_people_of_the_best_paid_rank_count_at_each_level():
    """10 % + 20 % at most for these ranks: the second level is not paid to partners, whose rate would be 25 %."""
    levels = [
        {"level": 1, "rates": {"default": "5%"}, "by_rank": {"partner": {"default": "10%"}}},
        {"level": 2, "ranks": ["member"], "rates": {"default": "20%"}, "by_rank": {"partner": {"default": "25%"}}},
    ]
    ranks = [{"id": "member"}, {"id": "partner"}]
    ranked = parse_plan({"ranks": ranks, "commission": {"base": {"levels": levels}}})
    assert order_ratio(ranked, THIRTY).worst == 300_000


def test_a_differential_never_pays_more_than_its_highest_rate_where_it_takes_amounts():
    for difference, broken in (("amounts", False), ("rates", True)):
        rule = {"rates": {"member": "10%", "partner": "20%", "head": "30%"}, "difference": difference}
        data = {"ranks": [{"id": "member"}, {"id": "partner"}, {"id": "head"}], "commission": {"differential": rule}}
        data["semantics"] = {"rounding": "half_up" if broken else "floor"}
        assert order_ratio(parse_plan(data), THIRTY).broken is broken


def test_a_raised_product_counts_and_its_history_is_part_of_the_case():
    """20 % doubled for products that sell well: 40 %."""
    dynamic = {"above": "20%", "clicks": 5, "multiply": 2}
    decision = order_ratio(plan("20%", commission={"dynamic": dynamic}), THIRTY)
    assert shown(decision) == (3, 1)  # 1.2 → 1 of 3 is the first share over 30 %
    assert any("click" in event for event in decision.case["events"])


def test_a_product_of_an_age_counts_on_a_day_on_which_it_has_it():
    age = {"launched": {"cream": "2026-03-01"}, "bands": [{"days": [0, 29], "multiply": 2}]}
    decision = order_ratio(plan("20%", commission={"base": _aged(age)}), THIRTY)
    assert shown(decision) == (3, 1)
    assert decision.case["events"][0]["lines"][0]["sku"] == "cream"


def _aged(age):
    return {"levels": [{"level": 1, "rates": {"default": "20%"}}], "product_age": age}


def test_a_key_that_nobody_has_thought_of_is_unknown(monkeypatch):
    monkeypatch.setitem(_KNOWN, "Caps", "levels order_ratio")
    decision = order_ratio(plan("5%", caps={"member_day": 5}), THIRTY)
    assert decision.broken is None
    assert "plan.caps.member_day: 500" in decision.why.en


def test_faults_that_pay_an_order_twice_are_unknown():
    decision = order_ratio(plan("5%", semantics={"defects": ["repeated_notice_pays"]}), THIRTY)
    assert decision.broken is None
    assert "repeated_notice_pays" in decision.why.en


def test_what_a_shop_takes_off_beside_the_plan_is_what_is_given():
    """Commission on the list price of 25 %: 30 % of what is paid at a sixth off, more with a fen more."""
    listed = plan("25%", semantics={"base_on": "list"})
    assert order_ratio(listed, THIRTY, Assumptions(discount=166_666)).broken is False
    assert order_ratio(listed, THIRTY, Assumptions(discount=170_000)).broken is True
    assert fen("0.25") == 25


def test_all_keys_and_words_that_are_known_exist():
    """A name that the plan format does not have would be a slip of the pen that makes plans unknown for ever."""
    sections = {}
    for name in _KNOWN:
        sections[name] = next(one for one in _all_sections(Section) if one.__name__ == name)
    missing = [
        f"{name}.{key}" for name in _KNOWN for key in _KNOWN[name].split() if key not in sections[name].model_fields
    ]
    assert missing == []


def _all_sections(section):
    for one in section.__subclasses__():
        yield one
        yield from _all_sections(one)
