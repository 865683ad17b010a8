"""A study: the same people with the same luck at every point of a space of plans and markets.

Every point meets the same seeds, so that two points differ by what the levers do and by little else. A point that is no
plan is told, not run; a run that fails is told, and the others go on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from rules.compliance.rulebook import Rulebook
from rules.compliance.verdict import PlanVerdict
from rules.errors import InputError
from rules.plan.model import Plan
from sim.experiments.case import Case, version
from sim.experiments.failure import Failure
from sim.experiments.replication import Value
from sim.experiments.running import HERE, Means, run_cases
from sim.rulebooks import proved
from sim.scenario import Scenario
from sim.studies.levers import Base, Lever, Setting


@dataclass(frozen=True)
class Study:
    """What is asked.

    Attributes:
        base: the files that the levers move. people, days, seed: of every run; a replication adds to the seed.
        rulebook: that every plan is proved against; None = none.
    """

    base: Base
    levers: tuple[Lever, ...]
    people: int
    days: int
    seed: int
    replications: int
    rulebook: Rulebook | None = None

    @property
    def key(self) -> str:
        """A digest of what decides the runs, all but how many replications there are."""
        told = [
            version(),
            json.dumps([self.base.plan.data, self.base.scenario.data], default=str, sort_keys=True),
            [(one.name, list(map(str, one.values))) for one in self.levers],
            [self.people, self.days, self.seed],
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


@dataclass
class Answer:
    """What a point gives.

    Attributes:
        refused: why the point is no plan or market. failures: of its runs.
        rows: the metrics of each replication, by its number; those that failed are missing.
        verdict: of the rulebook on the plan, for everything it lets happen; None without a rulebook.
    """

    setting: Setting
    plan: Plan | None = None
    scenario: Scenario | None = None
    refused: str = ""
    rows: dict[int, dict[str, Value]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    verdict: PlanVerdict | None = None

    @property
    def whole(self) -> bool:
        """Whether there is a result."""
        return bool(self.rows) and not self.failures

    def at(self, levers: Sequence[Lever]) -> dict[str, float]:
        """Where it is, as numbers; nothing for the plan as it stands."""
        return {lever.name: lever.number(self.setting[lever.name]) for lever in levers if lever.name in self.setting}

    def values(self, metric: str) -> np.ndarray:
        """A metric by replication, in order; NaN where there is none."""
        found = [self.rows[number].get(metric) for number in sorted(self.rows)]
        return np.array([np.nan if one is None else float(one) for one in found])

    def mean(self, metric: str) -> float | None:
        """Its mean over the replications that have it."""
        known = self.values(metric)
        known = known[np.isfinite(known)]
        return float(known.mean()) if len(known) else None


Done = Callable[[], None]


def answers(study: Study, settings: Sequence[Setting], means: Means = HERE, done: Done = lambda: None) -> list[Answer]:
    """What each point gives, in order.

    Args:
        means: where cases run. done: called after each run, and for each that a refused point does not need.
    """
    found = [_asked(study, setting) for setting in settings]
    places = [
        (place, number)
        for number in range(study.replications)
        for place, answer in enumerate(found)
        if answer.plan is not None
    ]
    cases = [_case(study, found[place], number) for place, number in places]
    for _ in range(study.replications * len(found) - len(cases)):
        done()
    for at, came in run_cases(cases, means):
        place, number = places[at]
        if isinstance(came, Failure):
            found[place].failures.append(came)
        else:
            found[place].rows[number] = came.metrics
        done()
    return found


def _asked(study: Study, setting: Setting) -> Answer:
    try:
        plan, scenario = study.base.at(study.levers, setting)
        return Answer(setting, plan, scenario, verdict=proved(plan, study.rulebook) if study.rulebook else None)
    except InputError as error:
        return Answer(setting, refused=str(error))


def _case(study: Study, answer: Answer, number: int) -> Case:
    assert answer.plan is not None
    assert answer.scenario is not None
    return Case(answer.scenario, answer.plan, study.people, study.days, study.seed + number)


def told(study: Study, answer: Answer, metrics: Sequence[str]) -> dict[str, object]:
    """A point as plain data: where it is, means of metrics, and what is the matter if there is no result."""
    record: dict[str, object] = {"at": answer.at(study.levers), "replications": len(answer.rows)}
    if answer.verdict is not None:
        record["verdict"] = answer.verdict
    if answer.refused:
        record["refused"] = answer.refused
    if answer.failures:
        record["failures"] = [{"case": one.case, "reason": one.reason} for one in answer.failures]
    return record | {"metrics": {name: answer.mean(name) for name in metrics}}
