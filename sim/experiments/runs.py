"""Runs that are kept, by the key of their case."""

from __future__ import annotations

from dataclasses import replace

from sim.experiments.case import Case, outcome_as_json, outcome_from_json
from sim.experiments.keeping import Keeping
from sim.experiments.replication import Outcome


class Runs(Keeping[Case, Outcome]):
    """The runs of a study."""

    table = "runs"
    columns = (
        "scenario TEXT NOT NULL, plan TEXT NOT NULL, people INTEGER NOT NULL, days INTEGER NOT NULL, "
        "seed INTEGER NOT NULL"
    )

    def _in_clear(self, asked: Case) -> tuple[str | int, ...]:
        return asked.scenario.scenario, asked.plan.plan, asked.people, asked.days, asked.seed

    def _as_json(self, came: Outcome) -> bytes:
        return outcome_as_json(came)

    def _from_json(self, kept: bytes) -> Outcome:
        return outcome_from_json(kept)

    def _agree(self, kept: Outcome, came: Outcome) -> bool:
        """How long a run took is no part of it."""
        return replace(kept, seconds=came.seconds) == came
