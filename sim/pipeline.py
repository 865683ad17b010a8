"""The desk of a store: what it does with one event, from the first lock to the commit, with no database in sight.

A desk says what it needs from the store and is handed it: it *asks* (`yield`), whoever runs it *answers* (`send`). The
same steps are therefore taken over a real database (`sim.store.sql.shop`), and over one in memory whose clients a
scheduler interleaves, kills and lies to (`sim.stress.faults`).

The rules of the house, which every path keeps:

- One order of locking: the order, then members by number, then stock by number. Nobody who keeps it waits in a circle.
- What comes again changes nothing: the state under lock says that it has happened. If it comes again with other
  contents, it is refused loudly.
- What was read before the lock was taken (whose upline somebody is, from a cache) is checked under it; if it has
  changed, all is let go of and begun anew.
- A payout keeps its channel order number for life; what the channel does not answer is unknown, and never failed.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rules.errors import InputError
from rules.events import Kind, Records, blank
from rules.lifecycle import Refusal
from rules.orders import is_on_order
from rules.plan.model import Plan
from rules.records import OrderStatus
from sim.store.asks import (
    NO_EVENT,
    Ask,
    Begin,
    Change,
    Commit,
    FindWithdrawal,
    GiveBackStock,
    LockMembers,
    LockOrder,
    LockWithdrawals,
    ReadUplines,
    Reply,
    Result,
    Rollback,
    Seen,
    TakeStock,
    Talk,
    Write,
)
from sim.store.assembly import NOTHING, Outcome
from sim.store.journals import journals_of
from sim.store.pages import MemberPage, OrderPage, WithdrawalPage
from sim.store.repeats import answered, happened, same_order
from sim.store.slices import Slices

ATTEMPTS = 20
"""How often a change is begun anew because what it was prepared for had changed meanwhile."""


class StaleError(Exception):
    """What was read before the lock has changed: begin anew."""


@dataclass
class Uplines:
    """What a desk remembers of who is above whom: a cache, which may be stale, and is checked under the lock.

    Attributes:
        above: upline and last sharer clicked on, by member; -1 = nobody.
        kept: whether anything is remembered from one event to the next.
        asked, stale: how often somebody was looked up, and how often the cache had been wrong.
    """

    above: dict[int, tuple[int, int]] = field(default_factory=dict)
    kept: bool = True
    asked: int = 0
    stale: int = 0


@dataclass(frozen=True, slots=True)
class _Came:
    """What has come: an event, `kind` `NO_EVENT` where time has passed; which refund of its order, number at source."""

    events: Records
    kind: int
    number: int = 0
    source: int = -1


_NOTHING_CAME = _Came(blank(0), NO_EVENT)
TOLD_BY_STATE = (Kind.order, Kind.pay, Kind.cancel, Kind.ship, Kind.receive, Kind.refund, Kind.register)
"""Kinds of events that the state of an order or member tells to have happened."""
_REFUSED_ANEW = (Kind.pay, Kind.cancel, Kind.ship, Kind.receive)
"""Kinds of which the state does not tell that they were refused: if they come again, they are looked at again."""


class Desk:
    """What stands between clients and the store: takes events, one at a time, through to the commit.

    Args:
        slices: the rules. uplines: the cache.
    """

    def __init__(self, slices: Slices, uplines: Uplines | None = None) -> None:
        self.slices = slices
        self.uplines = uplines or Uplines()
        self._placing_looks_up = any(_looks_up_at_creation(plan) for plan in slices.plans)
        self._rebinds = any(_binds_again(plan) for plan in slices.plans)

    def handle(self, events: Records, number: int = 0, source: int = -1) -> Talk:
        """Take an event; of an order that is placed all lines.

        Args:
            events: `EVENT`. number: which refund of its order it is, from 0, as the source counts them.
            source: the event's number at its source, by which it is known if it comes again; -1 = it has none.
        """
        came = _Came(events, Kind(int(events["kind"][0])), number, source)
        if came.kind is Kind.order:
            return self._again_and_again(lambda: self._place(came))
        if is_on_order(int(came.kind)):
            return self._again_and_again(lambda: self._on_order(came))
        if Kind.withdraw <= came.kind <= Kind.unknown:
            return self._again_and_again(lambda: self._withdrawal(came))
        return self._again_and_again(lambda: self._on_members(came))

    def settle_order(self, order: int, time: int) -> Talk:
        """Let happen what is due for an order by `time`: automatic receipt, settlement."""
        return self._again_and_again(lambda: self._due_order(order, time))

    def settle_member(self, member: int, time: int) -> Talk:
        """Let happen what is due for a member alone by `time`: closes, what is settled without an order."""
        return self._again_and_again(lambda: self._due_member(member, time))

    def _again_and_again(self, begin: Callable[[], Talk]) -> Talk:
        """Begin anew as long as what was prepared turns out stale."""
        for attempt in range(1, ATTEMPTS + 1):
            if not self.uplines.kept:
                self.uplines.above.clear()
            try:
                reply = yield from begin()
            except StaleError:
                self.uplines.stale += 1
                self.uplines.above.clear()
                yield Rollback()
                continue
            return Reply(reply.result, reply.refusal, reply.stamp, attempt)
        raise InputError(f"a change was begun {ATTEMPTS} times, and what it was for changed every time")

    def _place(self, came: _Came) -> Talk:
        """An order is placed: the pieces are taken last, so that a hot shelf is held for as short as can be."""
        events = came.events
        order, buyer = int(events["order"][0]), int(events["member"][0])
        yield Begin()
        before = yield LockOrder(order)
        if before is not None:
            yield Rollback()
            return Reply(Result.again if same_order(before, events) else Result.conflict)
        concerned, clicked = yield from self._concerned_by_placing(buyer)
        pages = yield from self._lock(concerned, clicked)
        stamp = self.slices.stamp(int(events["time"][0]), *pages)
        made = self.slices.run(pages, None, [], events, stamp)
        if made.refusal != NOTHING or made.order is None:
            yield Rollback()
            return Reply(Result.refused, made.refusal)
        wanted = tuple(sorted(_pieces(events).items()))
        buckets = yield TakeStock(order, wanted)
        if buckets is None:
            yield Rollback()
            return Reply(Result.short)
        bucket_of = {sku: bucket for (sku, _), bucket in zip(wanted, buckets, strict=True)}
        placed = [bucket_of[sku] for sku in events["sku"].tolist()]
        return (yield from self._write(came, pages, None, [], made, stamp, buckets=placed))

    def _concerned_by_placing(self, buyer: int) -> Generator[Ask, Any, tuple[set[int], dict[int, int]]]:
        """Whom a new order can concern, and whose share the buyer is believed to have clicked on last."""
        concerned, believed = {buyer}, {}
        if self._placing_looks_up:
            concerned |= set((yield from self._climb(buyer, self.slices.reach)))
            clicked = (yield from self._known(buyer))[1]
            believed[buyer] = clicked
            if clicked >= 0:
                concerned |= {clicked, *(yield from self._climb(clicked, None))}
        return concerned, believed

    def _on_order(self, came: _Came) -> Talk:
        """Something happens to an order."""
        event, kind, number = came.events[0], came.kind, came.number
        time = int(event["time"])
        yield Begin()
        before = yield LockOrder(int(event["order"]))
        if before is None:
            yield Rollback()
            return Reply(Result.refused, int(Refusal.unknown_order))
        if (known := happened(before, kind, number)) is not None:
            yield Rollback()
            return Reply(known)
        stamp = self.slices.stamp(time, before)
        quiet = kind is Kind.ship and not 0 <= before.due_at <= self.slices.time_of(stamp)
        concerned = set() if quiet else (yield from self._concerned_by(before))
        pages = yield from self._lock(concerned)
        stamp = self.slices.stamp(time, before, *pages)
        if (taken := (yield from self._taken(came))) is not None:
            return taken
        made = self.slices.run(pages, before, [], came.events, stamp)
        if kind is Kind.refund and made.order is not None:
            made.order.refunds = number + 1
        back = () if made.order is None or made.refusal != NOTHING else _pieces_back(kind, before, made.order)
        if back:
            yield GiveBackStock(before.id, back)
        return (yield from self._write(came, pages, before, [], made, stamp))

    def _due_order(self, order: int, time: int) -> Talk:
        yield Begin()
        before = yield LockOrder(order)
        if before is None or not 0 <= before.due_at <= time:
            yield Rollback()
            return Reply(Result.again)
        pages = yield from self._lock((yield from self._concerned_by(before)))
        stamp = self.slices.stamp(time, before, *pages)
        made = self.slices.run(pages, before, [], _NOTHING_CAME.events, stamp)
        return (yield from self._write(_NOTHING_CAME, pages, before, [], made, stamp))

    def _concerned_by(self, order: OrderPage) -> Generator[Ask, Any, set[int]]:
        """Whom an event on an order can concern: buyer, who is paid for it, and who stands above."""
        reach, row = self.slices.reach, order.row[0]
        buyer = int(row["buyer"])
        chain = [one for one in row["chain"].tolist()[:reach] if one >= 0]
        concerned = {buyer, *chain, *order.entries["member"].tolist()}
        if row["first_entry"] < 0:
            concerned |= set((yield from self._climb(buyer, reach)))
        return concerned

    def _on_members(self, came: _Came) -> Talk:
        """Something happens to members, without an order: they register, click, share, are frozen, ..."""
        event, kind = came.events[0], came.kind
        member, other = int(event["member"]), int(event["other"])
        concerned = {member}
        if kind in (Kind.click, Kind.register, Kind.rebind):
            above, clicked = yield from self._known(member)
            named = other if kind is not Kind.register or other >= 0 else clicked
            may_bind = kind is not Kind.click or above < 0 or self._rebinds
            concerned |= {one for one in (named, above) if one >= 0}
            if may_bind and named >= 0:
                concerned |= set((yield from self._climb(named, None)))
        yield Begin()
        pages = yield from self._lock(concerned, {member: clicked} if kind is Kind.register else {})
        stamp = self.slices.stamp(int(event["time"]), *pages)
        if kind is Kind.register and pages[[page.id for page in pages].index(member)].row["joined_at"][0] >= 0:
            yield Rollback()
            return Reply(Result.again, int(Refusal.already_registered))
        if (taken := (yield from self._taken(came))) is not None:
            return taken
        made = self.slices.run(pages, None, [], came.events, stamp)
        return (yield from self._write(came, pages, None, [], made, stamp))

    def _taken(self, came: _Came) -> Generator[Ask, Any, Reply | None]:
        """What is said to an event that has been taken before, where no state says so: what was refused stays so."""
        if came.source < 0 or came.kind in TOLD_BY_STATE:
            return None
        refusal: int | None = yield Seen(came.source)
        if refusal is None:
            return None
        yield Rollback()
        return Reply(Result.again if refusal == NOTHING else Result.refused, refusal)

    def _due_member(self, member: int, time: int) -> Talk:
        yield Begin()
        pages = yield from self._lock({member})
        if not 0 <= pages[0].due_at <= time:
            yield Rollback()
            return Reply(Result.again)
        stamp = self.slices.stamp(time, *pages)
        made = self.slices.run(pages, None, [], _NOTHING_CAME.events, stamp)
        return (yield from self._write(_NOTHING_CAME, pages, None, [], made, stamp))

    def _withdrawal(self, came: _Came) -> Talk:
        """Money is asked for, or somebody answers: reviewer or channel."""
        event, kind = came.events[0], came.kind
        number = int(event["order"])
        member = int(event["member"])
        if kind is not Kind.withdraw:
            owner = yield FindWithdrawal(number)
            if owner is None:
                return Reply(Result.refused, int(Refusal.withdrawal_state))
            member = owner
        yield Begin()
        pages = yield from self._lock({member})
        drawn = yield LockWithdrawals(member)
        known = next((page for page in drawn if page.id == number), None)
        if known is not None and (said := answered(known, kind, int(event["amount"]))) is not None:
            yield Rollback()
            return Reply(said)
        stamp = self.slices.stamp(int(event["time"]), *pages)
        if (taken := (yield from self._taken(came))) is not None:
            return taken
        made = self.slices.run(pages, None, drawn, came.events, stamp)
        return (yield from self._write(came, pages, None, drawn, made, stamp))

    def _write(
        self,
        came: _Came,
        pages: Sequence[MemberPage],
        before: OrderPage | None,
        drawn: Sequence[WithdrawalPage],
        made: Outcome,
        stamp: int,
        buckets: Sequence[int] = (),
    ) -> Talk:
        """Write what the rules made, and commit; what they refused is written too, if something was due before it."""
        time = self.slices.time_of(stamp)
        journals, of_entries = journals_of(before, drawn, made, time)
        bound = [
            (page.id, int(page.row["upline"][0]), int(page.row["bound_via"][0]))
            for was, page in zip(pages, made.members, strict=True)
            if was.row["upline"][0] != page.row["upline"][0]
        ]
        number = self.slices.number(stamp)
        lines = came.events if came.kind is Kind.order else None
        booked = (journals, of_entries.tolist(), bound)
        source = -1 if made.refusal != NOTHING and came.kind in _REFUSED_ANEW else came.source
        yield Write(Change(number, time, source, int(came.kind), before, drawn, made, *booked, lines, buckets))
        yield Commit()
        for page in made.members:
            self._note(page)
        result = Result.done if made.refusal == NOTHING else Result.refused
        return Reply(result, made.refusal, stamp)

    def _lock(
        self, concerned: set[int], clicked: Mapping[int, int] | None = None
    ) -> Generator[Ask, Any, list[MemberPage]]:
        """Lock members, and check under the lock that those who were taken to be above them still are.

        Args:
            concerned: whom to lock. clicked: by member, whose share the member is believed to have clicked on last.

        Raises:
            StaleError: they are not, or it was another's.
        """
        if not concerned:
            return []
        believed = {member: self.uplines.above[member] for member in concerned if member in self.uplines.above}
        pages: list[MemberPage] = yield LockMembers(tuple(sorted(concerned)))
        for page in pages:
            above, last = _above(page)
            if page.id in believed and believed[page.id][0] != above:
                raise StaleError
            if clicked and clicked.get(page.id, last) != last:
                raise StaleError
            self._note(page)
        return list(pages)

    def _note(self, page: MemberPage) -> None:
        self.uplines.above[page.id] = _above(page)

    def _climb(self, member: int, steps: int | None) -> Generator[Ask, Any, list[int]]:
        """The people above a member, nearest first: so many, or all."""
        people: list[int] = []
        while steps is None or len(people) < steps:
            above = (yield from self._known(member))[0]
            if above < 0 or above in people:
                break
            people.append(above)
            member = above
        return people

    def _known(self, member: int) -> Generator[Ask, Any, tuple[int, int]]:
        """Upline and last sharer of a member, from the cache or from the store."""
        if member not in self.uplines.above:
            self.uplines.asked += 1
            for one, upline, clicked in (yield ReadUplines(member, self.slices.reach)):
                self.uplines.above.setdefault(one, (upline, clicked))
        return self.uplines.above[member]


def _above(page: MemberPage) -> tuple[int, int]:
    return int(page.row["upline"][0]), int(page.row["clicked_by"][0])


def _pieces(events: Records) -> dict[int, int]:
    """Pieces by sku."""
    wanted: dict[int, int] = {}
    for sku, quantity in zip(events["sku"].tolist(), events["quantity"].tolist(), strict=True):
        wanted[sku] = wanted.get(sku, 0) + quantity
    return wanted


def _pieces_back(kind: Kind, before: OrderPage, now: OrderPage) -> tuple[tuple[int, int, int], ...]:
    """Pieces that can be sold again, lowest product first: of an order cancelled, or refunded before it was shipped."""
    if kind is Kind.cancel:
        back = before.lines["quantity"]
    elif kind is Kind.refund and before.row["status"][0] == OrderStatus.paid:
        back = now.lines["refunded_quantity"] - before.lines["refunded_quantity"]
    else:
        return ()
    lines = zip(before.lines["sku"].tolist(), back.tolist(), strict=True)
    found = ((line, sku, pieces) for line, (sku, pieces) in enumerate(lines, 1) if pieces)
    return tuple(sorted(found, key=lambda one: one[1]))


def _looks_up_at_creation(plan: Plan) -> bool:
    """Whether an order already looks at people when it is placed."""
    semantics = plan.semantics
    upline = semantics.upline_snapshot
    moments = [*(upline.values() if isinstance(upline, dict) else [upline]), semantics.rate_snapshot]
    moments += semantics.eligible_at if isinstance(semantics.eligible_at, list) else [semantics.eligible_at]
    return "create" in moments or plan.attribution.bind_on == "first_order" or semantics.unbound_at_create == "nobody"


def _binds_again(plan: Plan) -> bool:
    """Whether a click can bind a member who is bound already."""
    return plan.attribution.on_conflict[0] != "keep" or plan.attribution.keep[0] != "permanent"
