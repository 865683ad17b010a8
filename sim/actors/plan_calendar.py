"""A plan calendar 方案日历: plan versions that come into force on their days, whatever the figures say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rules.plan.values import Title
from sim.actors.announcing import Announcer
from sim.actors.character import Stage


class PlanCalendar(Announcer):
    """An operator who puts another version of the plan in force on days that are fixed beforehand.

    Members in the first arm hear of it on the day; those in another arm keep their plan.

    Args:
        model: that she lives in. versions: numbers of plans (`model.plans`) by day of the run.
    """

    kind: ClassVar[str] = "plan_calendar"
    title: ClassVar[Title] = Title(zh="方案日历", en="plan calendar")

    def __init__(self, model: Stage, versions: Mapping[int, int]) -> None:
        super().__init__(model)
        self.versions = dict(versions)

    def prepare(self, day: int) -> None:
        """Put today's version in force, if there is one."""
        if day in self.versions:
            self.announce(self.versions[day])
