"""The market's people in columns against the same people as plain Mesa agents: `python -m benchmarks.crowd`.

Both live every day of the same store: arrive, share, see, click, join, shop, fill baskets, return goods, withdraw and
learn (market and plan `three_tier`, no optional sections). One is `StoreModel`. The other, `benchmarks.mesa_crowd`, is
one `mesa.Agent` a person, dicts for events and rules in plain Python, written with care: strangers cost nothing,
contacts are remembered, the day's few are found through dicts. With the same luck both must write the same log, byte by
byte, before they are timed. For the timing the peer draws from Python's own generator and rounds nothing: it is faster.

Time is processor time of one thread, the best of the turns, without building the people (which takes the peer longer).
Our side also counts what the peer does not: stock, metrics, the compliance watch. The parts of the ratio are given
apart: people alone on both sides, and both with our compiled rules.
"""

from __future__ import annotations

import argparse
import gc
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from benchmarks.common import Contestant, Figures, command, in_turns, machine, rate
from benchmarks.mesa_crowd.events import Books, CompiledBooks, Event, ReadableBooks, as_rows
from benchmarks.mesa_crowd.model import MesaStore
from benchmarks.mesa_crowd.town import Town
from rules.book import Book
from rules.events import DAY, Names, Records
from rules.plan.model import Plan
from rules.plan.read import read_plan
from scenarios.find import find
from sim.behaviour.chunks import CHUNKS
from sim.behaviour.purposes import Decision
from sim.behaviour.sharing import scan
from sim.draws import key
from sim.model import StoreModel, open_store
from sim.rows import together
from sim.scenario import Scenario, read_scenario
from sim.store import Store

SEED = 1
PLAIN: dict[str, Any] = {"warehouses": [], "after_sales": None, "suppliers": [], "materials": None}
"""The optional sections of the market, left out."""
ENOUGH_MEMORY = 6
"""GB of a machine on which a million people are tried."""

FIGURES = {
    "person_days_per_second": "people x days a processor second: the whole store in columns, one thread",
    "mesa": "the same: the whole store as plain Mesa agents, rules in plain Python",
    "ratio": "person_days_per_second ÷ mesa",
    "mesa_compiled_rules": "the same: plain Mesa agents, but with our compiled rules",
    "ratio_compiled_rules": "person_days_per_second ÷ mesa_compiled_rules",
    "behaviour": "the same, people alone (no rules, stock, metrics, watch): in columns and as Mesa agents",
    "behaviour_ratio": "one ÷ the other",
    "kernel_limit": "the same: nothing but one draw a member and day, the least a day can cost",
    "limit_ratio": "kernel_limit ÷ person_days_per_second",
    "by_people": "people x days a processor second, by size of the market",
    "memory_growth_mb": "resident memory after the last small model less that after the first tenth of them",
    "small_models": "models of 200 people and 5 days, built, run and dropped in one process",
    "mesa_full": "mesa with as many people as ours (`--full`)",
    "agreed_events": "events of the log that both wrote with the same luck, byte by byte",
    "size": "people and days: ours, and the peer's",
    "build_seconds": "processor time to build the people, each at its size",
    "rounds": "turns of each; the best counts",
    "cpu_share": "processor time ÷ wall-clock time",
}


@dataclass(frozen=True)
class Size:
    """How large everything is: (people, days) of ours, of the peer's, of the trial of agreement."""

    ours: tuple[int, int]
    peer: tuple[int, int]
    trial: tuple[int, int]
    others: tuple[int, ...]
    models: int
    rounds: int


LARGE = Size((100_000, 365), (20_000, 365), (5_000, 120), (10_000, 1_000_000), 1_000, 3)
SMALL = Size((2_000, 30), (1_000, 30), (1_000, 30), (500,), 60, 1)


@cache
def market() -> tuple[Scenario, Plan]:
    """The market without its optional sections, and the plan."""
    return read_scenario(*find("markets", "three_tier")).model_copy(update=PLAIN), read_plan(
        *find("plans", "three_tier")
    )


@dataclass
class Timed:
    """A store in columns whose bookkeeping (stock, rules, metrics, watch) is timed apart.

    Attributes:
        store: the real one. seconds: processor time of the bookkeeping so far.
    """

    store: Store
    seconds: float = 0.0
    _began: float = field(default=0.0, init=False)

    @property
    def book(self) -> Book:
        """The store's book."""
        return self.store.book

    def apply(self, events: Records) -> tuple[Records, Records]:
        """As the store does; the clock runs until the day is in the metrics and the watch."""
        self._began = process_time()
        return self.store.apply(events)

    def booked(self, _events: Records, _entries: Records) -> None:
        """Stop the clock: the world's sink, which is told last."""
        self.seconds += process_time() - self._began


def columns(people: int, days: int) -> tuple[StoreModel, Timed]:
    """Our world before its first day."""
    scenario, plan = market()
    town = Town(scenario, people, days)
    store = Timed(open_store([plan], town.names(plan), people, town.start, town.market))
    world = StoreModel(
        scenario=scenario, plan=plan, people=people, days=days, seed=SEED, store=store, sink=store.booked
    )
    return world, store


def objects(people: int, days: int, books: Callable[[Plan, Names, int, int], Books]) -> MesaStore:
    """The peer's world before its first day, with the faster luck."""
    scenario, plan = market()
    return MesaStore(scenario=scenario, plan=plan, people=people, days=days, seed=SEED, books=books)


def agreed(people: int, days: int) -> int:
    """Events of a log that both write alike; an AssertionError if they do not."""
    scenario, plan = market()
    ours: list[Records] = []
    theirs: list[Event] = []
    given: dict[str, Any] = {"scenario": scenario, "plan": plan, "people": people, "days": days, "seed": SEED}
    StoreModel(**given, sink=lambda events, _: ours.append(events)).run()
    MesaStore(**given, books=ReadableBooks, same=True, sink=theirs.extend).run()
    log = together(ours)
    if log.tobytes() != as_rows(theirs).tobytes():
        raise AssertionError(f"{people} people x {days} days: the logs differ ({len(log)} and {len(theirs)} events)")
    return len(log)


def least(people: int, days: int) -> Callable[[Any], None]:
    """One draw for every member of every day of our world, and nothing else."""
    world = columns(people, days)[0].run().world
    members, bar = np.sort(world.members), world.crowd["bar"]
    counts = np.searchsorted(np.sort(world.crowd["joined"][members]), np.arange(1, days + 1) * DAY)
    out, found = np.empty(len(members) + 1, np.int32), np.zeros(CHUNKS, np.int64)
    keys = [key(SEED, Decision.share, day + 1) for day in range(days)]

    def draws(_: object) -> None:
        for today, count in zip(keys, counts.tolist(), strict=True):
            scan(0, CHUNKS, today, members[:count], bar, out, found)  # type: ignore[arg-type]  # a word is a number

    return draws


class Contest:
    """All who are timed; notes what of a turn went into bookkeeping."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.people_alone: dict[str, list[float]] = {"ours": [], "compiled": []}
        self.timed: dict[str, Contestant[Any]] = {
            "ours": Contestant(partial(columns, *size.ours), self._ours),
            "mesa": Contestant(partial(objects, *size.peer, ReadableBooks), MesaStore.run),
            "compiled": Contestant(partial(objects, *size.peer, CompiledBooks), self._compiled),
            "limit": Contestant(lambda: None, least(*size.ours)),
        }

    def _ours(self, made: tuple[StoreModel, Timed]) -> None:
        began = process_time()
        made[0].run()
        self.people_alone["ours"].append(process_time() - began - made[1].seconds)

    def _compiled(self, world: MesaStore) -> None:
        began = process_time()
        world.run()
        self.people_alone["compiled"].append(process_time() - began - world.books.seconds)

    def speeds(self) -> dict[str, int]:
        """Person-days a processor second, by contestant, and of people alone."""
        done = dict.fromkeys(("mesa", "compiled"), _days(self.size.peer))
        best = {name: min(one.cpus) for name, one in self.timed.items()}
        best |= {f"{name}_alone": min(seconds) for name, seconds in self.people_alone.items()}
        return {
            name: rate(done.get(name.removesuffix("_alone"), _days(self.size.ours)), seconds)
            for name, seconds in best.items()
        }


def _days(size: tuple[int, int]) -> int:
    return size[0] * size[1]


def growth(models: int) -> float:
    """MB of resident memory that small models leave behind, after the first tenth of them."""
    scenario, plan = market()
    before = 0.0
    for number in range(models):
        StoreModel(scenario=scenario, plan=plan, people=200, days=5, seed=number).run()
        if number == models // 10:
            gc.collect()
            before = _resident_mb()
    gc.collect()
    return round(_resident_mb() - before, 1)


def _resident_mb() -> float:
    """Resident memory of this process; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def speed_of(people: int, days: int, turns: int) -> int:
    """Person-days a processor second of our world, the best of some turns."""
    one = Contestant(partial(columns, people, days), lambda made: made[0].run())
    for _ in range(turns):
        one.turn()
    return rate(people * days, min(one.cpus))


def measure(small: bool, full: bool = False) -> Figures:
    """All figures; refuses to time worlds that differ."""
    size = SMALL if small else LARGE
    grown, events = growth(size.models), agreed(*size.trial)
    contest = Contest(size)
    in_turns(contest.timed, size.rounds)
    speed, (people, days) = contest.speeds(), size.ours
    by_people = {people: speed["ours"]}
    for other in size.others:
        if other <= people or int(machine()["memory_gb"]) >= ENOUGH_MEMORY:
            by_people[other] = speed_of(other, days, 1 if other > people else size.rounds)
    return {
        "person_days_per_second": speed["ours"],
        "mesa": speed["mesa"],
        "kernel_limit": speed["limit"],
        "ratio": round(speed["ours"] / speed["mesa"], 1),
        "mesa_compiled_rules": speed["compiled"],
        "ratio_compiled_rules": round(speed["ours"] / speed["compiled"], 1),
        "behaviour": {"columns": speed["ours_alone"], "mesa": speed["compiled_alone"]},
        "behaviour_ratio": round(speed["ours_alone"] / speed["compiled_alone"], 1),
        "limit_ratio": round(speed["limit"] / speed["ours"], 1),
        "by_people": {f"{number:,}": by_people[number] for number in sorted(by_people)},
        **({"mesa_full": _mesa_at(size.ours)} if full else {}),
        "memory_growth_mb": grown,
        "small_models": size.models,
        "agreed_events": events,
        "size": {"columns": f"{people:,} x {days}", "mesa": f"{size.peer[0]:,} x {size.peer[1]}"},
        "build_seconds": _build_seconds(size),
        "rounds": size.rounds,
        "cpu_share": {name: one.cpu_share for name, one in contest.timed.items()},
    }


def _mesa_at(size: tuple[int, int]) -> int:
    one = Contestant(partial(objects, *size, ReadableBooks), MesaStore.run)
    one.turn()
    return rate(_days(size), min(one.cpus))


def _build_seconds(size: Size) -> dict[str, float]:
    ours = Contestant(lambda: None, lambda _: columns(*size.ours))
    theirs = Contestant(lambda: None, lambda _: objects(*size.peer, ReadableBooks))
    in_turns({"columns": ours, "mesa": theirs}, 1)
    return {"columns": round(ours.cpu_seconds, 2), "mesa": round(theirs.cpu_seconds, 2)}


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--full", action="store_true", help="the peer also with as many people as ours: some minutes")


if __name__ == "__main__":
    command("crowd", measure, FIGURES, _options)
