"""`fenxiao spread` as a person meets it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from test_commands import answer, fenxiao


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    folder = tmp_path_factory.mktemp("spread") / "run"
    return folder, answer("run", "three_tier", "--people", 3000, "--days", 60, "--out", folder)


def test_the_record_agrees_with_the_run(run: tuple[Path, dict], tmp_path: Path) -> None:
    folder, told = run
    metrics = told["metrics"]
    record = answer("spread", folder, "--out", tmp_path)
    assert (record["people"], record["days"]) == (3000, 60)
    assert (record["funnel"]["shares"], record["funnel"]["clicks"]) == (metrics["shares"], metrics["clicks"])
    assert record["rates"]["registered"] == pytest.approx(metrics["click_to_register"])
    assert record["paths"]["orders"] == metrics["orders"] == sum(record["paths"]["by_length"])
    assert record["cascades"]["recruitment"]["nodes"] == metrics["new_members"]
    assert json.loads((tmp_path / "run.json").read_text())["claims"] == record["claims"]
    assert all(one["actual"] is not None for one in record["forecast"]["share"]["backtest"])


def test_tables_have_a_row_for_each_order_and_each_member(run: tuple[Path, dict], tmp_path: Path) -> None:
    folder, told = run
    answer("spread", folder, "--out", tmp_path)
    paths, nodes = pq.read_table(tmp_path / "paths.parquet"), pq.read_table(tmp_path / "nodes.parquet")
    assert sum(paths["goods"].to_pylist()) == round(told["metrics"]["gmv"] * 100)
    assert [path[-1] for path in paths["path"].to_pylist()] == paths["buyer"].to_pylist()
    assert [len(path) for path in paths["path"].to_pylist()] == paths["length"].to_pylist()
    assert sum(nodes["bought"].to_pylist()) == sum(paths["goods"].to_pylist())
    assert sum(nodes["commission"].to_pylist()) == round(told["metrics"]["commission"] * 100)
    assert len(nodes) == told["metrics"]["new_members"]


def test_the_path_of_an_order_in_words(run: tuple[Path, dict], tmp_path: Path) -> None:
    folder, _ = run
    answer("spread", folder, "--out", tmp_path)
    rows = pq.read_table(tmp_path / "paths.parquet").to_pylist()
    longest = max(rows, key=lambda row: row["length"])
    told = answer("spread", folder, "--order", longest["order"])
    assert told["path"] == [str(who) for who in longest["path"]]
    assert len(told["steps"]) == longest["length"] - 1
    for lang, words in (("zh", "点击"), ("en", "clicked on a share of")):
        lines = fenxiao("spread", folder, "--order", longest["order"], "--lang", lang).stdout.splitlines()
        assert lines == told["words"][lang]
        assert len(lines) == longest["length"] + 1
        assert all(str(who) in line for who, line in zip(longest["path"], lines[1:], strict=True))
        assert words in lines[2]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_in_the_terminal_without_a_run(lang: str) -> None:
    done = fenxiao("spread", "--lang", lang)
    assert done.returncode == 0, done.stderr
    told = {"en": ["hot nodes", "funnel", "backtest", "virality"], "zh": ["热点节点", "漏斗", "回测", "结构病毒性"]}
    assert all(words in done.stdout for words in told[lang])


def test_orders_of_ones_own(tmp_path: Path) -> None:
    """A was there, brought B, who brought C: C's order has the path A, B, C."""
    members = [
        ("member_id", "inviter_id", "joined_at"),
        ("A", "", "2026-01-01"),
        ("B", "A", "2026-01-02"),
        ("C", "B", "2026-01-03"),
    ]
    orders = [
        ("order_id", "line", "member_id", "placed_at", "paid_at", "sku", "category", "quantity", "price"),
        ("X1", 1, "C", "2026-01-05 10:00:00", "2026-01-05 10:01:00", "a", "home", 1, "30.00"),
    ]
    for name, rows in (("members", members), ("orders", orders)):
        with (tmp_path / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows(rows)
    assert answer("spread", tmp_path, "--order", "X1")["path"] == ["A", "B", "C"]
    assert answer("spread", tmp_path)["hottest"][0]["member"] == "A"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--order", "x"], "no order 'x' was paid; allowed"), (["--order", "99999999"], "no order '99999999' was paid")],
)
def test_bad_input(run: tuple[Path, dict], arguments: list[str], said: str) -> None:
    done = fenxiao("spread", run[0], *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout


def test_a_folder_without_a_run(tmp_path: Path) -> None:
    done = fenxiao("spread", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no run and no orders file" in done.stderr
