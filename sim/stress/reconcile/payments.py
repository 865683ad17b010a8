"""Orders and withdrawals against what the channels' files say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from rules.events import DAY
from rules.payout.channel import channel_order_no
from rules.records import OrderStatus, WithdrawalStatus
from sim.stress.reconcile import queries
from sim.stress.reconcile.files import Payment, Payout
from sim.stress.reconcile.kinds import FROM_UTC, LATE_NOTICE, Difference
from sim.stress.reconcile.queries import ask

_HOURS_OF_SHANGHAI = 8 * 3_600
_NOBODY = -1
_PAID = int(WithdrawalStatus.paid)


def payment_differences(connection: Connection, lines: Sequence[Payment]) -> Iterator[Difference]:
    """Orders against a payment channel's lines, which `queries.put_payments` has put into the database."""
    for order, due, paid_at, count, amount, most, at in ask(connection, queries.PAYMENTS):
        yield _payment(order, due, paid_at, count, amount, most, at)
    for line, order, amount, at, status in ask(connection, queries.UNKNOWN_PAYMENTS):
        said = "none" if status == _NOBODY else OrderStatus(status).name
        subject = f"order {lines[line].label or order}"
        yield Difference("payment_without_order", subject, amount, at, {"channel": amount, "orders": said})
    for order, ours, theirs, count, sorts, at in ask(connection, queries.REFUNDS):
        kind = "refund_missing" if theirs < ours else "refund_twice" if count > sorts else "refund_unbooked"
        yield Difference(kind, f"order {order}", abs(theirs - ours), at, {"orders": ours, "channel": theirs})
    for line, order, amount, at in ask(connection, queries.UNKNOWN_REFUNDS):
        seen: dict[str, int | str] = {"channel": amount, "orders": "none"}
        yield Difference("refund_unbooked", f"order {lines[line].label or order}", amount, at, seen)


def _payment(order: int, due: int, paid_at: int, count: int, amount: int, most: int, at: int) -> Difference:
    """What is wrong with the payment of an order that is paid."""
    subject, seen = f"order {order}", {"orders": due, "channel": amount}
    if not count:
        return Difference("missing_payment", subject, due, paid_at, seen)
    if count > 1 and most == due:
        return Difference("double_payment", subject, amount - due, at, seen)
    if amount != due:
        return Difference("amount_differs", subject, abs(amount - due), at, seen)
    days: dict[str, int | str] = {"orders": _day(paid_at), "channel": _day(at)}
    why = FROM_UTC if paid_at - at == _HOURS_OF_SHANGHAI else LATE_NOTICE
    return Difference("cut_off", subject, due, paid_at, days, why)


def _day(time: int) -> str:
    from rules.calendar import date_of

    return str(date_of(time // DAY * DAY))


def payout_differences(connection: Connection, lines: Sequence[Payout]) -> Iterator[Difference]:
    """Withdrawals against a payout channel's lines."""
    for number, status, net, done_at, count, amount, failed, at in ask(connection, queries.PAYOUTS, paid=_PAID):
        said = WithdrawalStatus(status)
        heard = amount if count else "failed" if failed else "none"
        seen: dict[str, int | str] = {"payouts": f"{said.name} {net / 100:.2f}", "payout_channel": heard}
        subject = f"withdrawal {number} ({channel_order_no(number)})"
        if count > 1:
            yield Difference("payout_twice", subject, amount - net, at, seen)
        elif said is WithdrawalStatus.paid:
            kind = "payout_amount" if count else "payout_missing"
            yield Difference(kind, subject, abs(amount - net), done_at, seen)
        else:
            open_here = said in (WithdrawalStatus.sent, WithdrawalStatus.unknown)
            yield Difference("payout_unknown" if open_here else "payout_failed", subject, amount, at, seen)
    for line, amount, at in ask(connection, queries.UNASKED_PAYOUTS):
        yield Difference("payout_unasked", f"payout {lines[line].number}", amount, at, {"payout_channel": amount})
