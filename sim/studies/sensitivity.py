"""Sensitivity: which levers a figure depends on, and how much of that is together with others (SALib).

Morris' screening (1991, as improved by Campolongo, Cariboni & Saltelli 2007) is cheap and says what can be left alone;
Sobol indices (Saltelli et al. 2010) say what part of the variance is a lever's own and what part it has a hand in. PAWN
(Pianosi & Wagener 2018) takes runs that exist, whatever they were made for. Luck is the same at every point, so what is
told is the levers' doing.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rules.errors import InputError
from sim.studies.levers import Lever, Setting
from sim.studies.points import parts_of, setting
from sim.studies.study import Answer

Method = Literal["morris", "sobol", "given"]
_GRID = 4
"""Places of a lever in Morris' design."""
_SLICES = 10
"""Parts into which PAWN cuts a lever's range."""
_LEAST = {"morris": 4, "sobol": 8, "given": 40}
"""Trajectories, base samples, runs: fewer tell nothing."""


@dataclass(frozen=True)
class Index:
    """How much a figure depends on a lever.

    Attributes:
        own: Morris: mean of the effects (mu); Sobol: part of the variance that is its own (S1); given: None.
        whole: Morris: mean size of the effects (mu*); Sobol: part of the variance it has a hand in (ST);
            given: median of PAWN's distances.
        low, high: the 95 % interval of `whole`; None where there is none.
        spread: Morris: standard deviation of the effects, large where it depends on others; else None.
    """

    lever: str
    own: float | None
    whole: float
    low: float | None
    high: float | None
    spread: float | None

    def told(self) -> dict[str, object]:
        """As plain data."""
        return {name: value for name, value in vars(self).items() if name != "lever"}


def design(levers: Sequence[Lever], method: Method, count: int, seed: int) -> tuple[NDArray[np.float64], list[Setting]]:
    """The points that a method asks for: parts of the way along each lever, and the settings there.

    Args:
        count: Morris: trajectories, of one point more than there are levers; Sobol: base samples, a power of two, of
            two points more than there are levers.

    Raises:
        InputError: too few, or no power of two for Sobol.
    """
    if count < _LEAST[method]:
        raise InputError(f"{count} samples", allowed=f"{_LEAST[method]} at least for {method}")
    from SALib.sample import morris, sobol

    if method == "morris":
        parts = morris.sample(problem(levers), count, num_levels=_GRID, seed=seed)
    else:
        if count & (count - 1):
            raise InputError(f"{count} samples", allowed="a power of two for sobol: 8, 16, 32, …")
        parts = sobol.sample(problem(levers), count, calc_second_order=False, seed=seed)
    return parts, [setting(levers, row) for row in parts]


def indices(
    levers: Sequence[Lever],
    method: Method,
    parts: NDArray[np.float64],
    answers: Sequence[Answer],
    metric: str,
    seed: int,
) -> list[Index]:
    """How much a metric depends on each lever, what it depends on most first.

    Args:
        parts: of the design, or of the runs that exist. answers: at the same points. seed: of resampling.

    Raises:
        InputError: a point has no result, so the design is not whole; or the runs that exist are too few.
    """
    values = np.array([np.nan if (mean := answer.mean(metric)) is None else mean for answer in answers])
    if method == "given":
        known = np.isfinite(values)
        if known.sum() < _LEAST["given"]:
            raise InputError(f"{int(known.sum())} runs with {metric}", allowed=f"{_LEAST['given']} at least")
        return _sorted(_pawn(levers, parts[known], values[known], seed))
    if not np.isfinite(values).all():
        missing = next(answer for answer, value in zip(answers, values, strict=True) if not np.isfinite(value))
        reason = missing.refused or (missing.failures[0].reason if missing.failures else f"no {metric} there")
        raise InputError(
            f"{int((~np.isfinite(values)).sum())} of {len(values)} points have no {metric}: {reason}",
            allowed="levers whose every value gives a plan; or --method given on the runs of a sweep",
        )
    if np.ptp(values) == 0:
        return [Index(lever.name, 0.0, 0.0, 0.0, 0.0, 0.0 if method == "morris" else None) for lever in levers]
    return _sorted((_morris if method == "morris" else _sobol)(levers, parts, values, seed))


def problem(levers: Sequence[Lever]) -> dict[str, Any]:
    """The levers as SALib describes them, each from 0 to 1."""
    names = [lever.name for lever in levers]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def parts_given(levers: Sequence[Lever], settings: Sequence[Mapping[str, Decimal]]) -> NDArray[np.float64]:
    """Where the settings of runs that exist are, as parts of the way along each lever."""
    return np.array([parts_of(levers, one) for one in settings])


def _morris(levers: Sequence[Lever], parts: NDArray[np.float64], values: NDArray[np.float64], seed: int) -> list[Index]:
    from SALib.analyze import morris

    found = morris.analyze(problem(levers), parts, values, num_levels=_GRID, seed=seed)
    rows = zip(found["mu"], found["mu_star"], found["mu_star_conf"], found["sigma"], strict=True)
    return [
        Index(lever.name, float(mu), float(size), max(0.0, float(size - half)), float(size + half), float(spread))
        for lever, (mu, size, half, spread) in zip(levers, rows, strict=True)
    ]


def _sobol(levers: Sequence[Lever], parts: NDArray[np.float64], values: NDArray[np.float64], seed: int) -> list[Index]:
    from SALib.analyze import sobol

    found = sobol.analyze(problem(levers), values, calc_second_order=False, seed=seed)
    rows = zip(found["S1"], found["ST"], found["ST_conf"], strict=True)
    return [
        Index(lever.name, float(own), float(whole), float(whole - half), float(whole + half), None)
        for lever, (own, whole, half) in zip(levers, rows, strict=True)
    ]


def _pawn(levers: Sequence[Lever], parts: NDArray[np.float64], values: NDArray[np.float64], seed: int) -> list[Index]:
    from SALib.analyze import pawn

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # slices of choices may be empty
        found = pawn.analyze(problem(levers), parts, values, S=_SLICES, seed=seed)
    return [
        Index(lever.name, None, float(m), None, None, None) for lever, m in zip(levers, found["median"], strict=True)
    ]


def _sorted(found: list[Index]) -> list[Index]:
    return sorted(found, key=lambda index: -index.whole)
