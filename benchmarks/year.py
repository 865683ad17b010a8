"""The whole store, day by day, at several sizes: `python -m benchmarks.year`.

Market and plan `three_tier` with everything that is in them: share kit, warehouses, suppliers, complaints, commission,
wallets, settlement, stock, daily metrics, compliance watch. Every size runs in a process of its own, with warm kernels
and two threads: one books a day while the other lives the next. `hot` is a year in which people buy and share far more.
The phases are those of one thread, where nothing happens beside anything; what is not named is NumPy around kernels.

The limit is memory: `touch` is how long the same machine takes, just then, to fill as many fresh bytes as the year of a
million had at its peak, which is what a run in no time would still cost.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter, process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import Figures, command, tell
from rules.plan.read import read_plan
from scenarios.find import find
from sim import model as world_model
from sim.model import StoreModel
from sim.scenario import read_scenario

SEED = 1
TARGET_SECONDS, TARGET_MB = 12, 1_200
"""What a year of a million people was to take on two quiet cores."""
HOT = {"r": 1.9, "alpha": 3.0, "a": 0.3, "b": 8.0, "sharing": 1.9}
"""Behaviour of the hot year."""

CASES: dict[str, tuple[int, int]] = {
    "year_10k": (10_000, 365),
    "year_100k": (100_000, 365),
    "year_1m": (1_000_000, 365),
    "hot_1m": (1_000_000, 365),
    "month_10m": (10_000_000, 30),
}
SMALL: dict[str, tuple[int, int]] = dict.fromkeys(CASES, (1000, 20))

FIGURES = {
    "seconds": "wall-clock time of the run, people built and kernels loaded before it",
    "cpu_seconds": "processor time of all threads",
    "peak_mb": "largest resident memory of the process, Python and libraries and all",
    "touch": "seconds to fill as many fresh bytes",
    "person_days_per_second": "people x days a second of wall-clock time",
    "spread": "the fastest of 10,000, 100,000 and a million people ÷ the slowest, person-days a second",
    "of_target": f"the year of a million ÷ what it was to take: {TARGET_SECONDS} seconds, {TARGET_MB} MB",
    "a_person_and_year": "orders paid, shares seen",
    "active": "mean share of the market who are members",
    "phases": "seconds of a year of a million people by phase, one thread",
}


@dataclass
class Stopwatch:
    """Seconds spent in some functions, each counted without those that it calls of the others."""

    seconds: Counter[str] = field(default_factory=Counter)
    _inside: list[float] = field(default_factory=list)

    def watch(self, owner: object, name: str, label: str) -> None:
        """Time what `owner` has as `name` from now on."""
        plain: Callable[..., Any] = getattr(owner, name)

        def timed(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it takes and gives
            began = perf_counter()
            self._inside.append(0.0)
            try:
                return plain(*given, **named)
            finally:
                took = perf_counter() - began
                self.seconds[label] += took - self._inside.pop()
                if self._inside:
                    self._inside[-1] += took

        setattr(owner, name, timed)


def phases_of(world: StoreModel) -> Stopwatch:
    """A stopwatch on the phases of a world's day."""
    watch, here = Stopwatch(), world_model
    for owner, name, label in (
        (world._arrivals, "arrive", "arrive"), (here.sharing, "share", "share"), (here.clicking, "click", "click"),
        (here.joining, "respond", "join"), (here.shopping, "shop", "shop"), (here.basket, "fill_baskets", "baskets"),
        (here.basket, "place", "place"), (here.fulfilment, "fulfil", "ship and receive"),
        (world._withdrawals, "answer", "withdraw"), (world._withdrawals, "ask", "withdraw"), (world, "_learn", "learn"),
        (world.world, "day_events", "order the day's events"), (world.store, "apply", "stock"),
        (world.store.engine, "apply", "commission and settlement"), (world.metrics, "observe", "metrics"),
        (world.watch, "observe", "compliance watch"), (world.kit, "post", "materials"),
        (world.kit, "count", "materials"), (world.world.goods, "deliver", "deliver"),
        (world.world.goods, "send", "send"),
    ):  # fmt: skip
        watch.watch(owner, name, label)
    return watch


def count_exposures() -> list[int]:
    """How many shares have been seen from now on, in the only place of a list."""
    seen, tire = [0], world_model.clicking.tire

    def counted(faces: NDArray[np.int32], *more: Any) -> object:  # noqa: ANN401 - as the kernel
        seen[0] += len(faces)
        return tire(faces, *more)

    setattr(world_model.clicking, "tire", counted)  # noqa: B010 - a kernel behind what counts first
    return seen


def one(people: int, days: int, hot: bool, phases: bool) -> Figures:
    """A run in this process."""
    scenario, plan = read_scenario(*find("markets", "three_tier")), read_plan(*find("plans", "three_tier"))
    if hot:
        scenario = scenario.model_copy(update={"behaviour": scenario.behaviour | HOT})
    StoreModel(scenario=scenario, plan=plan, people=1_000, days=10, seed=SEED, workers=2).run()
    seen = count_exposures()
    world = StoreModel(scenario=scenario, plan=plan, people=people, days=days, seed=SEED, workers=1 if phases else 2)
    watch = phases_of(world) if phases else Stopwatch()
    wall, cpu = perf_counter(), process_time()
    world.run()
    wall, cpu = perf_counter() - wall, process_time() - cpu
    totals, flows = world.metrics.totals(), world.metrics.flows()
    years = people * days / 365
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return {
        "seconds": round(wall, 2),
        "cpu_seconds": round(cpu, 2),
        "peak_mb": round(peak),
        "orders": round((totals["orders"] or 0) / years, 2),
        "exposures": round(seen[0] / years, 1),
        "active": round(float(flows["registered"].mean()) / people, 3),
        "phases": {label: round(seconds, 2) for label, seconds in watch.seconds.most_common()},
        "rest": round(wall - sum(watch.seconds.values()), 2),
    }


def apart(people: int, days: int, hot: bool = False, phases: bool = False) -> Figures:
    """A run in a process of its own."""
    asked = json.dumps([people, days, hot, phases])
    given = [sys.executable, "-m", "benchmarks.year", "--one", asked]
    done = subprocess.run(given, stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout)
    return figures


def touch(megabytes: float) -> float:
    """Seconds to fill so much fresh memory, in a process of its own."""
    code = (
        "import numpy, time; t = time.perf_counter(); "
        f"numpy.ones({int(megabytes * 1e6)}, numpy.uint8); print(time.perf_counter() - t)"
    )
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    return round(float(done.stdout), 2)


def measure(small: bool) -> Figures:
    """All figures."""
    cases, runs = SMALL if small else CASES, {}
    for name, (people, days) in cases.items():
        tell(f"{name}: {people:,} people x {days} days …")
        runs[name] = apart(people, days, hot=name.startswith("hot"))
    tell("phases …")
    told = apart(*cases["year_1m"], phases=True)
    speed = {name: round(people * days / runs[name]["seconds"]) for name, (people, days) in cases.items()}
    years = [speed[name] for name in ("year_10k", "year_100k", "year_1m")]
    million = runs["year_1m"]
    return {
        "seconds": {name: run["seconds"] for name, run in runs.items()},
        "cpu_seconds": {name: run["cpu_seconds"] for name, run in runs.items()},
        "peak_mb": {name: run["peak_mb"] for name, run in runs.items()},
        "touch": touch(million["peak_mb"]),
        "person_days_per_second": speed,
        "spread": round(max(years) / min(years), 1),
        "of_target": {
            "seconds": round(million["seconds"] / TARGET_SECONDS, 2),
            "memory": round(million["peak_mb"] / TARGET_MB, 2),
        },
        "a_person_and_year": {name: f"{run['orders']} / {run['exposures']}" for name, run in runs.items()},
        "active": {name: run["active"] for name, run in runs.items()},
        "phases": told["phases"] | {"the rest": told["rest"]},
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(*json.loads(sys.argv[2]))))
    else:
        command("year", measure, FIGURES)
