"""`fenxiao validate` as a person meets it: the quick run meets every target, and a target that is missed is said."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from test_commands import fenxiao

from sim.validation import measure
from sim.validation.sizes import QUICK

KEYS = ["buying", "spending", "cascades", "recruitment", "saturation", "worth", "reward"]


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, Path]:
    folder = tmp_path_factory.mktemp("validation")
    done = fenxiao("validate", "--quick", "--json", "--out", folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), folder


@pytest.mark.slow
def test_every_claim_is_measured_and_meets_its_target(quick: tuple[dict, Path]) -> None:
    record, _ = quick
    assert list(record["claims"]) == KEYS
    assert record["quick"] is True
    assert {key: one["holds"] for key, one in record["claims"].items()} == dict.fromkeys(KEYS, True)
    for one in record["claims"].values():
        assert all(one[name]["zh"] and one[name]["en"] for name in ("title", "measured", "target", "how"))
        assert one["source"]


@pytest.mark.slow
def test_figures_are_those_of_the_data_and_of_a_market_that_lives(quick: tuple[dict, Path]) -> None:
    found = {key: one["figures"] for key, one in quick[0]["claims"].items()}
    assert found["buying"]["mape"] == pytest.approx(0.0252, abs=1e-4)  # docs/VALIDATION.md, fitted and judged elsewhere
    assert (found["buying"]["weeks"][0], found["buying"]["weeks"][-1], found["buying"]["actual"][-1]) == (40, 78, 4339)
    assert found["spending"]["actual"] == sorted(found["spending"]["actual"])
    assert sum(found["cascades"]["by_depth"]) == pytest.approx(1)
    assert found["reward"]["k"] == sorted(found["reward"]["k"])
    assert found["reward"]["k"][0] < 0.1 < 0.5 < found["reward"]["k"][2]
    assert found["saturation"]["k"][0] > 2 * found["saturation"]["k"][-1]


@pytest.mark.slow
def test_the_page_is_written(quick: tuple[dict, Path]) -> None:
    page = (quick[1] / "validation.html").read_text("utf-8")
    assert all(f'id="chart-{key}"' in page for key in KEYS)


def test_a_target_that_is_missed_is_said_and_is_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    buying = measure.MEASURES["buying"]
    monkeypatch.setattr(measure, "MEASURES", {"buying": lambda size: replace(buying(size), holds=False)})
    done = fenxiao("validate", "--quick", "--lang", "zh")
    assert done.returncode == 1
    assert "1 项说法中有 1 项未达到目标" in done.stdout


def test_a_forecast_that_is_off_misses_its_target(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.validation.buying.MOST_ERROR", 0.02)
    assert not measure.MEASURES["buying"](QUICK).holds
