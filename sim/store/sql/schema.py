"""The tables of a store, as SQLAlchemy Core has them: what is sold, to whom, what is owed, and why.

Two rooms. What *people ask for* stands in typed columns: members, bindings, products, stock, orders and their life,
commission entries, the ledger, wallets, withdrawals, the audit trail. What only the *rules remember* stands in `book`
columns, as the bytes of `rules.records` rows: a client that holds the row locked hands them to the rules and writes
back what these made of them (`sim.store.sql.slices`). `store_facts` says under which layout they were written.

Money is fen, times are seconds on the local clock (Asia/Shanghai), as everywhere; `business_date` is that clock's day.
Entries, journals, bindings and the audit trail are only ever added to.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)
from sqlalchemy.dialects.mysql import MEDIUMBLOB, MEDIUMTEXT

from sim.store.sql.accounts import FIRST_WALLET

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
}
metadata = MetaData(naming_convention=NAMING)

_MYSQL = ("mysql", "mariadb")
_Number = BigInteger().with_variant(Integer, "sqlite")
_Bytes = LargeBinary().with_variant(MEDIUMBLOB(), *_MYSQL)
_LongText = Text().with_variant(MEDIUMTEXT(), *_MYSQL)


def _key(name: str) -> Column[int]:
    """A number that the caller chooses."""
    return Column(name, _Number, primary_key=True, autoincrement=False)


def _number(name: str, index: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=False, index=index)


def _small(name: str) -> Column[int]:
    return Column(name, SmallInteger, nullable=False)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def _bytes(name: str) -> Column[bytes]:
    return Column(name, _Bytes, nullable=False)


store_facts = Table("store_facts", metadata, Column("name", String(64), primary_key=True), Column("value", _LongText))
"""Layout of the books, scenario, plans, first day: what a client has to know before it begins."""

members = Table(
    "members",
    metadata,
    _key("id"),
    _number("upline", index=True),  # whom the member is bound to; -1 = nobody
    _number("joined_at"),
    _number("bound_at"),
    _small("rank"),
    _flag("frozen"),
    _number("next_midnight"),  # up to where days are closed for this member
    _number("due_at", index=True),  # when something becomes due for the member alone; -1 = nothing
    _bytes("book"),
)

bindings = Table(
    "bindings",
    metadata,
    _key("id"),
    _number("member", index=True),
    _number("inviter"),  # -1 = nobody from now on
    _number("at"),
    _small("via"),
)
"""Who was bound to whom, and when: every change, in order."""

products = Table("products", metadata, _key("sku"), Column("name", String(200)), _small("category"), _number("price"))

stock = Table(
    "stock",
    metadata,
    _key("sku"),
    Column("bucket", SmallInteger, primary_key=True, autoincrement=False),
    _number("pieces"),
    CheckConstraint("pieces >= 0", name="pieces"),
)
"""Pieces that can be sold. A product that many want at once has several buckets, each a row of its own."""

orders = Table(
    "orders",
    metadata,
    _key("id"),
    _number("buyer", index=True),
    _small("status"),  # a `rules.records.OrderStatus`
    _number("placed_at"),
    _number("paid_at"),
    _number("received_at"),
    _number("settled_at"),
    _number("due_at", index=True),  # when it is received or settled because time has passed; -1 = nothing is due
    _number("goods"),
    _number("freight"),
    _number("refunded"),
    _small("channel"),
    _small("plan"),
    _bytes("book"),
)

order_lines = Table(
    "order_lines",
    metadata,
    _key("order_id"),
    Column("line", SmallInteger, primary_key=True, autoincrement=False),
    _count("sku"),
    _small("category"),
    _count("quantity"),
    _number("price"),
    _number("paid"),
    _small("bucket"),  # of stock, from which its pieces came
)

entries = Table(
    "entries",
    metadata,
    _key("id"),
    _number("time"),
    _number("order_id", index=True),  # -1 for entries of a period or a bonus without an order
    _number("member", index=True),
    _number("amount"),
    _number("base"),
    _count("rate"),
    _number("reverses"),  # the entry that this one takes back; -1 = none
    _count("period"),
    _small("line"),
    _small("plan"),
    _small("source"),
    _small("level"),
    _small("component"),
    _number("journal_id"),
)
"""Commission entries, as `rules.records.ENTRY` has them; where their money stands is the book's business."""

journal = Table(
    "journal",
    metadata,
    _key("id"),  # `accounts.journal_id`
    Column("part", SmallInteger, primary_key=True, autoincrement=False),  # one journal may need several rows
    _number("event_at"),
    _count("business_date"),  # days since 1970-01-01 on the local clock
    _number("batch"),  # of `batches`: what is sealed together
    _number("digest"),  # of what it books: the same number with other contents is refused
    *(_number(f"a{leg}") for leg in range(4)),
    *(_number(f"x{leg}") for leg in range(4)),
    CheckConstraint("x0 + x1 + x2 + x3 = 0", name="balanced"),
)
"""The ledger: up to four legs a row, account and amount; the database itself refuses a row that does not sum to 0."""

wallets = Table(
    "wallets",
    metadata,
    _key("member"),
    _number("pending"),
    _number("held"),
    _number("available"),  # below 0 where a refund came after the payout
    _number("withdrawing"),
    _number("withdrawn"),
    CheckConstraint("withdrawing >= 0", name="withdrawing"),
    CheckConstraint("withdrawn >= 0", name="withdrawn"),
)
"""What a member has. pending + held + available is what the ledger owes the member."""

withdrawals = Table(
    "withdrawals",
    metadata,
    _key("id"),
    _number("member", index=True),
    _small("status"),  # a `rules.records.WithdrawalStatus`
    _number("asked_at"),
    _number("sent_at"),
    _number("done_at"),
    _number("amount"),
    _number("fee"),
    _number("tax"),
    Column("channel_order_no", String(64), nullable=False, unique=True),  # for life: asked again under the same number
    _bytes("book"),
)

batches = Table("batches", metadata, _key("id"))
"""Batches of the ledger: 1, 2, 3, ... The last one is open, what is booked now goes there; the others are sealed."""

inbox = Table(
    "inbox",
    metadata,
    _key("source"),  # the event's number at its source
    _small("kind"),
    _number("number"),  # of the transaction that took it
    _small("refusal"),  # -1 = it took effect
)
"""Source events that were taken: what comes again is known by its number."""

audit = Table(
    "audit",
    metadata,
    _key("id"),  # the batch it seals: 1, 2, 3, ... without a gap
    _number("rows"),
    Column("content", String(64), nullable=False),  # SHA-256 of the rows it seals
    Column("previous", String(64), nullable=False),  # the seal before it
    Column("seal", String(64), nullable=False, unique=True),  # SHA-256 of number, rows, content and previous
)
"""Seals over batches of the ledger, each over the one before: whoever changes a sealed row breaks all that follow."""

Index("ix_journal_batch", journal.c.batch, postgresql_using="brin")  # rows lie by batch: a few bytes do

_LEGS = " UNION ALL ".join(
    f"SELECT id AS journal_id, part * 4 + {leg} AS seq, a{leg} AS account, x{leg} AS amount, event_at, business_date "
    f"FROM journal WHERE x{leg} <> 0"
    for leg in range(4)
)
POSTINGS = f"CREATE VIEW postings AS {_LEGS}"
"""The ledger as an accountant has it: a row a leg."""
BALANCES = "CREATE VIEW balances AS SELECT account, SUM(amount) AS amount FROM postings GROUP BY account"
"""What every account comes to, added up from the postings and nothing else."""
UNEVEN = (
    "CREATE VIEW uneven_wallets AS SELECT w.member, w.pending + w.held + w.available AS wallet, "
    "COALESCE(-b.amount, 0) AS ledger FROM wallets w LEFT JOIN balances b "
    f"ON b.account = w.member + {FIRST_WALLET} "
    "WHERE w.pending + w.held + w.available <> COALESCE(-b.amount, 0) "
    f"UNION ALL SELECT b.account - {FIRST_WALLET}, 0, -b.amount FROM balances b "
    f"LEFT JOIN wallets w ON w.member = b.account - {FIRST_WALLET} "
    f"WHERE b.account >= {FIRST_WALLET} AND b.amount <> 0 AND w.member IS NULL"
)
"""Wallets that are not what the ledger says, and members it owes who have none: empty, always."""
VIEWS = {"postings": POSTINGS, "balances": BALANCES, "uneven_wallets": UNEVEN}

for _table in (members, stock, orders, wallets):  # their rows change: a new version finds room beside the old one
    _table.dialect_options["postgresql"]["with"] = {"fillfactor": 70}
_ON_MYSQL = {"engine": "InnoDB", "charset": "utf8mb4", "collate": "utf8mb4_bin"}
for _table in metadata.tables.values():  # transactions, and text that is only equal to itself
    _table.kwargs.update({f"{name}_{option}": value for name in _MYSQL for option, value in _ON_MYSQL.items()})
