"""A payout channel 付款通道: it knows a payment by the number it was first asked with, and pays each number once.

It answers at once, late, or not at all, and what it does not answer it may have paid. Asked again under the same number
it says what became of that. Under another number it would pay again: it cannot know.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from sim.stress.faults.luck import Luck

LATE = 3_600
"""Seconds after which a late answer is there."""
NEVER = 1 << 60


class Answer(Enum):
    """What the channel says. `later`: it has taken the order, and pays it later; `silence`: nothing came back."""

    paid = "paid"
    failed = "failed"
    later = "later"
    silence = "silence"


class Manner(Enum):
    """How it deals with a payment; by its luck."""

    pays = "pays"
    fails = "fails"
    pays_in_silence = "pays in silence"
    fails_in_silence = "fails in silence"
    pays_late = "pays late"
    says_nothing = "says nothing, ever"


_MANNERS = (Manner.pays,) * 5 + (Manner.fails,) * 2 + tuple(list(Manner)[2:]) + (Manner.pays_in_silence,)


@dataclass
class Payment:
    """A payment that the channel knows.

    Attributes:
        withdrawal: what it was asked for. amount: in fen. paid: whether it was, so far.
        manner, since, silent: how it deals with it, since when, and how many more times it says nothing.
    """

    withdrawal: int
    amount: int
    manner: Manner
    since: int
    silent: int
    paid: bool = False


class Channel:
    """The channel.

    Args:
        seed: of its luck, which goes by the withdrawal. notice: told of a withdrawal that was paid, and how often it
            says so by itself.
    """

    def __init__(self, seed: int, notice: Callable[[int, int], None]) -> None:
        self._seed, self._notice = seed, notice
        self.payments: dict[str, Payment] = {}

    def pay(self, number: str, withdrawal: int, amount: int, now: int) -> Answer:
        """Be asked to pay, or be asked again.

        Args:
            number: the channel order number. amount: in fen. now: in seconds.
        """
        payment = self.payments.get(number)
        if payment is None:
            luck = Luck(self._seed, "channel", withdrawal)
            payment = Payment(withdrawal, amount, luck.pick(_MANNERS), now, luck.between(1, 2))
            self.payments[number] = payment
            if payment.manner in (Manner.pays, Manner.pays_in_silence) or luck.chance(0.5):
                self._pay(payment, luck)
        return self._answer(payment, now)

    def _pay(self, payment: Payment, luck: Luck) -> None:
        if payment.manner in (Manner.fails, Manner.fails_in_silence, Manner.pays_late):
            return
        payment.paid = True
        if payment.manner is not Manner.says_nothing and luck.chance(0.3):
            self._notice(payment.withdrawal, luck.between(1, 3))

    def _answer(self, payment: Payment, now: int) -> Answer:
        manner = payment.manner
        if manner is Manner.says_nothing:
            return Answer.silence
        if manner in (Manner.pays_in_silence, Manner.fails_in_silence) and payment.silent:
            payment.silent -= 1
            return Answer.silence
        if manner is Manner.pays_late:
            payment.paid = now >= payment.since + LATE
            return Answer.paid if payment.paid else Answer.later
        return Answer.paid if payment.paid else Answer.failed
