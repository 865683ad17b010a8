"""The design that was not chosen, to be measured against: a row a posting, with an index by account."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Column, Connection, Index, MetaData, SmallInteger, Table

from benchmarks.settling.orders import postings
from sim.store.sql import packing
from sim.store.sql.bulk import driver, insert_rows, upsert_add

_metadata = MetaData()


def _posting_table(name: str) -> Table:
    """A table of postings with its primary key and an index by account."""
    return Table(
        name,
        _metadata,
        Column("journal_id", BigInteger, primary_key=True),
        Column("seq", SmallInteger, primary_key=True),
        Column("account", BigInteger, nullable=False),
        Column("amount", BigInteger, nullable=False),
        Index(f"ix_{name}_account", "account", "journal_id"),
    )


limit_postings = _posting_table("limit_postings")
"""Where the limit is measured: nothing but COPY goes there."""
row_postings = _posting_table("row_postings")
row_journal = Table(
    "row_journal",
    _metadata,
    Column("id", BigInteger, primary_key=True),
    Column("event_at", BigInteger, nullable=False),
)
row_balances = Table(
    "row_balances",
    _metadata,
    Column("account", BigInteger, primary_key=True),
    Column("amount", BigInteger, nullable=False),
)


def make(connection: Connection) -> None:
    """The tables of this design."""
    _metadata.create_all(connection)


def settle(connection: Connection, rows: NDArray[Any]) -> int:
    """Settle a batch of orders, sorted by number: keys, postings of the new ones, balances; how many were new."""
    new = rows[np.isin(rows["id"], _claim(connection, rows), assume_unique=True)]
    legs = postings(new)
    insert_rows(connection, row_postings, legs[np.argsort(legs["account"], kind="stable")])
    accounts, place = np.unique(legs["account"], return_inverse=True)
    balances = np.zeros(len(accounts), [("account", "i8"), ("amount", "i8")])
    balances["account"] = accounts
    np.add.at(balances["amount"], place, legs["amount"])
    upsert_add(connection, row_balances, balances[accounts >= FIRST_KEPT])
    return len(new)


FIRST_KEPT = 16
"""Accounts below are the shop's, and derived."""


def _claim(connection: Connection, rows: NDArray[Any]) -> NDArray[np.int64]:
    """Journals that nobody has booked."""
    cursor = driver(connection).cursor(binary=True)
    packing.teach(cursor)
    cursor.execute(
        "INSERT INTO row_journal SELECT * FROM unnest(%b::int8[], %b::int8[]) ON CONFLICT DO NOTHING RETURNING id",
        (packing.int_array(rows["id"]), packing.int_array(rows["event_at"])),
    )
    return np.array([number for (number,) in cursor.fetchall()], np.int64)
