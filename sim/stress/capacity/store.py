"""The store as a whole: arrivals, worker groups, their path through the database, the settlement queue, withdrawals."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import starmap

from simpy.core import Environment
from simpy.events import NORMAL

from sim.stress.capacity.batching import Batching
from sim.stress.capacity.job import Job, Then
from sim.stress.capacity.kinds import SIDES, Kind, Side
from sim.stress.capacity.luck import Luck, endless
from sim.stress.capacity.path import Path
from sim.stress.capacity.payouts import Desk, Payouts, after
from sim.stress.capacity.pricing import Pricing, Row
from sim.stress.capacity.workers import Failures, Group

NOTICES = (15.0, 30.0, 60.0, 240.0, 840.0)
"""Seconds after which a payment's notice is repeated while it is not acknowledged: WeChat Pay's first intervals of
15 s, 15 s, 30 s, 3 min and 10 min, summed."""
GROUPS: tuple[Side, ...] = ("orders", "members", "settlement")


class Store:
    """A store at work.

    Attributes:
        latency: seconds from asking to commit, by kind, in the order of commits; `born`: when each was asked for.
        reviewed, paid: seconds from a withdrawal until it is approved, and until the money is there.
        submitted, done: transactions so far, batches each as one.
        repeated: notices that were repeated since the first was not acknowledged in time.
    """

    def __init__(self, pricing: Pricing, env: Environment | None = None) -> None:
        shop, seed = pricing.shop, pricing.seed
        self.env = env or Environment()
        self.shop = shop
        self.latency: list[list[float]] = [[] for _ in Kind]
        self.born: list[list[float]] = [[] for _ in Kind]
        self.reviewed: list[float] = []
        self.paid: list[float] = []
        self.submitted = self.done = self.repeated = 0
        self.path = Path(self.env, shop, pricing.travel(), seed, self._done)
        self.groups = {side: Group(self.env, shop.staff(side), self.path.begin) for side in GROUPS}
        self.batching = Batching(self.env, pricing, self._submit_batch)
        self.desk = Desk(self.env, shop.review, seed, self._approved)
        self.payouts = Payouts(self.env, shop.channel, seed, self._paid)
        self._review = endless(seed, Luck.review)
        self.pricing = pricing
        self._doors = [self.groups[SIDES[kind]].submit for kind in Kind]
        follow: dict[Kind, Callable[[Job], None]] = {Kind.pay: self._booked, Kind.withdraw: self._withdrawn}
        self._follow = [follow.get(kind) for kind in Kind]
        self._feed: Then = [self._arrive]
        self._jobs: Iterator[Job] = iter(())
        self._over = self.env.event()
        self.arriving = False
        if shop.fails_every_hours:
            self._let_fail(seed)

    def feed(self, rows: Iterator[Row]) -> None:
        """Transactions that will arrive, in the order of their times."""
        self._jobs = starmap(Job, rows)
        first = next(self._jobs, None)
        if first is not None:
            self.arriving, first.callbacks = True, self._feed
            self.env.schedule(first, NORMAL, first.born - self.env.now)

    def run_out(self) -> None:
        """Go on until all that was fed has arrived and is done, commission included; money may still be on its way."""
        if self.arriving or self.done < self.submitted or self.batching.open:
            self._over = self.env.event()
            self.env.run(until=self._over)

    def settle_at(self, at: float, count: int) -> None:
        """So many orders' commission becomes available then."""
        if count:
            after(self.env, at - self.env.now, lambda _: self.batching.release(count))

    def _arrive(self, job: Job) -> None:
        """A transaction asks for its worker; the next one is on its way."""
        self.submitted += 1
        self._doors[job.kind](job)
        following = next(self._jobs, None)
        if following is None:
            self.arriving = False
        else:
            following.callbacks = self._feed
            self.env.schedule(following, NORMAL, following.born - self.env.now)

    def _submit_batch(self, job: Job) -> None:
        self.submitted += 1
        self.groups["settlement"].submit(job)

    def _done(self, job: Job, now: float) -> None:
        self.done += 1
        if job.items:
            self._batch_done(job)
        else:
            kind, born = job.kind, job.born
            self.latency[kind].append(now - born)
            self.born[kind].append(born)
            follow = self._follow[kind]
            if follow is not None:
                follow(job)
        if not self.arriving and self.done == self.submitted and not self.batching.open:
            self._finished()

    def _finished(self) -> None:
        if not self._over.triggered:
            self._over.succeed()

    def _batch_done(self, job: Job) -> None:
        now = self.env.now
        self.latency[job.kind] += [now - asked for asked in job.items]
        self.born[job.kind] += job.items
        self.batching.done(job)

    def _booked(self, job: Job) -> None:
        """A payment is acknowledged: its commission is queued, or was booked with it."""
        waited = self.env.now - job.born
        if waited > NOTICES[0]:
            self._repeat(bisect_left(NOTICES, waited))
        if self.shop.queue:
            self.batching.add(job.born)
        else:
            self.latency[Kind.book].append(waited)
            self.born[Kind.book].append(job.born)

    def _repeat(self, times: int) -> None:
        """Notices that were sent in the meantime: known by their key, each still costs a look."""
        self.repeated += times
        work = self.pricing.times["notice"]
        for _ in range(times):
            self.submitted += 1
            seconds = work.client_ms / 1000, work.server_ms / 1000
            self.groups["orders"].submit(Job(self.env.now, Kind.notice, *seconds, 0.0, 0.0, (), False))

    def _withdrawn(self, job: Job) -> None:
        if next(self._review) < self.shop.review.part:
            self.desk.ask(job.born)
        else:
            self._approved(job.born)

    def _approved(self, asked: float) -> None:
        self.reviewed.append(self.env.now - asked)
        self.payouts.send(asked)

    def _paid(self, asked: float) -> None:
        self.paid.append(self.env.now - asked)

    def _let_fail(self, seed: int) -> None:
        shop = self.shop
        for number, group in enumerate(self.groups.values()):
            luck = endless(seed, Luck.failure, day=number)
            Failures(self.env, group, shop.fails_every_hours, shop.restart_seconds, luck)
