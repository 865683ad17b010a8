"""`fenxiao import` of a large CSV export: rows a second and memory, beside Python's own csv module on the same file.

Two lines an order, one order in 40 with a bad amount, and members in a forest. The csv module only splits rows into
cells: what is above it is reading them exactly, pseudonyms, checks across rows, and writing Parquet.
"""

from __future__ import annotations

import argparse
import csv
import resource
import tempfile
from pathlib import Path

from benchmarks.common import Contestant, Figures, command, in_turns, rate
from sim.imports.guess import guess_mapping
from sim.imports.pseudonyms import Pseudonyms
from sim.imports.run import Imported, import_tables
from sim.imports.sources import tables_of

LINES, SMALL_LINES = 500_000, 5_000
ROUNDS = 1

FIGURES = {
    "rows_per_second": "rows a second, from CSV to the folder",
    "csv_rows_per_second": "rows a second that the csv module alone splits into cells",
    "ratio": "rows_per_second ÷ csv_rows_per_second",
    "rows": "rows of orders and members",
    "quarantined": "rows that were set aside",
    "peak_mb": "largest memory of the process, interpreter and libraries included",
    "per_cpu_second": "rows a processor second: what holds on a busy machine too",
    "cpu_share": "processor time ÷ wall-clock time",
}


def measure(small: bool, lines: int | None = None) -> Figures:
    """All figures."""
    size = lines or (SMALL_LINES if small else LINES)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        people = _write(folder, size)
        results: list[Imported] = []
        contestants = {
            "import": Contestant(lambda: folder, lambda folder: results.append(_import(folder))),
            "csv": Contestant(lambda: folder, _split),
        }
        in_turns(contestants, ROUNDS)
        ours, theirs = contestants.values()
    done = results[-1]
    if done.rows != size + people or not done.adds_up() or done.quarantined == 0:
        raise AssertionError(f"{done.rows} rows of {size + people}, {done.quarantined} set aside")
    return {
        "rows_per_second": rate(done.rows, ours.seconds),
        "csv_rows_per_second": rate(done.rows, theirs.seconds),
        "ratio": round(theirs.seconds / ours.seconds, 4),
        "rows": done.rows,
        "quarantined": done.quarantined,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "per_cpu_second": {
            "import": rate(done.rows, ours.cpu_seconds),
            "csv": rate(done.rows, theirs.cpu_seconds),
        },
        "cpu_share": {name: one.cpu_share for name, one in contestants.items()},
    }


def _write(folder: Path, lines: int) -> int:
    """An export of so many order lines; returns how many members are in it."""
    people = lines // 5
    with (folder / "orders.csv").open("w", encoding="utf-8") as file:
        file.write("订单号,会员ID,下单时间,付款时间,商品编码,类目,数量,单价,实付金额(元),运费,渠道,收货人,收货电话\n")
        for line in range(lines):
            order = line // 2
            at = f"2025-{1 + order // 28 % 12:02d}-{1 + order % 28:02d} {order % 24:02d}:{order % 60:02d}"
            paid = "?" if line % 80 == 7 else f"{9 + line % 50}.50"
            buyer, price = f"U{order * 7919 % people}", f"{10 + line % 50}.90"
            file.write(f"O{order:010d},{buyer},{at}:00,{at}:30,sku{line % 997},c{line % 9},1,{price},{paid},0.00,app,")
            file.write(f"张三,139{line:08d}\n")
    with (folder / "members.csv").open("w", encoding="utf-8") as file:
        file.write("会员ID,推荐人,等级,注册时间\n")
        for member in range(people):
            file.write(f"U{member},{f'U{member // 3}' if member else ''},member,2024-12-01\n")
    return people


def _import(folder: Path) -> Imported:
    tables, _ = tables_of([str(folder)])
    mapping, _ = guess_mapping(tables)
    assert mapping is not None
    return import_tables(tables, mapping, Pseudonyms(b"k" * 32), folder / "out")


def _split(folder: Path) -> int:
    cells = 0
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            cells += sum(len(row) for row in csv.reader(file))
    return cells


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lines", type=int, help="order lines of the export")


if __name__ == "__main__":
    command("imports", measure, FIGURES, _options)
