"""What comes again: whether an event has happened already, by the state that it comes to."""

from __future__ import annotations

import numpy as np

from rules.events import Kind, Records
from rules.records import OrderStatus, WithdrawalStatus
from sim.store.asks import Result
from sim.store.pages import OrderPage, WithdrawalPage


def same_order(before: OrderPage, events: Records) -> bool:
    """Whether an order that is placed again is the one that is there: buyer, goods, prices."""
    if before.row["buyer"][0] != events["member"][0] or len(before.lines) != len(events):
        return False
    return all(np.array_equal(before.lines[name], events[name]) for name in ("sku", "quantity", "price", "freight"))


def happened(order: OrderPage, kind: Kind, number: int) -> Result | None:
    """`again` if an event on an order has happened already, `early` if another has to happen first, None if it is new.

    A refund has the number that its source gave it, from 0: 1 is new if 0 has been answered.
    """
    status = int(order.row["status"][0])
    unpaid = status in (OrderStatus.created, OrderStatus.cancelled)
    before = {
        Kind.pay: not unpaid,
        Kind.cancel: status == OrderStatus.cancelled,
        Kind.ship: not unpaid and status != OrderStatus.paid,
        Kind.receive: int(order.row["received_at"][0]) >= 0,
        Kind.refund: number < order.refunds,
    }
    if kind is Kind.refund and number > order.refunds:
        return Result.early
    return Result.again if before.get(kind, False) else None


def answered(known: WithdrawalPage, kind: Kind, amount: int) -> Result | None:
    """What to say to a request or an answer that came before; None if it is new."""
    status = WithdrawalStatus(int(known.row["status"][0]))
    if kind is Kind.withdraw:
        return Result.again if int(known.row["amount"][0]) == amount else Result.conflict
    final = {
        Kind.paid: WithdrawalStatus.paid,
        Kind.failed: WithdrawalStatus.failed,
        Kind.reject: WithdrawalStatus.rejected,
        Kind.unknown: WithdrawalStatus.unknown,
    }
    if kind is Kind.approve:
        return None if status in (WithdrawalStatus.reviewing, WithdrawalStatus.rejected) else Result.again
    if status is final.get(kind):
        return Result.again
    settled = (WithdrawalStatus.paid, WithdrawalStatus.failed)
    if kind is Kind.unknown and status in settled:
        return Result.again
    return Result.conflict if status in settled and kind in (Kind.paid, Kind.failed) else None
