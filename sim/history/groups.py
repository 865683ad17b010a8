"""Groups that data put members into: ranks, and regions. For telling who gains and who loses by a change of plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rules.events import EventLog, Kind
from sim.history.cells import Sheet

Integers = NDArray[np.int64]
REGION = "region"
"""The column of a members file; no rule looks at it."""


@dataclass(frozen=True)
class Grouping:
    """Of each member the group, by number in `names`, or -1 where none is said."""

    of: Integers
    names: Sequence[str]


def ranks_given(log: EventLog, people: int) -> Grouping:
    """The last rank that the data give each member.

    What a plan makes of it is left out: it is another one under every plan.
    """
    given = log.events[log.events["kind"] == Kind.promote]
    rank = np.full(people, -1, np.int64)
    rank[given["member"]] = given["rank"]
    return Grouping(rank, log.names.ranks)


def regions_in(sheet: Sheet | None, members: Sequence[str]) -> Grouping:
    """The regions that a members table gives; nobody's where there is no table or no such column.

    Args:
        members: names, in the order of their numbers.
    """
    if sheet is None or not sheet.has(REGION):
        return Grouping(np.full(len(members), -1), [])
    codes, names = sheet.coded(REGION)
    rows = pc.fill_null(pc.index_in(pa.array(members, pa.string()), value_set=sheet.text("member_id")), -1)
    return Grouping(np.append(codes, -1)[rows.to_numpy(zero_copy_only=False)], names)
