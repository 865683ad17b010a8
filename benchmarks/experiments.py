"""What common luck is worth, and what a cluster costs: `python -m benchmarks.experiments`.

In five shipped markets the first plan is compared with itself at raised base rates, 200 replications of every arm. The
variance ratio is that of the difference with independent luck ÷ with common luck: so many times as many replications
would be needed. Rates are raised so that GMV changes by 1 to 1.5 % and by 3 to 5 %, as far as a search foresees
(`choose`). Intervals are 90 %, by the bootstrap over replications.

The peer is the *same seed, one stream*: what users of Mesa do. It is measured on the same markets without their
optional sections, at 120 days, since its people are `benchmarks.mesa_crowd`'s; `times_below_stream` is the variance of
its paired difference ÷ that of ours, relative to the mean, in the same market with the same plans.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import Figures, command, tell
from benchmarks.luck import Came, World, live, market, plan_of
from benchmarks.luck import sections as sections_of
from sim.experiments.case import Case
from sim.experiments.pool import at_work
from sim.experiments.running import Means, run_cases

Floats = NDArray[np.float64]
FIGURES = {
    "variance_ratio": "median over markets: independent ÷ common luck, by days, size of the effect on GMV, and figure",
    "rows": "each market: percent by which rates were raised, effect on GMV in percent, ratios with 90 % intervals",
    "stream": "one stream: its own ratio, and variance of its difference ÷ ours, in markets without optional sections",
    "times_below_stream": "the least of these over markets and sizes, by figure",
    "sections": "with --sections: each market for a small effect, without one optional section after the other",
    "dask_overhead": "wall-clock time of two local Dask workers ÷ two processes, less 1, workers and pool started",
    "dask_same": "whether all outcomes of both were the same bits",
    "replications": "of every arm",
    "people": "of every market",
}
SMALL_EFFECT, LARGE_EFFECT = "1-1.5 %", "3-5 %"
EFFECTS = {SMALL_EFFECT: (1.0, 1.5), LARGE_EFFECT: (3.0, 5.0)}
"""Per cent of GMV."""
RAISED: dict[tuple[str, int], tuple[int, int]] = {
    ("three_tier", 120): (40, 127),
    ("distribution_mall", 120): (5, 17),
    ("mini_program", 120): (10, 32),
    ("direct_selling", 120): (3, 11),
    ("tuike", 120): (4, 13),
    ("three_tier", 365): (39, 125),
    ("distribution_mall", 365): (3, 11),
    ("mini_program", 365): (10, 32),
    ("direct_selling", 365): (4, 14),
    ("tuike", 365): (5, 16),
}
"""By market and days: percent by which rates are raised for either size."""


class Size(NamedTuple):
    """How large everything is: replications and people of the table, of the peer's; cases and people for Dask."""

    replications: int
    people: int
    streamed: int
    streamed_people: int
    days: int
    markets: tuple[str, ...]
    cases: int
    case_people: int


YEAR = 365
MARKETS = ("three_tier", "distribution_mall", "mini_program", "direct_selling", "tuike")
LARGE = Size(200, 3_000, 60, 1_000, 120, MARKETS, 200, 20_000)
SMALL = Size(6, 300, 3, 200, 30, MARKETS[:1], 4, 300)


class Arm(NamedTuple):
    """Every replication of one arm: what came of it, in order of the seeds."""

    gmv: Floats
    commission: Floats


def measure(small: bool, workers: int = 2, sections: bool = False, days: int = 120) -> Figures:
    """All figures; or what each optional section costs; or the table alone, for a year."""
    size = SMALL if small else LARGE._replace(days=days)
    if sections:
        return {"sections": list(by_section(size, workers))}
    rows = list(table(size, workers))
    found = {
        "variance_ratio": medians(rows),
        "rows": rows,
        "replications": size.replications,
        "people": size.people,
    }
    if size.days == YEAR:
        return found
    stream = [row for name in size.markets for row in _against_stream(name, size, workers)]
    return found | {
        "stream": stream,
        "times_below_stream": {figure: min(row["times_below"][figure] for row in stream) for figure in Arm._fields},
        **overhead(size, workers),
    }


def table(size: Size, workers: int) -> Iterator[Figures]:
    """Each market for a small and a large effect."""
    for name in size.markets:
        raised = rates(name, size.days)
        arms = run([World(name, by, size.people, size.days, 0) for by in (0, *raised)], size.replications, workers)
        yield from (_row(name, size.days, by, arms[0], arm) for by, arm in zip(raised, arms[1:], strict=True))
        tell(f"{name}, {size.days} days: done")


def rates(name: str, days: int) -> tuple[int, int]:
    """By how much rates are raised; those of 120 days for any other span that was not looked at."""
    return RAISED.get((name, days), RAISED[name, 120])


def by_section(size: Size, workers: int) -> Iterator[Figures]:
    """The ratios of each market for a small effect: as it is, and without each optional section; fewer replications."""
    for name in size.markets:
        for without in ["", *sections_of(name)]:
            by_rate = (0, rates(name, size.days)[0])
            given = [World(name, by, size.people, size.days, 0, without=without) for by in by_rate]
            base, arm = run(given, max(2, size.replications // 4), workers)
            yield {"without": without or "nothing"} | _row(name, size.days, given[1].raised, base, arm)
            tell(f"{name} without {without or 'nothing'}: done")


def run(worlds: Sequence[World], replications: int, workers: int) -> list[Arm]:
    """Each of these worlds as an arm, with seeds 0, 1, 2, …"""
    jobs = [world._replace(seed=seed) for seed in range(replications) for world in worlds]
    came: dict[World, Came] = dict(at_work(live, jobs, workers))
    columns = [[came[world._replace(seed=seed)] for seed in range(replications)] for world in worlds]
    return [Arm(*np.array(column, np.float64).T) for column in columns]


def _row(name: str, days: int, raised: int, base: Arm, other: Arm) -> Figures:
    return {
        "market": name,
        "days": days,
        "raised": raised,
        "effect": round(100 * float(other.gmv.mean() / base.gmv.mean() - 1), 2),
        "gmv": ratio_of(base.gmv, other.gmv),
        "commission": ratio_of(base.commission, other.commission),
        "log_commission": ratio_of(np.log(base.commission), np.log(other.commission)),
    }


def ratio_of(base: Floats, other: Floats, resamples: int = 2_000) -> list[float]:
    """Variance of the difference with independent luck ÷ with common luck, and its 90 % interval by the bootstrap.

    Args:
        base, other: a figure by replication, paired.
    """
    drawn = np.random.default_rng(1).integers(0, len(base), (resamples, len(base)))
    with np.errstate(divide="ignore", invalid="ignore"):
        again = _ratios(base[drawn], other[drawn])
    low, high = np.nanquantile(again, [0.05, 0.95])
    return [round(float(one), 1) for one in (_ratios(base, other), low, high)]


def _ratios(base: Floats, other: Floats) -> Floats:
    apart = base.var(axis=-1, ddof=1) + other.var(axis=-1, ddof=1)
    return np.asarray(apart / (other - base).var(axis=-1, ddof=1))


def medians(rows: Sequence[Figures]) -> Figures:
    """Median over markets, by days and by size of the effect that was measured, not planned."""
    found: Figures = {}
    for days in sorted({row["days"] for row in rows}):
        for size, (low, high) in EFFECTS.items():
            some = [row for row in rows if row["days"] == days and low <= round(row["effect"], 1) <= high]
            names = ("gmv", "commission", "log_commission")
            shown = {name: round(median(row[name][0] for row in some), 1) for name in names} if some else {}
            found[f"{days} days, {size}"] = shown | {"markets": len(some)}
    return found


def _against_stream(name: str, size: Size, workers: int) -> Iterator[Figures]:
    """One stream and common luck in the same market, with the same plans."""
    raised = rates(name, size.days)
    worlds = [World(name, by, size.streamed_people, size.days, 0, plain=True) for by in (0, *raised)]
    ours = run(worlds, size.streamed, workers)
    theirs = run([world._replace(luck="stream") for world in worlds], size.streamed, workers)
    for by, one, other in zip(raised, ours[1:], theirs[1:], strict=True):
        yield {
            "market": name,
            "raised": by,
            "effect": round(100 * float(one.gmv.mean() / ours[0].gmv.mean() - 1), 2),
            "common": {figure: ratio_of(a, b)[0] for figure, a, b in zip(Arm._fields, ours[0], one, strict=True)},
            "stream": {figure: ratio_of(a, b)[0] for figure, a, b in zip(Arm._fields, theirs[0], other, strict=True)},
            "times_below": _below((ours[0], one), (theirs[0], other)),
        }


def _below(ours: tuple[Arm, Arm], theirs: tuple[Arm, Arm]) -> Mapping[str, float]:
    """Variance of their relative difference ÷ ours, by figure."""
    spread = [
        {
            figure: float(np.var((getattr(b, figure) - getattr(a, figure)) / getattr(a, figure).mean(), ddof=1))
            for figure in Arm._fields
        }
        for a, b in (ours, theirs)
    ]
    return {figure: round(spread[1][figure] / max(spread[0][figure], 1e-18), 1) for figure in Arm._fields}


def overhead(size: Size, workers: int) -> Figures:
    """The same cases in processes and on Dask workers, in turns; what both need to start counts."""
    scenario, plan = market("three_tier", False), plan_of("three_tier", 0)
    cases = [Case(scenario, plan, size.case_people, 60, seed) for seed in range(size.cases)]
    seconds: dict[str | None, list[float]] = {None: [], "local": []}
    outcomes: dict[str | None, list[Any]] = {}
    cases[0].run()
    for turn in range(3):
        for dask in (None, "local") if turn % 2 == 0 else ("local", None):
            began = perf_counter()
            came = dict(run_cases(cases, Means(workers, dask)))
            seconds[dask].append(perf_counter() - began)
            outcomes[dask] = [replace(came[place], seconds=0.0) for place in range(len(cases))]
    return {
        "sections": "with --sections: each market for a small effect, without one optional section after the other",
        "dask_overhead": round(median(seconds["local"]) / median(seconds[None]) - 1, 3),
        "dask_seconds": round(median(seconds["local"]), 1),
        "pool_seconds": round(median(seconds[None]), 1),
        "dask_same": outcomes[None] == outcomes["local"],
    }


def choose(workers: int, days: int) -> Iterator[str]:
    """By market, the per cent that would change GMV by 1.25 % and by 4 %, if the effect goes with the per cent."""
    tried = np.array([0, 20, 50])
    for name in MARKETS:
        arms = run([World(name, int(by), LARGE.people, days, 0) for by in tried], 24, workers)
        effects = np.array([100 * float(arm.gmv.mean() / arms[0].gmv.mean() - 1) for arm in arms])
        slope = float(effects @ tried / (tried @ tried))
        yield f"{name}, {days}: {[round(wanted / slope) for wanted in (1.25, 4.0)]}; effects {effects.round(2)}"


def _more(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--days", type=int, choices=[120, YEAR], default=120, help="of a run; 365: the table alone")
    parser.add_argument("--sections", action="store_true", help="only what each optional section of a market costs")


if __name__ == "__main__":
    command("experiments", measure, FIGURES, _more)
