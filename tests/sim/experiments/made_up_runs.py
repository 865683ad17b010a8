"""Runs that are made up in no time, for designs that decide how many there are to be."""

import numpy as np

from rules.compliance.evidence import Evidence
from rules.plan.read import read_plan
from scenarios.find import find
from sim.experiments.case import Case
from sim.experiments.compare import Experiment
from sim.experiments.replication import Outcome
from sim.scenario import read_scenario

MARKET = read_scenario(*find("markets", "three_tier"))
PLAN = read_plan(*find("plans", "three_tier"))
SEED = 7


def planted(monkeypatch, lifts, shared=0.05, own=0.01, calls=None):
    """An experiment of arms that earn (1 + lift) x as much as the first, with luck in common and of their own."""

    def one(case):
        arm, replication = int(case.plan.plan.removeprefix("plan")), case.seed - SEED
        if calls is not None:
            calls.append((arm, replication))
        luck = np.random.default_rng([replication]).normal(0, shared)
        alone = np.random.default_rng([replication, arm + 1]).normal(0, own)
        value = round(1e8 * (1 + lifts[arm]) * np.exp(luck + alone))
        metrics = {"gmv": value * 4, "contribution": value, "refund_rate": 0.05 + alone / 100}
        return Outcome(case.seed, 0.0, metrics, {}, [], {}, (0, 0, 0, 0), Evidence())

    monkeypatch.setattr(Case, "run", one)
    plans = [PLAN.model_copy(update={"plan": f"plan{number}"}) for number in range(len(lifts))]
    arms = tuple((plan.plan, plan) for plan in plans)
    return lambda most: Experiment(MARKET, arms, 100, 10, SEED, most)
