"""The shop whose capacity is asked for: workers, database, and the switches whose worth is to be seen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rules.errors import InputError
from sim.stress.capacity.kinds import Side


def _at_least(name: str, value: float, least: float) -> None:
    if value < least:
        raise InputError(f"{name}: {value}", allowed=f"{least:g} or more")


@dataclass(frozen=True)
class Staff:
    """A group of worker processes.

    Attributes:
        workers: how many there are at first, and at least.
        most: scaled out up to so many; None = never.
        out_at: one more is started when so many transactions wait for each worker.
        start_seconds: until a new one works. spare_seconds: idle ones are looked for so often, and one is stopped.
    """

    workers: int = 4
    most: int | None = None
    out_at: int = 20
    start_seconds: float = 20.0
    spare_seconds: float = 60.0

    def __post_init__(self) -> None:
        _at_least("workers", self.workers, 1)
        if self.most is not None:
            _at_least("the most workers", self.most, self.workers)
        _at_least("out_at", self.out_at, 1)


@dataclass(frozen=True)
class Channel:
    """A payout channel 代付通道: so many calls a second, so many payouts in a call, and how it answers.

    Attributes:
        every_minutes: what is approved is sent so often, or as soon as a call is full.
        answer_seconds: mean time until it answers a call's payout.
        late, never, unknown: parts of payouts it answers after `late_hours`, not at all, or with "unknown". Where it
            does not answer or says "unknown", it is asked again every `ask_minutes`, with the same order number;
            a question is answered by "unknown" again with the same probability.
    """

    calls_per_second: float = 100.0
    items: int = 1_000
    every_minutes: float = 10.0
    answer_seconds: float = 2.0
    late: float = 0.01
    late_hours: float = 2.0
    never: float = 0.001
    unknown: float = 0.002
    ask_minutes: float = 30.0

    def __post_init__(self) -> None:
        _at_least("items of a call", self.items, 1)
        for name in ("calls_per_second", "every_minutes", "answer_seconds", "ask_minutes"):
            if not getattr(self, name) > 0:
                raise InputError(f"{name}: {getattr(self, name)}", allowed="more than 0")
        if self.late + self.never + self.unknown > 0.9:
            raise InputError("late, never and unknown answers are more than 90 %", allowed="at most 90 % together")


@dataclass(frozen=True)
class Review:
    """People who look at withdrawals: so many, with opening hours, and the part of withdrawals they see."""

    people: int = 2
    part: float = 0.10
    minutes: float = 3.0
    opens: float = 9.0
    closes: float = 18.0

    def __post_init__(self) -> None:
        _at_least("reviewers", self.people, 1)
        if not 0 <= self.opens < self.closes <= 24:
            raise InputError(f"reviewers work from {self.opens} to {self.closes}", allowed="hours 0 to 24, in order")


@dataclass(frozen=True)
class Chore:
    """A job by the calendar 批处理: a close, a reconciliation, a backup; it takes one core of the database.

    Attributes:
        every_days: 1 daily, 7 on Mondays, 30 on the first of a month.
        hour: of the day. seconds: processor time, and so much more for each 1,000 orders of a day.
    """

    name: str
    every_days: int
    hour: float
    seconds: float
    per_thousand: float = 0.0


CHORES = (
    Chore("close of the day", 1, 0.0, 2, 0.05),
    Chore("close of the week", 7, 0.25, 5, 0.3),
    Chore("close of the month", 30, 0.5, 10, 1.5),
    Chore("reconciliation", 1, 3.0, 10, 0.2),
    Chore("backup", 1, 4.0, 60, 0.5),
)
"""Assumed; a close folds each order's entries once."""


@dataclass(frozen=True)
class Shop:
    """A shop's machines and switches.

    Attributes:
        orders, members, settlement: worker groups, each scaled on its own.
        pool: connections to the database. cores: of the database server.
        worker_cores: cores of the workers' own machines; 0 = workers and database share `cores`.
        network_ms: a round trip between them. flush_variation: standard deviation ÷ mean of the time of a flush.
        queue: commission is queued to settlement workers, in batches; else each payment books its own.
        batch: orders in a batch at most. batch_seconds: a batch that is not full goes after so long.
        cache: members and ranks are cached; `hit` is the part of reads found there, `stale` the part of those that are
            out of date: their transaction is done again.
        stock_buckets: rows that a hot product's stock is split into.
        platform_rows: rows of the platform's account; 0 = its balance is derived from entries, no row is changed.
        hot_product: part of orders that buy the hottest product. hot_promoters: parts of the top promoters.
        fails_every_hours: mean time between failures of one worker; 0 = never. restart_seconds: until it works again;
            what it was doing is done again.
        review, channel, chores: withdrawals' reviewers, the payout channel, jobs by the calendar.
    """

    orders: Staff = Staff(4)
    members: Staff = Staff(2)
    settlement: Staff = Staff(1)
    pool: int = 10
    cores: int = 2
    worker_cores: int = 0
    network_ms: float = 0.0
    flush_variation: float = 0.4
    queue: bool = True
    batch: int = 500
    batch_seconds: float = 1.0
    cache: bool = True
    hit: float = 0.9
    stale: float = 0.002
    stock_buckets: int = 8
    platform_rows: int = 0
    hot_product: float = 0.5
    hot_promoters: tuple[float, ...] = (0.05, 0.03, 0.02)
    fails_every_hours: float = 168.0
    restart_seconds: float = 5.0
    review: Review = Review()
    channel: Channel = Channel()
    chores: tuple[Chore, ...] = field(default=CHORES)

    def __post_init__(self) -> None:
        for name in ("pool", "cores", "batch", "stock_buckets"):
            _at_least(name, getattr(self, name), 1)
        for name in (
            "worker_cores",
            "platform_rows",
            "network_ms",
            "batch_seconds",
            "fails_every_hours",
            "flush_variation",
        ):
            _at_least(name, getattr(self, name), 0)
        for name in ("hit", "stale", "hot_product"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"{name}: {getattr(self, name)}", allowed="0 to 1")
        if self.hot_product and not self.stock_buckets <= 10_000:
            raise InputError(f"stock_buckets: {self.stock_buckets}", allowed="1 to 10,000")
        if sum(self.hot_promoters) > 1:
            raise InputError(f"hot_promoters: {self.hot_promoters}", allowed="parts that sum to 1 at most")

    def staff(self, side: Side) -> Staff:
        """A worker group."""
        return {"orders": self.orders, "members": self.members, "settlement": self.settlement}[side]

    def with_workers(self, side: Side, workers: int) -> Shop:
        """The same with so many workers in a group."""
        staff = self.staff(side)
        most = None if staff.most is None else max(staff.most, workers)
        changed = replace(staff, workers=workers, most=most)
        if side == "orders":
            return replace(self, orders=changed)
        return replace(self, members=changed) if side == "members" else replace(self, settlement=changed)
