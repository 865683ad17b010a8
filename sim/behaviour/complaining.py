"""After-sales 售后: what of the returns becomes an exchange, and who complains of what.

All of it is drawn when the order is placed, by (person, ordinal), after `fulfilment` has drawn its journey. An exchange
换货 is a return whose case is closed without refund: the money of the order stays, what came back is sold again, and
new goods travel the same way. A complaint 投诉 is a case of its own, about a late delivery, bad goods, or goods that
are not as described; some end in money back, a part of what was paid for the first line.

Late delivery and goods at variance with the contract are what online shoppers complain of most (European Consumer
Centres, reports on the years 2008 and 2009). How often is an assumption of the scenario: `sim.conditions.AfterSales`.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from rules.events import Kind, Records, Row
from rules.jit import kernel
from rules.money import PPM
from sim.behaviour.fulfilment import DECISION_LEAST, DECISION_MOST, HOUR, between, part
from sim.behaviour.world import Ids, Seconds
from sim.conditions import AfterSales
from sim.draws import bits
from sim.people import Floats

CASE = np.dtype(
    [
        ("opened", "i8"),  # seconds since 1970-01-01
        ("closed", "i8"),  # the same; of an exchange: when the new goods are at the door
        ("refund", "i8"),  # fen given back for a complaint
        ("order", "i4"),  # the market's number
        ("supplier", "i2"),  # of the first line, -1 = nobody is named
        ("category", "i2"),  # of the first line
        ("kind", "u1"),  # a `Case`
        ("reason", "u1"),  # a `Reason`
    ],
    align=True,
)
"""A case that a person has to look at."""


class Case(IntEnum):
    """How a case went: goods that came back for money or for goods, goods that were not taken back, a complaint."""

    returned = 1
    exchanged = 2
    refused = 3
    complaint = 4


class Reason(IntEnum):
    """What a complaint is about."""

    none = 0
    late = 1
    quality = 2
    described = 3


RATES = ("exchange", "complaint", "described", "refunded")
"""The rates of `AfterSalesOf` that `settle` takes by category, in this order; then both ends of `part`, in PPM."""

_EXCHANGE, _COMPLAINT, _DESCRIBED, _REFUNDED, _LEAST, _MOST = range(6)
_OPEN, _REFUND, _REFUSED = int(Kind.refund_open), int(Kind.refund), int(Kind.refund_refused)
_RETURN, _SWAP, _NOT_TAKEN, _COMPLAINS = (int(one) for one in Case)
_LATE, _QUALITY, _NOT_AS_DESCRIBED = int(Reason.late), int(Reason.quality), int(Reason.described)


def rates_of(rules: AfterSales, categories: list[str]) -> Floats:
    """The rates by category, (categories, 6)."""
    found = [rules.of(category) for category in categories]
    return np.array([[*(getattr(one, name) / PPM for name in RATES), *one.part] for one in found])


@kernel
def come_back(case: Row, opened: Row, closed: Row, word: int, exchange: float, days: Floats) -> None:
    """Note a return as a case; what becomes an exchange is closed without refund in the log.

    Args:
        case: `CASE`, written. opened, closed: the two events of the return.
        word: the draw of the exchange. exchange: how many returns become one. days: of the way of the goods.
    """
    case.opened, case.closed, case.kind = opened.time, closed.time, _RETURN
    if closed.kind == _REFUSED:
        case.kind = _NOT_TAKEN
    elif part(word, 0) < exchange:
        closed.kind, closed.line, closed.quantity = _REFUSED, 0, 0
        again = HOUR + between(days[0], days[1], part(word, 1)) + between(days[2], days[3], part(word, 2))
        case.kind, case.closed = _SWAP, closed.time + HOUR + again


@kernel
def complain(
    case: Row, word: int, door: int, of_goods: float, of_lateness: float, described: float, window: Floats
) -> bool:
    """Note a complaint, if there is one.

    Args:
        case: `CASE`, written. word: the draw. door: when the goods came.
        of_goods, of_lateness: how many deliveries like this are complained of for their goods, for being late.
        described: part of the former that say that the goods are not as described. window: see `AfterSales`.
    """
    whether = part(word, 0)
    if whether >= of_goods + of_lateness:
        return False
    case.kind, case.opened = _COMPLAINS, door + between(window[0], window[1], part(word, 2))
    if whether >= of_goods:
        case.reason = _LATE
    else:
        case.reason = _NOT_AS_DESCRIBED if part(word, 1) < described else _QUALITY
    return True


@kernel
def settle(
    persons: Ids, ordinals: NDArray[np.int64], numbers: NDArray[np.int64], categories: NDArray[np.int16],
    paid: NDArray[np.int64], fault: Floats, way: NDArray[np.int64], days: Floats, took: Seconds, door: Seconds,
    promise: int, late: float, window: Floats, rates: Floats, exchange_key: int, complaint_key: int, end_key: int,
    events: Records, cases: Records, refunds: Records,
) -> tuple[int, int]:  # fmt: skip
    """Draw the cases of orders; writes `cases`, the refunds of complaints (blank rows), and over `events`.

    Args:
        persons, ordinals, numbers: by order. categories, paid: category, and fen paid, of the first line, by order.
        fault: factor on complaints about goods, by order.
        way, days, took, door: see `fulfilment.follow`; -1 = never delivered.
        promise: seconds from payment to the door within which a delivery is not late.
        late, window: see `AfterSales`. rates: by category, see `RATES`.
        exchange_key, complaint_key, end_key: of the decisions.
        events: of `fulfilment.follow`, by order. cases, refunds: room for two and one an order.

    Returns:
        How many cases, and how many refunds.
    """
    at, made, given = 0, 0, 0
    for place in range(len(persons)):
        person, ordinal, order = np.int64(persons[place]), ordinals[place], numbers[place]
        own, opened, closed = rates[categories[place]], -1, -1
        while at < len(events) and events[at].order == order:
            if events[at].kind == _OPEN:
                opened = at
            elif events[at].kind == _REFUND or events[at].kind == _REFUSED:
                closed = at
            at += 1
        if opened >= 0:
            word = bits(exchange_key, person, ordinal)
            come_back(cases[made], events[opened], events[closed], word, own[_EXCHANGE], days[way[place]])
            cases[made].order = order
            made += 1
        if door[place] < 0:
            continue
        of_goods, of_lateness = own[_COMPLAINT] * fault[place], late if took[place] > promise else 0.0
        word = bits(complaint_key, person, ordinal)
        if not complain(cases[made], word, door[place], of_goods, of_lateness, own[_DESCRIBED], window):
            continue
        case, word = cases[made], bits(end_key, person, ordinal)
        case.order, case.closed = order, case.opened + between(DECISION_LEAST, DECISION_MOST, part(word, 2))
        made += 1
        if opened < 0 and part(word, 0) < own[_REFUNDED]:
            case.refund = paid[place] * np.int64(own[_LEAST] + (own[_MOST] - own[_LEAST]) * part(word, 1)) // PPM
        if case.refund > 0:
            row = refunds[given]
            row.kind, row.time, row.order, row.line, row.amount = _REFUND, case.closed, order, 1, case.refund
            given += 1
    return made, given
