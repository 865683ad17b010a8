"""A self-referral ring 自推环: a leader who invites their own accounts, which buy for each other's commission."""

from __future__ import annotations

from rules.plan.values import Title
from sim.actors.gang import Gang

LEAST, MOST = 120_00, 420_00
"""What an order comes to, in fen."""


class Ring(Gang):
    """A leader and their own accounts: what they buy earns the leader commission, a discount that nobody granted."""

    kind = "ring"
    title = Title(zh="自推环", en="self-referral ring")

    def act(self, day: int) -> None:
        """The leader joins and buys; then an account joins every so many days, and all buy once a week."""
        leader, second = int(self.accounts[0]), self.second(0)
        if day == 0:
            self.register(leader, -1, second)
            self.buy(leader, 0, second + 600)
            return
        pace = 1 + round(6 * self.care)
        joined = min(1 + day // pace, len(self.accounts))
        if day % pace == 0 and day // pace < len(self.accounts):
            self.register(int(self.accounts[day // pace]), leader, second)
        for place in range(1, joined):
            if (day + place) % 7 == 0:
                self.buy(int(self.accounts[place]), int(LEAST + (MOST - LEAST) * self.luck(10 + place)), second + 900)
