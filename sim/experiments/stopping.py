"""Replications until the answer is good enough: an interval that is narrow enough, or a winner that is shown.

There is a budget, so looks are taken by group-sequential boundaries (`sequential`): the intervals told at the end hold
although we looked several times. An interval that narrows is what ends most studies, and it does so early: there error
is spent evenly (Pocock). A winner who is close needs all of the budget: there it is spent late (O'Brien & Fleming).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.experiments.adaptive import run_adaptive
from sim.experiments.compare import Experiment, Results, results_of
from sim.experiments.kept import Kept, Rows
from sim.experiments.running import HERE, Means
from sim.experiments.sequential import Look, Spending, looks

if TYPE_CHECKING:
    from rules.compliance.rulebook import Rulebook
    from sim.experiments.effects import Effect
    from sim.experiments.guards import Guard
    from sim.experiments.statistics import Comparison

MOST = 400
"""Replications of a study that is told when to stop, but not how many there may be."""


@dataclass(frozen=True)
class Goal:
    """When to stop.

    Attributes:
        part: half of the interval of the relative effect on `metric`, of every arm; None = until a winner is shown.
    """

    part: float | None
    metric: str = "gmv"
    spending: Spending = "obrien_fleming"

    def reached(self, comparison: Comparison) -> bool:
        """Whether a comparison is good enough."""
        if self.part is None:
            return _decided(comparison)
        halves = [_half(effect) for effect in self.effects(comparison)]
        return all(half is not None and half <= self.part for half in halves)

    def effects(self, comparison: Comparison) -> list[Effect]:
        """What it looks at: the metric's effects, or the lead."""
        if self.part is None:
            return [comparison.winner.lead] if comparison.winner.lead else []
        arms = [arm for arm in comparison.arms if arm != comparison.baseline]
        return [effect for arm in arms if (effect := comparison.effect(self.metric, arm))]


@dataclass(frozen=True)
class Stopped:
    """How a study ended.

    Attributes:
        looks: replications at each look, the last one included. most: the budget.
        half: half of the widest interval that the goal looks at, as a part; None where there is none.
        independent: about how many replications independent luck would have needed for as much; None if unknown.
    """

    goal: Goal
    reached: bool
    looks: tuple[int, ...]
    most: int
    half: float | None
    independent: int | None

    @property
    def used(self) -> int:
        """Replications."""
        return self.looks[-1] if self.looks else 0

    def to_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "until": "decided" if self.goal.part is None else self.goal.part,
            "metric": "contribution" if self.goal.part is None else self.goal.metric,
            "spending": self.goal.spending,
            "reached": self.reached,
            "looks": list(self.looks),
            "budget": self.most,
            "used": self.used,
            "saved": self.most - self.used,
            "half_width": self.half,
            "independent": self.independent,
            "saved_by_common_luck": None if self.independent is None else self.independent - self.used,
        }


class Until:
    """The design of an experiment that stops when its goal is reached, or its replications are used up."""

    def __init__(
        self, experiment: Experiment, goal: Goal, rulebook: Rulebook | None = None, guards: Sequence[Guard] = ()
    ) -> None:
        self.experiment, self.goal, self.rulebook, self.guards = experiment, goal, rulebook, guards
        self.looks = looks(experiment.replications)
        self._arms = range(len(experiment.arms))
        self._rows = Rows(experiment.replications)
        self._taken = 0
        self._reached = False

    def wanted(self) -> Iterator[tuple[int, int]]:
        """Replication by replication, every arm of it."""
        for replication in range(self.experiment.replications):
            for arm in self._arms:
                yield arm, replication

    def enough(self, done: Kept) -> bool:
        """Take the looks that are due."""
        self._rows.settle(done, self._arms)
        whole = len(self._rows.numbers)
        while not self._reached and self._taken < len(self.looks) and self.looks[self._taken] <= whole:
            self._taken += 1
            found = self._at(done, self.looks[: self._taken])
            self._reached = self.goal.reached(found.compared(self.rulebook, self.guards)[0])
        return self._reached or self._taken == len(self.looks)

    def settle(self, done: Kept, interrupted: bool) -> tuple[Results, Stopped]:
        """Results at the last look; of a study that came to no look at its end, with what is whole as one more look."""
        at, whole = self.looks[: self._taken], len(self._rows.numbers)
        if not self._reached and whole > (at[-1] if at else 0):
            at = [*at, whole]
        results = replace(self._at(done, at), interrupted=interrupted)
        if not at:
            return results, Stopped(self.goal, False, (), self.experiment.replications, None, None)
        comparison, _ = results.compared(self.rulebook, self.guards)
        return results, _stopped(self.goal, comparison, tuple(at), self.experiment.replications)

    def _at(self, done: Kept, at: Sequence[int]) -> Results:
        results = results_of(self.experiment, done, self._rows.numbers[: at[-1] if at else 0])
        look = Look(tuple(at), self.experiment.replications, spending=self.goal.spending) if at else None
        return replace(results, look=look)


def run_until(
    experiment: Experiment,
    goal: Goal,
    rulebook: Rulebook | None = None,
    guards: Sequence[Guard] = (),
    means: Means = HERE,
    told: Callable[[str], None] | None = None,
) -> tuple[Results, Stopped]:
    """Run an experiment until its goal is reached; its `replications` are the most there may be.

    Args:
        rulebook, guards: what a winner has to keep. means, told: see `run_adaptive`.
    """
    design = Until(experiment, goal, rulebook, guards)
    return design.settle(*run_adaptive(experiment, design, means, told))


def _decided(comparison: Comparison) -> bool:
    """Whether the best is shown, and whether it may win: a guardrail that is still open is no answer."""
    winner = comparison.winner
    if winner.reason == "guard":
        return any(kept.arm == winner.best and kept.state == "broken" for kept in comparison.guards)
    return winner.reason in {"won", "breach"}


def _half(effect: Effect) -> float | None:
    """Half of the interval of a relative effect, to its further end."""
    if effect.difference == 0 and effect.deviation == 0:
        return 0.0
    if effect.relative_low is None or effect.relative_high is None or effect.relative is None:
        return None
    return max(effect.relative_high - effect.relative, effect.relative - effect.relative_low)


def _stopped(goal: Goal, comparison: Comparison, at: tuple[int, ...], most: int) -> Stopped:
    effects = goal.effects(comparison)
    halves = [half for effect in effects if (half := _half(effect)) is not None]
    needed = [_independent(goal, effect, at[-1]) for effect in effects] if comparison.luck == "common" else []
    known = [one for one in needed if one is not None]
    reached = goal.reached(comparison)
    half = max(halves) if len(halves) == len(effects) and halves else None
    return Stopped(goal, reached, at, most, half, max(known) if known and reached else None)


def _independent(goal: Goal, effect: Effect, used: int) -> int | None:
    """Replications with luck of their own after which the same interval, or the goal's, would have been reached."""
    ratio = effect.variance_ratio if goal.part is None else effect.relative_variance_ratio
    half = _half(effect)
    if ratio is None or half is None:
        return None
    narrower = 1.0 if goal.part is None else (half / goal.part) ** 2
    return math.ceil(used * ratio * narrower)
