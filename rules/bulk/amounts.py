"""What the lines of a block of orders earn at each level, and who gets it.

The arithmetic is that of the event engine, by the same kernels; here it runs level by level over all lines of a block.
"""

from __future__ import annotations

from rules.book import Rows
from rules.bulk.columns import Lines
from rules.bulk.state import People, Work
from rules.commission.base import class_in_block, rate_of_parts, rounded_part
from rules.commission.basis import commissionable
from rules.events import Numbers, Row
from rules.jit import kernel
from rules.plan.compiled import Tables
from rules.records import Component

_BASE = int(Component.base)


@kernel
def read_lines(work: Work, lines: Lines, plan: Tables, begin: int, end: int) -> None:
    """Say of every line of orders `begin` to `end` which order and goods it is of, and what commission is taken of."""
    begins, first = work.begins, lines.first_line
    for order in range(begin, end + 1):
        begins[order - begin] = first[order] - first[begin]
    _number_orders(work, end - begin)
    _find_goods(work, lines, plan, first[begin], first[end] - first[begin])
    _find_bases(work, lines, plan, first[begin], first[end] - first[begin])


@kernel
def _number_orders(work: Work, count: int) -> None:
    """Number the order of every line: a mark where one begins, then the marks so far."""
    begins, order = work.begins, work.order
    for place in range(begins[count]):
        order[place] = 0
    for number in range(1, count):
        order[begins[number]] = 1
    number = 0
    for place in range(begins[count]):
        number += order[place]
        order[place] = number


@kernel
def _find_goods(work: Work, lines: Lines, plan: Tables, first: int, count: int) -> None:
    """The row of the tariff for every line."""
    goods, category, sku, blocks = work.goods, lines.category, lines.sku, plan.sku_block
    categories, row = plan.plans[0].categories, work.task[0].row
    if len(sku) > 0:
        for place in range(count):
            number = sku[first + place]
            block = blocks[0, number] if 0 <= number < blocks.shape[1] else 0
            kind = category[first + place] if len(category) > 0 else -1
            goods[place] = class_in_block(categories, kind, block) * row
    elif len(category) > 0:
        for place in range(count):
            goods[place] = class_in_block(categories, category[first + place], 0) * row
    else:
        for place in range(count):
            goods[place] = class_in_block(categories, -1, 0) * row


@kernel
def _find_bases(work: Work, lines: Lines, plan: Tables, first: int, count: int) -> None:
    """What commission is taken of on every line, and sums from line to line."""
    rule, row, paid = plan.plans[0], work.line[0], lines.paid
    base, part, times, paid_before, base_before = work.base, work.part, work.times, work.paid_before, work.base_before
    if work.task[0].plain == 1 and rule.base_on == 0 and rule.base_round < 2 and rule.freight == 0:
        for place in range(count):
            base[place] = paid[first + place]
    else:
        for place in range(count):
            _read_line(row, lines, first + place)
            base[place] = commissionable(rule, row)
            part[place], times[place] = rounded_part(rule, base[place], row.quantity)
    goods, bases = 0, 0
    for place in range(count):
        goods += paid[first + place]
        bases += base[place]
        paid_before[place + 1] = goods
        base_before[place + 1] = bases


@kernel
def _read_line(row: Row, lines: Lines, place: int) -> None:
    row.paid = lines.paid[place]
    row.price = lines.price[place] if len(lines.price) > 0 else 0
    row.member_price = lines.member_price[place] if len(lines.member_price) > 0 else -1
    row.freight = lines.freight[place] if len(lines.freight) > 0 else 0
    row.quantity = lines.quantity[place] if len(lines.quantity) > 0 else 1


@kernel
def fill_amounts(work: Work, lines: Lines, plan: Tables, begin: int, end: int) -> None:
    """What every line earns at every level, before caps."""
    rule, first, count = plan.plans[0], lines.first_line[begin], work.begins[end - begin]
    task = work.task[0]
    for level in range(task.depth):
        least, mode = rule.minimum[level + 1], rule.rounding[level + 1]
        if task.plain == 1:
            task.entries += _fill_percentages(work, count, level, mode)
        else:
            task.entries += _fill_level(work, lines.quantity, first, count, level, least, mode)
    _sum_orders(work, end - begin)


@kernel
def _fill_percentages(work: Work, count: int, level: int, mode: int) -> int:
    """What every line earns at a level of a plan that has percentages of whole lines and nothing else."""
    order, goods, cell, rate, base = work.order, work.goods, work.cell, work.rate, work.base
    amount, before = work.amount, work.before
    total, made = 0, 0
    for place in range(count):
        percent = rate[goods[place] + cell[level, order[place]]]
        earned = rate_of_parts(base[place], 1, max(percent, 0), mode)
        amount[level, place] = earned
        total += earned
        made += 1 if earned > 0 else 0
        before[level, place + 1] = total
    return made


@kernel
def _fill_level(work: Work, quantity: Numbers, first: int, count: int, level: int, least: int, mode: int) -> int:
    """What every line earns at one level; returns how many earn anything."""
    order, goods, cell, rate, fixed = work.order, work.goods, work.cell, work.rate, work.fixed
    base, part, times, amount, before = work.base, work.part, work.times, work.amount, work.before
    many = len(quantity) > 0
    total, made = 0, 0
    for place in range(count):
        at = goods[place] + cell[level, order[place]]
        earned = rate_of_parts(part[place], times[place], max(rate[at], 0), mode)
        if base[place] > 0:
            earned = max(earned, least)
        if rate[at] < 0:
            earned = 0
        if fixed[at] >= 0:
            earned = fixed[at] * (quantity[first + place] if many else 1)
        amount[level, place] = earned
        total += earned
        made += 1 if earned > 0 else 0
        before[level, place + 1] = total
    return made


@kernel
def _sum_orders(work: Work, count: int) -> None:
    begins, before, earned = work.begins, work.before, work.earned
    for level in range(work.task[0].depth):
        for place in range(count):
            earned[level, place] = before[level, begins[place + 1]] - before[level, begins[place]]


@kernel
def credit_orders(people: People, work: Work, count: int) -> None:
    """Give every payee of the block what the orders earn them."""
    earned, payee, persons = work.earned, work.payee, people.persons
    for level in range(work.task[0].depth):
        total = 0
        for place in range(count):
            persons[payee[level, place]].earned += earned[level, place]
            total += earned[level, place]
        work.totals[0, _BASE, level + 1] += total


@kernel
def count_orders(work: Work, book: Rows, lines: Lines, plan: Tables, begin: int, end: int) -> None:
    """Count what the orders of the block come to, in all and for the volumes of members."""
    task, begins, chain = work.task[0], work.begins, work.chain
    paid_before, base_before = work.paid_before, work.base_before
    task.orders += end - begin
    task.goods += paid_before[begins[end - begin]]
    commissionable = 0
    for place in range(end - begin):
        base = base_before[begins[place + 1]] - base_before[begins[place]]
        commissionable += base if chain[0, place] < task.nobody else 0
    task.commissionable += commissionable
    for meter in range(task.meters):
        _add_volumes(work, book, lines, begin, end - begin, meter, plan.meters[meter].measure)


@kernel
def _add_volumes(work: Work, book: Rows, lines: Lines, begin: int, count: int, meter: int, measure: int) -> None:
    """Add the goods of every order to the volume of the buyer, the promoter or the promoter's inviter."""
    begins, paid_before, chain, volumes, buyer = work.begins, work.paid_before, work.chain, book.volumes, lines.buyer
    for place in range(count):
        member = buyer[begin + place] if measure == 0 else chain[measure - 1, place]
        volumes[meter, member] += paid_before[begins[place + 1]] - paid_before[begins[place]]
