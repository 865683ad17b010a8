"""Regret 后悔值: what learners earn less than the plan that turned out best, and what they did meanwhile.

The best fixed plan is the one with the highest mean contribution over the replications: known only afterwards, and
chosen by the same luck, so it is a little flattered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from sim.experiments.effects import Effect
from sim.experiments.statistics import compare
from sim.studies.adapt import BESIDE, Adapted, Lived
from sim.trials.summary import Between, mean_of


@dataclass(frozen=True)
class Strategy:
    """A fixed plan, or a learner.

    Attributes:
        contribution: mean in fen. against: the best fixed plan; None for that plan. beside: the means of `BESIDE`.
        reward: of a look, mean fen for every 1,000 members; noise: by how much it varies around its trend from look to
            look, a standard deviation.
        regret: fen that the best fixed plan has earned more by the end of each look; empty for that plan.
        looks: part of all looks by plan in force. changes: of plan, mean.
        settled: day of the last change, median; None where nobody changes. ends: part of runs by their last plan.
        strips: plan in force from look to look, by replication.
    """

    name: str
    learns: bool
    contribution: float
    against: Effect | None
    beside: Mapping[str, Between]
    reward: float
    noise: float
    regret: tuple[Between, ...]
    looks: Mapping[str, float]
    changes: float
    settled: float | None
    ends: Mapping[str, float]
    strips: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Summary:
    """All strategies; `best` is the fixed plan with the highest mean contribution."""

    best: str
    strategies: tuple[Strategy, ...]

    @property
    def learners(self) -> tuple[Strategy, ...]:
        """Those who learn."""
        return tuple(one for one in self.strategies if one.learns)


def summarise(adapted: Adapted) -> Summary:
    """What came of it; there must be a replication."""
    lived, fixed = adapted.lived, [plan.plan for _, plan in adapted.asked.plans]
    means = {name: sum(run.values["contribution"] or 0 for run in runs) / len(runs) for name, runs in lived.items()}
    best = max(fixed, key=lambda name: means[name])
    values = {name: [dict(run.values) for run in runs] for name, runs in lived.items()}
    compared = compare(values, best, ("contribution",))
    return Summary(
        best,
        tuple(
            _strategy(name, runs, lived[best], compared.effect("contribution", name), adapted)
            for name, runs in lived.items()
        ),
    )


def _strategy(
    name: str, runs: Sequence[Lived], best: Sequence[Lived], against: Effect | None, adapted: Adapted
) -> Strategy:
    asked = adapted.asked
    flat = Counter(plan for run in runs for plan in run.plans)
    changes = [_changes(run) for run in runs]
    lasts = [found[-1] * asked.every for found in changes if found]
    return Strategy(
        name=name,
        learns=name not in {plan.plan for _, plan in asked.plans},
        contribution=sum(run.values["contribution"] or 0 for run in runs) / len(runs),
        against=against,
        beside={key: mean_of(np.array([float(run.values[key] or 0) for run in runs])) for key in BESIDE},
        reward=float(np.mean([one for run in runs for one in run.rewards] or [0.0])),
        noise=float(np.mean([_noise(run.rewards) for run in runs])),
        regret=() if runs is best else _regret(runs, best),
        looks={plan.plan: flat[plan.plan] / sum(flat.values()) for _, plan in asked.plans if flat[plan.plan]},
        changes=sum(map(len, changes)) / len(runs),
        settled=float(median(lasts)) if lasts else None,
        ends={plan.plan: sum(run.plans[-1] == plan.plan for run in runs) / len(runs) for _, plan in asked.plans},
        strips=tuple(run.plans for run in runs),
    )


def _changes(run: Lived) -> list[int]:
    """Numbers of the looks at which another plan came into force."""
    return [look for look in range(1, len(run.plans)) if run.plans[look] != run.plans[look - 1]]


def _regret(runs: Sequence[Lived], best: Sequence[Lived]) -> tuple[Between, ...]:
    gaps = np.array([[b - a for a, b in zip(run.contribution, other.contribution, strict=True)]
                     for run, other in zip(runs, best, strict=True)])  # fmt: skip
    return tuple(mean_of(column) for column in gaps.cumsum(axis=1).T.astype(np.float64))


def _noise(rewards: Sequence[float]) -> float:
    """The standard deviation around a straight line; 0 where nothing is left of one."""
    if len(rewards) < 3:
        return 0.0
    at = np.arange(len(rewards))
    left = np.array(rewards) - np.polyval(np.polyfit(at, rewards, 1), at)
    return float(np.sqrt(left @ left / (len(rewards) - 2)))
