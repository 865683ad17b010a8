"""A simulated store exported and calibrated: what it lived by is found, written, read back, and lived by again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rules.events import EventLog
from rules.records import ENTRY, MEMBER
from sim.behaviour.given import read_behaviour
from sim.behaviour.parameters import Behaviour, settled
from sim.calibration.estimate import Calibration, calibrated
from sim.calibration.folder import read_shop
from sim.calibration.lived import shop_of_log
from sim.calibration.market import BEHAVIOUR, SCENARIO, behaviour_text, write_market
from sim.cli.common import load_plan, load_scenario
from sim.experiments.compare import Experiment, run_experiment
from sim.experiments.ranges import ranges_of, values_of
from sim.experiments.running import Means
from sim.history.log import LogWriter
from sim.model import StoreModel
from sim.validation.lives import logged, world

TRUTH = {
    "r": 0.7, "alpha": 4.0, "a": 0.6, "b": 3.0, "first_purchase": 0.6, "same_visit": 0.5, "impulse": 0.1,
    "payment_failure": 0.06, "organic": 0.004,
}  # fmt: skip


@pytest.fixture(scope="module")
def lived() -> tuple[Calibration, EventLog]:
    model, events = logged(world(3_000, 240, 5, TRUTH, calendar=[], materials=None))
    log = EventLog(events, model.names)
    return calibrated(shop_of_log("lived", log)), log


def test_most_of_the_truth_is_inside(lived) -> None:
    found = lived[0].found
    known = [name for name in TRUTH if name in found.intervals]
    inside = {name: found.intervals[name][0] <= TRUTH[name] <= found.intervals[name][1] for name in known}
    assert set(inside) >= {"r", "alpha", "a", "b", "first_purchase", "same_visit", "impulse", "payment_failure"}
    assert sum(inside.values()) >= len(inside) - 2, inside


def test_every_parameter_is_found_or_named_with_a_reason(lived) -> None:
    found = lived[0]
    assert set(found.found.values) | set(found.warnings) == set(Behaviour.model_fields)
    assert not set(found.found.values) & set(found.warnings)
    assert all(why.zh and why.en for why in found.warnings.values())
    assert {name for block in found.found.blocks for name in block.names} <= set(found.found.values)
    settled(found.found.values)


def test_the_log_and_the_folder_of_a_run_are_one_shop(lived, tmp_path: Path) -> None:
    _, log = lived
    with LogWriter(tmp_path, log.names, np.zeros(0, MEMBER), 20_458) as writer:
        writer.write(log.events, np.zeros(0, ENTRY))
    again = calibrated(read_shop(tmp_path))
    assert behaviour_text(again).split("values:")[1] == behaviour_text(lived[0]).split("values:")[1]


def test_the_scenario_runs_and_compares_the_same_in_any_number_of_processes(lived, tmp_path: Path) -> None:
    found = lived[0]
    write_market(tmp_path, found, "three_tier")
    market = load_scenario(str(tmp_path / SCENARIO))
    assert set(ranges_of(market)) == set(found.found.intervals)
    assert settled(market.behaviour).r == pytest.approx(found.found.values["r"], rel=1e-4)
    plans = tuple((name, load_plan(name)) for name in market.plans)
    experiment = Experiment(market, plans, 300, 10, 3, 4)
    alone, together = (run_experiment(experiment, Means(workers)) for workers in (1, 2))
    for arm, _ in plans:
        assert [one.metrics for one in alone.outcomes[arm]] == [one.metrics for one in together.outcomes[arm]]
    drawn = [values_of(market, seed)["r"] for seed in range(3, 7)]
    assert [experiment.scenario_of(one).behaviour["r"] for one in range(4)] == drawn
    assert len(set(drawn)) == 4
    StoreModel(scenario=market, plan=plans[0][1], people=200, days=5, seed=1).run()


def test_goods_channels_and_hours_are_those_of_the_data(lived, tmp_path: Path) -> None:
    market = write_market(tmp_path, lived[0], "three_tier")
    parts = {one.id: one.weight for one in market.catalogue.categories}
    assert max(parts, key=lambda name: parts[name]) == "fmcg"
    rates = {one.id: one.return_rate for one in market.catalogue.categories}
    assert rates["digital"] > rates["fmcg"]
    assert {one.id for one in market.channels} == {"mini_program", "h5"}
    assert market.hourly is not None
    assert max(range(24), key=lambda hour: market.hourly[hour]) == 21
    told = read_behaviour((tmp_path / BEHAVIOUR).read_text("utf-8"), BEHAVIOUR)
    assert told.data["orders"] == len(lived[0].shop.orders.member)


def test_referral_is_counted(lived) -> None:
    told = lived[0].referral
    assert told.clicks is not None
    assert told.members == sum(alone + invited for _, alone, invited in told.by_month)
    assert 0 < told.invited < told.members
    assert told.clicks[2] == pytest.approx(told.invited, rel=0.02)
