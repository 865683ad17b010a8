"""What is counted per member and day: one mark of the day for all of it, so that a new day begins at nothing."""

from __future__ import annotations

from rules.book import Rows
from rules.calendar import month_of
from rules.jit import kernel


@kernel
def turn_day(book: Rows, member: int, day: int) -> None:
    """Begin a member's counts of the day, and of the month, anew if they are of an earlier one."""
    person = book.members[member]
    if person.day != day:
        person.day = day
        person.day_total, person.register_total, person.influence_total, person.shares = 0, 0, 0, 0
        month = month_of(day)
        if person.month != month:
            person.month, person.month_total = month, 0
