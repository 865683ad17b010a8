"""Checkpoints 存档: a world as a file, on the morning of any day.

It resumes bit-exactly: events, entries, people, metrics and evidence are those of a world that was never interrupted,
whatever the number of threads. Several worlds can go on from one file, each under a plan of its own (`branch`).
The file is data, arrays and a record in JSON; luck is a function of the seed, so no luck has to be kept.
"""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rules.engine import Engine
from rules.errors import InputError, Place
from rules.events import DAY, EVENT
from rules.plan.model import Plan
from rules.plan.read import read_plan
from rules.plan.write import write_plan
from rules.records import ENTRY, MEMBER, ORDER
from sim.behaviour.purposes import Decision
from sim.behaviour.world import STATE
from sim.checkpoint.archive import fields_of, read_arrays, read_record, write_archive
from sim.checkpoint.branching import branch
from sim.checkpoint.scenarios import scenario_data, scenario_of
from sim.checkpoint.state import Giver, Taker
from sim.model import Sink, StoreModel
from sim.people import TRAITS
from sim.store.memory import MemoryStore

FORMAT = 2
"""Of the file; another one is refused."""

_UNFIT = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, AssertionError, RecursionError)
"""What a record that was changed by hand ends in."""


def save(model: StoreModel, path: Path) -> None:
    """Save a world as it stands between two days.

    Raises:
        InputError: the run is over, the world holds what cannot be said as data (a store, risk services or characters
            of the caller's own), or the file cannot be written.
    """
    _refuse_what_is_not_ours(model)
    world, taker = model.world, Taker()
    model.store.book.trim()
    state = taker.attributes(model, "")
    if strangers := [one for one in model.characters if id(one) not in taker.seen]:
        raise InputError(
            f"this world cannot be saved yet: {type(strangers[0]).__qualname__} was added by hand",
            allowed="characters that the scenario names under `actors:`",
        )
    record = {
        "format": FORMAT,
        "fingerprint": fingerprint(),
        "fenxiao": version("fenxiao"),
        "scenario": scenario_data(model.conditions),
        "plans": [write_plan(plan) for plan in model.plans],
        "plan": model.plans.index(model.plan),
        "people": world.people,
        "days": world.market.days,
        "seed": world.seed,
        "day": model.day,
        "state": state,
    }
    write_archive(path, record, taker.arrays)


def resume(path: Path, plan: Plan | None = None, workers: int = 1, sink: Sink | None = None) -> StoreModel:
    """The world of a file, on the morning on which it was saved.

    Args:
        path: a file of `save`. plan: that is in force from this morning on; the one it lived under if left out.
        workers: threads; changes nothing in the result. sink: gets the events and entries from now on.

    Raises:
        InputError: no checkpoint, one of another version, or a plan that this world cannot go on under.
    """
    record = read_record(path)
    _refuse_other_versions(path, record)
    try:
        model = _made_anew(record, workers, sink)
        Giver(read_arrays(path, record["fields"])).attributes(record["state"], model, "")
        model.world.plan = model.plans[record["plan"]]
    except _UNFIT as error:
        raise InputError(f"is no whole checkpoint: {error!r}", Place(str(path)), "a file that `save` wrote") from error
    if plan is not None:
        branch(model, plan)
    return model


def fingerprint() -> str:
    """Of what bits depend on and a file cannot show: purposes of luck; what people, events and the book consist of."""
    layouts = [fields_of(dtype) for dtype in (EVENT, ENTRY, MEMBER, ORDER)]
    columns = {name: column.dtype for name, column in (TRAITS | STATE).items()}
    told = json.dumps([{one.name: int(one) for one in Decision}, layouts, columns])
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def _made_anew(record: dict[str, Any], workers: int, sink: Sink | None) -> StoreModel:
    """The world of a record on its first morning."""
    plan, *further = [read_plan(text, "checkpoint") for text in record["plans"]]
    return StoreModel(
        scenario=scenario_of(record["scenario"]),
        plan=plan,
        plans=further,
        people=record["people"],
        days=record["days"],
        seed=record["seed"],
        workers=workers,
        sink=sink,
    )


def _refuse_what_is_not_ours(model: StoreModel) -> None:
    store, horizon = model.store, model.world.market.days
    if not isinstance(store, MemoryStore) or not isinstance(store.engine, Engine):
        raise InputError(f"a world with the store {type(store).__qualname__} cannot be saved", allowed="one in memory")
    if model.day >= horizon or int(store.book.clock[0]["now"]) >= (model.world.start + model.day) * DAY:
        raise InputError(f"the run is over after {model.day} days", allowed="a world that has days left to live")


def _refuse_other_versions(path: Path, record: dict[str, Any]) -> None:
    theirs = [record.get(name) for name in ("fenxiao", "format", "fingerprint")]
    ours = [version("fenxiao"), FORMAT, fingerprint()]
    if theirs != ours:
        told = "fenxiao {}, format {}, {}"
        raise InputError(f"was saved by another version: {told.format(*theirs)}", Place(str(path)), told.format(*ours))


__all__ = ["branch", "fingerprint", "resume", "save"]
