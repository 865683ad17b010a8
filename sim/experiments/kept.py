"""What is kept of an experiment's runs as they come, so that memory does not grow with what nobody will look at again.

Metrics are kept of every run. Its people and its days are kept of the first `WHOLE` replications: pictures, incomes and
winners are of these. Evidence is what takes most room, and a rulebook asks for the worst only: it stays where a measure
was higher than in all replications before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rules.compliance.evidence import Evidence
from rules.compliance.rulebook import MEASURES, Measure
from sim.experiments.failure import Failure

if TYPE_CHECKING:
    from sim.experiments.replication import Outcome

WHOLE = 128
"""Replications of which everything is kept but evidence."""
DROPPED = Evidence(orders=-1)
"""Stands for evidence that was no worse than what was there."""


class Kept:
    """The runs of one experiment, by arm and replication.

    Args:
        whole: replications of which people and days are kept.

    Attributes:
        failures: runs that broke.
    """

    def __init__(self, whole: int = WHOLE) -> None:
        self.whole = whole
        self.failures: dict[tuple[int, int], Failure] = {}
        self._done: dict[tuple[int, int], Outcome] = {}
        self._highest: dict[int, _Highest] = {}

    def __getitem__(self, run: tuple[int, int]) -> Outcome:
        return self._done[run]

    def add(self, arm: int, replication: int, came: Outcome | Failure) -> None:
        """Keep what came of a run, all of it for the time being."""
        if isinstance(came, Failure):
            self.failures[arm, replication] = came
        else:
            self._done[arm, replication] = came

    def has_come(self, arms: Iterable[int], replication: int) -> bool:
        """Whether every one of these arms has run in a replication, or failed to."""
        return all((arm, replication) in self._done or (arm, replication) in self.failures for arm in arms)

    def is_whole(self, arms: Iterable[int], replication: int) -> bool:
        """Whether all of them have finished it."""
        return all((arm, replication) in self._done for arm in arms)

    def drop(self, arms: Iterable[int], replication: int) -> None:
        """Forget what these arms did in a replication that not all have finished."""
        for arm in arms:
            self._done.pop((arm, replication), None)

    def settle(self, arms: Iterable[int], replication: int) -> None:
        """Keep of a replication what is looked at again; the first before the second, for all that have finished it."""
        for arm in arms:
            outcome = self._done[arm, replication]
            if replication >= self.whole:
                outcome = thin(outcome)
            if not self._highest.setdefault(arm, _Highest()).rises(outcome.observed):
                outcome = replace(outcome, observed=DROPPED)
            self._done[arm, replication] = outcome


def thin(outcome: Outcome) -> Outcome:
    """What statistics need of a run: its metrics, evidence, and what labour cost."""
    from sim.experiments.replication import Outcome

    seed, seconds, metrics = outcome.seed, outcome.seconds, outcome.metrics
    return Outcome(seed, seconds, metrics, {}, [], {}, (0, 0, 0, 0), outcome.observed, labour=outcome.labour)


class _Highest:
    """Says whose evidence a rulebook may name, of this and of any smaller number of replications."""

    def __init__(self) -> None:
        self._values: dict[Measure, int] = {}
        self._lacking: set[Measure] = set()

    def rises(self, evidence: Evidence) -> bool:
        """Whether a measure is higher than in all evidence before, or is missing for the first time."""
        before, lacked = dict(self._values), len(self._lacking)
        for measure in MEASURES:
            seen = evidence.measures.get(measure)
            if seen is None:
                self._lacking.add(measure)
            else:
                self._values[measure] = max(seen.value, self._values.get(measure, seen.value))
        return self._values != before or len(self._lacking) > lacked


class Rows:
    """The replications that may be looked at: those that all arms have finished, in order, without a gap.

    A replication in which a run failed is left out for all arms, and the ones after it move up.

    Attributes:
        numbers: of these replications.
    """

    def __init__(self, replications: int) -> None:
        self.numbers: list[int] = []
        self._left = iter(range(replications))
        self._next = next(self._left, None)

    def advance(self, done: Kept, arms: Sequence[int], most: int | None = None) -> None:
        """Take what has come since; at most so many in all, so that what decides which arms run on comes first."""
        while self._next is not None and (most is None or len(self.numbers) < most):
            if not done.has_come(arms, self._next):
                return
            if done.is_whole(arms, self._next):
                self.numbers.append(self._next)
            else:
                done.drop(arms, self._next)
            self._next = next(self._left, None)

    def settle(self, done: Kept, arms: Sequence[int]) -> None:
        """Take what has come since, and keep of it what is looked at again."""
        before = len(self.numbers)
        self.advance(done, arms)
        for replication in self.numbers[before:]:
            done.settle(arms, replication)

    @property
    def over(self) -> bool:
        """Whether there is nothing more to come."""
        return self._next is None
