"""Service times out of a short load: what a transaction of each kind took of client and server on this very machine.

Processor time of clients is measured event by event; what they, the workers and the load's own keeping took besides
(notices that come again, settlement, diaries) is spread over the events. That of the server is measured as a whole, and
divided among events by how many statements they sent. Commission is booked inside the payment here, so `book` costs
nothing more.

What an event takes depends on the crowd: processes that take turns on a core find its caches full of what the others
left there, and take half as long again. A load that is to say what a busy store bears must therefore keep all cores
busy: `CLIENTS`.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from rules.events import Kind
from rules.plan.model import Plan
from sim.scenario import Scenario
from sim.stress.capacity.service import ASSUMED, ServiceTimes, Work
from sim.stress.capacity.shop import Shop
from sim.stress.load.client import PROCESSOR
from sim.stress.load.diary import Line
from sim.stress.load.figures import LoadResult
from sim.stress.load.run import Setting, run_load
from sim.stress.load.stream import stream_of

_NAMES: Mapping[Kind, str] = {
    Kind.register: "register",
    Kind.click: "click",
    Kind.share: "click",
    Kind.order: "place",
    Kind.pay: "pay",
    Kind.ship: "ship",
    Kind.cancel: "ship",
    Kind.receive: "receive",
    Kind.refund: "refund",
    Kind.withdraw: "withdraw",
}
"""What the model calls each kind of event; other kinds are counted as `ship`."""
_LEAST = 5
"""Events of a kind that are needed to speak of it."""
PEOPLE, DAYS, SECONDS = 8_000, 45, 12.0
CLIENTS = 4 * Shop().cores
"""Some wait for a row or a flush, the others keep the cores busy."""


def measured(result: LoadResult, source: str) -> ServiceTimes:
    """The service times of a load on a server of one's own; kinds that hardly happened are assumed.

    Args:
        result: of a load without kills. source: what was measured where and when.
    """
    sent, used = sum(line.sent for line in result.done), sum(line.cpu for line in result.done) / 1e6
    server_ms = 1000 * result.server_seconds / sent if sent else 0.0
    besides = max(1.0, result.traffic.get(PROCESSOR, 0.0) / used) if used else 1.0
    works = {
        name: _work(lines, name, besides, server_ms, result.flush_ms)
        for name, lines in _by_name(result.done).items()
        if len(lines) >= _LEAST
    }
    works["book"] = Work(0.0, 0.0)
    left = {name: work for name, work in ASSUMED.works.items() if name not in works}
    return ServiceTimes(source, {**left, **works}, tuple(left))


def mix_of(result: LoadResult) -> dict[str, float]:
    """How often each kind came, those that were measured."""
    return {name: float(len(lines)) for name, lines in _by_name(result.done).items() if len(lines) >= _LEAST}


def measure(
    scenario: Scenario, plan: Plan, seed: int, clients: int = 0, told: Callable[[int], None] | None = None
) -> tuple[ServiceTimes, LoadResult]:
    """Drive a database of one's own for some seconds, and measure; `clients` = 0 keeps all cores busy."""
    stream = stream_of(scenario, plan, PEOPLE, DAYS, seed)
    with tempfile.TemporaryDirectory(prefix="fenxiao-") as folder:
        result = run_load(stream, Setting(clients=clients or CLIENTS, seconds=SECONDS, seed=seed), Path(folder), told)
    rate = f"{result.events_per_second:.0f} events/s, a flush {result.flush_ms:.2f} ms"
    return measured(result, f"measured here: {result.clients} clients, {result.seconds:.0f} s, {rate}"), result


def _by_name(lines: list[Line]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(_NAMES.get(Kind(line.kind), "ship"), []).append(line)
    return found


def _work(lines: list[Line], name: str, besides: float, server_ms: float, flush_ms: float) -> Work:
    used = [besides * line.cpu / 1000 for line in lines]
    mean = statistics.fmean(used)
    sent = statistics.fmean(line.sent for line in lines)
    variation = statistics.pstdev(used) / mean if mean else 0.0
    locks = {"place": ("stock",), "pay": ("promoter",), "receive": ("promoter",), "refund": ("promoter",)}
    return Work(
        client_ms=mean,
        server_ms=sent * server_ms,
        flush_ms=flush_ms,
        locks=locks.get(name, ()),  # type: ignore[arg-type]
        locked_part=0.7,
        variation=min(variation, 3.0),
        statements=max(1, round(sent)),
    )
