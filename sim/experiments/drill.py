"""A drill 风控演练: the same market and cheats twice, once with a risk desk that only watches, once with it acting.

The same people with the same luck: what differs in the end is what the desk did.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rules.errors import InputError
from rules.events import Records
from rules.plan.model import Plan
from sim.actors.cheats import Cheats
from sim.experiments.replication import Value, plain
from sim.model import StoreModel
from sim.risk.marks import Marks, marks_of
from sim.risk.rules import RiskRules
from sim.scenario import Scenario


@dataclass(frozen=True)
class Side:
    """One of the two worlds.

    Attributes:
        marks: how good its desk was. metrics: of the run. findings: `sim.risk.credit.FINDING`.
    """

    marks: Marks
    metrics: dict[str, Value]
    findings: Records


@dataclass(frozen=True)
class Drill:
    """What a drill gives.

    Attributes:
        rules: of the desk. watching, acting: the two worlds.
    """

    rules: RiskRules
    watching: Side
    acting: Side

    @property
    def saved(self) -> int:
        """Fen that cheats and thieves did not get because the desk acted."""
        return self.watching.marks.loss - self.acting.marks.loss


def drill(
    scenario: Scenario,
    plan: Plan,
    people: int,
    days: int,
    seed: int,
    progress: Callable[[int, int], Any] | None = None,
) -> Drill:
    """Run both worlds.

    Args:
        progress: told days done and days in all, those of both worlds.

    Raises:
        InputError: nobody cheats in the scenario, or they do not fit into the market.
    """
    if not any(isinstance(one, Cheats) for one in scenario.actors):
        raise InputError(
            f"nobody cheats in the scenario {scenario.scenario!r}", allowed="one with `actors:`, such as risk_drill"
        )
    rules = scenario.risk or RiskRules()

    def run(act: bool, done: int) -> Side:
        given = scenario.model_copy(update={"risk": rules.model_copy(update={"act": act})})
        model = StoreModel(scenario=given, plan=plan, people=people, days=days, seed=seed)
        model.run(lambda day, _: progress(done + day, 2 * days) if progress else None)
        assert model.desk is not None
        totals = {name: plain(value) for name, value in model.metrics.totals().items()}
        return Side(marks_of(model.desk, model.store.book), totals, model.desk.findings)

    return Drill(rules, run(False, 0), run(True, days))
