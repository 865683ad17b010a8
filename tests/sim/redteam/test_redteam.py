"""Red team: planted holes are found and closed, figures worked by hand; every exploit replays in both engines."""

import datetime as dt
from pathlib import Path

import pytest

from rules.cases.read import parse_case
from rules.cases.run import run_case
from rules.plan.read import parse_plan, read_plan
from rules.plan.write import plan_data
from sim.redteam.closing import closing
from sim.redteam.search import red_team
from sim.redteam.templates import TEMPLATES
from sim.redteam.world import Means, World, goods_of

PLANS = Path(__file__).parent / "plans"
MEANS = Means(accounts=6, days=60)
BUDGET = 150

# The hole, what finds it, its profit in fen, and the setting that closes it.
#   whole_ladder: honest sales of 49,999.00 earn 2 % = 999.98 and 5 % = 2,499.95; with an own order of 1.00 it is
#     1,000.00 and 8 % of 50,000.00 = 4,000.00. 5,000.00 − 3,499.93 − 1.00 = 1,499.07.
#   newcomer_bonus: of six accounts five register in the run: 5 × 20.00.
#   daily_cap: five are brought, 10.00 each; one inviter gets 20.00 of a day. Two each: 50.00 − 20.00 = 30.00 more.
HOLES = [
    ("whole_ladder", "ladder_cliff", 1_499_07, ("commission", "ladder", "mode"), "marginal"),
    ("newcomer_bonus", "free_accounts", 100_00, ("withdrawal", "minimum"), 100),
    ("daily_cap", "daily_cap_by_accounts", 30_00, ("bonuses",), []),
]


def planted(name):
    return read_plan((PLANS / f"{name}.yaml").read_text("utf-8"), name)


def changed(plan, path, value):
    data = plan_data(plan)
    place = data
    for part in path[:-1]:
        place = place.setdefault(part, {})
    place[path[-1]] = value
    return parse_plan(data)


def world_of(plan, means=MEANS):
    return World(plan, goods_of(plan, None), means)


def names(found):
    return [one.template.name for one in found]


@pytest.mark.parametrize(("name", "template", "profit", "path", "value"), HOLES)
def test_a_planted_hole_is_found_and_a_closed_one_is_not(name, template, profit, path, value):
    plan = planted(name)
    found, made = red_team(world_of(plan), BUDGET, seed=1)
    best = {one.template.name: one for one in found}[template]
    assert made <= BUDGET
    assert best.profit == profit
    again, _ = red_team(world_of(changed(plan, path, value)), BUDGET, seed=1)
    assert template not in names(again)


def test_commission_that_is_kept_after_a_refund_is_found_and_closed():
    plan = planted("kept_after_refund")
    found, _ = red_team(world_of(plan), BUDGET, seed=1)
    best = found[0]
    assert best.template.name == "refund_after_payout"
    # All that is bought comes back; 10 % of what each of the others pays stays with the account above it.
    assert best.outcome.paid_in == best.outcome.refunded
    assert best.profit == best.outcome.paid_out >= best.numbers["cycles"] * 200_00
    settings = [change.setting for change in closing(best, world_of(plan), seed=1)]
    # 7 days to send back, 7 on the way, and one. To owe it would not stop those who walk away.
    assert settings[0] == "settlement.hold_days: 15"
    assert "semantics.refund_after_payout: negative_balance" not in settings
    longer, _ = red_team(world_of(changed(plan, ("settlement", "hold_days"), 15)), BUDGET, seed=1)
    assert longer == []


def test_owing_does_not_stop_whoever_walks_away():
    plan = changed(planted("kept_after_refund"), ("semantics", "refund_after_payout"), "negative_balance")
    found, _ = red_team(world_of(plan), BUDGET, seed=1)
    assert names(found) == ["abandoned_wallet"]
    assert found[0].profit == -found[0].outcome.owed > 0


def test_every_exploit_is_a_case_that_both_engines_replay_to_the_fen():
    for name in ("whole_ladder", "kept_after_refund", "daily_cap"):
        found, _ = red_team(world_of(planted(name)), 80, seed=2)
        assert found
        for one in found:
            result = run_case(parse_case(one.case))
            assert result.passed, result.problems
            assert result.refused == []
            # These plans take no fee and no tax: what was withdrawn is what reached the accounts.
            assert sum(wallet["withdrawn"] for wallet in result.balances.values()) == one.outcome.paid_out
            assert result.state is not None
            assert sum(sent.net for sent in result.state.withdrawals.values()) == one.outcome.paid_out


def test_the_same_seed_finds_the_same():
    plan = planted("kept_after_refund")
    first, again = (red_team(world_of(plan), 60, seed=7) for _ in range(2))
    assert first == again


def test_a_real_name_a_person_limits_who_can_withdraw():
    plan = changed(planted("newcomer_bonus"), ("withdrawal", "real_name"), True)
    found, _ = red_team(world_of(plan, Means(accounts=6, names=3, days=60)), 60, seed=1)
    best = {one.template.name: one for one in found}["free_accounts"]
    assert best.profit == 40_00  # A2 and A3; A1 was there before


def test_what_accounts_cost_is_taken_off():
    plan = planted("newcomer_bonus")
    dear, _ = red_team(world_of(plan, Means(accounts=6, days=60, account_cost=20_00)), 60, seed=1)
    assert dear == []  # five times 20.00 against six accounts at 20.00
    cheap, _ = red_team(world_of(plan, Means(accounts=6, days=60, account_cost=5_00)), 60, seed=1)
    assert cheap[0].profit == 100_00 - 6 * 5_00


def test_goods_that_are_kept_count_at_their_resale_value():
    plan = parse_plan({"ranks": [{"id": "member"}], "commission": {"base": {"levels": [_level("40%")]}}})
    world = world_of(plan, Means(accounts=2, days=60, resale=700_000, capital=1_000_00))
    found, _ = red_team(world, BUDGET, seed=1)
    best = {one.template.name: one for one in found}["own_chain"]
    # 1,000.00 at the most: 400.00 come back, and the goods are worth 700.00.
    assert best.profit == 100_00
    assert "own_chain" not in names(red_team(world_of(plan), BUDGET, seed=1)[0])


def _level(rate):
    return {"level": 1, "rates": {"default": rate}}


SPECIAL = {
    "empty_streak": ({"bonuses": [{"id": "s", "event": "promotion_streak", "days": 3, "pay": 10}]}, 0),
    "points_farm": ({"points": {"earn": {"sign_in": 100}, "value": "0.01"}}, 700_000),
    "coupon_farm": (
        {
            "bonuses": [{"id": "w", "event": "register", "to": "newcomer", "coupon": "C"}],
            "coupons": {"C": {"amount": 50, "over": 100}},
        },
        700_000,
    ),
    "fake_path": ({"commission": {"influence": {"path": 3, "node": 2, "clicks": 2, "pay": 5}}}, 0),
    "self_purchase": (
        {"commission": {"base": {"levels": [_level({"fixed": 3})]}}, "semantics": {"self_purchase": "as_level_1"}},
        0,
    ),
    "cheap_orders": ({"bonuses": [{"id": "f", "event": "first_promoted_order", "pay": 5}]}, 0),
    "partial_refunds": (
        {
            "commission": {"base": {"levels": [_level("5%")]}},
            "semantics": {"rounding": "ceil", "clawback_rounding": "floor", "defects": ["refund_rounded_each"]},
        },
        0,
    ),
    "refunded_rank": (
        {
            "ranks": [{"id": "member"}, {"id": "gold", "join": {"single_order": 500}}],
            "commission": {"base": {"levels": [_level("5%") | {"ranks": ["gold"]}]}},
        },
        0,
    ),
}


@pytest.mark.parametrize("template", SPECIAL)
def test_each_further_template_finds_what_it_is_for(template):
    parts, resale = SPECIAL[template]
    plan = parse_plan({"ranks": [{"id": "member"}]} | parts)
    found, _ = red_team(world_of(plan, Means(accounts=5, days=60, resale=resale)), 200, seed=1)
    assert template in names(found)


def test_every_template_has_a_test():
    tested = {*SPECIAL, *(one[1] for one in HOLES), "refund_after_payout", "abandoned_wallet", "own_chain"}
    assert tested == {template.name for template in TEMPLATES}


def test_a_plan_begins_on_its_own_day():
    plan = parse_plan({"ranks": [{"id": "member"}], "start": "2026-05-04"})
    assert World(plan, goods_of(plan, None), MEANS, dt.date(2026, 1, 1)).day == 20_577
