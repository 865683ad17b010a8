"""The script of a world, from its seed: who asks for what and when, how often it is told, and what goes wrong.

A script is data: parts of it can be left out and the rest stays what it was. So a failing world is made smaller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from rules.events import DAY, Kind
from sim.stress.faults.houses import BEGIN, OPENINGS, PLANS, PRICES, SKUS, Opening, house, one_event, order_events
from sim.stress.faults.luck import Luck
from sim.stress.faults.sources import Delivery, Job, JobKey

MINUTE = 60
Fault: TypeAlias = Literal["kill", "cut", "crash", "pause", "full", "torn"]
When: TypeAlias = Literal["step", "commit"]
_BEFORE_MIDNIGHT = DAY - 2
MOMENTS = (36_000, 36_000, 36_000, _BEFORE_MIDNIGHT, 2 * 3_600 - 1)
"""Seconds of a day at which things happen at once: by day, as it ends, as the cycle of settlement comes."""
_LATE = (0,) * 14 + (2, 2, 600, 600, DAY)
"""Seconds by which something is told late."""
_NOBODY_ASKS_FOR = 777_777_777
"""Fen that no wallet of these worlds has."""
_STEPS_OF_A_JOB = 14
_FORGOTTEN_AFTER = 40
"""Steps that a database may take at most to notice that a client has died."""


@dataclass(frozen=True, slots=True)
class Mishap:
    """Something that goes wrong.

    Attributes:
        what: a client is killed, its connection cut, the server crashes, a client stops for a while, the disk is
            full, the server dies before a commit is flushed.
        when, at: at a step of the world; or right after a commit, before it is acknowledged.
        whom: the client, where it is one; right after a commit it is who committed. size: steps, or commits refused.
    """

    what: Fault
    when: When
    at: int
    whom: int = 0
    size: int = 0

    @property
    def name(self) -> str:
        """Its name in traces."""
        whom = "" if self.when == "commit" or self.what in ("crash", "full", "torn") else f" client {self.whom}"
        return f"{self.what}{whom} at {self.when} {self.at}" + (f", {self.size} long" if self.size else "")


@dataclass(frozen=True)
class Script:
    """What happens in a world.

    Attributes:
        plan, opening: a house, and one of its openings. clients: how many take events; workers: how many settle.
        shelf: pieces by sku and bucket. moments: when settlement and payouts are looked after.
        deliveries, mishaps: see there.
        all_again, refund_all: whether everything comes once more in the end, and whether all of it is refunded then.
    """

    seed: int
    plan: str
    opening: int
    clients: int
    workers: int
    shelf: dict[tuple[int, int], int]
    moments: tuple[int, ...]
    deliveries: Sequence[Delivery]
    mishaps: Sequence[Mishap]
    all_again: bool
    refund_all: bool

    def without(self, deliveries: Sequence[Delivery], mishaps: Sequence[Mishap]) -> Script:
        """The same world with only these deliveries and mishaps."""
        return replace(self, deliveries=tuple(deliveries), mishaps=tuple(mishaps))


@dataclass(frozen=True)
class Theme:
    """What a world is mostly about: no world tries everything, so that what is rare meets itself (swarm testing).

    Attributes:
        orders, withdrawals, people: how often a story is of that kind. products: how often an order has several.
        gone: how often an order is refunded or cancelled.
    """

    orders: int = 3
    withdrawals: int = 1
    people: int = 1
    products: float = 0.3
    gone: float = 0.4


THEMES = (
    Theme(),
    Theme(),
    Theme(orders=2, withdrawals=3, people=0),
    Theme(orders=2, withdrawals=0, people=3),
    Theme(orders=1, withdrawals=0, people=0, products=1.0, gone=1.0),
)


@dataclass
class _Author:
    """Makes the deliveries of a world."""

    luck: Luck
    theme: Theme
    opening: Opening
    clients: int
    moments: tuple[int, ...]
    orders: int
    withdrawals: int = 0
    told: int = 0
    deliveries: list[Delivery] = field(default_factory=list)

    def tell(self, job: Job, times: int = 1, hasty: float = 0.0) -> Job:
        """A job is told so many times, to anybody, some of them late; `hasty`: how often before its time."""
        for copy in range(times):
            late = self.luck.pick((0, 0, 1, 3, 90, DAY)) if copy else self.luck.pick(_LATE)
            client = self.luck.below(self.clients)
            self.deliveries.append(Delivery(job.time + late, job, client, self.luck.chance(hasty)))
        self.told += times
        return job

    def times(self, most: int) -> int:
        """How often a notice comes: mostly once."""
        return self.luck.between(2, most) if self.luck.chance(0.3) else 1

    def moment(self) -> int:
        """A second near one of the moments, before or after which others do something."""
        return self.luck.pick(self.moments) + self.luck.pick((0, 0, 0, 1, 2, 3))

    def after(self, time: int) -> int:
        """A second soon after, or near a later moment."""
        later = [moment for moment in self.moments if moment > time]
        if not later or self.luck.chance(0.6):
            return time + self.luck.pick((0, 1, 2, 30))
        return self.luck.pick(later) + self.luck.below(3)

    def member(self) -> int:
        """Somebody."""
        return self.luck.below(self.opening.members)

    def order(self) -> None:
        """An order and its life."""
        number, self.orders = self.orders, self.orders + 1
        luck, time = self.luck, self.moment()
        several = luck.chance(self.theme.products)
        skus = sorted({luck.below(len(SKUS)) for _ in range(4 if several else 1)})
        if luck.chance(0.5):
            skus.reverse()
        lines = [(sku, luck.pick((1, 1, 1, 2, 3))) for sku in skus]
        freight = luck.pick((0, 0, 1_000))
        buyer = self.member()
        placed = Job(("order", number, 0), order_events(time, number, buyer, lines, freight))
        self.tell(placed, self.times(2))
        if luck.chance(0.08):
            others = [(sku, quantity + 1) for sku, quantity in lines]
            self._other(placed, Job(placed.key, order_events(time, number, buyer, others, freight)))
        if luck.chance(self.theme.gone / 3):
            self._next(Kind.cancel, number, time, placed.key)
            if luck.chance(0.5):
                return
        paid = self._next(Kind.pay, number, self.after(time), placed.key, self.times(4), hasty=0.1)
        shipped = luck.chance(0.5)
        last = self._next(Kind.ship, number, self.after(paid.time), paid.key, hasty=0.1) if shipped else paid
        if luck.chance(0.5):
            last = self._next(Kind.receive, number, self.after(last.time), last.key, hasty=0.1)
        if luck.chance(self.theme.gone):
            self._refunds(number, paid.time, paid.key, lines)

    def _next(
        self, kind: Kind, number: int, time: int, after: JobKey, times: int | None = None, hasty: float = 0.0
    ) -> Job:
        job = Job((kind.name, number, 0), one_event(kind, time, order=number), after=after)
        return self.tell(job, self.times(2) if times is None else times, hasty)

    def _refunds(self, number: int, time: int, after: JobKey, lines: list[tuple[int, int]]) -> None:
        """Refunds of an order, in pieces or fen; each is told again under its own number."""
        for refund in range(self.luck.pick((1, 1, 2, 3))):
            line = self.luck.between(1, len(lines))
            price = PRICES[lines[line - 1][0]]
            given = self.luck.pick(({"quantity": 1}, {"amount": 1 + self.luck.below(price)}, {}))
            time = self.after(time)
            event = one_event(Kind.refund, time, order=number, line=line if given else 0, **given)
            job = Job(("refund", number, refund), event, number=refund, after=after)
            after = self.tell(job, self.times(3), hasty=0.1 if refund else 0.0).key

    def _other(self, placed: Job, other: Job) -> None:
        """The same key comes again with other contents."""
        other.after, other.other = placed.key, True
        self.tell(other)

    def withdrawal(self) -> None:
        """Money is asked for; somebody else may ask for the same money in the same second."""
        time, member, many = self.moment(), self.member(), self.luck.pick((1, 1, 2))
        for _ in range(many):
            number, self.withdrawals = self.withdrawals, self.withdrawals + 1
            share = self.luck.pick((20, 60, 100, 100, 130))
            event = one_event(Kind.withdraw, time, member=member, order=number, amount=100)
            job = self.tell(Job(("withdraw", number, 0), event, share=share), self.times(3))
            if self.luck.chance(0.1):
                other = one_event(Kind.withdraw, time, member=member, order=number, amount=_NOBODY_ASKS_FOR)
                self._other(job, Job(job.key, other))
            kind = Kind.approve if self.luck.chance(0.8) else Kind.reject
            self._next(kind, number, self.after(time), job.key)

    def about_members(self) -> None:
        """Somebody clicks, shares, is bound anew, frozen, or registers."""
        time, member, other, kind = self.moment(), self.member(), self.member(), self.luck.below(10)
        number = self.told
        if kind < 5 and other != member:
            what = one_event(Kind.click, time, member=member, other=other)
        elif kind < 7:
            what = one_event(Kind.rebind, time, member=member, other=other)
        elif kind == 7:
            what = one_event(Kind.share, time, member=member)
        elif kind == 8:
            freeze = Job(("freeze", member, number), one_event(Kind.freeze, time, member=member))
            self.tell(freeze)
            time = self.after(time)
            what = one_event(Kind.unfreeze, time, member=member)
        else:
            member, number = self.opening.members - 1, 0
            if any(one.job.key == ("register", member, 0) for one in self.deliveries):
                return
            what = one_event(Kind.register, time, member=member, other=other if other != member else -1)
        job = Job((Kind(int(what["kind"][0])).name, member, number), what)
        self.tell(job, self.times(2) if job.key[0] == "register" else 1)


def script(seed: int) -> Script:
    """The script of the world of a seed."""
    luck = Luck(seed, "script")
    plan, opening = luck.pick(PLANS), luck.below(OPENINGS)
    days = sorted({luck.pick((0, 1, 1, 2, 3, 4)) for _ in range(luck.pick((1, 2, 2, 3)))})
    moments = tuple(BEGIN + day * DAY + luck.pick(MOMENTS) for day in days)
    there = house(plan).opening(opening)
    theme = luck.pick(THEMES)
    author = _Author(luck, theme, there, luck.between(2, 4), moments, there.orders)
    wanted = luck.pick((10, 14, 20, 30, 45))
    stories = [author.order] * theme.orders + [author.withdrawal] * theme.withdrawals
    stories += [author.about_members] * theme.people
    while author.told < wanted:
        luck.pick(stories)()
    buckets = luck.pick((1, 1, 2, 4))
    shelf = {(sku, bucket): luck.pick((1, 2, 3, 8)) for sku in range(len(SKUS)) for bucket in range(buckets)}
    workers = luck.pick((1, 1, 2))
    calm = luck.chance(0.1)
    mishaps = () if calm else _mishaps(luck, author.clients + workers + 1, author.told)
    return Script(
        seed=seed,
        plan=plan,
        opening=opening,
        clients=author.clients,
        workers=workers,
        shelf=shelf,
        moments=moments,
        deliveries=tuple(author.deliveries),
        mishaps=mishaps,
        all_again=luck.chance(0.3),
        refund_all=luck.chance(0.2),
    )


def _mishaps(luck: Luck, actors: int, told: int) -> tuple[Mishap, ...]:
    found: list[Mishap] = []
    for _ in range(luck.between(1, 7)):
        what: Fault = luck.pick(("kill", "kill", "cut", "crash", "crash", "pause", "full", "torn"))
        aimed = what == "torn" or (what != "pause" and luck.chance(0.5))
        at = luck.between(1, told) if aimed else luck.below(told * _STEPS_OF_A_JOB)
        size = {"kill": luck.below(_FORGOTTEN_AFTER), "pause": luck.between(5, 80), "full": luck.between(1, 4)}
        found.append(Mishap(what, "commit" if aimed else "step", at, luck.below(actors), size.get(what, 0)))
    return tuple(sorted(found, key=lambda one: (one.when, one.at)))
