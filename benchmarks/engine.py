"""What a plan makes of many order lines: the bulk engine against Polars, DuckDB, NumPy and plain Python.

One store of a million members, three levels, four ranks, sixteen categories; one core. *Base* is base commission alone:
everybody computes it for every line and level and adds it up by payee, and all must agree to the cent. Peers stop
there. *Capped* is base with a cap on the order, trimmed from the farthest level; *full* adds a ladder, a team share, a
campaign, a daily cap and refunds. The event engine, which also keeps wallets, holds and an entry for every amount,
walks the log of a tenth of the store; there the bulk engine's amounts must be its own, for every member.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import peers
from benchmarks.common import Contestant, Figures, command, in_turns, rate
from benchmarks.store_columns import START_DAY, Store, draw_store, life_log, opening_log, store_plan
from rules.bulk.engine import BulkEngine, BulkTotals
from rules.engine import Engine
from rules.money import yuan
from rules.plan.model import Plan

LINES, SMALL = 10_000_000, 20_000
EVENT_SHARE, PYTHON_SHARE = 10, 50
"""The event engine gets a tenth of the store, plain Python a fiftieth."""
ROUNDS = 5
TWO = 2

BASE = store_plan("base", {}, {})
CAPPED = store_plan("capped", {"order_ratio": "10%"}, {})
FULL = store_plan(
    "full",
    {"order_ratio": "10%", "member_day": "500"},
    {
        "commission": {
            "ladder": {
                "period": "month",
                "measure": "promoted_volume",
                "mode": "marginal",
                "brackets": [{"from": 0, "rate": "1%"}, {"from": 5000, "rate": "2%"}, {"from": 50000, "rate": "3%"}],
            },
            "team": {"period": "month", "measure": "direct_team_volume", "rate": "1%", "ranks": ["gold"]},
        },
        "campaigns": [{"id": "spring", "days": [20, 40], "multiply": {"base": "1.5"}}],
    },
)

FIGURES = {
    "lines_per_second": "order lines a second: bulk engine, capped, one core",
    "full_lines_per_second": "order lines a second: bulk engine, full, one core",
    "base_lines_per_second": "order lines a second: bulk engine, base, one core: what the peers do",
    "polars": "order lines a second: base in Polars, one thread",
    "duckdb": "order lines a second: base in DuckDB, a recursive query, one thread",
    "python": "order lines a second: base in plain Python, on a fiftieth of the lines",
    "numpy": "order lines a second: base in NumPy",
    "ratio": "lines_per_second ÷ the best of Polars, DuckDB and Python, though these have no cap to mind",
    "base_ratio": "base_lines_per_second ÷ the same",
    "polars_ratio": "lines_per_second ÷ polars",
    "duckdb_ratio": "lines_per_second ÷ duckdb",
    "python_ratio": "lines_per_second ÷ python",
    "numpy_ratio": "lines_per_second ÷ numpy",
    "polars_two_threads": "order lines a second: base in Polars, two threads, in a process of its own",
    "duckdb_two_threads": "order lines a second: base in DuckDB, two threads",
    "event_lines_per_second": "order lines a second: event engine, capped, on a tenth of the store",
    "event_full_lines_per_second": "order lines a second: event engine, full, on a tenth of the store",
    "lines": "order lines",
    "members": "members",
    "base_total": "yuan of base commission: the same from all, for every payee",
    "capped_total": "yuan of capped",
    "full_total": "yuan of full, net of refunds",
    "entries": "entries of base, capped and full, which the bulk engine counts and the event engine would keep",
    "event_entries": "entries of the tenth under the three plans: as many from both engines, the same for every member",
    "rounds": "turns of each; figures are medians",
    "per_cpu_second": "order lines a processor second of each: what holds on a busy machine too",
    "cpu_share": "processor time ÷ wall-clock time of each",
}


def measure(small: bool) -> Figures:
    """All figures; refuses to time what does not agree to the cent."""
    peers.one_thread()
    lines, rounds = (SMALL, 3) if small else (LINES, ROUNDS)
    store, part, little = draw_store(lines), draw_store(lines // EVENT_SHARE), draw_store(lines // PYTHON_SHARE)
    engines = {plan.plan: BulkEngine(plan, store.names, START_DAY) for plan in (BASE, CAPPED, FULL)}
    totals = {name: _run(engine, store, name == "full") for name, engine in engines.items()}
    contestants = _contestants(engines, store, part, little)
    _check_peers(totals["base"].earned, contestants)
    _check("Python", _run(engines["base"], little).earned, np.array(contestants["python"].once()))
    agreed = sum(_check_events(engine, part, name == "full") for name, engine in engines.items())
    in_turns(contestants, rounds)
    done = dict.fromkeys(contestants, store.orders.lines) | {"python": little.orders.lines}
    done |= dict.fromkeys(("event", "event_full"), part.orders.lines)
    return {
        **_speeds({name: rate(done[name], one.seconds) for name, one in contestants.items()}),
        "polars_two_threads": rate(store.orders.lines, median(_polars_elsewhere(lines, rounds))),
        "lines": store.orders.lines,
        "members": len(store.members),
        **{f"{name}_total": yuan(one.commission) for name, one in totals.items()},
        "entries": {name: one.entries for name, one in totals.items()},
        "event_entries": agreed,
        "rounds": rounds,
        "per_cpu_second": {name: rate(done[name], one.cpu_seconds) for name, one in contestants.items()},
        "cpu_share": {name: one.cpu_share for name, one in contestants.items()},
    }


def _contestants(
    engines: Mapping[str, BulkEngine], store: Store, part: Store, little: Store
) -> dict[str, Contestant[Any]]:
    tables, frames, database, lists = (
        peers.columns(store),
        peers.frames(store),
        peers.database(store),
        peers.lists(little),
    )
    log, life = life_log(part, refunds=False), life_log(part, refunds=True)
    return {
        "bulk": Contestant(lambda: engines["capped"], lambda engine: _run(engine, store)),
        "base": Contestant(lambda: engines["base"], lambda engine: _run(engine, store)),
        "polars": Contestant(lambda: frames, peers.polars_base),
        "duckdb": Contestant(lambda: peers.with_threads(database, 1), peers.duckdb_base),
        "full": Contestant(lambda: engines["full"], lambda engine: _run(engine, store, refunds=True)),
        "numpy": Contestant(lambda: tables, peers.numpy_base),
        "python": Contestant(lambda: lists, peers.python_base),
        "duckdb_two_threads": Contestant(lambda: peers.with_threads(database, TWO), peers.duckdb_base),
        "event": Contestant(lambda: _opened(CAPPED, part), lambda engine: engine.apply(log)),
        "event_full": Contestant(lambda: _opened(FULL, part), lambda engine: engine.apply(life)),
    }


def _speeds(speed: Mapping[str, int]) -> Figures:
    """Order lines a second of each, and the ratios."""
    best = max(speed[name] for name in ("polars", "duckdb", "python"))
    others = ("polars", "duckdb", "python", "numpy")
    return {
        "lines_per_second": speed["bulk"],
        "full_lines_per_second": speed["full"],
        "base_lines_per_second": speed["base"],
        **{name: speed[name] for name in others},
        "ratio": round(speed["bulk"] / best, 2),
        "base_ratio": round(speed["base"] / best, 2),
        **{f"{name}_ratio": round(speed["bulk"] / speed[name], 2) for name in others},
        "duckdb_two_threads": speed["duckdb_two_threads"],
        "event_lines_per_second": speed["event"],
        "event_full_lines_per_second": speed["event_full"],
    }


def _run(engine: BulkEngine, store: Store, refunds: bool = False) -> BulkTotals:
    return engine.run(store.members, store.orders, store.refunds if refunds else None, until=store.until)


def _check_peers(earned: NDArray[Any], contestants: Mapping[str, Contestant[Any]]) -> None:
    """Whether everybody says the same of every payee; raises if not."""
    for name, label in (("polars", "Polars"), ("duckdb", "DuckDB")):
        answer, theirs = contestants[name].once(), np.zeros_like(earned)
        theirs[np.asarray(answer["payee"])] = np.asarray(answer["earned"])
        _check(label, earned, theirs)
    _check("NumPy", earned, contestants["numpy"].once())


def _check(name: str, earned: NDArray[Any], theirs: NDArray[Any]) -> None:
    if (theirs != earned).any():
        member = int(np.argmax(theirs != earned))
        raise AssertionError(f"member {member} earns {earned[member]} fen, by {name} {theirs[member]}")


def _check_events(engine: BulkEngine, store: Store, refunds: bool) -> int:
    """How many entries both engines made of a store, if they made as many and every member earns the same."""
    bulk, event = _run(engine, store, refunds), _opened(engine.plan, store)
    entries = event.apply(life_log(store, refunds))
    _check("the event engine", bulk.earned, event.book.members["earned"])
    if bulk.entries != len(entries):
        raise AssertionError(f"{engine.plan.plan}: {bulk.entries} entries, {len(entries)} by the event engine")
    return len(entries)


def _opened(plan: Plan, store: Store) -> Engine:
    """An event engine in which everybody is registered and has their rank."""
    engine = Engine.open([plan], store.names, len(store.members), START_DAY)
    engine.apply(opening_log(store))
    return engine


def _polars_elsewhere(lines: int, rounds: int) -> list[float]:
    """Seconds of the turns of Polars with two threads, in a process of its own."""
    code = f"import json; from benchmarks.peers import polars_turns; print(json.dumps(polars_turns({lines}, {rounds})))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).resolve().parent.parent,
        env=os.environ | {"POLARS_MAX_THREADS": str(TWO)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    walls: list[float] = json.loads(done.stdout)
    return walls


if __name__ == "__main__":
    command("engine", measure, FIGURES)
