"""Who works with the store: clients that take events, workers that settle what is due, one that pays out.

Each is a process with a connection: it does one thing at a time, a step at a time, and may be killed at any. What it
was told and had not acknowledged is told to it again: sources never give up.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

from rules.events import Kind
from rules.records import WithdrawalStatus
from sim.pipeline import Uplines
from sim.store.asks import Reply, Result, Talk
from sim.stress.faults.channel import LATE, NEVER, Answer
from sim.stress.faults.locks import DeadlockError
from sim.stress.faults.shop import ClashError, FullError, LostError, Work
from sim.stress.faults.sources import Delivery, Job
from sim.stress.faults.tables import Payout

if TYPE_CHECKING:
    from sim.stress.faults.world import World

_SOON, _LATER = 1, 30
"""Seconds after which something is tried again: when somebody was in the way; when something has to come first."""


class Actor:
    """A process at work with the store.

    Attributes:
        place: which of the world's. name: in traces. number: that of the client, another for each process.
        paused_until: the step of the world at which it goes on.
    """

    role = "client"

    def __init__(self, world: World, place: int) -> None:
        self.world, self.place, self.name = world, place, f"{self.role} {place}"
        self.paused_until = 0
        self.talk: Talk | None = None
        self._work: Work | None = None
        self._answer: Any = None
        self.start()

    def start(self) -> None:
        """A process begins, knowing nothing."""
        world = self.world
        self.number = world.new_client()
        self.desk = world.kit.desk(world.house.slices(self.number), Uplines())
        self.session = world.shop.connect(self.number)

    def ready(self) -> bool:
        """Whether it would do something now."""
        if self.world.steps < self.paused_until:
            return False
        if self.talk is None:
            return self.next_at() <= self.world.clock
        return not (self.session.alive and self.world.shop.locks.waiting(self.session.transaction))

    def next_at(self) -> int:
        """When it has something to begin."""
        raise NotImplementedError

    def begin(self) -> None:
        """Begin with the next thing."""
        raise NotImplementedError

    def finish(self, reply: Reply) -> None:
        """The desk has replied."""
        raise NotImplementedError

    def put_back(self) -> None:
        """What it was at has to be begun anew."""
        raise NotImplementedError

    def converse(self, talk: Talk, job: Job | None) -> None:
        """Begin to serve a desk."""
        if not self.session.alive:
            self.session = self.world.shop.connect(self.number)
        self.talk, self._work, self._answer, self.session.job = talk, None, None, job

    def step(self) -> None:
        """Do one thing: begin something, ask the store, or take one row of what was asked."""
        if self.talk is None:
            self.begin()
            return
        world, session = self.world, self.session
        try:
            if not session.alive:
                raise LostError("the connection was cut")
            if self._work is None:
                ask = self.talk.send(self._answer)
                if world.trace is not None:
                    world.note(self.name, ask)
                self._work = world.shop.answer(session, ask)
            self._take(next(self._work))
        except StopIteration as end:
            if isinstance(end.value, Reply):
                self._replied(end.value)
            else:
                self._work, self._answer = None, end.value
        except (LostError, FullError, ClashError) as error:
            self._interrupted(error)
        except DeadlockError as error:
            world.shop.give_up(session)
            world.audit.broken("deadlock", f"{self.name}: {error}")
            self._interrupted(error)
        except Exception as error:
            world.audit.broken("error", f"{self.name}: {type(error).__name__}: {error}")
            world.shop.give_up(session)
            self.talk = self._work = None

    def _take(self, key: Any) -> None:  # noqa: ANN401 - a row
        world = self.world
        if not world.shop.locks.take(self.session.transaction, key) and world.trace is not None:
            world.note(self.name, f"waits for {' '.join(map(str, key))}")

    def _replied(self, reply: Reply) -> None:
        self.talk = self._work = None
        self.world.note(self.name, reply)
        self.world.replies[reply.result.value] += 1
        self.finish(reply)

    def _interrupted(self, error: Exception) -> None:
        """Others, or the wire, were in the way."""
        self.world.note(self.name, f"{type(error).__name__}: {error}")
        if self.talk is not None:
            self.talk.close()
        self.talk = self._work = None
        self.put_back()

    def kill(self, forgotten_after: int) -> None:
        """The process dies, and another begins; the server learns of it some steps later."""
        self.world.forget(self.session, forgotten_after)
        if self.talk is not None:
            self.talk = self._work = None
            self.put_back()
        self.start()


class Client(Actor):
    """Takes what sources tell it."""

    def __init__(self, world: World, place: int) -> None:
        self._inbox: list[tuple[int, int, Delivery]] = []
        self._told = 0
        self.delivery: Delivery | None = None
        super().__init__(world, place)

    def tell(self, delivery: Delivery, at: int | None = None) -> None:
        """Something is told to it."""
        self._told += 1
        heapq.heappush(self._inbox, (delivery.at if at is None else at, self._told, delivery))

    def next_at(self) -> int:
        """When it has something to begin."""
        return self._inbox[0][0] if self._inbox else NEVER

    def begin(self) -> None:
        """Begin with the next thing."""
        world, delivery = self.world, heapq.heappop(self._inbox)[2]
        job = delivery.job
        after = None if delivery.hasty else job.after
        state = True if after is None else world.results.get(after)
        if after is not None and state is None and world.told[after]:
            world.wait_for(after, self, delivery)
        elif not state:
            world.finished(job, False)
        else:
            self.delivery = delivery
            world.note(self.name, f"is told: {job.name}")
            self.converse(self.desk.handle(world.events_of(job), job.number, job.source), job)

    def finish(self, reply: Reply) -> None:
        """The desk has replied."""
        world, delivery = self.world, self.delivery
        assert delivery is not None
        self.delivery, job = None, delivery.job
        world.audit.replied(self.number, job, reply)
        if reply.result in (Result.done, Result.again):
            world.finished(job, True)
        elif reply.result in (Result.early, Result.refused) and delivery.hasty:
            self.tell(Delivery(delivery.at, job, self.place), world.clock + _LATER)
        elif not job.other:
            world.finished(job, False)

    def put_back(self) -> None:
        """What it was at has to be begun anew."""
        if self.delivery is not None:
            self.tell(self.delivery, self.world.clock + _SOON)
            self.delivery = None


class Settler(Actor):
    """Settles what is due, when a moment has come."""

    role = "settler"

    def __init__(self, world: World, place: int) -> None:
        self._due: list[tuple[str, int]] = []
        self._now: tuple[str, int] | None = None
        self._wakes = [NEVER, *sorted(world.script.moments, reverse=True)]
        super().__init__(world, place)

    def start(self) -> None:
        """A process begins, knowing nothing."""
        super().start()
        self._due = []

    def wake(self, at: int) -> None:
        """Look at what is due at a second."""
        self._wakes.append(at)

    def kill(self, forgotten_after: int) -> None:
        """The process dies, and another begins."""
        super().kill(forgotten_after)
        self.wake(self.world.clock + _SOON)

    def next_at(self) -> int:
        """When it has something to begin."""
        return self.world.clock if self._due else self._wakes[-1]

    def begin(self) -> None:
        """Begin with the next thing."""
        world = self.world
        if not self._due:
            self._wakes.pop()
            self._due = world.due()
            return
        self._now = table, number = self._due.pop()
        world.note(self.name, f"settles {table.removesuffix('_due')} {number}")
        settle = self.desk.settle_order if table == "order_due" else self.desk.settle_member
        self.converse(settle(number, world.clock), None)

    def finish(self, reply: Reply) -> None:
        """The desk has replied."""
        self._now = None
        if reply.stamp >= 0:
            self.world.audit.replied(self.number, None, reply)

    def put_back(self) -> None:
        """What it was at has to be begun anew."""
        if self._now is not None:
            self._wakes.append(self.world.clock + _SOON)
            self._now = None


class Payer(Actor):
    """Hands to the channel what is to be paid, and books what the channel says.

    It remembers nothing that matters: what is open stands in the store, under a number that never changes.
    """

    role = "payer"

    def __init__(self, world: World, place: int) -> None:
        self._ask_at: dict[int, int] = {}
        self._heard: tuple[int, Answer] | None = None
        super().__init__(world, place)

    def start(self) -> None:
        """A process begins, knowing nothing."""
        super().start()
        self._ask_at, self._heard = {}, None

    def next_at(self) -> int:
        """When it has something to begin."""
        if self._heard is not None:
            return self.world.clock
        return min((self._ask_at.get(number, 0) for number in self._open()), default=NEVER)

    def _open(self) -> list[int]:
        return [number for number, payout in self.world.shop.tables["payout"].items() if payout.is_open]

    def begin(self) -> None:
        """Begin with the next thing."""
        world = self.world
        if self._heard is None:
            number = min(self._open(), key=lambda one: (self._ask_at.get(one, 0), one))
            payout = world.shop.tables["payout"][number]
            self._heard = number, self.ask(number, payout)
            return
        number, answer = self._heard
        self._heard = None
        kind = self.meaning(number, answer)
        if kind is None:
            return
        job = world.answer_of(kind, number)
        self.converse(self.desk.handle(job.events, 0, job.source), job)

    def ask(self, number: int, payout: Payout) -> Answer:
        """Ask the channel to pay, or what became of it."""
        world = self.world
        channel_no = self.channel_no(number)
        answer = world.channel.pay(channel_no, number, payout.net, world.clock)
        world.note(self.name, f"asks the channel for {channel_no}, {payout.net} fen: {answer.value}")
        world.audit.asked(channel_no, number, payout)
        again = NEVER if world.asked(number) > 4 else world.clock + LATE
        self._ask_at[number] = again
        return answer

    def channel_no(self, number: int) -> str:
        """The channel order number of a withdrawal: that which the store has, for life."""
        told: str = self.world.shop.tables["channel_no"][number]
        return told

    def meaning(self, number: int, answer: Answer) -> Kind | None:
        """What to book for an answer; `None` if there is nothing to book."""
        payout = self.world.shop.tables["payout"].get(number)
        if answer is Answer.silence:
            return Kind.unknown if payout is not None and payout.status is WithdrawalStatus.sent else None
        return {Answer.paid: Kind.paid, Answer.failed: Kind.failed}.get(answer)

    def finish(self, reply: Reply) -> None:
        """The desk has replied."""
        if self.session.job is not None:
            self.world.audit.replied(self.number, self.session.job, reply)

    def put_back(self) -> None:
        """What it was at has to be begun anew."""
        self._ask_at = {}
