"""Planted bugs of desks, of the processes around them, and of the worker that pays out."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

from rules.events import Kind, Records
from sim.pipeline import Desk
from sim.store.asks import Ask, Begin, Commit, LockMembers, LockOrder, Reply, Result, Rollback, Talk, Write
from sim.store.assembly import NOTHING
from sim.store.pages import MemberPage
from sim.stress.faults.actors import Client, Payer
from sim.stress.faults.channel import Answer
from sim.stress.faults.tables import stamp_of


class RefundRace(Desk):
    """Which refund it is, is what the store counts, not what the source says."""

    def handle(self, events: Records, number: int = 0, source: int = -1) -> Talk:
        """A refund is always the next one."""
        if Kind(int(events["kind"][0])) is not Kind.refund:
            return super().handle(events, number, source)
        return self._next_refund(events)

    def _next_refund(self, events: Records) -> Talk:
        yield Begin()
        before = yield LockOrder(int(events["order"][0]))
        yield Rollback()
        return (yield from super().handle(events, 0 if before is None else before.refunds))


class NoticesRemembered(Desk):
    """That a refund was told already is remembered by the process, and by it alone."""

    def handle(self, events: Records, number: int = 0, source: int = -1) -> Talk:
        """The next one, unless this process has seen it."""
        if Kind(int(events["kind"][0])) is not Kind.refund:
            return super().handle(events, number, source)
        return self._unless_seen(events, number)

    def _unless_seen(self, events: Records, number: int) -> Talk:
        seen = self.__dict__.setdefault("seen", set())
        order = int(events["order"][0])
        if (order, number) in seen:
            return Reply(Result.again)
        yield Begin()
        before = yield LockOrder(order)
        yield Rollback()
        reply = yield from super().handle(events, number if before is None else max(number, before.refunds))
        seen.add((order, number))
        return reply


class DoubleThaw(Desk):
    """What is to be settled is read first, and not looked at again when it is settled."""

    def _due_order(self, order: int, time: int) -> Talk:
        yield Begin()
        before = yield LockOrder(order)
        yield Rollback()
        talk, answer = super()._due_order(order, time), None
        while True:
            try:
                ask = talk.send(answer)
            except StopIteration as end:
                reply: Reply = end.value
                return reply
            answer = yield ask
            if isinstance(ask, LockOrder):
                answer = before


class StaleUplines(Desk):
    """Who is above whom is taken from the cache, and not checked under the lock."""

    def _lock(self, concerned: set[int], clicked: object = None) -> Generator[Ask, Any, list[MemberPage]]:
        if not concerned:
            return []
        pages: list[MemberPage] = yield LockMembers(tuple(sorted(concerned)))
        return pages


class AcknowledgedEarly(Desk):
    """The client is told that it is done when it is written, and the commit comes later."""

    def _write(self, *given: Any, **named: Any) -> Talk:  # noqa: ANN401 - handed on
        talk = super()._write(*given, **named)
        ask = next(talk)
        assert isinstance(ask, Write)
        yield ask
        stamp = stamp_of(ask.change)
        self.__dict__.get("told", bool)(Reply(Result.done, NOTHING, stamp))
        talk.send(None)
        yield Commit()
        try:
            talk.send(None)
        except StopIteration as end:
            reply: Reply = end.value
            return reply
        raise AssertionError("a desk asks for nothing after its commit")


class EarlyClient(Client):
    """Tells the source as soon as its desk does."""

    def start(self) -> None:
        """A desk that says so early."""
        super().start()
        self.desk.__dict__["told"] = self._tell

    def _tell(self, reply: Reply) -> None:
        if self.delivery is not None:
            self.world.audit.replied(self.number, self.delivery.job, reply)


class OtherContentsSwallowed(Desk):
    """A key that comes again is answered without a look at what comes with it."""

    def handle(self, events: Records, number: int = 0, source: int = -1) -> Talk:
        """Never a conflict."""
        reply = yield from super().handle(events, number, source)
        return replace(reply, result=Result.again) if reply.result is Result.conflict else reply


class UtcEvents(Desk):
    """Events are stamped with the clock of Greenwich."""

    def handle(self, events: Records, number: int = 0, source: int = -1) -> Talk:
        """Eight hours early."""
        events = events.copy()
        events["time"] -= 8 * 3_600
        return super().handle(events, number, source)


class WithdrawalNotLocked(Desk):
    """A withdrawal is worked out on what was read before the lock was there."""

    def _withdrawal(self, came: Any) -> Talk:  # noqa: ANN401 - handed on
        talk, answer, read = super()._withdrawal(came), None, None
        while True:
            try:
                ask = talk.send(answer)
            except StopIteration as end:
                reply: Reply = end.value
                return reply
            if isinstance(ask, LockMembers):
                read = yield ask
                yield Rollback()
                yield Begin()
                yield ask
                answer = read
            else:
                answer = yield ask


class NewNumber(Payer):
    """Asks again under a new channel order number."""

    def channel_no(self, number: int) -> str:
        """Another one each time."""
        return f"{super().channel_no(number)}-{self.world.asked(number)}"


class UnknownIsFailed(Payer):
    """Takes no answer for a no."""

    def meaning(self, number: int, answer: Answer) -> Kind | None:
        """Failed, if nothing came back."""
        return Kind.failed if answer is Answer.silence else super().meaning(number, answer)
