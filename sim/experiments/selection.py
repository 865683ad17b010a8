"""The best of many: plans are dropped as soon as they cannot be the best any more, and only the others run on.

With probability at least the one asked for, the plan selected is the best, or less than the zone of indifference below
it. Two procedures share the error, half each:

- screening by Student's t on paired differences (Nelson, Swann, Goldsman & Song 2001), which drops what is far below;
- KN, fully sequential elimination (Kim & Nelson 2001), whose boundary closes in as replications come.

Both allow common luck, since they take the variance of each pair's difference, from the first stage. KN's boundary is
crossed less often where it is looked at less often, so it may be looked at every few replications.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim import special

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rule:
    """The constants of a selection.

    Attributes:
        arms: how many there are at first. confidence: of a right selection. zone: of indifference, in the unit of
        the outcomes. first: replications of every arm before anything is dropped.
    """

    arms: int
    confidence: float
    zone: float
    first: int

    @property
    def screening(self) -> float:
        """Standard errors of a difference that a plan may lie below another and stay: t, Bonferroni over rivals."""
        return float(special.stdtrit(self.first - 1, 1 - (1 - self.confidence) / 2 / (self.arms - 1)))

    @property
    def h2(self) -> float:
        """KN's h², with c = 1: what variance ÷ zone² is multiplied by to say how many replications are the most."""
        error = (1 - self.confidence) / 2
        eta = ((2 * error / (self.arms - 1)) ** (-2 / (self.first - 1)) - 1) / 2
        return float(2 * eta * (self.first - 1))


def variances(outcomes: Floats) -> Floats:
    """Variance of the difference of every two arms, (arms, arms), of outcomes (replications, arms)."""
    return np.asarray(np.var(outcomes[:, :, None] - outcomes[:, None, :], axis=0, ddof=1))


def screened(outcomes: Floats, arms: Sequence[int], rule: Rule) -> list[int]:
    """Those of `arms` that the first stage leaves, of outcomes (first, all arms)."""
    means = outcomes.mean(axis=0)
    reach = rule.screening * np.sqrt(variances(outcomes) / rule.first)
    below = means[None, :] - means[:, None] > np.maximum(reach - rule.zone, 0)
    return [arm for arm in arms if not below[arm, list(arms)].any()]


def surviving(means: Floats, spread: Floats, alive: Sequence[int], n: int, rule: Rule) -> list[int]:
    """Arms of `alive` that KN keeps after n replications of each.

    Args:
        means: of all arms so far. spread: see `variances`, of the first stage.
    """
    reach = np.maximum(rule.zone / (2 * n) * (rule.h2 * spread / rule.zone**2 - n), 0)
    return [one for one in alive if all(means[one] >= means[rival] - reach[one, rival] for rival in alive)]


def longest(spread: Floats, alive: Sequence[int], rule: Rule) -> int:
    """Replications after which one arm is left at the latest: the boundary has closed for every two."""
    return math.floor(rule.h2 * float(spread[np.ix_(alive, alive)].max()) / rule.zone**2) + 1


def equally(spread: Floats, rule: Rule) -> int:
    """Replications of every arm that two stages without elimination need for the same promise (Clark & Yang 1986)."""
    t = float(special.stdtrit(rule.first - 1, 1 - (1 - rule.confidence) / (rule.arms - 1)))
    return max(rule.first, math.ceil(t**2 * float(spread.max()) / rule.zone**2))


class Selection:
    """A selection under way: fed replication by replication, it says who is left.

    Attributes:
        alive: arms still in. gone: replications after which each other arm was dropped.
        tainted: an arm was barred so late that it may have put others out before; nothing is promised then.
    """

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.alive = list(range(rule.arms))
        self.gone: dict[int, int] = {}
        self.n = 0
        self.tainted = False
        self.spread: Floats = np.zeros((rule.arms, rule.arms))
        self._sums: Floats = np.zeros(rule.arms)

    @property
    def decided(self) -> bool:
        """Whether one arm is left, or none that may be selected."""
        return len(self.alive) < 2

    @property
    def best(self) -> int | None:
        """The arm with the highest mean of those left."""
        return max(self.alive, key=lambda arm: self._sums[arm], default=None)

    def begin(self, outcomes: Floats, barred: Iterable[int] = ()) -> None:
        """The first stage, (first, arms): screening, and a first look by KN. `barred` arms may not be selected."""
        self.n = self.rule.first
        self.spread = variances(outcomes)
        self._sums = outcomes.sum(axis=0)
        self._keep([arm for arm in self.alive if arm not in set(barred)])
        self._keep(screened(outcomes, self.alive, self.rule))
        self._look()

    def go_on(self, outcomes: Floats, barred: Iterable[int] = ()) -> None:
        """More replications, (some, arms), of which only columns of arms that are left are looked at."""
        self.n += len(outcomes)
        for arm in self.alive:
            self._sums[arm] += outcomes[:, arm].sum()
        if found := set(barred) & set(self.alive):
            self.tainted = True
            self._keep([arm for arm in self.alive if arm not in found])
        self._look()

    def _look(self) -> None:
        if len(self.alive) < 2:
            return
        if self.n >= longest(self.spread, self.alive, self.rule):
            self._keep([arm for arm in self.alive if arm == self.best])
            return
        self._keep(surviving(self._sums / self.n, self.spread, self.alive, self.n, self.rule))

    def _keep(self, left: list[int]) -> None:
        for arm in self.alive:
            if arm not in left:
                self.gone[arm] = self.n
        self.alive = left
