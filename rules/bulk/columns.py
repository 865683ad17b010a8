"""What the bulk engine reads: orders, refunds, members and what happens to members, as columns.

A column is an array of the smallest type that holds every value the rules allow; other whole numbers are cast if they
fit. Numbers of members, orders and lines count from 0. Columns that no store can have are refused here, once; the
kernels trust them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import TypeAlias

import numpy as np
from numba.experimental.structref import StructRefProxy
from numpy.typing import NDArray

from rules.errors import InputError
from rules.events import Numbers
from rules.jit import by_reference, kernel
from rules.money import MAX_AMOUNT

Column: TypeAlias = NDArray[np.integer]
Kinds: TypeAlias = dict[str, type[np.integer]]
"""Columns and their types."""


def no_column() -> Column:
    """A column that is not there."""
    return np.zeros(0, np.int8)


def cast_column(name: str, values: Column, kind: type[np.integer], length: int) -> Column:
    """A column of a type and length, or an empty one if it is not there.

    Raises:
        InputError: not whole numbers, not so many, or some that do not fit the type.
    """
    given = np.asarray(values)
    if given.shape == (0,):
        return np.zeros(0, kind)
    if given.ndim != 1 or len(given) != length or given.dtype.kind not in "iub":
        raise InputError(f"column {name} is {given.dtype}, {given.shape}", allowed=f"{length} whole numbers")
    limits = np.iinfo(kind)
    if len(given) and not np.can_cast(given.dtype, kind) and not limits.min <= given.min() <= given.max() <= limits.max:
        raise InputError(
            f"column {name} goes from {given.min()} to {given.max()}", allowed=f"what fits {kind.__name__}"
        )
    return np.ascontiguousarray(given, kind)


def cast_columns(columns: object, kinds: Kinds, length: int) -> None:
    """Cast the columns of a frozen dataclass, while it is made."""
    for name, kind in kinds.items():
        object.__setattr__(columns, name, cast_column(name, getattr(columns, name), kind, length))


class Lines(StructRefProxy):
    """Orders and their lines as kernels take them; a column that is not there is empty."""

    buyer: Numbers
    paid_at: Numbers
    first_line: Numbers
    paid: Numbers
    category: Numbers
    sku: Numbers
    quantity: Numbers
    price: Numbers
    member_price: Numbers
    freight: Numbers


by_reference(Lines, list(Lines.__annotations__))


@kernel
def make_lines(*columns: Column) -> Lines:
    """The columns as one thing that kernels take."""
    return Lines(*columns)  # type: ignore[no-untyped-call]


def fill_column(columns: object, names: Sequence[str], value: int, length: int) -> None:
    """Give columns of a frozen dataclass that are not there one value for all, while it is made."""
    for name in names:
        if not len(getattr(columns, name)):
            object.__setattr__(columns, name, np.full(length, value))


@dataclass(frozen=True, eq=False)
class OrderColumns:
    """Orders that were paid, in the order in which they were; amounts are fen.

    Attributes:
        buyer: int32, by order.
        paid_at: int64, by order: seconds of the local clock.
        first_line: int32, where the lines of each order begin, and behind the last order the number of lines.
        paid: int64, by line: paid for its goods, without freight.
        category, sku: int16 and int32, by line; -1 or no column is none.
        quantity: int32, by line; without it every line is one piece.
        price, member_price: int64, by line: unit prices; a member price of -1 is none.
        freight: int64, by line.
    """

    buyer: Column
    paid_at: Column
    first_line: Column
    paid: Column
    category: Column = field(default_factory=no_column)
    sku: Column = field(default_factory=no_column)
    quantity: Column = field(default_factory=no_column)
    price: Column = field(default_factory=no_column)
    member_price: Column = field(default_factory=no_column)
    freight: Column = field(default_factory=no_column)

    def __post_init__(self) -> None:
        of_line: Kinds = {"category": np.int16, "sku": np.int32, "quantity": np.int32}
        of_line |= dict.fromkeys(("paid", "price", "member_price", "freight"), np.int64)
        cast_columns(self, {"buyer": np.int32, "paid_at": np.int64}, len(self.buyer))
        cast_columns(self, {"first_line": np.int32}, len(self.buyer) + 1)
        cast_columns(self, of_line, len(self.paid))
        self._refuse_disorder()
        self._refuse_amounts()

    def __len__(self) -> int:
        return len(self.buyer)

    @property
    def lines(self) -> int:
        """How many order lines there are."""
        return len(self.paid)

    @property
    def longest(self) -> int:
        """Lines of the order that has most of them."""
        return int(np.diff(self.first_line).max(initial=0))

    def arrays(self) -> Lines:
        """The columns, to hand to kernels."""
        return make_lines(*(getattr(self, part.name) for part in fields(self)))

    def _refuse_disorder(self) -> None:
        first, paid_at = self.first_line, self.paid_at
        if first[0] != 0 or first[-1] != self.lines or (np.diff(first) < 1).any():
            raise InputError("first_line", allowed="rising from 0 to the number of lines: every order has a line")
        if self.longest > np.iinfo(np.int16).max:
            raise InputError(f"an order has {self.longest} lines", allowed=f"at most {np.iinfo(np.int16).max}")
        if len(paid_at) and (paid_at[0] < 0 or (np.diff(paid_at) < 0).any()):
            raise InputError("orders are not in order of time")
        if len(first) > 1 and int(self.buyer.min()) < 0:
            raise InputError("an order has no buyer")

    def _refuse_amounts(self) -> None:
        """Refuse amounts below 0, quantities below 1, and orders that cost more than the largest amount."""
        if smallest(self.paid, self.price, self.freight) < 0 or int(self.quantity.min(initial=1)) < 1:
            raise InputError("a line has an amount below 0 or a quantity below 1")
        goods = max(_largest(self.price, self.member_price) * max(1, _largest(self.quantity)), _largest(self.paid))
        dearest = (goods + _largest(self.freight)) * self.longest
        if dearest > MAX_AMOUNT and self._dearest() > MAX_AMOUNT:
            raise InputError(f"an order costs {self._dearest()} fen or more", allowed=f"at most {MAX_AMOUNT} fen")

    def _dearest(self) -> int:
        """What the dearest order comes to by any measure, in fen; parts beyond the largest amount count one beyond it.

        So no sum leaves 64 bits: an order has fewer than 2^15 lines, each less than 2^45.
        """
        beyond = MAX_AMOUNT + 1
        price, own, freight = (
            np.minimum(column, beyond) if len(column) else np.zeros(self.lines, np.int64)
            for column in (self.price, self.member_price, self.freight)
        )
        pieces = self.quantity.astype(np.int64) if len(self.quantity) else np.ones(self.lines, np.int64)
        unit = np.maximum(price, own)
        goods = np.where(unit > MAX_AMOUNT // pieces, beyond, unit * pieces)
        lines = np.maximum(goods, np.minimum(self.paid, beyond)) + freight
        return int(np.add.reduceat(lines, self.first_line[:-1]).max(initial=0))


def _largest(*columns: Column) -> int:
    return max(int(one.max(initial=0)) for one in columns)


def smallest(*columns: Column) -> int:
    """The smallest number of some columns, 0 if there is none below."""
    return min(int(one.min(initial=0)) for one in columns)


class Returns(StructRefProxy):
    """Refunds as kernels take them; `row` is the row of each order in the book of what goes back, -1 = none."""

    order: Numbers
    time: Numbers
    line: Numbers
    quantity: Numbers
    amount: Numbers
    row: Numbers


by_reference(Returns, list(Returns.__annotations__))


@kernel
def make_returns(*columns: Column) -> Returns:
    """The columns as one thing that kernels take."""
    return Returns(*columns)  # type: ignore[no-untyped-call]


@dataclass(frozen=True, eq=False)
class RefundColumns:
    """Refunds, earliest first, each of an order of the same run.

    Attributes:
        order: int32.
        time: int64 seconds; a refund earlier than the payment is refused, one of the same second comes after it.
        line: int16, counted from 1; 0 or no column is the whole order.
        quantity: int32 pieces of the line; amount: int64 fen of it; 0 and 0 is all that is left.
    """

    order: Column
    time: Column
    line: Column = field(default_factory=no_column)
    quantity: Column = field(default_factory=no_column)
    amount: Column = field(default_factory=no_column)

    def __post_init__(self) -> None:
        kinds: Kinds = {"order": np.int32, "time": np.int64, "line": np.int16, "quantity": np.int32, "amount": np.int64}
        fill_column(self, ("line", "quantity", "amount"), 0, len(self.order))
        cast_columns(self, kinds, len(self.order))
        if len(self) and (np.diff(self.time) < 0).any():
            raise InputError("refunds are not in order of time")
        if smallest(self.order, self.quantity, self.amount) < 0:
            raise InputError("a refund names no order, or has a negative amount or quantity")

    def __len__(self) -> int:
        return len(self.order)

    @classmethod
    def none(cls) -> RefundColumns:
        """No refunds."""
        return cls(no_column(), no_column())
