"""An operator who learns 自适应运营者: every week she puts the plan in force that the figures so far let hope for most.

She knows what a live store knows: the figures up to yesterday, of the plans that were in force. What a plan brings
later (people who come back, promoters whose effort changes slowly, pay that is due at the month's close) reaches her in
the weeks of whatever plan is in force then.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rules.money import PPM
from rules.plan.values import Title
from sim.actors.announcing import Announcer
from sim.actors.beliefs import Beliefs, Learn, believe, choose
from sim.actors.character import Stage

PER = 1_000
"""Members for whom a reward is told."""


class Learner(Announcer):
    """An operator who tries plans and learns from the weeks that follow.

    The reward of a look is the contribution of the days since the last one, for every 1,000 members there were when
    they began: what a week makes of the store it has found, however large that was. With `ahead` every new member
    counts for as many looks of what a member has brought so far: a guess at what comes later.

    Args:
        model: that she lives in. plans: numbers of those that she may put in force (`model.plans`); the first looks
            try each once, in this order. every: days between two looks. learn: how she chooses.
        forget: part of what she knew that each look forgets, explore: how often `greedy` tries any plan, both in parts
            per million. ahead: looks for which a new member counts.

    Attributes:
        tried, rewards: places in `plans`, and fen, of each look that taught something.
    """

    kind: ClassVar[str] = "learner"
    title: ClassVar[Title] = Title(zh="边做边学的运营者", en="operator who learns")

    def __init__(
        self,
        model: Stage,
        plans: Sequence[int],
        every: int = 7,
        learn: Learn = "thompson",
        forget: int = 100_000,
        explore: int = 100_000,
        ahead: int = 0,
    ) -> None:
        super().__init__(model)
        self.plans, self.every, self.ahead = list(plans), every, ahead
        self.learn, self.forget, self.explore = learn, forget / PPM, explore / PPM
        self.place = self.plans.index(0) if 0 in self.plans else -1
        self.tried: list[int] = []
        self.rewards: list[int] = []
        self.brought = self.member_looks = 0

    def prepare(self, day: int) -> None:
        """Look at the figures up to yesterday, and choose the plan of the days to come."""
        if day == 0 or day % self.every:
            return
        reward = self.reward_since(day - self.every, day)
        if reward is not None and self.place >= 0:
            self.tried.append(self.place)
            self.rewards.append(reward)
        place = self.next_place()
        if place != self.place:
            self.place = place
            self.announce(self.plans[place])

    def reward_since(self, first: int, end: int) -> int | None:
        """Fen for every 1,000 members of the days from `first` to before `end`; None if nobody was a member."""
        daily = self.model.metrics.daily()
        contribution, joined = int(daily["contribution"][first:end].sum()), daily["new_members"]
        members, new = int(joined[:first].sum()), int(joined[first:end].sum())
        if not members:
            return None
        self.brought += contribution
        self.member_looks += members
        later = self.ahead * new * max(self.brought, 0) // self.member_looks
        return (contribution + later) * PER // members

    def next_place(self) -> int:
        """The place of the plan to try next: first those that were never looked at."""
        untried = [place for place in range(len(self.plans)) if place not in self.tried]
        return untried[0] if untried else choose(self.beliefs(), self.learn, self.explore, self.luck)

    def beliefs(self) -> Beliefs:
        """What she believes of each plan's reward at the next look; she has looked at least once."""
        return believe(self.tried, self.rewards, len(self.plans), self.forget)
