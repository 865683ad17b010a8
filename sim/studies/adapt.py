"""Learning week by week against the best fixed plan: each plan by itself, and operators who learn among all of them.

Every strategy meets the same people with the same luck, replication by replication. A run is a case as in any other
study: kept, resumed, and the same bits for any number of processes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rules.errors import InputError
from rules.plan.model import Plan
from sim.actors.learner import PER
from sim.actors.parts import ChangesPlans, Learners, PlanCalendars
from sim.experiments.case import Case
from sim.experiments.failure import Failure
from sim.experiments.ranges import drawn
from sim.experiments.replication import Outcome
from sim.experiments.running import HERE, Means, run_cases
from sim.experiments.statistics import Value
from sim.scenario import Scenario

BESIDE = ("commission", "new_members", "period_entries", "labour")
"""Figures that stand beside contribution: entries of period closes and labour are what settling costs."""


@dataclass(frozen=True)
class Adaptation:
    """What is asked.

    Attributes:
        plans: by the name under which actors find each; the first is in force when a learner begins.
        learners: who change the plan, by name: those who learn, all of them among all the plans, looking as often;
            then, maybe, one who knows beforehand what to put in force when.
        people, days, seed: of every run; a replication adds to the seed.
    """

    scenario: Scenario
    plans: tuple[tuple[str, Plan], ...]
    learners: tuple[tuple[str, Learners | PlanCalendars], ...]
    people: int
    days: int
    seed: int
    replications: int

    @property
    def strategies(self) -> tuple[str, ...]:
        """The fixed plans by their ids, then the learners."""
        return (*(plan.plan for _, plan in self.plans), *(name for name, _ in self.learners))

    @property
    def every(self) -> int:
        """Days between two looks."""
        return next(one.every for _, one in self.learners if isinstance(one, Learners))

    @property
    def key(self) -> str:
        """A digest of what decides the runs, all but how many replications there are."""
        cases = [self.case(place, 0).key for place in range(len(self.strategies))]
        return hashlib.sha256(json.dumps(cases).encode()).hexdigest()

    def case(self, place: int, replication: int) -> Case:
        """One replication of the strategy at a place."""
        seed = self.seed + replication
        market = drawn(self.scenario, seed)
        if place < len(self.plans):
            return Case(market, self.plans[place][1], self.people, self.days, seed)
        learner = self.learners[place - len(self.plans)][1]
        market = market.model_copy(update={"actors": [*market.actors, learner]})
        return Case(market, self.plans[0][1], self.people, self.days, seed)


def check(asked: Adaptation) -> None:
    """Refuse what cannot be compared, before anything runs.

    Raises:
        InputError: two strategies of one name, too few days, or another actor who changes the plan.
    """
    names = asked.strategies
    if twice := sorted({one for one in names if names.count(one) > 1}):
        raise InputError(f"two strategies are called {twice[0]}", allowed="plans of different ids")
    needed = asked.every * (len(asked.plans) + 2)
    if asked.days < needed:
        raise InputError(
            f"in {asked.days} days of a look every {asked.every} nothing can be learned of {len(asked.plans)} plans",
            allowed=f"at least {needed} days",
        )
    for actor in asked.scenario.actors:
        if isinstance(actor, ChangesPlans):
            raise InputError(
                f"the scenario {asked.scenario.scenario} has an actor {actor.kind}, who changes plans, too",
                allowed="a scenario in which nobody else does; options say how she learns",
            )


@dataclass(frozen=True)
class Lived:
    """What there is to say of one run.

    Attributes:
        values: contribution and `BESIDE`. contribution: fen from look to look, what is left at the end included.
        plans: in force from look to look.
        rewards: contribution for every 1,000 members from look to look, as a learner sees it; without the first.
    """

    values: Mapping[str, Value]
    contribution: tuple[int, ...]
    plans: tuple[str, ...]
    rewards: tuple[float, ...] = ()


@dataclass
class Adapted:
    """What came of it: runs by strategy and replication; those that not all strategies have are left out."""

    asked: Adaptation
    lived: dict[str, list[Lived]] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    interrupted: bool = False

    @property
    def replications(self) -> int:
        """How many replications every strategy has."""
        return min((len(runs) for runs in self.lived.values()), default=0)


def adapt(asked: Adaptation, means: Means = HERE, done: Callable[[str], None] | None = None) -> Adapted:
    """Run every replication of every strategy.

    Args:
        means: where; the results are the same bits wherever. done: told the strategy after each run.
    """
    names = asked.strategies
    jobs = [(place, number) for number in range(asked.replications) for place in range(len(names))]
    came: dict[tuple[int, int], Lived] = {}
    failures, interrupted = [], False
    try:
        for at, one in run_cases((asked.case(*job) for job in jobs), means):
            if isinstance(one, Failure):
                failures.append(one)
            else:
                place, number = jobs[at]
                came[place, number] = lived(one, names[place], asked)
            if done:
                done(names[jobs[at][0]])
    except KeyboardInterrupt:
        interrupted = True
    whole = [n for n in range(asked.replications) if all((place, n) in came for place in range(len(names)))]
    found = {name: [came[place, n] for n in whole] for place, name in enumerate(names)}
    return Adapted(asked, found, tuple(failures), interrupted)


def lived(outcome: Outcome, plan: str, asked: Adaptation) -> Lived:
    """A run from look to look.

    Args:
        plan: the id of a fixed plan; of a learner's, anything: her versions say which plan is when in force.
    """
    days = [int(fen or 0) for fen in outcome.daily["contribution"]]
    looks = range(0, asked.days, asked.every)
    beside: dict[str, Value] = {name: outcome.metrics[name] for name in ("contribution", "commission", "new_members")}
    beside |= {"period_entries": outcome.period_entries, "labour": sum(outcome.labour.values())}
    contribution = tuple(sum(days[first : first + asked.every]) for first in looks)
    joined = [int(new or 0) for new in outcome.daily["new_members"]]
    whole = range(asked.every, asked.days - asked.every + 1, asked.every)
    members = [(first, sum(joined[:first])) for first in whole]
    rewards = tuple(PER * contribution[first // asked.every] / count for first, count in members if count)
    return Lived(beside, contribution, tuple(_in_force(outcome, plan, first) for first in looks), rewards)


def _in_force(outcome: Outcome, plan: str, day: int) -> str:
    past: Sequence[str] = [one.plan for one in outcome.versions if one.first <= day]
    return past[-1] if past else plan
