"""`fenxiao segments` as a person meets it."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from test_commands import answer, fenxiao

SIZE = ("tuike", "--people", 4000, "--days", 40, "--seed", 3)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, Path]:
    folder = tmp_path_factory.mktemp("segments")
    return answer("segments", *SIZE, "--clusters", 5, "--out", folder), folder


def test_segments_are_all_members_and_the_parquet_file_says_who(told):
    record, folder = told
    found = record["segments"]
    assert len(found) == len({one["name"] for one in found}) == 5
    assert sum(one["members"] for one in found) == record["members"]
    assert [one["members"] for one in found] == sorted((one["members"] for one in found), reverse=True)
    for name in ("part", "gmv_part", "commission_part"):
        assert sum(one[name] for one in found) == pytest.approx(1)
    rows = pq.read_table(folder / "segments.parquet")
    assert rows["member"].to_pylist() == sorted(set(rows["member"].to_pylist()))
    names = rows["name"].to_pylist()
    assert {one["name"]: one["members"] for one in found} == {name: names.count(name) for name in set(names)}
    assert set(record["features"]) <= set(rows.column_names)
    assert len(record["features"]) >= 30


def test_figures_are_those_of_the_run(told):
    record, _ = told
    run = answer("run", *SIZE)["metrics"]
    assert record["members"] == run["new_members"]
    assert sum(one["gmv"] for one in record["segments"]) == pytest.approx(run["gmv"])
    assert sum(one["commission"] for one in record["segments"]) == pytest.approx(run["commission"])


def test_the_response_is_an_assumption(told):
    """Twice the response: what is won doubles, what is given away stays."""
    record, _ = told
    again = answer("segments", *SIZE, "--clusters", 5, "--response", "10%")
    for one, other in zip(record["segments"], again["segments"], strict=True):
        offer, more = one["offer"], other["offer"]
        given = -one["members"] * offer["act_anyhow"] * offer["cost"]
        assert more["expected_month"] - given == pytest.approx(2 * (offer["expected_month"] - given), abs=0.01)
        assert more["response_needed"] == offer["response_needed"]


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ["细分", "月期望价值", "轮廓系数", "调整兰德指数"]), ("en", ["segment", "worth a month", "silhouettes"])],
)
def test_tables_in_the_terminal(lang, words):
    done = fenxiao("segments", *SIZE, "--clusters", 3, "--lang", lang)
    assert done.returncode == 0, done.stderr
    assert all(word in done.stdout for word in words)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--clusters", "1"], "--clusters"),
        (["--response", "200%"], "--response"),
        (["--people", "100", "--days", "2"], "are too few for 8 segments; allowed: at least 80 members"),
        (["--plan", "nothing"], "nothing"),
    ],
)
def test_bad_input(arguments, said):
    done = fenxiao("segments", "tuike", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
