"""Journals for tests: orders that pay commission to a few members."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from sim.store.sql.accounts import FIRST_WALLET, JournalKind, ShopAccount, journal_id
from sim.store.sql.digest import JOURNAL, MOVE

Booking = tuple[NDArray[Any], NDArray[Any]]


def commission(order: int, shares: dict[int, int], state: str = "pending", part_size: int = 3) -> Booking:
    """The journal of an order that owes some members some fen each, three to a row, and what it moves."""
    number, members = journal_id(order, JournalKind.commission), list(shares)
    groups = [members[i : i + part_size] for i in range(0, len(members), part_size)]
    rows, moves = np.zeros(len(groups), JOURNAL), np.zeros(len(members), MOVE)
    for part, (row, group) in enumerate(zip(rows, groups, strict=True)):
        row["id"], row["part"] = number, part
        row["event_at"], row["business_date"] = 1_700_000_000 + order, 19_675
        row["a0"], row["x0"] = ShopAccount.commission, sum(shares[one] for one in group)
        for leg, member in enumerate(group, 1):
            row[f"a{leg}"], row[f"x{leg}"] = FIRST_WALLET + member, -shares[member]
    moves["journal"], moves["member"], moves[state] = number, members, list(shares.values())
    return rows, moves


def together(*bookings: Booking) -> Booking:
    """Several as one batch."""
    return np.concatenate([one for one, _ in bookings]), np.concatenate([one for _, one in bookings])


def facts(connection: Connection) -> dict[str, Any]:
    """All that a ledger says: its postings, its wallets, and how many of these are uneven."""

    def rows(statement: str) -> list[tuple[int, ...]]:
        return [tuple(map(int, row)) for row in connection.execute(text(statement))]

    return {
        "postings": rows("SELECT journal_id, seq, account, amount FROM postings ORDER BY 1, 2"),
        "wallets": rows("SELECT * FROM wallets ORDER BY member"),
        "uneven": rows("SELECT * FROM uneven_wallets"),
        "sum": rows("SELECT COALESCE(SUM(amount), 0) FROM postings")[0][0],
    }


def at_once(client: Callable[[int], None], count: int) -> None:
    """Run a client so many times at once, each with its number; what goes wrong in one goes wrong here."""
    errors: list[BaseException] = []

    def run(number: int) -> None:
        try:
            client(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if errors:
        raise errors[0]
