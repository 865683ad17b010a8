"""The folder that an import leaves: plain Parquet with the contract's columns (docs/IMPORT.md says what each holds).

Times are local (Asia/Shanghai) without a zone, money is yuan as exact decimals with two places, ids are pseudonyms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.history.cells import ABSENT
from sim.imports.amounts import exact_sum
from sim.imports.links import Links
from sim.imports.orders import Orders
from sim.imports.people import People
from sim.imports.stage import Staged, indices, joined_codes

Integers = NDArray[np.int64]
MONEY = pa.decimal128(18, 2)
TIME = pa.timestamp("ms")
RECORD = "import.json"
FILES = ("orders", "members", "refunds", "commissions", "clicks", "products")
_PART = 500_000
_MOST_CHANNELS = 255


@dataclass(frozen=True)
class Written:
    """A file of the folder: its rows, and the sum of each column of money, in fen."""

    rows: int
    money: dict[str, int]


class Out:
    """Writes files into a folder, a part of the rows at a time; without a folder it only counts.

    Attributes:
        files: what was written.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self.files: dict[str, Written] = {}

    def orders(self, orders: Orders, products: Staged | None) -> int:
        """Order lines; returns how many channels had to become `other`."""
        lines = orders.lines
        heads = lines if orders.heads is None else orders.heads
        rows = np.flatnonzero(lines.good)
        head = orders.head[rows]
        channel, merged = _channels(_taken(heads, "channel", head))
        times = {name: orders.of_head(name)[rows] for name in ("placed_at", "paid_at")}
        columns: dict[str, pa.Array | Integers] = {
            "order_id": orders.names.take(pa.array(orders.order[rows])),
            "line": orders.line[rows],
            "member_id": _taken(heads, "member_id", head),
            **times,
            "received_at": orders.received[rows],
            "sku": _taken(lines, "sku", rows),
            "category": _categories(lines, rows, products),
            "quantity": lines.number("quantity")[rows],
            **{name: lines.number(name)[rows] for name in _LINE_MONEY},
            "refunded_at": lines.number("refunded_at")[rows],
            "refund_amount": lines.number("refund_amount")[rows],
            "channel": channel,
        }
        self._write("orders", columns)
        return merged

    def members(self, people: People) -> None:
        """Everybody who is named in what is kept."""
        rows = np.flatnonzero([place != "set_aside" for place in people.known_from])
        inviter = people.inviter[rows]
        columns: dict[str, pa.Array | Integers] = {
            "member_id": people.names.take(pa.array(rows)),
            "inviter_id": people.names.take(pa.array(inviter, mask=inviter < 0)),
            "rank": people.ranks.take(pa.array(people.rank[rows], mask=people.rank[rows] < 0)),
            "joined_at": people.joined[rows],
            "known_from": pa.array([people.known_from[row] for row in rows.tolist()], pa.string()),
        }
        self._write("members", columns)

    def refunds(self, refunds: Staged, links: Links, orders: Orders) -> None:
        """Every refund; `goods` is the part of it that is not of freight."""
        rows = np.flatnonzero(refunds.good)
        columns = {
            **_about(links, orders, rows),
            "refunded_at": refunds.number("refunded_at")[rows],
            "amount": refunds.number("amount")[rows],
            "goods": refunds.number("goods")[rows],
        }
        self._write("refunds", columns)

    def commissions(self, commissions: Staged, links: Links, orders: Orders | None) -> None:
        """What the platform itself recorded."""
        rows = np.flatnonzero(commissions.good)
        columns = {
            **_about(links, orders, rows),
            "member_id": _taken(commissions, "member_id", rows),
            "level": commissions.number("level")[rows],
            "amount": commissions.number("amount")[rows],
            **{name: _taken(commissions, name, rows) for name in ("status", "component")},
            **{name: commissions.number(name)[rows] for name in ("created_at", "settled_at")},
        }
        self._write("commissions", columns)

    def clicks(self, clicks: Staged) -> None:
        """Who opened whose link."""
        rows = np.flatnonzero(clicks.good)
        words = {name: _taken(clicks, name, rows) for name in ("member_id", "visitor_id", "sku", "channel")}
        self._write("clicks", {"clicked_at": clicks.number("clicked_at")[rows], **words})

    def products(self, products: Staged) -> None:
        """What is sold."""
        rows = np.flatnonzero(products.good)
        words = {name: _taken(products, name, rows) for name in ("sku", "product_id", "category", "name")}
        self._write("products", words | {name: products.number(name)[rows] for name in ("price", "cost")})

    def _write(self, name: str, columns: dict[str, pa.Array | Integers]) -> None:
        size = len(next(iter(columns.values())))
        money = {key: exact_sum(column) for key, column in columns.items() if key in _MONEY}  # type: ignore[arg-type]
        self.files[name] = Written(size, money)
        if self._folder is None:
            return
        schema = pa.schema([(key, _kind(key)) for key in columns])
        with pq.ParquetWriter(self._folder / f"{name}.parquet", schema, compression="zstd") as file:
            for part in _parts(size):
                arrays = [_typed(column[part], _kind(key)) for key, column in columns.items()]
                file.write_table(pa.table(arrays, schema=schema))


_LINE_MONEY = ("price", "member_price", "discount", "freight", "amount")
_MONEY = {*_LINE_MONEY, "refund_amount", "goods", "cost"}
_TIMES = {"placed_at", "paid_at", "received_at", "refunded_at", "joined_at", "clicked_at", "created_at", "settled_at"}
_WHOLE = {"line", "quantity", "level"}


def _kind(name: str) -> pa.DataType:
    if name in _MONEY:
        return MONEY
    return TIME if name in _TIMES else pa.int32() if name in _WHOLE else pa.string()


def _parts(size: int) -> Iterator[slice]:
    for begin in range(0, max(size, 1), _PART):
        yield slice(begin, min(begin + _PART, size))


def _typed(column: pa.Array | Integers, kind: pa.DataType) -> pa.Array:
    if not isinstance(column, np.ndarray):
        return column.cast(pa.string())
    absent = column == ABSENT
    if kind == MONEY:
        return decimals(column)
    values = np.where(absent, 0, column * (1000 if kind == TIME else 1))
    return pa.array(values, mask=absent).cast(kind)


def decimals(fen: Integers) -> pa.Array:
    """Fen as yuan with two places, exactly; null where there is none."""
    absent = fen == ABSENT
    whole = np.where(absent, 0, fen)
    words = np.ascontiguousarray(np.stack([whole, whole >> 63], axis=1))  # low and high half of 128 bits
    values = pa.Array.from_buffers(MONEY, len(fen), [None, pa.py_buffer(words)])
    return pc.if_else(pa.array(absent), pa.scalar(None, MONEY), values)


def _taken(staged: Staged, name: str, rows: Integers) -> pa.Array:
    """A column of texts at some rows; null where it is not mapped."""
    if name not in staged.texts:
        return pa.nulls(len(rows), pa.string())
    return staged.texts[name].dictionary.take(pa.array(_masked(indices(staged.texts[name])[rows])))


def _masked(numbers: Integers) -> pa.Array:
    return pa.array(numbers, mask=numbers < 0)


def _about(links: Links, orders: Orders | None, rows: Integers) -> dict[str, pa.Array | Integers]:
    """The order and the line of it that rows are about."""
    if orders is None:
        return {"order_id": pa.nulls(len(rows), pa.string()), "line": np.full(len(rows), ABSENT)}
    order, line = links.order[rows], links.line[rows]
    number = np.append(orders.line, ABSENT)[line]
    return {"order_id": orders.names.take(_masked(order)), "line": np.where(line >= 0, number, ABSENT)}


def _categories(lines: Staged, rows: Integers, products: Staged | None) -> pa.Array:
    """The category of every line: its own, else its product's."""
    own = _taken(lines, "category", rows)
    if products is None or "category" not in products.texts:
        return own
    for name in ("sku", "product_id"):
        if name in lines.texts and name in products.texts:
            own = pc.coalesce(own, _category_by(name, lines, rows, products))
    return own


def _category_by(name: str, lines: Staged, rows: Integers, products: Staged) -> pa.Array:
    (of_lines, of_products), words = joined_codes([lines.texts[name], products.texts[name]])
    category = indices(products.texts["category"])
    known = np.flatnonzero(products.good & (of_products >= 0) & (category >= 0))[::-1]
    found = np.full(len(words) + 1, -1)
    found[of_products[known]] = category[known]
    return products.texts["category"].dictionary.take(_masked(found[of_lines[rows]]))


def _channels(cells: pa.Array) -> tuple[pa.Array, int]:
    """Channels, of which replay knows at most 256: the rarest become `other`; and how many these are."""
    counts = pc.value_counts(cells.drop_null())
    if len(counts) <= _MOST_CHANNELS:
        return cells, 0
    most = pc.sort_indices(counts, sort_keys=[("counts", "descending"), ("values", "ascending")])
    kept = counts.field("values").take(most[: _MOST_CHANNELS - 1])
    rare = pc.and_(pc.is_valid(cells), pc.invert(pc.is_in(cells, kept)))
    return pc.if_else(rare, "other", cells), len(counts) - len(kept)
