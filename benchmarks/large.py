"""Replay of a large history under two plans: `python -m benchmarks.large [--lines N]`.

The history is generated (untimed): orders of two years of one to three lines each, people who were invited by somebody
before them, 6 % of lines refunded, as a folder that `fenxiao import` writes, a month or so a row group. It is dealt out
by tree of referral and replayed by two processes. Beside it the same is done with a quarter of the lines: the cost of a
line should stay what it is. The limit is decoding: how long one process takes to read the same Parquet columns.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
from pathlib import Path
from time import perf_counter
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.common import Figures, command, tell
from rules.events import DAY
from rules.plan.read import read_plan
from scenarios.find import find
from sim.draws import Purpose, bits_array, field_array, key, pick_array
from sim.history.large.replay import Spread, replay_large
from sim.history.large.split import COLUMNS
from sim.history.tree import money

PLANS = ("three_tier", "three_level")
LINES, SMALL_LINES = 50_000_000, 30_000
GROUP, SMALL_GROUP = 1_000_000, 5_000
LINES_A_MEMBER = 12
FIGURES = {
    "lines": "order lines",
    "members": "people in the history",
    "seconds": "from the folder to the results under both plans, two processes",
    "lines_per_second": "order lines a second, both plans",
    "peak_mb": "largest memory of all processes together, what they share counted once",
    "parts": "parts into which the history was dealt out; largest_tree: people in the largest tree of referral",
    "quarter": "the same for a quarter of the lines",
    "linear": "seconds a line ÷ seconds a line for a quarter of the lines",
    "decode_seconds": "reading the same columns of the same Parquet files, one process, nothing else",
    "ratio": "seconds ÷ decode_seconds",
    "commission": "yuan under each plan, net of refunds",
}


def measure(small: bool, lines: int = LINES, folder: Path | None = None) -> Figures:
    """All figures; a folder is kept, and what was generated there before is taken again."""
    count, group = (SMALL_LINES, SMALL_GROUP) if small else (lines, GROUP)
    with tempfile.TemporaryDirectory(prefix="fenxiao-large-") as fresh:
        place = folder or Path(fresh)
        quarter = _timed(place / "quarter", count // 4, group)
        whole = _timed(place / "whole", count, group)
        began = perf_counter()
        file = pq.ParquetFile(place / "whole" / "orders.parquet")
        for number in range(file.num_row_groups):
            file.read_row_group(number, columns=list(COLUMNS), use_threads=False)
        decode = perf_counter() - began
    return {
        **whole,
        "quarter": quarter,
        "linear": round(whole["seconds"] / whole["lines"] / (quarter["seconds"] / quarter["lines"]), 2),
        "decode_seconds": round(decode, 1),
        "ratio": round(whole["seconds"] / decode, 2),
    }


def _timed(folder: Path, lines: int, group: int) -> Figures:
    if not folder.exists():
        generate(folder, lines, group)
        tell(f"{lines:,} lines are generated")
    plans = [read_plan(*find("plans", name)) for name in PLANS]
    with Memory() as memory:
        began = perf_counter()
        found = replay_large(folder, plans, Spread(2))
        seconds = perf_counter() - began
    return {
        "lines": found.lines,
        "members": len(found.members),
        "seconds": round(seconds, 1),
        "lines_per_second": round(found.lines / seconds),
        "peak_mb": memory.peak_mb,
        "parts": f"{found.parts}, largest_tree {found.largest:,}",
        "commission": {one.plan: one.commission / 100 for one in found.results},
    }


def generate(folder: Path, lines: int, group: int = GROUP, seed: int = 1) -> None:
    """Write a history of about so many lines as a folder of `fenxiao import`."""
    folder.mkdir(parents=True)
    people = max(10, lines // LINES_A_MEMBER)
    first = 19_000 * DAY
    _write_members(folder / "members.parquet", people, first, seed)
    writer: pq.ParquetWriter | None = None
    groups = max(1, lines // group)
    for number in range(groups):
        table = _orders(number, groups, group if lines >= group else lines, people, first, seed)
        writer = writer or pq.ParquetWriter(folder / "orders.parquet", table.schema, compression="zstd")
        writer.write_table(table, row_group_size=len(table))
    assert writer
    writer.close()


def _write_members(path: Path, people: int, first: int, seed: int) -> None:
    number = np.arange(people)
    luck = bits_array(key(seed, Purpose.HISTORY_INVITED), number, np.zeros_like(number))
    invited = (field_array(luck, 0, 24) * 10 < 7 << 24) & (number > 0)
    inviter = np.where(invited, pick_array(luck, np.maximum(number, 1)), -1)
    ids = _ids("m", number)
    table = pa.table(
        {
            "member_id": ids,
            "inviter_id": ids.take(pa.array(inviter, mask=inviter < 0)),
            "rank": pa.nulls(people, pa.string()),
            "joined_at": _times(first + number * (365 * DAY) // people),
        }
    )
    pq.write_table(table, path, compression="zstd")


def _orders(number: int, groups: int, rows: int, people: int, first: int, seed: int) -> pa.Table:
    """One row group: the orders of its part of two years, after the time at which their buyers joined."""
    order = np.arange(rows)
    luck = bits_array(key(seed, Purpose.HISTORY_CATEGORY), np.full(rows, number), order)
    counts = 1 + (field_array(luck, 0, 10) < 307) + (field_array(luck, 0, 10) < 102)
    order = np.repeat(order, counts)[:rows]
    line = np.arange(rows) - np.searchsorted(order, order) + 1
    of_order, of_line = luck[order], bits_array(key(seed, Purpose.HISTORY_SKU), np.full(rows, number), np.arange(rows))
    placed = (
        first
        + 365 * DAY
        + number * 365 * DAY // groups
        + field_array(of_order, 10, 24) * (365 * DAY // groups) // 2**24
    )
    buyer = pick_array(bits_array(key(seed, Purpose.HISTORY_PAY), np.full(rows, number), order), people)
    category, product = field_array(of_line, 0, 8) * 3 >> 8, field_array(of_line, 8, 8) * 60 >> 8
    quantity, price = 1 + (field_array(of_line, 16, 6) * 3 >> 6), 990 + 10 * field_array(of_line, 22, 12)
    discount = price * quantity * (field_array(of_line, 34, 4) % 4) // 100
    paid, back = placed + 60, field_array(of_line, 40, 10) < 61
    names = pa.array(["fmcg", "digital", "home"])
    none = pa.nulls(rows, pa.decimal128(18, 2))
    return pa.table(
        {
            "order_id": _ids("o", number * 2**32 + order),
            "line": pa.array(line.astype(np.int32)),
            "member_id": _ids("m", buyer),
            "placed_at": _times(placed),
            "paid_at": _times(paid),
            "received_at": _times(placed + 3 * DAY),
            "sku": pa.array([f"sku-{one:03}" for one in range(60)]).take(pa.array(product)),
            "category": names.take(pa.array(category)),
            "quantity": pa.array(quantity.astype(np.int32)),
            "price": money(price),
            "member_price": none,
            "discount": money(discount),
            "freight": money(np.zeros(rows, np.int64)),
            "amount": money(price * quantity - discount),
            "refunded_at": pa.array((placed + 5 * DAY) * 1000, mask=~back).cast(pa.timestamp("ms")),
            "refund_amount": none,
        }
    )


_HEX = np.array([list(f"{byte:02x}".encode()) for byte in range(256)], np.uint8)


def _ids(letter: str, numbers: NDArray[np.int64]) -> pa.Array:
    """Pseudonyms of numbers, a letter and 20 hexadecimal digits, as imports make them."""
    words = np.stack(
        [bits_array(key(7, Purpose.HISTORY_REFUND), numbers, np.full(len(numbers), one)) for one in (0, 1)]
    )
    digits = _HEX[np.ascontiguousarray(words.T).view(np.uint8).reshape(len(numbers), 16)[:, :10]].reshape(
        len(numbers), 20
    )
    text = np.empty((len(numbers), 21), np.uint8)
    text[:, 0], text[:, 1:] = ord(letter), digits
    offsets = np.arange(len(numbers) + 1, dtype=np.int32) * 21
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(offsets), pa.py_buffer(text))


def _times(seconds: NDArray[np.int64]) -> pa.Array:
    return pa.array(seconds * 1000).cast(pa.timestamp("ms"))


class Memory:
    """The largest memory of this process and those it began, while it is open; what they share counts once."""

    def __init__(self) -> None:
        self.peak_mb = 0
        self._over = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watching.join()

    def _watch(self) -> None:
        while not self._over.wait(0.3):
            self.peak_mb = max(self.peak_mb, sum(map(_private_mb, [os.getpid(), *_below(os.getpid())])))


def _private_mb(process: int) -> int:
    """Memory of a process, its part of what it shares; 0 if it is gone."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next(int(line.split()[1]) // 1024 for line in text.splitlines() if line.startswith("Pss:"))


def _below(process: int) -> list[int]:
    try:
        own = [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []
    return own + [lower for one in own for lower in _below(one)]


def _more(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lines", type=int, default=LINES, help="order lines")
    parser.add_argument("--folder", type=Path, help="where the history is generated, to be used again")


if __name__ == "__main__":
    command("large", measure, FIGURES, _more)
