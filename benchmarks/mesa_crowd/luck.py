"""Luck in Python's own integers: either the draws of `sim.draws`, to the bit, or Python's generator, which is faster.

A draw is a word of 64 bits. `draw(key, number)` is one for a person; `draw(draw(key, person), k)` is the k-th of hers.
"""

from __future__ import annotations

from collections.abc import Callable
from math import frexp
from random import Random
from struct import Struct

from sim.behaviour.purposes import Decision
from sim.draws import key as key_of
from sim.quantiles import CELLS, EDGE, OCTAVES, POINTS

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
LOW = (1 << 32) - 1
_SINGLE = Struct("f")


class SameLuck:
    """The same draws, and the same rounding of what is remembered, as the crowd in columns has.

    Args:
        seed: of the world.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.draw: Callable[[int, int], int] = draw
        self.single: Callable[[float], float] = single

    def key(self, decision: Decision, day: int = -1) -> int:
        """The key of a decision: taken once a person, or on a day."""
        return int(key_of(self._seed, decision, day + 1))


class FreeLuck:
    """Draws of Python's generator, one after the other, and no rounding: what a Mesa user would take.

    Args:
        generator: the model's.
    """

    def __init__(self, generator: Random) -> None:
        self._bits = bits = generator.getrandbits
        self.draw: Callable[[int, int], int] = lambda _key, _number: bits(64)
        self.single: Callable[[float], float] = float

    def key(self, decision: Decision, day: int = -1) -> int:
        """Some word: there are no keys, but for what the store draws from `sim.draws`."""
        return self._bits(64)


def draw(key: int, number: int) -> int:
    """64 random bits; `number` is a person, or the ordinal of a question to her, or -1 for one more draw of a word."""
    z = (key + (number + 1) * GOLDEN) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def single(number: float) -> float:
    """The nearest number of 32 bits."""
    rounded: float = _SINGLE.unpack(_SINGLE.pack(number))[0]
    return rounded


def uniform(word: int) -> float:
    """A number in [0, 1) from the upper 53 bits."""
    return (word >> 11) * 2.0**-53


def cut(word: int, low: int, width: int) -> float:
    """A number in [0, 1) from `width` bits, from bit `low` on."""
    return ((word >> low) & ((1 << width) - 1)) / (1 << width)


def thirds(word: int) -> tuple[float, float, float]:
    """Three independent numbers in [0, 1), of 21 bits each."""
    return cut(word, 0, 21), cut(word, 21, 21), cut(word, 42, 21)


def pick(word: int, count: int) -> int:
    """One of 0 ... count - 1."""
    return ((word >> 32) * count) >> 32


def lookup(table: list[float], u: float) -> float:
    """The value of a quantile table (`sim.quantiles`) at u in [0, 1)."""
    upper = u >= 0.5
    mantissa, exponent = frexp(max(1.0 - u if upper else u, EDGE))
    place = (2 * mantissa - 1) * CELLS
    cell = int(place)
    step = (exponent + OCTAVES) * CELLS + cell
    start, end = (table[POINTS - 1 - step], table[POINTS - 2 - step]) if upper else (table[step], table[step + 1])
    return start + (place - cell) * (end - start)
