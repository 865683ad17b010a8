"""What an operator's programmes for members add to a day: coupons, points, and the lives of members.

A part that neither plan nor scenario asks for is not there. What reads the book looks in the evening, at the book as it
stood at the end of the day before, and acts the next day.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.errors import InputError
from rules.events import Names
from rules.plan.model import Plan
from sim.behaviour.basket import Baskets, Reductions
from sim.behaviour.coupons import Coupons
from sim.behaviour.lives import Lives
from sim.behaviour.points import Habits
from sim.behaviour.reductions import Fen, after_sale, by_plan, goods_of, share_out
from sim.behaviour.sharing import Shares
from sim.behaviour.shopping import Orders
from sim.behaviour.world import Ids, World


class Programmes:
    """The programmes of a world.

    Args:
        world: before its first day. plans: all that may come into force. names: of coupons and gifts.

    Attributes:
        cost: fen that today has cost.
        coupons, habits: None where no plan has coupons, points. lives: None where the scenario has no visits.
    """

    def __init__(self, world: World, plans: list[Plan], names: Names) -> None:
        self.coupons: Coupons | None = None
        self.habits: Habits | None = None
        self.lives = Lives(world) if world.given.visits else None
        self.cost = 0
        self._arm = np.zeros(world.people, np.int16)
        self._signed = np.zeros(0, np.int32)
        self.know(world, plans, names)

    def know(self, world: World, plans: list[Plan], names: Names) -> None:
        """Begin the programmes that these plans need, unless they run already.

        Raises:
            InputError: a plan looks after members who do not visit.
        """
        self._plans = plans
        for plan in plans:
            if (plan.care or plan.messages) and self.lives is None:
                raise InputError(
                    f"the plan {plan.plan} has care or messages, and in this scenario nobody's visits are simulated",
                    allowed="a scenario with `visits` under `behaviour`, such as the market three_tier_life",
                )
        if self.coupons:
            self.coupons.know(plans, names)
        elif any(plan.coupons for plan in plans):
            self.coupons = Coupons(plans, names, self._arm)
        if any(plan.points for plan in plans) and self.habits is None:
            self.habits = Habits(world.seed, world.given, names.gifts, self._arm)

    def morning(self, world: World) -> None:
        """What happens before members share and shop."""
        self.cost = 0
        if self.habits:
            self._signed = self.habits.sign_in(world)
            self.cost += self.habits.ask_for_gifts(world)
        if self.lives:
            self.cost += self.lives.morning(world)
        if self.coupons:
            self.coupons.draw(world, self.lives.visits.gone if self.lives else None)

    def reach(self, world: World, shares: Shares) -> Shares:
        """The shares of today before as many contacts as those who send them have learnt to reach."""
        return self.lives.life.reach(world, shares) if self.lives else shares

    def take_off(self, world: World, orders: Orders, baskets: Baskets) -> Reductions | None:
        """What today's orders take off for coupons and points; may add pieces to baskets."""
        if not self.coupons and not self.habits:
            return None
        coupon = np.full(len(orders.person), -1)
        off = points = np.zeros(len(orders.person), np.int64)
        if self.coupons:
            coupon, off = self.coupons.use(world, orders, baskets, self._numbers(world))
        goods = goods_of(world, baskets)
        left = after_sale(world, goods)
        if self.habits:
            points = self.habits.pay(world, orders, goods.sum(1), np.maximum(left.sum(1) - off, 0))
        return Reductions(coupon, points, self._by_line(world, orders.person, off, points, left))

    def evening(self, world: World, book: Book, newcomers: Ids, shares: Shares, orders: Orders) -> None:
        """What came of the day, and what is to be known for tomorrow.

        Args:
            newcomers: who registered today. shares, orders: of today.
        """
        if self.coupons:
            self.coupons.evening(world, book, self._numbers(world))
        if self.habits:
            self.habits.evening(world, book)
        if self.lives:
            names = self.coupons.ids if self.coupons else []
            self.lives.visits.seen[self._signed] = world.day
            self.cost += self.lives.evening(world, book, names, newcomers, shares, orders)

    def end_day(self, world: World, persons: NDArray[Any]) -> None:
        """After some promoters have weighed their effort: all of them at the end of a week."""
        if self.lives:
            self.lives.end_day(world, persons)

    def _by_line(self, world: World, persons: Ids, off: Fen, points: Fen, left: Fen) -> Fen:
        """The reductions of orders, line by line, as the plan of each buyer splits them."""
        lines = np.zeros_like(left)
        some = np.flatnonzero(off + points)
        for plan, there in by_plan(world, self._arm[persons[some]]):
            at = some[there]
            lines[at] = share_out(plan.semantics, off[at], points[at], left[at])
        return lines

    def _numbers(self, world: World) -> NDArray[np.int64]:
        """The number of the plan in force, by arm."""
        return np.array([self._plans.index(world.plan), *range(1, 1 + len(world.arms))])
