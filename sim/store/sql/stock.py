"""Pieces of stock, reserved and given back, however many buy at once: never one more than there are.

A row that many change is locked by one of them at a time until its commit is on the disk: some hundred orders a second.
A hot product therefore lies in several buckets, each a row; an order begins with a bucket of its own choice and goes on
to others. Whoever changes stock goes by (sku, bucket) upwards, holding at most one bucket of a product unless it holds
them all from the lowest on: nobody waits in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, text

from sim.store.sql.direct import INT8, ask

MOST_BUCKETS = 64


class SoldOutError(Exception):
    """There are not enough pieces of a product; what the order had taken of others before is given back.

    Attributes:
        sku: the product. left: pieces that were there.
    """

    def __init__(self, sku: int, left: int) -> None:
        self.sku, self.left = sku, left
        super().__init__(f"product {sku} is sold out: {left} left")


def reserve(connection: Connection, wanted: Mapping[int, int], order: int) -> dict[int, int]:
    """Take pieces for an order: all it wants, or nothing.

    Args:
        connection: in a transaction of the isolation level READ COMMITTED, as `engine_for` makes them. One product on
            PostgreSQL is one statement, and may be all of a transaction.
        wanted: pieces by sku.
        order: its number: orders spread over buckets by it.

    Returns:
        From which bucket the pieces of each product came.

    Raises:
        SoldOutError: there are too few of one; the transaction may go on.
    """
    taken: dict[int, int] = {}
    for sku, pieces in sorted(wanted.items()):
        try:
            taken[sku] = _take(connection, sku, pieces, order)
        except SoldOutError:
            give_back(connection, [(one, bucket, wanted[one]) for one, bucket in taken.items()])
            raise
    return taken


def give_back(connection: Connection, pieces: Iterable[tuple[int, int, int]]) -> None:
    """Put back pieces, each (sku, bucket, pieces); into bucket 0 where the bucket is no more.

    Raises:
        ValueError: a product that has no stock.
    """
    for sku, bucket, count in sorted(pieces):
        for into in (bucket, 0):
            if _add(connection, sku, into, count):
                break
        else:
            raise ValueError(f"product {sku} has no stock to give {count} pieces back to")


def spread(connection: Connection, sku: int, buckets: int) -> None:
    """Lay the pieces of a product evenly into so many buckets.

    Raises:
        ValueError: it has no stock, or too many buckets are wanted.
    """
    if not 1 <= buckets <= MOST_BUCKETS:
        raise ValueError(f"{buckets} buckets are not 1 to {MOST_BUCKETS}")
    there = _locked(connection, sku)
    if not there:
        raise ValueError(f"product {sku} has no stock")
    each, more = divmod(sum(there.values()), buckets)
    for bucket in range(max(buckets, max(there) + 1)):
        values = {"sku": sku, "bucket": bucket, "pieces": each + (bucket < more)}
        if bucket >= buckets:
            connection.execute(_DELETE, values)
        elif bucket in there:
            connection.execute(_SET, values)
        else:
            connection.execute(_INSERT, values)


def gather(connection: Connection, sku: int) -> None:
    """Lay all pieces of a product into one bucket."""
    spread(connection, sku, 1)


def _take(connection: Connection, sku: int, pieces: int, order: int) -> int:
    """Take pieces of one product from one bucket: which."""
    take = _take_at_once if connection.dialect.name == "postgresql" else _take_by_steps
    while (bucket := take(connection, sku, pieces, order)) is None:
        _pile(connection, sku, pieces, order)
    return bucket


def _take_at_once(connection: Connection, sku: int, pieces: int, order: int) -> int | None:
    """The same as `_take_by_steps`, by a function of the first migration: one round trip."""
    said = ask(connection, _TAKE, (INT8,) * 3, [value.to_bytes(8, "big") for value in (sku, pieces, order)])
    if said is not None and int(said) < 0:
        raise SoldOutError(sku, -1 - int(said))
    return None if said is None else int(said)


def _take_by_steps(connection: Connection, sku: int, pieces: int, order: int) -> int | None:
    """Try the buckets in which there is enough, the order's own first; None where no bucket has enough alone."""
    while True:
        there = {int(bucket): int(left) for bucket, left in connection.execute(_LOOK, {"sku": sku})}
        if sum(there.values()) < pieces:  # of one moment: pieces that move between buckets are counted once
            raise SoldOutError(sku, sum(there.values()))
        if max(there.values()) < pieces:
            return None
        first = order % len(there)
        for bucket in sorted(there, key=lambda one: (one < first, one)):
            if there[bucket] >= pieces and _add(connection, sku, bucket, -pieces):
                return bucket


def _add(connection: Connection, sku: int, bucket: int, pieces: int) -> bool:
    """Add pieces to a bucket, or take them if there are as many."""
    values = {"sku": sku, "bucket": bucket, "pieces": pieces}
    return connection.execute(_ADD, values).rowcount == 1


def _pile(connection: Connection, sku: int, pieces: int, order: int) -> None:
    """Fill up one bucket from the others, where there are enough pieces but nowhere enough together."""
    there = _locked(connection, sku)
    if max(there.values()) >= pieces or sum(there.values()) < pieces:
        return
    wanted = list(there)[order % len(there)]
    need = pieces - there[wanted]
    for bucket, left in there.items():
        moved = min(left, need) if bucket != wanted else 0
        if moved:
            _add(connection, sku, bucket, -moved)
            _add(connection, sku, wanted, moved)
        need -= moved


def _locked(connection: Connection, sku: int) -> dict[int, int]:
    """Pieces by bucket, all buckets locked, the lowest first."""
    ending = "" if connection.dialect.name == "sqlite" else " FOR UPDATE"
    found = connection.execute(text(f"{_LOOK.text}{ending}"), {"sku": sku})
    return {int(bucket): int(pieces) for bucket, pieces in found}


_TAKE = b"SELECT take_pieces($1, $2, $3)"
_LOOK = text("SELECT bucket, pieces FROM stock WHERE sku = :sku ORDER BY bucket")
_ADD = text(
    "UPDATE stock SET pieces = pieces + :pieces WHERE sku = :sku AND bucket = :bucket AND pieces + :pieces >= 0"
)
_SET = text("UPDATE stock SET pieces = :pieces WHERE sku = :sku AND bucket = :bucket")
_INSERT = text("INSERT INTO stock (sku, bucket, pieces) VALUES (:sku, :bucket, :pieces)")
_DELETE = text("DELETE FROM stock WHERE sku = :sku AND bucket = :bucket")
