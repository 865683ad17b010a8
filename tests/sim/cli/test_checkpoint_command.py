"""`fenxiao run --until --save` and `--resume`, `compare --from`: the same figures, branches, and bad calls."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_commands import SMALL, answer, fenxiao

BURN_IN = ["run", "three_tier", *SMALL]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("checkpoint") / "world.npz"
    record = answer(*BURN_IN, "--until", 8, "--save", path)
    assert (record["days"], record["plan"]) == (8, "three_tier")
    return path


def timeless(record: dict) -> dict:
    return record | {"seconds": 0}


def test_a_resumed_run_says_what_the_whole_run_says(world: Path) -> None:
    assert timeless(answer("run", "--resume", world, "--workers", 2)) == timeless(answer(*BURN_IN))


def test_branches_share_what_was_before(world: Path, tmp_path: Path) -> None:
    plans = ["three_tier", "three_tier_more"]
    days = [tmp_path / plan for plan in plans]
    for plan, out in zip(plans, days, strict=True):
        record = answer("run", "--resume", world, "--plan", plan, "--until", 15, "--out", out)
        assert (record["plan"], record["days"]) == (plan, 15)
        assert sorted(one.name for one in out.iterdir() if not one.name.startswith(".")) == [
            "daily.parquet",
            "income.parquet",
            "run.json",
        ]
        assert json.loads((out / "run.json").read_text())["plan"] == plan


def test_a_saved_world_can_be_saved_later_on(world: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.npz"
    answer("run", "--resume", world, "--until", 12, "--save", later)
    assert timeless(answer("run", "--resume", later)) == timeless(answer(*BURN_IN))


def test_plans_are_compared_from_a_saved_morning(world: Path, tmp_path: Path) -> None:
    options = ["--from", world, "--replications", 2, "--workers", 1, "--out", tmp_path / "out"]
    record = answer("compare", "three_tier", "three_tier", "three_tier", "three_tier_more", *options)
    assert record["from"] == {"file": str(world), "day": 8}
    assert (record["people"], record["days"], record["replications"]) == (600, 12, 2)
    same = [row["difference"] for row in record["metrics"] if row["arm"] == "three_tier#2"]
    assert set(same) <= {0, None}
    assert any(row["difference"] for row in record["metrics"] if row["arm"] == "three_tier_more")
    assert "2026-01-13" in (tmp_path / "out" / "report.html").read_text()  # 5 January and eight days


def test_without_names_the_market_and_the_plans_are_those_of_the_file(world: Path) -> None:
    done = fenxiao("compare", "--from", world, "--replications", 1, "--lang", "zh", "--json")
    assert done.returncode == 0, done.stderr
    assert "第 8 天（2026-01-13）早上起生效" in done.stderr
    record = json.loads(done.stdout)
    assert record["scenario"] == "three_tier"
    whole = answer(*BURN_IN)
    assert record["seed"] == whole["seed"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "three_tier", "--resume", "WORLD"], "a market and --resume are both given"),
        (["run", "--resume", "WORLD", "--seed", 3], "--seed and --resume are both given"),
        (["run", "--resume", "WORLD", "--days", 30], "--days and --resume are both given"),
        (["run", "--resume", "WORLD", "--until", 8], "--until 8 is no day of this world; allowed: from 9 to 20"),
        (["run", "--resume", "WORLD", "--until", 21], "allowed: from 9 to 20"),
        (["run", "--resume", "WORLD", "--plan", "mall_daily"], "has no rank"),
        (["compare", "--from", "README.md"], "cannot be read as a checkpoint"),
        (["compare", "mini_program", "--from", "WORLD"], "was not saved of this market mini_program"),
        (["compare", "--from", "WORLD", "--seed", 3], "--seed and --from are both given"),
        (["compare", "--from", "WORLD", "--days", 3], "--days and --from are both given"),
        (["compare", "three_tier", "three_tier", "mall_daily", "--from", "WORLD"], "has no rank"),
        (["run", "--resume", "nowhere.npz"], "cannot be read as a checkpoint"),
        (["run", "--resume", "README.md"], "cannot be read as a checkpoint"),
        ([*BURN_IN, "--save", "x.npz"], "--save is given without --until; allowed: --until from 1 to 19"),
        ([*BURN_IN, "--save", "x.npz", "--until", 20], "nothing is left of 20 days"),
    ],
)
def test_bad_calls_are_refused_with_one_message(world: Path, arguments: list, message: str) -> None:
    done = fenxiao(*[world if one == "WORLD" else one for one in arguments])
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
