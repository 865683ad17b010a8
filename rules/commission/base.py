"""Base commission 基础佣金: a rate of the commissionable amount, or a fixed amount per unit, for each level of a line."""

from __future__ import annotations

from rules.book import Component, Rows
from rules.commission.entry import append
from rules.events import Records
from rules.jit import kernel
from rules.money import PPM, divide
from rules.people.attribution import place_of_level
from rules.plan.compiled import Tables

_BASE = int(Component.base)


@kernel
def class_of(plan: Tables, number: int, category: int, sku: int) -> int:
    """The row of the rate tables for goods: own settings of the product, else its category."""
    width = 1 + plan.plans[number].categories
    place = 1 + category if 0 <= category < width - 1 else 0
    block = plan.sku_block[number, sku] if 0 <= sku < plan.sku_block.shape[1] else 0
    return block * width + place


@kernel
def unit_price(rule: Records, line: Records) -> int:
    """The unit price that commission is taken of, where the plan takes it of a price and not of what was paid."""
    if rule.base_on == 2 and line.member_price >= 0:
        return line.member_price
    return line.price


@kernel
def commissionable(rule: Records, line: Records) -> int:
    """The commissionable amount 计佣金额 of a line, in fen."""
    goods = line.paid if rule.base_on == 0 else unit_price(rule, line) * line.quantity
    return goods + line.freight if rule.freight == 1 else goods


@kernel
def percentage(rule: Records, line: Records, rate: int, mode: int) -> int:
    """A rate of a line's commissionable amount, rounded once per line, or per unit and then multiplied."""
    base = commissionable(rule, line)
    if rule.round_per_unit == 0:
        return divide(base * rate, PPM, mode)
    unit = base // line.quantity
    if rule.base_on != 0 and rule.freight == 0:
        unit = unit_price(rule, line)
    return divide(unit * rate, PPM, mode) * line.quantity


@kernel
def pay_base(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Write the base entries of an order: line by line, nearest level first. Amounts of 0 make no entry."""
    row = book.orders[order]
    rule = plan.plans[row.plan]
    for place in range(row.lines):
        line = book.lines[row.first_line + place]
        goods = class_of(plan, row.plan, line.category, line.sku)
        for level in range(1, rule.depth + 1):
            found = place_of_level(book, plan, order, level)
            if found < 0:
                continue
            rank = row.upline_rank[found]
            fixed = plan.fixed[row.plan, goods, level, rank]
            rate = plan.rates[row.plan, row.regime, goods, level, rank]
            base = commissionable(rule, line)
            amount = 0
            if fixed >= 0:
                amount, rate, base = fixed * line.quantity, 0, 0
            elif rate >= 0:
                amount = percentage(rule, line, rate, rule.rounding[level])
                if base > 0 and amount < rule.minimum[level]:
                    amount = rule.minimum[level]
            if amount > 0:
                entry = book.entries[append(book, time, row.upline[found], _BASE, amount)]
                entry.order, entry.line, entry.level, entry.plan = order, place + 1, level, row.plan
                entry.base, entry.rate = base, rate
