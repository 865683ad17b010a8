"""Comparing plans: the same people with the same luck under each plan, as often as asked, in a pool of processes.

An interrupted comparison keeps every replication that all plans have finished.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Literal

from rules.compliance.rulebook import Rulebook
from rules.plan.model import Plan
from sim.experiments.case import Case
from sim.experiments.failure import Failure
from sim.experiments.forking import Fork
from sim.experiments.guards import Guard
from sim.experiments.kept import DROPPED, WHOLE, Kept, Rows
from sim.experiments.ranges import drawn
from sim.experiments.replication import Outcome
from sim.experiments.running import HERE, Means, run_cases
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

    def case(self, arm: int, replication: int) -> Case:
        """One replication of one arm."""
        seed, path = self.seed_of(arm, replication), self.fork.path if self.fork else None
        return Case(self.scenario_of(replication), self.arms[arm][1], self.people, self.days, seed, path)

    def seed_of(self, arm: int, replication: int) -> int:
        """The seed of one arm in one replication."""
        return self.seed + replication + (FAR * arm if self.luck == "independent" else 0)

    def scenario_of(self, replication: int) -> Scenario:
        """The market that all arms meet in one replication: every range of behaviour is a number drawn from it."""
        return self.scenario if self.fork else drawn(self.scenario, self.seed + replication)


@dataclass
class Results:
    """What came of an experiment.

    Attributes:
        outcomes: by arm and replication, all arms equally long; after the first `WHOLE` thin (see `kept`). failures:
            runs that broke; what all arms have not finished is left out of `outcomes`.
        look: how often they were looked at before, where they were.
    """

    experiment: Experiment
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    interrupted: bool = False
    failures: tuple[Failure, ...] = ()
    look: Look | None = None

    @property
    def replications(self) -> int:
        """How many replications every arm has finished."""
        return min((len(done) for done in self.outcomes.values()), default=0)

    def whole(self) -> dict[str, list[Outcome]]:
        """The replications of which people and days are known, by arm: the first `WHOLE`, by their number."""
        first = self.experiment.seed_of(0, 0)
        known = [one.seed - first < WHOLE for one in next(iter(self.outcomes.values()), [])]
        return {arm: [one for one, so in zip(done, known, strict=True) if so] for arm, done in self.outcomes.items()}

    def compared(
        self, rulebook: Rulebook | None, guards: Sequence[Guard] = ()
    ) -> tuple[Comparison, list[RulebookVerdict]]:
        """Means, paired differences and the winner; and what the rulebook says of each arm."""
        verdicts = []
        if rulebook is not None:
            day = self.experiment.start
            for arm, plan in self.experiment.arms:
                seen = [one.observed for one in self.outcomes[arm] if one.observed != DROPPED]
                verdicts.append(held_against(rulebook, arm, plan, seen, day))
        breaches = {found.arm for found in verdicts if found.verdict == "violated"}
        values = {arm: [one.metrics for one in done] for arm, done in self.outcomes.items()}
        luck = self.experiment.luck
        return compare(values, breaches=breaches, luck=luck, guards=guards, look=self.look), verdicts


def run_experiment(experiment: Experiment, means: Means = HERE, done: Callable[[str], None] | None = None) -> Results:
    """Run every replication of every arm.

    Args:
        means: where; the results are the same bits wherever.
        done: told the arm after each replication.
    """
    return run_experiments([experiment], means, done)[0]


def run_experiments(
    experiments: Sequence[Experiment],
    means: Means = HERE,
    done: Callable[[str], None] | None = None,
    whole: int = WHOLE,
) -> list[Results]:
    """Run several experiments side by side, the first replication of each before the second of any.

    Args:
        means, done: see `run_experiment`. whole: replications of which people and days are kept.
    """
    kept, rows = [Kept(whole) for _ in experiments], [Rows(experiment.replications) for experiment in experiments]
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
        for job, came in outcomes_of(experiments, jobs, means):
            number, arm, replication = job
            kept[number].add(arm, replication, came)
            rows[number].settle(kept[number], range(len(experiments[number].arms)))
            if done:
                done(experiments[number].arms[arm][0])
    except KeyboardInterrupt:
        interrupted = True
    return [
        results_of(experiment, of_it, range(experiment.replications), interrupted)
        for experiment, of_it in zip(experiments, kept, strict=True)
    ]


def results_of(experiment: Experiment, kept: Kept, replications: Iterable[int], interrupted: bool = False) -> Results:
    """Those of these replications that all arms have finished."""
    arms = range(len(experiment.arms))
    whole = [replication for replication in replications if kept.is_whole(arms, replication)]
    outcomes = {name: [kept[arm, r] for r in whole] for arm, (name, _) in enumerate(experiment.arms)}
    failures = tuple(kept.failures[run] for run in sorted(kept.failures, key=lambda run: (run[1], run[0])))
    return Results(experiment, outcomes, interrupted, failures)


def outcomes_of(
    experiments: Sequence[Experiment], jobs: Iterable[Job], means: Means = HERE
) -> Generator[tuple[Job, Outcome | Failure], None, None]:
    """Outcomes as they come.

    Args:
        jobs: taken one by one as there is room, so that what came so far can decide which come next.
    """
    asked: list[Job] = []

    def cases() -> Iterator[Case]:
        for job in jobs:
            asked.append(job)
            yield experiments[job[0]].case(job[1], job[2])

    with closing(run_cases(cases(), means)) as coming:
        for place, came in coming:
            yield asked[place], came
