"""Fulfilment: what becomes of an order. Paid within minutes or cancelled, shipped, received, returned.

All of it is drawn once, when the order is placed, by (person, ordinal), and put on the agenda. Whether the store can
deliver is the store's business: it drops the later events of an order that it could not sell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY, Kind, Records
from sim.behaviour.purposes import Decision
from sim.behaviour.shopping import Orders
from sim.behaviour.world import World, events_of, together
from sim.draws import bits_array
from sim.people import Floats

HOUR = 3600
PAY_SOONEST, PAY_LATEST = 15, 600
"""Seconds from the order to the payment; quadratic in a uniform, so mostly soon."""
CANCEL_AFTER = 1800
"""Seconds after which an unpaid order is cancelled."""
CONFIRM_DAYS = (0.0, 2.0)
"""Days from the door to the buyer's confirmation, least and most."""
DECISION_DAYS = (0.5, 2.0)
"""Days the store takes to decide on a return."""
_FIELD = 2.0**-21

Seconds = NDArray[np.int64]


@dataclass(frozen=True)
class Fate:
    """What becomes of orders, by order.

    Attributes:
        paid: whether; settled: when it is paid, or else cancelled. shipped, received: when.
        confirmed: whether the buyer says so. returned: 0 no, 1 before shipping, 2 wholly, 3 in part. refused: whether
            the store refuses the return. opened, decided: when a return is asked for, and when it is decided.
    """

    paid: NDArray[np.bool_]
    settled: Seconds
    shipped: Seconds
    received: Seconds
    confirmed: NDArray[np.bool_]
    returned: NDArray[np.int64]
    refused: NDArray[np.bool_]
    opened: Seconds
    decided: Seconds


def fulfil(world: World, orders: Orders, lines: Records, numbers: NDArray[np.int64]) -> None:
    """Put what becomes of today's orders on the agenda.

    Args:
        world: today.
        orders: of today. lines: their events, a row a line, by order. numbers: of the orders.
    """
    first = np.searchsorted(lines["order"], numbers)
    fate = decide(world, orders, world.market.return_rate[lines["category"][first]])
    sold = fate.paid & (fate.returned != 1)
    late = fate.returned >= 2
    kept = late & ~fate.refused
    pieces = np.diff(np.append(first, len(lines)))
    coming = [
        events_of(kind, when[who], order=numbers[who])
        for kind, who, when in (
            (Kind.pay, fate.paid, fate.settled),
            (Kind.cancel, ~fate.paid, fate.settled),
            (Kind.ship, sold, fate.shipped),
            (Kind.receive, sold & fate.confirmed, fate.received),
            (Kind.refund, fate.returned == 1, fate.opened),
            (Kind.refund_open, late, fate.opened),
            (Kind.refund_refused, late & fate.refused, fate.decided),
            (Kind.refund, kept & (fate.returned == 2), fate.decided),
        )
    ]
    part = np.flatnonzero(kept & (fate.returned == 3))
    half = np.where(pieces[part] == 1, (lines["quantity"][first[part]] + 1) // 2, 0)
    coming.append(
        events_of(Kind.refund, fate.decided[part], order=numbers[part], line=pieces[part], quantity=half)
    )
    world.agenda.put(together(coming))


def decide(world: World, orders: Orders, return_rate: Floats) -> Fate:
    """Draw what becomes of orders.

    Args:
        world: today.
        orders: of today. return_rate: of the category of each order's first line.
    """
    given, placed = world.given, world.midnight + orders.second
    failing, quick, when = _draws(world, Decision.payment, orders)
    paid = failing >= given.payment_failure
    wait = np.where(paid, PAY_SOONEST + (PAY_LATEST - PAY_SOONEST) * quick**2, CANCEL_AFTER)
    settled = placed + wait.astype(np.int64)
    shipped = settled + HOUR + _between(world.times.ship, when)
    transit, silent, regret = _draws(world, Decision.delivery, orders)
    received = shipped + HOUR + _between(world.times.deliver, transit) + _between(CONFIRM_DAYS, quick)
    returning, how, refusing = _draws(world, Decision.returned, orders)
    returned = np.where(how < given.return_unshipped + (1 - given.return_unshipped) * (1 - given.return_partial), 2, 3)
    returned[how < given.return_unshipped] = 1
    returned[~paid | (returning >= return_rate * given.return_factor)] = 0
    opened = np.where(
        returned == 1,
        settled + 60 + (regret * (shipped - settled - 60)).astype(np.int64),
        received + _between(world.times.regret, regret),
    )
    thinking, _, _ = _draws(world, Decision.returned_when, orders)
    decided = opened + _between(DECISION_DAYS, thinking)
    return Fate(
        paid, settled, shipped, received, silent >= given.unconfirmed, returned,
        refusing < given.return_refused, opened, decided,
    )  # fmt: skip


def _draws(world: World, decision: Decision, orders: Orders) -> tuple[Floats, Floats, Floats]:
    """Three uniforms of 21 bits an order."""
    words = bits_array(world.key(decision), orders.person, orders.ordinal)
    low, middle, high = ((words >> np.uint64(shift)) & np.uint64(0x1FFFFF) for shift in (0, 21, 42))
    return low * _FIELD, middle * _FIELD, high * _FIELD


def _between(days: tuple[float, float], part: Floats) -> Seconds:
    """Seconds of some days between the least and the most."""
    return ((days[0] + (days[1] - days[0]) * part) * DAY).astype(np.int64)
