"""What the database is asked: whole tables held against each other, in SQL that PostgreSQL, SQLite and MariaDB share.

Lines of channels come as temporary tables, which only this connection sees. A journal's number says what it books
(`sim.store.sql.accounts`): subject = id >> 12, kind = (id >> 6) & 63.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, Column, Connection, Engine, Integer, MetaData, SmallInteger, String, Table, text

from rules.events import DAY
from rules.records import WithdrawalStatus
from sim.store.sql.accounts import FIRST_WALLET, JournalKind
from sim.store.sql.bulk import insert_rows
from sim.stress.reconcile.files import Payment, Payout

_TEMPORARY = MetaData()


def _temporary(name: str, *columns: Column[Any]) -> Table:
    key = Column("id", Integer, primary_key=True, autoincrement=False)
    return Table(name, _TEMPORARY, key, *columns, prefixes=["TEMPORARY"])


_payments = _temporary(
    "channel_payments",
    Column("order_id", BigInteger, nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("refund", BigInteger, nullable=False),
    Column("refund_no", String(128), nullable=False),
)
_payouts = _temporary(
    "channel_payouts",
    Column("number", String(64), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("success", SmallInteger, nullable=False),
)

_KIND = "((id >> 6) & 63)"
_PAID = (
    "(SELECT order_id, COUNT(*) AS n, SUM(amount) AS amount, MAX(amount) AS most, MIN(at) AS at "
    "FROM channel_payments WHERE amount <> 0 GROUP BY order_id)"
)
_BACK = (
    "(SELECT order_id, COUNT(*) AS n, COUNT(DISTINCT refund) AS sorts, SUM(refund) AS back, MIN(at) AS at "
    "FROM channel_payments WHERE refund <> 0 GROUP BY order_id)"
)
_OUT = (
    "(SELECT number, SUM(success) AS n, SUM(CASE WHEN success = 1 THEN amount ELSE 0 END) AS amount, "
    "COUNT(*) - SUM(success) AS failed, MAX(at) AS at FROM channel_payouts GROUP BY number)"
)

PAYMENTS = (
    "SELECT o.id, o.goods + o.freight, o.paid_at, COALESCE(c.n, 0), COALESCE(c.amount, 0), COALESCE(c.most, 0), "
    f"COALESCE(c.at, -1) FROM orders o LEFT JOIN {_PAID} c ON c.order_id = o.id "
    "WHERE o.paid_at >= 0 AND o.goods + o.freight <> 0 AND (c.n IS NULL OR c.n <> 1 "
    "OR c.amount <> o.goods + o.freight OR o.paid_at - o.paid_at % :day <> c.at - c.at % :day) ORDER BY o.id"
)
"""Orders that are paid, but not once, not so much, or not on this day."""
UNKNOWN_PAYMENTS = (
    "SELECT c.id, c.order_id, c.amount, c.at, COALESCE(o.status, -1) FROM channel_payments c "
    "LEFT JOIN orders o ON o.id = c.order_id WHERE c.amount <> 0 AND (o.id IS NULL OR o.paid_at < 0) ORDER BY c.id"
)
REFUNDS = (
    "SELECT o.id, o.refunded, COALESCE(c.back, 0), COALESCE(c.n, 0), COALESCE(c.sorts, 0), COALESCE(c.at, -1) "
    f"FROM orders o LEFT JOIN {_BACK} c ON c.order_id = o.id WHERE o.refunded <> COALESCE(c.back, 0) ORDER BY o.id"
)
UNKNOWN_REFUNDS = (
    "SELECT c.id, c.order_id, c.refund, c.at FROM channel_payments c LEFT JOIN orders o ON o.id = c.order_id "
    "WHERE c.refund <> 0 AND o.id IS NULL ORDER BY c.id"
)
PAYOUTS = (
    "SELECT w.id, w.status, w.amount - w.fee - w.tax, w.done_at, COALESCE(c.n, 0), COALESCE(c.amount, 0), "
    f"COALESCE(c.failed, 0), COALESCE(c.at, -1) FROM withdrawals w LEFT JOIN {_OUT} c ON c.number = w.channel_order_no "
    "WHERE (w.status = :paid AND (c.n IS NULL OR c.n <> 1 OR c.amount <> w.amount - w.fee - w.tax)) "
    "OR (w.status <> :paid AND c.n > 0) ORDER BY w.id"
)
UNASKED_PAYOUTS = (
    "SELECT c.id, c.amount, c.at FROM channel_payouts c LEFT JOIN withdrawals w ON w.channel_order_no = c.number "
    "WHERE w.id IS NULL AND c.success = 1 ORDER BY c.id"
)

PAY_JOURNALS = (
    "SELECT o.id, o.goods + o.freight, o.paid_at, CASE WHEN j.id IS NULL THEN 0 ELSE 1 END, COALESCE(j.x0, 0) "
    "FROM orders o LEFT JOIN journal j ON j.id = o.id * 4096 + :pay * 64 AND j.part = 0 "
    "WHERE o.paid_at >= 0 AND (j.id IS NULL OR j.x0 <> o.goods + o.freight) ORDER BY o.id"
)
REFUND_JOURNALS = (
    "SELECT o.id, o.refunded, COALESCE(r.n, 0), COALESCE(r.back, 0), COALESCE(r.last, -1) FROM orders o LEFT JOIN "
    "(SELECT id >> 12 AS order_id, COUNT(*) AS n, SUM(x0) AS back, MAX(id) AS last FROM journal "
    f"WHERE {_KIND} = :refund GROUP BY id >> 12) r ON r.order_id = o.id "
    "WHERE o.refunded <> COALESCE(r.back, 0) ORDER BY o.id"
)
UNFOUNDED = (
    f"SELECT j.id, j.x0, j.event_at FROM journal j LEFT JOIN orders o ON o.id = j.id >> 12 "
    f"WHERE {_KIND.replace('id', 'j.id')} IN (:pay, :refund) AND (o.id IS NULL OR o.paid_at < 0) ORDER BY j.id"
)
ENTRIES = (
    "SELECT journal_id, member, SUM(entry), SUM(posted), MAX(at) FROM ("
    "SELECT journal_id, member, amount AS entry, 0 AS posted, time AS at FROM entries UNION ALL "
    f"SELECT journal_id, account - {FIRST_WALLET}, 0, -amount, event_at FROM postings "
    f"WHERE account >= {FIRST_WALLET} AND {_KIND.replace('id', 'journal_id')} IN (:commission, :clawback, :period)"
    ") AS both_sides GROUP BY journal_id, member HAVING SUM(entry) <> SUM(posted) ORDER BY journal_id, member"
)
"""Entries and the journals that book them, member by member."""
DRAWN = (
    f"SELECT id, part, {', '.join(f'a{leg}, x{leg}' for leg in range(4))}, event_at FROM journal "
    f"WHERE {_KIND} IN (:withdraw, :reject, :paid, :failed, :sent) ORDER BY id, part"
)
WITHDRAWALS = "SELECT id, member, status, amount, fee, tax, asked_at, sent_at, done_at FROM withdrawals ORDER BY id"
_LIVE, _OVER = (WithdrawalStatus.failed, WithdrawalStatus.rejected), WithdrawalStatus.paid
_GONE = ", ".join(str(int(one)) for one in _LIVE)
WALLETS = (
    "SELECT member, SUM(wallet), SUM(ledger), SUM(earned), SUM(a) - SUM(c), SUM(b) - SUM(d) FROM ("
    "SELECT member, pending + held + available AS wallet, 0 AS ledger, 0 AS earned, withdrawing AS a, withdrawn AS b, "
    "0 AS c, 0 AS d FROM wallets UNION ALL "
    f"SELECT account - {FIRST_WALLET}, 0, -amount, 0, 0, 0, 0, 0 FROM balances WHERE account >= {FIRST_WALLET} "
    "UNION ALL SELECT member, 0, 0, SUM(amount), 0, 0, 0, 0 FROM entries GROUP BY member UNION ALL "
    f"SELECT member, 0, 0, -SUM(CASE WHEN status IN ({_GONE}) THEN 0 ELSE amount END), 0, 0, "
    f"SUM(CASE WHEN status IN ({_GONE}, {int(_OVER)}) THEN 0 ELSE amount END), "
    f"SUM(CASE WHEN status = {int(_OVER)} THEN amount ELSE 0 END) FROM withdrawals GROUP BY member"
    ") AS witnesses GROUP BY member HAVING (SUM(wallet) <> SUM(ledger) AND SUM(wallet) <> SUM(earned)) "
    "OR SUM(a) <> SUM(c) OR SUM(b) <> SUM(d) ORDER BY member"
)
"""Wallets that are neither what the ledger says nor what entries and withdrawals come to: two witnesses against one."""

_VALUES: dict[str, int] = {one.name: int(one) for one in JournalKind} | {"day": DAY}


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the store as it stands at one moment, whatever clients do meanwhile."""
    options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.connect() as connection:
        connection.execution_options(**options)
        try:
            with connection.begin() as transaction:
                yield connection
                transaction.rollback()
        finally:
            connection.invalidate()  # what is temporary ends with the connection: it does not go back into a pool


def put_payments(connection: Connection, lines: Sequence[Payment]) -> None:
    """Let the database have a payment channel's lines; a line's number is its place."""
    _payments.create(connection)
    columns = {
        "order_id": np.array(
            [one.order if one.order >= 0 else -1 - place for place, one in enumerate(lines)], np.int64
        ),
        "at": np.array([one.time for one in lines], np.int64),
        "amount": np.array([one.amount for one in lines], np.int64),
        "refund": np.array([one.refund for one in lines], np.int64),
    }
    texts = {"refund_no": [one.refund_no for one in lines]}
    insert_rows(connection, _payments, {"id": np.arange(len(lines)), **columns, **texts})


def put_payouts(connection: Connection, lines: Sequence[Payout]) -> None:
    """Let the database have a payout channel's lines."""
    _payouts.create(connection)
    columns = {
        "at": np.array([one.time for one in lines], np.int64),
        "amount": np.array([one.amount for one in lines], np.int64),
        "success": np.array([one.success for one in lines], np.int64),
    }
    texts = {"number": [one.number for one in lines]}
    insert_rows(connection, _payouts, {"id": np.arange(len(lines)), **columns, **texts})


def ask(connection: Connection, question: str, **values: int) -> list[tuple[int, ...]]:
    """Whole numbers that a question is answered by."""
    given = _VALUES | values
    known = {name: given[name] for name in re.findall(r":([a-z]+)", question)}
    return [tuple(map(int, row)) for row in connection.execute(text(question), known)]
