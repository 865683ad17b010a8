"""When transactions arrive: a steady stream as in the busiest minutes, or clients that ask again at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, count

import numpy as np

from sim.stress.capacity.kinds import Kind
from sim.stress.capacity.luck import Floats, Luck, exponentials, uniforms
from sim.stress.capacity.pricing import Kinds, Pricing, Row

_CHUNK = 20_000


def mixed(mix: Mapping[Kind, float], seed: int, count: int, first: int = 0) -> Kinds:
    """Kinds drawn by weight."""
    kinds = np.array([int(kind) for kind in mix], np.int64)
    ends = np.cumsum(np.array(list(mix.values()), np.float64))
    place = np.searchsorted(ends / ends[-1], uniforms(seed, Luck.kind, count, first), side="right")
    return kinds[np.minimum(place, len(kinds) - 1)]


def steady(pricing: Pricing, rates: Mapping[Kind, float], number: int) -> Iterator[Row]:
    """`number` transactions of Poisson streams, so many of each kind a second; twice the rates = half the gaps."""
    gaps = exponentials(uniforms(pricing.seed, Luck.gap, number)) / sum(rates.values())
    at: Floats = np.cumsum(gaps)
    return at_times(pricing, at, mixed(rates, pricing.seed, number))


def without_end(pricing: Pricing, mix: Mapping[Kind, float]) -> Iterator[Row]:
    """Transactions for clients who ask as soon as they have their answer: a mix without end, times 0."""
    numbers = count(0, _CHUNK)
    at = np.zeros(_CHUNK)
    return chain.from_iterable(pricing.rows(at, mixed(mix, pricing.seed, _CHUNK, first), first) for first in numbers)


def at_times(pricing: Pricing, at: Floats, kinds: Kinds) -> Iterator[Row]:
    """Transactions at given times, in order; made as they are needed."""
    chunks = (slice(first, first + _CHUNK) for first in range(0, len(at), _CHUNK))
    return chain.from_iterable(pricing.rows(at[chunk], kinds[chunk], chunk.start) for chunk in chunks)
