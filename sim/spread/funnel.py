"""The funnel from a share to a second order, and how fission fades as the market fills up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rules.events import DAY
from rules.records import NEVER
from sim.spread.forest import NOBODY, Numbers
from sim.spread.trail import Trail

STEPS = ("shares", "clicks", "stranger_clicks", "registered", "ordered", "repurchased")
"""Of a funnel: each is counted among those before it, clicks among shares."""
RIPE = 28
"""Days after joining in which a member's invitees are counted for K."""


@dataclass(frozen=True)
class Band:
    """Members who joined while so much of the market were members.

    Attributes:
        low, high: of penetration: members ÷ people, from `low` on and below `high`.
        members: who joined then and were watched long enough afterwards, seeds left out.
        k: invitees in their first `RIPE` days ÷ members; None without members.
        per_share: registrations by a link in the band ÷ shares in the band; None without shares.
    """

    low: float
    high: float
    members: int
    k: float | None
    per_share: float | None


def funnel_of(trail: Trail) -> dict[str, int]:
    """How many got how far: `registered` and later are people who came by a link."""
    invited = (trail.inviter != NOBODY) & (trail.joining_place >= 0)
    bought = np.bincount(trail.orders.buyer, minlength=trail.people)
    counts = (
        trail.shared.sum(),
        (~trail.shared).sum(),
        (~trail.shared & trail.stranger).sum(),
        invited.sum(),
        (invited & (bought >= 1)).sum(),
        (invited & (bought >= 2)).sum(),
    )
    return {step: int(count) for step, count in zip(STEPS, counts, strict=True)}


def rates_of(funnel: dict[str, int]) -> dict[str, float | None]:
    """Each step of a funnel ÷ the step before."""
    steps = list(funnel.items())
    return {name: count / before if before else None for (_, before), (name, count) in pairwise(steps)}


def fission_by_penetration(trail: Trail, width: float = 0.1) -> list[Band]:
    """K of those who joined at each penetration, up to the highest reached; none where the market is not bounded."""
    if not trail.bounded:
        return []
    members = trail.members
    order = members[np.argsort(trail.joined[members], kind="stable")]
    reached = len(order) / trail.people
    bands = []
    for low in np.arange(0, reached, width):
        cohort = order[int(np.ceil(low * trail.people)) : int(np.ceil((low + width) * trail.people))]
        if len(cohort):
            bands.append(_band(trail, cohort, float(low), float(low + width)))
    return bands


def _band(trail: Trail, cohort: Numbers, low: float, high: float) -> Band:
    begin, end = trail.joined[cohort[0]], trail.joined[cohort[-1]]
    ripe = cohort[(trail.joined[cohort] + RIPE * DAY <= trail.end) & ~trail.seeds[cohort]]
    invited = np.flatnonzero((trail.inviter != NOBODY) & (trail.joined != NEVER))
    inviter = trail.inviter[invited]
    soon = trail.joined[invited] < trail.joined[inviter] + RIPE * DAY
    brought = int((np.bincount(inviter[soon], minlength=trail.people)[ripe]).sum())
    came = int((trail.inviter[cohort] != NOBODY).sum())
    shares = int((trail.shared & (trail.time >= begin) & (trail.time <= end)).sum())
    return Band(low, high, len(ripe), brought / len(ripe) if len(ripe) else None, came / shares if shares else None)


def fall(bands: list[Band], before: float = 0.1, after: float = 0.6) -> float | None:
    """By how much of itself K fell between the bands around two penetrations; None where either was not reached."""
    k = [band.k for at in (before, after) for band in bands if band.low - 1e-9 <= at < band.high - 1e-9]
    if len(k) < 2 or k[0] is None or k[1] is None or k[0] == 0:
        return None
    return 1 - k[1] / k[0]
