"""Margin 差价: purchase prices by grade. The buyer pays the public price, an agent lives on the difference.

The person above the buyer earns, on every unit, what the buyer pays for it less their own grade's price; everybody
further up with a lower price earns the step from the lowest price so far down to theirs, so the gradient is kept.
People without a grade price earn nothing and take nothing from those above; somebody frozen counts as not there.

A grade price is a rate of the public price, rounded to the fen per unit as the plan rounds amounts that belong to no
level, or a fixed price of a product; it is never above the public price. Discounts on an order do not lower margins:
they are the shop's. A buyer of a grade pays their own grade's price (the `member_price` of the line), and margins begin
there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field

from rules.book import Rows
from rules.commission.base import class_of
from rules.commission.entry import append
from rules.jit import kernel
from rules.money import PPM, Rounding, divide, rounded, yuan
from rules.plan.compiled import NONE, Compiled, Tables
from rules.plan.limits import MAX_LEVELS
from rules.plan.values import Rate, Section, Yuan
from rules.readable import Entry, Line, Order, State, Step
from rules.records import Component

if TYPE_CHECKING:
    from rules.plan.model import Plan


def by_default(given: object) -> object:
    """One rate for everything, as a mapping that says so."""
    return given if isinstance(given, dict) else {"default": given}


Rates = Annotated[dict[str, Rate], BeforeValidator(by_default, json_schema_input_type=Rate | dict[str, Rate])]
"""A rate for everything, or rates by name with `default` for every other."""


class Margin(Section):
    """Margin 差价: what each grade pays for a unit: a rate of the public price, by category, or a price by product."""

    prices: dict[str, Rates] = Field(default_factory=dict)
    skus: dict[str, dict[str, Yuan]] = Field(default_factory=dict)


_MARGIN = int(Component.margin)


def fill_prices(tables: Compiled, number: int, plan: Plan, goods: list[tuple[int, str | None, str | None]]) -> None:
    """Write the grade prices of a plan into its tables; `goods` are the classes with their category and product."""
    margin = plan.commission.margin
    if margin is None:
        return
    tables.plans[number]["margin"] = 1
    for rank, name in enumerate(one.id for one in plan.ranks):
        for place, category, sku in goods:
            rate = _rate_of(margin, name, category)
            tables.grade_rates[number, place, rank] = NONE if rate is None else rate
            tables.grade_prices[number, place, rank] = margin.skus.get(sku or "", {}).get(name, NONE)


def _rate_of(margin: Margin, rank: str, category: str | None) -> int | None:
    rates = margin.prices.get(rank, {})
    return rates.get(category or "default", rates.get("default"))


@kernel
def pay_margin(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Write the margin entries of an order: line by line, nearest person first."""
    row = book.orders[order]
    for number in range(1, row.lines + 1):
        line = book.lines[row.first_line + number - 1]
        goods = class_of(plan, row.plan, line.category, line.sku)
        lowest = line.member_price if line.member_price >= 0 else line.price
        for place in range(MAX_LEVELS):
            rank = row.chain_rank[place]
            own = _grade_price(plan, row.plan, goods, rank, line.price) if rank >= 0 else -1
            if 0 <= own < lowest:
                entry = book.entries[append(book, time, row.chain[place], _MARGIN, (lowest - own) * line.quantity)]
                entry.order, entry.line, entry.level, entry.plan = order, number, place + 1, row.plan
                lowest = own


@kernel
def _grade_price(plan: Tables, number: int, goods: int, rank: int, price: int) -> int:
    """What a rank pays for a unit, or -1 where it has no price of its own."""
    own = plan.grade_prices[number, goods, rank]
    rate = plan.grade_rates[number, goods, rank]
    if own < 0 and rate >= 0:
        own = divide(price * rate, PPM, plan.plans[number].rounding[0])
    return min(own, price)


def grade_price(plan: Plan, rank: str, sku: str | None, category: str | None, price: int) -> int | None:
    """What a rank pays for a unit of a public price; None where it has no price of its own: the readable rule."""
    margin = plan.commission.margin
    if margin is None:
        return None
    rate, fixed = _rate_of(margin, rank, category), margin.skus.get(sku or "", {}).get(rank)
    if fixed is None and rate is None:
        return None
    own = fixed if fixed is not None else rounded(price * (rate or 0), PPM, Rounding[plan.semantics.rounding_of(0)])
    return min(own, price)


def margin_entries(state: State, number: int, order: Order, time: int) -> list[Entry]:
    """The margin entries of an order: the readable rule."""
    if state.plans[number].commission.margin is None:
        return []
    entries = []
    for place, line in enumerate(order.lines, 1):
        for entry in _margins(state.plans[number], number, order, line):
            entry.time, entry.line = time, place
            entries.append(entry)
    return entries


def _margins(plan: Plan, number: int, order: Order, line: Line) -> list[Entry]:
    entries, lowest = [], line.price if line.member_price is None else line.member_price
    for place, member in enumerate(order.people):
        rank = order.ranks[place]
        own = None if rank is None else grade_price(plan, plan.ranks[rank].id, line.sku, line.category, line.price)
        if own is None or own >= lowest:
            continue
        amount = (lowest - own) * line.quantity
        terms = f"({yuan(lowest)} - {yuan(own)}) × {line.quantity} = {yuan(amount)}"
        steps = [Step(f"差价：{terms}", f"margin: price below less own purchase price, {terms}")]
        entries.append(Entry(0, member, Component.margin, amount, number, steps, level=place + 1))
        lowest = own
    return entries
