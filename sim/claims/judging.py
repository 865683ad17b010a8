"""From replications to a verdict: a claim's figure with its interval, and whether the bound lies inside it.

Every claim is a ratio of two means over paired replications: of a figure of one arm to that of another (`change`), of
two differences between arms (`per_extra_buyer`), of a figure to 1 (`level`). The interval is Fieller's (1954), which
knows that the lower mean is uncertain, too; with a lower mean that is nothing but luck it has no ends. No adjustment
for many claims: each interval stands for itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim import special
from sim.claims.figures import FIGURES
from sim.claims.model import Claim, Family
from sim.experiments.effects import Value, number
from sim.validation.claim import CONFIDENCE, Estimate

Held = Literal["held", "not held", "undecided"]
Rows = Mapping[str, Sequence[Mapping[str, Value]]]
"""Figures by arm and replication, those of one replication at the same place in every arm."""

BUYERS = "active_buyers"
"""What `per_extra_buyer` counts."""


@dataclass(frozen=True)
class Judged:
    """A claim, measured: its estimate in the unit of its bound, None where no replication has the figure; how many
    replications have it; and the verdict."""

    estimate: Estimate | None
    pairs: int
    verdict: Held


def judged(claim: Claim, family: Family, rows: Rows, references: Mapping[str, float]) -> Judged:
    """What some replications say of a claim.

    Args:
        references: the value of each stated reference.
    """
    pairs = _pairs(claim, rows[family.arm_of(claim)], rows[family.against_of(claim)])
    found = ratio(pairs)
    if found is None:
        return Judged(None, len(pairs), "undecided")
    scale = references[claim.times] if claim.times else 1.0
    scale /= references[claim.over] if claim.over else 1.0
    if claim.as_ != "change" and FIGURES[claim.figure].unit.is_money:
        scale /= 100
    shift = 1.0 if claim.as_ == "change" else 0.0
    mean, low, high = ((value - shift) * scale for value in (found.mean, found.low, found.high))
    estimate = Estimate(mean, low, high)
    return Judged(estimate, len(pairs), decided(estimate, claim.bound, claim.upward))


def decided(found: Estimate, bound: float, upward: bool) -> Held:
    """Held where the whole interval is on the claimed side of the bound, not held where all of it is on the other."""
    if (found.low >= bound) if upward else (found.high <= bound):
        return "held"
    if (found.high < bound) if upward else (found.low > bound):
        return "not held"
    return "undecided"


def ratio(pairs: Sequence[tuple[float, float]]) -> Estimate | None:
    """The mean of the first numbers ÷ the mean of the second, with its interval; None where nothing can be divided.

    With a single pair, or where the second mean cannot be told from 0, the interval has no ends.
    """
    if not pairs:
        return None
    above, below = np.array(pairs, dtype=np.float64).T
    x, y, n = float(above.mean()), float(below.mean()), len(pairs)
    if y == 0:
        return None
    mean = x / y
    if n < 2:
        return Estimate(mean, -math.inf, math.inf)
    (xx, xy), (_, yy) = np.cov(above, below) / n
    t2 = float(special.stdtrit(n - 1, (1 + CONFIDENCE) / 2)) ** 2 / y**2
    left = 1 - t2 * yy
    if left <= 0:
        return Estimate(mean, -math.inf, math.inf)
    spread = xx - 2 * mean * xy + mean**2 * yy - t2 * (xx * yy - xy**2)
    middle, half = (mean - t2 * xy) / left, math.sqrt(max(t2 * spread, 0.0)) / left
    return Estimate(mean, float(middle - half), float(middle + half))


def _pairs(
    claim: Claim, arm: Sequence[Mapping[str, Value]], against: Sequence[Mapping[str, Value]]
) -> list[tuple[float, float]]:
    """What is divided by what, replication by replication; those without a figure are left out."""
    found: list[tuple[float, float]] = []
    for ours, theirs in zip(arm, against, strict=True):
        here, there = number(ours.get(claim.figure)), number(theirs.get(claim.figure))
        above, below = here, there
        if claim.as_ == "level":
            below = 1.0
        elif claim.as_ == "per_extra_buyer":
            buyers = number(ours.get(BUYERS)), number(theirs.get(BUYERS))
            above, below = _difference(here, there), _difference(*buyers)
        if above is not None and below is not None:
            found.append((float(above), float(below)))
    return found


def _difference(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b
