"""What a platform recorded: `commissions.parquet` of an imported folder, in the numbers of the replayed log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from rules.errors import InputError, Place
from rules.events import Names
from rules.records import Component
from sim.history.cells import ABSENT, Sheet, table_sheet
from sim.imports.kinds import MOST

Integers = NDArray[np.int64]

FILE = "commissions.parquet"
QUARANTINE = "quarantine.parquet"

ON_ORDERS = (
    Component.base,
    Component.differential,
    Component.peer,
    Component.area,
    Component.margin,
    Component.adjustment,
)
"""Components that are commission on the goods of an order: platforms seldom say which of them a record is."""

ORDERS = 0
"""The part of a record or entry that is commission on an order; any other part is the number of its component."""

ABSENT_ORDER, NO_ORDER, NOBODY = -2, -1, -1
CANCELLED = "cancelled"
_PARTS = {one.name: ORDERS if one in ON_ORDERS else int(one) for one in Component}


@dataclass(frozen=True)
class Records:
    """What a platform recorded, every array (rows,), in the order of the file.

    Attributes:
        order: number in the log; NO_ORDER where the record names none, ABSENT_ORDER where the log has no such order.
        line, level: 0 where the record does not say.
        member: who earned; NOBODY where the log has no such person.
        part: ORDERS, or the component.
        amount: fen as recorded, below 0 where taken back. net: the same, and 0 where the record is cancelled.
        orders, members: as the file names them.
        statuses: records by status, `` where there is none.
        aside: reason by name of an order that the import set aside.
    """

    order: Integers
    line: Integers
    member: Integers
    level: Integers
    part: Integers
    amount: Integers
    net: Integers
    orders: list[str | None]
    members: list[str | None]
    statuses: dict[str, int]
    aside: dict[str, str]

    def __len__(self) -> int:
        return len(self.amount)


def has_records(folder: Path) -> bool:
    """Whether a folder has what a platform recorded."""
    return (folder / FILE).is_file()


def read_records(folder: Path, names: Names) -> Records:
    """The records of an imported folder.

    Args:
        folder: with `commissions.parquet`. names: behind the numbers of the log that is replayed.

    Raises:
        InputError: the file cannot be read, or is none of `fenxiao import`.
    """
    path = folder / FILE
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(f"cannot be read: {error}", Place(str(path)), "a file that fenxiao import wrote") from error
    if missing := [name for name in ("order_id", "member_id", "amount") if name not in table.column_names]:
        raise InputError(f"there is no column {missing[0]}", Place(str(path)), "the columns that docs/IMPORT.md lists")
    aside: dict[str, str] = {}
    if (folder / QUARANTINE).is_file():
        for row in pq.read_table(folder / QUARANTINE, columns=["order_id", "code"]).to_pylist():
            if row["order_id"]:
                aside.setdefault(row["order_id"], row["code"])
    return records_of(table, names, aside)


def records_of(table: pa.Table, names: Names, aside: dict[str, str] | None = None) -> Records:
    """The records of a table with the columns of `commissions.parquet`."""
    sheet = table_sheet(table, FILE)
    orders, members = sheet.text("order_id").to_pylist(), sheet.text("member_id").to_pylist()
    order_of = {name: number for number, name in enumerate(names.orders)}
    member_of = {name: number for number, name in enumerate(names.members)}
    order = [NO_ORDER if name is None else order_of.get(name, ABSENT_ORDER) for name in orders]
    statuses, components = _texts(sheet, "status"), _texts(sheet, "component")
    amount = _signed(sheet)
    cancelled = np.array([status == CANCELLED for status in statuses], np.bool_)
    return Records(
        order=np.array(order, np.int64),
        line=_whole(sheet, "line"),
        member=np.array([member_of.get(name or "", NOBODY) for name in members], np.int64),
        level=_whole(sheet, "level"),
        part=np.array([_PARTS.get(name, ORDERS) for name in components], np.int64),
        amount=amount,
        net=np.where(cancelled, 0, amount),
        orders=orders,
        members=members,
        statuses={name: statuses.count(name) for name in dict.fromkeys(statuses)},
        aside=aside or {},
    )


def part_of(component: Integers) -> Integers:
    """The part of entries by their component."""
    table = np.array([ORDERS if one in ON_ORDERS else int(one) for one in Component], np.int64)
    parts: Integers = table[component]
    return parts


def _texts(sheet: Sheet, column: str) -> list[str]:
    return [cell or "" for cell in sheet.text(column).to_pylist()]


def _whole(sheet: Sheet, column: str) -> Integers:
    number = sheet.whole(column, MOST[column])
    return np.where(number == ABSENT, 0, number)


def _signed(sheet: Sheet) -> Integers:
    """Fen, below 0 too.

    Raises:
        InputError: the amounts are no decimals.
    """
    cells = sheet.table["amount"].combine_chunks()
    if not pa.types.is_decimal(cells.type):
        raise InputError(f"amount is of the type {cells.type}", Place(sheet.name), "decimal128(18, 2), in yuan")
    fen = [0 if cell is None else int(cell.scaleb(2)) for cell in cells.to_pylist()]
    return np.array(fen, np.int64)
