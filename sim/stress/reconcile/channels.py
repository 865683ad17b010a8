"""What honest channels would say of a store: a line for every payment, refund and payout that it has booked."""

from __future__ import annotations

from sqlalchemy import Connection

from rules.payout.channel import channel_order_no
from rules.records import WithdrawalStatus
from sim.stress.reconcile.files import Payment, Payout
from sim.stress.reconcile.queries import ask

_PAID = "SELECT id, paid_at, goods + freight FROM orders WHERE paid_at >= 0 AND goods + freight <> 0 ORDER BY id"
_BACK = (
    "SELECT id >> 12, event_at, x0, id & 63 FROM journal WHERE ((id >> 6) & 63) = :refund AND part = 0 AND x0 <> 0 "
    "ORDER BY id"
)
_OUT = "SELECT id, status, done_at, amount - fee - tax FROM withdrawals WHERE status IN (:over, :lost) ORDER BY id"


def honest_payments(connection: Connection) -> list[Payment]:
    """The file of a payment channel."""
    came = [Payment(order, at, amount) for order, at, amount in ask(connection, _PAID)]
    went = [
        Payment(order, at, refund=amount, refund_no=f"{order}-{number}")
        for order, at, amount, number in ask(connection, _BACK)
    ]
    return came + went


def honest_payouts(connection: Connection) -> list[Payout]:
    """The file of a payout channel; what it has not answered yet is not in it."""
    over, lost = int(WithdrawalStatus.paid), int(WithdrawalStatus.failed)
    answered = ask(connection, _OUT, over=over, lost=lost)
    return [Payout(channel_order_no(one), net, status == over, at) for one, status, at, net in answered]
