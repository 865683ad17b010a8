"""A replay broken down: who gains and who loses by what they earned before, and money by calendar month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY, EventLog, Records
from rules.plan.model import Plan
from sim.history.groups import Grouping
from sim.history.replay import Shifts, walk

Integers = NDArray[np.int64]
TENTHS = 10


@dataclass(frozen=True)
class Tenth:
    """A tenth of the members who earn under either plan, the first those who earned most before; amounts are fen."""

    number: int
    members: int
    before: int
    after: int
    winning: int
    losing: int

    def to_dict(self) -> dict[str, Any]:
        """For JSON, in yuan."""
        amounts = {"before": self.before / 100, "after": self.after / 100}
        return {"tenth": self.number, "members": self.members, **amounts} | {
            "winning": self.winning,
            "losing": self.losing,
        }


@dataclass(frozen=True)
class Sums:
    """How many gain and lose by a change, and how much together; fen."""

    winning: int
    gained: int
    losing: int
    lost: int
    unchanged: int


def sums(shifts: Shifts) -> Sums:
    """Gains and losses of all members."""
    more = shifts.difference
    earn = (shifts.earned != 0).any(axis=0)
    return Sums(
        int((more > 0).sum()),
        int(more[more > 0].sum()),
        int((more < 0).sum()),
        int(-more[more < 0].sum()),
        int((earn & (more == 0)).sum()),
    )


def tenths(shifts: Shifts) -> list[Tenth]:
    """Those who earn under either plan, in ten groups of equal size (to one member) by what they earned before."""
    earn = np.flatnonzero((shifts.earned != 0).any(axis=0))
    ranked = earn[np.argsort(-shifts.earned[0][earn], kind="stable")]
    return [_tenth(number, shifts, part) for number, part in enumerate(np.array_split(ranked, TENTHS), 1) if len(part)]


def by_group(shifts: Shifts, groups: Grouping) -> list[dict[str, Any]]:
    """Who gains and who loses in each group of members, those of none last; for JSON, in yuan."""
    earn = (shifts.earned != 0).any(axis=0)
    found = []
    for number, name in [*enumerate(groups.names), (-1, "")]:
        members = np.flatnonzero(earn & (groups.of == number))
        if len(members):
            found.append({"group": name} | _tenth(0, shifts, members).to_dict())
            del found[-1]["tenth"]
    return found


def _tenth(number: int, shifts: Shifts, members: NDArray[np.intp]) -> Tenth:
    before, after = shifts.earned[:, members]
    return Tenth(
        number,
        len(members),
        int(before.sum()),
        int(after.sum()),
        int((after > before).sum()),
        int((after < before).sum()),
    )


def commission_by_month(entries: Records) -> dict[str, int]:
    """Fen booked in each month, net of what was taken back in it."""
    return _by_month(entries["time"], entries["amount"])


def sales_by_month(log: EventLog, plan: Plan, start_day: int | None = None) -> dict[str, int]:
    """Fen paid for goods in each month, without freight; refunds are not taken off. The plan changes no order."""
    orders = walk(log, plan, start_day).book.rows("orders")
    paid = orders[orders["paid_at"] >= 0]
    return _by_month(paid["paid_at"], paid["goods"])


def _by_month(times: Integers, amounts: Integers) -> dict[str, int]:
    """Sums by month, as 1997-01, in order."""
    if not len(times):
        return {}
    months = (times // DAY).astype("datetime64[D]").astype("datetime64[M]")
    found, place = np.unique(months, return_inverse=True)
    total = np.zeros(len(found), np.int64)
    np.add.at(total, place, amounts)
    return dict(zip((str(month) for month in found), total.tolist(), strict=True))


def in_yuan(months: Mapping[str, int]) -> dict[str, float]:
    """For JSON."""
    return {month: fen / 100 for month, fen in months.items()}
