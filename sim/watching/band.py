"""The band: what runs of a market under a plan did day by day, and some of them under the plan that was before.

A band is kept in a folder: `daily.parquet` with every figure of every run (arms `plan` and `before`, fen), `band.json`
with what it is a forecast of. Whoever watches again tomorrow reads it in a moment and runs nothing.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rules.errors import InputError, Place
from sim.experiments.case import version
from sim.experiments.compare import Experiment, outcomes_of
from sim.experiments.failure import Failure
from sim.experiments.metric_names import NAMES, Text
from sim.experiments.replication import Outcome, Value
from sim.experiments.running import Means
from sim.report.files import replace_file
from sim.report.parquet import read_daily, write_daily

Floats = NDArray[np.float64]

BAND = "band.json"
BEFORE = 20
"""Runs under the plan before, at most: they are looked at together, not one by one."""


class Facts(BaseModel):
    """What a band is a forecast of: plans by name and in words, the world, and the sources that computed it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: str
    plan: str
    before: str | None
    titles: dict[str, tuple[str, str]]
    people: int = Field(ge=1)
    days: int = Field(ge=1)
    start: dt.date
    seed: int
    sources: str

    def title(self, plan: str) -> Text:
        """A plan in words."""
        return Text(*self.titles[plan])


@dataclass(frozen=True)
class Band:
    """A forecast.

    Attributes:
        plan: (runs, metrics, days) in the order of the dictionary, money in fen; nan where there is no value.
        before: the first of these runs under the plan before, with the same people and luck: (runs, metrics, days).
    """

    facts: Facts
    plan: Floats
    before: Floats


def forecast(experiment: Experiment, means: Means, done: Callable[[str], None]) -> tuple[Band | None, list[Failure]]:
    """Run a plan, and some times the plan before; None where no run came to its end, and what broke.

    Args:
        experiment: one arm or two: the plan, and the plan before. means: where. done: told the arm after each run.
    """
    arms = range(len(experiment.arms))
    jobs = [(0, arm, r) for r in range(experiment.replications) for arm in arms if not arm or r < BEFORE]
    found: dict[tuple[int, int], Floats] = {}
    failures = []
    for (_, arm, r), came in outcomes_of([experiment], jobs, means):
        if isinstance(came, Outcome):
            found[arm, r] = path_of(came.daily)
        else:
            failures.append(came)
        done(experiment.arms[arm][0])
    lost = {r for _, arm, r in jobs if (arm, r) not in found}
    whole = [r for r in range(experiment.replications) if r not in lost]
    if not whole:
        return None, failures
    again = [found[1, r] for r in whole if (1, r) in found]
    plan = np.stack([found[0, r] for r in whole])
    before = np.stack(again) if again else np.empty((0, *plan.shape[1:]))
    return Band(_facts(experiment), plan, before), failures


def path_of(daily: dict[str, list[Value]]) -> Floats:
    """The daily metrics of a run, (metrics, days)."""
    return np.array([[np.nan if one is None else float(one) for one in daily[name]] for name in NAMES])


def _facts(experiment: Experiment) -> Facts:
    titles = {
        arm: (plan.title.zh, plan.title.en) if plan.title else (plan.plan, plan.plan) for arm, plan in experiment.arms
    }
    arms = [arm for arm, _ in experiment.arms]
    return Facts(
        scenario=experiment.scenario.scenario,
        plan=arms[0],
        before=arms[1] if len(arms) > 1 else None,
        titles=titles,
        people=experiment.people,
        days=experiment.days,
        start=experiment.start,
        seed=experiment.seed,
        sources=version(),
    )


def keep_band(folder: Path, band: Band) -> None:
    """Write a band to a folder, whole or not at all: what it is of comes last."""
    (folder / BAND).unlink(missing_ok=True)
    write_daily(folder, {"plan": _tables(band.plan), "before": _tables(band.before)})
    text = band.facts.model_dump_json(indent=1) + "\n"
    replace_file(folder / BAND, lambda path: path.write_text(text, encoding="utf-8"))


def _tables(paths: Floats) -> list[dict[str, list[Value]]]:
    return [
        {name: [_value(one) for one in column] for name, column in zip(NAMES, run.tolist(), strict=True)}
        for run in paths
    ]


def _value(one: float) -> Value:
    return None if math.isnan(one) else one


def read_band(folder: Path) -> Band:
    """The band in a folder.

    Raises:
        InputError: there is none, or it is damaged.
    """
    allowed = "a folder that `fenxiao watch --out` has written"
    try:
        facts = Facts.model_validate_json((folder / BAND).read_text("utf-8"))
        daily = read_daily(folder)
        plan, before = (_stacked(daily.get(arm, []), facts.days) for arm in ("plan", "before"))
    except OSError as error:
        raise InputError(f"holds no band: {error.strerror}", Place(str(folder)), allowed) from error
    except ValidationError as error:
        raise InputError(f"is damaged: {error.errors()[0]['msg']}", Place(str(folder / BAND)), allowed) from error
    except (pa.ArrowInvalid, KeyError, ValueError) as error:
        raise InputError(f"is damaged: {error}", Place(str(folder)), allowed) from error
    if not len(plan):
        raise InputError("holds no runs", Place(str(folder)), allowed)
    return Band(facts, plan, before)


def _stacked(tables: Sequence[dict[str, list[Value]]], days: int) -> Floats:
    """Runs as they were; metrics that no run had a value of were not written."""
    none: list[Value] = [None] * days
    paths = [path_of({name: table.get(name, none) for name in NAMES}) for table in tables]
    found = np.stack(paths) if paths else np.empty((0, len(NAMES), days))
    if found.shape[2] != days:
        raise ValueError(f"{found.shape[2]} days, where {BAND} says {days}")
    return found
