"""A study of many replications: kept whole, once, unchangeable; gone on with, the same bits as in one go; failures."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from trial_markets import trial

from sim.experiments.failure import Failure
from sim.experiments.running import Means
from sim.trials import readings
from sim.trials.once import WAYS, Reading, replicate
from sim.trials.readings import KeptReadings, Readings, Replication, readings_as_json, readings_from_json
from sim.trials.study import study

TRIAL = trial(people=300, replications=3, designs=("user", "time"))
NAMES = ("truth", "value", "error", "low", "high", "uncrossed", "false", "base")


@st.composite
def some_readings(draw: Any) -> Readings:
    """Of any ways, with any floats."""
    floats = st.floats(allow_nan=True, allow_infinity=True)
    shape = draw(st.tuples(st.integers(1, 4), st.integers(1, 6)))
    sizes = [shape] * 6 + [shape[1]] * 2
    return {
        way: Reading(*(draw(arrays.arrays(np.float64, size, elements=floats)) for size in sizes), draw(floats))
        for way in draw(st.lists(st.sampled_from(WAYS), unique=True, max_size=3))
    }


def assert_same(one: Readings, other: Readings) -> None:
    """Way by way in the same order, bit by bit, nan where there was nan."""
    assert list(one) == list(other)
    for way, reading in one.items():
        for name in NAMES:
            ours, theirs = getattr(reading, name), getattr(other[way], name)
            assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
            missing = np.isnan(ours)
            assert (missing == np.isnan(theirs)).all()
            assert ours[~missing].tobytes() == theirs[~missing].tobytes()
        assert repr(reading.crossed) == repr(other[way].crossed)
        assert type(other[way].crossed) is float


def interrupted_after(many: int) -> Any:
    """Says Ctrl-C when so many have come."""
    came = count(1)

    def told(_number: int, _came: object) -> None:
        if next(came) == many:
            raise KeyboardInterrupt

    return told


def breaks_at(seed: int) -> Any:
    """A replication that breaks on one seed."""
    return lambda one, number: 1 // 0 if one.seed + number == seed else replicate(one, number)


@given(some_readings())
def test_readings_are_the_same_when_they_are_read_again(some: Readings) -> None:
    assert_same(some, readings_from_json(readings_as_json(some)))


def test_a_study_that_is_interrupted_goes_on_as_if_in_one_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[int] = []
    monkeypatch.setattr(readings, "replicate", lambda one, number: ran.append(number) or replicate(one, number))
    whole = study(TRIAL)
    with KeptReadings(tmp_path / "runs.sqlite") as kept:
        first = study(replace(TRIAL, replications=2), told=interrupted_after(1), kept=kept)
        assert first.interrupted
        assert (sorted(first.done), len(kept)) == ([0], 1)
    with KeptReadings(tmp_path / "runs.sqlite") as kept:
        again = study(TRIAL, kept=kept)
        assert len(kept) == 3
    assert ran == [0, 1, 2, 0, 1, 2]
    assert not again.interrupted
    assert list(whole.done) == list(again.done)
    for number, ours in whole.done.items():
        assert_same(ours, again.done[number])


def test_a_study_goes_on_from_what_a_session_has() -> None:
    few, told = replace(TRIAL, designs=("time",), replications=2), []
    has = Replication(few, 1).run()
    again = study(few, told=lambda number, _: told.append(number), done={1: has, 7: has})
    assert told == [0]
    assert sorted(again.done) == [0, 1]
    assert again.done[1] is has


def test_a_replication_that_fails_is_told_and_the_others_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "replicate", breaks_at(TRIAL.seed + 1))
    told: dict[int, object] = {}
    with KeptReadings(tmp_path / "runs.sqlite") as kept:
        tried = study(TRIAL, told=told.__setitem__, kept=kept)
        assert sorted(tried.done) == [0, 2]
        assert [one.case for one in tried.failures] == [
            "scenario small, plans three_tier and three_tier_more, people 300, days 14 + 28, seed 6"
        ]
        assert isinstance(told[1], Failure)
        assert list(kept.failures()) == tried.failures
        assert tried.failures[0].reason.startswith("ZeroDivisionError")
        assert len(tried.readings(("time", "shop"))) == 2
        monkeypatch.setattr(readings, "replicate", replicate)
        assert sorted(study(TRIAL, kept=kept).done) == [0, 1, 2]


def test_what_was_written_stays(tmp_path: Path) -> None:
    one, path = Replication(TRIAL, 0), tmp_path / "runs.sqlite"
    came = one.run()
    with KeptReadings(path) as kept:
        kept.add(one, came)
        kept.add(one, came)  # nan in it, too, is the same again
        other = {way: replace(reading, value=reading.value + 1) for way, reading in came.items()}
        with pytest.raises(RuntimeError, match="two runs of one case differ: scenario"):
            kept.add(one, other)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for statement in ("UPDATE readings SET seed = 0", "DELETE FROM readings"):
            with pytest.raises(sqlite3.IntegrityError, match="runs are kept"):
                file.execute(statement)
        file.execute("INSERT OR REPLACE INTO readings SELECT key, '', '', '', 0, 0, 0, 0, '' FROM readings")
    with KeptReadings(path) as kept:
        assert len(kept) == 1
        assert_same(kept.outcome(one.key), came)


def test_a_key_tells_apart_what_decides_a_replication() -> None:
    swapped = (TRIAL.plans[1], TRIAL.plans[0])
    changes = {"people": 301, "before": 21, "days": 56, "block": 14, "washout": 1, "seed": 6, "spillover": "none"}
    others = [replace(TRIAL, **{name: value}) for name, value in changes.items()]
    others += [replace(TRIAL, plans=swapped), replace(TRIAL, designs=("time",)), TRIAL]
    others += [replace(TRIAL, scenario=TRIAL.scenario.model_copy(update={"people": 9}))]
    assert len({Replication(one, 0).key for one in others}) == len(others)
    key = Replication(TRIAL, 1).key
    assert key != Replication(TRIAL, 0).key
    assert key == Replication(replace(TRIAL, replications=50), 1).key
    assert key == Replication(replace(TRIAL, designs=("time", "user")), 1).key
    assert key == Replication(replace(TRIAL, seed=6), 0).key  # all luck is that of the seed


@pytest.mark.slow  # a cluster takes seconds to begin
def test_on_a_cluster_the_same_bits(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    here = study(TRIAL)
    with KeptReadings(tmp_path / "runs.sqlite") as kept:
        there = study(TRIAL, Means(workers=2, dask="local"), kept=kept)
        assert len(kept) == 3
    assert sorted(there.done) == sorted(here.done)
    for number, ours in here.done.items():
        assert_same(ours, there.done[number])
