"""A simulated run as a shop: what an operator of that world could have exported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rules.events import EventLog, Kind, Records
from sim.calibration.shop import Clicks, Integers, Lines, People, Shop
from sim.history.cells import ABSENT
from sim.history.log import read_log


def shop_of_run(folder: Path) -> Shop:
    """The shop in the folder of a run.

    Raises:
        InputError: no run is there, or a file of it cannot be read.
    """
    return shop_of_log(str(folder), read_log(folder))


def shop_of_log(name: str, log: EventLog) -> Shop:
    """The shop in a log of events; orders that repeat another's notice are left out."""
    events = log.events
    rows = events[(events["kind"] == Kind.order) & (events["other"] < 0)]
    rows = rows[np.lexsort((rows["line"], rows["order"]))]
    count = int(max(events["member"].max(initial=-1), events["other"].max(initial=-1))) + 1
    known, order = np.unique(rows["order"], return_inverse=True)
    times = {kind: _times(events, kind, known)[order] for kind in (Kind.pay, Kind.ship, Kind.receive)}
    paid_amount = _of(rows, "price") * _of(rows, "quantity") - _of(rows, "discount")
    refunded, refund = _refunds(events, rows, paid_amount, known, order)
    lines = Lines(
        order=order.astype(np.int64),
        member=_of(rows, "member"),
        placed=_of(rows, "time"),
        paid=times[Kind.pay],
        # What nobody confirms the store takes for received some days after; a run's log has no event for it.
        received=np.where(times[Kind.receive] == ABSENT, times[Kind.ship], times[Kind.receive]),
        refunded=refunded,
        refund=refund,
        quantity=_of(rows, "quantity"),
        price=_of(rows, "price"),
        paid_amount=paid_amount,
        category=_of(rows, "category"),
        sku=_of(rows, "sku"),
        channel=_of(rows, "channel"),
    )
    return Shop(
        name, lines, _people(events, count), list(log.names.categories), list(log.names.channels), _clicks(events)
    )


def _of(rows: Records, name: str) -> Integers:
    return rows[name].astype(np.int64)


def _times(events: Records, kind: Kind, known: NDArray[np.int32]) -> Integers:
    """When something of a kind happened to each known order."""
    found = events[events["kind"] == kind]
    place = np.searchsorted(known, found["order"])
    there = (place < len(known)) & (known[np.minimum(place, len(known) - 1)] == found["order"])
    times = np.full(len(known), ABSENT)
    times[place[there]] = found["time"][there]
    return times


def _refunds(
    events: Records, rows: Records, amount: Integers, known: NDArray[np.int32], order: Integers
) -> tuple[Integers, Integers]:
    """When each line was refunded, and how much of it: 0 = all, ABSENT = nothing."""
    at, back = np.full(len(rows), ABSENT), np.zeros(len(rows), np.int64)
    first = np.append(np.flatnonzero(np.diff(order, prepend=-1)), len(rows))
    for event in events[events["kind"] == Kind.refund]:
        place = int(np.searchsorted(known, event["order"]))
        if place == len(known) or known[place] != event["order"]:
            continue
        for row in range(first[place], first[place + 1]):
            if event["line"] in (0, rows["line"][row]):
                at[row] = event["time"]
                part = int(event["amount"]) or amount[row] * int(event["quantity"]) // int(rows["quantity"][row])
                back[row] = min(amount[row], back[row] + (part or amount[row]))
    return at, np.where(at == ABSENT, ABSENT, np.where(back >= amount, 0, back))


def _people(events: Records, count: int) -> People:
    joined, inviter = np.full(count, ABSENT), np.full(count, -1)
    new = events[events["kind"] == Kind.register]
    joined[new["member"]], inviter[new["member"]] = new["time"], new["other"]
    return People(joined, inviter, joined != ABSENT)


def _clicks(events: Records) -> Clicks | None:
    found = events[events["kind"] == Kind.click]
    return Clicks(_of(found, "time"), _of(found, "other"), _of(found, "member")) if len(found) else None
