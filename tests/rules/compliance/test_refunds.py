"""Commission that stays when goods go back: worked by hand, and against every small refund of every small order."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from brute import FIRST, Price, _order, _people
from small_plans import LIMITS, small_plan

from rules.cases.history import as_history, readable_engine
from rules.cases.read import parse_case
from rules.cases.run import no_names, run_case
from rules.compliance.refunds import refund_ratio
from rules.money import PPM
from rules.plan.model import Plan
from rules.plan.read import parse_plan
from rules.plan.write import plan_data

THIRTY = 300_000


def plan(*rates: str, **more: object) -> Plan:
    """A plan with one rate a level."""
    levels = [{"level": level, "rates": {"default": rate}} for level, rate in enumerate(rates, 1)]
    return parse_plan({"ranks": [{"id": "member"}], "commission": {"base": {"levels": levels}}, **more})


def shown(rules: Plan, limit: int = THIRTY) -> tuple[int, int]:
    """Goods and commission that stay of the case; both engines agree, or it fails."""
    decision = refund_ratio(rules, limit)
    assert decision.broken
    assert decision.case is not None
    result = run_case(parse_case(decision.case))
    assert result.passed, result.problems
    assert result.state is not None
    goods = sum(line.paid - line.refunded for line in result.state.orders[-1].lines)
    return goods, sum(entry.amount for entry in result.entries)


def test_an_order_that_is_over_the_limit_needs_no_refund() -> None:
    decision = refund_ratio(plan("40%"), THIRTY)
    assert (decision.broken, decision.why.en) == (True, "nothing has to go back")
    assert shown(plan("40%")) == (3, 1)


def test_a_cap_on_the_order_is_not_kept_when_the_line_that_it_trimmed_goes_back() -> None:
    """60 % of 10.00 and of 10.00, trimmed to 30 % of 20.00 from the last line on: 6.00 and nothing."""
    assert shown(plan("60%", caps={"order_ratio": "30%"})) == (10_00, 6_00)
    assert refund_ratio(plan("15%", "10%", "5%", caps={"order_ratio": "30%"}), THIRTY).broken is False


def test_a_bonus_under_a_cap_stays_by_the_goods_that_stay() -> None:
    """Two lines of 9.09: 0.45 each and 5.00, over the cap of 5.45; the second line gives way, 0.45 to 0.00.

    Then it goes back: 0.45 stays, and 5.00 × 1/2, of 9.09.
    """
    bonus = {"id": "b", "event": "first_promoted_order", "pay": 5}
    assert shown(plan("5%", bonuses=[bonus], caps={"order_ratio": "30%"})) == (9_09, 2_95)


@pytest.mark.parametrize(
    ("rate", "rounding", "stays"),
    [
        ("14%", "half_up", None),  # of 0.04 half a fen and more: 1 is 25 %
        ("29%", "half_up", (2, 1)),  # 0.58 of a fen stays as 1
        ("0.01%", "floor", (1, 1)),  # whatever is left of a fen stays
        ("0%", "floor", None),
    ],
)
def test_how_what_is_taken_back_is_rounded_decides(rate: str, rounding: str, stays: tuple[int, int] | None) -> None:
    rules = plan(rate, semantics={"clawback_rounding": rounding})
    if stays is None:
        assert refund_ratio(rules, THIRTY).broken is False
    else:
        found = refund_ratio(rules, THIRTY)
        assert found.broken
        goods, out = shown(rules)
        assert out * PPM > THIRTY * goods
        assert stays[1] * PPM // stays[0] == found.worst or found.worst is not None


@pytest.mark.parametrize(
    ("policy", "broken"), [("pro_rata", True), ("cancel_line", False), ("cancel_order", False), ("none", True)]
)
def test_what_a_partial_refund_takes(policy: str, broken: bool) -> None:
    rules = plan("15%", "10%", "5%", semantics={"partial_refund": policy, "clawback_rounding": "floor"})
    assert refund_ratio(rules, THIRTY).broken is broken


@pytest.mark.parametrize(
    "more",
    [
        {"semantics": {"refund_after_payout": "none"}},
        {"semantics": {"refund_after_payout": "cap_at_balance"}},
        {"semantics": {"defects": ["no_clawback"]}},
    ],
)
def test_what_is_paid_out_and_stays_paid_is_found(more: dict) -> None:
    assert shown(plan("10%", **more))[0] == 0


def test_a_coupon_that_one_line_may_bear_alone_is_not_decided() -> None:
    listed = plan("5%", semantics={"base_on": "list"}, coupons={"K": {"amount": 5, "over": 50}})
    assert refund_ratio(listed, THIRTY).broken is None


def _over(rules: Plan, limit: int, luck: random.Random) -> str | None:
    """An order of a line or two of some pieces, of which too much stays after up to three refunds; None = none."""
    ranks = [rank.id for rank in rules.ranks]
    members: list[dict[str, object]] = []
    events: list[dict[str, object]] = []
    baskets: list[Price] = [(price,) for price in range(1, 13)] + [(7, 5), (10, 3), (20, 20), (50, 7)]
    number = 0
    for basket in baskets:
        for _ in range(12):
            number += 1
            members += _people(number, tuple(luck.choice([None, *ranks]) for _ in range(3)))
            quantity = luck.choice([1, 1, 5, 100])
            coupon = luck.choice([None, *rules.coupons])
            if coupon and sum(basket) * quantity < rules.coupons[coupon].over:
                coupon = None
            events += _order(number, FIRST, basket, quantity, luck.choice(["food", "other"]), coupon)
            for _ in range(luck.randint(1, 3)):
                line = luck.randint(1, len(basket))
                back = {"at": f"{FIRST} 12:00", "refund": f"O{number}", "line": line}
                events.append(back | {"quantity": luck.randint(1, quantity)})
    case = parse_case({"name": "all", "plan": plan_data(rules), "members": members, "events": events})
    history = as_history(case, no_names)
    engine = readable_engine(case, history)
    engine.apply(history.events)
    stays: Counter[int] = Counter()
    for entry in engine.state.entries:
        if entry.order is not None:
            stays[entry.order] += entry.amount
    for place, order in enumerate(engine.state.orders):
        kept = sum(line.paid - line.refunded for line in order.lines)
        if stays[place] * PPM > limit * kept:
            return f"order {place}: {stays[place]} of {kept}"
    return None


def _with_refunds(seed: int) -> Plan:
    rules, luck = small_plan(seed, beyond=seed % 2 == 1), random.Random(seed)
    words = {"clawback_rounding": luck.choice(["ceil", "ceil", "half_up", "floor"])}
    words["partial_refund"] = luck.choice(["pro_rata", "pro_rata", "cancel_line", "cancel_order"])
    return rules.model_copy(update={"semantics": rules.semantics.model_copy(update=words)})


@pytest.mark.parametrize("block", range(4))
def test_where_it_holds_no_refund_of_a_small_order_leaves_more(block: int) -> None:
    held = 0
    for seed in range(20 * block + 20, 20 * block + 40):
        rules, limit = _with_refunds(seed), LIMITS[seed % len(LIMITS)]
        if refund_ratio(rules, limit).broken is False:
            held += 1
            assert _over(rules, limit, random.Random(seed)) is None, seed
    assert held >= 1


@pytest.mark.parametrize("seed", range(8))
def test_of_base_rates_rounded_down_everything_is_decided(seed: int) -> None:
    luck = random.Random(seed)
    rates = [f"{luck.randint(0, 30) * 0.5}%" for _ in range(luck.randint(1, 3))]
    campaigns = [{"id": "c", "days": [3, 9], "multiply": {"base": "1.3"}}] if luck.random() < 0.5 else []
    for rounding in ("ceil", "half_up", "floor"):
        rules = plan(*rates, campaigns=campaigns, semantics={"clawback_rounding": rounding})
        assert refund_ratio(rules, 100_000 * luck.randint(1, 5)).broken is not None
