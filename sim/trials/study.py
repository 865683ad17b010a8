"""Many replications of a trial, in processes; what an interrupted study has finished is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from sim.experiments.pool import at_work
from sim.trials.once import Reading, Way, replicate
from sim.trials.settings import Trial


@dataclass
class Tried:
    """What came of a trial: readings by replication, each by way of trying."""

    trial: Trial
    done: dict[int, dict[Way, Reading]] = field(default_factory=dict)
    interrupted: bool = False

    def readings(self, way: Way) -> list[Reading]:
        """One way's readings, in the order of the replications."""
        return [self.done[number][way] for number in sorted(self.done)]


def study(
    trial: Trial,
    workers: int = 1,
    done: Callable[[int, dict[Way, Reading]], None] | None = None,
    kept: Mapping[int, dict[Way, Reading]] | None = None,
) -> Tried:
    """Run every replication.

    Args:
        workers: processes; the results are the same bits for any number. done: told each replication's number and
            readings. kept: replications of the same trial that were done before.
    """
    tried = Tried(trial, {number: readings for number, readings in (kept or {}).items() if number < trial.replications})
    try:
        left = (number for number in range(trial.replications) if number not in tried.done)
        for number, readings in at_work(partial(_one, trial), left, workers):
            tried.done[number] = readings
            if done:
                done(number, readings)
    except KeyboardInterrupt:
        tried.interrupted = True
    return tried


def _one(trial: Trial, number: int) -> dict[Way, Reading]:
    try:
        return replicate(trial, number)
    except Exception as error:
        plans = " and ".join(plan.plan for plan in trial.plans)
        raise RuntimeError(
            f"replication failed: scenario {trial.scenario.scenario}, plans {plans}, people {trial.people}, "
            f"days {trial.before} + {trial.days}, seed {trial.seed + number}"
        ) from error
