"""A ramp: the rate of arrivals goes up step by step until the latency target breaks, or events are left behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from sim.stress.load.diary import Line


@dataclass(frozen=True)
class Step:
    """A step of a ramp: rate of arrivals, events a second that were answered, p99 in ms from when each was due."""

    rate: float
    answered: float
    p99: float
    held: bool


@dataclass
class Ramp:
    """Raises a rate.

    Attributes:
        target: p99 in ms that must hold. seconds: of a step. factor: from one step to the next.
        steps: those that are over.
    """

    target: float
    seconds: float = 4.0
    factor: float = 1.35
    steps: list[Step] = field(default_factory=list)
    first: ClassVar[float] = 20.0

    def next(self, rate: float, lines: Sequence[Line], since_ms: int, until_ms: int) -> float:
        """The rate of the next step, 0 if the target is broken.

        Args:
            rate: of the step that is over. lines: what clients were told. since_ms, until_ms: of the step.
        """
        told = [line for line in lines if since_ms <= line.ms < until_ms]
        answered = len(told) / ((until_ms - since_ms) / 1000)
        p99 = float(np.percentile([line.us for line in told], 99)) / 1000 if told else float("inf")
        held = p99 <= self.target and answered >= 0.85 * rate
        self.steps.append(Step(rate, answered, p99, held))
        return rate * self.factor if held else 0.0

    @property
    def sustained(self) -> float:
        """The highest rate at which the target held; 0 = at none."""
        return max((step.rate for step in self.steps if step.held), default=0.0)
