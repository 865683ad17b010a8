"""The alarm: one test over all days and all metrics, whose false-alarm rate the forecast's own runs calibrate.

Of the runs of a forecast some say what is usual (mean and deviation of every metric, window and day), the others how
far a store strays from that by luck alone over the whole horizon: each gives one number, its furthest deviation. A live
store is one more. If it is lived as the runs are, its rank among them is as likely to be any as any other, so that an
alarm once it is among the `most` furthest of n + 1 is false with probability most / (n + 1) (conformal prediction:
Vovk, Gammerman & Shafer 2005), whatever the figures are distributed like, and however often somebody looks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.errors import InputError

Floats = NDArray[np.float64]

WINDOWS = (7, 28, None)
"""Days that are put together, up to the day that is judged; None = all of them."""
LEAST = 5
"""Days that are to be told of those that are put together: a store's first days are too few to judge."""
STATES = frozenset(
    {
        "register_to_order", "repurchase_rate", "lifetime_value", "retention_30", "promoter_churn", "income_gini",
        "promoters_without_income", "wallet_liability",
    }
)  # fmt: skip
"""Metrics that are as at the end of the day: nothing is put together."""
WEIGHTS: Mapping[str, str] = {
    "average_order_value": "orders",
    "click_to_register": "clicks",
    "payout_ratio": "gmv",
    "payout_realised": "gmv",
    "refund_rate": "gmv",
    "distribution_share": "gmv",
}
"""What a mean of days is weighted with, where it is told, so that it is the ratio of the days together."""
_NEAR, _FLOOR = 14, 0.5
"""Days to each side whose deviations are taken together; the least deviation, in parts of the median one."""
_ROUNDING = 1e-9
"""Deviations below this part of a figure are none: they come of adding up in binary."""
USUAL = 1 / 3
"""Of the runs: those that say what is usual."""


@dataclass(frozen=True)
class Usual:
    """What runs of a forecast have in common.

    Attributes:
        names: of metrics. middle, spread: (metrics, windows, days); nan where most runs have no value.
    """

    names: tuple[str, ...]
    middle: Floats
    spread: Floats

    @classmethod
    def of(cls, names: tuple[str, ...], paths: Floats) -> Usual:
        """From runs, (runs, metrics, days)."""
        seen = gauges(names, paths)
        known = np.isfinite(seen).sum(axis=0)
        enough = known > len(paths) / 2
        total = np.nansum(seen, axis=0)
        middle = np.where(enough, total / np.maximum(known, 1), np.nan)
        square = np.nansum((seen - middle) ** 2, axis=0) / np.maximum(known - 1, 1)
        spread = _steadied(np.where(enough, square, np.nan))
        return cls(names, middle, np.where(spread > _ROUNDING * np.abs(middle), spread, 0.0))

    def deviations(self, paths: Floats) -> Floats:
        """Deviations of runs, (runs, metrics, windows, days), in standard deviations; nan where there is none."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.spread > 0, (gauges(self.names, paths) - self.middle) / self.spread, np.nan)

    @property
    def varies(self) -> NDArray[np.bool_]:
        """Which metrics can be judged, (metrics,): the others are the same in every run."""
        return np.asarray((self.spread > 0).any(axis=(1, 2)))


def _steadied(square: Floats) -> Floats:
    """Deviations from variances, (metrics, windows, days): neighbouring days together, none far below the median."""
    padded = np.pad(square, ((0, 0), (0, 0), (_NEAR, _NEAR)), constant_values=np.nan)
    near = np.lib.stride_tricks.sliding_window_view(padded, 2 * _NEAR + 1, axis=2)
    count = np.isfinite(near).sum(axis=3)
    spread = np.where(np.isfinite(square), np.sqrt(np.nansum(near, axis=3) / np.maximum(count, 1)), np.nan)
    typical = np.array([[np.median(row[row > 0]) if (row > 0).any() else 0.0 for row in one] for one in spread])
    return np.maximum(spread, _FLOOR * typical[:, :, None])


def gauges(names: Sequence[str], paths: Floats) -> Floats:
    """What is judged, (runs, metrics, windows, days): roots, with the sign, of means over the days up to each.

    A flow's deviation grows with it, that of its root hardly does; and luck lowers it about as far as it raises it.
    """
    seen = np.full((len(paths), len(names), len(WINDOWS), paths.shape[2]), np.nan)
    for place, name in enumerate(names):
        for at, days in enumerate(WINDOWS):
            if name in STATES:
                if at == 0:
                    seen[:, place, at] = root(paths[:, place])
            else:
                seen[:, place, at] = root(together(names, paths, name, days, LEAST))
    return seen


def root(values: Floats) -> Floats:
    """The root of what a figure is, with its sign."""
    return np.asarray(np.sign(values) * np.sqrt(np.abs(values)))


def unroot(roots: Floats) -> Floats:
    """The figure whose root it is."""
    return np.asarray(np.sign(roots) * roots**2)


def together(names: Sequence[str], paths: Floats, name: str, days: int | None, least: int = 1) -> Floats:
    """Means of a metric over so many days up to each, (runs, days); days that are not told are left out.

    Args:
        least: days that are to be told; nan where fewer are.
    """
    values = paths[:, names.index(name)]
    weight = WEIGHTS.get(name)
    weights = paths[:, names.index(weight)] if weight in names else np.ones_like(values)
    told = np.isfinite(values) & np.isfinite(weights) & (weights > 0)
    above, below, count = (_trailing(np.where(told, one, 0.0), days) for one in (values * weights, weights, told))
    out = np.full(values.shape, np.nan)
    return np.asarray(np.divide(above, below, out=out, where=(below > 0) & (count >= least)))


def _trailing(values: Floats, days: int | None) -> Floats:
    """Sums over so many days up to each, (runs, days)."""
    sums = np.cumsum(values, axis=1)
    if days is None or days >= values.shape[1]:
        return np.asarray(sums)
    return np.asarray(sums - np.pad(sums, ((0, 0), (days, 0)))[:, : values.shape[1]])


def furthest(deviations: Floats) -> Floats:
    """The furthest of all deviations so far, by run and day: (runs, days); 0 before there is any."""
    each = np.nan_to_num(np.abs(deviations), nan=0.0).max(axis=(1, 2))
    return np.maximum.accumulate(each, axis=1)


@dataclass(frozen=True)
class Calibration:
    """What an alarm promises.

    Attributes:
        reached: by run of the calibration, the furthest deviation of its whole horizon, descending.
        most: of n + 1 stores those that alarm, n being these runs.
    """

    reached: Floats
    most: int

    @property
    def rate(self) -> float:
        """The probability of a false alarm, over the whole horizon and all metrics."""
        return self.most / (len(self.reached) + 1)

    @property
    def limit(self) -> float:
        """The deviation beyond which there is an alarm."""
        return float(self.reached[self.most - 1])

    def p(self, deviation: float) -> float:
        """The part of stores that get as far by luck, this one included."""
        return (1 + int((self.reached >= deviation).sum())) / (len(self.reached) + 1)


def shares_of(runs: int, alpha: float) -> int:
    """How many of the runs say what is usual; the others calibrate.

    Raises:
        InputError: too few are left for this false-alarm rate.
    """
    usual = max(8, round(runs * USUAL))
    least = math.ceil(1 / alpha - 1e-9) - 1
    if runs - usual < least:
        enough = next(n for n in range(runs, 10**6) if n - max(8, round(n * USUAL)) >= least)
        raise InputError(
            f"{runs} runs cannot say what happens in {alpha:.3g} of cases", allowed=f"{enough} replications or more"
        )
    return usual


def calibrated(usual: Usual, paths: Floats, alpha: float) -> Calibration:
    """From runs that `usual` has not seen, (runs, metrics, days)."""
    reached = np.sort(furthest(usual.deviations(paths))[:, -1])[::-1]
    return Calibration(reached, math.floor(alpha * (len(reached) + 1) + 1e-9))


def began(deviations: Floats, last: int, sign: int) -> int:
    """The day since which a metric has most likely been off, up to `last`: the one that explains its days best.

    Args:
        deviations: (days,), of single days in their standard deviations; nan = not told. sign: of what is looked for.
    """
    days = np.nan_to_num(deviations[: last + 1], nan=0.0) * sign
    since = np.cumsum(days[::-1])[::-1]
    count = np.cumsum(np.isfinite(deviations[: last + 1])[::-1])[::-1]
    return int(np.argmax(np.where(since > 0, since / np.sqrt(np.maximum(count, 1)), -np.inf)))
