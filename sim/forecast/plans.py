"""A future as events after a log, and what plans pay for it: the rules, not a ratio.

The whole log is replayed under each plan, and what is booked after its end counts: ranks, volumes and holds are those
that the plan itself would have led to. People do not react to the plan; `fenxiao compare` on a calibrated scenario asks
what they would do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY, EventLog, Kind, Records
from rules.plan.model import Plan
from sim.forecast.customers import WEEK, Customers
from sim.forecast.future import Future
from sim.forecast.luck import Luck, drawn
from sim.history.orders import closing
from sim.history.replay import replay
from sim.history.shipped import Past
from sim.rows import events_of

Integers = NDArray[np.int64]
PAYS_AFTER, RECEIVED_AFTER, BACK_AFTER = 60, 3 * DAY, 8 * DAY
"""Seconds from an order to its payment, to its receipt, and to its refund if it comes back."""


def commission_by_week(
    past: Past, plans: Sequence[Plan], customers: Customers, future: Future, weeks: int, seed: int, number: int
) -> list[Integers]:
    """Fen of commission that each plan books in each week after the end, net of what it takes back, (weeks,)."""
    end = (customers.end + 1) * DAY
    log = until(past.log, end)
    events = np.concatenate([log.events, _events(log, customers, future, end, seed, number)])
    last = max(closing(int(events["time"].max())), end + weeks * WEEK * DAY)
    events = np.concatenate([events, events_of(Kind.tick, np.array([last]))])
    results = replay(EventLog(events, log.names), plans, past.start_day, past.opening)
    return [booked(one.entries, end, weeks) for one in results]


def booked(entries: Records, end: int, weeks: int) -> Integers:
    """Fen that entries book in each week after a moment."""
    week = (entries["time"] - end) // (WEEK * DAY)
    inside = (entries["time"] >= end) & (week < weeks)
    found = np.zeros(weeks, np.int64)
    np.add.at(found, week[inside], entries["amount"][inside])
    return found


def until(log: EventLog, end: int) -> EventLog:
    """What had happened by a moment; a last tick beyond the orders is left out."""
    kept = log.events[log.events["time"] < end]
    return replace(log, events=kept)


def _events(log: EventLog, customers: Customers, future: Future, end: int, seed: int, number: int) -> Records:
    """Newcomers who register, and purchases as orders of one line that are paid, received, and sent back as often as
    those before."""
    people = 1 + max(int(log.events[name].max()) for name in ("member", "other"))
    member = np.append(customers.member, people + np.arange(len(future.arrived)))
    ordinal = np.arange(len(future.fen))
    time = end + (future.week * WEEK * DAY).astype(np.int64)
    order = events_of(Kind.order, time, line=1, quantity=1, member=member[future.person], price=future.fen)
    lines = log.events[log.events["kind"] == Kind.order]
    some = (drawn(seed, Luck.goods, number, future.person, ordinal) * len(lines)).astype(np.int64)
    for name in ("sku", "category", "channel"):
        order[name] = lines[name][some]
    in_time = np.argsort(order["time"], kind="stable")  # a store numbers orders as they come
    order["order"][in_time] = int(log.events["order"].max()) + 1 + ordinal
    back = drawn(seed, Luck.comes_back, number, future.person, ordinal) < _returned(log)
    steps = [_later(order, Kind.pay, PAYS_AFTER), _later(order, Kind.receive, RECEIVED_AFTER)]
    steps.append(_later(order[back & (order["price"] > 0)], Kind.refund, BACK_AFTER))
    registered = _registered(log, future.arrived, member[len(customers.member) :], end, seed, number)
    events = np.concatenate([registered, order, *steps])
    ordered: Records = events[np.lexsort((events["kind"], events["order"], events["time"]))]
    return ordered


def _later(order: Records, kind: Kind, seconds: int) -> Records:
    """What happens to orders some time after they are placed."""
    return events_of(kind, order["time"] + seconds, order=order["order"])


def _returned(log: EventLog) -> float:
    """The part of orders that came back."""
    kinds = log.events["kind"]
    paid, back = (len(np.unique(log.events["order"][kinds == kind])) for kind in (Kind.pay, Kind.refund))
    return back / paid if paid else 0.0


def _registered(
    log: EventLog, arrived: NDArray[np.float64], member: Integers, end: int, seed: int, number: int
) -> Records:
    """Newcomers, each invited by whom one of those was who registered before."""
    before = log.events[log.events["kind"] == Kind.register]
    new = events_of(Kind.register, end + (arrived * WEEK * DAY).astype(np.int64), member=member)
    if len(before):
        some = drawn(seed, Luck.inviter, number, np.arange(len(arrived))) * len(before)
        new["other"] = before["other"][some.astype(np.int64)]
    return new
