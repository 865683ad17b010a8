"""Seals over the ledger: who changes, adds or takes away a row behind its back breaks a seal, and is found.

Every journal belongs to a batch. The last batch is open; `seal` opens the next one, waits for those who still book into
the old one, and writes a seal: SHA-256 of all its rows, chained to the seal before. So a seal covers a batch that
nobody can add to any more, though many book all the while, and a row of a transaction that commits late is never
missed, as it would be under a mark such as "all up to number n".

A seal proves that nothing below it changed, as long as somebody else knows it: keep the last one where the database's
administrator cannot reach it. Rows of the open batch are not sealed yet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, Engine, insert, select, text

from sim.store.sql.schema import audit, batches, journal
from sim.store.sql.transact import in_transaction

LOCK_CLASS = 1718515064
"""The advisory locks of batches (PostgreSQL); the first migration knows it, too."""
FIRST = "0" * 64
"""What the first seal is chained to."""
_AT_ONCE = 20_000


@dataclass(frozen=True)
class Seal:
    """A row of `audit`."""

    id: int
    rows: int
    content: str
    previous: str
    seal: str


@dataclass(frozen=True)
class Broken:
    """The first batch that is not what its seal says."""

    batch: int
    en: str
    zh: str


def seal(engine: Engine) -> list[Seal]:
    """Seal what is committed and not sealed yet; the new seals. Others may book and seal meanwhile."""
    newest = in_transaction(engine, _close)
    made = []
    while (one := in_transaction(engine, lambda connection: _seal_next(connection, newest))) is not None:
        made.append(one)
    return made


def verify(connection: Connection) -> Broken | None:
    """The first seal that is broken; None if all hold. Rows of the open batch have no seal to break."""
    previous, expected = FIRST, 1
    for row in connection.execute(select(audit).order_by(audit.c.id)).all():
        found = Seal(*row)
        if found.id != expected:
            return Broken(expected, f"seal {expected} is missing", f"缺少第 {expected} 号封条")
        if found.previous != previous or found.seal != _chained(found.id, found.rows, found.content, previous):
            return Broken(
                found.id, f"seal {found.id} does not follow the one before", f"第 {found.id} 号封条与上一号不符"
            )
        count, content = _content(connection, found.id)
        if (count, content) != (found.rows, found.content):
            return Broken(
                found.id,
                f"batch {found.id} is not what was sealed: {count} rows, {found.rows} sealed",
                f"第 {found.id} 批与封存时不符：现有 {count} 行，封存 {found.rows} 行",
            )
        previous, expected = found.seal, expected + 1
    return _unsealed(connection, expected)


def last_seal(connection: Connection) -> Seal | None:
    """The newest seal: to be kept elsewhere."""
    row = connection.execute(select(audit).order_by(audit.c.id.desc()).limit(1)).one_or_none()
    return Seal(*row) if row else None


def _unsealed(connection: Connection, first: int) -> Broken | None:
    """Rows that no seal covers and no batch that waits for one."""
    latest = _latest(connection)
    low, high = connection.execute(text("SELECT MIN(batch), MAX(batch) FROM journal")).one()
    if latest < first or (low is not None and (low < 1 or high > latest)):
        batch = first if latest < first else (low if low < 1 else high)
        return Broken(batch, f"rows in batch {batch}, which was never opened", f"第 {batch} 批从未开启，却有记录")
    return None


def _close(connection: Connection) -> int:
    """Open the next batch, if there is anything in the open one; the batch that is open then."""
    latest = _latest(connection)
    filled = connection.execute(select(journal.c.id).where(journal.c.batch == latest).limit(1)).first()
    if filled is None:
        return latest
    connection.execute(insert(batches).values(id=latest + 1))
    return latest + 1


def _seal_next(connection: Connection, before: int) -> Seal | None:
    """Seal the first batch that has none, if it is below `before`; two who do so at once meet at the key of `audit`."""
    latest = last_seal(connection)
    number = latest.id + 1 if latest else 1
    if number >= before:
        return None
    _wait_for_writers(connection, number)
    previous = latest.seal if latest else FIRST
    rows, content = _content(connection, number)
    made = Seal(number, rows, content, previous, _chained(number, rows, content, previous))
    connection.execute(insert(audit).values(made.__dict__))
    return made


def _wait_for_writers(connection: Connection, batch: int) -> None:
    """Wait until all who book into a closed batch are done (`open_batch` holds what is waited for)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:c, :b)"), {"c": LOCK_CLASS, "b": batch})
    elif connection.dialect.name != "sqlite":
        connection.execute(text("SELECT id FROM batches WHERE id = :b FOR UPDATE"), {"b": batch})


def _latest(connection: Connection) -> int:
    return int(connection.execute(text("SELECT COALESCE(MAX(id), 0) FROM batches")).scalar_one())


def _content(connection: Connection, batch: int) -> tuple[int, str]:
    """How many rows a batch has, and SHA-256 of them: every column as eight bytes, by number and part."""
    count, digest = 0, hashlib.sha256()
    for rows in _rows(connection, batch):
        count += len(rows)
        digest.update(np.array(rows, ">i8").tobytes())
    return count, digest.hexdigest()


def _rows(connection: Connection, batch: int) -> Iterator[list[tuple[int, ...]]]:
    wanted = select(journal).where(journal.c.batch == batch).order_by(journal.c.id, journal.c.part)
    found = connection.execute(wanted, execution_options={"yield_per": _AT_ONCE})
    for rows in found.partitions():
        yield [tuple(row) for row in rows]


def _chained(number: int, rows: int, content: str, previous: str) -> str:
    return hashlib.sha256(f"{number}|{rows}|{content}|{previous}".encode()).hexdigest()
