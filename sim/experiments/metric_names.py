"""What each metric is called, what it is counted in, which way is better, and its formula in words (zh, en).

The figures themselves are computed in `sim/metrics.py`; everything that shows them takes its words from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal, Protocol

Lang = Literal["zh", "en"]
"""The two languages of the product."""


@dataclass(frozen=True)
class Text:
    """A text in both languages."""

    zh: str
    en: str

    def say(self, lang: Lang) -> str:
        """The text in `lang`."""
        return spoken(self, lang)


class Bilingual(Protocol):
    """Whatever is said in both languages: a text, a title of a plan, a step of an explanation."""

    @property
    def zh(self) -> str:
        """In Chinese."""
        ...

    @property
    def en(self) -> str:
        """In English."""
        ...


def spoken(thing: Bilingual, lang: Lang) -> str:
    """Its words in `lang`."""
    return thing.zh if lang == "zh" else thing.en


NO_TEXT = Text("", "")
"""Where there is nothing to say."""


class Unit(Enum):
    """What a metric is counted in."""

    fen = "fen"
    """An amount of money: whole fen."""
    fen_each = "fen_each"
    """Money per order or per buyer: fen, not necessarily whole."""
    ratio = "ratio"
    """A share, shown in per cent; differences are percentage points."""
    index = "index"
    """A plain number such as K or Gini."""
    count = "count"
    """How many."""

    @property
    def is_money(self) -> bool:
        """Whether it is counted in fen."""
        return self in (Unit.fen, Unit.fen_each)


class Better(Enum):
    """Which way is better for the store."""

    higher = "higher"
    lower = "lower"
    neutral = "neutral"
    """Neither: it depends on what it buys."""


@dataclass(frozen=True)
class Metric:
    """A metric of CONTRACT.md, in words."""

    name: str
    title: Text
    unit: Unit
    better: Better
    formula: Text


def _metric(name: str, unit: Unit, better: Better, title: tuple[str, str], formula: tuple[str, str]) -> Metric:
    return Metric(name, Text(*title), unit, better, Text(*formula))


_ALL = (
    _metric(
        "gmv",
        Unit.fen,
        Better.higher,
        ("成交额", "GMV"),
        ("已付款订单的商品实付额，不含运费", "goods paid, without freight, of the orders that were paid"),
    ),
    _metric(
        "orders",
        Unit.count,
        Better.higher,
        ("订单数", "Orders"),
        ("已付款的订单数", "orders that were paid"),
    ),
    _metric(
        "average_order_value",
        Unit.fen_each,
        Better.higher,
        ("客单价", "Average order value"),
        ("成交额 ÷ 订单数", "GMV ÷ orders"),
    ),
    _metric(
        "active_buyers",
        Unit.count,
        Better.higher,
        ("活跃买家", "Active buyers"),
        ("至少付款一单的会员数", "members who paid at least one order"),
    ),
    _metric(
        "new_members",
        Unit.count,
        Better.higher,
        ("新增会员", "New members"),
        ("期内注册的会员数", "members who registered in the period"),
    ),
    _metric(
        "shares",
        Unit.count,
        Better.higher,
        ("分享次数", "Shares"),
        ("会员发出的分享次数", "shares sent by members"),
    ),
    _metric(
        "clicks",
        Unit.count,
        Better.higher,
        ("点击次数", "Clicks"),
        ("分享链接被点击的次数", "clicks on shared links"),
    ),
    _metric(
        "click_to_register",
        Unit.ratio,
        Better.higher,
        ("点击注册率", "Click to register"),
        ("由点击带来的注册 ÷ 非会员的点击", "registrations by click ÷ clicks by strangers"),
    ),
    _metric(
        "register_to_order",
        Unit.ratio,
        Better.higher,
        ("注册下单率", "Register to order"),
        ("首单已付款的会员 ÷ 注册会员", "members whose first order was paid ÷ registered members"),
    ),
    _metric(
        "fission_k",
        Unit.index,
        Better.higher,
        ("裂变系数 K", "Fission K"),
        (
            "归于分享者的注册数 ÷ 有过分享的会员数",
            "registrations attributed to a sharer ÷ members who shared",
        ),
    ),
    _metric(
        "repurchase_rate",
        Unit.ratio,
        Better.higher,
        ("复购率", "Repurchase rate"),
        ("付款两单及以上的买家 ÷ 买家", "buyers with two or more paid orders ÷ buyers"),
    ),
    _metric(
        "commission",
        Unit.fen,
        Better.neutral,
        ("佣金", "Commission"),
        ("全部佣金与奖励，减去追回", "all commission and bonuses, net of reversals"),
    ),
    _metric(
        "payout_ratio",
        Unit.ratio,
        Better.neutral,
        ("佣金率", "Payout ratio"),
        ("佣金 ÷ 成交额", "commission ÷ GMV"),
    ),
    _metric(
        "payout_realised",
        Unit.ratio,
        Better.neutral,
        ("实际佣金率", "Payout, after refunds"),
        ("佣金 ÷ (成交额 − 退款)", "commission ÷ (GMV − refunds)"),
    ),
    _metric(
        "acquisition_cost",
        Unit.fen_each,
        Better.lower,
        ("获客成本", "Acquisition cost"),
        (
            "首单的佣金与奖励 ÷ 新买家（优惠已从成交额中扣除）",
            "commission and bonuses on first orders ÷ new buyers (discounts are off GMV already)",
        ),
    ),
    _metric(
        "lifetime_value",
        Unit.fen_each,
        Better.higher,
        ("客户价值", "Lifetime value"),
        ("(成交额 − 退款 − 商品成本) ÷ 买家", "(GMV − refunds − goods cost) ÷ buyers"),
    ),
    _metric(
        "contribution",
        Unit.fen,
        Better.higher,
        ("贡献毛利", "Contribution"),
        (
            "成交额 − 退款 − 未退商品的成本 − 佣金 + 留下的提现手续费 − 会员运营费用",
            "GMV − refunds − cost of the goods kept − commission + withdrawal fees kept − programmes for members",
        ),
    ),
    _metric(
        "retention_30",
        Unit.ratio,
        Better.higher,
        ("30 日留存", "30-day retention"),
        (
            "首单后 30 天内再次购买的买家 ÷ 已观察满 30 天的买家",
            "buyers who bought again within 30 days of their first order ÷ buyers observed for 30 days",
        ),
    ),
    _metric(
        "promoter_churn",
        Unit.ratio,
        Better.lower,
        ("推广员流失率", "Promoter churn"),
        ("上月分享而本月未分享的推广员占比", "share of promoters who shared last month and not this month"),
    ),
    _metric(
        "income_gini",
        Unit.index,
        Better.lower,
        ("收入基尼系数", "Income Gini"),
        ("推广员收入的基尼系数：0 为均等，1 为一人独得", "Gini over promoters: 0 all equal, 1 one earns all"),
    ),
    _metric(
        "promoters_without_income",
        Unit.ratio,
        Better.lower,
        ("零收入推广员占比", "Promoters with no income"),
        ("收入为零的推广员 ÷ 推广员", "promoters whose income is zero ÷ promoters"),
    ),
    _metric(
        "refund_rate",
        Unit.ratio,
        Better.lower,
        ("退款率", "Refund rate"),
        ("退款 ÷ 成交额", "refunds ÷ GMV"),
    ),
    _metric(
        "fraud_loss",
        Unit.fen,
        Better.lower,
        ("欺诈损失", "Fraud loss"),
        ("向作弊账号和盗号者付出的提现", "payouts to accounts of cheats, and to thieves"),
    ),
    _metric(
        "wallet_liability",
        Unit.fen,
        Better.neutral,
        ("钱包负债", "Wallet liability"),
        ("期末待结算 + 冻结 + 可提现余额", "pending + held + available balances at the end"),
    ),
    _metric(
        "distribution_share",
        Unit.ratio,
        Better.neutral,
        ("分销占比", "Distribution share"),
        ("归因于推广员的成交额 ÷ 成交额", "GMV attributed to a promoter ÷ GMV"),
    ),
)

METRICS: dict[str, Metric] = {metric.name: metric for metric in _ALL}
"""Every metric by name, in the order of CONTRACT.md."""

NAMES: tuple[str, ...] = tuple(METRICS)
"""The names alone, in order."""

_PROMOTERS = {
    "income_p10": ("收入：后 10%", "Income, 10% earn no more"),
    "income_p25": ("收入：后 25%", "Income, 25% earn no more"),
    "income_median": ("收入：中位推广员", "Income, median promoter"),
    "income_p75": ("收入：前 25%", "Income, 25% earn more"),
    "income_p90": ("收入：前 10%", "Income, 10% earn more"),
    "income_p99": ("收入：前 1%", "Income, 1% earn more"),
}
_INCOMES = {
    name: _metric(name, Unit.fen, Better.higher, title, ("推广员收入的分位数", "quantile of what promoters earn"))
    for name, title in _PROMOTERS.items()
}
"""Figures that are no metric of a run, but have effects as metrics have."""


def metric(name: str) -> Metric:
    """The words for `name`; a metric unknown here is shown under its own name as a plain number."""
    return (
        METRICS.get(name)
        or _INCOMES.get(name)
        or Metric(name, Text(name, name), Unit.index, Better.neutral, Text("", ""))
    )
