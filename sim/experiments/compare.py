"""Comparing plans: the same people with the same luck under each plan, as often as asked, in a pool of processes.

An interrupted comparison keeps every replication that all plans have finished.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from rules.compliance.rulebook import Rulebook
from rules.plan.model import Plan
from sim.experiments.forking import Fork, go_on
from sim.experiments.guards import Guard
from sim.experiments.pool import in_processes
from sim.experiments.ranges import drawn
from sim.experiments.replication import Outcome, replicate
from sim.experiments.sequential import Look
from sim.experiments.statistics import Comparison, compare
from sim.experiments.verdicts import RulebookVerdict, held_against
from sim.scenario import Scenario

Luck = Literal["common", "independent"]
FAR = 1_000_003
"""Between the seeds of arms whose luck is to be independent."""
Job = tuple[int, int, int]
"""Number of the experiment, of its arm, of the replication."""


@dataclass(frozen=True)
class Experiment:
    """What is to be compared.

    Attributes:
        arms: id and plan of each, the baseline first; ids are unique.
        luck: common = every arm meets the same people with the same luck in a replication.
        fork: the saved morning from which every arm goes on; scenario, people, days (those left) and seed are its own.
            What its people are like was settled when it was saved: ranges of behaviour are not drawn again.
    """

    scenario: Scenario
    arms: tuple[tuple[str, Plan], ...]
    people: int
    days: int
    seed: int
    replications: int
    luck: Luck = "common"
    fork: Fork | None = None

    @property
    def start(self) -> dt.date:
        """The first day that is counted."""
        return self.fork.date if self.fork else self.scenario.start

    def seed_of(self, arm: int, replication: int) -> int:
        """The seed of one arm in one replication."""
        return self.seed + replication + (FAR * arm if self.luck == "independent" else 0)

    def scenario_of(self, replication: int) -> Scenario:
        """The market that all arms meet in one replication: every range of behaviour is a number drawn from it."""
        return self.scenario if self.fork else drawn(self.scenario, self.seed + replication)


@dataclass
class Results:
    """What came of an experiment: outcomes by arm and replication, all arms equally long.

    `look` says how often they were looked at before, where they were.
    """

    experiment: Experiment
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    interrupted: bool = False
    look: Look | None = None

    @property
    def replications(self) -> int:
        """How many replications every arm has finished."""
        return min((len(done) for done in self.outcomes.values()), default=0)

    def compared(
        self, rulebook: Rulebook | None, guards: Sequence[Guard] = ()
    ) -> tuple[Comparison, list[RulebookVerdict]]:
        """Means, paired differences and the winner; and what the rulebook says of each arm."""
        verdicts = []
        if rulebook is not None:
            day = self.experiment.start
            for arm, plan in self.experiment.arms:
                seen = [one.observed for one in self.outcomes[arm]]
                verdicts.append(held_against(rulebook, arm, plan, seen, day))
        breaches = {found.arm for found in verdicts if found.verdict == "violated"}
        values = {arm: [one.metrics for one in done] for arm, done in self.outcomes.items()}
        luck = self.experiment.luck
        return compare(values, breaches=breaches, luck=luck, guards=guards, look=self.look), verdicts


def arm_ids(plans: Sequence[Plan]) -> list[str]:
    """The plans' names; one that comes again is `name#2`, `name#3` and so on."""
    ids: list[str] = []
    for number, plan in enumerate(plans):
        again = sum(other.plan == plan.plan for other in plans[:number])
        ids.append(f"{plan.plan}#{again + 1}" if again else plan.plan)
    return ids


def run_experiment(experiment: Experiment, workers: int = 1, done: Callable[[str], None] | None = None) -> Results:
    """Run every replication of every arm.

    Args:
        workers: processes; the results are the same bits for any number.
        done: told the arm after each replication.
    """
    return run_experiments([experiment], workers, done)[0]


def run_experiments(
    experiments: Sequence[Experiment], workers: int = 1, done: Callable[[str], None] | None = None
) -> list[Results]:
    """Run several experiments in one pool, the first replication of each before the second of any.

    Args:
        workers, done: see `run_experiment`.
    """
    slots: dict[Job, Outcome] = {}
    interrupted = False
    rounds = range(max((experiment.replications for experiment in experiments), default=0))
    jobs = [
        (number, arm, r)
        for r in rounds
        for number, experiment in enumerate(experiments)
        for arm in range(len(experiment.arms))
        if r < experiment.replications
    ]
    try:
        for job, outcome in outcomes_of(experiments, jobs, workers):
            slots[job] = outcome
            if done:
                done(experiments[job[0]].arms[job[1]][0])
    except KeyboardInterrupt:
        interrupted = True
    return [_results(experiment, number, slots, interrupted) for number, experiment in enumerate(experiments)]


def _results(experiment: Experiment, number: int, slots: Mapping[Job, Outcome], interrupted: bool) -> Results:
    """The replications of one experiment that all its arms have finished."""
    arms = range(len(experiment.arms))
    whole = [r for r in range(experiment.replications) if all((number, arm, r) in slots for arm in arms)]
    outcomes = {name: [slots[number, arm, r] for r in whole] for arm, (name, _) in enumerate(experiment.arms)}
    return Results(experiment, outcomes, interrupted)


def outcomes_of(
    experiments: Sequence[Experiment], jobs: Iterable[Job], workers: int = 1
) -> Generator[tuple[Job, Outcome], None, None]:
    """Outcomes as they come. The first runs here, so that a pool never compiles the kernels more than once.

    Args:
        jobs: taken one by one as there is room, so that what came so far can decide which come next.
    """
    work, left = partial(_job, experiments), iter(jobs)
    for job in left:
        yield job, work(job)
        if workers > 1:
            yield from in_processes(work, left, workers)


def _job(experiments: Sequence[Experiment], job: Job) -> Outcome:
    number, arm, replication = job
    return _one(experiments[number], arm, replication)


def _one(experiment: Experiment, arm: int, replication: int) -> Outcome:
    name, plan = experiment.arms[arm]
    seed = experiment.seed_of(arm, replication)
    try:
        if experiment.fork:
            return go_on(experiment.fork.path, plan, seed)
        return replicate(experiment.scenario_of(replication), plan, experiment.people, experiment.days, seed)
    except Exception as error:
        raise RuntimeError(
            f"replication failed: scenario {experiment.scenario.scenario}, plan {name}, people {experiment.people}, "
            f"days {experiment.days}, seed {seed}"
        ) from error
