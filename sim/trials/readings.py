"""A replication of a trial as something that is run, and kept, by itself."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from sim.actors.casting import named_texts
from sim.experiments.case import version
from sim.experiments.keeping import Keeping
from sim.trials.once import Reading, Way, replicate, ways
from sim.trials.settings import Trial

Readings = dict[Way, Reading]
"""What one replication said, by way of trying."""


@dataclass(frozen=True)
class Replication:
    """One replication of a trial; `number` counts from 0."""

    trial: Trial
    number: int

    @property
    def seed(self) -> int:
        """Of all its luck."""
        return self.trial.seed + self.number

    @cached_property
    def key(self) -> str:
        """A digest of everything that decides the readings: of how many replications this is one does not."""
        trial = self.trial
        settings = {one.name: getattr(trial, one.name) for one in fields(trial) if one.name != "replications"}
        settings |= {
            "scenario": trial.scenario.model_dump(mode="json", by_alias=True),
            "plans": [plan.model_dump(mode="json", by_alias=True) for plan in trial.plans],
            "designs": ways(trial),
            "seed": self.seed,
        }
        told = json.dumps([version(), "trial", settings, *named_texts(trial.scenario.actors)], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()

    def run(self) -> Readings:
        """Try every design once."""
        return replicate(self.trial, self.number)

    def __str__(self) -> str:
        trial, plans = self.trial, " and ".join(plan.plan for plan in self.trial.plans)
        return (
            f"scenario {trial.scenario.scenario}, plans {plans}, people {trial.people}, "
            f"days {trial.before} + {trial.days}, seed {self.seed}"
        )


class KeptReadings(Keeping[Replication, Readings]):
    """The readings of a trial, by the key of their replication."""

    table = "readings"
    columns = (
        "scenario TEXT NOT NULL, plan_a TEXT NOT NULL, plan_b TEXT NOT NULL, people INTEGER NOT NULL, "
        "before INTEGER NOT NULL, days INTEGER NOT NULL, seed INTEGER NOT NULL"
    )

    def _in_clear(self, asked: Replication) -> tuple[str | int, ...]:
        trial = asked.trial
        names = trial.scenario.scenario, *(plan.plan for plan in trial.plans)
        return *names, trial.people, trial.before, trial.days, asked.seed

    def _as_json(self, came: Readings) -> bytes:
        return readings_as_json(came)

    def _from_json(self, kept: bytes) -> Readings:
        return readings_from_json(kept)

    def _agree(self, kept: Readings, came: Readings) -> bool:
        return readings_as_json(kept) == readings_as_json(came)  # in words, as nan is not equal to itself


def readings_as_json(readings: Readings) -> bytes:
    """Readings as JSON, floats by their shortest exact words, with `NaN` and `Infinity` as Python has them."""
    told = [[*way, [np.asarray(getattr(one, name)).tolist() for name in _FIELDS]] for way, one in readings.items()]
    return json.dumps(told).encode()


def readings_from_json(kept: bytes) -> Readings:
    """The same readings, to the bit."""
    found: Readings = {}
    for design, credit, cells in json.loads(kept):
        told: dict[str, Any] = {name: np.array(one, np.float64) for name, one in zip(_FIELDS, cells, strict=True)}
        found[design, credit] = Reading(**told | {"crossed": float(told["crossed"])})
    return found


_FIELDS = [one.name for one in fields(Reading)]
