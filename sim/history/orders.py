"""An operator's own orders as an event log: the contract's history columns in, events and names out.

Orders need `member_id`, `paid_at` and an amount (`price` × `quantity`, or `amount`, what was paid for the line); all
else is optional. Whatever the members table does not say follows from the orders: a member registers with the first
order or the first invitee, an inviter without a row gets one, somebody who was invited by a person that joined later is
bound on that day. After the last event time goes on to the end of the month and of the week, so that all periods the
orders lie in are closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rules.errors import InputError, Place
from rules.events import DAY, EventLog, Kind, Names, Records, blank
from rules.money import MAX_AMOUNT
from sim.history import purchases
from sim.history.cells import ABSENT, Sheet, open_sheet, table_sheet
from sim.history.people import People, read_people

Integers = NDArray[np.int64]

ORDER_COLUMNS = (
    "order_id", "line", "member_id", "placed_at", "paid_at", "received_at", "sku", "category", "quantity",
    "price", "member_price", "discount", "freight", "refunded_at", "refund_amount", "channel", "amount",
)  # fmt: skip
MEMBER_COLUMNS = ("member_id", "inviter_id", "rank", "joined_at")
MOST_LINES, MOST_PIECES = 32_767, 1_000_000


@dataclass(frozen=True)
class History:
    """Orders from outside, ready for replay.

    Attributes:
        log: the events and the names behind their numbers.
        rows, kept: rows of the orders table, and how many of them are in the log.
        refused: what was wrong with those that are not, and with rows of the members table.
        unknown: columns that are none of the contract's.
        extra: those columns, a row per order line of the log, beside `order` and `line`.
        late_bindings: members whose inviter joined after them.
    """

    log: EventLog
    rows: int
    kept: int
    refused: tuple[InputError, ...]
    unknown: tuple[str, ...]
    extra: pa.Table
    late_bindings: int


@dataclass(frozen=True)
class Lines:
    """Order lines in columns, (rows,): seconds and fen, ABSENT where there is nothing."""

    order: Integers  # number of the order, by first appearance in the table
    place: Integers  # of the line in its order, from 1
    placed: Integers
    paid: Integers
    received: Integers
    refunded: Integers
    quantity: Integers
    price: Integers
    member_price: Integers
    discount: Integers
    freight: Integers
    refund: Integers


def read_history(orders: Path, members: Path | None = None, quarantine: bool = False) -> History:
    """The history in an orders file and, if there is one, a members file (CSV or Parquet).

    The two CDNOW text layouts are orders files too.

    Args:
        orders: the orders file.
        members: the members file.
        quarantine: leave out the orders and members that have a problem, instead of refusing the file.

    Raises:
        InputError: file and line, what was given, what is allowed.
    """
    sheet = _cdnow_sheet(orders) or open_sheet(orders)
    return _history(sheet, open_sheet(members) if members else None, quarantine)


def history_of(orders: pa.Table, members: pa.Table | None = None, quarantine: bool = False) -> History:
    """The history in tables made by a program; messages call them `orders` and `members`, rows count from 1."""
    people = None if members is None else table_sheet(members, "members")
    return _history(table_sheet(orders, "orders"), people, quarantine)


def _cdnow_sheet(path: Path) -> Sheet | None:
    """A CDNOW purchase log as orders: every row one order of one line."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            found = purchases.recognise(file.readline())
    except OSError:
        return None
    if found is None:
        return None
    log = purchases.read(path)
    table = pa.table(
        {
            "member_id": pa.array(log.ids, pa.string()).take(pa.array(log.customer)),
            "paid_at": pa.array(log.day, pa.int32()).cast(pa.date32()),
            "quantity": pa.array(np.maximum(log.items, 1)),
            "amount": pc.divide(pa.array(log.cents).cast(pa.decimal128(18, 0)), pa.scalar(100)).cast(pa.string()),
        }
    )
    return table_sheet(table, str(path))


def _history(sheet: Sheet, members: Sheet | None, quarantine: bool) -> History:
    _require(sheet)
    if members is not None and "member_id" not in members.table.column_names:
        raise InputError("there is no column member_id", Place(members.name, 1), ", ".join(MEMBER_COLUMNS))
    buyers, ids, lines = sheet.text("member_id"), _order_ids(sheet), _lines(sheet)
    sheet.note(pc.is_null(buyers).to_numpy(zero_copy_only=False), "member_id", "who bought")
    _check_orders(sheet, lines, buyers)
    people = read_people(members, buyers, np.where(lines.placed == ABSENT, lines.paid, lines.placed))
    refused = [*sheet.refused(), *(members.refused() if members else ())]
    if refused and not quarantine:
        more = f" (and {len(refused) - 1} more problems)" if len(refused) > 1 else ""
        raise InputError(refused[0].message + more, refused[0].place, refused[0].allowed)
    bad = np.isin(lines.order, lines.order[sheet.bad_rows()])
    return _assemble(sheet, members, lines, ids, people, ~bad, tuple(refused))
