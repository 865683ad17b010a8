"""An influencer 达人: somebody with very many contacts, who shares every few days."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from rules.plan.values import Title
from sim.actors.character import Character, Stage


class Influencer(Character):
    """A person of the market with very many contacts. She shares by her calendar and at full effort, whatever it
    earns her.

    Of her contacts as many lie in her own community as of anybody's: they see most of her shares, and tire of them.

    Args:
        model: that she lives in. person: who she is. contacts: how many she has, at most 65,535.
        every: days between two shares. begin: day of the run on which she joins.
    """

    kind: ClassVar[str] = "influencer"
    title: ClassVar[Title] = Title(zh="达人", en="influencer")

    def __init__(self, model: Stage, person: int, contacts: int = 5_000, every: int = 3, begin: int = 0) -> None:
        super().__init__(model, begin)
        self.person, self.contacts, self.every = person, contacts, every

    def prepare(self, day: int) -> None:
        """Join on the first day, share on every so many after it."""
        crowd = self.model.world.crowd
        if day == 0:
            crowd["degree"][self.person] = self.contacts
            crowd["zeal"][self.person] = crowd["bar"][self.person] = 0
            self.join(self.person, self.second(0))
        elif day % self.every == 0:
            crowd["effort"][self.person] = 1
            self.rouse(np.array([self.person]), 1.0)
