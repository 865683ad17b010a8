"""What a claim can be about: every metric of the dictionary, and some figures that are worked out from a run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.experiments.effects import Value
from sim.experiments.metric_names import METRICS, Better, Metric, Text, Unit

if TYPE_CHECKING:
    from sim.experiments.replication import Outcome

MONTH = 30
"""Days of a month here."""

_OWN = (
    Metric(
        "promoter_share",
        Text("推广员占市场人口", "Promoters in the market"),
        Unit.ratio,
        Better.higher,
        Text("分享过或有收入者 ÷ 市场总人数", "who shared or earned ÷ all people of the market"),
    ),
    Metric(
        "earning_share",
        Text("有收入的推广员占市场人口", "Promoters with an income in the market"),
        Unit.ratio,
        Better.higher,
        Text("收入为正者 ÷ 市场总人数", "who earned more than nothing ÷ all people of the market"),
    ),
    Metric(
        "top_income",
        Text("头部推广员月收入", "Income of the top promoter"),
        Unit.fen_each,
        Better.higher,
        Text("收入最高者的收入 ÷ 月数（每月 30 天）", "what the best earner earned ÷ months of 30 days"),
    ),
    Metric(
        "click_to_order",
        Text("点击成交率", "Click to first order"),
        Unit.ratio,
        Better.higher,
        Text("点击注册率 × 注册下单率", "click to register × register to order"),
    ),
    Metric(
        "task_completion",
        Text("邀请任务完成率", "Invitation task done"),
        Unit.ratio,
        Better.higher,
        Text(
            "邀满奖励所需人数（至少一次）的会员 ÷ 分享过或有收入者",
            "members who invited as many as a reward asks for, at least once ÷ who shared or earned",
        ),
    ),
    Metric(
        "weekly_active",
        Text("周活跃会员", "Weekly active members"),
        Unit.count,
        Better.higher,
        Text("一周内分享或下单的会员数，各整周平均", "members who shared or ordered in a week, mean of whole weeks"),
    ),
    Metric(
        "period_entries",
        Text("周期结算明细数", "Entries of period closes"),
        Unit.count,
        Better.lower,
        Text("各结算周期产生的明细，含更正", "entries that the closes of periods made, corrections included"),
    ),
    Metric(
        "labour",
        Text("人工成本", "Labour"),
        Unit.fen,
        Better.lower,
        Text("审核、退货、对账、投诉的人工", "people who look at withdrawals, returns, failed payouts, complaints"),
    ),
)

FIGURES: dict[str, Metric] = METRICS | {one.name: one for one in _OWN}
"""Every figure by name; money in fen."""


def figures_of(outcome: Outcome, people: int, days: int) -> dict[str, Value]:
    """Every figure of a run of so many people and days; None where there is nothing to divide by."""
    seen, incomes = outcome.metrics, outcome.incomes
    rates = seen["click_to_register"], seen["register_to_order"]
    return seen | {
        "promoter_share": len(incomes) / people,
        "earning_share": sum(fen > 0 for fen in incomes) / people,
        "top_income": max(incomes, default=0) * MONTH / days,
        "click_to_order": None if None in rates else math.prod(rates),  # type: ignore[arg-type]
        "task_completion": outcome.inviters / len(incomes) if incomes else None,
        "weekly_active": _weekly_active(outcome),
        "period_entries": outcome.period_entries,
        "labour": sum(outcome.labour.values()),
    }


def _weekly_active(outcome: Outcome) -> float | None:
    """Each cohort tells its weeks from its own first on, so the sum over cohorts and weeks is that over weeks."""
    cohorts = outcome.retention.cohorts
    return sum(sum(one.active) for one in cohorts) / len(cohorts) if cohorts else None
