"""A live store judged day by day: bands for the picture, the alarm, since when, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.errors import InputError
from sim.experiments.metric_names import NAMES, Unit, metric
from sim.watching.alarm import Calibration, Usual, began, calibrated, shares_of, together, unroot
from sim.watching.band import Band
from sim.watching.live import MAY_BE_BELOW_ZERO, Live

Floats = NDArray[np.float64]

ENDS = (0.05, 0.95)
"""Quantiles of the band of a single day: nine runs of ten lie within."""
WEEK = 7
_FOLLOWS = {"commission": "gmv", "contribution": "gmv", "fraud_loss": "gmv", "wallet_liability": "gmv"}
"""Money that is made of GMV has its level: its own would hide a change of rates, and may be below 0."""
_SCALED = (Unit.fen, Unit.count)


@dataclass(frozen=True)
class Asked:
    """How a store is judged.

    Attributes:
        alpha: the most that a false alarm may be likely, over the whole horizon and all metrics.
        scale_days: days that say how large the store is beside the simulated one; 0 = as it is.
        metrics: to be watched; None = all that are told.
    """

    alpha: float = 0.05
    scale_days: int = 0
    metrics: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Watched:
    """One metric at the live store's size; arrays by day told, money in fen.

    Attributes:
        live, low, high: of each day, with the band that holds nine runs of ten.
        week, middle, floor, ceiling: of the seven days up to each; beyond floor and ceiling there is an alarm.
        p: of its furthest deviation, among those of all metrics. sign: of the deviation that alarms, 0 = none does.
        alarmed, since: the day of the alarm; the day since which the metric is off.
        now, usual: of the days since then, or of the last seven: the live store's mean, and the runs'.
    """

    name: str
    live: Floats
    low: Floats
    high: Floats
    week: Floats
    middle: Floats
    floor: Floats
    ceiling: Floats
    p: float
    sign: int
    alarmed: int | None
    since: int | None
    now: float
    usual: float

    @property
    def relative(self) -> float | None:
        """By how much it is off, in parts of the forecast."""
        return self.now / self.usual - 1 if self.usual and np.isfinite(self.now / self.usual) else None

    def verdict(self, day: int) -> str:
        """A day beside its band: inside, below, above; unknown without a figure."""
        value = self.live[day]
        if not (np.isfinite(value) and np.isfinite(self.low[day])):
            return "unknown"
        return "below" if value < self.low[day] else "above" if value > self.high[day] else "inside"


@dataclass(frozen=True)
class Watch:
    """A live store beside its forecast.

    Attributes:
        days: judged, from day 0. metrics: those that are watched. level: by metric, how much larger the live store is.
        runs, before: at the live store's size: (runs, metrics, days), metrics as in `metrics`.
        p: of the furthest deviation of all. calibration: what the alarm promises.
        unjudged: metrics that never vary in the forecast. beyond: days that are after the forecast's last.
    """

    band: Band
    live: Live
    asked: Asked
    days: int
    metrics: tuple[Watched, ...]
    level: tuple[float, ...]
    figures: Floats
    runs: Floats
    before: Floats
    p: float
    calibration: Calibration
    unjudged: tuple[str, ...]
    beyond: int

    @property
    def names(self) -> tuple[str, ...]:
        """Of the metrics that are watched."""
        return tuple(one.name for one in self.metrics)

    @property
    def first(self) -> Watched | None:
        """The metric that alarmed first; of several on one day the furthest off."""
        off = [one for one in self.metrics if one.alarmed is not None]
        return min(off, key=lambda one: (one.alarmed, one.p)) if off else None

    @property
    def since(self) -> int | None:
        """The day since which the store is off."""
        return self.first.since if self.first else None

    def one(self, name: str) -> Watched | None:
        """A metric that is watched."""
        return next((one for one in self.metrics if one.name == name), None)

    def over(self, name: str, first: int) -> tuple[float, Floats, Floats]:
        """Means of a metric from a day on: of the live store, of each run, and of each run under the plan before."""
        tables = (self.figures[None], self.runs, self.before)
        live, runs, before = (over(self.names, paths, name, first, self.days - 1) for paths in tables)
        return float(live[0]), runs, before


def over(names: Sequence[str], paths: Floats, name: str, first: int, last: int) -> Floats:
    """Means of a metric over days, both included, by run."""
    if not len(paths):
        return np.empty(0)
    return together(names, paths[:, :, first : last + 1], name, None)[:, -1]


def judge(band: Band, live: Live, asked: Asked) -> Watch:
    """Hold a live store against a band.

    Raises:
        InputError: nothing can be judged, or not in this way.
    """
    names = _watched(live, asked)
    usual_runs = shares_of(len(band.plan), asked.alpha)
    days = min(live.days, band.facts.days)
    figures = live.figures[[live.names.index(name) for name in names], :days]
    places = [NAMES.index(name) for name in names]
    runs, before = _as_told(names, figures, band.plan[:, places]), band.before[:, places]
    level = np.ones(len(names))
    if asked.scale_days:
        runs, before, level = _levelled(names, runs, before, figures, asked.scale_days, usual_runs)
    tested, same_size = runs.copy(), figures / level[:, None]
    tested[:, :, : asked.scale_days], same_size[:, : asked.scale_days] = np.nan, np.nan
    usual = Usual.of(names, tested[:usual_runs])
    if not (judged := usual.varies).any():
        raise InputError(f"{', '.join(names)}: the same in every run", allowed="metrics that vary in the forecast")
    calibration = calibrated(usual, tested[usual_runs:], asked.alpha)
    deviations = usual.deviations(_to_the_end(same_size, band.facts.days)[None])[0, :, :, :days]
    size = level[None, :, None]
    table = _Table(names, figures, runs * size, level, usual, calibration, deviations, same_size, tested[:usual_runs])
    kept = np.flatnonzero(judged)
    return Watch(
        band=band,
        live=live,
        asked=asked,
        days=days,
        metrics=tuple(table.metric(place) for place in kept.tolist()),
        level=tuple(level[kept].tolist()),
        figures=figures[kept],
        runs=table.runs[:, kept],
        before=(before * size)[:, kept],
        p=calibration.p(_reached(deviations)),
        calibration=calibration,
        unjudged=tuple(name for name, fine in zip(names, judged, strict=True) if not fine),
        beyond=max(live.days - days, 0),
    )


def _watched(live: Live, asked: Asked) -> tuple[str, ...]:
    if asked.metrics is None:
        return live.names
    if missing := [name for name in asked.metrics if name not in live.names]:
        raise InputError(f"{live.name} does not tell {', '.join(missing)}", allowed=", ".join(live.names))
    return tuple(name for name in live.names if name in asked.metrics)


def _as_told(names: Sequence[str], figures: Floats, runs: Floats) -> Floats:
    """Runs without the days that the live store does not tell: figures of both are then of the same days."""
    told = np.isfinite(figures)
    made = np.array([metric(name).unit not in _SCALED for name in names])[:, None]
    hidden = ~told & ~(made & told.any(axis=0))  # a ratio may have nothing to be taken of; a whole day is not told
    masked = runs.copy()
    masked[:, :, : figures.shape[1]][:, hidden] = np.nan
    return masked


def _levelled(
    names: Sequence[str], runs: Floats, before: Floats, figures: Floats, days: int, usual_runs: int
) -> tuple[Floats, Floats, Floats]:
    """Runs at the level that the usual ones have in the first days, and how much larger the live store is, (metrics,).

    Every run is brought to it, as the live store is, so that what a level owes to the luck of its days is in the band.
    A run under the plan before is of the same people as the run beside it, and gets its factor.
    """
    if days >= figures.shape[1]:
        raise InputError(
            f"--scale-days {days} leaves nothing of {figures.shape[1]} days to judge", allowed="fewer, or more days"
        )
    everybody = np.concatenate([runs[:, :, :days], figures[None, :, :days]])
    levels = np.ones(everybody.shape[:2])
    for place, name in enumerate(names):
        if metric(name).unit in _SCALED:
            like = _FOLLOWS.get(name, name)
            own = everybody[:, names.index(like) if like in names else place]
            told = np.isfinite(own)
            levels[:, place] = np.where(told, own, 0).sum(axis=1) / np.maximum(told.sum(axis=1), 1)
            if (levels[:, place] <= 0).any():
                some = int((levels[:-1, place] <= 0).sum())
                whose = "the live store" if levels[-1, place] <= 0 else f"{some} of {len(runs)} runs"
                raise InputError(
                    f"--scale-days {days}: {name} has no level above 0 in {whose}",
                    allowed="more days, or other metrics by --metric",
                )
    typical = levels[:usual_runs].mean(axis=0)
    factors = typical / levels
    return (
        runs * factors[:-1, :, None],
        before * factors[: len(before), :, None],
        levels[-1] / typical,
    )


def _to_the_end(figures: Floats, days: int) -> Floats:
    return np.pad(figures, ((0, 0), (0, days - figures.shape[1])), constant_values=np.nan)


@dataclass(frozen=True)
class _Table:
    """All metrics, and what each is judged by.

    Attributes:
        figures, runs: at the live store's size. level: of the live store. deviations: (metrics, windows, days).
        same_size, usual_runs: the live store, and the runs that say what is usual, at the runs' size.
    """

    names: tuple[str, ...]
    figures: Floats
    runs: Floats
    level: Floats
    usual: Usual
    calibration: Calibration
    deviations: Floats
    same_size: Floats
    usual_runs: Floats

    def metric(self, place: int) -> Watched:
        """One metric: its bands, and whether it alarms."""
        name, days, limit = self.names[place], self.figures.shape[1], self.calibration.limit
        low, high = _quantiles(self.runs[:, place, :days])
        sign, alarmed = _alarm(self.deviations[place], limit)
        since = None
        if alarmed is not None:
            since = began(_daily(self.same_size[place], self.usual_runs[:, place]), alarmed, sign)
        first = max(days - WEEK, 0) if since is None else since
        middle, spread = (one[place, 0, :days] for one in (self.usual.middle, self.usual.spread))
        floor, usual, ceiling = (unroot(middle + away * spread) * self.level[place] for away in (-limit, 0, limit))
        runs = over(self.names, self.runs, name, first, days - 1)
        return Watched(
            name=name,
            live=self.figures[place],
            low=low,
            high=high,
            week=together(self.names, self.figures[None], name, WEEK)[0],
            middle=usual,
            floor=floor if name in MAY_BE_BELOW_ZERO else np.maximum(floor, 0),
            ceiling=ceiling,
            p=self.calibration.p(_reached(self.deviations[place])),
            sign=sign,
            alarmed=alarmed,
            since=since,
            now=float(over(self.names, self.figures[None], name, first, days - 1)[0]),
            usual=float(np.nanmean(runs)) if np.isfinite(runs).any() else np.nan,
        )


def _reached(deviations: Floats) -> float:
    """The furthest of deviations; 0 where there is none."""
    return float(np.nan_to_num(np.abs(deviations), nan=0.0).max(initial=0.0))


def _alarm(deviations: Floats, limit: float) -> tuple[int, int | None]:
    """The sign and the day of a metric's first deviation, of (windows, days), beyond the limit; 0 and None without."""
    known = np.nan_to_num(deviations, nan=0.0)
    beyond = np.flatnonzero(np.abs(known).max(axis=0) > limit)
    if not len(beyond):
        return 0, None
    day = int(beyond[0])
    return int(np.sign(known[np.abs(known[:, day]).argmax(), day])), day


def _daily(live: Floats, runs: Floats) -> Floats:
    """Deviations of single days, (days,), from the runs' own."""
    known = np.isfinite(runs[:, : len(live)])
    count = np.maximum(known.sum(axis=0), 1)
    middle = np.where(known, runs[:, : len(live)], 0).sum(axis=0) / count
    square = np.where(known, (runs[:, : len(live)] - middle) ** 2, 0).sum(axis=0) / np.maximum(count - 1, 1)
    return np.asarray(np.divide(live - middle, np.sqrt(square), out=np.full(len(live), np.nan), where=square > 0))


def _quantiles(runs: Floats) -> tuple[Floats, Floats]:
    """The ends of the band of each day; nan where most runs have no value."""
    known = np.isfinite(runs)
    ends = np.full((2, runs.shape[1]), np.nan)
    whole = known.all(axis=0)
    ends[:, whole] = np.quantile(runs[:, whole], ENDS, axis=0)
    for day in np.flatnonzero(~whole & (known.sum(axis=0) > len(runs) / 2)):
        ends[:, day] = np.quantile(runs[known[:, day], day], ENDS)
    return ends[0], ends[1]
