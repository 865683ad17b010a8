"""Bonuses 奖励 on events: the first order a member promoted, and a run of days with a promotion record.

A promotion record is a share by the member or a click on one of their shares. A bonus on an order belongs to the order
as a whole (line 0), counts in its cap and is clawed back in proportion to what of the order is refunded.
"""

from __future__ import annotations

from rules.book import Component, EntryStatus, Rows
from rules.commission.caps import cap_day, drop_empty
from rules.commission.entry import append, credit
from rules.events import DAY
from rules.jit import kernel
from rules.payout.hold import hold_entry
from rules.plan.compiled import Tables

_BONUS, _HELD = int(Component.bonus), int(EntryStatus.held)


@kernel
def pay_first_order(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Write the bonus for the first order that the level-1 person of `order` ever promoted."""
    row = book.orders[order]
    member, rank = row.upline[0], row.upline_rank[0]
    if member < 0 or rank < 0 or book.members[member].promoted_orders > 0:
        return
    for source in range(plan.plans[row.plan].bonuses):
        bonus = plan.bonuses[row.plan, source]
        if bonus.event == 0 and bonus.pay > 0 and (bonus.ranks >> rank) & 1 == 1:
            entry = book.entries[append(book, time, member, _BONUS, bonus.pay)]
            entry.order, entry.level, entry.source, entry.plan = order, 1, source, row.plan


@kernel
def note_promotion(book: Rows, plan: Tables, member: int, time: int) -> None:
    """Note that a member promoted on this day; pays each time another full run of days is complete."""
    person = book.members[member]
    day = time // DAY
    if person.streak_day == day or person.joined_at < 0 or person.frozen:
        return
    person.streak = person.streak + 1 if person.streak_day == day - 1 else 1
    person.streak_day = day
    number = book.clock[0].plan
    for source in range(plan.plans[number].bonuses):
        bonus = plan.bonuses[number, source]
        if bonus.event == 1 and person.streak % bonus.days == 0 and (bonus.ranks >> person.rank) & 1 == 1:
            place = append(book, time, member, _BONUS, bonus.pay)
            book.entries[place].source = source
            cap_day(book, plan, number, place, day)
            if book.entries[place].amount > 0:
                credit(book, place, _HELD)
                hold_entry(book, plan, number, place, time)
            else:
                drop_empty(book, place)
