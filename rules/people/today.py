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
        person.day_total, person.shares = 0, 0
        month = month_of(day)
        if person.month != month:
            person.month, person.month_total = month, 0


@kernel
def turn_rare_day(book: Rows, member: int, day: int) -> None:
    """The same for what few members get: `MEMBER_EXTRA`."""
    extra = book.member_extras[member]
    if extra.day != day:
        extra.day, extra.register_total, extra.influence_total = day, 0, 0
