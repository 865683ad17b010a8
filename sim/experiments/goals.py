"""A comparison as it is asked for: so many replications, or until a goal is reached, or the best of many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rules.compliance.rulebook import Rulebook
from sim.experiments.choosing import Choice, choose
from sim.experiments.compare import Experiment, Results, run_experiment
from sim.experiments.guards import Guard
from sim.experiments.running import HERE, Means
from sim.experiments.stopping import Goal, Stopped, run_until


@dataclass(frozen=True)
class Wanted:
    """What is asked for, beyond so many replications.

    Attributes:
        goal: when to stop. selection: confidence and zone of indifference, a part; at most one of both.
        rulebook, guards: what a winner has to keep.
    """

    goal: Goal | None = None
    selection: tuple[float, float] | None = None
    rulebook: Rulebook | None = None
    guards: Sequence[Guard] = ()


@dataclass(frozen=True)
class Reached:
    """What came of it."""

    results: Results
    stopped: Stopped | None = None
    choice: Choice | None = None


def run_wanted(
    experiment: Experiment, wanted: Wanted, means: Means = HERE, told: Callable[[str], None] | None = None
) -> Reached:
    """Run an experiment; its `replications` are the most where something else says when to stop.

    Args:
        means: where; changes nothing in the result. told: the arm after each run.
    """
    if wanted.selection:
        results, choice = choose(experiment, *wanted.selection, wanted.rulebook, means, told)
        return Reached(results, choice=choice)
    if wanted.goal:
        results, stopped = run_until(experiment, wanted.goal, wanted.rulebook, wanted.guards, means, told)
        return Reached(results, stopped)
    return Reached(run_experiment(experiment, means, told))
