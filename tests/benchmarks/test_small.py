"""Every benchmark runs on little data, agrees with its peers, and prints the keys of the contract."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from benchmarks.all import page
from benchmarks.common import Contestant, in_turns, machine, shown

ROOT = Path(__file__).resolve().parent.parent.parent
KEYS = {
    "engine": {
        "lines_per_second",
        "full_lines_per_second",
        "polars",
        "duckdb",
        "python",
        "polars_ratio",
        "duckdb_ratio",
        "python_ratio",
        "ratio",
        "event_lines_per_second",
    },
    "crowd": {"person_days_per_second", "mesa", "kernel_limit", "ratio", "behaviour_ratio", "agreed_events"},
    "year": {"seconds", "cpu_seconds", "peak_mb", "person_days_per_second", "spread", "active"},
    "aa": {"comparisons", "runs"},
    "watch": {"runs"},
    "forecasts": {"count"},
    "large": {"lines_per_second", "peak_mb", "decode_seconds", "commission"},
    "pipeline": {"events_per_second", "simpy", "ciw", "ratio", "ciw_ratio", "transactions_per_second"},
    "capacity": {"clients", "predicted_per_second", "cores_busy"},
    "prover": {"seconds_per_plan", "z3_seconds_per_plan", "z3_times_slower", "agreed"},
    "settlement": {
        "orders_per_second",
        "copy_rows_per_second",
        "ratio",
        "rows_ratio",
        "per_order_ratio",
        "micro_batch_ratio",
        "replay_orders_per_second",
        "refused",
        "bulk_ratio",
        "hot_ratio",
        "even",
    },
    "imports": {"rows_per_second", "csv_rows_per_second", "ratio", "peak_mb"},
    "replay": {"lines_per_second", "parse_share", "engine_lines_per_second", "ratio"},
}


@cache
def ran(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def _numbers(figure: float | dict[str, float]) -> list[float]:
    return list(figure.values()) if isinstance(figure, dict) else [figure]


LONG = {"year", "aa", "watch", "imports", "large", "forecasts", "settlement", "capacity", "prover", "engine"}
"""Looked at by `make test-slow` alone: what they call is tested where it stands."""


@pytest.mark.parametrize("name", [pytest.param(one, marks=pytest.mark.slow) if one in LONG else one for one in KEYS])
def test_one_json_object_with_the_keys_of_the_contract(name):
    done = ran(f"benchmarks.{name}", "--small", "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert (figures["benchmark"], figures["small"]) == (name, True)
    assert KEYS[name] <= figures.keys()
    assert all(value > 0 for key in KEYS[name] for value in _numbers(figures[key]))
    assert figures["machine"]["cores"] >= 1


def test_small_worlds_leave_no_memory_behind():
    done = ran("benchmarks.crowd", "--small", "--json")
    figures = json.loads(done.stdout)
    assert figures["memory_growth_mb"] < 0.15 * figures["small_models"]  # a model that stays takes 0.27 MB


@pytest.mark.slow
def test_the_page_has_a_table_for_each_and_says_how_to_repeat(tmp_path):
    done = ran("benchmarks.all", "replay", "--small", "--out", str(tmp_path / "page.md"))
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "page.md").read_text("utf-8")
    assert "## replay" in text
    assert "| `lines_per_second` |" in text
    assert "make bench" in text
    assert "trial" in text
    assert str(ROOT) not in text


def test_a_benchmark_that_fails_is_on_the_page_and_an_unknown_one_is_refused():
    assert "It failed" in page({"engine": None}, small=False)
    done = ran("benchmarks.all", "speed")
    assert done.returncode == 2
    assert "there is no benchmark speed" in done.stderr


def test_contestants_take_turns_and_preparing_is_not_timed():
    seen: list[str] = []
    contestants = {
        name: Contestant(lambda name=name: seen.append(f"prepare {name}"), lambda _, name=name: seen.append(name))
        for name in ("a", "b")
    }
    in_turns(contestants, 2)
    assert seen == ["prepare a", "a", "prepare b", "b", "prepare b", "b", "prepare a", "a"]
    assert all(len(one.walls) == 2 and one.seconds > 0 for one in contestants.values())


def test_figures_are_shown_for_people():
    assert [shown(one) for one in (1234567, 0.5, True, {"a": 1}, "text")] == ["1,234,567", "0.5", "yes", "a 1", "text"]
    assert {"processor", "cores", "memory_gb", "system", "python"} <= machine().keys()
