"""What an analyst makes of a trial: estimates of the effect with standard errors.

Splits: the difference of means between units (people, communities, trees), each less what its own figure before the
trial foretells (CUPED: Deng, Xu, Kohavi & Walker 2013), with the variance between units of each arm (Welch): where the
units are clusters, that is the cluster-robust one. A grey release adds up such differences stage by stage; a unit that
stands in several stages is one unit in the variance. A time split takes the mean of paired differences between blocks,
without their first days (washout), with their variance: whatever people carry over or whatever trends is not in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim import special
from sim.people import Floats
from sim.trials.designs import blocks_under_b

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimates:
    """Effect of B against A per person of the market, metric by metric: value, standard error, degrees of freedom.

    An error that cannot be told is nan.
    """

    value: Floats
    error: Floats
    freedom: Floats

    def interval(self) -> tuple[Floats, Floats]:
        """The 95 % interval by Student's t."""
        half = self.error * -special.stdtrit(np.maximum(self.freedom, 1e-9), (1 - CONFIDENCE) / 2)
        return self.value - half, self.value + half


def split(stages: Sequence[tuple[Floats, NDArray[np.bool_]]], before: Floats, scale: float) -> Estimates:
    """The effect by stages of a split: of one stage, unless it is a grey release.

    Args:
        stages: of each, what every unit brought in it, (metrics, units), and which units are under B.
        before: what every unit brought before the trial, (metrics, units).
        scale: units per person, so that a mean per unit becomes one per person.
    """
    value, influence = np.zeros(len(before)), np.zeros(before.shape)
    for brought, under_b in stages:
        adjusted = _cuped(brought, before, under_b)
        for sign, arm in ((1, under_b), (-1, ~under_b)):
            count = int(arm.sum())
            mean = adjusted[:, arm].mean(1)
            value += sign * mean
            spread = np.sqrt(count / (count - 1)) / count if count > 1 else np.nan
            influence[:, arm] += sign * spread * (adjusted[:, arm] - mean[:, None])
    parts = [(influence[:, arm] ** 2).sum(1) for arm in (stages[-1][1], ~stages[-1][1])]
    variance = parts[0] + parts[1]
    freedom = _welch(parts, stages[-1][1])
    return Estimates(value * scale, np.sqrt(variance) * scale, freedom)


def _welch(parts: Sequence[Floats], under_b: NDArray[np.bool_]) -> Floats:
    """Welch and Satterthwaite's degrees of freedom, less the one that the adjustment takes."""
    counts = (int(under_b.sum()), int((~under_b).sum()))
    total = parts[0] + parts[1]
    below = sum(part**2 / max(count - 1, 1) for part, count in zip(parts, counts, strict=True))
    freedom: Floats = np.divide(total**2, below, out=np.full(len(total), float(sum(counts) - 2)), where=below > 0)
    return np.asarray(np.maximum(freedom - 1, 1.0))


def _cuped(brought: Floats, before: Floats, under_b: NDArray[np.bool_]) -> Floats:
    """What units brought, less what their figures before foretell within the arms."""
    centred, known = brought.copy(), before.copy()
    for arm in (under_b, ~under_b):
        centred[:, arm] -= brought[:, arm].mean(1, keepdims=True)
        known[:, arm] -= before[:, arm].mean(1, keepdims=True)
    below = (known**2).sum(1)
    slope = np.divide((centred * known).sum(1), below, out=np.zeros(len(below)), where=below > 0)
    return np.asarray(brought - slope[:, None] * (before - before.mean(1, keepdims=True)))


def alternation(daily: Floats, b_first: NDArray[np.bool_], block: int, washout: int, people: int) -> Estimates:
    """The effect by a time split.

    Args:
        daily: figures of the whole shop by day of the trial, (metrics, days); whole pairs of blocks.
        b_first: of each pair, whether B comes first.
    """
    pairs = daily.shape[1] // (2 * block)
    counted = daily.reshape(len(daily), 2 * pairs, block)[:, :, washout:].mean(2)
    sign = np.where(blocks_under_b(b_first[:pairs]), 1.0, -1.0)
    differences = (counted * sign).reshape(len(daily), pairs, 2).sum(2)
    scale = daily.shape[1] / people
    spread = differences.std(1, ddof=1) / np.sqrt(pairs) if pairs > 1 else np.full(len(daily), np.nan)
    return Estimates(differences.mean(1) * scale, spread * scale, np.full(len(daily), float(max(pairs - 1, 1))))
