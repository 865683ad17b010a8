"""On a Dask cluster: the same bits as here, also when a worker is killed in the middle."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack

import pytest

from rules.errors import InputError
from rules.plan.read import read_plan
from scenarios.find import find
from sim.experiments.case import Case
from sim.experiments.cluster import connected, on_dask
from sim.experiments.running import Means, run_cases
from sim.scenario import read_scenario

pytest.importorskip("distributed")

MARKET = read_scenario(*find("markets", "three_tier"))
PLAN = read_plan(*find("plans", "three_tier"))


def kill_once(flag: str) -> str:
    """Die the first time that this is done, wherever."""
    if not os.path.exists(flag):
        with open(flag, "w", encoding="utf-8"):
            pass
        os.kill(os.getpid(), signal.SIGKILL)
    return flag


def test_the_same_bits_as_here() -> None:
    cases = [Case(MARKET, PLAN, 400, 20, seed) for seed in range(6)]
    here = dict(run_cases(cases))
    there = dict(run_cases(cases, Means(workers=2, dask="local")))
    assert there.keys() == here.keys()
    for place, ours in here.items():
        theirs = there[place]
        assert (theirs.metrics, theirs.daily, theirs.earned) == (ours.metrics, ours.daily, ours.earned)


@pytest.mark.slow
def test_a_worker_that_is_killed_loses_nothing(tmp_path) -> None:
    flags = [str(tmp_path / str(number)) for number in range(5)]
    for done in flags[1:]:
        open(done, "w", encoding="utf-8").close()
    assert sorted(on_dask(kill_once, flags, "local", 2)) == [(flag, flag) for flag in flags]


@pytest.mark.slow  # it waits as long as a scheduler may take
def test_nobody_answers() -> None:
    with ExitStack() as stack, pytest.raises(InputError, match="no Dask scheduler answers"):
        connected("tcp://127.0.0.1:9", 1, stack)
