"""Admission of a batch of events: what would break the arithmetic rather than an order is refused before any is taken.

Such events are a mistake of the caller: out of order in time, of no kind, about nobody, of absurd amounts. One pass
finds the first of them.
"""

from __future__ import annotations

from rules.errors import InputError
from rules.events import Activity, Kind, Records, Row
from rules.jit import kernel
from rules.money import MAX_AMOUNT
from rules.plan.defects import FREIGHT_TIMES_QUANTITY

_NEED_A_MEMBER = sum(
    1 << kind
    for kind in (
        *(Kind.register, Kind.share, Kind.click, Kind.order, Kind.rebind, Kind.promote, Kind.freeze, Kind.unfreeze),
        *(Kind.withdraw, Kind.sign, Kind.appoint, Kind.sign_in, Kind.redeem, Kind.grant, Kind.dispute, Kind.assign),
        Kind.credit,
    )
)
_OTHER_IS_NO_MEMBER = sum(1 << kind for kind in (Kind.order, Kind.plan, Kind.assign))
"""Bits of the kinds of events whose `other` is an order or an arm."""
_ORDER, _CLICK, _SETTLE_DISPUTE = int(Kind.order), int(Kind.click), int(Kind.settle_dispute)
_LAST_ACTIVITY, _LAST_KIND = int(max(Activity)), int(max(Kind))
_PROFIT = 3

_TOLD = ("order", "line", "price", "quantity", "discount", "freight", "activity", "cost", "fee", "kind")
FINE, LATE, LINE, COST, LARGE, STRANGER, NOBODY, NEGATIVE, ABSURD, UNKNOWN = range(10)


@kernel
def _problem_of_line(line: Row, profit: bool, freight_times: bool) -> int:
    """What is wrong with an order line, else FINE."""
    price = line.member_price if line.member_price >= 0 else line.price
    if line.quantity < 1 or line.price < 0 or line.discount < 0 or line.freight < 0 or line.activity > _LAST_ACTIVITY:
        return LINE
    if max(price, line.price) > (MAX_AMOUNT - line.freight) // line.quantity or price * line.quantity < line.discount:
        return LINE
    if profit and line.cost < 0:
        return COST
    most = MAX_AMOUNT // line.quantity
    if line.cost > most or line.fee > MAX_AMOUNT or line.fee < 0:
        return LARGE
    if freight_times and max(line.price, line.member_price) + line.freight > most:
        return LARGE
    return FINE


@kernel
def first_problem(events: Records, now: int, members: int, plans: Records) -> tuple[int, int, int]:
    """The first event that cannot be taken.

    Args:
        events: `EVENT`. now: time of the latest event taken before. members: how many there are. plans: `PLAN`.

    Returns:
        What is wrong (FINE = nothing) and with which row; the highest area of all rows before it.
    """
    profit = freight_times = False
    for number in range(len(plans)):
        profit = profit or plans[number].base_on == _PROFIT
        freight_times = freight_times or plans[number].defects & FREIGHT_TIMES_QUANTITY != 0
    area = -1
    for place in range(len(events)):
        event = events[place]
        kind = event.kind
        area = max(area, event.area)
        if event.time < now:
            return LATE, place, area
        now = event.time
        if kind > _LAST_KIND:
            return UNKNOWN, place, area
        if kind == _ORDER:
            problem = _problem_of_line(event, profit, freight_times)
            if problem != FINE:
                return problem, place, area
        if event.member >= members or (event.other >= members and (_OTHER_IS_NO_MEMBER >> kind) & 1 == 0):
            return STRANGER, place, area
        if (event.member < 0 and (_NEED_A_MEMBER >> kind) & 1 == 1) or (kind == _CLICK and event.other < 0):
            return NOBODY, place, area
        if event.amount < 0 and kind != _SETTLE_DISPUTE:
            return NEGATIVE, place, area
        if event.amount > MAX_AMOUNT or event.amount < -MAX_AMOUNT:
            return ABSURD, place, area
    return FINE, len(events), area


def admit(events: Records, now: int, members: int, plans: Records) -> int:
    """Let a batch in; returns the highest number of an area in it, -1 = none.

    Args:
        events: `EVENT`. now: time of the latest event taken before. members: how many there are. plans: `PLAN`.

    Raises:
        InputError: what is wrong with the first event that cannot be taken.
    """
    problem, place, area = first_problem(events, now, members, plans)
    if problem != FINE:
        raise _refusal(problem, {name: int(events[name][place]) for name in _TOLD}, members)
    return area


def _refusal(problem: int, event: dict[str, int], members: int) -> InputError:
    """The words for what is wrong with an event."""
    line = f"order {event['order']} line {event['line']}"
    if problem == LINE:
        return InputError(
            f"{line}: price {event['price']}, quantity {event['quantity']}, discount {event['discount']}, "
            f"freight {event['freight']} (fen), activity {event['activity']}",
            allowed=f"quantity from 1, nothing negative, discount within the price, at most {MAX_AMOUNT} fen, activity "
            f"to {_LAST_ACTIVITY}",
        )
    if problem == COST:
        return InputError(
            f"{line} has no cost, and commission is on the profit",
            allowed="the cost of one unit on every line, or another base_on",
        )
    if problem == LARGE:
        return InputError(
            f"{line}: cost {event['cost']}, freight {event['freight']}, fee {event['fee']} (fen), "
            f"quantity {event['quantity']}",
            allowed=f"no fee below 0, and at most {MAX_AMOUNT} fen for the line",
        )
    if problem == ABSURD:
        return InputError("an event has an amount beyond the largest", allowed=f"at most {MAX_AMOUNT} fen")
    return InputError(
        {
            LATE: "events are not in order of time",
            STRANGER: f"an event names a member beyond the {members} of this book",
            NOBODY: "an event that is about a member, or a click on a member's share, names nobody",
            NEGATIVE: "an event has a negative amount",
            UNKNOWN: f"an event is of kind {event['kind']}, and there is no kind after {_LAST_KIND}",
        }[problem]
    )
