"""A boaster 夸大宣传: a promoter who promises in their shares what nobody may promise."""

from __future__ import annotations

from rules.plan.values import Title
from sim.actors.gang import Gang


class Boaster(Gang):
    """One promoter a gang. Careful ones boast less often."""

    kind = "boaster"
    title = Title(zh="夸大宣传", en="boaster")

    def act(self, day: int) -> None:
        """Join, buy something, and share every day."""
        account = int(self.accounts[0])
        if day == 0:
            self.register(account, -1, self.second(0))
            self.buy(account, 0, self.second(0) + 900)
            return
        self.share(account, self.second(1))
        if self.luck(2) < 0.9 - 0.6 * self.care:
            self.model.boast(account)
