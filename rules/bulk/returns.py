"""Refunds in bulk: only orders that money goes back of are kept, from their payment on, in a book of narrow rows.

A row has the fields that a refund asks for, under the names that they have in the event engine's book, so its kernels
say here too what goes back, of which volumes, and what is due of every entry.
"""

from __future__ import annotations

import numpy as np

from rules.book import Rows
from rules.bulk.columns import Lines, Returns
from rules.bulk.notes import list_entry, note
from rules.bulk.periods import book_statement
from rules.bulk.state import People, Work
from rules.calendar import period_of
from rules.commission.volume import member_of_measure, owed_after_refund, take_running
from rules.events import DAY, Kind
from rules.jit import kernel
from rules.lifecycle import order_allows
from rules.money import proportion
from rules.orders import names_goods, nothing_left, refund_line
from rules.payout.shares import refunded_part
from rules.plan.compiled import Tables
from rules.records import Component, OrderStatus

_BASE, _BONUS = int(Component.base), int(Component.bonus)
_PAID, _REFUNDED, _REFUND = int(OrderStatus.paid), int(OrderStatus.refunded), int(Kind.refund)
KEPT_ORDER = np.dtype(
    [
        ("paid_at", "i8"),
        ("goods", "i8"),
        ("refunded", "i8"),
        ("buyer", "i4"),
        ("chain", "i4", (2,)),
        ("first_above", "i4"),
        ("above", "i4"),
        ("first_line", "i4"),
        ("first_entry", "i4"),
        ("entries", "i4"),
        ("lines", "i2"),
        ("plan", "i1"),
        ("status", "u1"),
        ("counts_apart", "?"),
    ],
    align=True,
)
KEPT_LINE = np.dtype([("paid", "i8"), ("refunded", "i8"), ("quantity", "i4"), ("refunded_quantity", "i4")], align=True)
KEPT_ENTRY = np.dtype(
    [
        ("amount", "i8"),
        ("clawed", "i8"),
        ("order", "i4"),
        ("member", "i4"),
        ("line", "i2"),
        ("source", "i2"),
        ("level", "u1"),
        ("component", "u1"),
    ],
    align=True,
)
"""Of the rows of a book, the fields that a refund asks for, under the same names."""

LATE_ROWS = 16
"""Entries that one refund can make of closed periods, at the most."""


@kernel
def keep_orders(
    people: People, work: Work, book: Rows, lines: Lines, returns: Returns, plan: Tables, begin: int, count: int
) -> None:
    """Keep those orders of the block that money goes back of, their lines and what they earned, in the book."""
    rows, begins, chain, paid_before, clock = returns.row, work.begins, work.chain, work.paid_before, book.clock[0]
    bonus, nobody = 0, work.task[0].nobody
    for place in range(count):
        number, first, last = begin + place, begins[place], begins[place + 1]
        if rows[number] < 0:
            continue
        order = book.orders[rows[number]]
        order.paid_at, order.status, order.buyer = lines.paid_at[number], _PAID, lines.buyer[number]
        order.goods = paid_before[last] - paid_before[first]
        for step in range(2):
            order.chain[step] = chain[step, place] if chain[step, place] < nobody else -1
        order.first_line, order.lines, order.first_entry = clock.lines, last - first, clock.entries
        clock.lines += last - first
        _keep_lines(book, lines, lines.first_line[number], order.first_line, last - first)
        row = _keep_entries(work, book, number, place, clock.entries)
        while bonus < work.task[0].bonuses and work.bonus_place[bonus] <= place:
            row = _keep_bonus(work, book, number, place, bonus, row)
            bonus += 1
        clock.entries, order.entries = row, row - order.first_entry
        if len(people.watched) > 0:
            _watch(people, book, plan, rows[number], returns.time[rows[number]])


@kernel
def _keep_lines(book: Rows, lines: Lines, given: int, kept: int, count: int) -> None:
    rows, paid, quantity = book.lines, lines.paid, lines.quantity
    for place in range(count):
        row = rows[kept + place]
        row.paid = paid[given + place]
        row.quantity = quantity[given + place] if len(quantity) > 0 else 1


@kernel
def _keep_entries(work: Work, book: Rows, number: int, place: int, row: int) -> int:
    """Write what an order of the block earns into the book from a row on; returns the row after the last."""
    entries, amount, first = book.entries, work.amount, work.begins[place]
    for line in range(first, work.begins[place + 1]):
        for level in range(work.task[0].depth):
            entry = entries[row]
            entry.amount, entry.member, entry.component = amount[level, line], work.payee[level, place], _BASE
            entry.order, entry.line, entry.level, entry.source = number, line - first + 1, level + 1, -1
            row += 1 if amount[level, line] > 0 else 0
    return row


@kernel
def _keep_bonus(work: Work, book: Rows, number: int, place: int, bonus: int, row: int) -> int:
    """Write a bonus of the block into a row of the book, if it is one of this order; returns the row after it."""
    if work.bonus_place[bonus] < place or work.bonus[bonus] == 0:
        return row
    entry = book.entries[row]
    entry.amount, entry.member, entry.component = work.bonus[bonus], work.chain[0, place], _BONUS
    entry.order, entry.line, entry.level, entry.source = number, 0, 1, work.bonus_source[bonus]
    return row + 1


@kernel
def _watch(people: People, book: Rows, plan: Tables, row: int, last: int) -> None:
    """Remember whose period components a refund will change after their close; `last` is when the last one comes."""
    paid_day = book.orders[row].paid_at // DAY
    for slot in range(plan.plans[0].slots):
        rule = plan.slots[0, slot]
        member = member_of_measure(book, row, rule.measure)
        if member >= 0 and period_of(paid_day, rule.period) < period_of(last // DAY, rule.period):
            people.watched[member] |= 1 << slot


@kernel
def take_refunds(people: People, work: Work, book: Rows, returns: Returns, plan: Tables, begin: int, end: int) -> int:
    """Take refunds from row `begin` on; returns the row of the first that was not taken for want of room to list it."""
    task = work.task[0]
    for place in range(begin, end):
        row = returns.row[returns.order[place]]
        if task.listing == 1 and task.listed + book.orders[row].entries + LATE_ROWS > len(work.listed):
            return place
        if not _take_refund(people, work, book, returns, plan, place, row):
            task.refused += 1
    return end


@kernel
def _take_refund(people: People, work: Work, book: Rows, returns: Returns, plan: Tables, place: int, row: int) -> bool:
    """Take one refund of an order that is kept as a row of the book, or refuse it."""
    order, time = book.orders[row], returns.time[place]
    if time < order.paid_at or not order_allows(order.status, _REFUND):
        return False
    back = _give_back(book, row, returns.line[place], returns.quantity[place], returns.amount[place])
    if back < 0:
        return False
    work.task[0].refunded += back
    take_running(book, plan, row, back, time)
    for slot in range(plan.plans[0].slots):
        _take_late(people, work, book, plan, row, slot, back, time)
    for entry in range(order.first_entry, order.first_entry + order.entries):
        due = _due_back(book, plan, row, entry)
        if due > 0:
            _reverse(people, work, book, entry, due, time)
    return True


@kernel
def _give_back(book: Rows, row: int, line: int, quantity: int, amount: int) -> int:
    """Note on a kept order and its lines what goes back; returns fen, or -1 if there is not so much left of them."""
    order = book.orders[row]
    if not names_goods(order, line, quantity, amount):
        return -1
    first = order.first_line + max(line, 1) - 1
    back = 0
    for place in range(first, order.first_line + order.lines if line == 0 else first + 1):
        part = refund_line(book, place, quantity, amount)
        if part < 0:
            return -1
        back += part
    order.refunded += back
    if nothing_left(book, row):
        order.status = _REFUNDED
    return back


@kernel
def _due_back(book: Rows, plan: Tables, row: int, place: int) -> int:
    """What is still to be taken back of an entry of a kept order, by what is refunded of the order so far."""
    entry = book.entries[place]
    part, whole = refunded_part(book, plan, row, entry.line)
    return proportion(entry.amount, part, whole, plan.plans[0].clawback_rounding) - entry.clawed


@kernel
def _take_late(
    people: People, work: Work, book: Rows, plan: Tables, row: int, slot: int, amount: int, time: int
) -> None:
    """Take a refund of a kept order off the closed period of a component that the order counted in."""
    rule = plan.slots[0, slot]
    member = member_of_measure(book, row, rule.measure)
    period = period_of(book.orders[row].paid_at // DAY, rule.period)
    if member < 0 or period == period_of(time // DAY, rule.period):
        return
    place = people.statement[member]
    while place >= 0 and (book.statements[place].slot != slot or book.statements[place].period != period):
        place = book.statements[place].previous
    if place >= 0:
        statement = book.statements[place]
        statement.volume -= amount
        owed = owed_after_refund(plan, statement)
        if owed < statement.booked or plan.plans[0].late_refund == 0:
            book_statement(people, work, book, plan, place, owed, time)


@kernel
def _reverse(people: People, work: Work, book: Rows, place: int, due: int, time: int) -> None:
    """Take back what is due of an entry of an order."""
    original = book.entries[place]
    original.clawed += due
    note(people, work, original.member, original.component, original.level, -due)
    if work.task[0].listing == 1:
        row = work.listed[list_entry(work, time, original.member, original.component, original.level, -due)]
        row.order, row.line, row.source = original.order, original.line, original.source
