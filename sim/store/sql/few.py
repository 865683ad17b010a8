"""A few journals at once, as orders come in: one statement, one round trip, one flush.

The database does all of it in one function (`post_journals` of the first migration). What is left here is done on plain
numbers: for a handful of rows the calls of NumPy would cost more than the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from sim.store.sql.accounts import FIRST_WALLET
from sim.store.sql.digest import LEGS, NO_JOURNAL, plain_digest
from sim.store.sql.direct import INT8_ARRAY, DirectError, ask
from sim.store.sql.ledger import ConflictError, Posted, post_batch
from sim.store.sql.packing import array_head

FEW = 64
"""Rows of journals up to which this is faster than COPY."""

_POST = b"SELECT post_journals($1, $2)"
_HEAD = 4
_NEW = ord("1")
Numbers = Sequence[int]


def post(connection: Connection, journals: NDArray[Any], moves: NDArray[Any]) -> Posted:
    """Book journals, few or many, as `post_few` or `post_batch` does, whichever is faster here."""
    few = len(journals) <= FEW and connection.dialect.name == "postgresql"
    return (post_few if few else post_batch)(connection, journals, moves)


def post_few(connection: Connection, journals: NDArray[Any], moves: NDArray[Any]) -> Posted:
    """Book a few journals: on PostgreSQL with one statement, which is all of a transaction if none is open.

    Like `post_batch` in everything else; to be fast alone, the connection has the isolation level AUTOCOMMIT.
    """
    if connection.dialect.name != "postgresql":
        return post_batch(connection, journals, moves)
    rows: list[Numbers] = sorted(journals.tolist())
    first = _first_rows(rows)
    moved: list[Numbers] = sorted(moves.tolist(), key=_member)
    _check(rows, moved, first)
    fresh = _call(connection, _journals(rows, first), _moves(moved, first))
    new = [number for number, at in first.items() if fresh[at - 1] == _NEW]
    again = [number for number, at in first.items() if fresh[at - 1] != _NEW]
    return Posted(np.array(new, np.int64), np.array(again, np.int64))


def _member(move: Numbers) -> int:
    return move[1]


def _first_rows(rows: Sequence[Numbers]) -> dict[int, int]:
    """Where each journal begins, from 1 on."""
    first: dict[int, int] = {}
    last = None
    for at, row in enumerate(rows, 1):
        number, part = row[0], row[1]
        if (number, part) == last:
            raise ValueError(f"journal {number} is given twice")
        if number not in first:
            if part:
                raise ValueError(f"journal {number} has no part 0")
            first[number] = at
        last = number, part
    return first


def _check(rows: Sequence[Numbers], moves: Sequence[Numbers], first: dict[int, int]) -> None:
    """Moves belong to journals that are given, or to none; and add to wallets what the journals say."""
    off: dict[int, int] = {}
    for move in moves:
        if move[0] not in first and move[0] != NO_JOURNAL:
            raise ValueError(f"a move names journal {move[0]}, which is not given")
        off[move[1]] = off.get(move[1], 0) + move[2] + move[3] + move[4]
    for row in rows:
        for leg in range(_HEAD, _HEAD + LEGS):
            if row[leg] >= FIRST_WALLET and row[leg + LEGS]:
                member = row[leg] - FIRST_WALLET
                off[member] = off.get(member, 0) + row[leg + LEGS]
    for member in sorted(off):
        if off[member]:
            raise ValueError(f"moves of member {member} are {off[member]} fen off what the journals say")


def _journals(rows: Sequence[Numbers], first: dict[int, int]) -> bytes:
    """What the function takes: each row with the digest of its journal behind the first four numbers."""
    numbers: list[int] = []
    ends = [*(begin - 1 for begin in first.values()), len(rows)][1:]
    for begin, end in zip(first.values(), ends, strict=False):
        own = rows[begin - 1 : end]
        digest = plain_digest(own)
        for row in own:
            numbers += (*row[:_HEAD], digest, *row[_HEAD:])
    return _packed(numbers)


def _moves(moves: Sequence[Numbers], first: dict[int, int]) -> bytes:
    """What the function takes: where a journal begins instead of its number."""
    numbers: list[int] = []
    for journal, *rest in moves:
        numbers.append(first.get(journal, 0))
        numbers += rest
    return _packed(numbers)


def _packed(numbers: Sequence[int]) -> bytes:
    """An `int8[]`, as PostgreSQL reads it."""
    with_lengths = [8] * (2 * len(numbers))
    with_lengths[1::2] = numbers
    return array_head("int8", len(numbers)) + _struct(len(numbers)).pack(*with_lengths)


@lru_cache(maxsize=256)
def _struct(count: int) -> Struct:
    return Struct(f">{'iq' * count}")


def _call(connection: Connection, journals: bytes, moves: bytes) -> bytes:
    """Let the database book them: for each row, "1" if it is new, "0" if it was there."""
    try:
        return ask(connection, _POST, (INT8_ARRAY, INT8_ARRAY), (journals, moves)) or b""
    except DirectError as error:
        raise ConflictError((int(error.detail),)) from error
