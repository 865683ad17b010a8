"""Review 人工审核: people look at frozen accounts, so many a day, and release or reject them.

They see what the desk cannot: whether somebody cheats, nearly always. The lowest credit is looked at first, then who
has waited longest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.events import Records
from rules.money import PPM
from sim.draws import bits_array, uniform_array
from sim.risk.rules import Reviewers
from sim.risk.truth import Truth

REVIEW = np.dtype([("member", "i4"), ("opened", "i4"), ("closed", "i4"), ("condemned", "?")])
"""A review: of whom, on which days of the run it was opened and closed, and whether the account was rejected."""


@dataclass(frozen=True)
class Decisions:
    """What the reviewers decided on a day.

    Attributes:
        released, condemned: members.
    """

    released: NDArray[np.int32]
    condemned: NDArray[np.int32]


class Reviews:
    """The queue of cases and the people who work on it.

    Args:
        rules: how many cases a day, and how often they are right. truth: what they see. key: of their luck.
    """

    def __init__(self, rules: Reviewers, truth: Truth, key: np.uint64) -> None:
        self._rules, self._truth, self._key = rules, truth, key
        self._opened = np.full(len(truth.kind), -1, np.int32)
        self._times = np.zeros(len(truth.kind), np.int64)
        self._closed: list[Records] = []

    @property
    def waiting(self) -> NDArray[np.int64]:
        """Members whose case is open."""
        return np.flatnonzero(self._opened >= 0)

    @property
    def closed(self) -> Records:
        """All reviews that have been closed, in order."""
        return np.concatenate([np.zeros(0, REVIEW), *self._closed])

    def open(self, day: int, members: NDArray[np.integer]) -> None:
        """Put cases into the queue; those that are open already stay where they are."""
        new = members[self._opened[members] < 0]
        self._opened[new] = day

    def work(self, day: int, credit: NDArray[np.int16]) -> Decisions:
        """A day's work."""
        queue = self.waiting
        order = np.lexsort((queue, self._opened[queue], credit[queue]))
        members = queue[order][: self._rules.cases_a_day].astype(np.int32)
        luck = uniform_array(bits_array(self._key, members, self._times[members]))
        seen = np.where(self._truth.cheats[members], self._rules.finds, self._rules.errs)
        condemned = luck * PPM < seen
        rows = np.zeros(len(members), REVIEW)
        rows["member"], rows["opened"], rows["closed"] = members, self._opened[members], day
        rows["condemned"] = condemned
        self._closed.append(rows)
        self._times[members] += 1
        self._opened[members] = -1
        return Decisions(members[~condemned], members[condemned])
