"""The best of many plans by contribution: the runs that `selection` asks for, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rules.compliance.rulebook import Rulebook
from rules.errors import InputError
from sim.experiments.adaptive import run_adaptive
from sim.experiments.compare import Experiment, Results, results_of
from sim.experiments.kept import Kept, Rows
from sim.experiments.running import HERE, Means
from sim.experiments.selection import Floats, Rule, Selection, equally
from sim.experiments.verdicts import held_against

FIRST = 10
"""Replications of every plan before any is dropped."""
BATCH = 4
"""Replications of those that are left between two looks."""


@dataclass(frozen=True)
class Choice:
    """What came of a selection; amounts in fen.

    Attributes:
        arm: that is selected; None where every plan breaks the rulebook, or it was interrupted before the first stage.
        decided: whether the promise holds: the best, or less than `zone` below it, with probability `confidence`.
        runs: replications of each arm. barred: arms that break the rulebook.
        two_stage: replications of every arm that equal allocation would have needed for the same promise.
    """

    arm: str | None
    decided: bool
    confidence: float
    part: float
    zone: float
    runs: Mapping[str, int]
    barred: tuple[str, ...]
    two_stage: int

    @property
    def used(self) -> int:
        """All runs together."""
        return sum(self.runs.values())

    @property
    def equal(self) -> int:
        """Runs, had every arm run as often as the one that ran most."""
        return len(self.runs) * max(self.runs.values(), default=0)

    def to_dict(self) -> dict[str, object]:
        """For `--json`: money in yuan."""
        return {
            "selected": self.arm,
            "decided": self.decided,
            "confidence": self.confidence,
            "zone": self.part,
            "zone_amount": self.zone / 100,
            "replications": dict(self.runs),
            "runs": self.used,
            "equal_allocation": self.equal,
            "saved": self.equal - self.used,
            "equal_two_stage": len(self.runs) * self.two_stage,
            "barred": list(self.barred),
        }


class Choosing:
    """The design of a selection: runs every plan `FIRST` times, then those that are left, batch by batch."""

    def __init__(self, experiment: Experiment, confidence: float, part: float, rulebook: Rulebook | None) -> None:
        self.experiment, self.confidence, self.part, self.rulebook = experiment, confidence, part, rulebook
        self._arms = range(len(experiment.arms))
        self._rows = Rows(experiment.replications)
        self._barred: dict[int, None] = {}
        self._zone = 0.0
        self._under_way: Selection | None = None

    def wanted(self) -> Iterator[tuple[int, int]]:
        """Replication by replication, the arms that are left."""
        for replication in range(self.experiment.replications):
            for arm in self._arms:
                if self._under_way is None or arm in self._under_way.alive:
                    yield arm, replication

    def enough(self, done: Kept) -> bool:
        """Take the decisions that are due."""
        if self._under_way is None:
            self._rows.advance(done, self._arms, FIRST)
            if len(self._rows.numbers) < FIRST:
                return False
            self._under_way = self._begin(done)
        going = self._under_way
        while not going.decided and (some := self._due(going, done)):
            going.go_on(self._outcomes(done, some), self._breaching(done, some))
            self._settle(done, some)
        return going.decided

    def settle(self, done: Kept, interrupted: bool) -> tuple[Results, Choice]:
        """The first stage as results, which all arms have in common, and what was chosen."""
        names = [name for name, _ in self.experiment.arms]
        first = self._rows.numbers[:FIRST]
        results = replace(results_of(self.experiment, done, first), interrupted=interrupted)
        going = self._under_way
        if going is None:
            runs = dict.fromkeys(names, len(first))
            return results, Choice(None, False, self.confidence, self.part, 0.0, runs, (), 0)
        runs = {name: going.gone.get(arm, going.n) for arm, name in enumerate(names)}
        best = going.best
        decided = best is not None and going.decided and not going.tainted
        barred, two_stage = tuple(names[arm] for arm in self._barred), equally(going.spread, going.rule)
        best_name = None if best is None else names[best]
        return results, Choice(best_name, decided, self.confidence, self.part, self._zone, runs, barred, two_stage)

    def _begin(self, done: Kept) -> Selection:
        first = self._rows.numbers
        outcomes = self._outcomes(done, first)
        self._zone = self.part * abs(float(outcomes[:, 0].mean()))
        if not self._zone:
            raise InputError("--zone is a part of the baseline's contribution, which is 0", allowed="another baseline")
        found = Selection(Rule(len(self._arms), self.confidence, self._zone, FIRST))
        found.begin(outcomes, self._breaching(done, first))
        self._settle(done, first)
        return found

    def _due(self, going: Selection, done: Kept) -> Sequence[int]:
        """The next batch, or what is left of the budget, once every arm that is left has finished it."""
        self._rows.advance(done, going.alive, going.n + BATCH)
        some = self._rows.numbers[going.n :]
        return some if len(some) == BATCH or self._rows.over else ()

    def _settle(self, done: Kept, some: Sequence[int]) -> None:
        """Nothing more is decided by these; of those after the first stage only metrics are told."""
        for replication in some:
            done.settle([arm for arm in self._arms if done.is_whole([arm], replication)], replication)

    @property
    def _alive(self) -> Sequence[int]:
        return self._under_way.alive if self._under_way else self._arms

    def _outcomes(self, done: Kept, some: Sequence[int]) -> Floats:
        """Contribution, (replications, arms); 0 for arms that are out."""
        found = np.zeros((len(some), len(self._arms)))
        for arm in self._alive:
            for row, replication in enumerate(some):
                value = done[arm, replication].metrics["contribution"]
                if value is None:
                    raise InputError("--select needs contribution, and costs of goods are not known", allowed="--until")
                found[row, arm] = value
        return found

    def _breaching(self, done: Kept, some: Sequence[int]) -> list[int]:
        """Arms that are left and are seen to break the rulebook in these replications."""
        if self.rulebook is None:
            return []
        found = []
        for arm in self._alive:
            name, plan = self.experiment.arms[arm]
            seen = [done[arm, replication].observed for replication in some]
            if held_against(self.rulebook, name, plan, seen, self.experiment.start).verdict == "violated":
                found.append(arm)
        self._barred |= dict.fromkeys(found)
        return found


def choose(
    experiment: Experiment,
    confidence: float,
    part: float,
    rulebook: Rulebook | None = None,
    means: Means = HERE,
    told: Callable[[str], None] | None = None,
) -> tuple[Results, Choice]:
    """Select the plan with the highest contribution; the experiment's `replications` are the most of any plan.

    Args:
        confidence: of a right selection. part: zone of indifference, in parts of the baseline's contribution.
        rulebook: plans that break it cannot be selected. means, told: see `run_adaptive`.

    Raises:
        InputError: contribution cannot be told, or the baseline's is 0.
    """
    if experiment.replications < FIRST:
        raise InputError(f"--select begins with {FIRST} replications of every plan", allowed=f"--replications {FIRST}")
    design = Choosing(experiment, confidence, part, rulebook)
    return design.settle(*run_adaptive(experiment, design, means, told))
