"""Footprints 行为足迹: what the log shows of members beside orders: shares, days in a row, clicks made and drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY, Kind, Records
from rules.records import NEVER

Counts = NDArray[np.int64]


class Footprints:
    """A sink that counts as the days go by; days come in order, a day may come in several batches.

    Args:
        people: of the market.

    Attributes:
        shares: sent. share_days: days with one. last_share: the last of them (`time // DAY`) or NEVER.
        longest: most days in a row with a share.
        clicks_made: links opened, as a member or before. clicks_drawn: by others on links of this person.
    """

    def __init__(self, people: int) -> None:
        self.shares, self.share_days, self.longest = (np.zeros(people, np.int64) for _ in range(3))
        self.clicks_made, self.clicks_drawn = np.zeros(people, np.int64), np.zeros(people, np.int64)
        self.last_share = np.full(people, NEVER, np.int64)
        self._row = np.zeros(people, np.int64)

    def __call__(self, events: Records, entries: Records) -> None:
        """Count the events of a day."""
        clicks = events[events["kind"] == Kind.click]
        np.add.at(self.clicks_made, clicks["member"], 1)
        np.add.at(self.clicks_drawn, clicks["other"][clicks["other"] >= 0], 1)
        shares = events[events["kind"] == Kind.share]
        days = shares["time"] // DAY
        for day in np.unique(days).tolist():
            self._share(shares["member"][days == day], day)

    def _share(self, sharers: NDArray[Any], day: int) -> None:
        """Count the shares of a day, and for how many days in a row there was one."""
        np.add.at(self.shares, sharers, 1)
        who = np.unique(sharers)
        who = who[self.last_share[who] != day]
        in_a_row = np.where(self.last_share[who] == day - 1, self._row[who] + 1, 1)
        self._row[who], self.last_share[who] = in_a_row, day
        self.longest[who] = np.maximum(self.longest[who], in_a_row)
        self.share_days[who] += 1
