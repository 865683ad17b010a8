"""What is in an order, and what becomes of it."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from benchmarks.mesa_crowd.luck import cut, lookup, thirds, uniform
from rules.events import DAY, Kind
from sim.behaviour.basket import LINES, NEAREST
from sim.behaviour.fulfilment import (
    CANCEL_AFTER,
    CONFIRM_DAYS,
    DECISION_LEAST,
    DECISION_MOST,
    HOUR,
    PAY_LATEST,
    PAY_SOONEST,
)
from sim.behaviour.purposes import Decision

if TYPE_CHECKING:
    from benchmarks.mesa_crowd.model import MesaStore
    from benchmarks.mesa_crowd.person import Person


class Purchase:
    """An order that somebody places today.

    Args:
        buyer, ordinal: whose, and which of hers. second: of the day. wanted: sku that she saw shared, -1 = none.
    """

    def __init__(self, buyer: Person, ordinal: int, second: int, wanted: int = -1) -> None:
        self.buyer, self.ordinal, self.second, self.wanted = buyer, ordinal, second, wanted
        self.model: MesaStore = buyer.model

    def _word(self, decision: Decision, ordinal: int | None = None) -> int:
        draw, key = self.model.draw, self.model.keys[decision]
        return draw(draw(key, self.buyer.unique_id), self.ordinal if ordinal is None else ordinal)

    def place(self, number: int) -> None:
        """Put the order and all that follows into the diary."""
        basket, model, town = self.fill(), self.model, self.model.town
        placed = model.midnight + self.second
        for line, (sku, quantity) in enumerate(basket, 1):
            model.diary.note(
                Kind.order,
                placed,
                order=number,
                member=self.buyer.unique_id,
                sku=sku,
                category=town.category[sku],
                quantity=quantity,
                price=town.price[sku],
                cost=town.cost[sku],
                discount=town.off(town.price[sku] * quantity, model.day),
                channel=self.buyer.channel,
                line=line,
            )
        self._follow(number, placed, basket)

    def fill(self) -> list[tuple[int, int]]:
        """Skus and quantities by line; the first line is what was wanted, if it can be paid, else the largest."""
        town, given = self.model.town, self.model.town.given
        left = self.buyer.spend * lookup(town.baskets, uniform(self._word(Decision.amount)))
        word, lines = self._word(Decision.lines), 1
        if cut(word, 0, 20) < given.second_line:
            lines = 3 if cut(word, 20, 20) < given.third_line else 2
        part, basket, front = 0.15 + 0.2 * cut(word, 40, 20), [], []
        if self.wanted >= 0 and town.price[self.wanted] <= left:
            if town.price[self.wanted] * NEAREST > left:
                word = self._word(Decision.line, (LINES + 1) * self.ordinal + LINES)
                return [self._choose(self.wanted, self.wanted + 1, left, word)]
            front, lines = [(self.wanted, 1)], min(lines, LINES - 1)
            left -= town.price[self.wanted]
        for line in range(lines - 1, -1, -1):
            word = self._word(Decision.line, (LINES + 1) * self.ordinal + line)
            category, target = self.buyer.wants(word), left * part if line else left
            if town.price[town.first[category]] > target:
                if line:
                    continue
                category = town.cheapest
            basket.append(self._choose(town.first[category], town.first[category + 1], target, word))
            left -= target
        return front + basket[::-1]

    def _choose(self, low: int, high: int, target: float, word: int) -> tuple[int, int]:
        """One of some skus near a target in fen, and a quantity that meets it in the mean."""
        town = self.model.town
        top = bisect_right(town.price, target, low, high)
        if top == low:
            return low, 1
        bottom = min(bisect_right(town.price, target / NEAREST, low, high), top - 1)
        sku = bottom + (word >> 42) * (top - bottom) // 4_194_304
        pieces = target / town.price[sku]
        whole = int(pieces)
        return sku, whole + (uniform(self.model.draw(word, -1)) < pieces - whole)

    def _follow(self, number: int, placed: int, basket: list[tuple[int, int]]) -> None:
        """Plan what becomes of it: paid or cancelled, shipped, received, returned."""
        plan, given, town = self.model.diary.plan, self.model.town.given, self.model.town
        fails, haste, packing = thirds(self._word(Decision.payment))
        if fails < given.payment_failure:
            plan(Kind.cancel, placed + CANCEL_AFTER, order=number)
            return
        paid = placed + PAY_SOONEST + int((PAY_LATEST - PAY_SOONEST) * haste * haste)
        plan(Kind.pay, paid, order=number)
        shipped = paid + HOUR + between(town.ship, packing)
        back, how, refused = thirds(self._word(Decision.returned))
        moving, silent, regret = thirds(self._word(Decision.delivery))
        comes_back = back < town.return_rate[town.category[basket[0][0]]] * given.return_factor
        if comes_back and how < given.return_unshipped:
            plan(Kind.refund, paid + 60 + int(regret * (shipped - paid - 60)), order=number)
            return
        plan(Kind.ship, shipped, order=number)
        received = shipped + HOUR + between(town.deliver, moving) + between((0.0, CONFIRM_DAYS), haste)
        if silent >= given.unconfirmed:
            plan(Kind.receive, received, order=number)
        if comes_back:
            opened = received + between(town.regret, regret)
            self._send_back(number, opened, basket, how, refused < given.return_refused)

    def _send_back(self, number: int, opened: int, basket: list[tuple[int, int]], how: float, refused: bool) -> None:
        """Plan a return, and what the store says: all of it, or the last line, or half of the pieces of the only."""
        plan, given = self.model.diary.plan, self.model.town.given
        decided = opened + between((DECISION_LEAST, DECISION_MOST), thirds(self._word(Decision.returned_when))[0])
        plan(Kind.refund_open, opened, order=number)
        if refused:
            plan(Kind.refund_refused, decided, order=number)
        elif how < given.return_unshipped + (1.0 - given.return_unshipped) * given.return_partial:
            half = (basket[0][1] + 1) // 2 if len(basket) == 1 else 0
            plan(Kind.refund, decided, order=number, line=len(basket), quantity=half)
        else:
            plan(Kind.refund, decided, order=number)


def between(days: tuple[float, float], part: float) -> int:
    """Seconds of some days between the least and the most."""
    least, most = days
    return int((least + (most - least) * part) * DAY)
