"""The bulk engine: orders as columns in, the amounts that a plan makes of them out, and nothing else.

It answers what replay, plan search and proof ask of a plan: who earns how much on which line. It keeps no wallets, no
holds and no withdrawals, and of the orders only those that money goes back of. Orders go through a block of arrays that
is used again and again, so memory does not grow with them. Its amounts are those of the event engine, to the fen
(tests/rules/test_bulk.py), because both call the same kernels for every amount.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rules.book import Book
from rules.bulk.blocks import take_block, take_orders
from rules.bulk.chains import make_changes
from rules.bulk.columns import Column, OrderColumns, RefundColumns, Returns, make_returns
from rules.bulk.members import ChangeColumns, ChangeKind, MemberColumns
from rules.bulk.periods import close_slot, judge_members
from rules.bulk.returns import KEPT_ENTRY, KEPT_LINE, KEPT_ORDER, LATE_ROWS, take_refunds
from rules.bulk.state import judges_months, make_work, meters_asked, people_arrays, task_of, work_arrays
from rules.bulk.support import why_not
from rules.calendar import period_of
from rules.commission.period import reset_meters
from rules.errors import InputError
from rules.events import DAY, Names, Period, Records
from rules.money import MAX_AMOUNT
from rules.plan.compile import compile_plans
from rules.plan.model import Plan
from rules.records import ENTRY, LINE, MEMBER, STATEMENT

BLOCK = 1024
"""Orders of a block: few enough for the block to stay in the processor's own memory."""
LINES_AN_ORDER = 4
FOREVER = np.iinfo(np.int64).max
LISTED = 1 << 16
"""Entries that are written down before the caller gets to see them."""


@dataclass(frozen=True)
class Block:
    """Some orders and what they earn, or entries made between orders. Its arrays are used again for the next block.

    Attributes:
        first, last: the orders from `first` to before `last`; none where only time has passed.
        first_line: the line of `first` that `amount` begins with.
        payee: int32, (levels, orders): who stands at each level, -1 = nobody.
        amount: int64 fen, (levels, lines): base commission of the payee; 0 = no entry.
        entries: `ENTRY`, bonuses, period components and reversals, in order; those of orders have their numbers. Only
            time, order, line, member, level, component, source, period, amount, and base and rate of period components
            are filled.
    """

    first: int
    last: int
    first_line: int
    payee: Column
    amount: Column
    entries: Records


@dataclass(frozen=True)
class BulkTotals:
    """What a run comes to. Amounts are fen.

    Attributes:
        orders, goods: paid orders, and what their goods cost without freight.
        refunded: what of it was given back.
        commissionable: what commission is taken of in orders that have somebody above the buyer.
        entries: entries made, reversals too. refused: refunds that the rules refused.
        booked, reversed: int64, (components, levels + 1): entries, and reversals as amounts below 0.
        earned: int64, by member, net of reversals.
    """

    orders: int
    goods: int
    refunded: int
    commissionable: int
    entries: int
    refused: int
    booked: Column
    reversed: Column
    earned: Column

    @property
    def commission(self) -> int:
        """All entries net of reversals, in fen."""
        return int(self.booked.sum() + self.reversed.sum())


class Sums(NamedTuple):
    """What a run comes to until a moment, in fen: paid for goods, given back of it, entries net of reversals."""

    goods: int
    refunded: int
    commission: int


class BulkEngine:
    """One plan, compiled, for any number of runs over columns of orders.

    Args:
        plan: the plan.
        names: categories, skus and ranks behind the numbers of the columns.
        start_day: what `days: [0, …]` of a campaign counts from, in days since 1970-01-01.
        block: orders that are worked on at once; any number gives the same amounts.

    Raises:
        InputError: the plan states something that only the event engine computes.
    """

    def __init__(self, plan: Plan, names: Names, start_day: int, block: int = BLOCK) -> None:
        _refuse_plan(plan, refunds=False)
        self.plan, self.block = plan, block
        self.plans = compile_plans([plan], names, start_day)
        self.tables = self.plans.tables()

    def start(
        self,
        members: MemberColumns,
        orders: OrderColumns,
        refunds: RefundColumns | None = None,
        changes: ChangeColumns | None = None,
        since: int | None = None,
        until: int | None = None,
    ) -> BulkRun:
        """A run over orders, not yet begun.

        Args:
            members: as they are before the first order.
            orders, refunds, changes: what happens; refunds and changes are of these orders and members.
            since, until: when time begins and ends, in seconds, for the closes of periods; left out, with the first and
                the last of what happens.

        Raises:
            InputError: a column that the plan needs is not there, or names what does not exist.
        """
        refunds, changes = refunds or RefundColumns.none(), changes or ChangeColumns.none()
        if len(refunds):
            _refuse_plan(self.plan, refunds=True)
        _refuse_columns(self, members, orders, refunds, changes)
        return BulkRun(self, members, orders, refunds, changes, since, until)

    def run(
        self,
        members: MemberColumns,
        orders: OrderColumns,
        refunds: RefundColumns | None = None,
        changes: ChangeColumns | None = None,
        since: int | None = None,
        until: int | None = None,
    ) -> BulkTotals:
        """What a run comes to; see `start`."""
        begun = self.start(members, orders, refunds, changes, since, until)
        begun.finish()
        return begun.totals()


class BulkRun:
    """One run over columns, which happens once: `finish` it, or take its `blocks` one by one; then ask for totals."""

    def __init__(
        self,
        engine: BulkEngine,
        members: MemberColumns,
        orders: OrderColumns,
        refunds: RefundColumns,
        changes: ChangeColumns,
        since: int | None,
        until: int | None,
    ) -> None:
        plans = engine.plans
        self._plans, self._tables, self._months = plans, engine.tables, judges_months(plans)
        self._orders, self._refunds, self._changes = orders, refunds, changes
        self._lines, self._moves = orders.arrays(), changes.arrays(orders.paid_at)
        self._book, self._returns = _book_of_refunds(engine, len(members), orders, refunds)
        self._rows = self._book.arrays()
        lines = max(LINES_AN_ORDER * engine.block, orders.longest)
        depth, bonuses = int(plans.plans[0]["depth"]), int(plans.plans[0]["bonuses"])
        listed = max(LISTED, bonuses * engine.block, depth * orders.longest + bonuses + LATE_ROWS)
        self._task, self._listed = task_of(plans, len(members)), np.zeros(listed, ENTRY)
        self._members = people_arrays(members, plans)
        self._work_arrays = work_arrays(plans, self._task, engine.block, lines)
        self._people = self._members.arrays()
        self._work = make_work(self._task, np.zeros(1, LINE), self._listed, *self._work_arrays.values())
        self._closes = list(_closes(engine, _span([since, until], orders.paid_at, refunds.time, changes.time)))
        self._done_orders = self._done_refunds = 0
        self._until: dict[int, Sums] = {}
        self._begun = False

    def finish(self) -> None:
        """Let everything happen; only the totals stay."""
        for _ in self._happen(listing=False):
            pass

    def finish_by(self, times: Sequence[int]) -> list[Sums]:
        """Let everything happen; what came before each of these moments, and at last what came of it all.

        Args:
            times: midnights in seconds, rising; entries of a period that ends then are booked then, not before.
        """
        self._until = dict.fromkeys(times, Sums(0, 0, 0))
        self._closes = sorted(({time: list[int]() for time in times} | dict(self._closes)).items())
        self.finish()
        return [*self._until.values(), self._sums()]

    def blocks(self) -> Iterator[Block]:
        """Let everything happen, and show it block by block."""
        return self._happen(listing=True)

    def _sums(self) -> Sums:
        task = self._task[0]
        return Sums(int(task["goods"]), int(task["refunded"]), int(self._work_arrays["totals"].sum()))

    def totals(self) -> BulkTotals:
        """What the run comes to so far."""
        task, totals = self._task[0], self._work_arrays["totals"]
        return BulkTotals(
            orders=int(task["orders"]),
            goods=int(task["goods"]),
            refunded=int(task["refunded"]),
            commissionable=int(task["commissionable"]),
            entries=int(task["entries"]),
            refused=int(task["refused"]),
            booked=totals[0].copy(),
            reversed=totals[1].copy(),
            earned=self._members.persons["earned"][:-1].copy(),
        )

    def _happen(self, listing: bool) -> Iterator[Block]:
        if self._begun:
            raise RuntimeError("a run happens once")
        self._begun, self._task["listing"] = True, listing
        for time, periods in self._closes:
            yield from self._take_orders(int(np.searchsorted(self._orders.paid_at, time)), listing)
            make_changes(
                self._people, self._work, self._moves, self._tables, int(np.searchsorted(self._changes.time, time))
            )
            yield from self._take_refunds(int(np.searchsorted(self._refunds.time, time)))
            if time in self._until:
                self._until[time] = self._sums()
            yield from self._close(time, periods)

    def _take_orders(self, end: int, listing: bool) -> Iterator[Block]:
        given = (self._people, self._work, self._rows, self._lines, self._returns, self._moves, self._tables)
        if not listing:
            take_orders(*given, self._done_orders, end)
            self._done_orders = end
        while self._done_orders < end:
            begin, self._done_orders = self._done_orders, take_block(*given, self._done_orders, end)
            yield self._shown(begin, self._done_orders)

    def _take_refunds(self, end: int) -> Iterator[Block]:
        given = (self._people, self._work, self._rows, self._returns, self._tables)
        while self._done_refunds < end:
            self._done_refunds = take_refunds(*given, self._done_refunds, end)
            yield from self._between()

    def _close(self, time: int, periods: list[int]) -> Iterator[Block]:
        day = time // DAY - 1
        slots = self._plans.slots[0][: int(self._plans.plans[0]["slots"])]
        for period in periods:
            for slot in np.flatnonzero(slots["period"] == period).tolist():
                yield from self._close_slot(slot, period_of(day, period), time)
        if Period.month in periods and self._months:
            judge_members(self._people, self._work, self._rows, self._tables)
        for period in periods:
            reset_meters(self._rows, self._tables, period)

    def _close_slot(self, slot: int, period: int, time: int) -> Iterator[Block]:
        given = (self._people, self._work, self._rows, self._tables, slot, period, time)
        member = 0
        while member < len(self._members.watched):
            member = close_slot(*given, member)
            yield from self._between()

    def _between(self) -> Iterator[Block]:
        if self._task[0]["listed"] > 0:
            yield self._shown(self._done_orders, self._done_orders)

    def _shown(self, first: int, last: int) -> Block:
        """The block at hand; the next entries are listed from the beginning again."""
        work, first_line = self._work_arrays, self._orders.first_line
        begin, end = int(first_line[first]), int(first_line[last])
        listed = self._listed[: int(self._task[0]["listed"])]
        self._task["listed"] = 0
        payee = work["payee"][:, : last - first].astype(np.int32)
        payee[payee == len(self._members.persons) - 1] = -1
        return Block(first, last, begin, payee, work["amount"][:, : end - begin], listed)


def _refuse_plan(plan: Plan, refunds: bool) -> None:
    reason = why_not(plan, refunds)
    if reason:
        raise InputError(f"{plan.plan}: the bulk engine does not compute {reason}", allowed="the event engine")


def _refuse_columns(
    engine: BulkEngine, members: MemberColumns, orders: OrderColumns, refunds: RefundColumns, changes: ChangeColumns
) -> None:
    rule, people = engine.plans.plans[0], len(members)
    if rule["base_on"] != 0 and orders.lines and not len(orders.price):
        raise InputError("there is no column price", allowed=f"prices: {engine.plan.plan} takes commission of them")
    if int(engine.plans.fixed.max()) * int(orders.quantity.max(initial=1)) > MAX_AMOUNT:
        raise InputError("a fixed amount times a quantity is too large", allowed=f"at most {MAX_AMOUNT} fen")
    ranks = changes.value[changes.kind == ChangeKind.rank]
    uplines = changes.value[changes.kind == ChangeKind.upline]
    for what, numbers, count in (
        ("buyer", orders.buyer, people),
        ("order of a refund", refunds.order, len(orders)),
        ("rank", members.rank, int(rule["ranks"])),
        ("rank of a change", ranks, int(rule["ranks"])),
        ("member of a change", changes.member, people),
        ("upline of a change", uplines + 1, people + 1),
    ):
        if len(numbers) and not 0 <= int(numbers.min()) <= int(numbers.max()) < count:
            raise InputError(f"{what}: {numbers.min()} to {numbers.max()}", allowed=f"0 to {count - 1}")


def _book_of_refunds(
    engine: BulkEngine, members: int, orders: OrderColumns, refunds: RefundColumns
) -> tuple[Book, Returns]:
    """A book with room for the orders that money goes back of, and where in it each of them goes."""
    row = np.full(len(orders) if len(refunds) else 0, -1, np.int32)
    row[refunds.order] = np.arange(len(refunds))
    kept, rule = np.flatnonzero(row >= 0), engine.plans.plans[0]
    lines = int(np.diff(orders.first_line)[kept].sum())
    book = Book(
        members=np.zeros(0, MEMBER),
        volumes=np.zeros((len(engine.plans.meters), members + 1), np.int64),
        orders=np.zeros(len(refunds) + 1, KEPT_ORDER),
        lines=np.zeros(lines, KEPT_LINE),
        entries=np.zeros(lines * int(rule["depth"]) + len(kept) * int(rule["bonuses"]) + 1, KEPT_ENTRY),
        statements=np.zeros(len(kept) * int(rule["slots"]), STATEMENT),
    )
    given = (refunds.order, refunds.time, refunds.line, refunds.quantity, refunds.amount)
    return book, make_returns(*given, row)


def _span(stated: list[int | None], *times: Column) -> tuple[int, int]:
    """The first and last moment of a run."""
    happens = [int(one[place]) for one in times if len(one) for place in (0, -1)]
    known = happens + [time for time in stated if time is not None]
    return min(known, default=0), max(known, default=0)


def _closes(engine: BulkEngine, span: tuple[int, int]) -> Iterator[tuple[int, list[int]]]:
    """The midnights at which a period ends that the plan asks for, and which do; then the end of all time."""
    meters = engine.plans.meters[: meters_asked(engine.plans)]
    asked = sorted(set(meters["period"].tolist()))
    for day in range(span[0] // DAY + 1, span[1] // DAY + 1):
        ended = [period for period in asked if period_of(day, period) != period_of(day - 1, period)]
        if ended:
            yield day * DAY, ended
    yield FOREVER, []
