"""Writes a change of pages: the pages themselves, what people ask for in columns, entries, journals, wallets."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
from sqlalchemy import Connection, bindparam, insert, update

from rules.events import DAY
from rules.payout.channel import channel_order_no
from sim.store.asks import Change
from sim.store.journals import Journal
from sim.store.pages import MemberPage, OrderPage, WithdrawalPage
from sim.store.sql.accounts import FIRST_WALLET
from sim.store.sql.bulk import driver
from sim.store.sql.digest import JOURNAL, LEGS, MOVE, NO_JOURNAL
from sim.store.sql.few import post
from sim.store.sql.ledger import ConflictError
from sim.store.sql.schema import bindings, entries, inbox, members, order_lines, orders, withdrawals

MEMBER_COLUMNS = ("upline", "joined_at", "bound_at", "rank", "frozen")
ORDER_COLUMNS = ("buyer", "status", "placed_at", "paid_at", "received_at", "goods", "freight", "refunded", "channel")
_ENTRY_COLUMNS = ("time", "member", "amount", "base", "rate", "period", "line", "plan", "source", "level", "component")
_BINDING_BITS = 4
"""Bits of a binding's number below its stamp and client: which binding of the transaction."""


def _update(table: Any, key: str, columns: Sequence[str]) -> Any:  # noqa: ANN401 - a table, a statement
    values: dict[str, Any] = {name: bindparam(name) for name in columns}
    return update(table).where(table.c[key] == bindparam("key")).values(values)


_MEMBER = _update(members, "id", (*MEMBER_COLUMNS, "next_midnight", "due_at", "book"))
_ORDER = _update(orders, "id", (*ORDER_COLUMNS, "plan", "settled_at", "due_at", "book"))
_WITHDRAWAL_COLUMNS = ("status", "sent_at", "done_at", "fee", "tax", "book")
_WITHDRAWAL = _update(withdrawals, "id", _WITHDRAWAL_COLUMNS)


def write_change(connection: Connection, change: Change) -> int:
    """Write a change in the transaction that has locked its pages; how many statements that took.

    Raises:
        ConflictError: a journal that is new has been booked before.
    """
    with _together(connection):
        sent = _write(connection, change)
    if not change.journals and not change.made.moved:
        return sent
    _book(connection, change)
    return sent + 1


def _together(connection: Connection) -> AbstractContextManager[object]:
    """Sends statements without waiting for the answer to each, where the driver can."""
    if connection.dialect.name != "postgresql":
        return nullcontext()
    pipeline: AbstractContextManager[object] = driver(connection).pipeline()
    return pipeline


def _write(connection: Connection, change: Change) -> int:
    made, sent = change.made, 0
    if made.members:
        connection.execute(_MEMBER, [member_row(page) for page in made.members])
        sent += 1
    if made.order is not None:
        _write_order(connection, change, made.order)
        sent += 1 if change.lines is None else 2
    known = {page.id for page in change.drawn}
    for page in made.withdrawals:
        row = withdrawal_row(page)
        connection.execute(_WITHDRAWAL if page.id in known else insert(withdrawals), row)
        sent += 1
    if len(made.ids):
        connection.execute(insert(entries), _entry_rows(change))
        sent += 1
    if change.bound:
        connection.execute(insert(bindings), _binding_rows(change))
        sent += 1
    if change.source >= 0:
        told = {"source": change.source, "kind": change.kind, "number": change.number, "refusal": made.refusal}
        connection.execute(insert(inbox), told)
        sent += 1
    return sent


def member_row(page: MemberPage) -> dict[str, Any]:
    """The columns of a member."""
    row = page.row[0]
    told = {name: row[name].item() for name in MEMBER_COLUMNS}
    return told | {"key": page.id, "next_midnight": page.next_midnight, "due_at": page.due_at, "book": page.to_bytes()}


def order_row(page: OrderPage) -> dict[str, Any]:
    """The columns of an order."""
    row = page.row[0]
    told = {name: row[name].item() for name in ORDER_COLUMNS}
    settled = int(row["settle_at"]) if page.due_at < 0 and row["received_at"] >= 0 else -1
    return told | {
        "plan": int(row["plan"]),
        "settled_at": settled,
        "due_at": page.due_at,
        "book": page.to_bytes(),
        "key": page.id,
    }


def _write_order(connection: Connection, change: Change, page: OrderPage) -> None:
    row = order_row(page)
    if change.before is not None:
        connection.execute(_ORDER, row)
        return
    row["id"] = row.pop("key")
    connection.execute(insert(orders), row)
    lines = change.lines
    assert lines is not None
    connection.execute(
        insert(order_lines),
        [
            {
                "order_id": page.id,
                "line": int(event["line"]),
                "sku": int(event["sku"]),
                "category": int(event["category"]),
                "quantity": int(event["quantity"]),
                "price": int(event["price"]),
                "paid": int(line["paid"]),
                "bucket": bucket,
            }
            for event, line, bucket in zip(lines, page.lines, change.buckets, strict=True)
        ],
    )


def withdrawal_row(page: WithdrawalPage) -> dict[str, Any]:
    """The columns of a withdrawal."""
    row = page.row[0]
    told = {name: int(row[name]) for name in ("member", "status", "sent_at", "done_at", "amount", "fee", "tax")}
    number = channel_order_no(page.id)
    return told | {
        "id": page.id,
        "key": page.id,
        "asked_at": int(row["time"]),
        "channel_order_no": number,
        "book": page.to_bytes(),
    }


def _entry_rows(change: Change) -> list[dict[str, int]]:
    made = change.made
    told = []
    for entry, number, reverses in zip(made.entries, made.ids.tolist(), made.reverses.tolist(), strict=True):
        row = {name: int(entry[name]) for name in _ENTRY_COLUMNS}
        told.append(row | {"id": number, "order_id": int(entry["order"]), "reverses": reverses})
    for row, journal in zip(told, change.journal_of_entries, strict=True):
        row["journal_id"] = journal
    return told


def _binding_rows(change: Change) -> list[dict[str, int]]:
    return [
        {
            "id": change.number << _BINDING_BITS | place,
            "member": member,
            "inviter": inviter,
            "at": change.time,
            "via": via,
        }
        for place, (member, inviter, via) in enumerate(change.bound)
    ]


def _book(connection: Connection, change: Change) -> None:
    """Book the journals, and with them what the wallets gained."""
    rows = [part for one in change.journals for part in journal_rows(one)]
    first: dict[int, int] = {}
    for one in change.journals:
        for account, _ in one.legs:
            first.setdefault(account - FIRST_WALLET, one.id)
    moves = [(first.get(member, NO_JOURNAL), member, *gained) for member, gained in sorted(change.made.moved.items())]
    posted = post(connection, np.array(rows, JOURNAL), np.array(moves, MOVE))
    if len(posted.again):
        raise ConflictError(tuple(posted.again.tolist()))


def journal_rows(one: Journal) -> list[tuple[int, ...]]:
    """`JOURNAL` rows of a journal."""
    told = []
    for part, legs in enumerate(one.rows()):
        padded = [*legs, *[(0, 0)] * (LEGS - len(legs))]
        numbers = (*(account for account, _ in padded), *(amount for _, amount in padded))
        told.append((one.id, part, one.event_at, one.event_at // DAY, *numbers))
    return told
