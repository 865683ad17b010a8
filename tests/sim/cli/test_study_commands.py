"""`fenxiao sweep`, `sensitivity` and `optimise` as a person meets them: figures, folders, and going on from them."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from test_commands import fenxiao

SMALL = ["three_tier", "--people", "300", "--days", "20", "--workers", "1"]
LEVERS = ["--lever", "plan.bonuses.newcomer.pay=0:100", "--lever", "plan.commission.base.levels.1.rates.fmcg=4%:12%"]


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, Path]:
    folder = tmp_path_factory.mktemp("sweep")
    done = fenxiao("sweep", *SMALL, *LEVERS, "--points", "48", "--replications", "1", "--out", folder, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), folder


def test_a_sweep_tells_every_point(swept: tuple[dict, Path]) -> None:
    record, folder = swept
    assert len(record["runs"]) == 48
    for one in record["runs"]:
        assert 0 <= one["at"]["plan.bonuses.newcomer.pay"] <= 100
        assert 0.04 <= one["at"]["plan.commission.base.levels.1.rates.fmcg"] <= 0.12
        assert one["verdict"] == "proved"
        assert one["metrics"]["gmv"] > 0
    table = pq.read_table(folder / "points.parquet").to_pydict()
    assert table["gmv"] == [one["metrics"]["gmv"] for one in record["runs"]]


def test_a_sweep_goes_on_from_its_folder(swept: tuple[dict, Path]) -> None:
    record, folder = swept
    done = fenxiao("sweep", *SMALL, *LEVERS, "--points", "48", "--replications", "1", "--out", folder, "--json")
    assert "going on from 48 runs" in " ".join(done.stderr.split())
    assert json.loads(done.stdout) == record


def test_sensitivity_of_runs_that_exist(swept: tuple[dict, Path]) -> None:
    _, folder = swept
    done = fenxiao("sensitivity", "--method", "given", "--runs", folder, "--metric", "commission", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["indices"]["commission"]
    assert found["plan.bonuses.newcomer.pay"]["whole"] > 0


def test_morris_says_what_matters(tmp_path: Path) -> None:
    asked = ["--samples", "4", "--metric", "commission", "--out", tmp_path, "--json"]
    done = fenxiao("sensitivity", *SMALL, *LEVERS, *asked)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["indices"]["commission"]
    assert (
        next(iter(found)) == "plan.bonuses.newcomer.pay"
    )  # 300 people: hardly any sale, and a bonus for the first one
    assert found["plan.bonuses.newcomer.pay"]["own"] > 0
    assert json.loads((tmp_path / "indices.json").read_text("utf-8"))["method"] == "morris"


def test_optimise_writes_plans_that_every_command_takes(tmp_path: Path) -> None:
    asked = ["--trials", "8", "--replications", "1", "--fresh", "2", "--out", tmp_path, "--json"]
    done = fenxiao("optimise", *SMALL, *LEVERS, *asked)
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["tried"] == 9
    assert record["baseline"]["number"] == 0
    assert record["pareto"]
    for one in record["pareto"]:
        if one["number"]:
            checked = fenxiao("check", tmp_path / f"plan-{one['number']}.yaml", "--json")
            assert json.loads(checked.stdout)["verdict"] == "proved"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["sweep", "--lever", "rates=1:2"], "is no lever"),
        (["sweep", *LEVERS, *LEVERS], "given twice"),
        (["sweep", "--way", "grid", "--points", "500", *LEVERS], "a grid of"),
        (["sensitivity", "--method", "given"], "belong together"),
        (["sensitivity", "--method", "sobol", "--samples", "12"], "a power of two"),
        (["optimise", "--objective", "profit:max"], "no objective"),
        (["optimise", "--bound", "payout_ratio=12%"], "no bound"),
    ],
)
def test_bad_input_is_refused_in_one_message(asked: list[str], said: str) -> None:
    done = fenxiao(*asked)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
