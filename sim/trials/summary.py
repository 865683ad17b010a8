"""How good a way of trying is, over replications: bias, coverage, power, false positives, days and people needed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import special
from sim.people import Floats
from sim.trials.estimators import CONFIDENCE
from sim.trials.figures import METRICS, Credit, Metric
from sim.trials.once import Reading, ways
from sim.trials.settings import Design
from sim.trials.study import Tried

POWER = 0.8
"""The power that a test is planned for, by convention."""


@dataclass(frozen=True)
class Between:
    """A mean or a part over replications with its 95 % interval; ends are None with fewer than two."""

    mean: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Score:
    """One metric under one way of trying; amounts in fen or counts per person of the market.

    Attributes:
        base: what a person brings under A by the end. truth, estimate: the effect, and what the trial says of it.
        bias: estimate less truth. crossing: the part of it that crosses between arms, see `sim.trials.once`.
        rmse: root of the mean squared error. error: mean stated standard error; None where it cannot be told.
        coverage: of the stated 95 % intervals, those that hold the truth. power: trials that show an effect in the
            direction of the truth. wrong: trials that show one in the other. None where there is no true effect.
        false: trials of A against A that show a difference.
        powers: by horizon. days: from which horizon on the power is 80 %; None = not within the trial.
        people_needed: for that power by the end, from the mean error, as n ** -1/2, and from what the design sees of
            the effect, truth and crossing; None where that has the wrong direction.
    """

    metric: Metric
    base: float
    truth: Between
    estimate: float
    bias: Between
    crossing: Between
    rmse: float
    error: float | None
    coverage: Between
    power: Between | None
    wrong: float | None
    false: Between
    powers: tuple[float, ...]
    days: int | None
    people_needed: int | None


@dataclass(frozen=True)
class Scored:
    """One way of trying: its metrics, and the part of attributed orders that cross (None by time)."""

    design: Design
    credit: Credit
    crossed: float | None
    scores: tuple[Score, ...]

    def score(self, name: str) -> Score:
        """The score of a metric."""
        return next(one for one in self.scores if one.metric.name == name)


def summarise(tried: Tried) -> list[Scored]:
    """Every way of trying, in order."""
    found = []
    for design, credit in ways(tried.trial):
        readings = tried.readings((design, credit))
        crossed = [one.crossed for one in readings if not math.isnan(one.crossed)]
        scores = tuple(_score(tried, readings, place) for place in range(len(METRICS)))
        found.append(Scored(design, credit, sum(crossed) / len(crossed) if crossed else None, scores))
    return found


def _score(tried: Tried, readings: Sequence[Reading], place: int) -> Score:
    truth, value, low, high, uncrossed, error = (
        np.array([getattr(one, name)[:, place] for one in readings])
        for name in ("truth", "value", "low", "high", "uncrossed", "error")
    )
    last, mean_truth = truth[:, -1], float(truth[:, -1].mean())
    right, wrong = _shown(low, high, mean_truth), _shown(low, high, -mean_truth)
    powers = tuple(right.mean(0).tolist())
    stated, crossing = _mean_error(error[:, -1]), mean_of(value[:, -1] - uncrossed[:, -1])
    return Score(
        metric=METRICS[place],
        base=float(np.mean([one.base[place] for one in readings])),
        truth=mean_of(last),
        estimate=float(value[:, -1].mean()),
        bias=mean_of(value[:, -1] - last),
        crossing=crossing,
        rmse=float(np.sqrt(((value[:, -1] - last) ** 2).mean())),
        error=stated,
        coverage=part_of((low[:, -1] <= last) & (last <= high[:, -1])),
        power=part_of(right[:, -1]) if mean_truth else None,
        wrong=float(wrong[:, -1].mean()) if mean_truth else None,
        false=mean_of(np.array([one.false[place] for one in readings])),
        powers=powers,
        days=_days(powers, tried.trial.horizons) if mean_truth else None,
        people_needed=people_needed(tried.trial.people, mean_truth + crossing.mean, stated, mean_truth),
    )


def _shown(low: Floats, high: Floats, direction: float) -> Floats:
    """Whether an interval lies wholly on the side of a direction."""
    return (low > 0 if direction > 0 else high < 0 if direction < 0 else np.zeros(low.shape)).astype(np.float64)


def _mean_error(errors: Floats) -> float | None:
    known = errors[~np.isnan(errors)]
    return float(known.mean()) if len(known) else None


def _days(powers: Sequence[float], horizons: Sequence[int]) -> int | None:
    """The first horizon from which on the power stays."""
    enough = [all(power >= POWER for power in powers[place:]) for place in range(len(powers))]
    return next((horizon for horizon, kept in zip(horizons, enough, strict=True) if kept), None)


def people_needed(people: int, seen: float, error: float | None, truth: float) -> int | None:
    """How large the market must be for the power, if effect and spread per person stay."""
    if error is None or seen * truth <= 0:
        return None
    sides = float(special.ndtri((1 + CONFIDENCE) / 2) + special.ndtri(POWER))
    return math.ceil(people * (sides * error / seen) ** 2)


def mean_of(values: Floats) -> Between:
    """A mean with its interval by Student's t."""
    mean, count = float(values.mean()), len(values)
    if count < 2:
        return Between(mean)
    half = -float(special.stdtrit(count - 1, (1 - CONFIDENCE) / 2)) * float(values.std(ddof=1)) / math.sqrt(count)
    return Between(mean, mean - half, mean + half)


def part_of(happened: NDArray[Any]) -> Between:
    """A part with its exact interval (Clopper & Pearson 1934)."""
    hits, count, tail = int(happened.sum()), len(happened), (1 - CONFIDENCE) / 2
    low = float(special.betaincinv(hits, count - hits + 1, tail)) if hits else 0.0
    high = float(special.betaincinv(hits + 1, count - hits, 1 - tail)) if hits < count else 1.0
    return Between(hits / count, low, high)
