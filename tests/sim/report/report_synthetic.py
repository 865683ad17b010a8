"""A made-up experiment with every part a report can show."""

import numpy as np

from sim.experiments.metric_names import METRICS, Text, Unit
from sim.experiments.statistics import compare
from sim.report.data import Arm, Assumption, ReportData, Rule, RulebookVerdict

LEVELS = {
    "gmv": 68_000_000_00,
    "orders": 412_000,
    "average_order_value": 165_05.2,
    "active_buyers": 81_200,
    "new_members": 24_800,
    "shares": 512_000,
    "clicks": 201_000,
    "click_to_register": 0.131,
    "register_to_order": 0.412,
    "fission_k": 0.342,
    "repurchase_rate": 0.513,
    "commission": 5_400_000_00,
    "payout_ratio": 0.0794,
    "payout_realised": 0.0851,
    "acquisition_cost": 31_40.5,
    "lifetime_value": 268_00.0,
    "contribution": 14_300_000_00,
    "retention_30": 0.284,
    "promoter_churn": 0.081,
    "income_gini": 0.713,
    "promoters_without_income": 0.384,
    "refund_rate": 0.067,
    "fraud_loss": 84_000_00,
    "wallet_liability": 310_000_00,
    "distribution_share": 0.431,
}


def values(lifts, replications=20, noise=0.002, seed=1):
    """`values[arm][replication][metric]` with a common luck, a little of its own and a lift per arm."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(0, 0.02, (replications, len(LEVELS)))
    out = {}
    for arm, lift in lifts.items():
        own = rng.normal(0, noise, shared.shape)
        rows = []
        for r in range(replications):
            row = {}
            for j, (name, level) in enumerate(LEVELS.items()):
                value = level * (1 + shared[r, j] + own[r, j]) * (1 + lift.get(name, 0.0))
                row[name] = round(value) if METRICS[name].unit in (Unit.fen, Unit.count) else float(value)
            rows.append(row)
        out[arm] = rows
    return out


def report_data(titles=None, replications=20, arms=("one_level", "three_tier", "steep"), days=120):
    """Three plans: the second earns more, the third breaks the rulebook."""
    lifts = {
        "one_level": {},
        "three_tier": {
            "contribution": 0.031,
            "gmv": 0.084,
            "commission": 0.21,
            "new_members": 0.12,
            "fission_k": 0.09,
        },
        "steep": {
            "contribution": -0.06,
            "gmv": 0.13,
            "commission": 0.9,
            "income_gini": 0.08,
            "fraud_loss": 1.4,
        },
    }
    lifts = {arm: lifts[arm] for arm in arms}
    titles = titles or {
        "one_level": Text("一级分佣", "One level"),
        "three_tier": Text("会员、推广员、合伙人", "Member, promoter, partner"),
        "steep": Text("高额启动奖励", "Steep launch bonus"),
    }
    rng = np.random.default_rng(7)
    comparison = compare(values(lifts, replications), breaches={"steep"} & set(arms))
    daily, incomes, funnel, components = {}, {}, {}, {}
    for arm, lift in lifts.items():
        wave = 1 + 0.25 * np.sin(np.arange(days) / 7 * 2 * np.pi) + np.arange(days) / days * 0.4
        up = 1 + lift.get("gmv", 0)
        daily[arm] = [
            {
                "gmv": [round(x) for x in up * wave * 560_000_00 * rng.normal(1, 0.05, days)],
                "commission": [
                    round(x) for x in (1 + lift.get("commission", 0)) * wave * 45_000_00 * rng.normal(1, 0.06, days)
                ],
            }
            for _ in range(replications)
        ]
        incomes[arm] = [[round(x) for x in rng.lognormal(8.5, 1.6, 2000) * (rng.random(2000) > 0.38)] for _ in range(2)]
        funnel[arm] = tuple(x * up for x in (512_000, 201_000, 26_300, 10_800))
        components[arm] = {
            ("base", 1): 4_100_000_00 * up,
            ("base", 2): 600_000_00 * up,
            ("ladder", 0): 500_000_00,
        }
    components[arms[-1]][("team", 0)] = 240_000_00
    house = (
        Rule("levels", Text("计酬层级不超过三级", "At most three paid levels"), "pass", "2", "3"),
        Rule(
            "ratio",
            Text("单笔订单佣金不超过实付 30%", "Commission at most 30 % of an order"),
            "pass",
            "12.4%",
            "30%",
            Text("订单 O-184213，第 41 天", "order O-184213, day 41"),
            "house 2026-01-15",
        ),
    )
    broken = (
        house[0],
        Rule(
            "ratio",
            Text("单笔订单佣金不超过实付 30%", "Commission at most 30 % of an order"),
            "fail",
            "40%",
            "30%",
            Text(
                "订单 O-20311：首单奖励叠加活动倍数",
                "order O-20311: first-order bonus on top of the campaign",
            ),
            "house 2026-01-15",
        ),
        Rule(
            "team",
            Text("团队计酬占比", "Team remuneration share"),
            "lawyer",
            "22%",
            "",
            Text("团队绩效按下级业绩计提", "team pay is computed from what the team sold"),
            "禁止传销条例 第七条",
        ),
    )
    rulebooks = tuple(
        RulebookVerdict(
            arm,
            "house",
            "violated" if arm == "steep" else "unknown",
            broken if arm == "steep" else house,
            title=Text("内部规则", "House rules"),
        )
        for arm in arms
    )
    return ReportData(
        scenario="mall",
        title=Text("分销商城：一年", "Referral mall: one year"),
        arms=tuple(Arm(arm, titles[arm], Text("一级 8%，阶梯 5–8%", "level 1 8%, ladder 5–8%")) for arm in arms),
        comparison=comparison,
        people=100_000,
        days=days,
        start="2026-01-05",
        seeds=tuple(range(1, replications + 1)),
        command=f"fenxiao compare mall {' '.join(arms)} --seed 1 --replications {replications}",
        versions={"fenxiao": "0.1.0", "python": "3.11", "numpy": np.__version__},
        daily=daily,
        incomes=incomes,
        funnel=funnel,
        components=components,
        rulebooks=rulebooks,
        assumptions=(
            Assumption(
                Text("分享转化", "Share conversion"),
                "2.0% – 3.5%",
                Text("由 calibrate 拟合", "fitted by calibrate"),
            ),
            Assumption(Text("联系人数", "Contacts per person"), "log-normal, mean 38"),
            Assumption(Text("退货率", "Return rate"), "6.7%"),
        ),
        notes=(Text("转化低于 2.1% 时一级分佣胜出。", "One level wins where conversion is under 2.1%."),),
        results="results/mall-1",
        created="2026-02-01 10:00",
        seconds=84.2,
    )
