"""What a load came to: throughput, latency by kind of event, retries, what was waited for."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from rules.events import Kind
from sim.stress.load.alone import Alone
from sim.stress.load.diary import Line, read

PERCENTILES = (50, 95, 99)


@dataclass(frozen=True)
class Latency:
    """Of some events, in milliseconds: how many there were, and percentiles."""

    count: int
    p50: float
    p95: float
    p99: float
    worst: float

    @classmethod
    def of(cls, microseconds: Sequence[int]) -> Latency:
        """Of measured times."""
        if not len(microseconds):
            return cls(0, 0.0, 0.0, 0.0, 0.0)
        told = np.percentile(np.asarray(microseconds), PERCENTILES) / 1000
        return cls(len(microseconds), *(round(float(one), 3) for one in told), round(max(microseconds) / 1000, 3))


@dataclass
class LoadResult:
    """What a load came to.

    Attributes:
        seconds: from the first event to the last. clients, workers: processes.
        lines: what clients were told. verdict: what the witness found.
        server_seconds: of processor time of a server of one's own.
        killed_at: seconds after the beginning. alone: the same history, done again by one in memory.
        kills: by what was killed. restarts: seconds that the server took to answer again.
        traffic: transactions, statements, retries, deadlocks, stale reads of all clients; processor time of theirs, of
            workers and of what keeps them going.
        flush_ms: what a flush of the write-ahead log costs here.
    """

    seconds: float
    clients: int
    workers: int
    lines: list[Line]
    verdict: Mapping[str, object]
    kills: Mapping[str, int] = field(default_factory=dict)
    restarts: list[float] = field(default_factory=list)
    traffic: Mapping[str, float] = field(default_factory=dict)
    flush_ms: float = 0.0
    finished: bool = True
    server_seconds: float = 0.0
    killed_at: list[float] = field(default_factory=list)
    alone: Alone | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing was lost, doubled or unbalanced, and one alone comes to the same entries."""
        wrong = any(self.verdict.get(name) for name in ("lost", "duplicated", "unbalanced"))
        return not wrong and (self.alone is None or self.alone.same)

    @property
    def from_outside(self) -> bool:
        """Whether the shop was seen from outside alone, so that nobody could count its books."""
        return self.verdict.get("unbalanced", 0) is None

    @property
    def done(self) -> list[Line]:
        """Events that took effect."""
        return [line for line in self.lines if line.result == "done"]

    @property
    def orders(self) -> int:
        """Orders that were placed."""
        return sum(line.kind == Kind.order for line in self.done)

    @property
    def events_per_second(self) -> float:
        """Events that took effect, a second."""
        return len(self.done) / self.seconds if self.seconds else 0.0

    def latency(self, kind: int | None = None) -> Latency:
        """Of events of a kind, or of all."""
        return Latency.of([line.us for line in self.done if kind is None or line.kind == kind])

    def by_kind(self) -> dict[str, Latency]:
        """Latency of every kind of event that there was."""
        return {Kind(kind).name: self.latency(kind) for kind in sorted({line.kind for line in self.done})}

    def results(self) -> dict[str, int]:
        """How many events there were of each result."""
        return dict(Counter(line.result for line in self.lines))

    @property
    def statements(self) -> float:
        """Statements for an event that took effect."""
        return sum(line.sent for line in self.done) / len(self.done) if self.done else 0.0

    def hot_rows(self, most: int = 5) -> list[tuple[str, float]]:
        """Rows that were waited for longest, and seconds of all clients together."""
        rows = {name[4:]: seconds for name, seconds in self.traffic.items() if name.startswith("row ")}
        return sorted(rows.items(), key=lambda one: -one[1])[:most]

    def per_second(self) -> list[int]:
        """Events that took effect in each second."""
        if not self.done:
            return []
        first = min(line.ms for line in self.lines)
        counted = Counter((line.ms - first) // 1000 for line in self.done)
        return [counted[second] for second in range(max(counted) + 1)]


def traffic_of(folder: Path) -> dict[str, float]:
    """What clients that came to their end told of it, added up."""
    total: dict[str, float] = {}
    for path in sorted(folder.glob("waits-*.json")):
        for name, value in json.loads(path.read_text("utf-8")).items():
            total[name] = total.get(name, 0) + value
    return total


def lines_of(folder: Path) -> list[Line]:
    """All that clients were told, in order of time."""
    found: Iterable[Line] = (line for path in sorted(folder.glob("client-*.csv")) for line in read(path))
    return sorted(found, key=lambda line: line.ms)
