"""`fenxiao replay --data` of a folder that is dealt out: the figures of `replay`, and money by month."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from sim.cli import fenxiao as main
from sim.history.large import replay as large
from sim.history.purchases import shipped
from sim.history.tree import referral_history


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """CDNOW's sample as an import leaves it, every twentieth member a partner."""
    store, place = referral_history(shipped("cdnow_sample")), tmp_path_factory.mktemp("large")
    pq.write_table(store.orders, place / "orders.parquet", row_group_size=3_000)
    ranks = pa.array([None if number % 20 else "partner" for number in range(len(store.members))], pa.string())
    regions = pa.array(["浙江" if number % 3 else "广东" for number in range(len(store.members))], pa.string())
    members = store.members.set_column(2, "rank", ranks).append_column("region", regions)
    pq.write_table(members, place / "members.parquet")
    return place


def fenxiao(*arguments) -> str:
    """What a command prints."""
    done = CliRunner().invoke(main, [*map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_figures_are_those_of_a_small_history(folder, tmp_path, monkeypatch):
    given = ("replay", "three_tier", "three_level", "--data", folder, "--workers", 1, "--json")
    small = json.loads(fenxiao(*given))
    monkeypatch.setattr(large, "MANY_LINES", 1_000)
    monkeypatch.setattr(large, "PART_LINES", 2_000)
    found = json.loads(fenxiao(*given, "--out", tmp_path / "out", "--rulebook", "cn_direct"))
    assert [one | {"identical_to_run": None} for one in found["plans"]] == small["plans"]
    for name in ("winning", "losing", "unchanged"):
        assert found["changes"][0][name] == small["changes"][0][name]
    assert [one["before"] for one in found["changes"][0]["tenths"]] == [
        one["before"] for one in small["changes"][0]["tenths"]
    ]
    ranks = found["changes"][0]["ranks"]
    assert [one["group"] for one in ranks] == ["partner", ""]
    assert ranks == small["changes"][0]["ranks"]
    regions = found["changes"][0]["regions"]
    assert {one["group"] for one in regions} == {"浙江", "广东"}
    assert regions == small["changes"][0]["regions"]
    assert found["parts"] == 4
    for plan in found["plans"]:
        assert round(sum(one["commission"] for one in found["months"][plan["plan"]]), 2) == plan["commission"]
    earned = pq.read_table(tmp_path / "out" / "earned.parquet")
    assert [float(sum(earned[one["plan"]].to_pylist())) for one in found["plans"]] == [
        one["commission"] for one in found["plans"]
    ]
    assert [one["verdict"] for one in found["rulebook"]] == ["violated", "violated"]


def test_it_is_told_in_words_and_dated_plans_are_refused(folder, monkeypatch):
    monkeypatch.setattr(large, "MANY_LINES", 1_000)
    given = ("replay", "three_tier", "three_level", "--data", folder, "--workers", 1, "--lang", "zh")
    said = fenxiao(*given, "--rulebook", "house")
    assert "成交额" in said
    assert "partner" in said
    assert "浙江" in said
    assert "house: " in said
    done = CliRunner().invoke(main, ["replay", "--data", str(folder), "--then", "1997-05-01", "three_level"])
    assert "replayed in parts" in str(done.exception)
