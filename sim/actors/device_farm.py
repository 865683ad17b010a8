"""A device farm 群控小号: many accounts from few phones, each invited by the one before, for bonuses on newcomers."""

from __future__ import annotations

from rules.plan.values import Title
from sim.actors.gang import Gang

SHARING_DAYS = 8
"""Days for which a new account shares, for a bonus on a streak."""


class DeviceFarm(Gang):
    """Accounts in a chain: each brings the next one's first order, and shares for a week, for the bonuses."""

    kind = "device_farm"
    title = Title(zh="群控小号", en="device farm")

    def act(self, day: int) -> None:
        """Register some accounts a day, each with the cheapest order there is; the young ones share."""
        a_day = max(1, round((1 - self.care) * 6))
        places = range(day * a_day, min((day + 1) * a_day, len(self.accounts)))
        for place, second in zip(places, sorted(self.second(place) for place in places), strict=True):
            account = int(self.accounts[place])
            self.register(account, int(self.accounts[place - 1]) if place else -1, second)
            self.buy(account, 0, second + 900)
        for place in range(max(0, (day - SHARING_DAYS) * a_day), min(day * a_day, len(self.accounts))):
            self.share(int(self.accounts[place]), self.second(100 + place))
