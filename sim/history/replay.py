"""Replay: the same events under other plans, to the fen. The log stays as it is; only the rules change.

People do what they did: a replay says what a plan would have paid for these orders, not what it would have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.book import open_book
from rules.bulk.engine import BulkTotals
from rules.bulk.support import why_not
from rules.commission.basis import commissionable
from rules.engine import Engine
from rules.errors import InputError
from rules.events import DAY, EventLog, Names, Records
from rules.jit import kernel
from rules.plan.compiled import Tables
from rules.plan.limits import MAX_LEVELS
from rules.plan.model import Plan
from rules.plan.versions import PlanBook
from rules.records import Component
from sim.history.columns import LogColumns, columns_of, replay_columns
from sim.history.log import read_log, read_members, read_run

Integers = NDArray[np.int64]

MANY_EVENTS = 1_000_000
"""From here on a log is worth being turned into columns, for the bulk engine; a shorter one is walked as it is."""


@dataclass(frozen=True)
class ReplayResult:
    """What one plan makes of a log. Amounts are fen.

    Attributes:
        plan: its name.
        orders: that were paid.
        gmv: paid for their goods, without freight. refunds: what of it was given back.
        commissionable: what commission is taken of (as the plan says: paid, list, member price) in orders that
            belong to somebody at level 1.
        commission: all entries net of reversals.
        by_level: the same by level; 0 = entries that have none.
        by_component: the same by component.
        made: how many entries there are.
        earned: by member, net of reversals.
        walk: lets the event engine walk the log, for `entries` and `refusals`, which a replay can do without.
    """

    plan: str
    orders: int
    gmv: int
    refunds: int
    commissionable: int
    commission: int
    by_level: dict[int, int]
    by_component: dict[str, int]
    made: int
    earned: Integers
    walk: Callable[[], tuple[Records, int]]

    @cached_property
    def _walked(self) -> tuple[Records, int]:
        return self.walk()

    @property
    def entries(self) -> Records:
        """`ENTRY`, all of them in order."""
        return self._walked[0]

    @property
    def refusals(self) -> int:
        """How many events the rules refused."""
        return self._walked[1]

    @property
    def payout_ratio(self) -> float | None:
        """Commission ÷ gmv; None if nothing was sold."""
        return self.commission / self.gmv if self.gmv > 0 else None

    def to_dict(self) -> dict[str, Any]:
        """For JSON: amounts in yuan, each the number with two decimals that it is."""
        return {
            "plan": self.plan,
            "orders": self.orders,
            "gmv": _yuan(self.gmv),
            "refunds": _yuan(self.refunds),
            "commissionable": _yuan(self.commissionable),
            "commission": _yuan(self.commission),
            "payout_ratio": self.payout_ratio,
            "by_level": {str(level): _yuan(fen) for level, fen in self.by_level.items()},
            "by_component": {name: _yuan(fen) for name, fen in self.by_component.items()},
            "entries": self.made,
            "members_paid": int((self.earned > 0).sum()),
        }


@dataclass(frozen=True)
class Shift:
    """What one member earns under two plans, in fen."""

    member: int
    before: int
    after: int

    @property
    def difference(self) -> int:
        """Above 0 for a winner."""
        return self.after - self.before


@dataclass(frozen=True)
class Shifts:
    """Who wins and who loses by a change of plan.

    Attributes:
        before, after: names of the plans.
        earned: int64 fen, (2, members): under either.
    """

    before: str
    after: str
    earned: Integers

    @property
    def difference(self) -> Integers:
        """Fen more under the second plan, by member."""
        more: Integers = self.earned[1] - self.earned[0]
        return more

    def winners(self, most: int = 10) -> list[Shift]:
        """Who gains most, the largest gain first."""
        return self._first(np.argsort(-self.difference, kind="stable"), most, 1)

    def losers(self, most: int = 10) -> list[Shift]:
        """Who loses most, the largest loss first."""
        return self._first(np.argsort(self.difference, kind="stable"), most, -1)

    def to_dict(self, name: Callable[[int], str], most: int = 10) -> dict[str, Any]:
        """For JSON, in yuan: how many win, lose and stay (of those who earn under either), and who most, by `name`."""
        more = self.difference
        earn = (self.earned != 0).any(axis=0)
        return {
            "before": self.before,
            "after": self.after,
            "winning": int((more > 0).sum()),
            "losing": int((more < 0).sum()),
            "unchanged": int((earn & (more == 0)).sum()),
            "winners": [_told(shift, name) for shift in self.winners(most)],
            "losers": [_told(shift, name) for shift in self.losers(most)],
        }

    def _first(self, order: NDArray[np.intp], most: int, sign: int) -> list[Shift]:
        chosen = [member for member in order[:most].tolist() if sign * self.difference[member] > 0]
        return [Shift(member, *self.earned[:, member].tolist()) for member in chosen]


def replay(
    log: EventLog,
    plans: Sequence[Plan | Sequence[Plan] | PlanBook],
    start_day: int | None = None,
    opening: Records | None = None,
) -> list[ReplayResult]:
    """What each plan makes of a log.

    Args:
        log: the events; ones that change the plan choose among the plans of one sequence, and are refused otherwise.
        plans: each is one result; a sequence of plans is a world in which the log may change between them, with an arm
            of the same number for each; a plan book is one in which they change on their dates.
        start_day: business day that campaigns count from; None = the day of the first event.
        opening: `MEMBER`, the people before the first event, where they were not new; ranks by number.
    """
    prepared = _prepared(log, start_day, opening)
    return [_replay_one(*_world(prepared, plan)) for plan in plans]


def replay_run(folder: Path, plans: Sequence[Plan | Sequence[Plan]]) -> list[ReplayResult]:
    """What each plan makes of the events of a run directory, just as they stand there.

    Raises:
        InputError: no run there, or not one of ours.
    """
    return replay(read_log(folder), plans, int(read_run(folder)["log"]["start_day"]), read_members(folder))


def compare_members(before: ReplayResult, after: ReplayResult) -> Shifts:
    """Who wins and who loses if the second plan takes the place of the first, on the same log."""
    return Shifts(before.plan, after.plan, np.stack([before.earned, after.earned]))


@dataclass(frozen=True)
class _Log:
    """A log to be replayed, as events and, if it is a long one and they can say it, as columns."""

    events: Records
    names: Names
    start_day: int
    opening: Records
    columns: LogColumns | None


def _prepared(log: EventLog, start_day: int | None, opening: Records | None) -> _Log:
    events = log.events
    people = max(len(log.names.members), 1 + max(int(events[name].max(initial=-1)) for name in ("member", "other")))
    book = open_book(max(people, 0 if opening is None else len(opening)), 1)
    if opening is not None:
        book.open_with(opening)
    members = book.members
    if start_day is None:
        start_day = int(events["time"][0]) // DAY if len(events) else 0
    fresh = not any(members[name].any() for name in ("months_on_target", "months_under", "day_total"))
    fresh = fresh and bool((members["clicked_by"] < 0).all())
    columns = columns_of(events) if len(events) >= MANY_EVENTS and fresh else None
    return _Log(events, log.names, start_day, members, columns)


def _world(log: _Log, plans: Plan | Sequence[Plan] | PlanBook) -> tuple[_Log, list[Plan]]:
    """The log and the plans of one result."""
    if isinstance(plans, Plan):
        return log, [plans]
    if not isinstance(plans, PlanBook):
        return log, list(plans)
    if len(plans.arms) > 1:
        raise InputError(f"a replay has no arms, and the plan book has {', '.join(plans.arms)}", allowed="one arm")
    events = plans.dated(log.events) if len(log.events) else log.events
    return replace(log, events=events, columns=None), plans.plans


def _replay_one(log: _Log, plans: list[Plan]) -> ReplayResult:
    if log.columns and len(plans) == 1 and why_not(plans[0], refunds=len(log.columns.refunds) > 0) is None:
        return _replay_columns(log, log.columns, plans[0])
    return _replay_events(log, plans)


def _opened(log: _Log, plans: list[Plan]) -> Engine:
    engine = Engine.open(plans, log.names, len(log.opening), log.start_day, range(len(plans)))
    engine.book.open_with(log.opening)
    return engine


def _walk(log: _Log, plans: list[Plan]) -> Engine:
    engine = _opened(log, plans)
    engine.apply(log.events)
    return engine


def open_engine(
    log: EventLog,
    plans: Plan | Sequence[Plan] | PlanBook,
    start_day: int | None = None,
    opening: Records | None = None,
) -> tuple[Engine, Records, list[Plan]]:
    """The event engine before the first event of a log, the events that it is to take, and its plans; see `replay`."""
    world, chosen = _world(_prepared(log, start_day, opening), plans)
    return _opened(world, chosen), world.events, chosen


def walk(
    log: EventLog, plans: Plan | Sequence[Plan], start_day: int | None = None, opening: Records | None = None
) -> Engine:
    """The event engine after a log, with its book; see `replay`."""
    return _walk(*_world(_prepared(log, start_day, opening), plans))


def _left_by(engine: Engine) -> tuple[Records, int]:
    return engine.book.rows("entries").copy(), int(engine.book.clock[0]["refusals"])


def _replay_events(log: _Log, plans: list[Plan]) -> ReplayResult:
    """The result by the event engine."""
    engine = _walk(log, plans)
    (entries, refusals), book = _left_by(engine), engine.book
    sums = paid_sums(book.rows("orders"), book.lines, engine.plans.tables())
    earned = np.zeros(len(log.opening), np.int64)
    np.add.at(earned, entries["member"], entries["amount"])
    return ReplayResult(
        plan=" + ".join(plan.plan for plan in plans),
        orders=int(sums[0]),
        gmv=int(sums[1]),
        refunds=int(sums[2]),
        commissionable=int(sums[3]),
        commission=int(entries["amount"].sum()),
        by_level=_by(entries, "level", range(MAX_LEVELS + 1)),
        by_component={Component(n).name: fen for n, fen in _by(entries, "component", Component).items()},
        made=len(entries),
        earned=earned,
        walk=lambda: (entries, refusals),
    )


def _replay_columns(log: _Log, columns: LogColumns, plan: Plan) -> ReplayResult:
    """The same by the bulk engine."""
    totals = replay_columns(columns, plan, log.names, log.start_day, log.opening)
    return result_of(plan, totals, lambda: _left_by(_walk(log, [plan])))


def result_of(plan: Plan, totals: BulkTotals, walk: Callable[[], tuple[Records, int]]) -> ReplayResult:
    """The totals of the bulk engine as a result; `walk` lets the event engine walk the log."""
    net, made = totals.booked + totals.reversed, totals.booked > 0
    return ReplayResult(
        plan=plan.plan,
        orders=totals.orders,
        gmv=totals.goods,
        refunds=totals.refunded,
        commissionable=totals.commissionable,
        commission=totals.commission,
        by_level={level: int(net[:, level].sum()) for level in np.flatnonzero(made.any(axis=0)).tolist()},
        by_component={Component(n).name: int(net[n].sum()) for n in np.flatnonzero(made.any(axis=1)).tolist()},
        made=totals.entries,
        earned=totals.earned,
        walk=walk,
    )


@kernel
def paid_sums(orders: Records, lines: Records, plan: Tables) -> Integers:
    """Orders paid, fen of their goods, of refunds, and of what commission is taken of."""
    sums = np.zeros(4, np.int64)
    for number in range(len(orders)):
        order = orders[number]
        if order.paid_at < 0 or order.lines == 0:
            continue
        sums[0] += 1
        sums[1] += order.goods
        sums[2] += order.refunded
        if order.chain[0] >= 0:
            for place in range(order.first_line, order.first_line + order.lines):
                sums[3] += commissionable(plan.plans[order.plan], lines[place])
    return sums


def _by(entries: Records, field: str, values: Sequence[int] | type[Component]) -> dict[int, int]:
    """Fen by the values of a field; those without an entry are left out."""
    return {
        int(value): int(entries["amount"][entries[field] == value].sum())
        for value in values
        if (entries[field] == value).any()
    }


def _yuan(fen: int) -> float:
    """Fen as yuan: the double next to the number with two decimals, which prints as that number."""
    return fen / 100


def _told(shift: Shift, name: Callable[[int], str]) -> dict[str, Any]:
    return {
        "member": name(shift.member),
        "before": _yuan(shift.before),
        "after": _yuan(shift.after),
        "difference": _yuan(shift.difference),
    }
