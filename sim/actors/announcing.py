"""Announcing 公布方案: what all who change the plan of a store do alike."""

from __future__ import annotations

from rules.events import Kind
from sim.actors.character import Character, Stage


class Announcer(Character):
    """Somebody who puts plans in force.

    Members in another arm than the first keep their plan.

    Args:
        model: that they live in. begin: day of the run on which they begin.

    Attributes:
        versions: numbers of plans (`model.plans`) by the day of the run from which on they are in force.
    """

    def __init__(self, model: Stage, begin: int = 0) -> None:
        super().__init__(model, begin)
        self.versions: dict[int, int] = {}

    def announce(self, number: int) -> None:
        """Put a plan in force from midnight on, for everybody in the first arm; all hear of it."""
        world = self.model.world
        self.versions[world.day] = number
        self.emit(Kind.plan, 0, rank=number, other=0)
        world.plan = self.model.plans[number]
        world.told.append(world.members)
