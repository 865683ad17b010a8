"""The lives of members in a store: they visit, are looked after and written to, and leave.

It is there where the scenario has members visit; what the operator does about it stands in the plan in force.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from rules.book import Book
from sim.behaviour.care import Rescue
from sim.behaviour.lifecycle import LifeCycle, silences
from sim.behaviour.messages import Mailing
from sim.behaviour.sharing import Shares
from sim.behaviour.shopping import Orders
from sim.behaviour.visiting import Visits
from sim.behaviour.world import Ids, World

WEEK = 7


class Lives:
    """The lives of a world's members.

    Args:
        world: before its first day.

    Attributes:
        visits, rescue, life, mailing: who comes and who is gone; cases; stages; messages.
    """

    def __init__(self, world: World) -> None:
        self.visits = Visits(world.seed, world.people, world.given)
        self.rescue, self.mailing = Rescue(world.people), Mailing(world.people)
        self.life = LifeCycle(world.people, world.market.days)

    def morning(self, world: World) -> int:
        """Those come who answer, who open a message, who look in; gives what it cost, in fen."""
        world.told.append(self.life.answer(world, self.visits))
        cost = self.mailing.send(world, self.visits, world.plan.messages) if world.plan.messages else 0
        self.visits.look_in(world, silences(world.plan.care))
        return cost

    def evening(
        self, world: World, book: Book, coupons: list[str], newcomers: Ids, shares: Shares, orders: Orders
    ) -> int:
        """Care, as the plan in force has it; then those leave whom nobody has won back. Gives what it cost, in fen.

        Args:
            coupons: names of coupons by number. newcomers: who registered today. shares, orders: of today.
        """
        self.visits.note(world, newcomers, shares.sharer, orders.person)
        rule, cost = world.plan.care, 0
        if rule:
            helped, cost = self.rescue.look_after(world, book, self.visits, rule)
            numbers = {name: number for number, name in enumerate(coupons)}
            cost += self.life.see_to(world, self.visits, rule, numbers, newcomers, shares, self.mailing.refuses)
            world.told.append(helped)
        world.told.append(self.visits.leave(world))
        return cost

    def end_day(self, world: World, persons: NDArray[Any]) -> None:
        """After some promoters have weighed their effort: all of them at the end of a week."""
        if (world.day + 1) % WEEK == 0:
            self.visits.end_week(world)
            self.mailing.end_week()
            self.life.end_month(world, self.visits)
        self.visits.end_day(world, persons)
