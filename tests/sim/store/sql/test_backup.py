"""A backup is one moment of a store; restored into any kind of database it is the same to the last byte."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from databases import DATABASES, engine_of
from postings import commission, facts
from sqlalchemy import Engine, insert, select, text

from rules.errors import InputError
from sim.store.sql.audit import seal, verify
from sim.store.sql.backup import MANIFEST, backup, restore
from sim.store.sql.bulk import insert_rows
from sim.store.sql.ledger import post_batch
from sim.store.sql.schema import members, metadata, store_facts
from sim.store.sql.statements import totals


@pytest.fixture
def filled(any_engine: Engine) -> Engine:
    """A sealed ledger, members with books of many lengths, and a text."""
    count = 300
    with any_engine.begin() as connection:
        for order in range(1, 40):
            post_batch(connection, *commission(order, {order % 7: 100, 50 + order: 3}))
        connection.execute(
            insert(store_facts), [{"name": "计划", "value": "三级" * 40_000}, {"name": "x", "value": None}]
        )
        numbers = np.arange(count)
        columns = dict.fromkeys(("upline", "joined_at", "bound_at", "next_midnight", "due_at"), numbers - 7)
        books = [bytes([one % 256]) * (one % 11) + b"\0" for one in range(count)]
        insert_rows(
            connection, members, columns | {"id": numbers, "rank": 3, "frozen": numbers % 3 == 0, "book": books}
        )
    seal(any_engine)
    return any_engine


def contents(engine: Engine) -> dict[str, list[tuple]]:
    with engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for name, table in metadata.tables.items()
        }


@pytest.mark.parametrize("kind", DATABASES)
def test_it_is_the_same_in_every_kind_of_database(filled: Engine, kind: str, tmp_path: Path, request) -> None:
    before = contents(filled)
    made = backup(filled, tmp_path / "backup")
    assert (made.rows["journal"], made.rows["members"], made.rows["store_facts"]) == (39, 300, 2)
    target = engine_of(kind, request, made=False)
    assert restore(target, tmp_path / "backup") == made
    assert contents(target) == before
    with target.connect() as connection:
        assert verify(connection) is None
        assert totals(connection).holds
    assert backup(target, tmp_path / "again") == made
    with target.begin() as connection:  # and it goes on
        post_batch(connection, *commission(99, {1: 1}))
        assert facts(connection)["uneven"] == []


def test_it_is_one_moment_while_others_book(pg_engine: Engine, tmp_path: Path) -> None:
    stop = threading.Event()

    def book() -> None:
        order = 0
        while not stop.is_set():
            order += 1
            with pg_engine.begin() as connection:
                post_batch(connection, *commission(order, {order % 3: 1}))

    writer = threading.Thread(target=book)
    writer.start()
    try:
        backups = [backup(pg_engine, tmp_path / f"{number}") for number in range(8)]
    finally:
        stop.set()
        writer.join()
    for number, made in enumerate(backups):
        rows = pq.read_table(tmp_path / f"{number}" / "wallets.parquet")["pending"].to_pylist()
        assert sum(rows) == made.rows["journal"]
    assert backups[0].rows["journal"] < backups[-1].rows["journal"]


def _damage_file(folder: Path) -> None:
    raw = bytearray((folder / "members.parquet").read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / "members.parquet").write_bytes(raw)


def _change_amount(folder: Path) -> None:
    table = pq.read_table(folder / "wallets.parquet")
    changed = table["pending"].to_numpy() + (np.arange(len(table)) == 3)
    pq.write_table(table.set_column(1, table.schema.field(1), [changed]), folder / "wallets.parquet")


def _drop_row(folder: Path) -> None:
    pq.write_table(pq.read_table(folder / "journal.parquet").slice(1), folder / "journal.parquet")


def _lose_file(folder: Path) -> None:
    (folder / "journal.parquet").unlink()


def _other_version(folder: Path) -> None:
    told = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(told | {"version": "0000"}))


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (_damage_file, r"members\.parquet (cannot be read|is not what was backed up)"),
        (_change_amount, r"wallets\.parquet is not what was backed up \(46 rows, 46 then\)"),
        (_drop_row, r"journal\.parquet is not what was backed up \(38 rows, 39 then\)"),
        (_lose_file, r"journal\.parquet cannot be read"),
        (_other_version, "a backup of version 0000, this program is of 0001"),
    ],
)
def test_a_damaged_backup_is_refused_and_nothing_restored(damage, why: str, tmp_path: Path, request) -> None:
    source = engine_of("sqlite", request)
    with source.begin() as connection:
        for order in range(1, 40):
            post_batch(connection, *commission(order, {order % 7: 100, 50 + order: 3}))
        numbers = np.arange(100)
        columns = dict.fromkeys(("id", "upline", "joined_at", "bound_at", "next_midnight", "due_at"), numbers)
        insert_rows(connection, members, columns | {"rank": 0, "frozen": 0, "book": [b"book"] * 100})
    backup(source, tmp_path / "backup")
    damage(tmp_path / "backup")
    target = engine_of("sqlite", request, made=False)
    with pytest.raises(InputError, match=why):
        restore(target, tmp_path / "backup")
    assert (
        not any(contents(target)[name] for name in ("members", "journal", "wallets")) if damage != _other_version else 1
    )


def test_what_is_there_already_is_never_overwritten(filled: Engine, tmp_path: Path) -> None:
    backup(filled, tmp_path / "backup")
    with pytest.raises(InputError, match="is there already"):
        backup(filled, tmp_path / "backup")
    with pytest.raises(InputError, match="table store_facts has rows already"):
        restore(filled, tmp_path / "backup")
    with pytest.raises(InputError, match="holds no backup"):
        restore(filled, tmp_path)
    with filled.connect() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM journal")).scalar_one() == 39
