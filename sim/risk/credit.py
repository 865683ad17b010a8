"""Credit 信用分: 100 less a member's points. Signs bring points, time takes them away, a release takes them all.

After a release the same things count again only when some time has passed: a reviewer has just looked at them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rules.events import Records
from rules.plan.limits import FULL_CREDIT
from sim.risk.rules import RiskRules, Sign

LINES = tuple(range(5, 101, 5))
"""Credits at which every curve has a point."""
TRUSTED_DAYS = 60
"""Days after a release in which signs bring no points."""

FINDING = np.dtype(
    [("day", "i4"), ("member", "i4"), ("sign", "u1"), ("points", "i2"), ("value", "i8"), ("limit", "i8")]
)
"""A finding: day of the run, about whom, which `Sign`, its points, what was seen, and from where on it is one."""


def found(sign: Sign, members: NDArray[np.integer], value: NDArray[np.integer] | int, limit: int) -> Records:
    """Findings of one sign; day and points are filled in by `Credit.take`."""
    rows = np.zeros(len(members), FINDING)
    rows["member"], rows["sign"], rows["value"], rows["limit"] = members, sign, value, limit
    return rows


class Credit:
    """The credit of everybody.

    Args:
        rules: how many points a sign is worth, and when they are forgiven. people: size of the market.

    Attributes:
        lowest: by member, the least credit ever.
        lines: credits at which the curve of a desk has a point, the one that freezes among them.
        fell: by member and line, the first day of the run on which credit was below it; -1 = it never was.
    """

    def __init__(self, rules: RiskRules, people: int) -> None:
        self._rules = rules
        self._points = np.zeros(people, np.int16)
        self._trusted_until = np.full(people, -1, np.int32)
        self._worth = np.array([0, *(rules.points.of(sign) for sign in Sign)], np.int16)
        self.lowest = np.full(people, FULL_CREDIT, np.int16)
        self.lines = tuple(sorted({*LINES, rules.freeze_below}))
        self.fell = np.full((people, len(self.lines)), -1, np.int16)

    @property
    def now(self) -> NDArray[np.int16]:
        """Credit by member, 0 to 100."""
        return FULL_CREDIT - self._points

    def take(self, day: int, findings: Records) -> Records:
        """Take a day's findings to the points; gives those that count, with day and points."""
        counted = findings[self._trusted_until[findings["member"]] < day]
        counted["day"], counted["points"] = day, self._worth[counted["sign"]]
        points = self._points.astype(np.int64)
        np.add.at(points, counted["member"], counted["points"])
        self._points = np.minimum(points, FULL_CREDIT).astype(np.int16)
        self.lowest = np.minimum(self.lowest, self.now)
        about = np.unique(counted["member"])
        new = (self.now[about, None] < np.array(self.lines)) & (self.fell[about] < 0)
        self.fell[about] = np.where(new, day, self.fell[about])
        return counted

    def forgive(self) -> None:
        """Take away what a week takes away."""
        self._points = np.maximum(self._points - self._rules.forgive, 0).astype(np.int16)

    def restore(self, day: int, members: NDArray[np.int32]) -> None:
        """Give members their full credit back, and believe them for a while."""
        self._points[members] = 0
        self._trusted_until[members] = day + TRUSTED_DAYS
