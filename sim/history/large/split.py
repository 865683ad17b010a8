"""Order lines read piece by piece, and dealt out to the parts in which their buyers lie.

A piece becomes a file of rows sorted by part, `piece-NUMBER.npy`, with the refunds of it in `back-NUMBER.npy`; where
each part begins stands in what `split_piece` returns. Rows keep their number in the table, so that parts put together
are as the table was.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from rules.errors import InputError, Place
from rules.events import Records
from sim.allocation import keep_memory
from sim.history.cells import ABSENT, Sheet
from sim.history.large.names import NameTable, hashes_of
from sim.history.large.people import People
from sim.history.lines import MOST_LINES, after_payment, prices_of, refunds_of

Integers = NDArray[np.int64]
LINE = np.dtype(
    [
        ("order", "i8"), ("row", "u4"), ("buyer", "i4"), ("placed", "u4"), ("paid_at", "u4"), ("category", "i2"),
        ("line", "i2"), ("sku", "i4"), ("quantity", "i4"), ("price", "i8"), ("member_price", "i8"), ("freight", "i8"),
        ("paid", "i8"),
    ]
)  # fmt: skip
"""An order line; `order` is a hash of its name, `paid_at` 0 where it was not paid, `category` and `sku` are numbers
of the piece."""
BACK = np.dtype([("order", "i8"), ("row", "u4"), ("line", "i2"), ("buyer", "i4"), ("time", "u4"), ("amount", "i8")])
"""What was given back of a line; amount 0 = all of it."""
COLUMNS = (
    "order_id", "line", "member_id", "placed_at", "paid_at", "received_at", "sku", "category", "quantity", "price",
    "member_price", "discount", "freight", "amount", "refunded_at", "refund_amount",
)  # fmt: skip
_LAST_TIME, _MOST_CATEGORIES = 2**32 - 1, 2**15 - 1


@dataclass(frozen=True)
class Piece:
    """Some rows of the orders table."""

    path: Path
    into: Path
    number: int
    first_row: int
    parts: int


@dataclass(frozen=True, eq=False)
class Dealt:
    """What a piece held.

    Attributes:
        begins, back_begins: where each part begins among its lines and refunds, and the end.
        categories, skus: names behind the numbers.
        buyers, placed: buyers whose day of joining is not said, and when each placed the first order.
        since, until: the first moment and the last of everything in it.
    """

    number: int
    begins: Integers
    back_begins: Integers
    categories: list[str]
    skus: list[str]
    buyers: Integers
    placed: Integers
    since: int
    until: int
    rows: int


def pieces(path: Path, into: Path, parts: int) -> list[Piece]:
    """A piece for each row group of the orders table, numbered as they are.

    Raises:
        InputError: it is no Parquet file, or lacks a column.
    """
    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"cannot be read as Parquet: {error}", Place(str(path)), "orders.parquet") from error
    missing = [name for name in ("order_id", "line", "member_id", "paid_at") if name not in file.schema_arrow.names]
    if missing:
        raise InputError(f"there is no column {missing[0]}", Place(str(path)), ", ".join(COLUMNS))
    counts = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
    first = np.concatenate([[0], np.cumsum(counts)]).tolist()
    return [Piece(path, into, number, first[number], parts) for number, count in enumerate(counts) if count]


def split_piece(piece: Piece) -> Dealt:
    """Read a piece and write its lines by part.

    Raises:
        InputError: something in it cannot be, with its row.
    """
    keep_memory()
    file = pq.ParquetFile(piece.path)
    there = [name for name in COLUMNS if name in file.schema_arrow.names]
    table = file.read_row_group(piece.number, columns=there, use_threads=False)
    rows = range(piece.first_row + 1, piece.first_row + len(table) + 1)
    sheet = Sheet(str(piece.path), table, lambda: iter(rows))
    names, people = NameTable.load(piece.into), People.load(piece.into)
    for name in ("order_id", "line"):
        if table[name].null_count:
            raise InputError(f"{name} is empty", Place(str(piece.path)), "a value in every row")
    buyer = names.find(table["member_id"])
    sheet.note(buyer < 0, "member_id", "somebody in the members table")
    lines, back, words = _lines(sheet, buyer, piece.first_row)
    if refused := sheet.refused():
        raise refused[0]
    part = people.part[buyer]
    begins = _write(lines, part, piece.parts, piece.into / f"piece-{piece.number}.npy")
    back_begins = _write(back, people.part[back["buyer"]], piece.parts, piece.into / f"back-{piece.number}.npy")
    unsaid = people.joined[buyer] == ABSENT
    buyers, first = np.unique(buyer[unsaid], return_inverse=True)
    placed = np.full(len(buyers), np.iinfo(np.int64).max)
    np.minimum.at(placed, first, lines["placed"][unsaid].astype(np.int64))
    times = [lines["placed"], lines["paid_at"], back["time"], *_known(sheet.time("received_at"))]
    until = max(int(one.max(initial=0)) for one in times)
    return Dealt(
        piece.number, begins, back_begins, *words, buyers, placed, int(lines["placed"].min()), until, len(lines)
    )


def _lines(sheet: Sheet, buyer: Integers, first_row: int) -> tuple[Records, Records, tuple[list[str], list[str]]]:
    """The lines and refunds of a piece, and the names of its categories and products."""
    placed, paid, refunded = sheet.time("placed_at"), sheet.time("paid_at"), sheet.time("refunded_at")
    sheet.note((placed == ABSENT) & (paid == ABSENT), "paid_at", "when the order was paid")
    placed = np.where(placed == ABSENT, paid, placed)
    sheet.note((paid != ABSENT) & (paid < placed), "paid_at", "not before placed_at")
    sheet.note(after_payment(refunded, paid) < 0, "refunded_at", "not before paid_at, of an order that was paid")
    for name, time in (("placed_at", placed), ("refunded_at", refunded)):
        sheet.note(time > _LAST_TIME, name, "before 2106")
    quantity, price, member_price, discount = prices_of(sheet)
    goods = np.where(member_price >= 0, member_price, price) * quantity - discount
    refund, freight = refunds_of(sheet, refunded, goods), sheet.money("freight")
    (category, categories), (sku, skus) = sheet.coded("category"), sheet.coded("sku")
    if len(categories) > _MOST_CATEGORIES:
        raise InputError(f"{len(categories)} categories", Place(sheet.name), f"at most {_MOST_CATEGORIES}")
    lines = np.zeros(len(sheet), LINE)
    lines["order"], lines["row"] = hashes_of(sheet.table["order_id"]), first_row + np.arange(len(sheet))
    lines["buyer"], lines["line"] = buyer, sheet.whole("line", MOST_LINES)
    lines["placed"], lines["paid_at"] = placed, np.where(paid == ABSENT, 0, paid)
    lines["category"], lines["sku"], lines["quantity"] = category, sku, quantity
    lines["price"], lines["member_price"], lines["paid"] = price, member_price, goods
    lines["freight"] = np.where(freight == ABSENT, 0, freight)
    given = np.flatnonzero(refund != ABSENT)
    back = np.zeros(len(given), BACK)
    for name in ("order", "row", "line", "buyer"):
        back[name] = lines[name][given]
    back["time"], back["amount"] = refunded[given], refund[given]
    return lines, back, (categories, skus)


def _known(times: Integers) -> list[Integers]:
    return [times[times != ABSENT]]


def _write(rows: Records, part: NDArray[np.int16], parts: int, path: Path) -> Integers:
    """Write rows by part and time, so that parts are nearly in order; gives where each part begins, and the end."""
    time = rows["paid_at" if "paid_at" in (rows.dtype.names or ()) else "time"]
    np.save(path, rows[np.argsort(part.astype(np.int64) << 32 | time, kind="stable")])
    return np.concatenate([[0], np.cumsum(np.bincount(part, minlength=parts))])
