"""Fulfilment: what becomes of an order. Paid within minutes or cancelled, shipped, received, returned.

All of it is drawn once, when the order is placed, by (person, ordinal), and put on the agenda. Whether the store can
deliver is the store's business: it drops the later events of an order that it could not sell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY, Kind, Records
from rules.jit import kernel
from sim.behaviour.purposes import Decision
from sim.behaviour.shopping import Orders
from sim.behaviour.world import Ids, Seconds, World
from sim.draws import bits, field
from sim.people import Floats
from sim.rows import arranged, blanks

HOUR = 3600
PAY_SOONEST, PAY_LATEST = 15, 600
"""Seconds from the order to the payment; quadratic in a uniform, so mostly soon."""
CANCEL_AFTER = 1800
"""Seconds after which an unpaid order is cancelled."""
CONFIRM_DAYS = 2.0
"""Days from the door to the buyer's confirmation, at most."""
DECISION_LEAST, DECISION_MOST = 0.5, 2.0
"""Days the store takes to decide on a return."""
MOST_EVENTS = 5
"""Events that an order can have after it was placed."""

_PAY, _CANCEL, _SHIP, _RECEIVE = int(Kind.pay), int(Kind.cancel), int(Kind.ship), int(Kind.receive)
_REFUND, _OPEN, _REFUSED = int(Kind.refund), int(Kind.refund_open), int(Kind.refund_refused)
_SIXTEEN, _WIDTH = 2.0**-21, 21

CHANCES = ("payment_failure", "unconfirmed", "return_factor", "return_unshipped", "return_partial", "return_refused")
"""The parameters of `Behaviour` that `follow` takes as `chances`, in this order."""


@dataclass(frozen=True)
class Journey:
    """How the goods of some orders travel.

    Attributes:
        way: by order. days: least and most days of shipping, delivery, regret, (ways, 6).
        delay: seconds by which they leave later, by order. return_rate: how many come back, by order.
    """

    way: NDArray[np.int64]
    days: Floats
    delay: Seconds
    return_rate: Floats


@kernel
def part(word: int, place: int) -> float:
    """One of three independent uniforms of 21 bits in a draw."""
    return field(word, place * _WIDTH, _WIDTH) * _SIXTEEN


@kernel
def between(least: float, most: float, part: float) -> int:
    """Seconds of some days between the least and the most."""
    return np.int64((least + (most - least) * part) * DAY)


@kernel
def note(row: Records, kind: int, time: int, order: int) -> int:
    """Write an event of an order; gives 1."""
    row.kind, row.time, row.order = kind, time, order
    return 1


@kernel
def follow(
    placed: Seconds, persons: Ids, ordinals: NDArray[np.int64], numbers: NDArray[np.int64], lines: NDArray[np.int64],
    pieces: NDArray[np.int64], return_rate: Floats, payment: int, delivery: int, returned: int, decision: int,
    chances: Floats, way: NDArray[np.int64], days: Floats, delay: Seconds, out: Records, took: Seconds, door: Seconds,
) -> int:  # fmt: skip
    """Draw what becomes of orders; writes its events to `out` (blank rows), returns how many.

    Args:
        placed: seconds since 1970-01-01, by order. persons, ordinals, numbers: by order.
        lines, pieces: number of lines, and pieces of the first line, by order.
        return_rate: of the category of the first line, by order.
        payment, delivery, returned, decision: keys of the decisions.
        chances: see `CHANCES`.
        way: on which way goods travel, by order. days: least and most of shipping, delivery, regret, (ways, 6).
        delay: seconds by which goods leave later, by order.
        out: `MOST_EVENTS` rows an order. took, door: seconds from payment to the door, and when that is, by order;
            written where goods are delivered.
    """
    count = 0
    for at in range(len(persons)):
        person, ordinal, order = np.int64(persons[at]), ordinals[at], numbers[at]
        word = bits(payment, person, ordinal)
        if part(word, 0) < chances[0]:
            count += note(out[count], _CANCEL, placed[at] + CANCEL_AFTER, order)
            continue
        haste = part(word, 1)
        paid = placed[at] + PAY_SOONEST + np.int64((PAY_LATEST - PAY_SOONEST) * haste * haste)
        count += note(out[count], _PAY, paid, order)
        shipped = paid + HOUR + between(days[way[at], 0], days[way[at], 1], part(word, 2)) + delay[at]
        word = bits(returned, person, ordinal)
        comes_back = part(word, 0) < return_rate[at] * chances[2]
        how, refused = part(word, 1), part(word, 2) < chances[5]
        word = bits(delivery, person, ordinal)
        regret = part(word, 2)
        if comes_back and how < chances[3]:
            count += note(out[count], _REFUND, paid + 60 + np.int64(regret * (shipped - paid - 60)), order)
            continue
        count += note(out[count], _SHIP, shipped, order)
        door[at] = shipped + HOUR + between(days[way[at], 2], days[way[at], 3], part(word, 0))
        took[at] = door[at] - paid
        received = door[at] + between(0.0, CONFIRM_DAYS, haste)
        if part(word, 1) >= chances[1]:
            count += note(out[count], _RECEIVE, received, order)
        if comes_back:
            opened = received + between(days[way[at], 4], days[way[at], 5], regret)
            decided = opened + between(DECISION_LEAST, DECISION_MOST, part(bits(decision, person, ordinal), 0))
            count += note(out[count], _OPEN, opened, order)
            count += note(out[count], _REFUSED if refused else _REFUND, decided, order)
            if not refused and how < chances[3] + (1.0 - chances[3]) * chances[4]:
                out[count - 1].line = lines[at]
                out[count - 1].quantity = (pieces[at] + 1) // 2 if lines[at] == 1 else 0
    return count


def fulfil(world: World, orders: Orders, lines: Records, numbers: NDArray[np.int64]) -> None:
    """Put what becomes of today's orders on the agenda.

    A return in part gives back the last line, or half of the pieces where there is only one.

    Args:
        world: today.
        orders: of today. lines: their events, a row a line, by order. numbers: of the orders.
    """
    first = np.searchsorted(lines["order"], numbers)
    given, goods, count, main = world.given, world.goods, len(numbers), arranged(lines, first)
    journey = goods.send(world, orders, main) if goods else plain_journey(world, main)
    decisions = (Decision.payment, Decision.delivery, Decision.returned, Decision.returned_when)
    out = blanks(MOST_EVENTS * count)
    took, door = np.full((2, count), -1, np.int64)
    made = follow(
        world.midnight + orders.second, orders.person, orders.ordinal, numbers, np.diff(np.append(first, len(lines))),
        main["quantity"].astype(np.int64), journey.return_rate, *[world.key(one) for one in decisions],
        np.array([getattr(given, name) for name in CHANCES]), journey.way, journey.days, journey.delay, out, took, door,
    )  # fmt: skip
    if goods:
        goods.deliver(world, orders, main, journey, out[:made], took, door)
    world.agenda.put(out[:made])


def plain_journey(world: World, lines: Records) -> Journey:
    """How goods travel where all go alike.

    Args:
        world: today. lines: the first line of each order.
    """
    times, none = world.times, np.zeros(len(lines), np.int64)
    days = np.array([[*times.ship, *times.deliver, *times.regret]], np.float64)
    return Journey(none, days, none, world.market.return_rate[lines["category"]])
