"""Totals of what is earned and taken back, and the list of entries that are not base commission."""

from __future__ import annotations

from rules.bulk.state import People, Work
from rules.jit import kernel


@kernel
def note(people: People, work: Work, member: int, component: int, level: int, amount: int) -> None:
    """Count an entry, or a reversal if the amount is below 0."""
    people.persons[member].earned += amount
    work.totals[1 if amount < 0 else 0, component, level] += amount
    work.task[0].entries += 1


@kernel
def list_entry(work: Work, time: int, member: int, component: int, level: int, amount: int) -> int:
    """Write an entry down, of no order, line or period; returns its row."""
    place = work.task[0].listed
    entry = work.listed[place]
    entry.time, entry.member, entry.component, entry.level, entry.amount = time, member, component, level, amount
    entry.base, entry.clawed, entry.rate, entry.status, entry.plan = 0, 0, 0, 0, 0
    entry.order, entry.reverses, entry.period, entry.line, entry.source = -1, -1, -1, 0, -1
    work.task[0].listed += 1
    return place
