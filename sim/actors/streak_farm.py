"""A streak farm 空转打卡: accounts that share day after day to nobody, for bonuses on streaks."""

from __future__ import annotations

from rules.plan.values import Title
from sim.actors.gang import Gang


class StreakFarm(Gang):
    """Accounts that share every day. Careful ones open each other's links from time to time, and skip days."""

    kind = "streak_farm"
    title = Title(zh="空转打卡", en="streak farm")

    def act(self, day: int) -> None:
        """Join one a day, each with the cheapest order; share on most days."""
        if day < len(self.accounts):
            account = int(self.accounts[day])
            self.register(account, int(self.accounts[0]) if day else -1, self.second(0))
            self.buy(account, 0, self.second(0) + 900)
        for place in range(min(day, len(self.accounts))):
            account, other = int(self.accounts[place]), int(self.accounts[place - 1])
            if self.luck(10 + place) < 0.02 * self.care:
                continue
            self.share(account, self.second(100 + place))
            if self.luck(200 + place) < 0.3 * self.care:
                self.click(other, account, self.second(100 + place) + 300)
