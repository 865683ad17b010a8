"""A thief 盗号: logs in to somebody's account from a phone of their own, and asks for all that is in the wallet."""

from __future__ import annotations

import numpy as np

from rules.events import Kind
from rules.plan.values import Title
from sim.actors.gang import Gang

OFTEN = 0.25
"""Probability of a try on a day."""
ELSEWHERE = 1_000_000
"""A place where nobody lives."""


class Thief(Gang):
    """Somebody with other people's passwords, and with an account only to look around. Careful ones look as if they
    were where the owner is."""

    kind = "thief"
    title = Title(zh="盗号提现", en="account thief")

    def act(self, day: int) -> None:
        """On some days, take what an account has."""
        if self.luck(0) >= OFTEN:
            return
        model, members = self.model, self.model.store.book.members
        least = max(1, model.world.plan.withdrawal.minimum)
        worth = np.flatnonzero((members["available"] >= least) & ~model.truth.cheats & ~members["frozen"])
        if not len(worth):
            return
        victim = int(worth[int(self.luck(1) * len(worth))])
        place = int(model.traces.place[victim]) if self.luck(2) < self.care else ELSEWHERE
        second = self.second(3)
        self.log_in(victim, int(model.traces.device[self.accounts[0]]), place, 5, second)
        self._take(victim, int(members["available"][victim]), second + 120)

    def _take(self, victim: int, fen: int, second: int) -> None:
        """Ask for somebody else's money."""
        model = self.model
        number = model.world.next_withdrawal
        model.world.next_withdrawal += 1
        model.truth.attacked[victim] = model.day
        model.truth.stolen.add(number)
        self.emit(Kind.withdraw, second, member=victim, order=number, amount=fen)
        model.expect(number)
