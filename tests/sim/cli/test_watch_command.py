"""`fenxiao watch` as a person meets it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from test_commands import fenxiao

from sim.cli import watch as command
from sim.experiments.metric_names import NAMES
from sim.watching.band import read_band

SIZE = ("--people", 400, "--days", 24, "--seed", 3)
RUNS = ("--replications", 28, "--workers", 1)
TOLD = ("gmv", "orders", "active_buyers", "shares", "clicks", "commission", "contribution", "refund_rate")
MONEY = ("gmv", "commission", "contribution")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, Path, str]:
    folder = tmp_path_factory.mktemp("watch")
    done = fenxiao("watch", "three_tier", *SIZE, *RUNS, "--out", folder, "--json")
    assert done.stdout.count("\n") == 1, done.stderr
    record = json.loads(done.stdout)
    assert done.returncode == int(record["alarm"])
    return record, folder, done.stderr


def export(folder: Path, file: Path, **factors: float) -> Path:
    """A CSV of what a run of the band did, figures multiplied from day 8 on."""
    path = read_band(folder).plan[20]
    lines = [",".join(("day", *TOLD))]
    for day in range(path.shape[1]):
        cells = []
        for name in TOLD:
            value = path[NAMES.index(name), day] * (factors.get(name, 1) if day >= 8 else 1)
            cells.append("" if value != value else f"{value / (100 if name in MONEY else 1):.10g}")
        lines.append(",".join((str(day), *cells)))
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def test_without_a_live_store_one_is_simulated_that_breaks_and_that_is_said(demo):
    record, _, said = demo
    assert "A demonstration" in said
    assert "on day 8" in " ".join(said.split())
    assert (record["plan"], record["before"]) == ("three_tier", "three_tier_more")
    assert (record["days"], record["horizon"], record["replications"]) == (24, 24, 28)
    assert {"plan", "days", "metrics", "alarm", "since", "advice", "p"} <= record.keys()
    assert {"zh", "en", "kind"} == record["advice"].keys()
    assert record["false_alarm_rate"] == pytest.approx(1 / 20)
    for one in record["metrics"]:
        assert {"name", "day", "live", "low", "high", "verdict"} == one.keys()
        assert one["verdict"] in {"inside", "below", "above", "unknown"}


def test_the_folder_holds_band_page_record_and_days(demo):
    record, folder, _ = demo
    again = json.loads((folder / "run.json").read_text("utf-8"))
    assert {name: again[name] for name in record} == record
    assert again["command"].startswith("fenxiao watch three_tier")
    page = (folder / "report.html").read_text("utf-8")
    assert "The live store beside its forecast" in page
    assert "线上与预测" in page
    days = pq.read_table(folder / "watch.parquet")
    assert len(days) == 24 * len(record["watched"])
    assert {"metric", "day", "live", "low", "high", "floor", "ceiling", "verdict"} <= set(days.column_names)
    with sqlite3.connect(folder / "runs.sqlite") as kept:
        assert kept.execute("SELECT COUNT(*) FROM runs").fetchone() == (28 + 20,)


def test_a_kept_band_says_what_a_fresh_one_says(demo, tmp_path):
    _, folder, _ = demo
    file = export(folder, tmp_path / "live.csv", **dict.fromkeys(TOLD[:3], 20))
    fresh = fenxiao("watch", "three_tier", *SIZE, *RUNS, "--out", folder, "--live", file, "--json")
    kept = fenxiao("watch", "--band", folder, "--live", file, "--json")
    assert json.loads(kept.stdout) == json.loads(fresh.stdout)
    assert kept.returncode == fresh.returncode == 1
    record = json.loads(kept.stdout)
    assert {one["name"] for one in record["watched"] if one["verdict"] == "high"} >= {"gmv", "orders"}
    assert "going on from 48 runs" in fresh.stderr
    assert record["advice"]["kind"] == "look"


def test_a_store_as_forecast_goes_on(demo, tmp_path):
    _, folder, _ = demo
    file = export(folder, tmp_path / "live.csv")
    done = fenxiao("watch", "--band", folder, "--live", file, "--alpha", "5%", "--metric", "gmv", "--metric", "orders")
    assert done.returncode == 0, done.stdout
    assert "Go on: 24 days of 2 metrics are inside the forecast" in done.stdout
    assert "The probability of a false alarm is 5.0% at most" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["指标", "近 7 日", "成交额", "偏高（变好），自第", "什么变了"]),
        ("en", ["7 days", "high (better) since day", "What moved"]),
    ],
)
def test_tables_in_the_terminal(demo, tmp_path, lang, words):
    _, folder, _ = demo
    file = export(folder, tmp_path / "live.csv", **dict.fromkeys(TOLD[:3], 20))
    done = fenxiao("watch", "--band", folder, "--live", file, "--lang", lang, "--out", tmp_path / "out")
    assert done.returncode == 1, done.stderr
    assert all(word in done.stdout for word in words), done.stdout
    assert (tmp_path / "out" / "report.html").is_file()


def test_the_folder_of_a_run_is_a_live_store(demo, tmp_path):
    _, folder, _ = demo
    run = fenxiao("run", "three_tier", *SIZE[:4], "--seed", 77, "--out", tmp_path / "run")
    assert run.returncode == 0, run.stderr
    done = fenxiao("watch", "--band", folder, "--live", tmp_path / "run", "--json")
    assert done.returncode in (0, 1), done.stderr
    assert "fraud_loss" in json.loads(done.stdout)["not_judged"]


def test_following_reads_again_as_the_file_grows_and_ctrl_c_leaves(demo, tmp_path, monkeypatch):
    _, folder, _ = demo
    file = export(folder, tmp_path / "live.csv")
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:10]), "utf-8")
    steps: list[Callable[[], object]] = [
        lambda: None,
        lambda: file.write_text("".join([*lines[:12], "12,half a li"]), "utf-8"),
        lambda: file.write_text("".join(lines), "utf-8"),
    ]

    def sleep(seconds: float) -> None:
        assert seconds == 5
        if not steps:
            raise KeyboardInterrupt
        steps.pop(0)()

    monkeypatch.setattr(command.time, "sleep", sleep)
    done = fenxiao("watch", "--band", folder, "--live", file, "--follow", 5, "--metric", "gmv")
    assert done.returncode == 0, done.stderr
    assert "9 live days" in done.stdout
    assert "24 live days" in done.stdout
    assert "2 cells; allowed: 9 cells" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--live", "nothing.csv"], "nothing.csv: cannot be read"),
        (["--follow", "5"], "--follow is given without --live; allowed: --live FILE"),
        (["--band", "results"], "--band is given without --live"),
        (["--band", "nothing", "--live", "x.csv"], "nothing: holds no band"),
        (["three_tier", "--band", "x", "--live", "y"], "a market and --band are both given"),
        (["--live", "README.md"], "allowed:"),
        (["--live", "x.csv", "--follow", "5", "--json"], "--follow and --json are both given"),
        (["--alpha", "0%"], "--alpha 0%; allowed: a rate above 0 and up to 50%"),
        (["--alpha", "1%"], "allowed: 148 replications or more"),
        (["--before", "three_tier"], "--before three_tier is the plan that is watched"),
        (["--adopted", "soon", "--live", "x.csv"], "--adopted 'soon' is not a date"),
        (["three_tier", "no_such_plan"], "no_such_plan"),
        (["--goal", "joy"], "--goal"),
        (["--live", "docs", "--out", "docs"], "--out docs is the live store; allowed: another folder"),
    ],
)
def test_bad_input_is_refused_with_one_message(arguments, said):
    done = fenxiao("watch", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
