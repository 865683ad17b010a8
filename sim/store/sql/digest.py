"""Journals as arrays, and what tells one's contents from another's."""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

LEGS: Final = 4
_HEAD = ("id", "part", "event_at", "business_date")
_CONTENTS = (*_HEAD, *(f"a{leg}" for leg in range(LEGS)), *(f"x{leg}" for leg in range(LEGS)))
JOURNAL = np.dtype([(name, "i8") for name in _CONTENTS])
"""Rows of journals: number, part (0, 1, ... of the same journal), when, business day, four accounts, four amounts."""
MOVE = np.dtype(
    [(name, "i8") for name in ("journal", "member", "pending", "held", "available", "withdrawing", "withdrawn")]
)
"""What a journal adds to a member's wallet. Of no journal (`NO_JOURNAL`): a state alone changes, the sum does not."""
NO_JOURNAL = -1

_STEP = 0x9E3779B97F4A7C15
_SHIFTS = (30, 27, 31)
_FACTORS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_ALL = 2**64 - 1


def _mixed_plain(value: int) -> int:
    """A number of 64 bits, well mixed: the finaliser of SplitMix64."""
    value &= _ALL
    value = (value ^ value >> _SHIFTS[0]) * _FACTORS[0] & _ALL
    value = (value ^ value >> _SHIFTS[1]) * _FACTORS[1] & _ALL
    return value ^ value >> _SHIFTS[2]


_MULTIPLIERS = [_mixed_plain(column * _STEP) | 1 for column in range(1, len(_CONTENTS) + 1)]
"""An odd number for every column, the outputs of SplitMix64 from 0 on."""
_COLUMNS = np.array(_MULTIPLIERS, np.uint64)


def digests(rows: NDArray[Any], starts: NDArray[np.intp]) -> NDArray[np.int64]:
    """63 bits of the contents of each journal: the same for the same contents, on every machine, for ever.

    Every number is multiplied with that of its column and a row's products are added up, modulo 2**64 (multilinear
    hashing: Lemire and Kaser, Strongly Universal String Hashing is Fast, 2014), then mixed (SplitMix64: Steele, Lea,
    Flood, 2014); the rows of a journal, which know their part, are added up and mixed again. Two journals that differ
    in one number of one row never have the same sum. It finds mistakes; against malice there is `sim.store.sql.audit`.

    Args:
        rows: `JOURNAL` rows, those of one journal together.
        starts: where each journal begins.
    """
    numbers = rows.view(np.uint64).reshape(len(rows), len(_CONTENTS))
    mixed = _mixed((numbers * _COLUMNS).sum(axis=1, dtype=np.uint64))
    return (_mixed(np.add.reduceat(mixed, starts)) >> np.uint64(1)).astype(np.int64)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    first, second, third = map(np.uint64, _SHIFTS)
    values = (values ^ (values >> first)) * np.uint64(_FACTORS[0])
    values = (values ^ (values >> second)) * np.uint64(_FACTORS[1])
    return values ^ (values >> third)


def plain_digest(rows: Sequence[Sequence[int]]) -> int:
    """The same for the rows of one journal, as plain numbers: faster where they are few."""
    return _mixed_plain(sum(_mixed_plain(sum(map(mul, row, _MULTIPLIERS))) for row in rows)) >> 1
