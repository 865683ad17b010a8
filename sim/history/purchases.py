"""A plain purchase log: who bought, on which day, how many items, for how much. The raw material of
`calibrate`.

Readers for the two text layouts of the CDNOW data (Fader & Hardie 2001, "Forecasting Repeat Sales at CDNOW",
Interfaces 31(3)): the master file (a header, then id, date, items, dollars) and the 1/10 sample (no header;
master id, sample id, date, items, dollars). Both are shipped with the product, exact to the cent, in the
original order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import ArrayLike, NDArray

from rules.calendar import day_of
from rules.errors import InputError, Place
from rules.money import fen

Layout = Literal["master", "sample"]
Value = TypeVar("Value")

HEADER = ("customer_id", "date", "number_of_cds", "dollar_value")
SHIPPED = ("cdnow", "cdnow_sample")
CALIBRATION_END = "1997-09-30"
"""The end of the calibration period in every published CDNOW analysis: 39 weeks after the first day."""

_FIELD = re.compile(r"\S+")
_ID = re.compile(r"[\w-]{1,64}")
_COUNT = re.compile(r"[1-9][0-9]{0,5}|1000000")
_ALLOWED = {
    "customer id": "letters, digits, _ or -",
    "date": "a calendar day written as YYYYMMDD",
    "number of items": "a whole number from 1 to 1000000",
    "amount": "an amount with at most two decimals, not negative",
}


@dataclass(frozen=True)
class Purchases:
    """A purchase log in columns, one row per purchase, in the order in which it was read.

    Attributes:
        customer: int32, shape (rows,): index into `ids`.
        day: int32, shape (rows,): days since 1970-01-01.
        items: int32, shape (rows,): pieces bought.
        cents: int64, shape (rows,): paid, in the smallest unit of the currency; 0 occurs.
        ids: the customers' own ids, in the order in which they first appear.
    """

    customer: NDArray[np.int32]
    day: NDArray[np.int32]
    items: NDArray[np.int32]
    cents: NDArray[np.int64]
    ids: tuple[str, ...]

    def __post_init__(self) -> None:
        lengths = {name: len(getattr(self, name)) for name in ("customer", "day", "items", "cents")}
        if len(set(lengths.values())) != 1:
            raise ValueError(f"columns must be equally long, but got {lengths}.")

    def __len__(self) -> int:
        return len(self.day)

    @classmethod
    def of(cls, ids: Sequence[object] | NDArray[Any], day: ArrayLike, items: ArrayLike, cents: ArrayLike) -> Purchases:
        """A log from columns that NumPy understands, one customer id per row; keeps the order of the rows."""
        encoded = pa.array(ids).cast(pa.string()).dictionary_encode()
        return cls(
            encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32),
            np.asarray(day, np.int32),
            np.asarray(items, np.int32),
            np.asarray(cents, np.int64),
            tuple(encoded.dictionary.to_pylist()),
        )

    def first_day(self) -> NDArray[np.int32]:
        """Day of the first purchase of every customer, shape (customers,)."""
        first = np.full(len(self.ids), np.iinfo(np.int32).max, np.int32)
        np.minimum.at(first, self.customer, self.day)
        return first


@dataclass(frozen=True)
class Summary:
    """What BG/NBD and Gamma-Gamma need of every customer who bought in the calibration period.

    Attributes:
        customer: int32, shape (n,): index into `Purchases.ids`.
        x: int64, shape (n,): repeat purchases in the calibration period (days with a purchase after the first
            day).
        t_x: float64, shape (n,): time of the last of them since the first purchase, in units; 0 where x is 0.
        T: float64, shape (n,): time from the first purchase to the end of the calibration period, in units.
        first_day: int32, shape (n,): days since 1970-01-01.
        spend: float64, shape (n,): mean paid on the repeat days, in currency units; 0 where x is 0.
        holdout: int64, shape (n,): days with a purchase after the calibration period.
    """

    customer: NDArray[np.int32]
    x: NDArray[np.int64]
    t_x: NDArray[np.float64]
    T: NDArray[np.float64]
    first_day: NDArray[np.int32]
    spend: NDArray[np.float64]
    holdout: NDArray[np.int64]

    @property
    def paying(self) -> NDArray[np.bool_]:
        """Who came back and paid: those of whom spending says anything, shape (n,)."""
        return (self.x > 0) & (self.spend > 0)


@dataclass(frozen=True)
class BuyingDays:
    """A log with the purchases of one customer on one day added up, sorted by customer and day."""

    customer: NDArray[np.int64]
    day: NDArray[np.int64]
    cents: NDArray[np.int64]


def epoch_day(text: str) -> int:
    """`1997-09-30` or `19970930` as days since 1970-01-01.

    Raises:
        ValueError: not a calendar day.
    """
    return day_of(date.fromisoformat(text))


def buying_days(purchases: Purchases) -> BuyingDays:
    """Purchases of one customer on one day become one: the unit in which repeat buying is counted."""
    base = int(purchases.day.min(initial=0))
    span = int(purchases.day.max(initial=0)) - base + 1
    code = purchases.customer.astype(np.int64) * span + (purchases.day - base)
    unique, inverse = np.unique(code, return_inverse=True)
    cents = np.zeros(len(unique), np.int64)
    np.add.at(cents, inverse, purchases.cents)
    return BuyingDays(unique // span, unique % span + base, cents)


def recency_frequency(purchases: Purchases, calibration_end_day: int, unit_days: float = 7.0) -> Summary:
    """x, t_x and T of every customer who first bought on or before the last day of the calibration period.

    The convention of the CDNOW papers: purchases of one day count once, the first day is not a repeat, time
    runs from the first purchase. Zero-amount purchases count as purchases.

    Args:
        purchases: the log.
        calibration_end_day: last day that counts, in days since 1970-01-01.
        unit_days: length of the unit of time; 7 gives weeks.
    """
    first = purchases.first_day()
    known = np.flatnonzero(first <= calibration_end_day).astype(np.int32)
    days = buying_days(purchases)
    inside = days.day <= calibration_end_day
    repeat = inside & (days.day > first[days.customer])
    n = len(purchases.ids)
    x = np.bincount(days.customer[repeat], minlength=n)[known]
    last = first.astype(np.int64)
    np.maximum.at(last, days.customer[repeat], days.day[repeat])
    cents = np.bincount(days.customer[repeat], days.cents[repeat], minlength=n)[known]
    return Summary(
        customer=known,
        x=x,
        t_x=(last - first)[known] / unit_days,
        T=(calibration_end_day - first)[known] / unit_days,
        first_day=first[known],
        spend=cents / 100.0 / np.maximum(x, 1),
        holdout=np.bincount(days.customer[~inside], minlength=n)[known],
    )


def recognise(first_line: str) -> Layout | None:
    """Which CDNOW layout a file begins with, or None if it is something else."""
    fields = first_line.split()
    if tuple(fields) == HEADER:
        return "master"
    return "sample" if len(fields) == 5 and all(re.fullmatch(r"[\d.]+", field) for field in fields) else None


def read(path: str | Path) -> Purchases:
    """Read a file in one of the two CDNOW layouts.

    Raises:
        InputError: not readable, neither layout, or a bad line.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read as text: {error}", Place(str(path))) from error
    return read_text(text, str(path))


def read_text(text: str, name: str) -> Purchases:
    """Read the text of a file in one of the two CDNOW layouts; `name` is what errors call it.

    Raises:
        InputError: neither layout, or a bad line: file, line and column, what was given, what is allowed.
    """
    lines = text.splitlines()
    layout = recognise(lines[0]) if lines else None
    if layout is None:
        given = repr(lines[0][:60]) if lines else "nothing"
        header = " ".join(HEADER)
        allowed = f"the header {header!r}, or 5 columns (master id, sample id, date, items, dollars)"
        raise InputError(f"the first line is {given}", Place(name, 1, 1), allowed)
    begin, width = (1, 4) if layout == "master" else (0, 5)
    rows = [_row(line, Place(name, n), width) for n, line in _content(lines, begin)]
    ids, day, items, cents = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Purchases.of(ids, day, items, cents)


@lru_cache(maxsize=len(SHIPPED))
def shipped(name: str = "cdnow") -> Purchases:
    """The CDNOW log that comes with the product: `cdnow` (23,570 customers) or `cdnow_sample` (2,357 of
    them).

    Raises:
        InputError: another name.
    """
    if name not in SHIPPED:
        raise InputError(f"there is no shipped purchase log {name!r}", allowed=", ".join(SHIPPED))
    with files("scenarios").joinpath("orders", "cdnow", "cdnow.parquet").open("rb") as file:
        rows = pq.read_table(file)
    if name == "cdnow_sample":
        number = rows["sample"].to_numpy()
        rows = rows.take(np.argsort(number, kind="stable")[np.count_nonzero(number == 0) :])
    column = {field: rows[field].to_numpy() for field in ("customer", "day", "items", "cents")}
    log = Purchases.of([f"{i:05d}" for i in column.pop("customer")], **column)
    for array in (log.customer, log.day, log.items, log.cents):
        array.setflags(write=False)
    return log


def pack(master: Purchases, sample: Purchases) -> pa.Table:
    """The table that is shipped: the master's rows, with each customer's number in the sample (0: none)."""
    number = {given: n for n, given in enumerate(sample.ids, start=1)}
    in_sample = np.array([number.get(given, 0) for given in master.ids], np.int16)
    return pa.table(
        {
            "customer": pa.array(np.array([int(given) for given in master.ids], np.int32)[master.customer]),
            "day": pa.array(master.day),
            "items": pa.array(master.items),
            "cents": pa.array(master.cents),
            "sample": pa.array(in_sample[master.customer]),
        }
    )


def _content(lines: list[str], begin: int) -> Iterable[tuple[int, str]]:
    """Lines from index `begin` on with their numbers from 1, without empty lines at the end."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return enumerate(lines[begin:end], start=begin + 1)


def _row(line: str, place: Place, width: int) -> tuple[str, int, int, int]:
    """One line as (id, day, items, cents)."""
    fields = list(_FIELD.finditer(line))
    if len(fields) != width:
        message = f"{len(fields)} columns in {line.strip()[:60]!r}"
        raise InputError(message, Place(place.name, place.line, 1), f"{width} columns, separated by blanks")
    given, day, items, amount = fields[0], *fields[-3:]
    return (
        _parsed(str, _ID.fullmatch(given[0]) is not None, given, "customer id", place),
        _parsed(_day, len(day[0]) == 8, day, "date", place),
        _parsed(int, _COUNT.fullmatch(items[0]) is not None, items, "number of items", place),
        _parsed(fen, amount[0][0] != "-", amount, "amount", place),
    )


def _parsed(parse: Callable[[str], Value], fits: bool, field: re.Match[str], what: str, place: Place) -> Value:
    """A field through its parser, or an error that says where it stands and what is allowed."""
    try:
        if fits:
            return parse(field[0])
    except ValueError:
        pass
    where = Place(place.name, place.line, field.start() + 1)
    raise InputError(f"{field[0]!r} is not a valid {what}", where, _ALLOWED[what])


@lru_cache(maxsize=4096)
def _day(text: str) -> int:
    return epoch_day(text)
