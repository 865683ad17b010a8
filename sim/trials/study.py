"""Many replications of a trial, in processes or on a cluster; what an interrupted study has finished is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sim.experiments.failure import Failure
from sim.experiments.running import HERE, Means, run_all
from sim.trials.once import Reading, Way
from sim.trials.readings import KeptReadings, Readings, Replication
from sim.trials.settings import Trial

LEAST = 2
"""Replications from which on there is something to say."""


@dataclass
class Tried:
    """What came of a trial, by replication: readings, each by way of trying, and failures, which are in no figure."""

    trial: Trial
    done: dict[int, Readings] = field(default_factory=dict)
    interrupted: bool = False
    failed: dict[int, Failure] = field(default_factory=dict)

    def readings(self, way: Way) -> list[Reading]:
        """One way's readings, in the order of the replications."""
        return [self.done[number][way] for number in sorted(self.done)]

    @property
    def failures(self) -> list[Failure]:
        """What broke, in the order of the replications."""
        return [self.failed[number] for number in sorted(self.failed)]


def study(
    trial: Trial,
    means: Means = HERE,
    told: Callable[[int, Readings | Failure], None] | None = None,
    done: Mapping[int, Readings] | None = None,
    kept: KeptReadings | None = None,
) -> Tried:
    """Run every replication; one that fails is told, and the others go on.

    Args:
        means: where; the results are the same bits anywhere. told: gets each replication's number and what came of it.
        done: replications of the same trial that were done before. kept: a file of readings to go on from, and to keep
            them in as they come.
    """
    tried = Tried(trial, {number: one for number, one in (done or {}).items() if number < trial.replications})
    left = [number for number in range(trial.replications) if number not in tried.done]
    try:
        for place, came in run_all((Replication(trial, number) for number in left), means, kept):
            if isinstance(came, Failure):
                tried.failed[left[place]] = came
            else:
                tried.done[left[place]] = came
            if told:
                told(left[place], came)
    except KeyboardInterrupt:
        tried.interrupted = True
    return tried
