"""Runs that are kept: whole, once, unchangeable, and the same when they are read again; a kill loses what ran."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from rules.errors import InputError
from rules.plan.read import read_plan
from scenarios.find import find, names
from sim.experiments.case import Case, outcome_as_json, outcome_from_json
from sim.experiments.failure import Failure
from sim.experiments.running import Means, run_cases
from sim.experiments.runs import Runs
from sim.scenario import read_scenario

MARKET = read_scenario(*find("markets", "three_tier"))
PLAN = read_plan(*find("plans", "three_tier"))


def case(seed: int = 1, people: int = 300, days: int = 20, **more) -> Case:
    return Case(MARKET, PLAN, people, days, seed, **more)


@pytest.mark.parametrize("market", ["three_tier", "risk_drill"])
def test_an_outcome_is_the_same_when_it_is_read_again(market: str) -> None:
    assert market in names("markets")
    scenario = read_scenario(*find("markets", market))
    outcome = Case(scenario, PLAN, 1_000, 40, 3).run()
    assert outcome.metrics["commission"] > 0
    assert outcome_from_json(outcome_as_json(outcome)) == outcome


def test_a_key_tells_cases_apart() -> None:
    other_plan = read_plan(*find("plans", "three_tier_more"))
    other_market = MARKET.model_copy(update={"people": MARKET.people + 1})
    cases = [case(), case(2), case(people=301), case(days=21), Case(MARKET, other_plan, 300, 20, 1)]
    cases += [Case(other_market, PLAN, 300, 20, 1)]
    assert len({one.key for one in cases}) == len(cases)
    assert case().key == case().key


def test_what_is_kept_is_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[int] = []
    real = Case.run
    monkeypatch.setattr(Case, "run", lambda one: ran.append(one.seed) or real(one))
    with Runs(tmp_path / "runs.sqlite") as runs:
        first = dict(run_cases([case(1), case(2)], Means(runs=runs)))
        again = dict(run_cases([case(3), case(2), case(1)], Means(runs=runs)))
        assert len(runs) == 3
    assert ran == [1, 2, 3]
    assert again[2] == first[0]
    assert again[1] == first[1]


def test_a_failure_is_kept_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Case.run
    monkeypatch.setattr(Case, "run", lambda one: 1 // 0 if one.seed == 2 else real(one))
    with Runs(tmp_path / "runs.sqlite") as runs:
        came = dict(run_cases([case(1), case(2), case(3)], Means(runs=runs)))
        assert isinstance(came[1], Failure)
        assert [one.case for one in runs.failures()] == [
            "scenario three_tier, plan three_tier, people 300, days 20, seed 2"
        ]
        assert "ZeroDivisionError" in next(runs.failures()).traceback
        assert len(runs) == 2
        monkeypatch.setattr(Case, "run", real)
        assert not isinstance(dict(run_cases([case(2)], Means(runs=runs)))[0], Failure)


def test_what_was_written_stays(tmp_path: Path) -> None:
    outcome = case().run()
    with Runs(tmp_path / "runs.sqlite") as runs:
        runs.add(case(), outcome)
        runs.add(case(), replace(outcome, seconds=9.0))  # how long it took is not part of it
        with pytest.raises(RuntimeError, match="two runs of one case differ: scenario three_tier"):
            runs.add(case(), replace(outcome, attributed=outcome.attributed + 1))
        assert runs.outcome(case().key) == outcome
    with closing(sqlite3.connect(tmp_path / "runs.sqlite")) as file:
        for statement in ("UPDATE runs SET seed = 0", "DELETE FROM runs"):
            with pytest.raises(sqlite3.IntegrityError, match="runs are kept"):
                file.execute(statement)
        file.execute("INSERT OR REPLACE INTO runs SELECT key, '', '', 0, 0, 0, '' FROM runs")
        assert file.execute("SELECT seed, people FROM runs").fetchall() == [(1, 300)]


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    path.write_bytes(b"something else, and long enough for a header of SQLite" * 40)
    with pytest.raises(InputError, match=r"runs\.sqlite"):
        Runs(path)
    assert path.read_bytes().startswith(b"something else")


def test_a_comparison_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    """kill -9 in the middle, then the same command: nothing is run twice or missing, and the figures are as ever."""
    here, there = tmp_path / "killed", tmp_path / "whole"
    sizes = ["--people", "1500", "--days", "60", "--replications", "8", "--workers", "1", "--json"]
    command = [sys.executable, "-m", "sim.cli", "compare", "three_tier", *sizes]
    process = subprocess.Popen([*command, "--out", str(here)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    until = time.monotonic() + 120
    while time.monotonic() < until and kept(here) < 3:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    before = kept(here)
    assert 3 <= before < 16
    again = subprocess.run([*command, "--out", str(here)], capture_output=True, text=True, check=True)
    assert f"going on from {before} runs" in " ".join(again.stderr.split())
    whole = subprocess.run([*command, "--out", str(there)], capture_output=True, text=True, check=True)
    assert kept(here) == kept(there) == 16
    assert again.stdout == whole.stdout


def kept(folder: Path) -> int:
    if not (folder / "runs.sqlite").exists():
        return 0
    with closing(sqlite3.connect(f"file:{folder / 'runs.sqlite'}?mode=ro", uri=True)) as file:
        try:
            return file.execute("SELECT COUNT(*) FROM runs").fetchone()[0]
        except sqlite3.OperationalError:  # just being made
            return 0
