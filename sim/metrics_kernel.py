"""The counting behind `sim.metrics`: a pass over a day's events, one over its entries, a merge of incomes.

Everything that is counted is a whole number, so no order of addition matters.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rules.events import Kind, Records, Row
from rules.jit import kernel
from rules.memory import prefetch
from rules.records import Component, WithdrawalStatus

DAYS_OBSERVED = 30
"""Days of a block of promoter activity; days after a first order within which the next counts as staying."""

PERSON = np.dtype(
    [
        ("earned", "i8"),  # fen, entries net of reversals
        ("ranked", "i8"),  # fen, what the sorted incomes hold for this person
        ("first_buy", "i4"),  # row of the day of the first paid order, -1 = none in this run
        ("last_buy", "i4"),
        ("last_share", "i4"),
        ("orders", "i4"),  # paid orders, those before the run included
        ("marks", "u1"),
    ],
    align=True,
)
"""What the meter remembers of one person."""

REGISTERED, CLICKED, RANKED, TOUCHED, REPEATED = 1, 2, 4, 8, 16
"""Bits of `PERSON.marks`: a member; clicked before; is in the sorted incomes; to be merged; bought twice."""

COUNTED, FIRST = 1, 2
"""Bits of an order's mark: its payment was counted; it was its buyer's first."""

DAY_ROW = np.dtype(
    [
        (name, "i8")
        for name in (
            "gmv", "orders", "active_buyers", "new_members", "shares", "clicks",
            "stranger_clicks",  # clicks by visitors who were not members
            "click_registrations",  # registrations with an inviter after a click
            "attributed",  # registrations whose inviter had shared
            "sharers",  # distinct members who shared that day
            "new_buyers",
            "commission",
            "acquisition",  # fen, entries on first orders and bonuses
            "refunds",
            "refund_cases",  # refunds, however many lines they give back
            "goods_cost",  # fen, cost of goods paid that day less that of goods that came back
            "fees",
            "programme_cost",  # fen, what the operator's programmes for members cost
            "fraud_loss",  # fen paid out to cheats, and to thieves
            "attributed_gmv",
            "first_buyers",  # buyers whose first paid order was that day
            "returned",  # of those, who bought again within 30 days, whenever that was
            "last_shares",  # members whose latest share was that day, as of now
            # as at the end of the day:
            "registered", "ordered", "buyers", "repeaters", "all_sharers", "poor_sharers", "wallet",
            "kept_value",  # fen, gmv - refunds - cost of kept goods so far
            "observed", "stayed",  # buyers observed for 30 days, and who of them bought again within them
            "active", "was_active", "left",  # shared in the last 30 days, in the 30 before, only in those
        )
    ]
    + [("gini", "f8")]
)  # fmt: skip
"""One day of counts; the second half is as at the end of the day."""

NOW = np.dtype(
    [
        (name, "i8")
        for name in (
            "registered", "ordered", "buyers", "repeaters", "all_sharers", "poor_sharers",
            "touched",  # people whose income must be merged
        )
    ]
)  # fmt: skip
"""Running counts."""

CATEGORY = np.dtype([("gmv", "i8"), ("refunds", "i8"), ("commission", "i8")])
"""Fen by category; row 0 is what has no category or no order line."""

_REGISTER, _SHARE, _CLICK = int(Kind.register), int(Kind.share), int(Kind.click)
_PAY, _REFUND, _PAID = int(Kind.pay), int(Kind.refund), int(Kind.paid)
_PAID_OUT = int(WithdrawalStatus.paid)
_BONUS = int(Component.bonus)
_AHEAD = 12
"""Rows ahead that are asked for."""


@kernel
def _touch(people: Records, member: int, touched: NDArray[np.int32], now: Records) -> None:
    if not people[member].marks & TOUCHED:
        people[member].marks |= TOUCHED
        touched[now[0].touched] = member
        now[0].touched += 1


@kernel
def _register(people: Records, event: Row, today: Row, now: Records) -> None:
    person = people[event.member]
    person.marks |= REGISTERED
    today.new_members += 1
    now[0].registered += 1
    if event.other >= 0:
        if person.marks & CLICKED:
            today.click_registrations += 1
        if people[event.other].last_share >= 0:
            today.attributed += 1


@kernel
def _share(people: Records, member: int, days: Records, day: int, now: Records, touched: NDArray[np.int32]) -> None:
    person = people[member]
    days[day].shares += 1
    if person.last_share == day:
        return
    days[day].sharers += 1
    days[day].last_shares += 1
    if person.last_share >= 0:
        days[person.last_share].last_shares -= 1
    else:
        now[0].all_sharers += 1
        if person.earned <= 0:
            now[0].poor_sharers += 1
        _touch(people, member, touched, now)
    person.last_share = day


@kernel
def _buy(people: Records, buyer: int, days: Records, day: int, now: Records) -> bool:
    """Count a paid order for its buyer; says whether it was the first of all."""
    person = people[buyer]
    first = person.orders == 0
    if person.last_buy != day:
        days[day].active_buyers += 1
    if person.last_buy < 0:
        now[0].buyers += 1
    if first:
        person.first_buy = day
        days[day].new_buyers += 1
        days[day].first_buyers += 1
        now[0].ordered += 1
    elif person.orders == 1 and person.first_buy >= 0 and day - person.first_buy <= DAYS_OBSERVED:
        days[person.first_buy].returned += 1
    person.last_buy = day
    person.orders += 1
    if person.orders >= 2 and not person.marks & REPEATED:
        person.marks |= REPEATED
        now[0].repeaters += 1
    return first


@kernel
def _unit_cost(costs: NDArray[np.int64], sku: int) -> int:
    return costs[sku] if 0 <= sku < len(costs) else 0


@kernel
def _pay(order: Row, lines: Records, costs: NDArray[np.int64], today: Row, categories: Records, led: bool) -> None:
    today.orders += 1
    today.gmv += order.goods
    if led:
        today.attributed_gmv += order.goods
    for place in range(order.first_line, order.first_line + order.lines):
        line = lines[place]
        today.goods_cost += _unit_cost(costs, line.sku) * line.quantity
        categories[line.category + 1].gmv += line.paid


@kernel
def _give_back(
    order: Row,
    lines: Records,
    seen: Records,
    costs: NDArray[np.int64],
    today: Row,
    categories: Records,
) -> None:
    """Count what has been refunded of an order since it was last looked at."""
    before = today.refunds
    for place in range(order.first_line, order.first_line + order.lines):
        line, known = lines[place], seen[place]
        refunded, pieces = line.refunded - known.refunded, line.refunded_quantity - known.quantity
        known.refunded, known.quantity = line.refunded, line.refunded_quantity
        today.refunds += refunded
        today.goods_cost -= _unit_cost(costs, line.sku) * pieces
        categories[line.category + 1].refunds += refunded
    today.refund_cases += today.refunds > before


@kernel
def _look_ahead(event: Row, people: Records, orders: Records) -> None:
    """Ask for the row that an event some places ahead is about."""
    if event.kind in (_SHARE, _CLICK, _REGISTER):
        if event.member >= 0:
            prefetch(people, event.member, 0)
    elif event.kind == _PAY and 0 <= event.order < len(orders):
        prefetch(orders, event.order, 0)


@kernel
def count_events(
    events: Records,
    members: Records,
    orders: Records,
    lines: Records,
    uplines: NDArray[np.int32],
    costs: NDArray[np.int64],
    people: Records,
    marks: NDArray[np.uint8],
    seen: Records,
    categories: Records,
    days: Records,
    day: int,
    now: Records,
    touched: NDArray[np.int32],
) -> None:
    """Count one day's events. The book is as after them, so it tells which of them took effect.

    Args:
        events: `EVENT`, in order.
        members, orders, lines: the book's.
        uplines: who stands above the buyer at level 1, by order; -1 = nobody.
        costs: fen a piece, by sku.
        people: `PERSON`, by member. marks: by order. seen: refunded fen and pieces known so far, by line.
        categories: `CATEGORY`, by category + 1.
        days: `DAY_ROW`; `day` is the row to count into. now: `NOW`, one row.
        touched: room for the people whose place among the incomes has changed.
    """
    today = days[day]
    for at in range(len(events)):
        if at + _AHEAD < len(events):
            _look_ahead(events[at + _AHEAD], people, orders)
        event = events[at]
        if event.kind == _REGISTER:
            if members[event.member].joined_at == event.time and not people[event.member].marks & REGISTERED:
                _register(people, event, today, now)
        elif event.kind == _SHARE:
            _share(people, event.member, days, day, now, touched)
        elif event.kind == _CLICK:
            today.clicks += 1
            if event.member < 0:
                today.stranger_clicks += 1
            else:
                if not people[event.member].marks & REGISTERED:
                    today.stranger_clicks += 1
                people[event.member].marks |= CLICKED
        elif event.kind == _PAY and event.order >= 0 and event.order < len(marks):
            order = orders[event.order]
            if order.paid_at == event.time and not marks[event.order] & COUNTED:
                marks[event.order] |= COUNTED
                if _buy(people, order.buyer, days, day, now):
                    marks[event.order] |= FIRST
                _pay(order, lines, costs, today, categories, uplines[event.order] >= 0)
        elif event.kind == _REFUND and event.order >= 0 and event.order < len(marks) and marks[event.order] & COUNTED:
            _give_back(orders[event.order], lines, seen, costs, today, categories)


@kernel
def _earn(people: Records, member: int, amount: int, now: Records, touched: NDArray[np.int32]) -> None:
    person = people[member]
    was_poor = person.earned <= 0
    person.earned += amount
    if person.last_share >= 0 and was_poor != (person.earned <= 0):
        now[0].poor_sharers += -1 if was_poor else 1
    if amount > 0 or person.marks & RANKED:
        _touch(people, member, touched, now)


@kernel
def count_entries(
    entries: Records,
    orders: Records,
    lines: Records,
    people: Records,
    marks: NDArray[np.uint8],
    components: NDArray[np.int64],
    categories: Records,
    days: Records,
    day: int,
    now: Records,
    touched: NDArray[np.int32],
) -> None:
    """Count one day's new entries, after its events.

    Args:
        entries: `ENTRY`, in order of their making.
        orders, lines: the book's.
        components: fen, (component, level).
        people, marks, categories, days, day, now, touched: as in `count_events`.
    """
    today = days[day]
    for at in range(len(entries)):
        if at + _AHEAD < len(entries):
            prefetch(people, entries[at + _AHEAD].member, 0)
        entry = entries[at]
        amount, order = entry.amount, entry.order
        today.commission += amount
        components[entry.component, entry.level] += amount
        category = 0
        if order >= 0 and entry.line > 0:
            category = lines[orders[order].first_line + entry.line - 1].category + 1
        categories[category].commission += amount
        if entry.component == _BONUS or (order >= 0 and marks[order] & FIRST):
            today.acquisition += amount
        _earn(people, entry.member, amount, now, touched)


@kernel
def newly_paid(events: Records, withdrawals: Records, paid_out: NDArray[np.bool_], numbers: NDArray[np.int64]) -> int:
    """Find the withdrawals that the events say are paid, and the book too, for the first time; says how many.

    Args:
        events: `EVENT`, in order. withdrawals: the book's.
        paid_out: by withdrawal, whether it has been found before. numbers: filled in with those found, in their order.
    """
    found = 0
    for at in range(len(events)):
        number = events[at].order
        if events[at].kind != _PAID or number < 0 or number >= len(withdrawals) or paid_out[number]:
            continue
        if withdrawals[number].status == _PAID_OUT:
            paid_out[number] = True
            numbers[found] = number
            found += 1
    return found


@kernel
def changed_incomes(
    people: Records, touched: NDArray[np.int32], leaving: NDArray[np.int64], coming: NDArray[np.int64]
) -> tuple[int, int]:
    """Fill in which incomes leave the sorted list and which come, in fen, in no order; says how many of each."""
    leave, come = 0, 0
    for at in range(len(touched)):
        person = people[touched[at]]
        person.marks &= 255 - TOUCHED
        income = max(person.earned, 0)
        if person.marks & RANKED:
            if income == person.ranked:
                continue
            leaving[leave] = person.ranked
            leave += 1
        person.marks |= RANKED
        person.ranked = income
        coming[come] = income
        come += 1
    return leave, come


@kernel
def merge_incomes(
    old: NDArray[np.int64], leaving: NDArray[np.int64], coming: NDArray[np.int64], new: NDArray[np.int64]
) -> tuple[int, int, int]:
    """Write the sorted incomes after a change into `new`.

    Returns:
        Their sum, and the sum of rank × income (ranks from 1) as high × 2**32 + low; all in fen.
    """
    total, high, low, leave, come, at = 0, 0, 0, 0, 0, 0
    for place in range(len(new)):
        while at < len(old) and leave < len(leaving) and old[at] == leaving[leave]:
            at += 1
            leave += 1
        if at < len(old) and (come == len(coming) or old[at] <= coming[come]):
            income = old[at]
            at += 1
        else:
            income = coming[come]
            come += 1
        new[place] = income
        total += income
        weighted = income * (place + 1)
        high += weighted >> 32
        low += weighted & 0xFFFFFFFF
    return total, high, low
