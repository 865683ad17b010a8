"""The witness finds what is lost, doubled and unbalanced, and nothing where nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest
from small import brought, small
from sqlalchemy import text

from sim.store.sql.connect import engine_for
from sim.stress.load.run import ask_witness

FAULTS = {
    "an event is gone": ("DELETE FROM inbox WHERE source = 20", "lost"),
    "a payment is gone": (
        "UPDATE orders SET paid_at = -1 WHERE id = (SELECT MIN(id) FROM orders WHERE paid_at >= 0)",
        "lost",
    ),
    "an entry is there twice": (
        "INSERT INTO entries SELECT id + 1, time, order_id, member, amount, base, rate, reverses, period, line, plan, "
        "source, level, component, journal_id FROM entries WHERE order_id >= 0 AND reverses < 0 LIMIT 1",
        "duplicated",
    ),
    "a wallet has more": ("UPDATE wallets SET available = available + 1 WHERE member = 3", "unbalanced"),
    "a leg is another's": ("UPDATE journal SET a1 = a1 + 1 WHERE a0 = 2", "unbalanced"),
    "a journal is gone": ("DELETE FROM journal WHERE id = (SELECT MIN(id) FROM journal WHERE a0 = 0)", "unbalanced"),
}


@pytest.fixture
def store(tmp_path):
    url = f"sqlite:///{tmp_path / 'store.db'}"
    engine = engine_for(url)
    brought(engine, small(), tmp_path)
    yield url, engine, tmp_path
    engine.dispose()


def test_a_sound_store(store):
    url, _, folder = store
    found = ask_witness(url, folder)
    assert (found["lost"], found["duplicated"], found["unbalanced"], found["in_doubt"]) == (0, 0, 0, 0)
    assert found["acknowledged"] == len(small().tasks)
    assert found["orders"] > 10


def test_every_fault_is_found_and_called_by_its_kind(store):
    url, engine, folder = store
    for fault, (statement, kind) in FAULTS.items():
        with engine.connect() as connection:
            kept = connection.connection.driver_connection.serialize()
        with engine.begin() as connection:
            connection.execute(text(statement))
        found = ask_witness(url, folder)
        assert found[kind] > 0, fault
        with engine.connect() as connection:
            connection.connection.driver_connection.deserialize(kept)
        engine.dispose()
        (folder / "store.db").write_bytes(kept)
        for left in folder.glob("store.db-*"):
            left.unlink()
    assert ask_witness(url, folder)["unbalanced"] == 0


def test_it_imports_nothing_of_ours():
    from sim.stress.load import witness

    source = Path(witness.__file__).read_text("utf-8")
    assert "import sim" not in source
    assert "from sim" not in source
    assert "rules" not in source
