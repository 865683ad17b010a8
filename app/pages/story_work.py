"""The work behind the Story page: days as they pass, in bundles small enough to send and rare enough to show."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from app.jobs import Tell
from app.warming import warm

if TYPE_CHECKING:
    from rules.plan.model import Plan
    from sim.report.story import Ending, Frame
    from sim.scenario import Scenario

EVERY = 0.1
"""Seconds between two bundles; the first day goes alone."""


def tell_days(tell: Tell, scenario: Scenario, plan: Plan, people: int, days: int, seed: int) -> Ending:
    """Tell a story in bundles of frames, each as `packed`."""
    from sim.story import tell_story

    warm(tell)
    bundle: list[list[Any]] = []
    told = 0.0

    def pass_on(frame: Frame) -> None:
        nonlocal told
        bundle.append(packed(frame))
        if time.monotonic() - told >= EVERY:
            tell(bundle.copy())
            bundle.clear()
            told = time.monotonic()

    ending = tell_story(scenario, plan, people, days, seed, pass_on)
    tell(bundle)
    return ending


def packed(frame: Frame) -> list[Any]:
    """A frame as the browser takes it: its figures, then what is new of people; pairs one after the other."""
    return [
        frame.members, frame.orders, frame.gmv, frame.commission, frame.payout_ratio, frame.k, frame.sold, frame.paid,
        frame.inviters, frame.people, frame.spots,
        [number for pair in frame.ranks for number in pair], [number for pair in frame.earned for number in pair],
    ]  # fmt: skip
