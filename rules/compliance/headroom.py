"""Headroom 余地: how far a plan's rates can be raised before an order can pay out more than a limit.

Both answers come from `order_ratio` by bisection: higher rates never pay less on an order. A plan that would be refused
with such rates (over 100 %, or finer than a part per million) counts as one that does not keep the limit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from rules.commission.base import Percentage
from rules.commission.campaign import Campaign, Multiply
from rules.compliance.decision import USUAL, Assumptions
from rules.compliance.order_ratio import order_ratio
from rules.errors import InputError
from rules.money import PPM
from rules.plan.model import Plan

_HUNDREDTH = 10_000
_MOST_MULTIPLIER = 10_000
"""In hundredths."""
_BASIS_POINT = 100
_ALL_DAYS = 0, 36_500
_ALL_DATES = dt.date(1970, 1, 1), dt.date(2133, 12, 31)


def largest_multiplier(plan: Plan, limit: int, given: Assumptions = USUAL) -> int | None:
    """The largest campaign multiplier on the whole base that keeps the limit, in millionths: whole hundredths, from 1.

    It comes on top of the plan's own campaigns. None = the plan as it is does not keep the limit, or nobody knows.
    """

    def keeps(hundredths: int) -> bool:
        return _keeps(lambda: with_campaign(plan, hundredths * _HUNDREDTH), limit, given)

    found = _largest(keeps, 100, _MOST_MULTIPLIER)
    return None if found is None else found * _HUNDREDTH


def largest_rate(plan: Plan, limit: int, level: int, given: Assumptions = USUAL) -> int | None:
    """The largest rate of a level that keeps the limit, for all goods and ranks: whole hundredths of a percent, in ppm.

    None = no rate keeps it, or nobody knows.

    Raises:
        InputError: the plan states no such level.
    """
    with_rate(plan, level, 0)

    def keeps(points: int) -> bool:
        return _keeps(lambda: with_rate(plan, level, points * _BASIS_POINT), limit, given)

    found = _largest(keeps, 0, PPM // _BASIS_POINT)
    return None if found is None else found * _BASIS_POINT


def _keeps(changed: Callable[[], Plan], limit: int, given: Assumptions) -> bool:
    try:
        return order_ratio(changed(), limit, given).broken is False
    except InputError:
        return False


def _largest(keeps: Callable[[int], bool], low: int, high: int) -> int | None:
    """The largest number from `low` to `high` that keeps the limit, where all smaller ones do."""
    if not keeps(low):
        return None
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if keeps(middle) else (low, middle - 1)
    return low


def with_campaign(plan: Plan, by: int) -> Plan:
    """The plan with one more campaign, on everything and always, that multiplies by so many millionths."""
    base = plan.commission.base
    dated = any(one.dates for one in plan.campaigns) or bool(base and base.product_age)
    days, dates = (None, _ALL_DATES) if dated else (_ALL_DAYS, None)
    campaign = Campaign.model_construct(
        id="headroom", days=days, dates=dates, multiply=Multiply.model_construct(base=by)
    )
    return plan.model_copy(update={"campaigns": [*plan.campaigns, campaign]})


def with_rate(plan: Plan, level: int, rate: int) -> Plan:
    """The plan with one rate for all goods and ranks at a level that it states."""
    base = plan.commission.base
    known = [one.level for one in base.levels] if base else []
    if base is None or level not in known:
        raise InputError(
            f"the plan states no level {level}", allowed=", ".join(map(str, known)) or "a plan with levels"
        )
    rates = {"rates": {"default": Percentage.model_construct(rate=rate)}, "skus": {}, "by_rank": {}}
    levels = [one.model_copy(update=rates) if one.level == level else one for one in base.levels]
    commission = plan.commission.model_copy(update={"base": base.model_copy(update={"levels": levels})})
    return plan.model_copy(update={"commission": commission})
