"""Replay of a history that does not fit into memory: dealt out by tree of referral, replayed part by part.

The results are those of `sim.history.replay` on the same tables, to the fen, for plans that the bulk engine computes.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from rules.book import open_book
from rules.bulk.engine import BulkTotals, Sums
from rules.bulk.support import why_not
from rules.errors import InputError
from rules.events import DAY, Names, Records
from rules.plan.model import Plan
from sim.allocation import keep_memory
from sim.experiments.pool import at_work
from sim.history.cells import table_sheet
from sim.history.columns import start_columns
from sim.history.groups import REGION, Grouping
from sim.history.large.part import Whole, read_part
from sim.history.large.people import joining, read_people
from sim.history.large.split import Dealt, pieces, split_piece
from sim.history.members import binding
from sim.history.orders import closing
from sim.history.replay import ReplayResult, result_of

Integers = NDArray[np.int64]
Job = TypeVar("Job")
Result = TypeVar("Result")
MANY_LINES = 1_000_000
"""From here on a history in Parquet is dealt out."""
PART_LINES = 400_000
"""Lines of a part, about: so few that the C library keeps their memory for the next one (`sim.allocation`)."""
Tell = Callable[[float, str], None]
"""What part of the work is done, from 0 to 1, and what is being done."""


class Spread(NamedTuple):
    """Over whom work is spread: processes here, or a Dask cluster whose workers see the same folder."""

    workers: int = 2
    dask: str | None = None

    def over(self, work: Callable[[Job], Result], jobs: Iterable[Job]) -> Iterator[tuple[Job, Result]]:
        """What comes of each job, as it comes."""
        if self.dask:
            from sim.experiments.cluster import on_dask

            return on_dask(work, jobs, self.dask, self.workers)
        return at_work(work, jobs, self.workers)


class Month(NamedTuple):
    """A calendar month, as 1997-01, in fen: paid for goods, given back of it, commission booked net of reversals."""

    month: str
    goods: int
    refunded: int
    commission: int


@dataclass(frozen=True)
class LargeReplay:
    """What plans make of a large history.

    Attributes:
        results, months: by plan. members: their names, by number.
        groups: that the data put members into, see `Past.groups`.
        lines, parts: how many. largest: people of the largest tree, which a part has to hold.
    """

    results: list[ReplayResult]
    months: list[list[Month]]
    members: pa.ChunkedArray
    groups: dict[str, Grouping]
    lines: int
    parts: int
    largest: int


def is_large(folder: Path) -> bool:
    """Whether a folder holds so many order lines in Parquet, with all its people, that they are dealt out."""
    orders, members = folder / "orders.parquet", folder / "members.parquet"
    return orders.exists() and members.exists() and pq.ParquetFile(orders).metadata.num_rows >= MANY_LINES


def replay_large(
    folder: Path, plans: Sequence[Plan], spread: Spread, tell: Tell = lambda done, what: None, parts: int = 0
) -> LargeReplay:
    """What each plan makes of the orders of a folder that an import wrote.

    Args:
        folder: orders.parquet and members.parquet, typed (docs/IMPORT.md). spread: over whom the work is spread.
        parts: into how many it is dealt out; 0 = as many as keep a part small.

    Raises:
        InputError: a plan that only the event engine computes, or something wrong with the tables.
    """
    for plan in plans:
        if reason := why_not(plan, refunds=True):
            raise InputError(
                f"{plan.plan}: so large a history is replayed by the bulk engine, which does not compute {reason}",
                allowed=f"a history of fewer than {MANY_LINES:,} lines, or a plan without it",
            )
    lines = pq.ParquetFile(folder / "orders.parquet").metadata.num_rows
    parts = parts or max(spread.workers, math.ceil(lines / PART_LINES))
    with tempfile.TemporaryDirectory(prefix="fenxiao-", dir=folder) as into:
        return _replay(folder.resolve(), Path(into).resolve(), plans, spread, tell, parts, lines)


def _replay(
    folder: Path, into: Path, plans: Sequence[Plan], spread: Spread, tell: Tell, parts: int, lines: int
) -> LargeReplay:
    tell(0.0, "members")
    table, people, ranks, largest = read_people(folder / "members.parquet", parts)
    table.save(into)
    people.save(into)
    rank = Grouping(people.rank, ranks)
    del table
    dealt, first = list[Dealt](), np.full(len(people.part), np.iinfo(np.int64).max)
    for _, one in spread.over(split_piece, pieces(folder / "orders.parquet", into, parts)):
        np.minimum.at(first, one.buyers, one.placed)
        dealt.append(one)
        tell(0.5 * sum(each.rows for each in dealt) / lines, "lines")
    joined = joining(people, first)
    np.save(into / "joined.npy", joined)
    np.save(into / "bound.npy", binding(people.bound, joined, people.inviter))
    whole, names = _whole(folder / "orders.parquet", into, dealt, joined, ranks)
    earned = np.zeros((len(plans), len(joined)), np.int64)
    sums: list[list[BulkTotals]] = [[] for _ in plans]
    work = partial(replay_part, whole, tuple(plans), names)
    until = np.zeros((len(plans), len(whole.month_ends) + 1, len(Sums._fields)), np.int64)
    for done, (_, part) in enumerate(spread.over(work, range(parts)), 1):
        for number, one in enumerate(part.totals):
            earned[number, part.people] = one.earned
            sums[number].append(one)
            until[number] += np.array(part.until[number])
        tell(0.5 + 0.5 * done / parts, "parts")
    results = [
        result_of(plan, _summed(mine, own), _not_walked) for plan, mine, own in zip(plans, sums, earned, strict=True)
    ]
    ids = pq.read_table(folder / "members.parquet", columns=["member_id"])["member_id"]
    if not sums[0]:
        raise InputError("no order was paid", allowed="orders with paid_at")
    months = [_months(whole, sums_of) for sums_of in until]
    groups = {"ranks": rank, "regions": _regions(folder / "members.parquet", len(ids))}
    return LargeReplay(results, months, ids, groups, lines, parts, largest)


@dataclass(frozen=True, eq=False)
class PartReplay:
    """What plans make of a part: by plan, in all and until the end of each month; and whom it holds."""

    people: Integers
    totals: list[BulkTotals]
    until: list[list[Sums]]


def replay_part(whole: Whole, plans: tuple[Plan, ...], names: Names, number: int) -> PartReplay:
    """What each plan makes of a part."""
    keep_memory()
    part = read_part(whole, number)
    found = PartReplay(part.people, [], [])
    if part.columns is None:
        return found
    opening: Records = open_book(len(part.people), 1).members
    for plan in plans:
        begun = start_columns(part.columns, plan, names, whole.since // DAY, opening)
        found.until.append(begun.finish_by(whole.month_ends))
        found.totals.append(begun.totals())
    return found


def _regions(path: Path, people: int) -> Grouping:
    """The regions of members, who are numbered by their rows."""
    if REGION not in pq.read_schema(path).names:
        return Grouping(np.full(people, -1), [])
    return Grouping(*table_sheet(pq.read_table(path, columns=[REGION]), str(path)).coded(REGION))


def _whole(path: Path, into: Path, dealt: list[Dealt], joined: Integers, ranks: list[str]) -> tuple[Whole, Names]:
    """The pieces in the order of the table, and one numbering of all names."""
    dealt = sorted(dealt, key=lambda one: one.number)
    categories, of_category = _numbered([one.categories for one in dealt])
    skus, of_sku = _numbered([one.skus for one in dealt])
    since = min([int(joined.min()), *(one.since for one in dealt)])
    until = max([int(joined.max()), *(one.until for one in dealt)])
    whole = Whole(path, into, tuple(dealt), of_category, of_sku, since, closing(until))
    return whole, Names(categories=categories, skus=skus, ranks=ranks)


def _numbered(names: Sequence[Sequence[str]]) -> tuple[list[str], tuple[Integers, ...]]:
    """Different names, and for each list the numbers of its own among them, with -1 at the end, for -1."""
    numbers: dict[str, int] = {}
    own = [np.array([*(numbers.setdefault(name, len(numbers)) for name in some), -1], np.int64) for some in names]
    return list(numbers), tuple(own)


def _summed(totals: Sequence[BulkTotals], earned: Integers) -> BulkTotals:
    """The totals of all parts; `earned` by the numbers of all people."""
    counts = ("orders", "goods", "refunded", "commissionable", "entries", "refused")
    return BulkTotals(
        **{name: sum(getattr(one, name) for one in totals) for name in counts},
        booked=np.sum([one.booked for one in totals], axis=0),
        reversed=np.sum([one.reversed for one in totals], axis=0),
        earned=earned,
    )


def _months(whole: Whole, until: Integers) -> list[Month]:
    """What came in each month, of what came until its end."""
    first = np.datetime64(whole.since // DAY, "D").astype("datetime64[M]")
    each = np.diff(until, axis=0, prepend=0)
    return [Month(str(first + place), *row) for place, row in enumerate(each.tolist()) if any(row)]


def _not_walked() -> tuple[Records, int]:
    raise InputError("the entries of so large a history are not kept", allowed="a part of it")
