"""Coupons: who holds one, whom it draws to the store, on which order it is used.

A coupon hurries its holder's next order (purchase acceleration: Neslin, Henderson & Quelch 1985, "Consumer promotions
and the acceleration of product purchases"), soon after it was granted or in the last days before it lapses, a second
peak that Inman & McAlister (1994, "Do coupon expiration dates affect consumer behavior?") found; now and then it brings
an order of somebody who would not have come. How often is assumed. On an order that is large enough, or nearly so, most
holders use it; one coupon an order, the most valuable.

What a member holds is known as the book stood at the end of the day before.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.events import DAY, Names, Records
from rules.jit import kernel
from rules.people.coupons import coupon_ids, coupon_table
from rules.plan.model import Plan
from sim.behaviour.basket import Baskets
from sim.behaviour.hurrying import bring_forward
from sim.behaviour.purposes import Decision
from sim.behaviour.reductions import Fen, goods_of
from sim.behaviour.shopping import EXPONENTIAL, Orders
from sim.behaviour.world import NEVER, Ids, World
from sim.draws import bits_array, draw_array, uniform_array
from sim.quantiles import lookup_array
from sim.rows import within_runs

SOON = 2.0
"""Mean days from the grant to the order of those who are drawn soon."""
LAST_DAYS = 3
"""Days before a coupon lapses in which the others come."""
_QUESTIONS = 4
"""Questions to luck about one coupon."""


@kernel
def pick_coupon(
    persons: Ids, arms: NDArray[np.int64], latest: Ids, coupons: Records, worth: NDArray[np.int64], until: int,
    start: int, held: NDArray[np.int16], last: Ids,
) -> None:  # fmt: skip
    """Find the coupon that each person means to use next: the one worth most, of equals the one that lasts longest.

    Args:
        persons: whose. arms: of each, by place. latest: row of the latest coupon, by place, -1 = none.
        coupons: the book's. worth: fen off by arm and coupon, 0 = not of that plan.
        until: second until which a coupon must last. start: first day of the run.
        held: number of the coupon, -1 = none; last: day of the run on which it can still be used; by person, written.
    """
    for place in range(len(persons)):
        person, row = persons[place], np.int64(latest[place])
        best, most, expires = -1, 0, 0
        while row >= 0:
            one = coupons[row]
            off = worth[arms[place], one.coupon]
            if (
                one.order < 0
                and one.expires >= until
                and (off > most or (off == most and off > 0 and one.expires > expires))
            ):
                best, most, expires = one.coupon, off, one.expires
            row = np.int64(one.previous)
        held[person] = best
        last[person] = min(expires // DAY - start - 1, NEVER)


class Coupons:
    """The coupons that members of a world know they hold.

    Args:
        plans: all that may come into force. names: what stands behind the numbers of coupons.
        arm: by person, the arm as last looked up.
    """

    def __init__(self, plans: list[Plan], names: Names, arm: NDArray[np.int16]) -> None:
        self.know(plans, names)
        self._arm = arm
        self.held = np.full(len(arm), -1, np.int16)
        self._last = np.zeros(len(arm), np.int32)
        self._granted = np.zeros(len(arm), np.uint16)
        self._rows = 0
        self._used = [np.zeros(0, np.int32)] * 3  # who used one today, yesterday, the day before
        self._drawn: defaultdict[int, list[NDArray[np.int64]]] = defaultdict(list)

    def know(self, plans: list[Plan], names: Names) -> None:
        """Read what coupons are worth under each plan, and what order they ask for."""
        self.ids = coupon_ids(plans, names)
        self._over = coupon_table(plans, names)["over"].astype(np.int64)
        self._worth = np.zeros_like(self._over)
        for number, plan in enumerate(plans):
            for name, terms in plan.coupons.items():
                self._worth[number, self.ids.index(name)] = terms.amount

    def draw(self, world: World, away: NDArray[np.bool_] | None = None) -> None:
        """Bring those to the store whom a coupon draws today.

        Args:
            world: today, before people shop.
            away: by person, who has left the store and would not order unprompted; None = nobody.
        """
        words = np.unique(np.concatenate([np.zeros(0, np.int64), *self._drawn.pop(world.day, [])]))
        person, wins = (words >> 1).astype(np.int32), (words & 1) == 1
        comes = (self.held[person] >= 0) & (self._last[person] >= world.day)
        comes &= world.crowd["resistance"][person] < NEVER
        if away is not None:
            comes &= wins | ~away[person]
        person, wins = person[comes], wins[comes]
        luck = uniform_array(draw_array(world.key(Decision.coupon, daily=True), person))
        bring_forward(world, person, luck, wins)

    def use(self, world: World, orders: Orders, baskets: Baskets, numbers: NDArray[np.int64]) -> tuple[Fen, Fen]:
        """Use coupons on today's orders; adds pieces to baskets that are nearly large enough.

        Args:
            numbers: of the plan in force by arm.

        Returns:
            Number of the coupon, -1 = none, and fen off, by order.
        """
        coupon, off = np.full(len(orders.person), -1), np.zeros(len(orders.person), np.int64)
        at = np.flatnonzero((self.held[orders.person] >= 0) & (self._last[orders.person] >= world.day))
        person = orders.person[at]
        plan, number = numbers[self._arm[person]], self.held[person]
        over, goods = self._over[plan, number], goods_of(world, baskets)[at].sum(1)
        luck = uniform_array(bits_array(world.key(Decision.coupon_used), person, orders.ordinal[at]))
        large = (goods * (1 + world.given.coupon_stretch) >= over) & (luck < world.given.coupon_use)
        _, first = np.unique(person[large], return_index=True)
        chosen = np.flatnonzero(large)[first]
        at, missing = at[chosen], np.maximum(over - goods, 0)[chosen]
        price = world.market.price[baskets.sku[at, 0]]
        baskets.quantity[at, 0] += -(-missing // price)
        coupon[at], off[at] = number[chosen], self._worth[plan, number][chosen]
        self.held[person[chosen]] = -1
        self._used[0] = person[chosen]
        return coupon, off

    def evening(self, world: World, book: Book, numbers: NDArray[np.int64]) -> None:
        """Look up who was granted a coupon yesterday, and who got one back because an order was cancelled."""
        rows = book.rows("coupons")
        new = rows[self._rows :]
        self._rows = len(rows)
        self._foresee(world, new)
        today, *earlier = self._used
        looks = np.setdiff1d(np.concatenate([new["member"], *earlier]), today).astype(np.int32)
        self._used = [today[:0], *self._used[:-1]]
        members = book.members
        arms = members["arm"][looks].astype(np.int64)
        self._arm[looks] = arms
        tomorrow_ends = (world.start + world.day + 2) * DAY
        pick_coupon(
            looks, arms, members["coupon"][looks], book.coupons, self._worth[numbers], tomorrow_ends, world.start,
            self.held, self._last,
        )  # fmt: skip

    def _foresee(self, world: World, new: Records) -> None:
        """Decide whom new coupons will draw, and when."""
        order = np.argsort(new["member"], kind="stable")
        person, expires = new["member"][order].astype(np.int64), new["expires"][order]
        ordinal = within_runs(person) + self._granted[person]
        np.add.at(self._granted, person, 1)

        def luck(question: int) -> NDArray[np.float64]:
            return uniform_array(bits_array(world.key(Decision.coupon), person, _QUESTIONS * ordinal + question))

        given, first = world.given, world.day + 1
        last = np.minimum(expires // DAY - world.start - 1, NEVER)
        drawn, when = luck(0), luck(2)
        soon = (luck(1) < given.coupon_soon) | (last == NEVER)
        early = first + (SOON * lookup_array(EXPONENTIAL, when)).astype(np.int64)
        late = np.maximum(last - (LAST_DAYS * when).astype(np.int64), first)
        day = np.minimum(np.where(soon, early, late), last)
        comes = (drawn < max(given.coupon_draw, given.coupon_wins)) & (first <= last)
        words = person * 2 + (drawn < given.coupon_wins)
        for one in np.unique(day[comes]).tolist():
            self._drawn[one].append(words[comes & (day == one)])

    def state(self, book: Book) -> dict[str, Any]:
        """What became of the coupons so far: granted and used, and fen that they took off orders that stand."""
        rows = book.rows("coupons")
        used = rows[rows["order"] >= 0]
        off = self._worth[book.orders["plan"][used["order"]], used["coupon"]]
        return {"granted": len(rows), "used": len(used), "off": int(off.sum())}
