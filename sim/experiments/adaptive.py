"""Experiments that decide as they go: which replication comes next, and when enough of them are in.

Decisions look at the first so many replications and at nothing else that may be there already, so that results are the
same bits for any number of processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Protocol

from sim.experiments.compare import Experiment, outcomes_of
from sim.experiments.kept import Kept
from sim.experiments.running import HERE, Means


class Design(Protocol):
    """Decides which replications there are to be."""

    def wanted(self) -> Iterator[tuple[int, int]]:
        """Arm and replication of the next run, one by one, as there is time for it."""
        ...

    def enough(self, done: Kept) -> bool:
        """Whether to stop; asked after every run. Settles what it will not look at again."""
        ...


def run_adaptive(
    experiment: Experiment, design: Design, means: Means = HERE, told: Callable[[str], None] | None = None
) -> tuple[Kept, bool]:
    """Run what a design asks for until it has enough.

    Args:
        means: where. told: the arm after each run.

    Returns:
        What has run, and whether it was interrupted.
    """
    done = Kept()
    jobs = ((0, arm, replication) for arm, replication in design.wanted())
    try:
        with closing(outcomes_of([experiment], jobs, means)) as coming:
            for (_, arm, replication), came in coming:
                done.add(arm, replication, came)
                if told:
                    told(experiment.arms[arm][0])
                if design.enough(done):
                    break
    except KeyboardInterrupt:
        return done, True
    return done, False
