"""Posting: journals and what they move in wallets, each exactly once, however often and from wherever it is asked.

A journal's number says what it books (`sim.store.sql.accounts`), and is the primary key; a digest of its contents is
kept with it. Asked again with the same contents, nothing happens; with others, the posting is refused and nothing of it
is booked. What a journal moves in wallets is booked with it or not at all, so a move names its journal.

Everybody locks in one order: the open batch (shared), journals by number, wallets by member. So nobody waits in a
circle. Two who book the same new journal at once meet at the primary key, and the second begins again
(`sim.store.sql.transact`) and finds it there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from sim.store.sql.accounts import FIRST_WALLET
from sim.store.sql.bulk import fetch_rows, insert_rows, upsert_add
from sim.store.sql.digest import JOURNAL, LEGS, MOVE, NO_JOURNAL, digests
from sim.store.sql.schema import journal, wallets

_BALANCE = ("pending", "held", "available")
_WALLET = np.dtype([("member", "i8"), *((name, "i8") for name in MOVE.names[2:])])  # type: ignore[index]
_BOOKED = np.dtype([("id", "i8"), ("digest", "i8")])


class ConflictError(Exception):
    """Journals that are booked already with other contents: none of what came with them was booked.

    Attributes:
        journals: their numbers.
    """

    def __init__(self, journals: tuple[int, ...]) -> None:
        self.journals = journals
        more = f" and {len(journals) - 1} more" if len(journals) > 1 else ""
        super().__init__(f"journal {journals[0]}{more}: booked already with other contents")


@dataclass(frozen=True)
class Posted:
    """What became of a posting: the numbers of journals that are new, and of those that had been booked before."""

    new: NDArray[np.int64]
    again: NDArray[np.int64]


def post_batch(connection: Connection, journals: NDArray[Any], moves: NDArray[Any]) -> Posted:
    """Book many journals in the caller's transaction.

    Args:
        connection: in a transaction, which must be rolled back when this raises.
        journals: `JOURNAL` rows, in any order.
        moves: `MOVE` rows, in any order; those of journals that are booked already are left out with these.

    Raises:
        ConflictError: one of the journals is booked already with other contents.
        ValueError: journals and moves do not fit together.
    """
    rows, starts, ids = _sorted(journals)
    _check_names(ids, moves)
    if not len(rows):
        _add_to_wallets(connection, rows, moves)
        return Posted(ids, ids)
    marks = digests(rows, starts)
    again = _booked_before(connection, ids, marks)
    if again.any():
        sizes = np.diff(starts, append=len(rows))
        rows, marks_of_rows = rows[np.repeat(~again, sizes)], np.repeat(marks[~again], sizes[~again])
        moves = moves[~np.isin(moves["journal"], ids[again])]
    else:
        marks_of_rows = np.repeat(marks, np.diff(starts, append=len(rows)))
    if len(rows):
        columns = {name: rows[name] for name in JOURNAL.names or ()}
        insert_rows(connection, journal, columns | {"batch": open_batch(connection), "digest": marks_of_rows})
    _add_to_wallets(connection, rows, moves)
    return Posted(ids[~again], ids[again])


def open_batch(connection: Connection) -> int:
    """The batch that is open, kept open until the transaction ends (`sim.store.sql.audit` seals the others)."""
    if connection.dialect.name == "postgresql":
        return int(connection.execute(text("SELECT open_batch()")).scalar_one())
    latest = text("SELECT MAX(id) FROM batches")
    while True:
        chosen = int(connection.execute(latest).scalar_one())
        if connection.dialect.name == "sqlite":  # there is one writer, and it is us
            return chosen
        connection.execute(text("SELECT id FROM batches WHERE id = :id LOCK IN SHARE MODE"), {"id": chosen})
        if chosen == connection.execute(latest).scalar_one():
            return chosen


def _sorted(journals: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.intp], NDArray[np.int64]]:
    """Rows by number and part, where each journal begins, and the numbers."""
    rows = np.ascontiguousarray(journals, JOURNAL)
    ids, parts = rows["id"], rows["part"]
    later = (ids[1:] > ids[:-1]) | ((ids[1:] == ids[:-1]) & (parts[1:] > parts[:-1]))
    if not later.all():
        rows = rows[np.lexsort((parts, ids))]
        ids, parts = rows["id"], rows["part"]
        if (twice := (ids[1:] == ids[:-1]) & (parts[1:] == parts[:-1])).any():
            raise ValueError(f"journal {ids[1:][twice][0]} is given twice")
    first = np.ones(len(rows), np.bool_)
    first[1:] = ids[1:] != ids[:-1]
    starts = np.flatnonzero(first)
    if parts[starts].any():
        raise ValueError(f"journal {ids[starts][parts[starts] != 0][0]} has no part 0")
    return rows, starts, np.ascontiguousarray(ids[starts])


def _check_names(ids: NDArray[np.int64], moves: NDArray[Any]) -> None:
    """Moves belong to journals that are given, or to none."""
    named = moves["journal"]
    at = np.searchsorted(ids, named)
    known = named == NO_JOURNAL
    known |= ids[np.minimum(at, len(ids) - 1)] == named if len(ids) else False
    if not known.all():
        raise ValueError(f"a move names journal {named[~known][0]}, which is not given")


def _booked_before(connection: Connection, ids: NDArray[np.int64], marks: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which journals are booked already, every one with the same contents."""
    found = fetch_rows(connection, "SELECT id, digest FROM journal WHERE part = 0 AND id {keys}", ids, _BOOKED)
    again = np.zeros(len(ids), np.bool_)
    at = np.searchsorted(ids, found["id"])
    again[at] = True
    if (other := marks[at] != found["digest"]).any():
        raise ConflictError(tuple(sorted(found["id"][other].tolist())))
    return again


def _by_member(rows: NDArray[Any], moves: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """What is added to each wallet, by member; and how far that is from what the ledger says, in exact numbers."""
    accounts, amounts = (_legs(rows, letter) for letter in "ax")
    owed = (accounts >= FIRST_WALLET) & (amounts != 0)
    members = np.concatenate([moves["member"], accounts[owed] - FIRST_WALLET])
    order = np.argsort(members, kind="stable")
    members = members[order]
    starts = np.flatnonzero(np.diff(members, prepend=-1))
    added = np.zeros(len(starts), _WALLET)
    added["member"] = members[starts]
    uneven = _summed(np.concatenate([sum(moves[name] for name in _BALANCE), amounts[owed]]), order, starts)
    nothing = np.zeros(int(owed.sum()), np.int64)
    for name in _WALLET.names[1:]:  # type: ignore[index]
        added[name] = _summed(np.concatenate([moves[name], nothing]), order, starts)
    return added, uneven


def _legs(rows: NDArray[Any], letter: str) -> NDArray[np.int64]:
    return np.concatenate([rows[f"{letter}{leg}"] for leg in range(LEGS)])


def _summed(values: NDArray[np.int64], order: NDArray[np.intp], starts: NDArray[np.intp]) -> NDArray[np.int64]:
    summed: NDArray[np.int64] = np.add.reduceat(values[order], starts) if len(starts) else np.empty(0, np.int64)
    return summed


def _check_even(added: NDArray[Any], uneven: NDArray[np.int64]) -> None:
    if uneven.any():
        at = int(np.flatnonzero(uneven)[0])
        raise ValueError(f"moves of member {added['member'][at]} are {uneven[at]} fen off what the journals say")


def _add_to_wallets(connection: Connection, rows: NDArray[Any], moves: NDArray[Any]) -> None:
    added, uneven = _by_member(rows, moves)
    _check_even(added, uneven)
    upsert_add(connection, wallets, added)
