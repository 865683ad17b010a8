"""Deferral 顺延: what a member's daily or monthly cap cuts off an entry waits, and is paid on later days within theirs.

At every local midnight, after the closes, whoever is not frozen is paid what waits for them, the oldest first, as far
as the caps of the plan in force leave room on the day that begins: it comes before what that day earns. A part that is
paid is an entry like the one that was cut: same component, order, line, level and payee. It stands where the order's
other entries stand, or, where these are available already, becomes available at the next tick of the settlement cycle;
a part of a bonus without an order has a hold of its own.

A refund works out what to take back of the whole amount: first out of what still waits, then out of what was paid last.
So at any moment the amount before the cap is the sum of the entries made of it, what waits, and what refunds cancelled.
"""

from __future__ import annotations

import heapq

from rules.book import Rows
from rules.calendar import next_tick
from rules.commission.entry import append, credit, credit_to
from rules.commission.room import may_earn, note_earned, room_left, use_room
from rules.events import DAY
from rules.jit import kernel
from rules.money import yuan
from rules.payout.hold import hold_entry, start_entry_hold, tick_from
from rules.people.arms import plan_of
from rules.plan.compiled import Tables
from rules.readable import Deferral, Entry, State, Step
from rules.records import EntryStatus
from rules.steps import SETTLE_ENTRY, push

_PENDING, _HELD = int(EntryStatus.pending), int(EntryStatus.held)


@kernel
def defer(book: Rows, place: int, cut: int) -> None:
    """Let what a cap has cut off a new entry wait, behind whatever waits for its member already."""
    entry, number = book.entries[place], book.clock[0].deferrals
    row = book.deferrals[number]
    row.amount, row.waiting, row.cancelled = entry.amount + cut, cut, 0
    row.order, row.member, row.entry, row.piece, row.next = entry.order, entry.member, place, -1, -1
    row.line, row.level, row.component, row.source = entry.line, entry.level, entry.component, entry.source
    row.plan, row.rate = entry.plan, entry.rate
    book.clock[0].deferrals += 1
    book.clock[0].waiting += 1
    member = book.members[entry.member]
    if member.last_deferral >= 0:
        book.deferrals[member.last_deferral].next = number
    else:
        member.first_deferral = number
    member.last_deferral = number
    member.deferred += cut
    if entry.order >= 0:
        order = book.orders[entry.order]
        if order.deferrals == 0:
            book.order_extras[entry.order].first_deferral = number
        order.deferrals += 1


@kernel
def follow_entries(book: Rows, first: int) -> None:
    """Before empty ones of the new entries, rows from `first` on, are dropped: note where each deferral's will be."""
    number = book.clock[0].deferrals
    while number > 0 and book.deferrals[number - 1].entry >= first:
        number -= 1
    kept = first
    for place in range(first, book.clock[0].entries):
        stays = book.entries[place].amount > 0
        if number < book.clock[0].deferrals and book.deferrals[number].entry == place:
            book.deferrals[number].entry = kept if stays else -1
            number += 1
        if stays:
            kept += 1


@kernel
def pay_deferred(book: Rows, plan: Tables, time: int) -> None:
    """Pay at midnight what waits, as far as the caps of the new day let it."""
    if book.clock[0].waiting == 0:
        return
    for who in range(len(book.members)):
        member = book.members[who]
        if member.first_deferral >= 0 and not member.frozen:
            _pay_member(book, plan, who, time)


@kernel
def _pay_member(book: Rows, plan: Tables, who: int, time: int) -> None:
    member = book.members[who]
    number = member.first_deferral
    while number >= 0:
        row = book.deferrals[number]
        if row.waiting > 0:
            amount = min(row.waiting, room_left(book, plan, plan_of(book, who), who, time // DAY))
            if amount > 0:
                _pay_part(book, plan, number, amount, time)
            if row.waiting > 0:
                break
        number = row.next
    member.first_deferral = number
    if number < 0:
        member.last_deferral = -1


@kernel
def _pay_part(book: Rows, plan: Tables, number: int, amount: int, time: int) -> None:
    row = book.deferrals[number]
    place = append(book, time, row.member, row.component, amount)
    entry = book.entries[place]
    entry.order, entry.line, entry.level, entry.source = row.order, row.line, row.level, row.source
    entry.plan, entry.rate = row.plan, row.rate
    piece = book.pieces[book.clock[0].pieces]
    piece.entry, piece.previous = place, row.piece
    row.piece = book.clock[0].pieces
    book.clock[0].pieces += 1
    row.waiting -= amount
    if row.waiting == 0:
        book.clock[0].waiting -= 1
    book.members[row.member].deferred -= amount
    use_room(book, row.member, amount)
    _hold_part(book, plan, row.order, place, time)


@kernel
def _hold_part(book: Rows, plan: Tables, order: int, place: int, time: int) -> None:
    """Put a part where its order's entries are: pending, held with them, or held until the next tick."""
    rule = plan.plans[book.entries[place].plan]
    if order < 0:
        credit(book, place, _HELD)
        hold_entry(book, plan, book.entries[place].plan, place, time)
    elif book.orders[order].settle_at < 0:
        credit(book, place, _PENDING)
    else:
        credit(book, place, _HELD)
        if book.orders[order].settle_at < time:
            tick = next_tick(time, rule.cycle_every, rule.cycle_weekday, rule.cycle_at)
            push(book, tick, SETTLE_ENTRY, place)


def wait_for_later(state: State, entry: Entry, cut: int) -> None:
    """Let what a cap has cut off a new entry wait: the readable rule."""
    deferral = Deferral(entry, entry.amount + cut, cut)
    entry.deferral = deferral
    state.members[entry.member].deferrals.append(deferral)
    state.deferring.add(entry.member)
    if entry.order is not None:
        state.orders[entry.order].deferrals.append(deferral)
    entry.steps.append(Step(f"超出的 {yuan(cut)} 顺延", f"the {yuan(cut)} over it wait for later days"))


def pay_waiting(state: State, time: int) -> None:
    """Pay at midnight what waits, as far as the caps of the new day let it: the readable rule."""
    for number in sorted(state.deferring):
        person = state.members[number]
        if person.frozen:
            continue
        for deferral in person.deferrals:
            amount, steps = may_earn(state, state.plan_of(number), number, time // DAY, deferral.waiting)
            if amount:
                _pay_a_part(state, deferral, amount, steps, time)
            if deferral.waiting:
                break
        person.deferrals = [one for one in person.deferrals if one.waiting]
    state.deferring = {number for number in state.deferring if state.members[number].deferrals}


def _pay_a_part(state: State, deferral: Deferral, amount: int, steps: list[Step], time: int) -> None:
    cut = deferral.cut
    whole = f"{yuan(deferral.amount)}"
    reason = Step(
        f"封顶顺延：原计 {whole}，待付 {yuan(deferral.waiting)}，本日付 {yuan(amount)}",
        f"deferred by a cap: {whole} in all, {yuan(deferral.waiting)} waiting, {yuan(amount)} paid today",
    )
    part = Entry(time, cut.member, cut.component, amount, cut.plan, [reason, *steps], cut.order)
    part.line, part.level, part.source, part.rate, part.deferral = cut.line, cut.level, cut.source, cut.rate, deferral
    deferral.waiting -= amount
    note_earned(state, cut.member, time // DAY, amount)
    order = None if cut.order is None else state.orders[cut.order]
    if order is None:
        start_entry_hold(state, credit_to(state, part, EntryStatus.held), time)
        return
    number = credit_to(state, part, EntryStatus.pending if order.settle_at is None else EntryStatus.held)
    order.pieces.append(number)
    if order.settle_at is not None and order.settle_at < time:
        part.due_at = tick_from(state.plans[cut.plan], time)
        heapq.heappush(state.agenda, (part.due_at, SETTLE_ENTRY, number))
