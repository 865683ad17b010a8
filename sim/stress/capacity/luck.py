"""Luck of the model: each draw is a function of seed, purpose and ordinal, so that two shops meet the same luck."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtri

from sim.draws import draw_array, key, uniform_array

Floats = NDArray[np.float64]
_CHUNK = 1024
_QUANTILES = 1 << 16
_FEW = 50_000
_SMALLEST = 2.0**-54


class Luck(IntEnum):
    """What a draw decides; a number is never used for anything else."""

    gap = 61_001
    kind = 61_002
    service = 61_003
    read = 61_004
    product = 61_005
    promoter = 61_006
    shard = 61_007
    flush = 61_008
    batch = 61_009
    batch_promoter = 61_010
    failure = 61_011
    review = 61_012
    reviewed = 61_013
    answer = 61_014
    answered = 61_015
    orders = 61_016
    moment = 61_017
    paid = 61_018
    pay_delay = 61_019
    repeated = 61_020
    ship = 61_021
    deliver = 61_022
    hour = 61_023
    refund = 61_024
    refund_delay = 61_025
    crowd = 61_026
    withdraw = 61_027
    asked = 61_028


def uniforms(seed: int, purpose: Luck, count: int, first: int = 0, day: int = 0) -> Floats:
    """Uniforms in [0, 1) number `first` and following, of a purpose on a day; not to be written to.

    A few are remembered, since a search asks for the same ones for every store that it tries.
    """
    return (_remembered if count <= _FEW else _drawn)(seed, purpose, count, first, day)


def _drawn(seed: int, purpose: Luck, count: int, first: int, day: int) -> Floats:
    drawn: Floats = uniform_array(draw_array(key(seed, purpose, day), np.arange(first, first + count)))
    drawn.setflags(write=False)
    return drawn


_remembered = lru_cache(maxsize=256)(_drawn)


def forget() -> None:
    """Forget all that is remembered, to draw it anew."""
    _remembered.cache_clear()
    services.cache_clear()


@lru_cache(maxsize=32)
def services(seed: int, count: int, first: int, variation: float) -> Floats:
    """Service times of mean 1 of the transactions number `first` and following; not to be written to."""
    drawn = gammas(uniforms(seed, Luck.service, count, first), variation)
    drawn.setflags(write=False)
    return drawn


def exponentials(u: Floats) -> Floats:
    """Standard exponentials at uniforms."""
    return -np.log1p(-u)


def gammas(u: Floats, variation: float) -> Floats:
    """Gamma variates of mean 1 at uniforms: `variation` is standard deviation ÷ mean; 0 = constant, 1 = exponential."""
    if variation == 0:
        return np.ones(len(u))
    if variation == 1:
        return exponentials(u)
    return _quantiles(variation)[(u * _QUANTILES).astype(np.int64)]


@lru_cache(maxsize=64)
def _quantiles(variation: float) -> Floats:
    """Equally likely values of a Gamma variate of mean 1: to look one up is far cheaper than to compute it."""
    shape = variation**-2
    values = gammaincinv(shape, (np.arange(_QUANTILES) + 0.5) / _QUANTILES)
    scaled: Floats = values / values.mean()
    return scaled


def lognormals(u: Floats, median: float, spread: float) -> Floats:
    """Lognormal variates at uniforms; `spread` is the standard deviation of the logarithm."""
    drawn: Floats = median * np.exp(spread * ndtri(np.maximum(u, _SMALLEST)))
    return drawn


def poisson(seed: int, purpose: Luck, day: int, mean: float) -> int:
    """A Poisson number of a day; the same seed gives the same."""
    return int(np.random.Generator(np.random.Philox(key=int(key(seed, purpose, day)))).poisson(mean))


def endless(seed: int, purpose: Luck, variation: float | None = None, day: int = 0) -> Iterator[float]:
    """Uniforms without end, or Gamma variates of mean 1."""
    first = 0
    while True:
        u = uniforms(seed, purpose, _CHUNK, first, day)
        yield from (u if variation is None else gammas(u, variation)).tolist()
        first += _CHUNK
