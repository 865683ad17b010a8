"""Slices of the book: the rules at work on some pages that a client has locked, and nothing else.

The pages are put together into a small book, the engine walks the events through it, and the book is taken apart into
pages again. It is the same engine that books a whole market, so whatever a slice says is what the whole book would have
said: members' days are closed page by page, in order, before anything later happens to them, and what an order is due
happens before what comes to it.

One row of the small book is a *stranger* who stands for everybody that is not in the slice. Nothing may happen to the
stranger: if it does, the slice was too small, and that is an error, never a guess.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rules.calendar import period_days, period_of
from rules.engine import Engine
from rules.errors import InputError
from rules.events import DAY, Kind, Names, Period, Records
from rules.payout.channel import channel_of
from rules.plan.compile import compile_plans
from rules.plan.limits import MAX_LEVELS
from rules.plan.model import Plan
from rules.records import NEVER
from sim.rows import events_of
from sim.store.assembly import Assembly, Outcome
from sim.store.pages import COUNT_BITS, MemberPage, OrderPage, WithdrawalPage

ENTRY_BITS, CLIENT_BITS = 8, 12
"""Bits of an entry's number below its stamp: which entry of the transaction, and which client made it."""
MOST_CLIENTS = 1 << CLIENT_BITS


class Slices:
    """The rules of a store, to be run on pages.

    Args:
        plans: the first is in force. names: behind the numbers of events. start_day: the store's first day.
        client: which of the clients this is; no two that ever wrote to a store are the same.

    Attributes:
        reach: how many people above a buyer can be concerned by an order.
        meters, titles: how many each page has.

    Raises:
        InputError: a plan has a mechanism that looks at the whole book.
    """

    def __init__(self, plans: Sequence[Plan], names: Names, start_day: int, client: int = 0) -> None:
        check_sliceable(plans)
        self.plans, self.names, self.start, self.client = list(plans), names, start_day * DAY, client
        self._compiled = compile_plans(plans, names, start_day)
        self.meters, self.titles = len(self._compiled.meters), self._compiled.titles
        self.reach = _reach(plans, self._compiled.meters)
        self._allowances = {
            int(Period[bonus.period or "month"]) for plan in plans for bonus in plan.bonuses if bonus.allowance
        }
        self._latest = -1
        self._room = 0
        self._make_room(30)

    def stamp(self, time: int, *pages: MemberPage | OrderPage | None) -> int:
        """A stamp for a change at `time` that is later than any of the pages, and than this client's last."""
        before = max((page.stamp for page in pages if page is not None), default=-1)
        self._latest = max((time - self.start) << COUNT_BITS, before + 1, self._latest + 1)
        return self._latest

    def time_of(self, stamp: int) -> int:
        """The second that a stamp lies in."""
        return (stamp >> COUNT_BITS) + self.start

    def number(self, stamp: int) -> int:
        """The number of the transaction that a stamp of this client is for."""
        return stamp << CLIENT_BITS | self.client

    def run(
        self,
        members: Sequence[MemberPage],
        order: OrderPage | None,
        withdrawals: Sequence[WithdrawalPage],
        events: Records,
        stamp: int,
    ) -> Outcome:
        """Let events happen to pages, and before them whatever is due by then.

        Args:
            members: the members concerned. order: the order, None = none, or one that is to be placed.
            withdrawals: all of the member's. events: `EVENT`, about these and nobody else; times are set anew.
            stamp: of this change.
        """
        time = self.time_of(stamp)
        found = Outcome(list(members), order, list(withdrawals))
        while (due := found.order.due_at if found.order else -1) >= 0 and due <= time:
            begun = max((page.next_midnight - DAY for page in found.members), default=0)
            self._advance_all(found, max(due, begun), stamp)  # somebody may be further than what is due: all are then
            found.order = self._step(found, found.order, _tick(due), stamp)
        self._advance_all(found, time, stamp)
        if len(events):
            events = events.copy()
            events["time"] = time
            found.order = self._step(found, found.order, events, stamp)
        for page in found.members:
            page.stamp, page.due_at = stamp, self._due_at(page)
        if found.order:
            found.order.stamp = stamp
        return found

    def _due_at(self, page: MemberPage) -> int:
        """When something becomes due for a member alone: a step, or the end of a period that has volumes in it."""
        due = [int(page.steps["time"].min())] if len(page.steps) else []
        if page.next_midnight:
            periods = {int(period) for period in self._compiled.meters["period"][page.volumes != 0]}
            if (page.titles >= 0).any():
                periods |= self._allowances
            due += [end_of(period, page.next_midnight) for period in periods]
        return min(due, default=NEVER)

    def _advance_all(self, found: Outcome, time: int, stamp: int) -> None:
        """Close the days of every member that have ended by `time`, and settle what is due for the member alone."""
        everybody = found.members
        for place, page in enumerate(everybody):
            if page.next_midnight == 0 or (page.next_midnight > time and not 0 <= page.due_at <= time):
                continue
            alone = Outcome([page], None, [])
            self._step(alone, None, _tick(time), stamp, len(found.ids))
            everybody[place] = alone.members[0]
            found.add(alone)

    def _step(
        self,
        found: Outcome,
        order: OrderPage | None,
        events: Records,
        stamp: int,
        made: int | None = None,
    ) -> OrderPage | None:
        """Put pages together, walk the events, take them apart; returns the order's page."""
        made = len(found.ids) if made is None else made
        self._make_room(len(found.members) + 2)
        table = Assembly(self._engine, found.members, order, found.withdrawals)
        first = int(events["time"][0])
        closed = max((page.next_midnight for page in found.members), default=0)  # the same for all: see `run`
        table.open(min(first, table.begins), table.begins or max((first // DAY + 1) * DAY, closed))
        self._engine.apply(table.localised(events))
        count = len(self._engine.book.rows("entries")) - table.known
        ids = np.int64(self.number(stamp)) << ENTRY_BITS | np.arange(made, made + count)
        if made + count > 1 << ENTRY_BITS:
            raise ValueError(f"{made + count} entries in one transaction, room is for {1 << ENTRY_BITS}")
        apart = table.close(ids, events)
        found.add(apart)
        found.members[:], found.withdrawals[:] = apart.members, apart.withdrawals
        refusals = self._engine.book.rows("refusals")
        if len(refusals):
            found.refusal = int(refusals["code"][0])
        return apart.order

    def _make_room(self, members: int) -> None:
        if members <= self._room:
            return
        self._room = 2 * members
        self._engine = Engine.with_tables(self._compiled, self.plans, self.names, self._room)


def end_of(period: int, midnight: int) -> int:
    """The end of the day, week or month that the day before a midnight lies in."""
    return period_days(period_of(midnight // DAY - 1, period), period)[1] * DAY


def _tick(time: int) -> Records:
    return events_of(Kind.tick, np.array([time]))


def _reach(plans: Sequence[Plan], meters: Records) -> int:
    """How many people above a buyer an order can concern."""
    if any(
        plan.commission.differential or plan.commission.peer or plan.semantics.ineligible_level == "compress"
        for plan in plans
    ):
        return MAX_LEVELS
    by_volume = max((int(one) for one in meters["measure"] if one <= 2), default=0)
    mentors = any(bonus.event == "apprentice" for plan in plans for bonus in plan.bonuses)
    return max([1, by_volume, 2 if mentors else 1, *(plan.reach for plan in plans)])


def check_sliceable(plans: Sequence[Plan]) -> None:
    """Refuse plans that no slice of the book is enough for.

    Raises:
        InputError: with the mechanisms that look at the whole book.
    """
    if problems := [told for plan in plans for told in whole_book(plan)]:
        raise InputError(
            f"{', '.join(problems)}: this looks at the whole book, and cannot be worked out on a slice of it",
            allowed="a plan without, or `fenxiao run --store`, which holds the whole book",
        )


def whole_book(plan: Plan) -> list[str]:
    """The mechanisms of a plan that look at more than the people around one order, by the names they have in it."""
    commission, semantics = plan.commission, plan.semantics
    snapshot = semantics.upline_snapshot
    moments = snapshot.values() if isinstance(snapshot, dict) else [snapshot]
    team = [one.measure for one in (commission.ladder, commission.team) if one]
    team += [name for rank in plan.ranks for rule in (rank.promote, rank.demote) if rule for name, _ in rule.targets]
    channel = channel_of(plan.withdrawal)
    found = {
        "commission.dividend": commission.dividend,
        "commission.area": commission.area,
        "commission.dynamic": commission.dynamic,
        "commission.influence": commission.influence,
        "contests": plan.contests,
        "coupons": plan.coupons,
        "disputes": plan.disputes,
        "campaigns with a budget": any(one.budget is not None for one in plan.campaigns),
        "caps.over_cap: defer": plan.caps.over_cap == "defer",
        "team_volume": "team_volume" in team,
        "upline_snapshot after payment": any(one in ("receipt", "settle") for one in moments),
        "withdrawal.channel.shop_per_day": channel and channel.shop_per_day is not None,
    }
    return [name for name, there in found.items() if there]
