"""The smallest amount paid at which a sum of rounded shares goes over a limit, and how far over it can go.

A total is at most `slope` × paid + `slack`, since rounding adds less than a fen to each share. So:

- slope under the limit: only amounts below slack ÷ (limit − slope) can be over: look at all of these;
- slope equal to it: shares repeat after `period` fen, rounding and all: look at one period;
- slope over it: large amounts are over: look from the smallest up to the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from rules.compliance.order_ratio.chain import Fen
from rules.money import PPM

MOST = 1 << 24
"""The most amounts that are looked at."""
_FIRST_LOOK = 1 << 10

Total = Callable[[Fen], Fen]
"""What is paid out for each of many amounts paid, in fen."""


class TooFarError(Exception):
    """More amounts would have to be looked at than is sensible."""


@dataclass(frozen=True)
class Sum:
    """A total by amount paid.

    Attributes:
        total: of amounts from 1 fen on.
        slope: numerator and denominator, in parts per million: a bound for large amounts, and what is reached.
        slack: fen by which a total can be over it.
        period: fen after which the total repeats, but for the slope; counted from `settled` on.
        scale: of the total: it is in units of 1/scale fen.
    """

    total: Total
    slope: tuple[int, int]
    slack: int
    period: int
    settled: int = 0
    scale: int = 1

    def last_to_look_at(self, limit: int) -> int | None:
        """No amount above this one can be the first over a limit; None where large amounts are over."""
        part, whole = self.slope
        if part > limit * whole:
            return None
        if self.slack == 0:
            return 0
        if part == limit * whole:
            return self.settled + self.period
        return self.slack * PPM * whole // (limit * whole - part) + 1


def first_over(one: Sum, limit: int, below: int | None) -> int | None:
    """The smallest amount whose total is over a limit (parts per million); None if there is none, or none below.

    Raises:
        TooFarError: it lies further off than `MOST`, if anywhere.
    """
    last = one.last_to_look_at(limit)
    if below is not None:
        last = below - 1 if last is None else min(last, below - 1)
    for paid in _blocks(1, MOST if last is None else min(last, MOST)):
        over = one.total(paid) * PPM > paid * (limit * one.scale)
        if over.any():
            return int(paid[int(np.argmax(over))])
    if last is None or last > MOST:
        raise TooFarError
    return None


def largest_share(one: Sum, least: tuple[int, int]) -> tuple[int, int]:
    """The largest share of what is paid, as total and amount, if it is over `least`; else `least`."""
    best = least
    part, whole = one.slope
    if part * best[1] > best[0] * PPM * whole:
        best = part, PPM * whole
    if one.slack == 0:
        return best
    for paid in _blocks(1, min(one.settled + one.period, MOST)):
        if (int(paid[0]) * part + one.slack * PPM * whole) * best[1] <= best[0] * PPM * whole * int(paid[0]):
            break
        best = _larger(one.total(paid), paid, best)
    return best


def _larger(total: Fen, paid: Fen, best: tuple[int, int]) -> tuple[int, int]:
    """The largest of many shares and one more, compared exactly."""
    scaled = total * PPM // paid
    top = int(scaled.max())
    for place in np.flatnonzero(scaled == top):
        part, whole = int(total[place]), int(paid[place])
        if part * best[1] > best[0] * whole:
            best = part, whole
    return best


def _blocks(first: int, last: int) -> Iterator[Fen]:
    """The amounts from `first` to `last`, in blocks that grow."""
    size = _FIRST_LOOK
    while first <= last:
        yield np.arange(first, min(first + size, last + 1), dtype=np.int64)
        first, size = first + size, min(2 * size, 1 << 18)
