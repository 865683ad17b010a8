"""What runs of the simulation need, loaded once: importing this takes seconds, forking what has done so takes none."""

from __future__ import annotations

from rules.jit import is_cold
from rules.plan.read import read_plan
from scenarios.find import find
from sim.model import StoreModel
from sim.scenario import read_scenario


def load() -> None:
    """Live two days in a hamlet, so that the kernels are in memory; on a new machine that is left to who needs it."""
    if not is_cold():
        market, plan = read_scenario(*find("markets", "three_tier")), read_plan(*find("plans", "three_tier"))
        StoreModel(scenario=market, plan=plan, people=100, days=2, seed=1).run()


load()
