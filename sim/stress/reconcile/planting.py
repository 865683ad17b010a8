"""Faults on purpose: one of a kind in a store that was simulated, or in the files of its channels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, text

from rules.errors import InputError
from rules.events import DAY
from rules.payout.channel import channel_order_no
from rules.records import WithdrawalStatus
from sim.store.sql.accounts import JournalKind, journal_id
from sim.stress.reconcile.files import Payment, Payout
from sim.stress.reconcile.queries import ask

_HOUR = 3_600


@dataclass
class Scene:
    """Where faults are planted: a store, and the lines of its channels."""

    connection: Connection
    payments: list[Payment]
    payouts: list[Payout]

    def first(self, question: str, what: str, **values: int) -> tuple[int, ...]:
        """The first row of an answer.

        Raises:
            InputError: there is none, or it says -1.
        """
        found = ask(self.connection, question, **values)
        if not found or found[0][0] < 0:
            raise InputError(f"the simulated store has {what} to plant this on", allowed="more --people or --days")
        return found[0]

    def change(self, statement: str, **values: int) -> None:
        """Change the store, past everything that keeps its books."""
        self.connection.execute(text(statement), values)

    def paid(self, number: int) -> int:
        """The place of the payment of some order: another for each number."""
        places = [place for place, one in enumerate(self.payments) if one.amount > 100]
        if len(places) < 20:
            raise InputError(
                "the simulated store has too few orders to plant this on", allowed="more --people or --days"
            )
        return places[number * len(places) // 20]


def _missing_payment(scene: Scene) -> None:
    del scene.payments[scene.paid(1)]


def _payment_without_order(scene: Scene) -> None:
    unpaid = ask(scene.connection, "SELECT id, goods + freight FROM orders WHERE paid_at < 0 ORDER BY id")
    last = scene.first("SELECT MAX(id), 1 FROM orders", "no order")[0]
    order, amount = next((one for one in unpaid if one[1]), (last + 1, 12_300))
    scene.payments.append(Payment(order, scene.payments[0].time, amount))


def _amount_differs(scene: Scene) -> None:
    place = scene.paid(3)
    scene.payments[place] = replace(scene.payments[place], amount=scene.payments[place].amount - 100)


def _double_payment(scene: Scene) -> None:
    one = scene.payments[scene.paid(5)]
    scene.payments.append(replace(one, time=one.time + 30))


def _refund_missing(scene: Scene) -> None:
    del scene.payments[_refunds(scene)[0]]


def _refund_twice(scene: Scene) -> None:
    one = scene.payments[_refunds(scene)[-1]]
    scene.payments.append(replace(one, time=one.time + 60, refund_no=f"{one.refund_no}-again"))


def _refund_unbooked(scene: Scene) -> None:
    back = {one.order for one in scene.payments if one.refund}
    one = next(one for one in scene.payments if one.amount > 100 and one.order not in back)
    scene.payments.append(Payment(one.order, one.time + DAY, refund=100, refund_no="by hand"))


def _refunds(scene: Scene) -> list[int]:
    found = [place for place, one in enumerate(scene.payments) if one.refund]
    if len(found) < 2:
        raise _too_few("refunds")
    return found


def _cut_off(scene: Scene) -> None:
    early = [place for place, one in enumerate(scene.payments) if one.amount and one.time % DAY < 8 * _HOUR]
    if not early:
        raise InputError("no order was paid before 8 in the morning", allowed="more --people or --days")
    one = scene.payments[early[len(early) // 2]]
    scene.payments[early[len(early) // 2]] = replace(one, time=one.time - 8 * _HOUR)


def _journal_missing(scene: Scene) -> None:
    order = scene.payments[scene.paid(7)].order
    scene.change("DELETE FROM journal WHERE id = :id", id=journal_id(order, JournalKind.pay))


def _journal_amount(scene: Scene) -> None:
    number = _journal(scene, "MIN")
    scene.change("UPDATE journal SET x0 = x0 + 1000, x1 = x1 - 1000 WHERE id = :id AND part = 0", id=number)


def _journal(scene: Scene, which: str) -> int:
    """A journal of commission."""
    question = f"SELECT COALESCE({which}(id), -1) FROM journal WHERE ((id >> 6) & 63) = :commission AND x0 > 0"
    (number,) = scene.first(question, "no commission")
    return number


def _wallet_changed(scene: Scene) -> None:
    (member,) = scene.first("SELECT COALESCE(MIN(member), -1) FROM wallets WHERE available > 0", "no wallet")
    scene.change("UPDATE wallets SET available = available + 8800 WHERE member = :member", member=member)


def _state_changed(scene: Scene) -> None:
    (member,) = scene.first("SELECT COALESCE(MAX(member), -1) FROM wallets WHERE held > 0", "nothing held")
    scene.change("UPDATE wallets SET available = available + held, held = 0 WHERE member = :member", member=member)


def _entry_altered(scene: Scene) -> None:
    number, _ = scene.first(_ENTRIES, "no entry", less=_journal(scene, "MIN"), more=_journal(scene, "MAX"))
    scene.change("UPDATE entries SET amount = amount + 500 WHERE id = :id", id=number)


def _entry_deleted(scene: Scene) -> None:
    number = _journal(scene, "MAX")
    scene.change("DELETE FROM entries WHERE journal_id = :id", id=number)


_ENTRIES = (
    "SELECT id, amount FROM entries WHERE amount > 0 AND reverses < 0 AND journal_id <> :less AND journal_id <> :more "
    "ORDER BY id DESC"
)
_OPEN = "SELECT id, amount - fee - tax FROM withdrawals WHERE status IN (:sent, :unknown) ORDER BY id"


def _payout_unknown(scene: Scene) -> None:
    states = {"sent": int(WithdrawalStatus.sent), "unknown": int(WithdrawalStatus.unknown)}
    number, net = scene.first(_OPEN, "no payout under way", **states)
    last = max((one.time for one in scene.payments), default=0)
    scene.payouts.append(Payout(channel_order_no(number), net, True, last))


def _payout_twice(scene: Scene) -> None:
    scene.payouts.append(scene.payouts[_paid_out(scene)[0]])


def _payout_missing(scene: Scene) -> None:
    del scene.payouts[_paid_out(scene)[2]]


def _payout_amount(scene: Scene) -> None:
    place = _paid_out(scene)[1]
    scene.payouts[place] = replace(scene.payouts[place], amount=scene.payouts[place].amount + 10)


def _payout_unasked(scene: Scene) -> None:
    scene.payouts.append(Payout("BY-HAND-1", 66_600, True, scene.payments[-1].time))


def _paid_out(scene: Scene) -> list[int]:
    found = [place for place, one in enumerate(scene.payouts) if one.success]
    if len(found) < 3:
        raise _too_few("payouts")
    return found


def _too_few(things: str) -> InputError:
    return InputError(f"the simulated store has too few {things} to plant this on", allowed="more --people or --days")


PLANTS: Mapping[str, Callable[[Scene], None]] = {
    "missing_payment": _missing_payment,
    "payment_without_order": _payment_without_order,
    "amount_differs": _amount_differs,
    "double_payment": _double_payment,
    "refund_missing": _refund_missing,
    "refund_twice": _refund_twice,
    "refund_unbooked": _refund_unbooked,
    "cut_off": _cut_off,
    "journal_missing": _journal_missing,
    "journal_amount": _journal_amount,
    "wallet_changed": _wallet_changed,
    "wallet_state": _state_changed,
    "entry_altered": _entry_altered,
    "entry_deleted": _entry_deleted,
    "payout_unknown": _payout_unknown,
    "payout_twice": _payout_twice,
    "payout_missing": _payout_missing,
    "payout_amount": _payout_amount,
    "payout_unasked": _payout_unasked,
}
"""What can be planted, by the kind of difference that it has to be found as; `wallet_state` as `wallet_changed`."""
