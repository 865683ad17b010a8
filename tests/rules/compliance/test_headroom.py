"""How far rates can be raised: worked by hand, the limit being 30 %."""

import pytest

from rules.compliance.headroom import largest_multiplier, largest_rate, with_campaign
from rules.compliance.order_ratio import order_ratio
from rules.errors import InputError
from rules.plan.read import parse_plan

THIRTY = 300_000


def plan(*rates, **more):
    levels = [{"level": level, "rates": {"default": rate}} for level, rate in enumerate(rates, 1)]
    return parse_plan({"ranks": [{"id": "member"}], "commission": {"base": {"levels": levels}}, **more})


def test_the_largest_multiplier_rounds_the_share_that_is_left_down():
    """23 % × 1.3 is 29.9 %; × 1.31 would be 30.13 %."""
    assert largest_multiplier(plan("15%", "5%", "3%"), THIRTY) == 1_300_000
    assert largest_multiplier(plan("15%"), THIRTY) == 2_000_000


def test_rounding_half_up_leaves_less():
    found = largest_multiplier(plan("15%", "5%", "3%", semantics={"rounding": "half_up"}), THIRTY)
    assert found is not None
    assert found < 1_300_000
    half_up = plan("15%", "5%", "3%", semantics={"rounding": "half_up"})
    assert order_ratio(with_campaign(half_up, found), THIRTY).broken is False
    assert order_ratio(with_campaign(half_up, found + 10_000), THIRTY).broken is True


def test_a_plan_that_is_over_the_limit_has_no_headroom():
    assert largest_multiplier(plan("31%"), THIRTY) is None


def test_it_comes_on_top_of_the_campaigns_that_a_plan_has():
    """10 % × 2 × 1.5 is 30 %."""
    doubled = plan("10%", campaigns=[{"id": "c", "days": [3, 5], "multiply": {"base": 2}}])
    assert largest_multiplier(doubled, THIRTY) == 1_500_000


def test_the_largest_rate_of_a_level_is_what_the_others_leave():
    assert largest_rate(plan("15%", "5%", "3%"), THIRTY, 2) == 120_000
    assert largest_rate(plan("15%", "15%"), THIRTY, 2) == 150_000
    assert largest_rate(plan("31%", "1%"), THIRTY, 2) is None


def test_a_level_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="no level 4"):
        largest_rate(plan("15%"), THIRTY, 4)
