"""Period components: ladder and team are booked once per payee and period, at the close, by one rounding.

A statement per payee, component and period remembers volume and what was booked. Whatever changes the volume later
books the difference between what is owed and what was booked, so a close may be repeated without paying twice.
"""

from __future__ import annotations

from rules.book import Component, EntryStatus, Rows
from rules.commission.entry import append, credit
from rules.commission.ladder import amount_of_volume, rate_of_volume
from rules.jit import kernel
from rules.payout.clawback import take_back
from rules.payout.hold import hold_entry
from rules.plan.compiled import Tables

_HELD = int(EntryStatus.held)
_TEAM = int(Component.team)


@kernel
def rows_wanted(book: Rows, plan: Tables, period: int) -> int:
    """How many entries a close of this kind of period can make at the most."""
    wanted = 0
    number = book.clock[0].plan
    for slot in range(plan.plans[number].slots):
        rule = plan.slots[number, slot]
        if rule.period == period:
            for member in range(len(book.members)):
                if book.volumes[rule.meter, member] != 0:
                    wanted += 1
    return wanted


@kernel
def close_period(book: Rows, plan: Tables, period: int, number_of_period: int, time: int) -> None:
    """Book all components of the period that ends (or is closed early) at `time`."""
    number = book.clock[0].plan
    for slot in range(plan.plans[number].slots):
        rule = plan.slots[number, slot]
        if rule.period != period:
            continue
        for member in range(len(book.members)):
            volume = book.volumes[rule.meter, member]
            if volume != 0:
                _close_member(book, plan, number, slot, member, volume, number_of_period, time)


@kernel
def _close_member(
    book: Rows, plan: Tables, number: int, slot: int, member: int, volume: int, period: int, time: int
) -> None:
    person = book.members[member]
    eligible = not person.frozen and (plan.slots[number, slot].ranks >> person.rank) & 1 == 1
    place = _statement_of(book, member, number, slot, period)
    if place < 0:
        if not eligible:
            return
        place = _new_statement(book, member, number, slot, period)
    row = book.statements[place]
    row.volume = volume
    row.closed_volume = volume
    row.closed_amount = amount_of_volume(plan, number, slot, volume)
    book_difference(book, plan, place, row.closed_amount, time)


@kernel
def _statement_of(book: Rows, member: int, number: int, slot: int, period: int) -> int:
    place = book.members[member].statement
    while place >= 0:
        row = book.statements[place]
        if row.period == period and row.slot == slot and row.plan == number:
            return place
        place = row.previous
    return -1


@kernel
def _new_statement(book: Rows, member: int, number: int, slot: int, period: int) -> int:
    place = book.clock[0].statements
    row = book.statements[place]
    row.closed_volume, row.closed_amount, row.volume, row.booked = 0, 0, 0, 0
    row.member, row.period, row.plan, row.slot, row.entry = member, period, number, slot, -1
    row.previous = book.members[member].statement
    book.members[member].statement = place
    book.clock[0].statements += 1
    return place


@kernel
def book_difference(book: Rows, plan: Tables, place: int, owed: int, time: int) -> None:
    """Bring what is booked in line with what is owed: a new entry, or a reversal of the latest one."""
    row = book.statements[place]
    if owed < row.booked and row.entry >= 0:
        row.booked -= take_back(book, plan, row.entry, row.booked - owed, time)
    elif owed > row.booked:
        slot = plan.slots[row.plan, row.slot]
        new = append(book, time, row.member, slot.component, owed - row.booked)
        entry = book.entries[new]
        entry.period, entry.base, entry.plan = row.period, row.volume, row.plan
        entry.rate = rate_of_volume(plan, row.plan, row.slot, row.volume)
        entry.level = 2 if slot.component == _TEAM else 1
        credit(book, new, _HELD)
        hold_entry(book, plan, row.plan, new, time)
        row.booked = owed
        row.entry = new


@kernel
def reset_meters(book: Rows, plan: Tables, period: int) -> None:
    """Start the running volumes of a period anew."""
    for meter in range(len(plan.meters)):
        if plan.meters[meter].period == period:
            book.volumes[meter, :] = 0
