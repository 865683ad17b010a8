"""What is claimed of the simulation: a figure that is measured, what it has to be, and who says so."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from sim.experiments.metric_names import Text

CONFIDENCE = 0.95
"""Of every interval on the page."""


@dataclass(frozen=True)
class Claim:
    """One claim, measured.

    Attributes:
        key: short name, which the page's chart and `--json` go by.
        title: what is claimed.
        measured: the figure, in words. target: what it has to be.
        how: what was run and counted to get it.
        source: whom the target is taken from.
        holds: whether the figure meets the target.
        figures: plain numbers behind it, ready for JSON; the chart is drawn from them.
    """

    key: str
    title: Text
    measured: Text
    target: Text
    how: Text
    source: str
    holds: bool
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Estimate:
    """A mean over worlds of different seeds, with its interval (Student's t).

    Attributes:
        mean: over the worlds. low, high: the interval; the mean itself where there is only one world.
    """

    mean: float
    low: float
    high: float


def estimate(values: Sequence[float]) -> Estimate:
    """The mean of one value a world, with its interval."""
    mean, count = float(np.mean(values)), len(values)
    if count < 2:
        return Estimate(mean, mean, mean)
    quantile = float(special.stdtrit(count - 1, (1 + CONFIDENCE) / 2))
    half = quantile * float(np.std(values, ddof=1)) / math.sqrt(count)
    return Estimate(mean, mean - half, mean + half)
