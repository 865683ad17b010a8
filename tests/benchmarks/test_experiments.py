"""What common luck is said to be worth: ratios of made-up pairs, and a peer that differs by its luck alone."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.experiments import RAISED, medians, ratio_of
from benchmarks.luck import BARE, World, live, market, plan_of
from benchmarks.mesa_crowd.events import CompiledBooks
from benchmarks.mesa_crowd.model import MesaStore
from sim.scenario import Scenario

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_ratio_is_that_of_the_variances_and_its_interval_holds_it():
    """Half of the variance is shared: independent luck varies by 4, paired by 2."""
    rng = np.random.default_rng(3)
    shared, one, other = rng.normal(size=(3, 4_000))
    ratio, low, high = ratio_of(shared + one, shared + other)
    assert ratio == pytest.approx(2, abs=0.1)
    assert low <= ratio <= high


def test_medians_go_by_the_effect_that_was_measured():
    rows = [
        {"days": 120, "effect": effect, "gmv": [ratio], "commission": [1], "log_commission": [1]}
        for effect, ratio in ((1.2, 50), (1.4, 70), (2.4, 10), (4.0, 20))
    ]
    found = medians(rows)
    assert (found["120 days, 1-1.5 %"]["gmv"], found["120 days, 1-1.5 %"]["markets"]) == (60, 2)
    assert found["120 days, 3-5 %"]["gmv"] == 20


def test_rates_are_raised_and_nothing_else():
    plain, raised = (plan_of("three_tier", by) for by in (0, 50))
    rates = [one.commission.base.levels[0].rates["fmcg"].rate for one in (plain, raised)]
    assert rates == [80_000, 120_000]
    without = [one.model_dump(mode="json", exclude={"commission": {"base"}}) for one in (plain, raised)]
    assert without[0] == without[1]


def test_with_our_draws_the_peer_is_our_world():
    """So that with its own stream nothing but the luck differs."""
    world = World("three_tier", 40, 300, 60, 3, plain=True)
    given = {"scenario": market("three_tier", True), "plan": plan_of("three_tier", 40), "people": 300, "days": 60}
    book = MesaStore(**given, seed=3, books=CompiledBooks, same=True).run().books.engine.book
    orders = book.rows("orders")
    came = live(world)
    assert came.gmv > 0
    assert came == (orders["goods"][orders["paid_at"] > 0].sum(), book.rows("entries")["amount"].sum())
    assert live(world._replace(luck="stream")) != came


def test_optional_sections_are_left_out():
    bare, default = market("three_tier", True), Scenario.model_fields
    for name in set(default) - BARE:
        assert getattr(bare, name) == default[name].get_default(call_default_factory=True), name


@pytest.mark.slow
def test_it_prints_what_the_contract_asks_for():
    command = [sys.executable, "-m", "benchmarks.experiments", "--small", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert {"variance_ratio", "dask_overhead", "times_below_stream"} <= figures.keys()
    assert figures["dask_same"]
    assert {market for market, _ in RAISED} >= {row["market"] for row in figures["rows"]}
