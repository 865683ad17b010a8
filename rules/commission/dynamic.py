"""Dynamic rates 动态佣金: products that people buy when they see them shared pay more for a while.

In every period each product counts clicks on shares of it and the paid orders attributed at level 1 that contain it.
At the close a product with enough clicks is raised if its orders per click are more than (1 + `above`) times those of
all products together, and base rates of a raised product are multiplied throughout the next period. Whether a product
is raised is read for a line when its rates are fixed: nothing that was paid changes later. Refunds are not counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from rules.book import Rows
from rules.calendar import period_of
from rules.commission.campaign import Factor
from rules.events import Period as Kinds
from rules.jit import kernel
from rules.money import PPM, exceeds
from rules.plan.compiled import Compiled, Tables
from rules.plan.limits import Period
from rules.plan.values import Multiplier, Section, Surplus, Whole
from rules.readable import Order, State

if TYPE_CHECKING:
    from rules.plan.model import Plan


class Dynamic(Section):
    """Dynamic rates 动态佣金: how far above the mean a product's conversion lifts its base rates, and to what."""

    period: Period = "week"
    above: Surplus
    clicks: Annotated[Whole, Field(ge=1, le=1_000_000_000)]
    multiply: Multiplier


def fill_dynamic(tables: Compiled, number: int, plan: Plan) -> None:
    """Write what raises a product into the tables of plan `number`."""
    if rule := plan.commission.dynamic:
        tables.dynamics[number] = (Kinds[rule.period], rule.above, rule.clicks)


@kernel
def count_click(book: Rows, sharer: int, sku: int) -> None:
    """Count a click on somebody's share of a product."""
    if 0 <= sku < book.skus.shape[1]:
        for period in range(3):
            book.skus[book.members[sharer].arm, sku].clicked[period] += 1


@kernel
def count_order(book: Rows, order: int) -> None:
    """Count a paid order that somebody promoted, once for each product in it."""
    row = book.orders[order]
    if row.chain[0] < 0:
        return
    for place in range(row.first_line, row.first_line + row.lines):
        sku = book.lines[place].sku
        if 0 <= sku < book.skus.shape[1] and not _seen(book, row.first_line, place, sku):
            for period in range(3):
                book.skus[row.arm, sku].sold[period] += 1


@kernel
def _seen(book: Rows, first: int, end: int, sku: int) -> bool:
    seen = False
    for place in range(first, end):
        seen = seen or book.lines[place].sku == sku
    return seen


@kernel
def raise_rates(book: Rows, plan: Tables, arm: int, period: int, ended: int) -> None:
    """Judge every product at the close of a period: the raised ones are so for the period after the one that ended."""
    number = book.arms[arm].plan
    rule = plan.dynamics[number]
    if rule.period != period:
        return
    clicked, sold = 0, 0
    for sku in range(book.skus.shape[1]):
        clicked += book.skus[arm, sku].clicked[period]
        sold += book.skus[arm, sku].sold[period]
    for sku in range(book.skus.shape[1]):
        row = book.skus[arm, sku]
        clicks, orders = row.clicked[period], row.sold[period]
        if row.raised_by == number and row.raised_in == ended + 1:
            row.raised_by = -1
        if clicks >= rule.clicks and exceeds(orders, clicks, (PPM + rule.above) * sold, PPM * clicked):
            row.raised_by, row.raised_in = number, ended + 1


@kernel
def forget_counts(book: Rows, period: int) -> None:
    """Start the counts of a period anew."""
    for arm in range(len(book.arms)):
        for sku in range(book.skus.shape[1]):
            book.skus[arm, sku].clicked[period] = 0
            book.skus[arm, sku].sold[period] = 0


@kernel
def is_raised(book: Rows, plan: Tables, number: int, arm: int, sku: int, day: int) -> bool:
    """Whether an arm's last close under plan `number` raised a product for the period that a day lies in."""
    if sku < 0 or sku >= book.skus.shape[1]:
        return False
    row = book.skus[arm, sku]
    return row.raised_by == number and row.raised_in == period_of(day, plan.dynamics[number].period)


def raised_factor(dynamic: Dynamic) -> Factor:
    """What a raised product's rates are multiplied by."""
    return Factor("转化领先", "its conversion", dynamic.multiply)


def note_sale(state: State, order: Order) -> None:
    """Count a paid order that somebody promoted, once for each product in it: the readable rule."""
    if order.people:
        sold = state.arms[order.arm].sold
        for sku in {line.sku for line in order.lines if line.sku is not None}:
            for period in sold:
                sold[period][sku] = sold[period].get(sku, 0) + 1


def note_click(state: State, sharer: int, sku: str | None) -> None:
    """Count a click on somebody's share of a product: the readable rule."""
    clicked = state.arms[state.members[sharer].arm].clicked
    if sku is not None:
        for period in clicked:
            clicked[period][sku] = clicked[period].get(sku, 0) + 1


def judge_products(state: State, number: int, period: str, ended: int) -> None:
    """Judge every product at the close of a period: the readable rule."""
    arm = state.arms[number]
    dynamic = state.plans[arm.plan].commission.dynamic
    if dynamic is None or dynamic.period != period:
        return
    clicked, sold = arm.clicked[period], arm.sold[period]
    raised = {
        sku
        for sku, clicks in clicked.items()
        if clicks >= dynamic.clicks
        and sold.get(sku, 0) * sum(clicked.values()) * PPM > (PPM + dynamic.above) * sum(sold.values()) * clicks
    }
    for sku in clicked.keys() | sold.keys() | arm.raised.keys():
        if sku in raised:
            arm.raised[sku] = (arm.plan, ended + 1)
        elif arm.raised.get(sku) == (arm.plan, ended + 1):
            del arm.raised[sku]
