"""Shelves: pieces taken and given back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select, update

from sim.store.sql.schema import order_lines, stock

_TAKE = (
    update(stock)
    .where(stock.c.sku == bindparam("at"), stock.c.bucket == bindparam("from_"), stock.c.pieces >= bindparam("wanted"))
    .values(pieces=stock.c.pieces - bindparam("wanted"))
)
_BUCKETS = select(stock.c.bucket).where(stock.c.sku == bindparam("at")).order_by(stock.c.bucket)
_LINE = select(order_lines.c.bucket).where(
    order_lines.c.order_id == bindparam("order"), order_lines.c.line == bindparam("number")
)
_BACK = (
    update(stock)
    .where(stock.c.sku == bindparam("at"), stock.c.bucket == bindparam("from_"))
    .values(pieces=stock.c.pieces + bindparam("wanted"))
)


def take(connection: Connection, pieces: Sequence[tuple[int, int]], order: int) -> list[int] | None:
    """Take pieces `(sku, how many)`."""
    chosen = []
    for sku, wanted in pieces:
        for bucket in (0,):
            if connection.execute(_TAKE, {"at": sku, "from_": bucket, "wanted": wanted}).rowcount:
                chosen.append(bucket)
                break
        else:
            return None
    return chosen


def give_back(connection: Connection, order: int, pieces: Sequence[tuple[int, int, int]]) -> None:
    """Put pieces back."""
    for line, sku, wanted in pieces:
        bucket = connection.execute(_LINE, {"order": order, "number": line}).scalar_one()
        connection.execute(_BACK, {"at": sku, "from_": bucket, "wanted": wanted})
