"""The folder that an import leaves: plain Parquet with the contract's columns (docs/IMPORT.md says what each holds).

Times are local (Asia/Shanghai) without a zone, money is yuan as exact decimals with two places, ids are pseudonyms.
"""

from __future__ import annotations

from collections.abc import Callable
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
_PART = 200_000
_MOST_CHANNELS = 255


@dataclass(frozen=True)
class Written:
    """A file of the folder: its rows, and the sum of each column of money, in fen."""

    rows: int
    money: dict[str, int]


Columns = dict[str, pa.Array | Integers]
Build = Callable[[Integers], Columns]
"""From some rows to the columns of a file."""


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
        rare = _rare_channels(heads)
        times = {name: np.append(heads.number(name), ABSENT) for name in ("placed_at", "paid_at")}
        categories = _categories(lines, products)

        def build(rows: Integers) -> Columns:
            head = orders.head[rows]
            channel = _taken(heads, "channel", head)
            return {
                "order_id": orders.names.take(pa.array(orders.order[rows])),
                "line": orders.line[rows],
                "member_id": _taken(heads, "member_id", head),
                **{name: time[head] for name, time in times.items()},
                "received_at": orders.received[rows],
                "sku": _taken(lines, "sku", rows),
                "category": categories(rows),
                **{name: lines.number(name)[rows] for name in ("quantity", *_LINE_MONEY)},
                **{name: lines.number(name)[rows] for name in ("refunded_at", "refund_amount")},
                "channel": pc.if_else(pc.is_in(channel, rare), "other", channel) if len(rare) else channel,
            }

        self._write("orders", lines.good, build)
        return len(rare)

    def members(self, people: People) -> None:
        """Everybody who is named in what is kept."""

        def build(rows: Integers) -> Columns:
            return {
                "member_id": people.names.take(pa.array(rows)),
                "inviter_id": people.names.take(_masked(people.inviter[rows])),
                "rank": people.rank.names.take(_masked(people.rank.of[rows])),
                "region": people.region.names.take(_masked(people.region.of[rows])),
                "joined_at": people.joined[rows],
                "bound_at": np.where(people.inviter[rows] >= 0, people.bound[rows], ABSENT),
                "known_from": pa.array([people.known_from[row] for row in rows.tolist()], pa.string()),
            }

        self._write("members", np.array([place != "set_aside" for place in people.known_from], np.bool_), build)

    def refunds(self, refunds: Staged, links: Links, orders: Orders) -> None:
        """Every refund; `goods` is the part of it that is not of freight."""
        names = ("refunded_at", "amount", "goods")
        self._write(
            "refunds",
            refunds.good,
            lambda rows: _about(links, orders, rows) | {name: refunds.number(name)[rows] for name in names},
        )

    def commissions(self, commissions: Staged, links: Links, orders: Orders | None) -> None:
        """What the platform itself recorded."""

        def build(rows: Integers) -> Columns:
            return {
                **_about(links, orders, rows),
                "member_id": _taken(commissions, "member_id", rows),
                **{name: commissions.number(name)[rows] for name in ("level", "amount")},
                **{name: _taken(commissions, name, rows) for name in ("status", "component")},
                **{name: commissions.number(name)[rows] for name in ("created_at", "settled_at")},
            }

        self._write("commissions", commissions.good, build)

    def clicks(self, clicks: Staged) -> None:
        """Who opened whose link."""

        def build(rows: Integers) -> Columns:
            words = {name: _taken(clicks, name, rows) for name in ("member_id", "visitor_id", "sku", "channel")}
            return {"clicked_at": clicks.number("clicked_at")[rows], **words}

        self._write("clicks", clicks.good, build)

    def products(self, products: Staged) -> None:
        """What is sold."""

        def build(rows: Integers) -> Columns:
            words: Columns = {name: _taken(products, name, rows) for name in ("sku", "product_id", "category", "name")}
            return words | {name: products.number(name)[rows] for name in ("price", "cost")}

        self._write("products", products.good, build)

    def _write(self, name: str, good: NDArray[np.bool_], build: Build) -> None:
        rows = np.flatnonzero(good)
        money: dict[str, int] = {}
        writer: pq.ParquetWriter | None = None
        for begin in range(0, max(len(rows), 1), _PART):
            columns = build(rows[begin : begin + _PART])
            for key in set(columns) & _MONEY:
                money[key] = money.get(key, 0) + exact_sum(np.asarray(columns[key]))
            if self._folder is not None:
                schema = pa.schema([(key, _kind(key)) for key in columns])
                arrays = [_typed(column, _kind(key)) for key, column in columns.items()]
                path = self._folder / f"{name}.parquet"
                writer = writer or pq.ParquetWriter(path, schema, compression="zstd")
                writer.write_table(pa.table(arrays, schema=schema))
        if writer:
            writer.close()
        self.files[name] = Written(len(rows), {key: money[key] for key in sorted(money)})


_LINE_MONEY = ("price", "member_price", "discount", "freight", "amount")
_MONEY = {*_LINE_MONEY, "refund_amount", "goods", "cost"}
_TIMES = {
    "placed_at", "paid_at", "received_at", "refunded_at", "joined_at", "bound_at", "clicked_at", "created_at",
    "settled_at",
}  # fmt: skip
_WHOLE = {"line", "quantity", "level"}


def _kind(name: str) -> pa.DataType:
    if name in _MONEY:
        return MONEY
    return TIME if name in _TIMES else pa.int32() if name in _WHOLE else pa.string()


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


def _about(links: Links, orders: Orders | None, rows: Integers) -> Columns:
    """The order and the line of it that rows are about."""
    if orders is None:
        return {"order_id": pa.nulls(len(rows), pa.string()), "line": np.full(len(rows), ABSENT)}
    order, line = links.order[rows], links.line[rows]
    number = np.append(orders.line, ABSENT)[line]
    return {"order_id": orders.names.take(_masked(order)), "line": np.where(line >= 0, number, ABSENT)}


def _categories(lines: Staged, products: Staged | None) -> Callable[[Integers], pa.Array]:
    """The category of every line: its own, else its product's, by sku or by the number of the product."""
    if products is None or "category" not in products.texts:
        return lambda rows: _taken(lines, "category", rows)
    words = products.texts["category"].dictionary
    by = [_category_by(name, lines, products) for name in ("sku", "product_id")]
    known = [one for one in by if one is not None]
    return lambda rows: pc.coalesce(
        _taken(lines, "category", rows), *(words.take(_masked(one[rows])) for one in known)
    )  # fmt: skip


def _category_by(name: str, lines: Staged, products: Staged) -> Integers | None:
    """The number of the category of every line's product, -1 where there is none."""
    if name not in lines.texts or name not in products.texts:
        return None
    (of_lines, of_products), words = joined_codes([lines.texts[name], products.texts[name]])
    category = indices(products.texts["category"])
    known = np.flatnonzero(products.good & (of_products >= 0) & (category >= 0))[::-1]
    found = np.full(len(words) + 1, -1)
    found[of_products[known]] = category[known]
    return found[of_lines]


def _rare_channels(heads: Staged) -> pa.Array:
    """Channels beyond the most frequent ones that replay has room for."""
    if "channel" not in heads.texts:
        return pa.array([], pa.string())
    words = heads.texts["channel"].dictionary
    number = indices(heads.texts["channel"])
    counts = np.bincount(number[heads.good & (number >= 0)], minlength=len(words))
    if (counts > 0).sum() <= _MOST_CHANNELS:
        return pa.array([], pa.string())
    return words.take(pa.array(np.argsort(-counts, kind="stable")[_MOST_CHANNELS - 1 :]))
