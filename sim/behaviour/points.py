"""Points: some members sign in for them; they are spent on gifts, or as money off an order.

Collecting is a habit of few and a trait. Some save for a gift they have their eye on, the others pay with points
(that a reward in reach draws its collector is Kivetz, Urminsky & Zheng 2006; how many collect is assumed). What a
member takes her balance to be she has read at the end of the week, less what she has spent since: she never spends what
she does not have, unless a refund takes points back meanwhile, and then the engine refuses.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.events import DAY, Kind
from rules.money import PPM
from rules.people.points import Points
from rules.plan.model import Plan
from sim.behaviour.parameters import Behaviour
from sim.behaviour.purposes import Decision
from sim.behaviour.reductions import Fen, by_plan
from sim.behaviour.shopping import Orders
from sim.behaviour.world import Ids, World
from sim.draws import bits_array, draw_array, field_array, pick_array, uniform_array
from sim.people import luck

MORNING, NIGHT = 7 * 3600, 23 * 3600
"""Time of day within which people sign in and ask for gifts."""
LEAST_OFF = 1_00
"""Nobody bothers to take less than this off an order, in fen."""
WEEK = 7


class Habits:
    """What the members of a world do with points.

    Args:
        seed: of the world. given: parameters. gifts: names of gifts by number.
        arm: by person, the arm as last looked up.
    """

    def __init__(self, seed: int, given: Behaviour, gifts: list[str], arm: NDArray[np.int16]) -> None:
        everybody = np.arange(len(arm))
        collectors, gift_lover = given.collectors, given.gift_lover
        self._collectors = np.flatnonzero(luck(seed, Decision.collector, everybody) < collectors).astype(np.int32)
        self._saves = luck(seed, Decision.wish, everybody) < gift_lover
        self._balance = np.zeros(len(arm), np.int32)
        self._arm = arm
        self._asks: defaultdict[int, list[NDArray[np.int64]]] = defaultdict(list)
        self._gifts = gifts
        self.redeemed = np.zeros(len(gifts), np.int64)
        self._today = (np.zeros(0, np.int32), np.zeros(0, np.int32))

    def sign_in(self, world: World) -> Ids:
        """Collectors who are members sign in; gives who does."""
        rule = world.plan.points
        if rule is None or not rule.earn.sign_in:
            return self._collectors[:0]
        words = draw_array(world.key(Decision.sign_in, daily=True), self._collectors)
        comes = uniform_array(words) < world.given.sign_in
        comes &= world.crowd["joined"][self._collectors] < world.day * DAY
        persons = self._collectors[comes]
        world.emit(Kind.sign_in, _second(words[comes]), member=persons)
        return persons

    def ask_for_gifts(self, world: World) -> int:
        """Those whose day it is ask for their gifts; gives what these cost the store, in fen."""
        due = [np.zeros((0, 2), np.int64), *self._asks.pop(world.day, [])]
        person, gift = np.concatenate(due).T
        second = _second(draw_array(world.key(Decision.gift, daily=True), person))
        world.emit(Kind.redeem, second, member=person, rank=gift)
        np.add.at(self.redeemed, gift, 1)
        costs = world.plan.points.costs if world.plan.points else {}
        return int(np.array([costs.get(name, 0) for name in self._gifts], np.int64)[gift].sum())

    def pay(self, world: World, orders: Orders, goods: Fen, left: Fen) -> Fen:
        """What points take off today's orders, in fen.

        Args:
            goods: what each order costs before discounts. left: after those that were taken off already.
        """
        off, spent = np.zeros(len(orders.person), np.int64), np.zeros(len(orders.person), np.int32)
        _, at = np.unique(orders.person, return_index=True)
        at = at[self._balance[orders.person[at]] > 0]
        person = orders.person[at]
        draws = uniform_array(bits_array(world.key(Decision.points_used), person, orders.ordinal[at]))
        for plan, there in by_plan(world, self._arm[person]):
            rule = plan.points
            if rule is None or not rule.value:
                continue
            here = there & (draws < world.given.points_use) & ~(self._saves[person] & bool(rule.gifts))
            most = np.minimum(goods[at] * rule.max_share_of_order // PPM, left[at])
            points = np.minimum(self._balance[person], most // rule.value)
            points[~here | (points * rule.value < LEAST_OFF)] = 0
            spent[at] += points.astype(np.int32)
            off[at] += points * rule.value
        self._balance[person] -= spent[at]
        self._today = person, spent[at]
        return off

    def evening(self, world: World, book: Book) -> None:
        """At the end of a week members read their balance, and some choose a gift and the day on which to ask."""
        if (world.day + 1) % WEEK:
            return
        members, rows = world.members, book.members
        self._arm[members] = rows["arm"][members]
        self._balance[members] = np.minimum(rows["points"][members], 2**31 - 1)
        person, points = self._today  # the book does not know of today's orders yet
        self._balance[person] = np.maximum(self._balance[person] - points, 0)
        for plan, there in by_plan(world, self._arm[members]):
            if plan.points and plan.points.gifts:
                self._choose(world, plan.points, members[there])

    def _choose(self, world: World, rule: Points, persons: Ids) -> None:
        """Who saves, and has enough for the gift she has her eye on, asks for it on a day of the week that comes."""
        saves = self._saves[persons] | (rule.value == 0)
        persons = persons[saves & (self._balance[persons] >= min(rule.gifts.values()))]
        names = sorted(rule.gifts)
        wish = pick_array(draw_array(world.key(Decision.gift), persons), len(names))
        price = np.array([rule.gifts[name] for name in names])[wish]
        enough = self._balance[persons] >= price
        persons, price = persons[enough], price[enough]
        number = np.array([self._gifts.index(name) for name in names])[wish[enough]]
        self._balance[persons] -= price.astype(np.int32)
        words = draw_array(world.key(Decision.gift, daily=True), persons)
        day = world.day + 1 + field_array(words, 0, 24) * (WEEK - 1) // 2**24
        for one in np.unique(day).tolist():
            chosen = day == one
            self._asks[one].append(np.column_stack([persons[chosen], number[chosen]]).astype(np.int64))

    def state(self, book: Book) -> dict[str, Any]:
        """Points that members have now, and the gifts they asked for, by name."""
        members = book.members
        gifts = {name: int(count) for name, count in zip(self._gifts, self.redeemed, strict=True)}
        orders = book.rows("order_extras")
        return {
            "outstanding": int(members["points"].sum()),
            "spent_on_orders": int((orders["points"] - orders["points_back"]).sum()),
            "off": int(orders["points_off"][orders["points"] > 0].sum()),
            "gifts": gifts,
        }


def gift_names(plans: list[Plan]) -> list[str]:
    """Every gift of some plans, by its number."""
    return list(dict.fromkeys(name for plan in plans if plan.points for name in plan.points.gifts))


def _second(words: NDArray[np.uint64]) -> NDArray[np.int64]:
    return MORNING + field_array(words, 0, 24) * (NIGHT - MORNING) // 2**24
