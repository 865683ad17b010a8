"""What `fenxiao capacity` says of a real PostgreSQL, and what that PostgreSQL does: `python -m benchmarks.capacity`.

Three loads measure service times; three others, in turns with them and with other luck, are what the model has not
seen. A prediction is right if it lies within what these three reach. The bottleneck is what the model would double
first; the real server and the load's processes show by their processor time whether that is so.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.common import Figures, command
from sim.cli.common import given
from sim.stress.capacity.closed import Prediction, predict
from sim.stress.load.client import PROCESSOR
from sim.stress.load.figures import LoadResult
from sim.stress.load.measure import CLIENTS, DAYS, PEOPLE, SECONDS, measured, mix_of
from sim.stress.load.run import Setting, run_load
from sim.stress.load.stream import Stream, stream_of

FIGURES = {
    "clients": "client processes of each load, whether measured or predicted",
    "calibration_per_second": "events a second of the loads that measured service times",
    "predicted_per_second": "events a second that the model makes of them: median of three",
    "measured_per_second": "events a second of the three loads that the model has not seen",
    "within": "whether the prediction lies within them",
    "off": "the prediction ÷ their median, less 1",
    "bottleneck": "what the model would double first",
    "gains": "events a second that twice as much of it would add, as a part",
    "cores_busy": "processor time of server and load in those three, a second: the cores of the machine are its limit",
    "cores": "of this machine",
}
_TURNS = 3


def measure(small: bool) -> Figures:
    """All figures."""
    market, plan, _, _ = given("three_tier", None, None, None)
    stream = stream_of(market, plan, 600 if small else PEOPLE, 10 if small else DAYS, 3)
    said: list[Prediction] = []
    seen: list[LoadResult] = []
    calibrated: list[LoadResult] = []
    for turn in range(1 if small else _TURNS):
        calibrated.append(_load(stream, 2 * turn, small))
        times = measured(calibrated[-1], f"turn {turn}")
        said.append(predict(times, CLIENTS, mix_of(calibrated[-1]), transactions=1_000 if small else 8_000))
        seen.append(_load(stream, 2 * turn + 1, small))
    reached = sorted(one.events_per_second for one in seen)
    told = median_of(said)
    return {
        "clients": CLIENTS,
        "calibration_per_second": [round(one.events_per_second) for one in calibrated],
        "predicted_per_second": round(told.per_second),
        "measured_per_second": [round(one) for one in reached],
        "within": reached[0] <= told.per_second <= reached[-1],
        "off": round(told.per_second / median(reached) - 1, 3),
        "bottleneck": told.bottleneck,
        "gains": {name: round(gain, 2) for name, gain in told.gains.items()},
        "cores_busy": round(median(_busy(one) for one in seen), 2),
        "cores": os.cpu_count(),
    }


def median_of(said: list[Prediction]) -> Prediction:
    """The prediction in the middle."""
    return sorted(said, key=lambda one: one.per_second)[len(said) // 2]


def _load(stream: Stream, seed: int, small: bool) -> LoadResult:
    with tempfile.TemporaryDirectory(prefix="fenxiao-") as folder:
        return run_load(stream, Setting(clients=CLIENTS, seconds=1.0 if small else SECONDS, seed=seed), Path(folder))


def _busy(result: LoadResult) -> float:
    return (result.server_seconds + result.traffic[PROCESSOR]) / result.seconds


if __name__ == "__main__":
    command("capacity", measure, FIGURES)
