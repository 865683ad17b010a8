"""Service times out of a load: nothing that it took of the processor is left out."""

from __future__ import annotations

import pytest

from rules.events import Kind
from sim.stress.load.client import PROCESSOR
from sim.stress.load.diary import Line
from sim.stress.load.figures import LoadResult
from sim.stress.load.measure import measured, mix_of


def load(events: dict[Kind, tuple[int, int]], server: float, processor: float) -> LoadResult:
    """Ten events of each kind, each with so many microseconds of the client and so many statements."""
    lines = [
        Line(one, int(kind), 1, 0, "done", 5_000, one, cpu, sent)
        for kind, (cpu, sent) in events.items()
        for one in range(10)
    ]
    return LoadResult(1.0, 8, 1, lines, {}, traffic={PROCESSOR: processor}, flush_ms=0.4, server_seconds=server)


def test_what_the_load_took_besides_its_events_is_spread_over_them():
    result = load({Kind.pay: (2_000, 8), Kind.click: (1_000, 2)}, server=0.05, processor=0.06)
    times = measured(result, "here")
    assert (times["pay"].client_ms, times["click"].client_ms) == (pytest.approx(4.0), pytest.approx(2.0))
    assert (times["pay"].server_ms, times["click"].server_ms) == (pytest.approx(4.0), pytest.approx(1.0))
    spent = sum(count * (times[name].client_ms + times[name].server_ms) for name, count in mix_of(result).items())
    assert spent / 1000 == pytest.approx(0.06 + 0.05)
    assert "place" in times.assumed
    assert "pay" not in times.assumed


def test_a_load_whose_processes_told_nothing_is_taken_at_its_events():
    times = measured(load({Kind.pay: (2_000, 8)}, server=0.0, processor=0.0), "here")
    assert times["pay"].client_ms == pytest.approx(2.0)
    assert times["pay"].server_ms == 0
