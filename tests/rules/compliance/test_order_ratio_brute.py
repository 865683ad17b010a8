"""The decider against every small order through the readable engine: none below the smallest is over a limit."""

import pytest
from brute import smallest
from daily import some
from small_plans import LIMITS, small_plan

from rules.compliance.order_ratio import SMALLEST, order_ratio, person_ratio
from rules.compliance.order_ratio.case import goods_paid

ONE_LINE = [(price,) for price in range(1, 17)]
FEW = [(1,), (2,), (3,), (5,), (7,), (9,), (10,), (14,), (20,), (1, 1), (2, 1), (3, 2)]
TWO_LINES = [(first, second) for first in range(1, 5) for second in range(1, first + 1)]


def held_against(
    seed: int, beyond: bool, baskets: list[tuple[int, ...]], quantities: tuple[int, ...], one_person: bool = False
) -> None:
    """Hold the decider against orders of these unit prices and quantities, every chain of two, every day and coupon."""
    plan, limit = small_plan(seed, beyond), LIMITS[seed % len(LIMITS)]
    decision = (person_ratio if one_person else order_ratio)(plan, limit)
    found = smallest(plan, limit, baskets, depth=2, quantities=quantities, one_person=one_person)
    if decision.broken is False:
        assert found is None, (seed, found)
    elif decision.broken and decision.why == SMALLEST:
        assert decision.case is not None
        assert found is None or found >= goods_paid(decision.case)[0], (seed, found)


@pytest.mark.parametrize("seed", some(range(1_000, 1_005), 3))
def test_no_order_is_over_the_limit_below_the_smallest(seed):
    held_against(seed, False, ONE_LINE + TWO_LINES, (1,))


@pytest.mark.parametrize("seed", some(range(1_000, 1_008), 3))
def test_nor_with_differentials_and_every_way_of_rounding(seed):
    held_against(seed, True, FEW, (1, 2))


@pytest.mark.parametrize("seed", some(range(3_100, 3_110), 4))
def test_nobody_gets_more_of_an_order_below_the_smallest(seed):
    held_against(seed, True, FEW, (1, 2), one_person=True)


@pytest.mark.slow
@pytest.mark.parametrize("one_person", [False, True])
@pytest.mark.parametrize("seed", range(2_000, 2_060))
def test_nor_on_many_plans(seed, one_person):
    held_against(seed, True, ONE_LINE + TWO_LINES, (1, 2, 3), one_person)
