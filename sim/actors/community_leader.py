"""A community leader 社群长: on campaign days she gets the members of her community to share in step."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

import numpy as np

from rules.events import DAY
from rules.money import PPM
from rules.plan.values import Title
from sim.actors.character import Character, Stage
from sim.behaviour.world import Ids


class CommunityLeader(Character):
    """A person of the market whose community does what she asks, for the day.

    Args:
        model: that she lives in. person: who she is.
        share: probability, in parts per million, with which its members then share at least.
        days: of the run on which she asks; None = those on which the calendar has a discount.
        begin: day of the run on which she joins; she asks from the next day on.
    """

    kind: ClassVar[str] = "community_leader"
    title: ClassVar[Title] = Title(zh="社群长", en="community leader")

    def __init__(
        self, model: Stage, person: int, share: int, days: Collection[int] | None = None, begin: int = 0
    ) -> None:
        super().__init__(model, begin)
        self.person, self.probability = person, share / PPM
        self.days = np.flatnonzero(model.world.market.discount).tolist() if days is None else sorted(days)

    def prepare(self, day: int) -> None:
        """Join on the first day, rouse the community on campaign days."""
        if day == 0:
            self.join(self.person, self.second(0))
        elif self.model.day in self.days:
            self.rouse(self.community(), self.probability)

    def community(self) -> Ids:
        """The members of her community, herself among them."""
        world = self.model.world
        size = world.given.community
        first = self.person // size * size
        persons: Ids = np.arange(first, min(first + size, world.people), dtype=np.int32)
        return persons[world.crowd["joined"][persons] < world.day * DAY]
