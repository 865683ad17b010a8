"""The plan book 方案簿: which plan is in force in which arm, from when.

A change applies from its moment on: what was paid, fixed or booked before stays as it is, and every entry names the
version it was made under. An arm that has no version of its own yet lives under those of the first arm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rules.errors import InputError
from rules.events import Kind, Records, blank
from rules.plan.model import Plan

MAIN = "main"
"""The arm of everybody who is in no other."""

ALWAYS = -1
"""`since` of a version that is in force from the beginning."""


@dataclass(frozen=True)
class Version:
    """A plan that is in force in an arm from `since` on, in seconds of the local clock."""

    plan: Plan
    since: int = ALWAYS
    arm: str = MAIN


class PlanBook:
    """Dated versions of plans, by arm.

    Attributes:
        versions: the first arm's before the others', each arm's in order of time.
        arms: their names; everybody is in the first unless they are assigned to another.
        plans: those of the versions, as engines number them; an equal plan is there once.

    Raises:
        InputError: the first arm has no plan from the beginning, or an arm has two from the same moment.
    """

    def __init__(self, versions: Iterable[Version]) -> None:
        given = list(versions)
        self.arms = list(dict.fromkeys([MAIN, *(one.arm for one in given)]))
        self.versions = sorted(given, key=lambda one: (self.arms.index(one.arm), one.since))
        begins = [(one.arm, one.since) for one in self.versions]
        if (MAIN, ALWAYS) not in begins:
            raise InputError("no plan is in force from the beginning", allowed=f"one of the arm {MAIN} without a date")
        for one, other in pairwise(begins):
            if one == other:
                raise InputError(f"the arm {one[0]} has two plans from the same moment", allowed="one of them")
        self.plans: list[Plan] = []
        for version in self.versions:
            if version.plan not in self.plans:
                self.plans.append(version.plan)

    def in_force(self, arm: str, time: int) -> Plan:
        """The plan that an arm lives under at a moment."""
        begun = [one for one in self.versions if one.since <= time]
        own = [one for one in begun if one.arm == arm] or [one for one in begun if one.arm == MAIN]
        return own[-1].plan

    def numbers(self, time: int) -> list[int]:
        """The numbers of the plans in force at a moment, by arm: what engines are opened with."""
        return [self.plans.index(self.in_force(arm, time)) for arm in self.arms]

    def changes(self, since: int, until: int) -> Records:
        """`EVENT`, one for every arm whose plan changes after `since` and up to `until`, in order of time."""
        moments = sorted({one.since for one in self.versions if since < one.since <= until})
        rows = []
        for moment in moments:
            pairs = zip(self.numbers(moment - 1), self.numbers(moment), strict=True)
            rows += [(moment, arm, new) for arm, (old, new) in enumerate(pairs) if old != new]
        events = blank(len(rows))
        events["kind"] = Kind.plan
        for event, (time, arm, number) in zip(events, rows, strict=True):
            event["time"], event["other"], event["rank"] = time, arm, number
        return events

    def dated(self, events: Records) -> Records:
        """Events, not empty, with the changes of plan among them, each before whatever happens at its moment."""
        changes = self.changes(ALWAYS, int(events["time"][-1]))
        return np.insert(events, np.searchsorted(events["time"], changes["time"]), changes)
