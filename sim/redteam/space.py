"""Numbers that are worth trying: a plan's own thresholds, a fen below and above them, and a few round ones."""

from __future__ import annotations

from collections.abc import Iterable

from rules.money import PPM
from rules.plan.model import Plan
from sim.redteam.world import World

Space = dict[str, list[int]]
"""By name of a number: the values to try, in an order in which neighbours are alike."""


def counts(most: int, least: int = 1) -> list[int]:
    """How many of something: small numbers, round ones, and the most."""
    return sorted({one for one in (1, 2, 3, 4, 5, 7, 10, 20, 50, 100, 200, most) if least <= one <= most})


def amounts(world: World) -> list[int]:
    """What orders can come to, in fen: round sums, thresholds of the plan, and what reaches a member's daily cap."""
    round_sums = [10_00, 100_00, 500_00, 1_000_00, 5_000_00, 10_000_00, world.means.capital]
    near = [one + step for one in _thresholds(world.plan) for step in (-1, 0, 1)]
    return _within(world, [*(good.low for good in world.goods), *round_sums, *near])


def entries(world: World) -> list[int]:
    """What somebody can buy to be let in, in fen: nothing, the cheapest goods, or what a rank or a plan asks for."""
    bought = []
    for rank in world.plan.ranks:
        stated = rank.join.thresholds if rank.join else {}
        bought += [stated[name] for name in ("spend", "single_order") if name in stated]
    way, amount = world.plan.semantics.promoter_by
    bought += [amount + 1] if way == "spend_over" else [amount] if way == "order_at_least" else []
    cheapest = min(good.low for good in world.goods)
    needed = any(rank.join and "orders" in rank.join.thresholds for rank in world.plan.ranks)
    return [0, *_within(world, [*bought, *([cheapest] if needed else [])])]


def goods(world: World) -> list[int]:
    """The goods, by number."""
    return list(range(len(world.goods)))


def _thresholds(plan: Plan) -> Iterable[int]:
    yield from (coupon.over for coupon in plan.coupons.values())
    if plan.caps.member_day is not None and plan.commission.base:
        for level in plan.commission.base.levels:
            rates = [rate for rate in level.rates.values() if isinstance(rate, int) and rate]
            yield from (plan.caps.member_day * PPM // rate for rate in rates)
    for bonus in plan.bonuses:
        if bonus.money and plan.caps.order_ratio:
            yield bonus.money * PPM // plan.caps.order_ratio


def _within(world: World, fen: Iterable[int]) -> list[int]:
    least, most = min(good.low for good in world.goods), world.means.capital
    return sorted({min(max(one, least), most) for one in fen})
