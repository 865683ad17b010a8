"""Headroom 余地: how far a plan's rates can be raised before an order can pay out more than a limit.

Both answers come from `order_ratio` by bisection: higher rates never pay less on an order. A plan that would be refused
with such rates (over 100 %, or finer than a part per million) counts as one that does not keep the limit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from rules.commission.base import BaseLevel, Percentage, RatesByCategory
from rules.commission.campaign import Campaign, Multiply
from rules.compliance.decision import USUAL, Assumptions, Decision
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


@dataclass(frozen=True)
class StatedRate:
    """A rate that a plan states: of a level, for a category, a product, or a rank's category; in parts per million."""

    level: int
    rate: int
    category: str | None = None
    sku: str | None = None
    rank: str | None = None


def stated_rates(plan: Plan) -> list[StatedRate]:
    """The base rates of a plan as its file has them; fixed amounts, and what only multiplies a rate, are none."""
    found: list[StatedRate] = []
    for level in plan.commission.base.levels if plan.commission.base else []:
        groups: list[tuple[str | None, RatesByCategory]] = [(None, level.rates)]
        groups += level.by_rank.items() if plan.semantics.rank_rate != "multiply" else []
        for rank, rates in groups:
            for category, one in rates.items():
                if isinstance(one, Percentage):
                    found.append(StatedRate(level.level, one.rate, category=category, rank=rank))
        for sku, one in level.skus.items():
            if isinstance(one, Percentage):
                found.append(StatedRate(level.level, one.rate, sku=sku))
    return found


def with_stated(plan: Plan, one: StatedRate, rate: int) -> Plan:
    """The plan with another number in the place of one of its `stated_rates`."""
    base = plan.commission.base
    assert base is not None, "a plan without levels states no rate"
    levels = [_with(level, one, rate) if level.level == one.level else level for level in base.levels]
    commission = plan.commission.model_copy(update={"base": base.model_copy(update={"levels": levels})})
    return plan.model_copy(update={"commission": commission})


def _with(level: BaseLevel, one: StatedRate, rate: int) -> BaseLevel:
    new = Percentage.model_construct(rate=rate)
    if one.sku is not None:
        return level.model_copy(update={"skus": level.skus | {one.sku: new}})
    assert one.category is not None
    if one.rank is None:
        return level.model_copy(update={"rates": level.rates | {one.category: new}})
    of_rank = level.by_rank[one.rank] | {one.category: new}
    return level.model_copy(update={"by_rank": level.by_rank | {one.rank: of_rank}})


def largest_stated(plan: Plan, limit: int, one: StatedRate, given: Assumptions = USUAL) -> int | None:
    """The largest number in the place of a stated rate that keeps the limit, as `largest_rate` says it."""

    def keeps(points: int) -> bool:
        return _keeps(lambda: with_stated(plan, one, points * _BASIS_POINT), limit, given)

    found = _largest(keeps, 0, PPM // _BASIS_POINT)
    return None if found is None else found * _BASIS_POINT


def rates_alone(plan: Plan) -> Plan:
    """The plan without what hides its rates: no cap on an order or a member, no bonus, no coupon, no points."""
    none = {"order_ratio": None, "member_day": None, "member_month": None}
    caps = plan.caps.model_copy(update=none)
    return plan.model_copy(update={"caps": caps, "bonuses": [], "coupons": {}, "points": None})


def nearest_order(plan: Plan, decision: Decision, given: Assumptions = USUAL) -> Decision | None:
    """Of a plan whose `order_ratio` holds: the smallest order that comes as close to the limit as any does.

    `decision` is what `order_ratio` said. A cap bounds what orders pay out and need not be reached, so the bound is
    lowered until an order is over it by less than a part per million. None = nothing is paid, or nobody knows.
    """
    worst = decision.worst
    while worst:
        found = order_ratio(plan, worst - 1, given)
        if found.broken or found.worst is None or found.worst >= worst:
            return found if found.broken else None
        worst = found.worst
    return None


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
