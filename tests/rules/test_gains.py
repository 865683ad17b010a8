"""Who gains: figures of typical situations, worked out by hand, and what they come to for each role."""

import random

import pytest
from daily import some
from random_worlds import random_plan

from rules.gains import Effect, effects, summaries
from rules.plan.read import parse_plan, read_plan
from scenarios.find import find


@pytest.fixture(scope="module")
def found() -> dict[str, Effect]:
    before, after = (read_plan(*find("plans", name)) for name in ("three_tier", "three_tier_more"))
    return {one.situation: one for one in effects(before, after)}


FIGURES = {
    # 100.00 at 8 % and 12 %; members are not paid
    "order.level_1.promoter.fmcg": (800, 1200),
    "order.level_1.partner.digital": (300, 500),
    "order.level_1.member.fmcg": (0, 0),
    "order.platform.default": (50_000, 80_000),
    # × 1.5
    "campaign.launch.fmcg": (1200, 1800),
    # 25 days of 800.00: digital on 9, others on 8, fast-moving on 8; 5 % of 20,000 on the ladder
    "month.promoter.20000": (9 * 2400 + 8 * 4000 + 8 * 6400 + 100_000, 9 * 4000 + 8 * 6400 + 8 * 9600 + 100_000),
    # 25 days of 3,200.00; 50,000 × 5 % + 30,000 × 8 % = 4,900 on the ladder
    "month.promoter.80000": (
        9 * 9600 + 8 * 16000 + 8 * 25600 + 490_000,
        9 * 16000 + 8 * 25600 + 8 * 38400 + 490_000,
    ),
    # of 20,000: 2,048.00 for the promoter and 2 % for the partner above
    "month.platform.20000": (122_400, 152_000),
    # 2 % of 5 × 10,000
    "month.leader": (100_000, 100_000),
    # 8.00 + 50.00 and 12.00 + 30.00, both capped at 30 % of 100.00; 80 + 50 and 120 + 30 of 1,000.00
    "newcomer.first_order.100": (3000, 3000),
    "newcomer.first_order.1000": (13000, 15000),
    "newcomer.streak": (10000, 0),
    # half of 5.00 and 8.00 is left; nothing after all of it came back
    "refund.half": (250, 400),
    "refund.settled": (0, 0),
    # Wednesday 7 January 15:00 and 7 days: Wednesday 14th, settled on Monday 19th at 02:00: 11 days and 11 hours
    "settlement.days": (12, 12),
    "withdrawal.net": (100_000, 100_000),
    "buyer.own_order": (0, 0),
}


@pytest.mark.parametrize("situation", FIGURES)
def test_figures_are_those_worked_out_by_hand(found, situation):
    assert (found[situation].before, found[situation].after) == FIGURES[situation]


def test_roles_gain_or_lose(found):
    told = {one.role: (one.verdict.en, one.more, one.less) for one in summaries(list(found.values()))}
    assert told["level_1"] == ("gains", 10, 0)
    assert told["promoter"] == ("gains", 4, 0)
    assert told["platform"] == ("costs more", 7, 0)
    assert told["newcomer"] == ("mixed: gains in 1, loses in 1", 1, 1)
    assert told["team_leader"] == ("no change", 0, 0)


def plan(**sections):
    base = {"base": {"levels": [{"level": 1, "rates": {"default": "10%"}}, {"level": 2, "rates": {"default": "5%"}}]}}
    return parse_plan({"ranks": [{"id": "a"}], "commission": base} | sections)


def effect(before, after, situation) -> Effect:
    return next(one for one in effects(before, after) if one.situation == situation)


def test_level_1_gains_what_level_2_loses():
    moved = {"base": {"levels": [{"level": 1, "rates": {"default": "12%"}}, {"level": 2, "rates": {"default": "3%"}}]}}
    told = {one.role: one.verdict.en for one in summaries(effects(plan(), plan(commission=moved)))}
    assert (told["level_1"], told["level_2"], told["promoter"]) == ("gains", "loses", "gains")
    assert told["platform"] == "no change"


@pytest.mark.parametrize(
    ("sections", "situation", "before", "after"),
    [
        # 15 days from Wednesday 7 January 15:00 is Thursday 22nd 15:00, next day 02:00: 15 days and 11 hours
        ({"settlement": {"hold_days": 15}}, "settlement.days", 8, 16),
        ({"semantics": {"hold_from": "pay"}}, "settlement.days", 8, 7),
        ({"withdrawal": {"fee": "1%"}}, "withdrawal.net", 100_000, 99_000),
        # 1,000 less 800, 20 % of it
        ({"withdrawal": {"tax": "cn_labour", "review_over": 500}}, "withdrawal.net", 100_000, 96_000),
        ({"withdrawal": {"minimum": 2000}}, "withdrawal.net", 100_000, None),
        ({"semantics": {"self_purchase": "as_level_1"}}, "buyer.own_order", 0, 1000),
        ({"semantics": {"refund_after_payout": "none"}}, "refund.settled", 0, 1000),
        ({"semantics": {"partial_refund": "cancel_order"}}, "refund.half", 500, 0),
        # daily cap: 10 % of 4,800.00 is 480.00 a day on 25 days
        ({"caps": {"member_day": 100}}, "month.promoter.120000", 1_200_000, 250_000),
    ],
)
def test_what_a_knob_does_shows_in_its_situation(sections, situation, before, after):
    found = effect(plan(), plan(**sections), situation)
    assert (found.before, found.after) == (before, after)
    assert found.difference == (None if after is None else after - before)


def test_what_is_paid_along_the_chain_has_situations_of_its_own():
    ranks = [{"id": "a"}, {"id": "b"}, {"id": "c"}]
    rates = [{"a": "10%", "b": "20%", "c": "30%"}, {"a": "15%", "b": "20%", "c": "30%"}]
    plans = (parse_plan({"ranks": ranks, "commission": {"differential": {"rates": one}}}) for one in rates)
    found = {one.situation: (one.before, one.after) for one in effects(*plans)}
    # of 100.00: 10, 20 - 10, 30 - 20; and 15, 20 - 15, 30 - 20
    assert [found[f"rising.level_{level}"] for level in (1, 2, 3)] == [(1000, 1500), (1000, 500), (1000, 1000)]
    agents = effect(plan(), plan(commission={"area": {"rates": "2%"}}), "area.a")
    assert (agents.before, agents.after) == (0, 200)


def test_rewards_have_situations_of_their_own():
    invites = [{"id": "three", "event": "invites", "count": 3, "pay": 8}]
    found = {one.situation: one for one in effects(plan(), plan(bonuses=invites, points={"earn": {"per_yuan": 2}}))}
    # three orders of 1.00 at 10 %, and 8.00
    inviter = found["invitations.inviter"]
    assert (inviter.before, inviter.after) == (30, 830)
    assert (found["buyer.points"].before, found["buyer.points"].after) == (0, 200)
    assert next(one for one in summaries(list(found.values())) if one.role == "inviter").verdict.en == "gains"


def test_a_dividend_and_a_campaign_of_one_channel_have_situations():
    campaign = {"id": "x", "days": [0, 9], "multiply": {"base": 2}, "channels": ["h5"]}
    found = effect(plan(), plan(campaigns=[campaign]), "campaign.x.default")
    assert (found.before, found.after) == (1000, 2000)
    base = plan().commission.model_dump(mode="json", exclude_defaults=True)
    shared = plan(commission=base | {"dividend": {"pool": "1%", "shares": {"a": 1}}})
    assert effect(plan(), shared, "dividend.a").difference == 10_000_00


def test_a_rank_that_one_plan_has_not_is_not_compared_but_its_place_is():
    other = plan(ranks=[{"id": "x"}, {"id": "y", "join": {"orders": 1}}])
    assert effect(plan(), other, "order.level_1.a.default").difference is None
    assert effect(plan(), other, "order.level_1.y.default").before is None
    assert effect(plan(), other, "order.level_1.highest.default").difference == 0


@pytest.mark.parametrize("seed", some(range(4), 2))
def test_the_way_back_is_the_opposite(seed):
    before, after = (random_plan(random.Random(2 * seed + n)) for n in (0, 1))
    there = {one.situation: one for one in effects(before, after)}
    back = {one.situation: one for one in effects(after, before)}
    same = [one for one in there if one in back and not one.startswith(("newcomer", "month"))]
    assert same
    for situation in same:
        assert (there[situation].before, there[situation].after) == (back[situation].after, back[situation].before)
