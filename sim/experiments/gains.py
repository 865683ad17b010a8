"""Who earns more and who less under another plan: the same people in both arms, person by person.

With common luck a person has the same number in every arm of a replication. Promoters are put in fifths by what they
earn under both plans together: put in order by one plan alone, those on top of it would seem to lose under any other,
since good luck does not repeat itself.
"""

from __future__ import annotations

from array import array
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import PlainSerializer, PlainValidator

if TYPE_CHECKING:
    _Whole: TypeAlias = array[int]
else:
    _Whole = array  # which says nothing of what is in it before Python 3.12


def _of_bytes(code: str) -> PlainValidator:
    return PlainValidator(lambda kept: array(code, b64decode(kept)) if isinstance(kept, str) else kept)


_AS_BYTES = PlainSerializer(lambda column: b64encode(column.tobytes()).decode())
Column = Annotated[_Whole, _of_bytes("q"), _AS_BYTES]
"""Whole numbers of 64 bits; in JSON their bytes, least first, as base64."""
Ranks = Annotated[_Whole, _of_bytes("B"), _AS_BYTES]
"""Whole numbers below 256, in the same way."""

FIFTHS = 5
"""Groups of promoters, as many people in each."""


@dataclass(frozen=True)
class Earned:
    """What everybody who shared or earned has earned: people by number, ascending; fen and last rank of each."""

    people: Column = field(default_factory=lambda: array("q"))
    fen: Column = field(default_factory=lambda: array("q"))
    rank: Ranks = field(default_factory=lambda: array("B"))

    @classmethod
    def of(cls, people: NDArray[np.int64], fen: NDArray[np.int64], rank: NDArray[np.uint8] | None = None) -> Earned:
        """From columns; without ranks everybody has the first."""
        ranks = np.zeros(len(people), np.uint8) if rank is None else rank
        columns = (people.astype("i8"), fen.astype("i8"), ranks.astype("u1"))
        return cls(*(array(code, one.tobytes()) for code, one in zip("qqB", columns, strict=True)))


@dataclass(frozen=True)
class Turn:
    """How promoters of one group fare under another plan; means over replications.

    Attributes:
        more, less, same: people. before, after: fen of all of them together.
    """

    more: float
    less: float
    same: float
    before: float
    after: float

    @property
    def people(self) -> float:
        """All of the group."""
        return self.more + self.less + self.same


@dataclass(frozen=True)
class Gains:
    """Who wins and who loses where a plan takes the place of the baseline.

    Attributes:
        whole: all who earn under either. fifths: the same in groups, the lowest incomes first.
        gained, lost: fen that winners gain and losers lose in the mean; 0 where there are none.
    """

    arm: str
    whole: Turn
    fifths: tuple[Turn, ...]
    gained: float
    lost: float


def gains_of(arm: str, before: Sequence[Earned], after: Sequence[Earned]) -> Gains | None:
    """What a plan means for each promoter of the baseline and its own; None if nobody earns under either."""
    pairs = [side_by_side(old, new)[1] for old, new in zip(before, after, strict=True)]
    if not any(pair.shape[1] for pair in pairs):
        return None
    change = np.concatenate([pair[1] - pair[0] for pair in pairs])
    groups = [np.array_split(pair[:, np.argsort(pair.sum(axis=0), kind="stable")], FIFTHS, axis=1) for pair in pairs]
    return Gains(
        arm,
        turn_of(pairs),
        tuple(turn_of([group[number] for group in groups]) for number in range(FIFTHS)),
        float(change[change > 0].mean()) if (change > 0).any() else 0.0,
        float(-change[change < 0].mean()) if (change < 0).any() else 0.0,
    )


def side_by_side(old: Earned, new: Earned) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Everybody who earns under either, and fen of each, (2, people)."""
    columns = [(np.array(one.people, np.int64), np.array(one.fen, np.int64)) for one in (old, new)]
    people = np.union1d(*(numbers for numbers, _ in columns))
    paired = np.zeros((2, len(people)), np.int64)
    for row, (numbers, fen) in zip(paired, columns, strict=True):
        row[np.searchsorted(people, numbers)] = fen
    earning = paired.any(axis=0)
    return people[earning], paired[:, earning]


def turn_of(pairs: Sequence[NDArray[np.int64]]) -> Turn:
    """The mean of replications, of each of which there are fen, (2, people)."""
    rows = [((new > old).sum(), (new < old).sum(), (new == old).sum(), old.sum(), new.sum()) for old, new in pairs]
    return Turn(*(float(mean) for mean in np.mean(rows, axis=0)))
