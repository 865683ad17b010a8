"""What draws of a forecast decide: a draw is a function of seed, question, number of the future, person and ordinal."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.draws import bits_array, key, uniform_array

Floats = NDArray[np.float64]


class Luck(IntEnum):
    """One question; numbers 1000-1099 are those of forecasts."""

    alive = 1000
    rate = 1001
    leaving = 1002
    gap = 1003  # k = ordinal of the purchase
    leaves = 1004  # k = ordinal of the purchase
    level = 1005
    spend = 1006  # k = ordinal of the purchase
    arrivals = 1007
    arrival = 1008  # person = ordinal of the newcomer
    inviter = 1009  # person = ordinal of the newcomer
    goods = 1010  # k = ordinal of the purchase
    comes_back = 1011  # k = ordinal of the purchase
    off = 1012


def drawn(seed: int, luck: Luck, future: int, person: NDArray[Any], k: NDArray[Any] | int = 0) -> Floats:
    """Numbers in (0, 1), one a person."""
    words = bits_array(key(seed, luck, future), np.asarray(person), k)
    return np.clip(uniform_array(words), 2.0**-53, 1 - 2.0**-53)
