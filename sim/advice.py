"""Advice 经营建议: rules of thumb of the trade held against the figures of a run, with figure, bound and source.

They are advice, not findings: what is usual elsewhere may be wrong for this shop.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.money import yuan
from rules.plan.values import Title
from sim.money import Money

Value = float | int | None

LEAST_SHARE, MOST_SHARE = 0.20, 0.40
"""Commission ÷ goods paid that the trade keeps within (MISSION D2)."""
MOST_CHURN = 0.05
"""Promoters lost in a month (MISSION C17)."""
MOST_WITHOUT_INCOME, MOST_REFUNDS, MOST_FRAUD = 0.75, 0.10, 0.05
"""Promoters who earn nothing, goods that go back, commission lost to cheats: ours."""
WEEKS_OF_CASH = 4
"""What members are owed should be covered by the cash of so many weeks: ours."""


@dataclass(frozen=True)
class Advice:
    """One piece of advice: a name for machines, and a sentence with its figure."""

    name: str
    said: Title


def return_on_commission(attributed: int, money: Money) -> float | None:
    """What a yuan of commission brings: margin on the sales that promoters led to ÷ commission; None without any.

    Args:
        attributed: fen of goods paid that belong to a promoter. money: of the run.
    """
    if money.commission <= 0 or money.goods <= 0:
        return None
    margin = (money.goods - money.refunds - money.cost) / money.goods
    return attributed * margin / money.commission


def advise(metrics: Mapping[str, Value], weeks: Sequence[Money]) -> list[Advice]:
    """What the figures of a run suggest; nothing where all is as usual."""
    return [*_costs(metrics), *_people(metrics), *_cash(metrics, weeks)]


def _costs(metrics: Mapping[str, Value]) -> Iterator[Advice]:
    share = metrics.get("payout_ratio")
    if share is not None and share < LEAST_SHARE:
        yield _of(
            "commission_low",
            f"佣金占成交额 {share:.1%}，低于行业常见的 20%–40%：有提高激励的余地",
            f"commission is {share:.1%} of goods paid, below the 20–40 % of the trade: there is room to pay more",
        )
    if share is not None and share > MOST_SHARE:
        yield _of(
            "commission_high",
            f"佣金占成交额 {share:.1%}，高于行业常见的 20%–40%：先降低费率或封顶",
            f"commission is {share:.1%} of goods paid, above the 20–40 % of the trade: lower rates or caps first",
        )
    left = metrics.get("contribution")
    if left is not None and left < 0:
        yield _of(
            "loses_money",
            f"贡献毛利为负：{yuan(int(left))}",
            f"contribution is below nothing: {yuan(int(left))}",
        )
    back = metrics.get("refund_rate")
    if back is not None and back > MOST_REFUNDS:
        yield _of(
            "refunds",
            f"退款率 {back:.1%}，高于 10%：按品类查原因，结算等待退款期",
            f"{back:.1%} of goods go back, more than 10 %: look by category, and settle after returns",
        )


def _people(metrics: Mapping[str, Value]) -> Iterator[Advice]:
    churn = metrics.get("promoter_churn")
    if churn is not None and churn > MOST_CHURN:
        yield _of(
            "churn",
            f"推广员月流失率 {churn:.1%}，高于 5%：对 7 天未登录、收入下降者介入",
            f"{churn:.1%} of promoters were lost in a month, more than 5 %: reach those who fall silent or earn less",
        )
    poor = metrics.get("promoters_without_income")
    if poor is not None and poor > MOST_WITHOUT_INCOME:
        yield _of(
            "without_income",
            f"{poor:.1%} 的推广员没有收入：首单奖励与培训应面向新人",
            f"{poor:.1%} of promoters earn nothing: aim first rewards and training at newcomers",
        )
    lost, paid = metrics.get("fraud_loss") or 0, metrics.get("commission") or 0
    if paid > 0 and lost > MOST_FRAUD * paid:
        yield _of(
            "fraud",
            f"被作弊提走 {yuan(int(lost))}，为佣金的 {lost / paid:.1%}：启用或收紧风控",
            f"cheats took {yuan(int(lost))}, {lost / paid:.1%} of commission: use a risk desk, or tighten it",
        )


def _cash(metrics: Mapping[str, Value], weeks: Sequence[Money]) -> Iterator[Advice]:
    recent = sum(week.cash for week in weeks[-WEEKS_OF_CASH:])
    if weeks and weeks[-1].owed > max(recent, 0):
        owed = weeks[-1].owed
        yield _of(
            "liquidity",
            f"待付佣金 {yuan(owed)}，高于近四周现金 {yuan(recent)}：预留资金",
            f"members are owed {yuan(owed)}, more than the cash of four weeks ({yuan(recent)}): set money aside",
        )


def _of(name: str, zh: str, en: str) -> Advice:
    return Advice(name, Title(zh=zh, en=en))
