"""The kinds of transactions that the settlement path carries, and who works on each."""

from __future__ import annotations

from enum import IntEnum
from typing import Literal

Side = Literal["orders", "members", "settlement"]
"""A group of workers."""


class Kind(IntEnum):
    """A kind of transaction; the first are those that buyers and members wait for."""

    register = 0
    click = 1
    place = 2
    pay = 3
    notice = 4  # a repeated notice of a payment that is booked already
    ship = 5
    receive = 6
    refund = 7
    withdraw = 8
    book = 9  # the commission of a paid order
    settle = 10  # commission whose hold is over becomes available


NAMES = tuple(kind.name for kind in Kind)
"""Names by number."""
SIDES: dict[Kind, Side] = {
    Kind.register: "members",
    Kind.click: "members",
    Kind.place: "orders",
    Kind.pay: "orders",
    Kind.notice: "orders",
    Kind.ship: "orders",
    Kind.receive: "orders",
    Kind.refund: "orders",
    Kind.withdraw: "settlement",
    Kind.book: "settlement",
    Kind.settle: "settlement",
}
"""Who works on a kind."""
WAITED_FOR = (Kind.register, Kind.click, Kind.place, Kind.pay, Kind.ship, Kind.receive, Kind.refund, Kind.withdraw)
"""Kinds whose latency somebody feels; the target is judged on these."""
READERS = (Kind.register, Kind.click, Kind.place, Kind.pay)
"""Kinds that first read a member and her rank, from the cache or from the database."""
