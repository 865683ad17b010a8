"""Templates of abuse: what cheats do, with whole numbers that a search tunes. One function for each known way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from rules.commission.bonus import Bonus
from rules.plan.model import Plan
from rules.plan.values import Title
from sim.redteam import farming, sales
from sim.redteam.farming import pays_for_people
from sim.redteam.moves import Play
from sim.redteam.space import Space
from sim.redteam.world import World

Numbers: TypeAlias = Mapping[str, int]
"""The numbers of one try, by name."""


@dataclass(frozen=True)
class Template:
    """One known way of abuse.

    Attributes:
        applies: whether a plan has what it abuses.
        space: the values of each number that a search tries.
        play: the moves.
        stays: accounts are used again, so what they owe in the end counts; else they are left behind.
        in_debt: it is one only if accounts owe something in the end.
        against: numbers of the honest alternative: only what comes out above it is profit.
    """

    name: str
    title: Title
    applies: Callable[[Plan], bool]
    space: Callable[[World], Space]
    play: Callable[[Play, Numbers], None]
    stays: bool = False
    in_debt: bool = False
    against: Mapping[str, int] | None = None


def _bonuses(plan: Plan, *events: str) -> list[Bonus]:
    return [bonus for bonus in plan.bonuses if bonus.event in events and (bonus.money or bonus.allowance)]


def _pays_on_orders(plan: Plan) -> bool:
    parts = plan.commission
    found = (parts.base, parts.ladder, parts.team, parts.differential, parts.margin, parts.dividend)
    return any(found) or bool(_bonuses(plan, "first_promoted_order", "first_order_of_day"))


def _limits_a_day(plan: Plan) -> bool:
    limits = plan.caps.member_day is not None or any(bonus.per_day for bonus in plan.bonuses)
    return limits and any(bonus.to != "newcomer" for bonus in plan.bonuses if pays_for_people(bonus))


def _leaves_something(plan: Plan) -> bool:
    rule = plan.semantics
    up = any(rule.rounding_of(level) != "floor" for level in range(plan.depth + 1))
    inexact = rule.clawback_rounding != "ceil" or rule.clawback_unit != "exact" or rule.partial_refund == "none"
    return plan.commission.base is not None and (up or inexact or bool(rule.defects))


def _joins_by_orders(plan: Plan) -> bool:
    joined = {name for rank in plan.ranks if rank.join for name in rank.join.thresholds}
    bought = bool(joined & {"orders", "spend", "single_order"})
    return bought or plan.semantics.promoter_by[0] in ("spend_over", "order_at_least")


def _gives_coupons(plan: Plan) -> bool:
    return any(bonus.coupon for bonus in plan.bonuses)


TEMPLATES = [
    Template(
        "free_accounts",
        Title(zh="空号注册套取奖励", en="bonuses for accounts that cost nothing"),
        lambda plan: any(pays_for_people(bonus) for bonus in plan.bonuses),
        farming.star_space,
        farming.register_many,
    ),
    Template(
        "daily_cap_by_accounts",
        Title(zh="多开账号，绕过每人每日上限", en="a limit per member and day, multiplied by accounts"),
        _limits_a_day,
        farming.tree_space,
        farming.register_many,
        against={"branch": farming.STAR},
    ),
    Template(
        "empty_streak",
        Title(zh="只打卡不带货，套取连续推广奖励", en="streaks of shares that sell nothing"),
        lambda plan: bool(_bonuses(plan, "promotion_streak")),
        farming.streak_space,
        farming.keep_sharing,
    ),
    Template(
        "points_farm",
        Title(zh="签到分享刷积分抵现", en="points for signing in and sharing, spent on goods"),
        lambda plan: plan.points is not None and plan.points.value > 0,
        farming.points_space,
        farming.spend_points,
        against={"days": 0},
    ),
    Template(
        "coupon_farm",
        Title(zh="空号领券低价购货", en="coupons of many new accounts, used on goods"),
        _gives_coupons,
        farming.coupon_space,
        farming.use_coupons,
        against={"amount": 0},
    ),
    Template(
        "fake_path",
        Title(zh="自点链接伪造传播路径", en="a path of shares made of own clicks"),
        lambda plan: plan.commission.influence is not None,
        farming.path_space,
        farming.click_around,
        against={"days": 0},
    ),
    Template(
        "self_purchase",
        Title(zh="本人下单领佣", en="commission on one's own order"),
        lambda plan: plan.semantics.self_purchase == "as_level_1",
        sales.alone_space,
        sales.buy_and_keep,
        against={"times": 0},
    ),
    Template(
        "own_chain",
        Title(zh="自建上下级自购返佣", en="own purchases below a chain of own accounts"),
        _pays_on_orders,
        sales.chain_space,
        sales.buy_and_keep,
        against={"times": 0},
    ),
    Template(
        "cheap_orders",
        Title(zh="小额刷单领取订单奖励", en="cheap orders for bonuses on orders"),
        lambda plan: bool(_bonuses(plan, "first_promoted_order", "first_order_of_day", "invites")),
        sales.cheap_space,
        sales.buy_cheaply,
        against={"days": 0},
    ),
    Template(
        "refund_after_payout",
        Title(zh="提现后退货，佣金不追回", en="goods sent back after the payout, commission kept"),
        _pays_on_orders,
        sales.refund_space,
        sales.pay_out_then_refund,
        stays=True,
        against={"cycles": 0},
    ),
    Template(
        "abandoned_wallet",
        Title(zh="提现后退货，弃用负余额账号", en="goods sent back after the payout, accounts in debt left behind"),
        _pays_on_orders,
        sales.refund_space,
        sales.pay_out_then_refund,
        in_debt=True,
        against={"cycles": 0},
    ),
    Template(
        "partial_refunds",
        Title(zh="零碎退货，留下多余佣金", en="commission that many small refunds leave"),
        _leaves_something,
        sales.pieces_space,
        sales.refund_by_piece,
        stays=True,
        against={"pieces": 0},
    ),
    Template(
        "ladder_cliff",
        Title(zh="临近阶梯档位，补单跳档", en="an own order that lifts honest sales over a bracket"),
        lambda plan: plan.commission.ladder is not None and len(plan.commission.ladder.brackets) > 1,
        sales.cliff_space,
        sales.cross_the_bracket,
        stays=True,
        against={"trick": 0},
    ),
    Template(
        "refunded_rank",
        Title(zh="买后即退，保留等级", en="a rank bought with an order that is refunded"),
        _joins_by_orders,
        sales.rank_space,
        sales.sell_with_rank,
        stays=True,
        against={"entry": 0},
    ),
]
"""Every way that is tried, in the order in which it is reported where profits are equal."""
