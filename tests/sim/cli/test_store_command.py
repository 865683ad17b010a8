"""`fenxiao store`: made, backed up, restored elsewhere, verified; whoever is off is told, in both languages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, text
from test_commands import answer, fenxiao

from sim.store.sql.accounts import FIRST_WALLET, JournalKind, ShopAccount, journal_id
from sim.store.sql.audit import seal
from sim.store.sql.connect import engine_for
from sim.store.sql.digest import JOURNAL, MOVE
from sim.store.sql.ledger import post_batch


@pytest.fixture
def store(tmp_path: Path) -> tuple[str, Engine]:
    """A store in a file: one order, which owes member 4 12.50 yuan; sealed."""
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    assert answer("store", "create", url) == {"url": url, "version": "0001"}
    row = np.zeros(1, JOURNAL)
    row["id"], row["a0"], row["a1"] = journal_id(1, JournalKind.commission), ShopAccount.commission, FIRST_WALLET + 4
    row["x0"], row["x1"] = 1250, -1250
    engine = engine_for(url)
    with engine.begin() as connection:
        post_batch(connection, row, np.array([(row["id"][0], 4, 1250, 0, 0, 0, 0)], MOVE))
    seal(engine)
    return url, engine


def test_from_file_to_backup_to_another_file(store, tmp_path: Path) -> None:
    made = answer("store", "backup", store[0], tmp_path / "backup")
    other = f"sqlite:///{tmp_path / 'other.db'}"
    assert answer("store", "restore", tmp_path / "backup", other) == made
    told = answer("store", "verify", other)
    assert told["holds"]
    assert told["totals"] == {
        "journals": 1, "rows": 1, "debits": 1250, "credits": -1250, "wallets": 1, "owed": 1250, "uneven": 0
    }  # fmt: skip
    assert told["last_seal"]["seal"] == made["last_seal"]


@pytest.mark.parametrize(("lang", "words"), [("en", ["all is even", "12.50"]), ("zh", ["账实相符", "封条完好"])])
def test_what_is_even_is_told(store, lang: str, words: list[str]) -> None:
    done = fenxiao("store", "verify", store[0], "--lang", lang)
    assert done.returncode == 0
    assert all(word in done.stdout for word in words)


@pytest.mark.parametrize(("lang", "words"), [("en", ["member 4", "12.51", "NOT even"]), ("zh", ["会员 4", "账实不符"])])
def test_a_changed_wallet_is_told(store, lang: str, words: list[str]) -> None:
    with store[1].begin() as connection:
        connection.execute(text("UPDATE wallets SET pending = pending + 1"))
    done = fenxiao("store", "verify", store[0], "--lang", lang)
    assert done.returncode == 1
    assert all(word in done.stdout for word in words)


def test_a_broken_seal_is_told(store) -> None:
    with store[1].begin() as connection:
        connection.execute(text("UPDATE journal SET event_at = 1"))
    assert "batch 1 is not what was sealed" in fenxiao("store", "verify", store[0]).stdout


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("create", "shop.db"), "not the URL of a database"),
        (("create", "oracle://x"), "no store is kept there"),
        (("verify", "sqlite:///{}/none.db"), "is not a store yet"),
        (("restore", "{}", "sqlite:///{}/none.db"), "holds no backup"),
        (("verify", "postgresql://nobody:secret@127.0.0.1:1/x"), "127.0.0.1"),
    ],
)
def test_what_is_no_store_is_refused_in_one_message(arguments, why: str, tmp_path: Path) -> None:
    done = fenxiao("store", *(one.format(tmp_path) for one in arguments))
    assert done.returncode == 2
    assert why in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr
