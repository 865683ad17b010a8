"""What a run left of its spread, in columns: who shared, clicked, registered and bought, and when.

Only events are read, so a run, a history of your own and a case tell the same kind of trail. An event's place in the
log says what came before what.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY, Kind, Records
from rules.records import NEVER
from sim.history.shipped import Past
from sim.spread.forest import NOBODY, Forest, Numbers, plant


@dataclass(frozen=True)
class Orders:
    """Orders that were paid, in the order in which they were placed.

    Attributes:
        number, buyer: which and whose.
        place, time: of its first line in the log; second.
        goods: fen paid for goods, without freight.
    """

    number: Numbers
    buyer: Numbers
    place: Numbers
    time: Numbers
    goods: Numbers

    def __len__(self) -> int:
        return len(self.number)


@dataclass(frozen=True)
class Trail:
    """The trail of a run.

    Attributes:
        people: size of the market, strangers included; all who ever did anything where it is not `bounded`.
        bounded: how large the market is, is known.
        begin, end: seconds: midnight before the first event; the last event.
        joined, inviter: by person: second or NEVER; by whose link or NOBODY.
        joining_place: by person: where in the log her registration stands; -1 = before it.
        place, time, member, other, shared: shares and clicks in order: place in the log, second, the sharer or the
            visitor, the sharer of a click or NOBODY, whether it is a share.
        stranger: by click or share: its visitor was no member yet.
        orders: that were paid.
    """

    people: int
    bounded: bool
    begin: int
    end: int
    joined: Numbers
    inviter: Numbers
    joining_place: Numbers
    place: Numbers
    time: Numbers
    member: Numbers
    other: Numbers
    shared: NDArray[np.bool_]
    stranger: NDArray[np.bool_]
    orders: Orders

    @property
    def days(self) -> int:
        """Length, in days."""
        return -((self.begin - self.end) // DAY)

    @property
    def members(self) -> Numbers:
        """Who is a member at the end, by number."""
        return np.flatnonzero(self.joined != NEVER)

    @property
    def seeds(self) -> NDArray[np.bool_]:
        """By person: was there when the store opened, by nobody's link."""
        found: NDArray[np.bool_] = (self.joined != NEVER) & (self.joined <= self.begin) & (self.inviter == NOBODY)
        return found

    @property
    def starters(self) -> NDArray[np.bool_]:
        """By person: a seed; where there is none, whoever came by nobody's link."""
        seeds = self.seeds
        return seeds if seeds.any() else (self.joined != NEVER) & (self.inviter == NOBODY)

    @cached_property
    def recruitment(self) -> tuple[Numbers, Forest]:
        """The members and the forest of who brought whom, over their places in that list."""
        members = self.members
        at = np.full(self.people + 1, NOBODY)
        at[members] = np.arange(len(members))
        return members, plant(at[self.inviter[members]])


_ROWS = ("place", "time", "member", "other", "shared", "stranger")
"""The columns of shares and clicks."""


def trail_of(past: Past) -> Trail:
    """The trail of a run or a history."""
    events = past.log.events
    people = _people(past)
    begin = int(events["time"][0]) // DAY * DAY if len(events) else 0
    if past.start_day is not None:
        begin = past.start_day * DAY
    end = max(begin + 1, int(events["time"][-1]) if len(events) else 0)
    joined, inviter, joining = _joining(past, people)
    chosen = np.flatnonzero((events["kind"] == Kind.share) | (events["kind"] == Kind.click))
    rows = events[chosen]
    member = rows["member"].astype(np.int64)
    stranger = (joined[member] == NEVER) | (joining[member] > chosen)
    return Trail(
        people, past.opening is not None, begin, end, joined, inviter, joining, chosen,
        rows["time"].astype(np.int64), member, rows["other"].astype(np.int64), rows["kind"] == Kind.share, stranger,
        _orders(events),
    )  # fmt: skip


def until(trail: Trail, second: int) -> Trail:
    """What was known of a trail at a moment."""
    early, bought = trail.time < second, trail.orders.time < second
    known = (trail.joined != NEVER) & (trail.joined < second)
    return replace(
        trail,
        end=second,
        joined=np.where(known, trail.joined, NEVER),
        inviter=np.where(known, trail.inviter, NOBODY),
        **{name: getattr(trail, name)[early] for name in _ROWS},
        orders=Orders(**{name: column[bought] for name, column in vars(trail.orders).items()}),
    )


def _people(past: Past) -> int:
    events = past.log.events
    led = events["other"][np.isin(events["kind"], [Kind.register, Kind.click])]
    most = max(int(events["member"].max(initial=-1)), int(led.max(initial=-1)))
    return max(most + 1, len(past.log.names.members), 0 if past.opening is None else len(past.opening))


def _joining(past: Past, people: int) -> tuple[Numbers, Numbers, Numbers]:
    """By person: when she joined, by whose link, and where in the log that stands (-1 = before it)."""
    events = past.log.events
    joined, inviter, place = np.full(people, NEVER), np.full(people, NOBODY), np.full(people, -1)
    if past.opening is not None:
        joined[: len(past.opening)] = past.opening["joined_at"]
        inviter[: len(past.opening)] = past.opening["upline"]
    at = np.flatnonzero(events["kind"] == Kind.register)[::-1]  # backwards: the first registration is written last
    at = at[joined[events["member"][at]] == NEVER]
    who = events["member"][at]
    joined[who], inviter[who], place[who] = events["time"][at], events["other"][at], at
    return joined, np.where(inviter == np.arange(people), NOBODY, inviter), place


def _orders(events: Records) -> Orders:
    """The paid orders; their first line is the first that was placed under their number."""
    at = np.flatnonzero(events["kind"] == Kind.order)
    lines = events[at]
    number, first, inverse = np.unique(lines["order"], return_index=True, return_inverse=True)
    unit = np.where(lines["member_price"] >= 0, lines["member_price"], lines["price"])
    paid = unit * lines["quantity"] - lines["discount"]
    goods = np.zeros(len(number), np.int64)
    np.add.at(goods, inverse, paid)
    kept = np.isin(number, events["order"][events["kind"] == Kind.pay])
    chosen = np.flatnonzero(kept)[np.argsort(at[first[kept]], kind="stable")]
    row = lines[first[chosen]]
    place, time = at[first[chosen]], row["time"].astype(np.int64)
    return Orders(number[chosen].astype(np.int64), row["member"].astype(np.int64), place, time, goods[chosen])
