"""The proof: a market under a platform's arithmetic, as that platform's tables, imported, replayed: 0 fen apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from round_trip import platform_plan, simulated

from rules.events import Kind
from rules.plan.read import parse_plan
from rules.plan.write import write_plan
from sim.cli import main
from sim.exports.__main__ import WRITERS
from sim.exports.lived import Lived, write_tables

Replay = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module", params=["crmeb_php", "yudao"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Lived, Path]:
    """A platform, what its market lived, and the folder of its imported tables."""
    folder = tmp_path_factory.mktemp(request.param)
    lived = simulated(request.param)
    write_tables(folder / "exports", WRITERS[request.param](lived))
    with pytest.raises(SystemExit) as left:
        main(["import", str(folder / "exports"), "--out", str(folder / "own"), "--key", str(folder / "key"), "--json"])
    assert left.value.code == 0
    return request.param, lived, folder


@pytest.fixture
def replay(shop: tuple[str, Lived, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Replay:
    """The command over the imported folder: what `--json` says of the records."""

    def run(plan: dict[str, Any], *options: object) -> dict[str, Any]:
        path = tmp_path / "plan.yaml"
        path.write_text(write_plan(parse_plan(plan)), "utf-8")
        with pytest.raises(SystemExit) as left:
            main(["replay", str(path), "--data", str(shop[2] / "own"), "--json", *map(str, options)])
        assert left.value.code == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)["recorded"][plan["plan"]]
        return found

    return run


def test_every_recorded_commission_is_explained_to_the_fen(shop, replay: Replay):
    platform, lived, _ = shop
    entries = lived.entries
    assert len(lived.of(Kind.refund)) > 50
    assert sum(len(lines) > 1 for lines in lived.lines.values()) > 200
    assert (lived.of(Kind.order)["freight"] > 0).sum() > 500
    assert (entries["amount"] < 0).sum() > 5
    assert {1, 2} == set(entries["level"].tolist())
    found = replay(platform_plan(platform))
    assert found["recorded"] == found["replayed"] == round(int(entries["amount"].sum()) / 100, 2)
    assert (found["difference"], found["differing"], found["causes"]) == (0, 0, [])
    assert found["agreed"] > 300
    assert found["agreed_amount"] == found["recorded"]


@pytest.mark.parametrize("other", ["crmeb_php", "likeshop", "yudao", "crmeb_java", None])
def test_under_another_profile_every_difference_is_named_by_settings_of_the_platform(shop, replay: Replay, other):
    platform, _, _ = shop
    if platform == other:
        return
    own, wanted = parse_plan(platform_plan(platform)).semantics, platform_plan(other or platform)
    if other is None:
        del wanted["platform"]
    found = replay(wanted)
    assert found["differing"] > 0
    assert found["unexplained"] == 0
    total = sum(cause["difference"] for cause in found["causes"])
    assert round(total, 2) == found["difference"]
    for cause in found["causes"]:
        for setting in cause["settings"]:
            name, value = setting.removeprefix("semantics.").split("=")
            assert str(getattr(own, name)) == value


def test_a_setting_that_the_plan_has_wrong_is_named(shop, replay: Replay):
    platform, _, _ = shop
    found = replay(platform_plan(platform, freight="exclude"))
    assert [cause["settings"] for cause in found["causes"]] == [["semantics.freight=include"]]
    found = replay(platform_plan(platform, rounding="half_up"))
    (cause,) = found["causes"]
    assert "semantics.rounding=floor" in cause["alternatives"]


def test_results_are_a_page_its_figures_and_a_table(shop, replay: Replay, tmp_path: Path):
    platform, _, _ = shop
    plan = platform_plan(platform, freight="exclude")
    found = replay(plan, "--out", tmp_path / "out")
    table = pq.read_table(tmp_path / "out" / f"differences-{plan['plan']}.parquet")
    assert len(table) == found["differing"]
    assert sum(table["difference"].to_pylist()) == round(found["difference"] * 100)
    page = (tmp_path / "out" / f"recorded-{plan['plan']}.html").read_text("utf-8")
    assert "freight in base: include" in page
    assert "运费计佣：include" in page
    figures = json.loads((tmp_path / "out" / f"recorded-{plan['plan']}.json").read_text("utf-8"))
    assert figures["differing"] == found["differing"]


def test_the_terminal_shows_a_table_by_cause(shop, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    platform, _, folder = shop
    path = tmp_path / "plan.yaml"
    path.write_text(write_plan(parse_plan(platform_plan(platform, freight="exclude"))), "utf-8")
    for lang, words in (("en", "Held against what the platform recorded"), ("zh", "与平台记录核对")):
        with pytest.raises(SystemExit):
            main(["replay", str(path), "--data", str(folder / "own"), "--lang", lang])
        out = capsys.readouterr().out
        assert words in out
        assert "semantics" not in out
