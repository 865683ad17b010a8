"""Luck as a function: every draw is computed from (seed, purpose, day, person, k), nothing is remembered.

Two plans that ask the same question about the same person on the same day get the same answer, however many
other questions were asked in between: that is what makes paired comparison cheap. The order of asking, the
number of threads and the number of processes do not matter either.

A draw is a counter hash. `key` mixes seed, purpose and day once per phase; `draw` costs one more round per
person, `bits` a second one for the k-th question to the same person. The round is the output function of
SplitMix64 (Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators"; constants of
Stafford's variant 13), so the draws of persons 0, 1, 2, ... are a SplitMix64 sequence. All arithmetic is
modulo 2**64 and exact: the same bits on every machine. Only `exponential` calls the C library: same bits on
the same architecture.

Kernels take and give scalars; those named `..._array` are their NumPy twins for whole columns.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.jit import kernel

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
"""2**64 divided by the golden ratio, odd: the step from one person (or k) to the next."""
DAY_STEP = np.uint64(0xD1342543DE82EF95)
"""Another odd number: the step from one day to the next."""
ULP = 2.0**-53
"""Distance between two neighbouring values of `uniform`."""

_ONE = np.uint64(1)
_S11, _S27, _S30, _S31, _S32 = (np.uint64(n) for n in (11, 27, 30, 31, 32))
_M1, _M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_MASK64 = (1 << 64) - 1

Bits = NDArray[np.uint64]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Purpose(IntEnum):
    """What a draw decides. A number, once given, is never used for anything else: it is part of every result.

    Ranges: 1-99 traits of a person, 100-199 what happens in a day, 200-299 an order, 300-399 risk and actors,
    400-499 experiments, 900-999 turning a purchase log into a store's history (`sim.history.tree`).
    """

    HISTORY_HOUR = 900
    HISTORY_PAY = 901
    HISTORY_RECEIPT = 902
    HISTORY_JOIN = 903
    HISTORY_INVITED = 904
    HISTORY_INVITER = 905
    HISTORY_CATEGORY = 906
    HISTORY_SKU = 907
    HISTORY_CHANNEL = 908
    HISTORY_REFUND = 909
    HISTORY_REFUND_DAY = 910


@kernel
def mix64(z: int) -> int:
    """One round: a bijection of 64-bit words in which every input bit moves about half of the output bits."""
    z = np.uint64(z)
    z = (z ^ (z >> _S30)) * _M1
    z = (z ^ (z >> _S27)) * _M2
    return z ^ (z >> _S31)


@kernel
def on_day(stream: int, day: int) -> int:
    """The key of a day (any whole number) of a `stream`, for kernels that look at several days."""
    return mix64(np.uint64(stream) + (np.uint64(day) + _ONE) * DAY_STEP)


@kernel
def draw(key: int, person: int) -> int:
    """64 random bits for one question to one person: `person` is any whole number from 0."""
    return mix64(np.uint64(key) + (np.uint64(person) + _ONE) * GOLDEN)


@kernel
def bits(key: int, person: int, k: int) -> int:
    """64 random bits for the `k`-th question to a person: an order's ordinal, a contact (from 0)."""
    return mix64(draw(key, person) + (np.uint64(k) + _ONE) * GOLDEN)


@kernel
def uniform(word: int) -> float:
    """A number in [0, 1) from the upper 53 bits: a multiple of 2**-53, never 1."""
    return np.float64(np.uint64(word) >> _S11) * ULP


@kernel
def field(word: int, low: int, width: int) -> int:
    """The `width` (at most 62) bits from bit `low` on as a whole number, to cut one draw into several
    decisions.

    Fields that do not overlap are independent. Use 24 bits or more for anything rarer than 1 %.
    """
    return np.int64((np.uint64(word) >> np.uint64(low)) & ((_ONE << np.uint64(width)) - _ONE))


@kernel
def pick(word: int, n: int) -> int:
    """One of 0 ... n - 1 (n from 1 to 2**31), equally likely up to n / 2**32; from the upper 32 bits."""
    return np.int64(((np.uint64(word) >> _S32) * np.uint64(n)) >> _S32)


@kernel
def exponential(u: float) -> float:
    """The standard exponential at `u` in [0, 1): rising, at most 36.8. Not for daily hot kernels."""
    return -np.log1p(-u)


def stream(seed: int, purpose: int) -> np.uint64:
    """The word that stands for a purpose under a seed; `on_day` turns it into the key of a day.

    Args:
        seed: any whole number; taken modulo 2**64.
        purpose: a `Purpose`, or any whole number of one's own from 10,000 on.
    """
    return np.uint64(_mix(_mix(seed + int(GOLDEN)) + (int(purpose) + 1) * int(GOLDEN)))


def key(seed: int, purpose: int, day: int = 0) -> np.uint64:
    """The key of all draws of one purpose on one day (0 where the day does not matter, as for traits)."""
    return np.uint64(_mix(int(stream(seed, purpose)) + (int(day) + 1) * int(DAY_STEP)))


def draw_array(key: int | np.uint64, person: NDArray[Any]) -> Bits:
    """`draw` for a column of persons: same shape, same bits."""
    return _mix_array(np.uint64(key) + (np.asarray(person).astype(np.uint64) + _ONE) * GOLDEN)


def bits_array(key: int | np.uint64, person: NDArray[Any], k: NDArray[Any] | int) -> Bits:
    """`bits` for columns of persons and ordinals (or one ordinal for all): same bits."""
    return _mix_array(draw_array(key, person) + (np.atleast_1d(k).astype(np.uint64) + _ONE) * GOLDEN)


def uniform_array(words: Bits) -> Floats:
    """`uniform` for a column: same bits."""
    return (words >> _S11).astype(np.float64) * ULP


def field_array(words: Bits, low: int, width: int) -> Integers:
    """`field` for a column."""
    return ((words >> np.uint64(low)) & np.uint64((1 << width) - 1)).astype(np.int64)


def pick_array(words: Bits, n: NDArray[Any] | int) -> Integers:
    """`pick` for a column of words and one n, or an n for each word."""
    return (((words >> _S32) * np.atleast_1d(n).astype(np.uint64)) >> _S32).astype(np.int64)


def chance(key: int | np.uint64, person: int, k: int) -> float:
    """`uniform` of `bits` in Python's own integers, for the few questions that no kernel asks: same bits."""
    word = _mix(int(key) + (person + 1) * int(GOLDEN))
    return (_mix(word + (k + 1) * int(GOLDEN)) >> 11) * ULP


def _mix_array(z: Bits) -> Bits:
    z = (z ^ (z >> _S30)) * _M1
    z = (z ^ (z >> _S27)) * _M2
    return z ^ (z >> _S31)


def _mix(z: int) -> int:
    """`mix64` in Python's own integers, for the few words mixed once per phase."""
    z &= _MASK64
    z = ((z ^ (z >> 30)) * int(_M1)) & _MASK64
    z = ((z ^ (z >> 27)) * int(_M2)) & _MASK64
    return z ^ (z >> 31)
