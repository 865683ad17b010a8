"""Journals as arrays, and what tells one's contents from another's."""

from __future__ import annotations

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

_STEP = np.uint64(0x9E3779B97F4A7C15)
_COLUMNS = (np.arange(1, len(_CONTENTS) + 1, dtype=np.uint64) * _STEP)[None, :]
_SHIFTS = tuple(map(np.uint64, (30, 27, 31)))
_FACTORS = tuple(map(np.uint64, (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)))


def digests(rows: NDArray[Any], starts: NDArray[np.intp]) -> NDArray[np.int64]:
    """63 bits of the contents of each journal: the same for the same contents, on every machine, for ever.

    Every number is mixed with the number of its column, a row's are added up and mixed again, and so are the rows of a
    journal (which know their part). The mixing is the finaliser of SplitMix64 (Steele, Lea, Flood: Fast Splittable
    Pseudorandom Number Generators, OOPSLA 2014). It finds mistakes; against malice there is `sim.store.sql.audit`.

    Args:
        rows: `JOURNAL` rows, those of one journal together.
        starts: where each journal begins.
    """
    numbers = rows.view(np.uint64).reshape(len(rows), len(_CONTENTS))
    mixed = _mixed(_mixed(numbers + _COLUMNS).sum(axis=1, dtype=np.uint64))
    return (_mixed(np.add.reduceat(mixed, starts)) >> np.uint64(1)).astype(np.int64)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = (values ^ (values >> _SHIFTS[0])) * _FACTORS[0]
    values = (values ^ (values >> _SHIFTS[1])) * _FACTORS[1]
    return values ^ (values >> _SHIFTS[2])
