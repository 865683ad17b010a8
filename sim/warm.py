"""Compiling everything once for this machine, engine and crowd side by side in two processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rules.jit import is_cold, note_warm
from rules.warm import compile_time

if TYPE_CHECKING:
    from rules.book import Book
    from rules.events import Records
    from sim.store import Store

_ROOT = Path(__file__).resolve().parent.parent


def compile_everything() -> None:
    """Compile what has not been compiled from these sources on this machine; at once if there is nothing to do."""
    if not is_cold():
        return
    engine = subprocess.Popen([sys.executable, "-m", "rules.warm"], cwd=_ROOT)
    try:
        compile_time()  # the half of the engine that the other process comes to last
        _compile_without_engine()
        _run_a_small_world(engine)
    finally:
        engine.wait()
    note_warm()


class _Nothing:
    """An engine for a store that sells nothing."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def apply(self, events: Records) -> Records:
        return self.book.rows("entries")


class _Patient:
    """A store that waits for the engine to be compiled before it uses it."""

    def __init__(self, store: Store, engine: subprocess.Popen[bytes]) -> None:
        self._store, self._engine = store, engine

    @property
    def book(self) -> Book:
        return self._store.book

    def apply(self, events: Records) -> tuple[Records, Records]:
        self._engine.wait()
        return self._store.apply(events)


def _compile_without_engine() -> None:
    """The kernels of metrics, monitor and store, which an empty day (the monitor's second) is enough to compile."""
    from rules.book import open_book
    from rules.events import blank
    from sim.compliance.watch import Watch
    from sim.metrics import Meter
    from sim.store.memory import MemoryStore

    book, stock = open_book(10, 1), np.ones(1, np.int64)
    Meter(10, stock, 0, 1).observe(0, blank(0), book.rows("entries"), book)
    watch = Watch(book)
    for day in range(2):
        watch.observe(day, blank(0), book)
    MemoryStore(_Nothing(book), stock, stock, start_day=0).apply(blank(0))
    compile_spread()


def compile_spread() -> None:
    """The kernels of what is studied of a spread, which one share is enough to compile."""
    from rules.events import EventLog, Kind, Names, blank
    from rules.records import MEMBER
    from sim.history.shipped import Past
    from sim.spread.study import study

    share = blank(1)
    share["kind"], share["member"] = Kind.share, 0
    study(Past("", EventLog(share, Names()), 0, np.zeros(2, MEMBER)))


def _run_a_small_world(engine: subprocess.Popen[bytes]) -> None:
    """A world in which everything happens, and what is told of it."""
    from rules.plan.read import read_plan
    from scenarios.find import find
    from sim.experiments.replication import outcome_of
    from sim.model import StoreModel
    from sim.scenario import read_scenario

    scenario = read_scenario(*find("markets", "three_tier"))
    plan = read_plan(*find("plans", "three_tier"))
    model = StoreModel(scenario=scenario, plan=plan, people=1500, days=30, seed=1)
    model.store = _Patient(model.store, engine)
    outcome_of(model.run(), 1, 0.0)
