"""Experiments that decide as they go: which replication comes next, and when enough of them are in.

Decisions look at the first so many replications and at nothing else that may be there already, so that results are the
same bits for any number of processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Protocol, TypeAlias

from sim.experiments.case import Failure
from sim.experiments.compare import Experiment, Results, outcomes_of
from sim.experiments.replication import Outcome
from sim.experiments.running import HERE, Means

Done: TypeAlias = Mapping[tuple[int, int], Outcome]
"""What is there so far, by number of the arm and of the replication."""


class Design(Protocol):
    """Decides which replications there are to be."""

    def wanted(self) -> Iterator[tuple[int, int]]:
        """Arm and replication of the next run, one by one, as there is time for it."""
        ...

    def enough(self, done: Done) -> bool:
        """Whether to stop; asked after every run."""
        ...


def run_adaptive(
    experiment: Experiment, design: Design, means: Means = HERE, told: Callable[[str], None] | None = None
) -> tuple[Done, bool]:
    """Run what a design asks for until it has enough.

    Args:
        means: where. told: the arm after each run.

    Returns:
        What has run, and whether it was interrupted.
    """
    done: dict[tuple[int, int], Outcome] = {}
    jobs = ((0, arm, replication) for arm, replication in design.wanted())
    try:
        with closing(outcomes_of([experiment], jobs, means)) as coming:
            for (_, arm, replication), outcome in coming:
                if isinstance(outcome, Failure):  # decisions look at whole replications, without a gap
                    raise RuntimeError(f"replication failed: {outcome.case}\n{outcome.traceback}")
                done[arm, replication] = outcome
                if told:
                    told(experiment.arms[arm][0])
                if design.enough(done):
                    break
    except KeyboardInterrupt:
        return done, True
    return done, False


def first(experiment: Experiment, done: Done, replications: int) -> Results:
    """The results of the first so many replications of every arm."""
    whole = range(replications)
    return Results(experiment, {name: [done[arm, r] for r in whole] for arm, (name, _) in enumerate(experiment.arms)})


def finished(done: Done, arms: int, so_far: int = 0) -> int:
    """How many replications every arm has finished, counted from the first without a gap; at least `so_far`."""
    while all((arm, so_far) in done for arm in range(arms)):
        so_far += 1
    return so_far
