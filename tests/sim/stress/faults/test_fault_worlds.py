"""Worlds in which everything goes wrong: no invariant breaks, all that can go wrong did, a seed is one world."""

from __future__ import annotations

import pytest

from sim.stress.faults.script import PLANS, script
from sim.stress.faults.survey import survey
from sim.stress.faults.world import Kit, run_seed

SEEDS = 200


@pytest.fixture(scope="module")
def quick():
    return survey(range(SEEDS), Kit())


def test_every_invariant_holds(quick):
    assert [(one.seed, one.broken[0]) for one in quick.failed] == []


def test_everything_that_can_go_wrong_does(quick):
    assert set(quick.faults) == {"kill", "cut", "crash", "pause", "full", "torn"}
    assert set(quick.replies) == {"done", "again", "refused", "early", "short", "conflict"}
    assert quick.stale > 0
    assert quick.commits > 10 * SEEDS


def test_the_worlds_have_every_plan():
    assert {script(seed).plan for seed in range(SEEDS)} == set(PLANS)


def test_the_same_seed_is_the_same_world():
    for seed in (3, 14):
        first, second = run_seed(seed, traced=True), run_seed(seed, traced=True)
        assert first == second
        assert len(first.trace) > 50


@pytest.mark.slow
def test_ten_thousand_worlds():
    found = survey(range(SEEDS, SEEDS + 10_000), Kit())
    assert [(one.seed, one.broken[0]) for one in found.failed] == []
