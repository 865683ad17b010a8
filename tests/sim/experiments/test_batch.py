"""`batch_run`: Mesa's columns, with luck that differs between iterations and steps that are counted."""

from __future__ import annotations

import mesa
import numpy as np
import pytest

from rules.plan.read import read_plan
from scenarios.find import find
from sim.experiments.batch import batch_run
from sim.experiments.case import Case
from sim.model import StoreModel
from sim.scenario import read_scenario

MARKET = read_scenario(*find("markets", "three_tier"))
PLAN, MORE = (read_plan(*find("plans", name)) for name in ("three_tier", "three_tier_more"))


class Walker(mesa.Agent):
    """Counts its steps."""

    def __init__(self, model):
        super().__init__(model)
        self.taken = 0


class Walk(mesa.Model):
    """A random walk with walkers; ends by itself after ten steps."""

    def __init__(self, stride=1, walkers=0, at_first=True, seed=None):
        super().__init__(rng=seed)
        self.place, self.count = 0.0, 0
        self.stride = stride
        for _ in range(walkers):
            Walker(self)
        agents = {"taken": "taken"} if walkers else None
        self.datacollector = mesa.DataCollector({"place": "place", "count": "count"}, agents)
        if at_first:
            self.datacollector.collect(self)

    def step(self):
        self.place += self.stride * self.rng.normal()
        self.count += 1
        for walker in self.agents:
            walker.taken += 1
        self.running = self.count < 10
        self.datacollector.collect(self)


def test_every_iteration_has_luck_of_its_own_and_the_same_for_all_parameters():
    rows = batch_run(Walk, {"stride": [1, 2]}, iterations=3, display_progress=False)
    assert [(row["RunId"], row["iteration"], row["stride"]) for row in rows] == [
        (0, 0, 1), (1, 0, 2), (2, 1, 1), (3, 1, 2), (4, 2, 1), (5, 2, 2),
    ]  # fmt: skip
    assert len({row["place"] for row in rows if row["stride"] == 1}) == 3
    for one, two in zip(rows[::2], rows[1::2], strict=True):
        assert two["place"] == pytest.approx(2 * one["place"])
    assert rows == batch_run(Walk, {"stride": [1, 2]}, iterations=3, display_progress=False)
    assert rows != batch_run(Walk, {"stride": [1, 2]}, iterations=3, display_progress=False, rng=1)


def test_a_seed_among_the_parameters_is_that_of_the_first_iteration():
    rows = batch_run(Walk, {"seed": 42}, iterations=3, display_progress=False)
    assert rows[0]["seed"] == 42
    assert len({row["seed"] for row in rows}) == 3
    walked = np.random.default_rng(42).normal(size=10).sum()
    assert rows[0]["place"] == pytest.approx(walked)


@pytest.mark.parametrize(("period", "steps"), [(-1, [4]), (1, [0, 1, 2, 3, 4]), (3, [0, 3, 4]), (10, [0, 4])])
def test_so_many_steps_and_no_more(period, steps):
    rows = batch_run(Walk, {}, data_collection_period=period, max_steps=4, display_progress=False)
    assert [row["Step"] for row in rows] == steps
    assert [row["count"] for row in rows] == steps


def test_figures_of_model_and_agents_are_of_the_same_step():
    for at_first in (True, False):
        given = {"walkers": 2, "at_first": at_first}
        rows = batch_run(Walk, given, data_collection_period=1, display_progress=False)
        assert [row["Step"] for row in rows] == [step for step in range(1 - at_first, 11) for _ in range(2)]
        assert all(row["taken"] == row["count"] == row["Step"] for row in rows)
        assert {row["AgentID"] for row in rows} == {1, 2}


def test_our_model_gives_its_days_and_the_same_in_two_processes():
    given = {"scenario": MARKET, "plan": [PLAN, MORE], "people": 300, "days": 20}
    rows = batch_run(StoreModel, given, iterations=2, data_collection_period=5, display_progress=False, rng=3)
    assert [row["Step"] for row in rows] == [5, 10, 15, 20] * 4
    first = rows[0]
    outcome = Case(MARKET, PLAN, 300, 20, first["seed"]).run()
    assert [row["gmv"] for row in rows[:4]] == outcome.daily["gmv"][4::5]
    assert batch_run(StoreModel, given, 2, 2, 5, display_progress=False, rng=3) == rows
