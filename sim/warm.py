"""Compiling everything once for this machine, engine and crowd side by side in two processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from rules.book import Book, open_book
from rules.events import Records, blank
from rules.jit import is_cold, note_warm
from rules.plan.read import read_plan
from scenarios.find import find
from sim.metrics import Meter
from sim.model import StoreModel
from sim.scenario import read_scenario
from sim.store import Store

_ROOT = Path(__file__).resolve().parent.parent


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


def compile_everything() -> None:
    """Compile what has not been compiled from these sources on this machine; at once if there is nothing to do."""
    if not is_cold():
        return
    engine = subprocess.Popen([sys.executable, "-m", "rules.warm"], cwd=_ROOT)
    try:
        _compile_metrics()
        _run_a_small_world(engine)
    finally:
        engine.wait()
    note_warm()


def _compile_metrics() -> None:
    """The kernels of the metrics, which an empty day is enough to compile."""
    book = open_book(10, 1)
    Meter(10, np.zeros(1, np.int64), 0, 1).observe(0, blank(0), book.rows("entries"), book)


def _run_a_small_world(engine: subprocess.Popen[bytes]) -> None:
    """A world in which everything happens."""
    scenario = read_scenario(*find("markets", "three_tier"))
    plan = read_plan(*find("plans", "three_tier"))
    model = StoreModel(scenario=scenario, plan=plan, people=1500, days=30, seed=1)
    model.store = _Patient(model.store, engine)
    model.run()
