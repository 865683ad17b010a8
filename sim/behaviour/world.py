"""What the behaviours share: the crowd, the market, luck, today's events and those that are already on their way."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY, Kind, Records
from rules.plan.model import Plan
from sim.behaviour.chunks import Crew
from sim.behaviour.parameters import Behaviour
from sim.behaviour.purposes import FOR_LIFE, Decision
from sim.columns import Column, Crowd, Host
from sim.draws import key
from sim.market import Channels, Market
from sim.people import TRAITS
from sim.rows import arranged, events_of, in_time, together

if TYPE_CHECKING:
    from sim.behaviour.channelling import Doors
    from sim.behaviour.goods import Goods

Ids = NDArray[np.int32]
Seconds = NDArray[np.int64]

NEVER = 2**31 - 1
"""A day or second that does not come."""
FULL = 2**32 - 1
"""A share probability of 1 in the units of `bar`."""

STATE: dict[str, Column] = {
    "joined": Column("i4", "seconds since the store opened", NEVER),
    "due": Column("f8", "operational time of the next spontaneous order", np.inf),
    "buy_day": Column("i4", "day of that order", NEVER),
    "repeats": Column("u2", "ordinal of that order"),
    "impulses": Column("u2", "impulse orders so far"),
    "pressure": Column("i4", "to join, in 1/PRESSURE"),
    "fatigue": Column("u1", "shares seen lately"),
    "effort": Column("f4", "0 to 1"),
    "bar": Column("u4", "share if a 32-bit draw is below"),
    "per_share": Column("f4", "fen, average income per share"),
    "income": Column("f4", "fen, average income of a week"),
    "swing": Column("f4", "0 to 1, average"),
    "shared": Column("u2", "shares since the last lesson"),
    "shares": Column("u4", "shares so far"),
    "earned": Column("i8", "fen, as of the last lesson"),
    "payouts": Column("u2", "withdrawals asked for so far"),
    "drive": Column("f4", "factor on effort, by leaderboards", 1),
}
"""What changes about a person. Ranks, bindings and balances are in the book."""


class Agenda:
    """Events that are on their way, by day.

    Args:
        start: first day of the world, in days since 1970-01-01.
    """

    def __init__(self, start: int) -> None:
        self._start = start
        self._days: defaultdict[int, list[Records]] = defaultdict(list)

    def put(self, events: Records) -> None:
        """Keep events for their days, in the order given."""
        if not len(events):
            return
        days = events["time"] // DAY - self._start
        order = np.argsort(days, kind="stable")
        days, events = days[order], arranged(events, order)
        cuts = np.flatnonzero(np.diff(days)) + 1
        for first, part in zip(np.append(0, cuts), np.split(events, cuts), strict=True):
            self._days[int(days[first])].append(part)

    def take(self, day: int) -> list[Records]:
        """The events of a day, which leave the agenda."""
        return self._days.pop(day, [])


@dataclass(frozen=True)
class Times:
    """How long things take, least and most, in days.

    Attributes:
        ship: from payment to shipping. deliver: from shipping to the door. regret: from receipt to asking for a return.
    """

    ship: tuple[float, float] = (0, 2)
    deliver: tuple[float, float] = (1, 4)
    regret: tuple[float, float] = (1, 7)


@dataclass(repr=False)
class World:
    """State of the market between two phases.

    Attributes:
        seed: of all luck. luck: seed of what is yet to be decided, see `take_luck`.
        people: size of the market. start: first day, in days since 1970-01-01.
        given: parameters. market, channels: what is sold where. times: of deliveries and returns.
        plan: what promoters read. crowd: people. crew: threads.
        arms: plans of the further arms, which the promoters in them read instead: arm 1, 2, ...
        seeds: the first promoters, by how they were chosen.
        goods: where goods come from and what comes back; None = no section of the scenario says.
        walls: by person, the side of a wall: nobody sees a link from the other side; None = there is none.
        told: members who hear of new terms today, and weigh their effort anew in the evening.
        day: today, from 0. today: groups of events of today, in no order of time.
        agenda: events of later days. next_order, next_withdrawal: numbers to be given next.
    """

    seed: int
    people: int
    start: int
    given: Behaviour
    market: Market
    channels: Channels
    times: Times
    plan: Plan
    crowd: Crowd
    crew: Crew
    day: int = 0
    next_order: int = 0
    next_withdrawal: int = 0
    arms: list[Plan] = field(default_factory=list)
    seeds: dict[str, Ids] = field(default_factory=dict)
    goods: Goods | None = None
    doors: Doors | None = None
    walls: NDArray[np.int8] | None = None
    told: list[NDArray[Any]] = field(default_factory=list)
    today: list[Records] = field(default_factory=list)
    luck: int = field(init=False)
    agenda: Agenda = field(init=False)
    _members: Ids = field(init=False)
    _keys: dict[Decision, np.uint64] = field(init=False)
    _roused: list[tuple[NDArray[Any], int]] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        self.agenda = Agenda(self.start)
        self._members = np.zeros(64, np.int32)
        self.take_luck(self.seed)

    @property
    def midnight(self) -> int:
        """Second at which today began."""
        return (self.start + self.day) * DAY

    @property
    def members(self) -> Ids:
        """Who is registered (a view; newcomers of the week last)."""
        return self._members[: self._count]

    def take_luck(self, seed: int) -> None:
        """Ask another seed from today on; who people are, whom they know, and what was drawn already stays."""
        self.luck = seed
        self._keys = {one: key(self.seed if one in FOR_LIFE else seed, one) for one in Decision}

    def key(self, decision: Decision, *, daily: bool = False) -> np.uint64:
        """The key of a decision: taken once a person (and ordinal), or anew every day."""
        if not daily:
            return self._keys[decision]
        return key(self.luck, decision, self.day + 1)

    def admit(self, persons: NDArray[Any]) -> None:
        """Add newly registered people to the members."""
        needed = self._count + len(persons)
        if needed > len(self._members):
            self._members = np.resize(self._members, max(needed, 2 * len(self._members)))
        self._members[self._count : needed] = persons
        self._count = needed

    def end_week(self) -> None:
        """Put the members in order, so that the columns are read forwards; let fatigue halve."""
        self._members[: self._count].sort()
        self.crowd["fatigue"][:] >>= 1

    def rouse(self, members: NDArray[Any], probability: float) -> None:
        """Have members share today with at least this probability; before they do."""
        self._roused.append((members, round(probability * FULL)))

    def bars(self) -> NDArray[np.uint32]:
        """By person, the `bar` of today; whoever was roused is calm again after that."""
        bar: NDArray[np.uint32] = self.crowd["bar"]
        if self._roused:
            bar = bar.copy()
        for members, least in self._roused:
            bar[members] = np.maximum(bar[members], np.uint32(least))
        self._roused = []
        return bar

    def emit(self, kind: Kind, second: NDArray[Any], **fields: NDArray[Any] | int) -> Records:
        """Add events of today.

        Args:
            kind: what happens.
            second: of the day, one an event.
            fields: other fields of `EVENT`.
        """
        events = events_of(kind, self.midnight + second, **fields)
        self.today.append(events)
        return events

    def day_events(self) -> Records:
        """Today's events in the order of time, then order, then line; otherwise as the phases made them."""
        groups = self.agenda.take(self.day) + self.today
        self.today = []
        events = together(groups)
        return arranged(events, in_time(events, self.midnight))


def new_crowd(model: Host, people: int) -> Crowd:
    """A crowd with all columns at their defaults."""
    return Crowd(model, people, TRAITS | STATE)
