"""An operator 运营者 who retunes rates: now and then she looks at the figures, and puts another plan in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rules.money import PPM
from rules.plan.values import Title
from sim.actors.announcing import Announcer
from sim.actors.character import Stage


class Operator(Announcer):
    """An operator who moves up and down a ladder of plans.

    She pays less where commission takes more of GMV than she wants, and more where sales have fallen. A change holds
    from midnight on; all members hear of it, and weigh their effort anew in the evening. Members in another arm than
    the first keep their plan.

    Args:
        model: that she lives in. ladder: numbers of plans (`model.plans`), the leanest first; she begins at 0's place.
        payout: the most of GMV that she wants to pay, in parts per million.
        every: days between two looks. begin: day of the run from which on she counts them.
    """

    kind: ClassVar[str] = "operator"
    title: ClassVar[Title] = Title(zh="调费率的运营者", en="operator who retunes rates")

    def __init__(self, model: Stage, ladder: Sequence[int], payout: int, every: int = 14, begin: int = 0) -> None:
        super().__init__(model, begin)
        self.ladder, self.payout, self.every = list(ladder), payout, every
        self.rung = self.ladder.index(0)

    def prepare(self, day: int) -> None:
        """Look at the figures up to yesterday, and change the plan if they ask for it."""
        if day == 0 or day % self.every:
            return
        daily = self.model.metrics.daily()
        gmv, commission = daily["gmv"], daily["commission"]
        now, last = slice(-self.every, None), slice(-2 * self.every, -self.every)
        wanted = self.rung + self.step_for(int(gmv[now].sum()), int(gmv[last].sum()), int(commission[now].sum()))
        self.move_to(min(max(wanted, 0), len(self.ladder) - 1))

    def step_for(self, gmv: int, gmv_before: int, commission: int) -> int:
        """By how many rungs to move, from fen since the last look and, of GMV, in as many days before that."""
        if commission * PPM > gmv * self.payout:
            return -1
        return 1 if gmv < gmv_before else 0

    def move_to(self, rung: int) -> None:
        """Put the plan of a rung in force for everybody in the first arm."""
        if rung == self.rung:
            return
        self.rung = rung
        self.announce(self.ladder[rung])
