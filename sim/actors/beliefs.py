"""What a learning operator believes of plans, from one figure a look: Bayesian regression that forgets.

A look's reward is a level and a trend that all plans share (a store grows, members go quiet), the edge of the plan in
force, and noise of unknown size. Looks weigh less the older they are (discounted bandits: Garivier & Moulines 2011; Raj
& Kalyani 2017). The prior is conjugate, Normal and inverse gamma: it knows nothing of the level, next to nothing of the
trend, and one look's worth of each edge, that it is 0; so a plan that was left for long becomes uncertain again.
Everything follows from the history: nothing else is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim import special

Floats = NDArray[np.float64]
Learn = Literal["thompson", "ucb", "greedy", "random"]
"""Thompson sampling (1933), Bayes-UCB (Kaufmann, Cappé & Garivier 2012), the best so far but for some exploring
(ε-greedy), and any plan at random: what retuning is worth without learning."""

EDGE, TREND = 1.0, 0.01
"""Looks that the prior counts for: at each plan's edge, and at the trend (a trend of 10 deviations a look is usual)."""
_HALF = 2.0**-54
"""Lifts a number of [0, 1) off 0, where a quantile has no value."""


@dataclass(frozen=True)
class Beliefs:
    """The reward of each plan at the next look: a multivariate t.

    Attributes:
        mean: by plan. spread: covariance of the plans' edges in parts of `noise`, (plans, plans); what is not known of
            level and trend they share, so it decides nothing.
        noise: variance of one look, as far as it is known. freedom: degrees of freedom.
    """

    mean: Floats
    spread: Floats
    noise: float
    freedom: float

    @property
    def deviation(self) -> Floats:
        """How unsure the edge of each plan is, in units of the reward."""
        return np.sqrt(self.noise * np.diag(self.spread))


def believe(tried: Sequence[int], rewards: Sequence[int], plans: int, forget: float) -> Beliefs:
    """What the history of looks says.

    Args:
        tried: the plan of each look, from 0, the oldest first. rewards: of each; at least one.
        plans: how many there are. forget: part of what was known that each look forgets, below 1.
    """
    looks = len(rewards)
    age = np.arange(looks, 0, -1.0)
    weight = (1.0 - forget) ** (age - 1)
    design = np.zeros((looks, plans + 2))  # edges, level, trend; the next look is moment 0
    design[np.arange(looks), tried] = design[:, plans] = 1
    design[:, plans + 1] = -age
    precision = np.diag([EDGE] * plans + [0.0, TREND]) + (design.T * weight) @ design
    covariance: Floats = np.linalg.inv(precision).astype(np.float64)
    seen = np.array(rewards, np.float64)
    usual = float(weight @ seen / weight.sum())
    beyond = seen - usual
    found = covariance @ ((design.T * weight) @ beyond)
    left = max(float(weight @ beyond**2 - found @ precision @ found), 0.0)
    freedom = max(float(weight.sum()) - 1.0, 1.0)
    mean: Floats = usual + found[plans] + found[:plans]
    return Beliefs(mean, covariance[:plans, :plans], left / freedom, freedom)


def choose(beliefs: Beliefs, learn: Learn, explore: float, luck: Callable[[int], float]) -> int:
    """The plan to try next.

    Args:
        learn: how. explore: how often `greedy` tries any plan. luck: a number of [0, 1) by number of the question.
    """
    plans = len(beliefs.mean)
    if learn == "random" or (learn == "greedy" and luck(0) < explore):
        return int(luck(1) * plans)
    if learn == "greedy":
        return int(np.argmax(beliefs.mean))
    if learn == "ucb":
        reach = special.stdtrit(beliefs.freedom, 1 - 1 / (beliefs.freedom + 1))
        return int(np.argmax(beliefs.mean + reach * beliefs.deviation))
    return int(np.argmax(draw(beliefs, luck)))


def draw(beliefs: Beliefs, luck: Callable[[int], float]) -> Floats:
    """A draw of all plans' rewards from what is believed."""
    half = beliefs.freedom / 2
    variance = beliefs.noise * half / special.gammaincinv(half, luck(0) + _HALF)
    normal = special.ndtri(np.array([luck(1 + plan) for plan in range(len(beliefs.mean))]) + _HALF)
    drawn: Floats = beliefs.mean + np.sqrt(variance) * (np.linalg.cholesky(beliefs.spread) @ normal)
    return drawn
