"""Fake orders 刷单: a promoter whose own buyers order much and send it back once the commission is paid out."""

from __future__ import annotations

from rules.plan.values import Title
from sim.actors.gang import Gang

LEAST, MOST = 400_00, 1_600_00
"""What an order comes to, in fen."""


class FakeOrders(Gang):
    """A promoter and their own buyers. Careful ones send back less of it."""

    kind = "fake_orders"
    title = Title(zh="刷单退货", en="fake orders")

    def act(self, day: int) -> None:
        """All join in the first days; then every buyer orders once a week."""
        leader, second = int(self.accounts[0]), self.second(0)
        if day == 0:
            self.register(leader, -1, second)
            self.buy(leader, 0, second + 600)
        elif day < len(self.accounts):
            self.register(int(self.accounts[day]), leader, second)
        for place in range(1, min(day, len(self.accounts))):
            if (day + place) % 7 == 0:
                keeps = self.luck(100 + place) < 0.6 * self.care
                amount = int(LEAST + (MOST - LEAST) * self.luck(200 + place))
                self.buy(int(self.accounts[place]), amount, second + 900, None if keeps else 5.5)
