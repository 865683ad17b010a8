"""Points of a study's space: all combinations, or points that fill it evenly, as values of its levers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import product
from typing import Literal

import numpy as np
from scipy.stats import qmc

from rules.errors import InputError
from sim.studies.levers import Lever, Setting

Way = Literal["grid", "latin", "sobol"]
MOST_POINTS = 10_000


def points(levers: Sequence[Lever], way: Way, count: int, seed: int) -> list[dict[str, Decimal]]:
    """Settings of all levers.

    Args:
        way: grid = every combination, a range at `count` places; latin = a Latin hypercube (McKay, Beckman & Conover
            1979); sobol = a scrambled Sobol sequence (Owen 1998), even at any length, best at powers of two.
        count: points, or places of a range in a grid. seed: of the filling.

    Raises:
        InputError: there would be more than `MOST_POINTS`.
    """
    if way == "grid":
        return grid(levers, count)
    if count > MOST_POINTS:
        raise InputError(f"{count} points", allowed=f"{MOST_POINTS:,} at most")
    width = len(levers)
    filling = qmc.LatinHypercube(width, rng=seed) if way == "latin" else qmc.Sobol(width, rng=seed)
    parts = filling.random_base2(max(0, (count - 1).bit_length())) if way == "sobol" else filling.random(count)
    return [setting(levers, row) for row in parts[:count]]


def grid(levers: Sequence[Lever], places: int) -> list[dict[str, Decimal]]:
    """Every combination, the last lever changing first."""
    columns = [_places(lever, places) for lever in levers]
    total = int(np.prod([len(column) for column in columns]))
    if total > MOST_POINTS:
        raise InputError(
            f"a grid of {total:,} points", allowed=f"{MOST_POINTS:,} at most; fewer --points, or --way latin"
        )
    names = [lever.name for lever in levers]
    return [dict(zip(names, row, strict=True)) for row in product(*columns)]


def setting(levers: Sequence[Lever], parts: Sequence[float] | np.ndarray) -> dict[str, Decimal]:
    """The values at parts of the way from 0 to 1."""
    return {lever.name: lever.at(float(part)) for lever, part in zip(levers, parts, strict=True)}


def parts_of(levers: Sequence[Lever], there: Setting) -> list[float]:
    """How far along each lever a setting is, from 0 to 1; for a choice, which of the values."""
    found = []
    for lever in levers:
        value = there[lever.name]
        if lever.is_range:
            low, high = lever.values
            found.append(float((value - low) / (high - low)))
        else:
            found.append((lever.values.index(value) + 0.5) / len(lever.values))
    return found


def _places(lever: Lever, places: int) -> list[Decimal]:
    if not lever.is_range:
        return list(lever.values)
    found = [lever.at(place / max(1, places - 1)) for place in range(places)] if places > 1 else [lever.at(0.5)]
    return list(dict.fromkeys(found))
