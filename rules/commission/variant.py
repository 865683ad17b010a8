"""Variants of the rates: what a line's product is when rates are fixed, its age and whether it is raised.

Campaigns differ by day and channel, which an order has; these differ by product, which a line has. Every combination of
a band of ages and raised or not is a variant, folded into the rates when the plan is compiled and kept with the line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.book import Rows
from rules.calendar import calendar_numbers
from rules.commission.campaign import Factor
from rules.commission.dynamic import is_raised, raised_factor
from rules.commission.product_age import AgeBand, age_factor, band_of, band_on
from rules.events import DAY
from rules.jit import kernel
from rules.plan.compiled import Tables
from rules.readable import Line, Order, State

if TYPE_CHECKING:
    from rules.plan.model import Plan


def variants(plan: Plan) -> list[tuple[AgeBand | None, bool]]:
    """The variants of a plan's rates, by number: the band of ages (None: no band), and whether raised."""
    age = plan.commission.base.product_age if plan.commission.base else None
    bands: list[AgeBand | None] = [None, *(age.bands if age else [])]
    return [(band, raised) for band in bands for raised in ([False, True] if plan.commission.dynamic else [False])]


def variant_factors(plan: Plan, band: AgeBand | None, raised: bool) -> list[Factor]:
    """What a variant multiplies base rates by."""
    factors = [age_factor(band)] if band else []
    if raised:
        assert plan.commission.dynamic
        factors.append(raised_factor(plan.commission.dynamic))
    return factors


@kernel
def fix_variant(book: Rows, plan: Tables, number: int, arm: int, place: int, day: int) -> None:
    """Fix which variant of the rates a line goes by."""
    rule = plan.plans[number]
    line = book.lines[place]
    line.variant = 0
    if rule.variants > 1:
        if rule.bands > 0:
            line.variant = band_of(plan, number, line.sku, day)
        if plan.dynamics[number].period >= 0:
            line.variant = 2 * line.variant + (1 if is_raised(book, plan, number, arm, line.sku, day) else 0)


@kernel
def fix_variants(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Fix the variants of all lines of an order by its plan."""
    row = book.orders[order]
    if plan.plans[row.plan].variants > 1 or plan.plans[row.terms].late == 1:
        for place in range(row.first_line, row.first_line + row.lines):
            fix_variant(book, plan, row.plan, row.arm, place, time // DAY)


def look_at_product(state: State, order: Order, line: Line) -> None:
    """Note whether a line's product is raised on the day of its rates: the readable rule."""
    dynamic = state.plans[order.plan].commission.dynamic
    line.raised = False
    raised = state.arms[order.arm].raised
    if dynamic and line.sku in raised:
        line.raised = raised[line.sku] == (order.plan, calendar_numbers(order.day)[dynamic.period])


def line_factors(plan: Plan, order: Order, line: Line) -> list[Factor]:
    """What a line's product multiplies its rates by: the readable rule."""
    age = plan.commission.base.product_age if plan.commission.base else None
    return variant_factors(plan, band_on(age, line.sku, order.day) if age else None, line.raised)
