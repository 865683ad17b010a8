"""A block of orders from columns to credits: the phases in their order, each a loop over the whole block."""

from __future__ import annotations

from rules.book import Rows
from rules.bulk.amounts import count_orders, credit_orders, fill_amounts, read_lines
from rules.bulk.caps import cap_orders
from rules.bulk.chains import find_chains, find_payees
from rules.bulk.columns import Lines, Returns
from rules.bulk.members import Changes
from rules.bulk.returns import keep_orders
from rules.bulk.state import People, Work
from rules.events import Numbers
from rules.jit import kernel
from rules.plan.compiled import NONE, Tables


@kernel
def take_block(
    people: People,
    work: Work,
    book: Rows,
    lines: Lines,
    returns: Returns,
    changes: Changes,
    plan: Tables,
    begin: int,
    end: int,
) -> int:
    """Take as many orders from `begin` on as there is room for; returns the first that was not taken."""
    last = _end_of_block(lines.first_line, begin, min(end, begin + len(work.day)), len(work.order))
    task, rule = work.task[0], plan.plans[0]
    read_lines(work, lines, plan, begin, last)
    find_chains(people, work, lines, changes, plan, begin, last)
    find_payees(work, lines, plan, begin, last)
    fill_amounts(work, lines, plan, begin, last)
    if rule.order_ratio != NONE or rule.member_day != NONE or task.firsts == 1:
        cap_orders(people, work, lines, plan, begin, last - begin)
    if len(returns.row) > 0:
        keep_orders(people, work, book, lines, returns, plan, begin, last - begin)
    credit_orders(people, work, last - begin)
    count_orders(work, book, lines, plan, begin, last)
    return last


@kernel
def _end_of_block(first_line: Numbers, begin: int, end: int, room: int) -> int:
    """The last order before `end` whose lines there is room for, and one more."""
    while first_line[end] - first_line[begin] > room:
        end -= 1
    return end


@kernel
def take_orders(
    people: People,
    work: Work,
    book: Rows,
    lines: Lines,
    returns: Returns,
    changes: Changes,
    plan: Tables,
    begin: int,
    end: int,
) -> None:
    """Take all orders from `begin` to `end`, block by block; of the blocks only the totals stay."""
    while begin < end:
        begin = take_block(people, work, book, lines, returns, changes, plan, begin, end)
