"""A live store for a demonstration: another simulated one, in which from a day on a tenth of what is due is paid."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from rules.plan.write import write_plan
from scenarios.find import find
from sim.actors.parts import PlanCalendars
from sim.experiments.compare import FAR
from sim.experiments.metric_names import NAMES, Text
from sim.experiments.ranges import in_the_middle
from sim.experiments.replication import replicate
from sim.scenario import Scenario
from sim.studies.chosen import default_levers
from sim.studies.levers import Base, Lever
from sim.watching.band import path_of
from sim.watching.live import Live

TOLD = (
    "gmv", "orders", "average_order_value", "active_buyers", "new_members", "shares", "clicks", "commission",
    "payout_ratio", "contribution", "refund_rate",
)  # fmt: skip
"""What this store exports."""
PART = Decimal("0.1")
"""Of what is due, that is paid when it breaks."""
SAID = Text(
    "演示：线上的店也是仿真的（另一个种子），从第 {day} 天起出了故障：所有比例与奖励只付十分之一。"
    "用 --live 给出自己的数据。",
    "A demonstration: the live store is a simulated one, too (of another seed), in which something breaks on day "
    "{day}: from then on it pays a tenth of every rate and reward. Give your own figures by --live.",
)


def breaks_on(days: int) -> int:
    """The day on which something breaks."""
    return days // 3


def live_store(market: Scenario, plan_name: str, market_name: str, people: int, days: int, seed: int) -> Live:
    """A store under a plan, with luck of its own, that breaks a third of the way.

    Args:
        market: as it is run. plan_name, market_name: the files that `plan` and market were read from.

    Raises:
        InputError: the plan has no rate and no reward.
    """
    base = Base.of(find("plans", plan_name), find("markets", market_name))
    plan, _ = base.at((), {})
    levers = default_levers(base.plan)
    meagre, _ = base.at(levers, {lever.name: _tenth(lever) for lever in levers})
    with TemporaryDirectory() as folder:
        file = Path(folder) / "meagre.yaml"
        file.write_text(write_plan(meagre), "utf-8")
        switch = PlanCalendars(kind="plan_calendar", plans=[(breaks_on(days), str(file))])
        broken = in_the_middle(market).model_copy(update={"actors": [*market.actors, switch]})
        daily = replicate(broken, plan, people, days, seed + FAR).daily
    path = path_of(daily)
    return Live("demo", TOLD, path[[NAMES.index(name) for name in TOLD]])


def _tenth(lever: Lever) -> Decimal:
    """A tenth of what the plan says, in the lever's steps; its ends are a half and one and a half of that."""
    return (sum(lever.values, Decimal(0)) / 2 * PART).quantize(Decimal("0.01"))
