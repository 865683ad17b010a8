"""Withdrawing: a weekly habit. On a weekday of her own a promoter asks for all that is available.

The payment provider answers the next day; what the plan wants reviewed is approved first, or waits or is rejected where
somebody says so.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.events import Kind
from rules.payout.channel import largest_request
from rules.records import WithdrawalStatus
from sim.behaviour.purposes import Decision
from sim.behaviour.world import Ids, World
from sim.draws import bits_array, draw_array, uniform_array

ASK_FROM, ASK_UNTIL = 9 * 3600, 22 * 3600
"""Time of day of requests."""
APPROVE_AT, PAY_AT = 10 * 3600, 15 * 3600
"""Time of the next day at which requests are approved, and at which the provider begins to answer."""
ANSWERING = 3600
"""Seconds over which the answers of a day come in."""


Judge = Callable[[int, Ids], tuple[NDArray[np.bool_], NDArray[np.bool_]]]
"""Says on a day of members whose requests are reviewed whose are approved and whose are rejected; the others wait."""


class Withdrawals:
    """The requests of a world. Remembers who has ever earned, and what was asked for yesterday.

    Args:
        people: size of the market. judge: who reviews; None = all is approved.
    """

    def __init__(self, people: int, judge: Judge | None = None) -> None:
        self._earners = np.zeros(people, np.bool_)
        self._asked = np.zeros(0, np.int64)
        self._payday = np.zeros(0, np.uint8)
        self._judge = judge

    def note(self, payees: NDArray[np.int32]) -> None:
        """Remember who has earned something."""
        self._earners[payees] = True

    def answer(self, world: World, book: Book) -> None:
        """The review and the provider answer yesterday's requests; what the book refused is not answered."""
        numbers = self._asked[self._asked < len(book.rows("withdrawals"))]
        self._asked = numbers[:0]
        if not len(numbers):
            return
        rows = book.withdrawals[numbers]
        numbers, rows = numbers[rows["known"]], rows[rows["known"]]
        status = rows["status"]
        waiting = status == WithdrawalStatus.reviewing
        approved, rejected = self._reviewed(world.day, rows["member"], waiting)
        world.emit(Kind.approve, np.full(approved.sum(), APPROVE_AT), order=numbers[approved])
        world.emit(Kind.reject, np.full(rejected.sum(), APPROVE_AT), order=numbers[rejected])
        self._asked = numbers[waiting & ~approved & ~rejected]
        going = approved | (status == WithdrawalStatus.sent)
        numbers, members = numbers[going], rows["member"][going]
        words = bits_array(world.key(Decision.payout), members, world.crowd["payouts"][members])
        second = PAY_AT + (words % np.uint64(ANSWERING)).astype(np.int64)
        good = uniform_array(words) >= world.given.payout_failure
        world.emit(Kind.paid, second[good], order=numbers[good])
        world.emit(Kind.failed, second[~good], order=numbers[~good])

    def _reviewed(
        self, day: int, members: Ids, waiting: NDArray[np.bool_]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which of the requests that wait are approved, and which rejected."""
        approved, rejected = waiting.copy(), np.zeros(len(waiting), np.bool_)
        if self._judge:
            approved[waiting], rejected[waiting] = self._judge(day, members[waiting])
        return approved, rejected

    def ask(self, world: World, book: Book) -> None:
        """Ask for what is available, where that is enough."""
        rule = world.plan.withdrawal
        if not len(self._payday):
            words = draw_array(world.key(Decision.payday), np.arange(len(self._earners)))
            self._payday = (words % np.uint64(7)).astype(np.uint8)
        weekday = (world.start + world.day) % 7
        persons = np.flatnonzero(self._earners & (self._payday == weekday))
        persons = persons[book.members["available"][persons] >= max(1, rule.minimum)]
        words = draw_array(world.key(Decision.withdraw, daily=True), persons)
        asks = uniform_array(words) < world.given.withdraw_weekly
        persons = persons[asks]
        available = book.members["available"][persons]
        if (most := largest_request(rule)) is not None:
            available = np.minimum(available, most)
        second = ASK_FROM + (uniform_array(words[asks]) * (ASK_UNTIL - ASK_FROM)).astype(np.int64)
        order = np.lexsort((persons, second))
        numbers = world.next_withdrawal + np.arange(len(order))
        world.next_withdrawal += len(order)
        world.crowd["payouts"][persons] += 1
        world.emit(Kind.withdraw, second[order], member=persons[order], order=numbers, amount=available[order])
        self._asked = np.concatenate([self._asked, numbers])

    def expect(self, numbers: NDArray[np.int64]) -> None:
        """Answer requests that others have written, too."""
        self._asked = np.concatenate([self._asked, numbers])
