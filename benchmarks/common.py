"""What benchmarks share: options, timing in turns, the machine, one JSON object.

A benchmark is a module `benchmarks.NAME` with a function `measure(small)` that returns figures by name, and `FIGURES`,
which says what each name means. Contestants run in turns in one process, so that whatever else the machine does meets
all of them; a figure is the median of its turns. Wall-clock time counts; `cpu_share` (processor time ÷ wall-clock time)
says whether a contestant had its cores, and figures per processor second hold on a busy machine too.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, Generic, TypeVar

Made = TypeVar("Made")
Figures = dict[str, Any]
"""Figures by name: numbers, texts, and objects of those; what JSON can hold."""

PACKAGES = ("numpy", "numba", "polars", "duckdb", "pyarrow", "mesa", "scipy", "simpy", "ciw")


@dataclass
class Contestant(Generic[Made]):
    """Something to be timed: `prepare` makes what `run` works on, and is not timed."""

    prepare: Callable[[], Made]
    run: Callable[[Made], Any]
    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Median wall-clock time of a turn."""
        return median(self.walls)

    @property
    def cpu_seconds(self) -> float:
        """Median processor time of a turn, all threads together."""
        return median(self.cpus)

    @property
    def cpu_share(self) -> float:
        """Processor time of all threads ÷ wall-clock time: about 1 for one free core."""
        return round(self.cpu_seconds / self.seconds, 2)

    def once(self) -> Any:  # noqa: ANN401 - whatever a contestant answers
        """Run once, off the clock, for the answer."""
        return self.run(self.prepare())

    def turn(self) -> None:
        """Run once and note the time."""
        made = self.prepare()
        gc.collect()
        wall, cpu = perf_counter(), process_time()
        self.run(made)
        self.cpus.append(process_time() - cpu)
        self.walls.append(perf_counter() - wall)


def in_turns(contestants: Mapping[str, Contestant[Any]], rounds: int) -> None:
    """Let every contestant run `rounds` times, in turns; who begins changes from round to round."""
    names = list(contestants)
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            contestants[name].turn()


def rate(amount: float, seconds: float) -> int:
    """So many in a second, as a whole number."""
    return round(amount / seconds)


def machine() -> dict[str, str | int]:
    """The machine and the versions that figures depend on."""
    described: dict[str, str | int] = {
        "processor": _processor(),
        "cores": _cores(),
        "memory_gb": _memory_gb(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }
    for package in PACKAGES:
        try:
            described[package] = version(package)
        except PackageNotFoundError:
            continue
    return described


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory_gb() -> int:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    except (AttributeError, OSError, ValueError):
        return 0


def tell(message: str) -> None:
    """A line for the person, on standard error."""
    print(message, file=sys.stderr)


def command(
    name: str,
    measure: Callable[..., Figures],
    figures: Mapping[str, str],
    more: Callable[[argparse.ArgumentParser], None] | None = None,
) -> None:
    """The command line of a benchmark: `[--small] [--json]`, and `more` options that `measure` takes by name."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}")
    parser.add_argument("--small", action="store_true", help="little data: checks that all works; times mean nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    if more:
        more(parser)
    options = parser.parse_args()
    own = {option: value for option, value in vars(options).items() if option not in ("small", "json")}
    measured = {"benchmark": name, "small": options.small} | measure(options.small, **own) | {"machine": machine()}
    if options.json:
        print(json.dumps(measured, ensure_ascii=False))
        return
    for figure, value in measured.items():
        print(f"{figure:28} {shown(value):>28}  {figures.get(figure, '')}".rstrip())


def shown(value: object) -> str:
    """A figure for people: thousands apart."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,}"
    if isinstance(value, dict):
        return ", ".join(f"{name} {shown(one)}" for name, one in value.items())
    return str(value)
