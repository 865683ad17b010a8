"""`fenxiao capacity` as a person meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_commands import answer, fenxiao

from sim.stress.capacity.service import ASSUMED

QUICK = ("--transactions", 2_000, "--seed", 3, "--days", 1)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, Path]:
    folder = tmp_path_factory.mktemp("capacity")
    return answer("capacity", *QUICK, "--out", folder), folder


def test_it_tells_what_the_contract_lists(told):
    record, _ = told
    assert {"utilisation", "backlog_max", "latency_ms", "bottleneck", "recommended"} <= set(record)
    assert {"order_workers", "member_workers", "settlement_workers", "batch", "pool"} <= set(record["recommended"])
    assert {"place", "pay", "book", "withdraw"} <= set(record["latency_ms"])
    assert all(set(found) == {"p50", "p95", "p99"} for found in record["latency_ms"].values())
    assert set(record["backlog_max"]) == set(record["backlog_seconds"])
    assert all(0 <= part <= 1 for part in record["utilisation"].values())
    assert record["bottleneck"] in record["breaks_at"]["relief"]
    assert record["peak"]["kept"]
    assert record["date"] == "2026-06-17"
    assert record["breaks_at"]["multiple"] > 100
    assert record["worth"][0] == record["worth"][0] | {"name": "as_it_is", "part": 1.0}


def test_the_page_has_both_languages_and_the_figures_beside_it(told):
    record, folder = told
    page = (folder / "capacity.html").read_text("utf-8")
    assert "容量" in page
    assert "what each buys" in page
    assert 'id="chart-backlog"' in page
    figures = json.loads((folder / "capacity.json").read_text("utf-8"))
    assert figures["bottleneck"] == record["bottleneck"]
    assert figures["command"].startswith("fenxiao capacity")


def test_the_same_seed_gives_the_same_answer(told):
    record, _ = told
    assert answer("capacity", *QUICK) == record


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ["首个瓶颈", "积压", "利用率", "各机制的价值"]), ("en", ["first bottleneck", "backlog", "what each buys"])],
)
def test_tables_in_the_terminal(lang, words):
    done = fenxiao("capacity", "three_tier", *QUICK, "--lang", lang)
    assert done.returncode == 0, done.stderr
    assert all(word in done.stdout for word in words)


def test_a_store_that_does_not_keep_the_target_is_told_no():
    """No transaction of 1.4 ms is answered in 1 ms."""
    done = fenxiao("capacity", *QUICK, "--latency-target", 1, "--json")
    assert done.returncode == 1, done.stderr
    record = json.loads(done.stdout)
    assert record["recommended"] == {}
    assert not record["peak"]["kept"]


def test_service_times_are_taken_from_a_file(tmp_path, told):
    """All ten times as slow: it breaks at about a tenth."""
    slow = json.loads(ASSUMED.to_json())
    for work in slow["works"].values():
        work["client_ms"], work["server_ms"] = 10 * work["client_ms"], 10 * work["server_ms"]
    file = tmp_path / "slow.json"
    file.write_text(json.dumps(slow | {"source": "slow machine", "assumed": []}), "utf-8")
    record = answer("capacity", *QUICK, "--service", file)
    assert record["service"] == {"source": "slow machine", "assumed": []}
    ratio = record["breaks_at"]["multiple"] / told[0]["breaks_at"]["multiple"]
    assert 0.06 < ratio < 0.14


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("nowhere",), "nowhere"),
        (("--elastic", 2), "--elastic 2"),
        (("--service", "pyproject.toml"), "not JSON"),
        (("--service", "missing.json"), "missing.json"),
        (("--hot-product", "200%"), "--hot-product"),
        (("--orders-per-day", 0), "orders-per-day"),
        (("--latency-target", "nan"), "latency"),
        (("--orders-per-day", "nan"), "orders"),
        (("--pool", 0), "pool"),
    ],
)
def test_bad_input_is_one_clear_message(options, said):
    done = fenxiao("capacity", *QUICK, *options)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
