"""A coupon hunter 羊毛党: orders only when prices are down, and sends much of it back."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from rules.money import PPM
from rules.plan.values import Title
from sim.actors.character import Character, Stage, leave_the_crowd

LEAST, MOST = 60_00, 420_00
"""What an order comes to before the discount, in fen."""
REGRETS = 2.5
"""Days after receipt on which they ask for their money back."""


class CouponHunter(Character):
    """An account that lives for discounts: a person of the market who otherwise neither buys nor shares.

    Args:
        model: that they live in. person: who they are. returns: part of orders sent back, in parts per million.
        begin: day of the run from which on they look for discounts.
    """

    kind: ClassVar[str] = "coupon_hunter"
    title: ClassVar[Title] = Title(zh="羊毛党", en="coupon hunter")

    def __init__(self, model: Stage, person: int, returns: int = 400_000, begin: int = 0) -> None:
        super().__init__(model, begin)
        self.person, self.returns = person, returns
        leave_the_crowd(model.world, np.array([person]))

    def act(self, day: int) -> None:
        """On a day with a discount: register with the first order; some are sent back."""
        off = int(self.model.world.market.discount[self.model.day])
        if not off:
            return
        second = self.second(0)
        if self.model.store.book.members["joined_at"][self.person] < 0:
            self.register(self.person, -1, second)
        amount = int(LEAST + (MOST - LEAST) * self.luck(1))
        back = REGRETS if self.luck(2) * PPM < self.returns else None
        self.buy(self.person, amount, second + 900, back, off)
