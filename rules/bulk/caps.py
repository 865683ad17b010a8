"""Caps and bonuses of a block of orders: order by order, because what one order earns somebody counts for the next.

The loop is short and what it needs of members is fetched before: most orders are under every cap and have no bonus.
"""

from __future__ import annotations

from rules.bulk.columns import Lines
from rules.bulk.notes import list_entry, note
from rules.bulk.state import People, Work
from rules.commission.caps import order_limit
from rules.events import Row
from rules.jit import kernel
from rules.money import Rounding, proportion
from rules.plan.compiled import NONE, Tables
from rules.plan.limits import BONUS_EVENTS
from rules.records import Component

_BONUS, _FLOOR, _FIRST = int(Component.bonus), int(Rounding.floor), BONUS_EVENTS.index("first_promoted_order")


@kernel
def cap_orders(people: People, work: Work, lines: Lines, plan: Tables, begin: int, count: int) -> None:
    """Add bonuses, and trim every order to the cap on orders and every payee to the daily cap."""
    task, rule = work.task[0], plan.plans[0]
    begins, paid_before, earned, payee = work.begins, work.paid_before, work.earned, work.payee
    today, day = people.today, work.day
    ratio, daily, depth = rule.order_ratio, rule.member_day, task.depth
    task.bonuses, task.seen = 0, _see_today(people, work, count) if daily != NONE else 0
    for place in range(count):
        bonuses = _find_bonuses(people, work, plan, place) if task.firsts == 1 else 0
        if ratio != NONE:
            total = bonuses
            for level in range(depth):
                total += earned[level, place]
            limit = order_limit(paid_before[begins[place + 1]] - paid_before[begins[place]], ratio)
            if total > limit:
                _trim_order(work, place, total, limit, rule.trim)
        if daily != NONE:
            for level in range(depth):
                wanted = earned[level, place]
                given = _take_of_day(today[payee[level, place]], day[place], wanted, daily)
                if given < wanted:
                    _cut_level(work, place, level, given)
        if bonuses > 0:
            _book_bonuses(people, work, lines, begin, place, daily)


@kernel
def _find_bonuses(people: People, work: Work, plan: Tables, place: int) -> int:
    """The bonuses for the first order that somebody promoted; returns what they come to, in fen."""
    task, member = work.task[0], work.chain[0, place]
    task.first_bonus = task.bonuses
    if member == task.nobody:
        return 0
    people.today[member].promoted += 1
    if people.today[member].promoted > 1 or work.stood[0, place] == task.none:
        return 0
    total = 0
    for source in range(plan.plans[0].bonuses):
        bonus = plan.bonuses[0, source]
        if bonus.event == _FIRST and bonus.pay > 0 and (bonus.ranks >> work.stood[0, place]) & 1 == 1:
            work.bonus[task.bonuses] = bonus.pay
            work.bonus_place[task.bonuses], work.bonus_source[task.bonuses] = place, source
            task.bonuses += 1
            total += bonus.pay
    return total


@kernel
def _trim_order(work: Work, place: int, total: int, limit: int, trim: int) -> None:
    """Trim base amounts and bonuses of an order from `total` to `limit`, as the plan says."""
    task, amount = work.task[0], work.amount
    first, last = work.begins[place], work.begins[place + 1]
    task.entries -= _count_amounts(work, first, last)
    if trim == 1:
        for level in range(task.depth):
            for line in range(first, last):
                amount[level, line] = proportion(amount[level, line], limit, total, _FLOOR)
        for number in range(task.first_bonus, task.bonuses):
            work.bonus[number] = proportion(work.bonus[number], limit, total, _FLOOR)
    else:
        excess = total - limit
        if trim == 2:
            excess = _cut_bonuses(work, excess)
        for level in range(task.depth - 1, -1, -1):
            for line in range(last - 1, first - 1, -1):
                cut = min(excess, amount[level, line])
                amount[level, line] -= cut
                excess -= cut
        if trim == 0:
            _cut_bonuses(work, excess)
    for level in range(task.depth):
        _sum_level(work, place, level)
    task.entries += _count_amounts(work, first, last)


@kernel
def _count_amounts(work: Work, first: int, last: int) -> int:
    made = 0
    for level in range(work.task[0].depth):
        for line in range(first, last):
            made += 1 if work.amount[level, line] > 0 else 0
    return made


@kernel
def _cut_bonuses(work: Work, excess: int) -> int:
    """Take `excess` off the bonuses of the order at hand, the last first; returns what is still over."""
    for number in range(work.task[0].bonuses - 1, work.task[0].first_bonus - 1, -1):
        cut = min(excess, work.bonus[number])
        work.bonus[number] -= cut
        excess -= cut
    return excess


@kernel
def _sum_level(work: Work, place: int, level: int) -> None:
    total = 0
    for line in range(work.begins[place], work.begins[place + 1]):
        total += work.amount[level, line]
    work.earned[level, place] = total


@kernel
def _see_today(people: People, work: Work, count: int) -> int:
    """Look at every payee's day once, and at nothing else: what is not at hand is fetched for many at a time."""
    today, payee, seen = people.today, work.payee, 0
    for level in range(work.task[0].depth):
        for place in range(count):
            seen += today[payee[level, place]].day
    return seen


@kernel
def _take_of_day(today: Row, day: int, wanted: int, daily: int) -> int:
    """What of an amount somebody may still earn on a day, in fen; it is counted."""
    total = today.total if today.day == day else 0
    given = min(wanted, max(0, daily - total))
    today.day, today.total = day, total + given
    return given


@kernel
def _cut_level(work: Work, place: int, level: int, left: int) -> None:
    """Trim the amounts of a level of an order to `left`, in the order of its lines."""
    work.earned[level, place] = left
    for line in range(work.begins[place], work.begins[place + 1]):
        amount = work.amount[level, line]
        work.amount[level, line] = min(amount, left)
        work.task[0].entries -= 1 if amount > 0 and left == 0 else 0
        left -= min(amount, left)


@kernel
def _book_bonuses(people: People, work: Work, lines: Lines, begin: int, place: int, daily: int) -> None:
    """Give the bonuses of the order at hand, as far as the daily cap lets them be."""
    task, member = work.task[0], work.chain[0, place]
    for number in range(task.first_bonus, task.bonuses):
        if daily != NONE:
            work.bonus[number] = _take_of_day(people.today[member], work.day[place], work.bonus[number], daily)
        amount = work.bonus[number]
        if amount > 0:
            note(people, work, member, _BONUS, 1, amount)
            if task.listing == 1:
                row = work.listed[list_entry(work, lines.paid_at[begin + place], member, _BONUS, 1, amount)]
                row.order, row.source = begin + place, work.bonus_source[number]
