"""`batch_run` as Mesa's users know it, with seeds that differ and steps that are counted right.

Same call, same columns (`RunId`, `iteration`, `Step`, the parameters, what the data collector reports), for any Mesa
model with a `DataCollector` and for our `StoreModel`. What Mesa 3.3's own does otherwise: a seed among the parameters
gives every iteration the same luck (#2835); `max_steps=4` runs five steps; a period that the number of steps is no
multiple of raises (#2988); a row can pair the model's figures of one step with the agents' of another (#3109).
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from pydantic import BaseModel

from sim.experiments.pool import at_work
from sim.experiments.replication import plain
from sim.mesa_bridge import mesa

_SEEDS = ("seed", "rng")
_LARGEST = 2**31 - 1


class _Run(NamedTuple):
    """A run that is asked for."""

    run_id: int
    iteration: int
    parameters: dict[str, Any]
    seed: tuple[str, int] | None


def batch_run(
    model_cls: type[mesa.Model],
    parameters: Mapping[str, Any | Iterable[Any]],
    number_processes: int = 1,
    iterations: int = 1,
    data_collection_period: int = -1,
    max_steps: int = 1000,
    display_progress: bool = True,
    rng: int = 0,
) -> list[dict[str, Any]]:
    """Run a model for every combination of its parameters, several times each.

    Args:
        model_cls: the model. parameters: single values, or several of each (a text, a plan, a scenario is one).
        number_processes: the rows are the same for any number.
        iterations: of each combination; the same iteration has the same seed in all of them, so that combinations
            differ by their parameters and not by their luck.
        data_collection_period: every how many steps there is a row; -1 = the last step alone, which always has one.
        max_steps: a model that still runs after so many steps is stopped.
        display_progress: on standard error.
        rng: what seeds come from, if the model takes a seed and the parameters give none. A single seed among them is
            that of the first iteration; the others follow from it.

    Returns:
        A row for each run and step, or for each agent of it where agents are reported, by run, step and agent.
        `Step` is the number of steps done; 0 is the model as it was made, if it collects then.
    """
    from sim.report.progress import Progress

    combinations = [dict(zip(parameters, row, strict=True)) for row in product(*map(_several, parameters.values()))]
    runs = [
        _Run(number, iteration, given, _seed_of(model_cls, given, iteration, rng))
        for number, (iteration, given) in enumerate(product(range(iterations), combinations))
    ]
    work = partial(_rows, model_cls, max_steps, data_collection_period)
    found: dict[int, list[dict[str, Any]]] = {}
    with Progress("runs", len(runs), wanted=display_progress) as bar:
        for run, rows in at_work(work, runs, number_processes):
            found[run.run_id] = rows
            bar.advance(1)
    return [row for number in sorted(found) for row in found[number]]


def _several(given: Any) -> Sequence[Any]:  # noqa: ANN401 - parameters are anything
    if isinstance(given, str | bytes | Mapping | BaseModel) or not isinstance(given, Iterable):
        return [given]
    return list(given)


def _seed_of(model_cls: type[mesa.Model], given: Mapping[str, Any], iteration: int, rng: int) -> tuple[str, int] | None:
    """Under which name a model takes its seed, and the seed of an iteration; None if it takes none."""
    name = next((one for one in _SEEDS if one in given), None)
    if name is None:
        taken = inspect.signature(model_cls.__init__).parameters
        anything = any(one.kind is inspect.Parameter.VAR_KEYWORD for one in taken.values())
        name = next((one for one in _SEEDS if one in taken), "rng" if anything else None)
    if name is None:
        return None
    first = given.get(name)
    if first is None:
        return name, _derived(rng, iteration)
    return name, int(first) if iteration == 0 else _derived(int(first), iteration)


def _derived(seed: int, iteration: int) -> int:
    return int(np.random.SeedSequence([seed, iteration]).generate_state(1)[0]) % _LARGEST


def _rows(model_cls: type[mesa.Model], most: int, period: int, run: _Run) -> list[dict[str, Any]]:
    """Run a model to its end, and what there is to say of it."""
    seed = dict([run.seed]) if run.seed else {}
    model = model_cls(**(run.parameters | seed))
    collected = _Collected(model)
    done = 0
    while model.running and done < most and not _is_over(model):
        model.step()
        done += 1
        collected.note(done)
    if collected.is_ours:
        collected.take_days()
    wanted = {*range(0, done, period), done} if period > 0 else {done}
    head = {"RunId": run.run_id, "iteration": run.iteration}
    return [
        head | {"Step": step} | run.parameters | seed | row
        for step, rows in collected.by_step.items()
        if step in wanted
        for row in rows
    ]


def _is_over(model: mesa.Model) -> bool:
    """Whether a model that knows its length has come to the end of it."""
    day, days = getattr(model, "day", None), getattr(model, "days", None)
    return day is not None and days is not None and day >= days


class _Collected:
    """What a model has reported, by the number of steps that it had done."""

    def __init__(self, model: mesa.Model) -> None:
        self._model = model
        self._collector = getattr(model, "datacollector", None)
        self.by_step: dict[int, list[dict[str, Any]]] = {}
        self._known = 0
        self.note(0)

    @property
    def is_ours(self) -> bool:
        """Whether the model keeps its own figures, day by day."""
        return self._collector is None

    def take_days(self) -> None:
        """The metrics of each day: what the day brought, not what there was until then."""
        columns = {name: [plain(value) for value in column] for name, column in self._model.metrics.daily().items()}
        for day in range(len(columns["gmv"])):
            self.by_step[day + 1] = [{name: column[day] for name, column in columns.items()}]

    def note(self, step: int) -> None:
        """Note what was collected since the last step; the last, if it was several times."""
        if self._collector is None:
            return
        columns: Mapping[str, Sequence[Any]] = self._collector.model_vars
        records: Mapping[int, Any] = self._collector._agent_records
        count = max([len(records), *map(len, columns.values())])
        if count == self._known:
            return
        self._known = count
        figures = {name: column[-1] for name, column in columns.items()}
        agents = list(records[max(records)]) if records else []
        names = ["AgentID", *self._collector.agent_reporters]
        self.by_step[step] = [figures | dict(zip(names, record[1:], strict=True)) for record in agents] or [figures]
