"""`fenxiao reconcile`, `fenxiao run --store`: what they print, leave behind, refuse, and exit with."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from test_commands import SMALL, answer, fenxiao

from sim.stress.reconcile.planting import PLANTS

SIZE = ("--people", 3000, "--days", 25)


def test_a_store_that_was_simulated_agrees_with_itself() -> None:
    told = answer("reconcile", *SIZE)
    assert told["differences"] == []
    assert told["checked"]["orders"] > 0
    assert len(told["flows"]["days"]) >= 20
    assert told["flows"]["days"][-1]["cover"] > 1


def test_all_planted_faults_are_found_and_it_exits_1(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = fenxiao("reconcile", "--plant", "all", "--out", out, "--json")
    assert done.returncode == 1
    record = json.loads(done.stdout)
    planted = Counter("wallet_changed" if kind == "wallet_state" else kind for kind in record["planted"])
    assert Counter(one["kind"] for one in record["differences"]) == planted
    assert len(planted) == len(PLANTS) - 1
    one = next(one for one in record["differences"] if one["kind"] == "amount_differs")
    assert one["amount"] == 1.0
    assert one["title"]["zh"]
    assert one["correction"]["en"]
    assert {file.name for file in out.iterdir()} == {"reconcile.html", "reconcile.json", "payments.csv", "payouts.csv"}
    page = (out / "reconcile.html").read_text("utf-8")
    assert "金额不符" in page
    assert "amounts differ" in page


def test_a_run_leaves_a_store_that_is_reconciled_with_files(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    told = answer("run", "three_tier", *SMALL, "--store", url)
    assert told["store"]["url"] == url
    assert told["store"]["closed"] == ""
    assert answer("reconcile", "--database-url", url)["differences"] == []
    file = tmp_path / "payments.csv"
    file.write_text("order,amount,paid_at\nPOS-1,5.00,2026-01-06 10:00:00\n", "utf-8")
    done = fenxiao("reconcile", "--database-url", url, "--payments", file, "--json")
    assert done.returncode == 1
    kinds = [one["kind"] for one in json.loads(done.stdout)["differences"]]
    assert kinds.count("payment_without_order") == 1
    assert kinds.count("missing_payment") == told["metrics"]["orders"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("reconcile", "--plant", "nothing"), "there is no such fault"),
        (("reconcile", "--database-url", "sqlite:///{0}", "--plant", "cut_off"), "beside --database-url"),
        (("reconcile", "--payments", "{0}"), "without --database-url"),
        (("reconcile", "--database-url", "sqlite:////nowhere/f.db"), "does not answer"),
        (("reconcile", "--database-url", "oracle://x"), "no store is kept there"),
        (("run", "--store", "sqlite:///{0}", "--until", 3, "--save", "{0}"), "beside --save"),
    ],
)
def test_bad_calls_are_refused_with_one_message(arguments, said, tmp_path: Path) -> None:
    file = tmp_path / "file.db"
    file.touch()
    done = fenxiao(*(str(one).format(file) for one in arguments))
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
