"""`fenxiao trial` as a person meets it."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from test_commands import ROOT, answer, fenxiao, program

from sim.experiments.keeping import NAME
from sim.trials import readings
from sim.trials.once import replicate

SIZE = ("--people", 600, "--before", 7, "--days", 28, "--replications", 2, "--workers", 1, "--seed", 3)
DESIGNS = ["user", "user", "community", "community", "tree", "grey", "grey", "time"]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, Path]:
    folder = tmp_path_factory.mktemp("trial")
    return answer("trial", "three_tier", *SIZE, "--out", folder), folder


def test_every_design_is_held_against_the_truth(told):
    record, _ = told
    assert record["plans"] == ["three_tier", "three_tier_more"]
    assert [one["design"] for one in record["designs"]] == DESIGNS
    names = [one["name"] for one in record["truth"]]
    assert names == ["gmv", "commission", "contribution", "active_buyers", "first_orders", "registrations"]
    for design in record["designs"]:
        assert [one["name"] for one in design["metrics"]] == names
        for one, truth in zip(design["metrics"], record["truth"], strict=True):
            assert one["bias"] == pytest.approx(one["estimate"] - truth["difference"])
            assert 0 <= one["coverage"] <= 1
            assert 0 <= one["false_positives"] <= 1
            assert len(one["power_by_horizon"]) == len(record["horizons"]) == 2
    assert record["said"]["zh"].endswith("。")
    assert record["metric"] == "contribution"


def test_the_folder_holds_page_record_and_every_reading(told):
    record, folder = told
    again = json.loads((folder / "run.json").read_text("utf-8"))
    assert {name: again[name] for name in record} == record
    assert again["command"].startswith("fenxiao trial three_tier")
    page = (folder / "report.html").read_text("utf-8")
    assert "What a live A/B test would have said" in page
    assert "线上 A/B 试验会说什么" in page
    rows = pq.read_table(folder / "trials.parquet").to_pylist()
    assert len(rows) == 2 * len(DESIGNS) * 2 * 6
    last = [one["value"] - one["truth"] for one in rows if (one["design"], one["days"]) == ("time", 28)]
    assert len(last) == 2 * 6
    time = record["designs"][-1]["metrics"]
    gmv = [one["value"] for one in rows if (one["design"], one["days"], one["metric"]) == ("time", 28, "gmv")]
    assert sum(gmv) / 2 / 100 == pytest.approx(time[0]["estimate"])


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ["做法", "用户随机分流（按买家）", "时间切换", "链接不跨组"]), ("en", ["design", "user split (by buyer)"])],
)
def test_tables_in_the_terminal(lang, words):
    done = fenxiao("trial", "three_tier", *SIZE, "--spillover", "none", "--lang", lang)
    assert done.returncode == 0, done.stderr
    assert all(word in done.stdout for word in words)


def breaks(monkeypatch: pytest.MonkeyPatch, *numbers: int) -> None:
    """Have these replications fail."""
    monkeypatch.setattr(readings, "replicate", lambda one, n: 1 // 0 if n in numbers else replicate(one, n))


def test_the_same_command_goes_on_in_its_folder(told, tmp_path, monkeypatch):
    """One of two replications fails; the same command runs that one only, and says what it says in one go."""
    record, _ = told
    breaks(monkeypatch, 1)
    first = fenxiao("trial", "three_tier", *SIZE, "--out", tmp_path)
    assert (first.returncode, first.stdout) == (1, "")
    assert "1 runs failed: ZeroDivisionError" in first.stderr
    assert "seed 4" in first.stderr
    assert "1 of 2 replications came to an end: two at least say something" in first.stderr
    assert "Traceback" not in first.stderr
    breaks(monkeypatch, 0)
    again = fenxiao("trial", "three_tier", *SIZE, "--out", tmp_path, "--json")
    assert again.returncode == 0, again.stderr
    assert "runs.sqlite: going on from 1 runs that are kept" in again.stderr
    assert json.loads(again.stdout) == record


def test_what_fails_is_told_and_the_others_are_summed_up(told, monkeypatch):
    """All that is kept stands; the replication that is new fails."""
    _, folder = told
    size = [*SIZE[:7], 3, *SIZE[8:]]
    breaks(monkeypatch, 0, 1, 2)
    done = fenxiao("trial", "three_tier", *size, "--out", folder)
    assert done.returncode == 1
    assert "1 runs failed: ZeroDivisionError" in done.stderr
    assert "2 replications" in done.stdout


@pytest.mark.slow
def test_a_trial_that_is_killed_goes_on_where_it_was(tmp_path):
    """kill -9 in the middle, then the same command: nothing is run twice or missing, and the figures are as ever."""
    size = ["--people", "1500", "--days", "28", "--replications", "6", "--workers", "2", "--json"]
    command = [sys.executable, "-m", "sim.cli", "trial", "three_tier", *size, "--out", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None and kept(tmp_path) < 2:
        time.sleep(0.02)
    process.kill()
    process.wait()
    before = kept(tmp_path)
    assert 2 <= before < 6
    again = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert f"going on from {before} runs" in " ".join(again.stderr.split())
    assert kept(tmp_path) == 6
    assert again.stdout == program("trial", "three_tier", *size).stdout


def kept(folder: Path) -> int:
    if not (folder / NAME).exists():
        return 0
    with closing(sqlite3.connect(f"file:{folder / NAME}?mode=ro", uri=True)) as file:
        try:
            return file.execute("SELECT COUNT(*) FROM readings").fetchone()[0]
        except sqlite3.OperationalError:  # just being made
            return 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["three_tier", "--days", "30"], "allowed: a multiple of 14 days (two blocks), at least 28"),
        (["three_tier", "--washout", "7"], "allowed: 0-6"),
        (["three_tier", "--spillover", "none", "--design", "grey"], "no design is left to try"),
        (["three_tier", "three_tier"], "a trial needs two plans, got 1"),
        (["three_tier_life"], "differ in care, messages, which act on everybody"),
        (["three_tier", "--metric", "joy"], "--metric"),
    ],
)
def test_bad_input_is_refused_with_one_message(arguments, said):
    done = fenxiao("trial", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
