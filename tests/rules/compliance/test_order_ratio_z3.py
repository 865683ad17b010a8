"""The decider against z3 on random plans: the same verdict, and the same smallest amount.

z3 is asked: whether an order that pays exactly the smallest amount is over the limit, whether one that pays less is,
and, of a plan that holds, whether any order of one line or two is. Of a plan with a ladder it is asked what an
order can release on those before it, too.
"""

import pytest
from small_plans import LIMITS, small_plan
from z3_orders import over_limit, releases_over

from rules.compliance.cliff import cliff
from rules.compliance.order_ratio import SMALLEST, order_ratio
from rules.compliance.order_ratio.case import goods_paid

QUICK, MANY, MOST_LINES = 60, 560, 4


def agrees(seed: int) -> bool:
    """Whether z3 agrees on a plan; False = the decider does not know. Raises if they differ."""
    plan, limit = small_plan(seed), LIMITS[seed % len(LIMITS)]
    if plan.commission.ladder:
        worst = cliff(plan, 0).worst
        assert worst is not None
        assert (releases_over(plan, worst), worst == 0 or releases_over(plan, worst - 1)) == (False, True)
    decision = order_ratio(plan, limit)
    if decision.broken is None:
        return False
    if not decision.broken:
        assert [over_limit(plan, limit, lines) for lines in (1, 2)] == [False, False]
        return True
    assert decision.case is not None
    (paid, lines), proven = goods_paid(decision.case), decision.why == SMALLEST
    if lines <= MOST_LINES:
        assert over_limit(plan, limit, lines, paid=paid)
    if paid > 1 and proven:
        assert [over_limit(plan, limit, lines, below=paid) for lines in (1, 2)] == [False, False]
    return proven


@pytest.mark.parametrize("block", range(6))
def test_verdict_and_smallest_amount_are_those_of_z3(block):
    known = [agrees(seed) for seed in range(QUICK * block // 6, QUICK * (block + 1) // 6)]
    assert sum(known) >= 9 * len(known) // 10 - 1


@pytest.mark.slow
def test_on_many_plans_at_most_a_tenth_is_unknown():
    known = [agrees(seed) for seed in range(QUICK, MANY)]
    assert sum(known) >= 9 * len(known) // 10


def test_half_of_the_plans_have_no_cap_and_all_have_something_in_the_mix():
    plans = [small_plan(seed) for seed in range(MANY)]
    assert sum(plan.caps.order_ratio is None for plan in plans) >= MANY // 2
    mixed = [(bool(plan.coupons), bool(plan.bonuses), plan.commission.ladder is not None) for plan in plans]
    assert all(any(one) for one in mixed)
    assert [sum(kind) > MANY // 4 for kind in zip(*mixed, strict=True)] == [True, True, True]
