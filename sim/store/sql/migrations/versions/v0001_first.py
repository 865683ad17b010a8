"""The first version of a store: tables and views, and on PostgreSQL the functions that book a few journals at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mysql import MEDIUMBLOB, MEDIUMTEXT

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MYSQL = ("mysql", "mariadb")
_OPTIONS = {"engine": "InnoDB", "charset": "utf8mb4", "collate": "utf8mb4_bin"}
_ON_MYSQL = {f"{name}_{option}": value for name in _MYSQL for option, value in _OPTIONS.items()}
_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_BOOK = sa.LargeBinary().with_variant(MEDIUMBLOB(), *_MYSQL)
_LONG_TEXT = sa.Text().with_variant(MEDIUMTEXT(), *_MYSQL)


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, _KEY, primary_key=True, autoincrement=False)


def _small_key(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger(), primary_key=True, autoincrement=False)


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _counts(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _smalls(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.SmallInteger(), nullable=False) for name in names]


def _text(name: str, unique: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(64), nullable=False, unique=unique)


def _book() -> sa.Column[bytes]:
    return sa.Column("book", _BOOK, nullable=False)


def _table(name: str, *parts: sa.schema.SchemaItem, changing: bool = False) -> None:
    """Make a table; one whose rows change leaves them room for it (PostgreSQL)."""
    room = {"postgresql_with": {"fillfactor": 70}} if changing else {}
    op.create_table(name, *parts, **room, **_ON_MYSQL)  # type: ignore[arg-type]


def upgrade() -> None:
    """All of it, into an empty database."""
    _people()
    _shop()
    _money()
    _indexes()
    for statement in VIEWS:
        op.execute(statement)
    if op.get_context().dialect.name == "postgresql":
        for statement in FUNCTIONS:
            op.execute(statement)
    op.execute("INSERT INTO batches (id) VALUES (1)")


def _people() -> None:
    _table(
        "store_facts", sa.Column("name", sa.String(64), primary_key=True), sa.Column("value", _LONG_TEXT, nullable=True)
    )
    _table(
        "members",
        _key("id"),
        *_numbers("upline", "joined_at", "bound_at"),
        *_smalls("rank"),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        *_numbers("next_midnight", "due_at"),
        _book(),
        changing=True,
    )
    _table("bindings", _key("id"), *_numbers("member", "inviter", "at"), *_smalls("via"))


def _shop() -> None:
    _table("products", _key("sku"), sa.Column("name", sa.String(200)), *_smalls("category"), *_numbers("price"))
    _table(
        "stock",
        _key("sku"),
        _small_key("bucket"),
        *_numbers("pieces"),
        sa.CheckConstraint("pieces >= 0", name="pieces"),
        changing=True,
    )
    times = ("placed_at", "paid_at", "received_at", "settled_at", "due_at")
    _table(
        "orders",
        _key("id"),
        *_numbers("buyer"),
        *_smalls("status"),
        *_numbers(*times, "goods", "freight", "refunded"),
        *_smalls("channel", "plan"),
        _book(),
        changing=True,
    )
    _table(
        "order_lines",
        _key("order_id"),
        _small_key("line"),
        *_counts("sku"),
        *_smalls("category"),
        *_counts("quantity"),
        *_numbers("price", "paid"),
        *_smalls("bucket"),
    )


def _money() -> None:
    _table(
        "entries",
        _key("id"),
        *_numbers("time", "order_id", "member", "amount", "base"),
        *_counts("rate"),
        *_numbers("reverses"),
        *_counts("period"),
        *_smalls("line", "plan", "source", "level", "component"),
        *_numbers("journal_id"),
    )
    _table(
        "journal",
        _key("id"),
        _small_key("part"),
        *_numbers("event_at"),
        *_counts("business_date"),
        *_numbers("batch", "digest", "a0", "a1", "a2", "a3", "x0", "x1", "x2", "x3"),
        sa.CheckConstraint("x0 + x1 + x2 + x3 = 0", name="balanced"),
    )
    _table(
        "wallets",
        _key("member"),
        *_numbers("pending", "held", "available", "withdrawing", "withdrawn"),
        sa.CheckConstraint("withdrawing >= 0", name="withdrawing"),
        sa.CheckConstraint("withdrawn >= 0", name="withdrawn"),
        changing=True,
    )
    _table(
        "withdrawals",
        _key("id"),
        *_numbers("member"),
        *_smalls("status"),
        *_numbers("asked_at", "sent_at", "done_at", "amount", "fee", "tax"),
        _text("channel_order_no", unique=True),
        _book(),
    )
    _table("inbox", _key("source"), *_smalls("kind"), *_numbers("number"), *_smalls("refusal"))
    _table("batches", _key("id"))
    _table("audit", _key("id"), *_numbers("rows"), _text("content"), _text("previous"), _text("seal", unique=True))


def _indexes() -> None:
    indexed = {
        "members": ("upline", "due_at"),
        "bindings": ("member",),
        "orders": ("buyer", "due_at"),
        "entries": ("order_id", "member"),
        "withdrawals": ("member",),
    }
    for table, columns in indexed.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])
    op.create_index("ix_journal_batch", "journal", ["batch"], postgresql_using="brin")  # rows lie by batch


_LEGS = " UNION ALL ".join(
    f"SELECT id AS journal_id, part * 4 + {leg} AS seq, a{leg} AS account, x{leg} AS amount, event_at, business_date "
    f"FROM journal WHERE x{leg} <> 0"
    for leg in range(4)
)
VIEWS = (
    f"CREATE VIEW postings AS {_LEGS}",
    "CREATE VIEW balances AS SELECT account, SUM(amount) AS amount FROM postings GROUP BY account",
    "CREATE VIEW uneven_wallets AS SELECT w.member, w.pending + w.held + w.available AS wallet, "
    "COALESCE(-b.amount, 0) AS ledger FROM wallets w LEFT JOIN balances b ON b.account = w.member + 16 "
    "WHERE w.pending + w.held + w.available <> COALESCE(-b.amount, 0) "
    "UNION ALL SELECT b.account - 16, 0, -b.amount FROM balances b LEFT JOIN wallets w ON w.member = b.account - 16 "
    "WHERE b.account >= 16 AND b.amount <> 0 AND w.member IS NULL",
)

OPEN_BATCH = """
CREATE FUNCTION open_batch() RETURNS bigint LANGUAGE plpgsql AS $$
-- The batch that is open, which stays so until this transaction ends: whoever seals it waits for the lock taken here.
DECLARE
  chosen bigint;
BEGIN
  LOOP
    SELECT id INTO chosen FROM batches ORDER BY id DESC LIMIT 1;
    PERFORM pg_advisory_xact_lock_shared(1718515064, chosen::integer);
    IF NOT EXISTS (SELECT FROM batches WHERE id = chosen + 1) THEN
      RETURN chosen;
    END IF;
  END LOOP;
END $$
"""

POST_JOURNALS = """
CREATE FUNCTION post_journals(journals bigint[], moves bigint[]) RETURNS text LANGUAGE plpgsql AS $$
-- Book a few journals and what they move in wallets; for each row of a journal 1 if it was new, 0 if it was there.
-- journals: 13 numbers a row, sorted by id and part: id, part, event_at, business_date, digest, a0..a3, x0..x3.
-- moves: 7 numbers a row, sorted by member: position of the journal's first row (0 = of no journal), member, pending,
-- held, available, withdrawing, withdrawn. All callers lock journals, then wallets, each in order: no deadlocks.
DECLARE
  now_open bigint := open_batch();
  fresh text := '';
  booked bigint;
BEGIN
  FOR i IN 1 .. cardinality(journals) BY 13 LOOP
    INSERT INTO journal (id, part, event_at, business_date, batch, digest, a0, a1, a2, a3, x0, x1, x2, x3)
    VALUES (journals[i], journals[i + 1], journals[i + 2], journals[i + 3], now_open, journals[i + 4],
            journals[i + 5], journals[i + 6], journals[i + 7], journals[i + 8],
            journals[i + 9], journals[i + 10], journals[i + 11], journals[i + 12])
    ON CONFLICT DO NOTHING;
    IF FOUND THEN
      fresh := fresh || '1';
    ELSE
      fresh := fresh || '0';
      SELECT digest INTO booked FROM journal WHERE id = journals[i] AND part = journals[i + 1];
      IF booked IS DISTINCT FROM journals[i + 4] THEN
        RAISE EXCEPTION 'journal % is booked already with other contents', journals[i]
          USING ERRCODE = 'FX409', DETAIL = journals[i]::text;
      END IF;
    END IF;
  END LOOP;
  FOR i IN 0 .. cardinality(moves) - 7 BY 7 LOOP
    CONTINUE WHEN moves[i + 1] > 0 AND substr(fresh, moves[i + 1]::integer, 1) = '0';
    UPDATE wallets SET pending = pending + moves[i + 3], held = held + moves[i + 4],
      available = available + moves[i + 5], withdrawing = withdrawing + moves[i + 6],
      withdrawn = withdrawn + moves[i + 7] WHERE member = moves[i + 2];
    IF NOT FOUND THEN
      INSERT INTO wallets AS t (member, pending, held, available, withdrawing, withdrawn)
      VALUES (moves[i + 2], moves[i + 3], moves[i + 4], moves[i + 5], moves[i + 6], moves[i + 7])
      ON CONFLICT (member) DO UPDATE SET pending = t.pending + moves[i + 3], held = t.held + moves[i + 4],
        available = t.available + moves[i + 5], withdrawing = t.withdrawing + moves[i + 6],
        withdrawn = t.withdrawn + moves[i + 7];
    END IF;
  END LOOP;
  RETURN fresh;
END $$
"""

TAKE_PIECES = """
CREATE FUNCTION take_pieces(wanted_sku bigint, wanted bigint, client bigint) RETURNS bigint LANGUAGE plpgsql AS $$
-- Take pieces of a product from one of its buckets, the client's own first; from which. If too few are left: -1 - left.
-- Null: there are enough, but no bucket has as many. A bucket that somebody changes just now is passed over; where
-- there is no other, all are looked at in one moment, so that pieces which somebody moves between them count once.
DECLARE
  buckets bigint;
  total bigint;
  most bigint;
  chosen bigint;
BEGIN
  UPDATE stock SET pieces = pieces - wanted WHERE sku = wanted_sku AND bucket = (
    SELECT bucket FROM stock WHERE sku = wanted_sku AND pieces >= wanted
    ORDER BY bucket < client % (SELECT count(*) FROM stock WHERE sku = wanted_sku), bucket
    LIMIT 1 FOR UPDATE SKIP LOCKED
  ) RETURNING bucket INTO chosen;
  IF FOUND THEN
    RETURN chosen;
  END IF;
  LOOP
    SELECT count(*), coalesce(sum(pieces), 0), coalesce(max(pieces), 0) INTO buckets, total, most
    FROM stock WHERE sku = wanted_sku;
    IF total < wanted THEN
      RETURN -1 - total;
    ELSIF most < wanted THEN
      RETURN NULL;
    END IF;
    FOR chosen IN
      SELECT bucket FROM stock WHERE sku = wanted_sku AND pieces >= wanted
      ORDER BY bucket < client % buckets, bucket
    LOOP
      UPDATE stock SET pieces = pieces - wanted WHERE sku = wanted_sku AND bucket = chosen AND pieces >= wanted;
      IF FOUND THEN
        RETURN chosen;
      END IF;
    END LOOP;
  END LOOP;
END $$
"""
FUNCTIONS = (OPEN_BATCH, POST_JOURNALS, TAKE_PIECES)
