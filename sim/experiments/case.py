"""A case: one world, one plan, one seed, and the key by which what came of it is found again.

A run is a function of its case: two cases with one key give the same bits, in any process, on any machine, whenever.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from pydantic import TypeAdapter

from rules.plan.model import Plan
from sim.actors.casting import named_texts
from sim.experiments.forking import go_on
from sim.experiments.replication import Outcome, replicate
from sim.scenario import Scenario

_ROOT = Path(__file__).resolve().parents[2]
_WITHOUT = (
    "sim/cli/",
    "sim/report/",
    "sim/store/sql/",
    "sim/stress/",
    "sim/validation/",
    "sim/claims/",
    "sim/studies/",
    "sim/watching/",
    "sim/calibration/",
    "sim/forecast/",
    "sim/matching/",
    "sim/exports/",
)
"""Folders whose sources change what is said of a run, not the run."""


@dataclass(frozen=True)
class Case:
    """What decides a run.

    Attributes:
        fork: a saved morning that the world goes on from; `people` and `days` are then its own.
    """

    scenario: Scenario
    plan: Plan
    people: int
    days: int
    seed: int
    fork: Path | None = None

    @cached_property
    def key(self) -> str:
        """A digest of everything that decides the run: what actors name, and the sources of rules and simulation."""
        named = named_texts(self.scenario.actors)
        told = json.dumps([version(), self.told(), _digest_of(self.fork), *named], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()

    def told(self) -> dict[str, object]:
        """The case as plain data."""
        return {
            "scenario": self.scenario.model_dump(mode="json", by_alias=True),
            "plan": self.plan.model_dump(mode="json", by_alias=True),
            "people": self.people,
            "days": self.days,
            "seed": self.seed,
        }

    def run(self) -> Outcome:
        """Let the world live."""
        if self.fork:
            return go_on(self.fork, self.plan, self.seed)
        return replicate(self.scenario, self.plan, self.people, self.days, self.seed)

    def __str__(self) -> str:
        market, plan = self.scenario.scenario, self.plan.plan
        return f"scenario {market}, plan {plan}, people {self.people}, days {self.days}, seed {self.seed}"


@cache
def version() -> str:
    """A digest of the sources that decide what comes of a run, and of the libraries that compute it."""
    import numba
    import numpy as np

    digest = hashlib.sha256(f"numpy {np.__version__} numba {numba.__version__}".encode())
    for folder in ("rules", "sim"):
        for source in sorted(_ROOT.joinpath(folder).rglob("*.py")):
            name = source.relative_to(_ROOT).as_posix()
            if not name.startswith(_WITHOUT):
                digest.update(name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()


def _digest_of(file: Path | None) -> str:
    """Of what is in a file; it is read once, as long as nobody writes it anew."""
    if file is None:
        return ""
    stat = file.stat()
    return _digest(file, stat.st_mtime_ns, stat.st_size)


@lru_cache(16)
def _digest(file: Path, _written: int, _size: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@cache
def _outcomes() -> TypeAdapter[Outcome]:
    return TypeAdapter(Outcome)


def outcome_as_json(outcome: Outcome) -> bytes:
    """An outcome as JSON."""
    return _outcomes().dump_json(outcome)


def outcome_from_json(kept: bytes) -> Outcome:
    """The same outcome."""
    return _outcomes().validate_json(kept)
