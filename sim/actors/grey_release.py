"""A grey release 灰度发布: a rising share of the members lives under another plan.

Whose turn comes when is a function of (seed, member): the same members in every run of a seed, and a larger share
contains the smaller ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from rules.events import Kind, Records
from rules.money import PPM
from rules.plan.values import Title
from sim.actors.character import Character, Stage
from sim.behaviour.purposes import Decision
from sim.people import luck


class GreyRelease(Character):
    """Puts members into the arm of another plan, by stages.

    Those who are members are assigned at midnight; whoever registers later is assigned in the second in which they do,
    or, if a character does it, at the next midnight: they join under the plan of everybody. Promoters read the plan
    of their arm from that evening on. What an order pays is decided by the arm of whom its buyer is bound to. People
    ask for money by the habit that the first arm's plan allows.

    Args:
        model: that it acts in. arm: number of the arm, which is that of its plan in `model.plans`.
        stages: from which day of the run on which share of all members, in parts per million; in order of days.
    """

    kind: ClassVar[str] = "grey_release"
    title: ClassVar[Title] = Title(zh="灰度发布", en="grey release")

    def __init__(self, model: Stage, arm: int, stages: Sequence[tuple[int, int]]) -> None:
        super().__init__(model)
        self.arm, self.stages = arm, list(stages)
        people = model.world.people
        self._turn = luck(model.world.seed, Decision.release, np.arange(people)) * PPM
        self._released = np.zeros(people, np.bool_)

    def share_on(self, day: int) -> int:
        """The share of all members on a day of the run, in parts per million."""
        return max((share for since, share in self.stages if since <= day), default=0)

    def act(self, day: int) -> None:
        """Assign those whose turn has come."""
        turn = (self._turn < self.share_on(day)) & ~self._released
        members = np.flatnonzero(turn & (self.model.store.book.members["joined_at"] >= 0))
        self._assign(members, np.zeros(len(members), np.int64))
        new = [group[group["kind"] == Kind.register] for group in self.model.world.today]
        for group in new:
            self._assign_new(group[turn[group["member"]]])

    def _assign_new(self, registered: Records) -> None:
        """Assign members of today, each right after the registration."""
        self._assign(registered["member"], registered["time"] - self.model.world.midnight)

    def _assign(self, members: NDArray[np.integer], seconds: NDArray[np.int64]) -> None:
        world = self.model.world
        self._released[members] = True
        world.emit(Kind.assign, seconds, member=members, other=self.arm)
        world.told.append(members)
