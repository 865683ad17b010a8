"""The close of a period in bulk: ladder and team by member, and the month's judgement of ranks.

A statement is kept only for members whom a later refund can concern; for all others the close is the last word.
"""

from __future__ import annotations

from rules.book import Rows
from rules.bulk.chains import give_rank
from rules.bulk.notes import list_entry, note
from rules.bulk.state import People, Work
from rules.commission.ladder import amount_of_volume, rate_of_volume
from rules.jit import kernel
from rules.people.rank import rank_judged
from rules.plan.compiled import Tables
from rules.records import Component

_TEAM = int(Component.team)


@kernel
def close_slot(
    people: People, work: Work, book: Rows, plan: Tables, slot: int, period: int, time: int, begin: int
) -> int:
    """Book a period component for members from `begin` on; returns the first for whom there was no room to list it.

    Args:
        slot: which component of the plan.
        period: the number of the day, week or month that ends at `time`.
    """
    task, rule = work.task[0], plan.slots[0, slot]
    volumes, persons, watched = book.volumes, people.persons, people.watched
    meter, ranks, count = rule.meter, rule.ranks, len(people.watched)
    for member in range(begin, count):
        volume = volumes[meter, member]
        if volume == 0 or (ranks >> persons[member].standing) & 1 == 0:
            continue
        if task.listing == 1 and task.listed == len(work.listed):
            return member
        amount = amount_of_volume(plan, 0, slot, volume)
        if (watched[member] >> slot) & 1 == 1:
            watched[member] -= 1 << slot
            place = _open_statement(people, book, member, slot, period, volume, amount)
            book_statement(people, work, book, plan, place, amount, time)
        elif amount > 0:
            _book_component(people, work, plan, slot, member, period, volume, amount, time)
    return count


@kernel
def _open_statement(people: People, book: Rows, member: int, slot: int, period: int, volume: int, amount: int) -> int:
    place = book.clock[0].statements
    row = book.statements[place]
    row.closed_volume, row.closed_amount, row.volume, row.booked = volume, amount, volume, 0
    row.member, row.period, row.plan, row.slot, row.entry = member, period, 0, slot, -1
    row.previous = people.statement[member]
    people.statement[member] = place
    book.clock[0].statements += 1
    return place


@kernel
def book_statement(people: People, work: Work, book: Rows, plan: Tables, place: int, owed: int, time: int) -> None:
    """Bring what is booked on a statement in line with what is owed."""
    row = book.statements[place]
    if owed != row.booked:
        more = owed - row.booked
        _book_component(people, work, plan, row.slot, row.member, row.period, row.volume, more, time)
        row.booked = owed


@kernel
def _book_component(
    people: People, work: Work, plan: Tables, slot: int, member: int, period: int, volume: int, amount: int, time: int
) -> None:
    """Book an amount of a period component, or a reversal of one."""
    component = plan.slots[0, slot].component
    level = 2 if component == _TEAM else 1
    note(people, work, member, component, level, amount)
    if work.task[0].listing == 1:
        row = work.listed[list_entry(work, time, member, component, level, amount)]
        row.period = period
        if amount > 0:
            row.base, row.rate = volume, rate_of_volume(plan, 0, slot, volume)


@kernel
def judge_members(people: People, work: Work, book: Rows, plan: Tables) -> None:
    """Judge every registered member's month, after its components were booked."""
    none = work.task[0].none
    for member in range(len(people.counts)):
        person, months = people.persons[member], people.counts[member]
        if person.joined == 1:
            judged = rank_judged(book, plan, 0, member, person.rank, months.on_target, months.under)
            if judged[0] != person.rank:
                give_rank(people, member, judged[0], none)
            months.on_target, months.under = judged[1], judged[2]
