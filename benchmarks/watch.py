"""How often `fenxiao watch` raises a false alarm, and how soon it sees what was planted.

False alarms: 300 simulated live stores that do what was forecast, each beside a band of its own, 60 of another 300
runs of the same market; and the same stores at another size each, by `--scale-days 14`. Power: falls and rises planted
by arithmetic from a day on, in these stores and in those of a larger market. Not part of `make bench`: it takes some
four minutes of processor time.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from benchmarks.aa import market as lively
from benchmarks.common import Figures, command, tell
from rules.errors import InputError
from rules.plan.read import read_plan
from scenarios.find import find
from sim.experiments.case import version
from sim.experiments.metric_names import NAMES
from sim.experiments.pool import at_work
from sim.experiments.replication import replicate
from sim.scenario import Scenario, read_scenario
from sim.watching.band import Band, Facts, path_of
from sim.watching.demo import TOLD
from sim.watching.judging import Asked, Watch, judge
from sim.watching.live import Live

FIGURES = {
    "false_alarms": "of stores that do what was forecast: alarms, their rate, its 95 % interval, what is promised",
    "scaled": "the same where each store is of another size, and a fortnight says of which",
    "small_market": "by what was planted in a small market: part that alarmed, median days until, and error of `since`",
    "large_market": "the same in a larger one",
}
PLAN = "three_tier"
RUNS, LEVEL_DAYS = 60, 14
SALES = ("gmv", "orders", "active_buyers", "commission", "contribution")
PLANTED: Mapping[str, Mapping[str, float]] = {
    **{f"sales -{part}%": dict.fromkeys(SALES, 1 - part / 100) for part in (10, 20, 30, 50)},
    **{f"shares, clicks -{part}%": dict.fromkeys(("shares", "clicks"), 1 - part / 100) for part in (30, 50)},
    **{f"refunds +{part}%": {"refund_rate": 1 + part / 100} for part in (50, 100, 200)},
    **{f"pay -{part}%": dict.fromkeys(("commission", "payout_ratio"), 1 - part / 100) for part in (25, 50)},
}
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Size:
    """A market: `small` is a lively one, so that its runs are quick. A store breaks on day `breaks`."""

    name: str
    people: int
    days: int
    breaks: int

    @property
    def market(self) -> Scenario:
        """The market."""
        return lively() if self.name == "small" else read_scenario(*find("markets", PLAN))


SMALL, LARGE, TINY = Size("small", 1_000, 60, 20), Size("large", 10_000, 90, 30), Size("small", 200, 30, 10)


def one_run(size: Size, seed: int) -> Floats:
    """The daily metrics of a run, (metrics, days)."""
    plan = read_plan(*find("plans", PLAN))
    return path_of(replicate(size.market, plan, size.people, size.days, seed).daily)


def all_runs(size: Size, count: int, workers: int) -> Floats:
    """Runs by seed, (runs, metrics, days)."""
    done: dict[int, Floats] = {}
    for seed, path in at_work(partial(one_run, size), range(count), workers):
        done[seed] = path
        if len(done) % 100 == 0:
            tell(f"{size.name}: {len(done)} of {count} runs")
    return np.stack([done[seed] for seed in range(count)])


def band_of(size: Size, runs: Floats) -> Band:
    """A band of these runs."""
    facts = Facts(
        scenario=size.name, plan=PLAN, before=None, titles={PLAN: (PLAN, PLAN)}, people=size.people, days=size.days,
        start=dt.date(2026, 1, 5), seed=0, sources=version(),
    )  # fmt: skip
    return Band(facts, runs, runs[:0])


def judged(band: Band, path: Floats, asked: Asked, factors: Mapping[str, float] | None = None, since: int = 0) -> Watch:
    """A run as a live store, in which figures are multiplied from a day on."""
    figures = path[[NAMES.index(name) for name in TOLD]].copy()
    for name, factor in (factors or {}).items():
        figures[TOLD.index(name), since:] *= factor
    return judge(band, Live("live", TOLD, figures), asked)


def false_alarms(size: Size, stores: Floats, pool: Floats, scale_days: int) -> Figures:
    """How many of the stores alarm, each beside a band of its own from the pool."""
    luck, found, refused, promised = np.random.default_rng(1), 0, 0, 0.0
    for store in stores:
        band = band_of(size, pool[luck.permutation(len(pool))[:RUNS]])
        bigger = np.where(_amounts(), luck.uniform(0.3, 3) if scale_days else 1.0, 1.0)
        try:
            watch = judged(band, store * bigger[:, None], Asked(scale_days=scale_days))
        except InputError:
            refused += 1  # a run without a click in a fortnight has no level
            continue
        found += watch.first is not None
        promised = watch.calibration.rate
    judged_stores = len(stores) - refused
    if not judged_stores:
        return {"stores": 0}
    interval = stats.binomtest(found, judged_stores).proportion_ci(0.95)
    ends = {"low": round(float(interval.low), 4), "high": round(float(interval.high), 4)}
    rate = round(found / judged_stores, 4)
    return {"stores": judged_stores, "alarms": found, "rate": rate} | ends | {"promised": round(promised, 4)}


def _amounts() -> NDArray[np.bool_]:
    """Metrics that grow with a store, in the order of the dictionary."""
    grow = {"gmv", "orders", "active_buyers", "new_members", "shares", "clicks", "commission", "contribution"}
    return np.array([name in grow for name in NAMES])


def power(size: Size, runs: Floats, stores: int) -> Figures:
    """By what was planted: how many alarm, how soon, and how far off the day is that is named."""
    found = {}
    for name, factors in PLANTED.items():
        luck, days, errors = np.random.default_rng(2), [], []
        for _ in range(stores):
            picked = luck.permutation(len(runs))[: RUNS + 1]
            watch = judged(band_of(size, runs[picked[:-1]]), runs[picked[-1]], Asked(), factors, size.breaks)
            first = watch.first
            if first and first.alarmed is not None and first.since is not None and first.alarmed >= size.breaks:
                days.append(first.alarmed - size.breaks)
                errors.append(abs(first.since - size.breaks))
        found[name] = {"alarmed": round(len(days) / stores, 3), "days": _median(days), "since_off": _median(errors)}
    return {"of_days": size.days - size.breaks, "stores": stores} | found


def _median(days: Sequence[int]) -> float | None:
    return float(np.median(days)) if days else None


def measure(small: bool, workers: int = 2) -> Figures:
    """All figures."""
    started, stores, size = perf_counter(), 3 if small else 300, TINY if small else SMALL
    runs = all_runs(size, stores + (30 if small else 300), 1 if small else workers)
    live, pool = runs[:stores], runs[stores:]
    found: Figures = {
        "false_alarms": false_alarms(size, live, pool, 0),
        "scaled": false_alarms(size, live, pool, LEVEL_DAYS),
        "small_market": power(size, runs, 1 if small else 200),
    }
    if not small:
        found["large_market"] = power(LARGE, all_runs(LARGE, 100, workers), 200)
    return found | {"runs": len(runs), "seconds": round(perf_counter() - started)}


def _more(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workers", type=int, default=2, help="processes")


if __name__ == "__main__":
    command("watch", measure, FIGURES, _more)
