"""Base commission 基础佣金: a rate of the commissionable amount, or a fixed amount per unit, by level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag

from rules.book import Component, Rows
from rules.commission.campaign import (
    Campaign,
    Factor,
    applies,
    campaign_factors,
    folded,
    plan_start,
    regime_on,
    spend,
    spend_budget,
)
from rules.commission.entry import append
from rules.commission.product_age import ProductAge
from rules.commission.variant import line_factors
from rules.events import Row
from rules.jit import kernel
from rules.money import PPM, ROUNDING_ZH, Rounding, divide, factor, percent, rounded, yuan
from rules.people.attribution import earns_differential, holds_differential, payee_of_level, place_of_level
from rules.plan.compiled import Tables
from rules.plan.limits import MAX_LEVELS
from rules.plan.semantics import Semantics
from rules.plan.values import Rate, Section, Whole, Yuan
from rules.readable import Entry, Line, Order, State, Step

if TYPE_CHECKING:
    from rules.plan.model import Plan


class Fixed(Section):
    """A fixed amount per unit sold, instead of a percentage."""

    fixed: Yuan


class Percentage(Section):
    """A percentage of the commissionable amount."""

    rate: Rate


def _rate_or_fixed(given: object) -> object:
    return given if isinstance(given, dict | Fixed | Percentage) else {"rate": given}


def _kind_of_rate(given: object) -> str:
    fixed = isinstance(given, Fixed) or (isinstance(given, dict) and ("fixed" in given or "rate" not in given))
    return "a fixed amount" if fixed else "a percentage"


RateOrFixed = Annotated[
    Annotated[Percentage, Tag("a percentage")] | Annotated[Fixed, Tag("a fixed amount")],
    Discriminator(_kind_of_rate),
    BeforeValidator(_rate_or_fixed, json_schema_input_type=Rate | Fixed),
]


RatesByCategory = dict[str, RateOrFixed]


class BaseLevel(Section):
    """What the payee of one level earns on an order line: the first that applies of skus, by_rank, rates."""

    level: Annotated[Whole, Field(ge=1, le=MAX_LEVELS)]
    rates: RatesByCategory = Field(default_factory=dict)
    skus: dict[str, RateOrFixed] = Field(default_factory=dict)
    by_rank: dict[str, RatesByCategory] = Field(default_factory=dict)
    ranks: list[str] | None = None
    minimum: Yuan = 0
    of: Literal["sale", "level_1_commission"] = "sale"


class Base(Section):
    """Base commission 基础佣金 by level."""

    levels: list[BaseLevel]
    product_age: ProductAge | None = None


_BASE = int(Component.base)


def stated_rate(level: BaseLevel, category: str | None, sku: str | None, rank: str) -> RateOrFixed | None:
    """What a level states for goods and a payee's rank: the product's, else the rank's, else the level's rates.

    A rank's own rates need only name what differs: a category they leave out, without a default, keeps its rate.
    """
    if sku is not None and sku in level.skus:
        return level.skus[sku]
    for by_category in (level.by_rank.get(rank, {}), level.rates):
        stated = by_category.get(category or "default", by_category.get("default"))
        if stated is not None:
            return stated
    return None


@kernel
def class_of(plan: Tables, number: int, category: int, sku: int) -> int:
    """The row of the rate tables for goods: own settings of the product, else its category."""
    width = 1 + plan.plans[number].categories
    place = 1 + category if 0 <= category < width - 1 else 0
    block = plan.sku_block[number, sku] if 0 <= sku < plan.sku_block.shape[1] else 0
    return block * width + place


@kernel
def unit_price(rule: Row, line: Row) -> int:
    """The unit price that commission is taken of, where the plan takes it of a price and not of what was paid."""
    if rule.base_on == 2 and line.member_price >= 0:
        return line.member_price
    return line.price


@kernel
def commissionable(rule: Row, line: Row) -> int:
    """The commissionable amount 计佣金额 of a line, in fen."""
    goods = line.paid if rule.base_on == 0 else unit_price(rule, line) * line.quantity
    return goods + line.freight if rule.freight == 1 else goods


@kernel
def percentage(rule: Row, line: Row, rate: int, mode: int) -> int:
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
        first = 0  # fen of level 1 on this line
        for level in range(1, rule.depth + 1):
            found = place_of_level(book, plan, order, level)
            if found < 0 or (rule.exclusive == 1 and holds_differential(book, plan, order, found)):
                continue
            rank = row.chain_rank[found]
            fixed = plan.fixed[row.plan, goods, level, rank]
            rate = plan.rates[row.plan, row.regime, line.variant, goods, level, rank]
            base = first if rule.of_level_1[level] == 1 else commissionable(rule, line)
            amount = 0
            if fixed >= 0:
                amount, rate, base = fixed * line.quantity, 0, 0
            elif rate >= 0:
                if rule.of_level_1[level] == 1:
                    amount = divide(base * rate, PPM, rule.rounding[level])
                else:
                    amount = percentage(rule, line, rate, rule.rounding[level])
                if base > 0 and amount < rule.minimum[level]:
                    amount = rule.minimum[level]
                budgeted = rule.budgets == 1 and rule.of_level_1[level] == 0
                if budgeted and plan.budgeted[row.plan, row.regime, goods, rank] >= 0:
                    amount, rate = _within_budget(book, plan, order, place, level, rank, amount)
            if level == 1:
                first = amount
            if amount > 0:
                entry = book.entries[append(book, time, row.chain[found], _BASE, amount)]
                entry.order, entry.line, entry.level, entry.plan = order, place + 1, level, row.plan
                entry.base, entry.rate = base, rate


@kernel
def _within_budget(
    book: Rows, plan: Tables, order: int, place: int, level: int, rank: int, amount: int
) -> tuple[int, int]:
    """What of an amount the campaign's budget covers, and the rate that it comes closest to without going over."""
    row = book.orders[order]
    rule, line = plan.plans[row.plan], book.lines[row.first_line + place]
    goods = class_of(plan, row.plan, line.category, line.sku)
    plain_rate = plan.plain_rates[row.plan, row.regime, line.variant, goods, level, rank]
    plain = percentage(rule, line, plain_rate, rule.rounding[level])
    if commissionable(rule, line) > 0 and plain < rule.minimum[level]:
        plain = rule.minimum[level]
    granted = spend(book, plan, row.plan, plan.budgeted[row.plan, row.regime, goods, rank], amount - plain)
    if granted == amount - plain:
        return amount, plan.rates[row.plan, row.regime, line.variant, goods, level, rank]
    return plain + granted, plain_rate


def base_entries(state: State, number: int, order: Order, time: int) -> list[Entry]:
    """The base entries of an order, line by line, nearest level first: the readable rule."""
    plan = state.plans[number]
    entries = []
    exclusive = plan.commission.differential is not None and plan.commission.differential.exclusive
    for place, line in enumerate(order.lines, 1):
        first = 0
        for settings in sorted(plan.commission.base.levels if plan.commission.base else [], key=_level):
            if settings.level > plan.depth:
                continue
            found = payee_of_level(plan, order, settings.level)
            if found is None or (exclusive and earns_differential(plan, order, found)):
                continue
            rank = order.ranks[found]
            assert rank is not None
            of = None if settings.of == "sale" else first
            amount, base, rate, steps = line_amount(state, number, order, line, settings, plan.ranks[rank].id, of)
            first = amount if settings.level == 1 else first
            if amount > 0:
                entry = Entry(time, order.people[found], Component.base, amount, number, steps)
                entry.line, entry.level, entry.base, entry.rate = place, settings.level, base, rate
                entries.append(entry)
    return entries


def _level(settings: BaseLevel) -> int:
    return settings.level


Amount: TypeAlias = tuple[int, int, int, list[Step]]
"""An amount, the commissionable amount, the rate, and the steps."""


def line_amount(
    state: State, number: int, order: Order, line: Line, settings: BaseLevel, rank: str, level_one: int | None = None
) -> Amount:
    """What one level earns on one line: amount, commissionable amount, rate, and the steps.

    `level_one` is the commission of level 1 on the line, where the rate is taken of that and not of the sale; then
    campaigns, which that commission has felt already, do not multiply the rate again.
    """
    plan = state.plans[number]
    stated = stated_rate(settings, line.category, line.sku, rank)
    if stated is None:
        return 0, 0, 0, []
    if isinstance(stated, Fixed):
        amount = stated.fixed * line.quantity
        steps = [
            Step(
                f"固定 {yuan(stated.fixed)} × {line.quantity} 件",
                f"fixed {yuan(stated.fixed)} × {line.quantity} pieces",
            )
        ]
        return amount, 0, 0, steps
    regime = regime_on(plan, plan_start(plan, state.start_day), order.day, order.channel)
    if level_one is not None:
        return _of_level_one(plan, settings, stated.rate, level_one)
    campaigns = [one for one in regime.campaigns if applies(one, line.category, line.sku, rank)]
    product = line_factors(plan, order, line)
    full = _amount_at(plan, line, settings, stated.rate, campaign_factors(campaigns) + product)
    budgeted = next((one for one in campaigns if one.budget is not None), None)
    if budgeted is None:
        return full
    others = [one for one in campaigns if one is not budgeted]
    plain = _amount_at(plan, line, settings, stated.rate, campaign_factors(others) + product)
    return _budgeted_amount(state, budgeted, full, plain)


def _amount_at(plan: Plan, line: Line, settings: BaseLevel, stated: int, factors: list[Factor]) -> Amount:
    """What a line earns at a stated rate times factors."""
    rate = folded(stated, factors)
    base = commissionable_amount(plan.semantics, line)
    mode = Rounding[plan.semantics.rounding_of(settings.level)]
    amount = _percentage(plan.semantics, line, base, rate, mode)
    steps = [_base_step(plan.semantics, base), _rate_step(stated, rate, factors, amount, mode)]
    return _at_least(settings, amount, base, rate, steps)


def _of_level_one(plan: Plan, settings: BaseLevel, rate: int, base: int) -> Amount:
    """What a level earns at a rate of the commission of level 1."""
    mode = Rounding[plan.semantics.rounding_of(settings.level)]
    amount = rounded(base * rate, PPM, mode)
    of = Step(f"一级佣金 {yuan(base)}", f"commission of level 1: {yuan(base)}")
    return _at_least(settings, amount, base, rate, [of, _rate_step(rate, rate, [], amount, mode)])


def _at_least(settings: BaseLevel, amount: int, base: int, rate: int, steps: list[Step]) -> Amount:
    """An amount, raised to the level's minimum."""
    if base > 0 and amount < settings.minimum:
        amount = settings.minimum
        steps.append(Step(f"不足最低额，按 {yuan(amount)} 计", f"raised to the minimum of {yuan(amount)}"))
    return amount, base, rate, steps


def _budgeted_amount(state: State, campaign: Campaign, full: Amount, plain: Amount) -> Amount:
    """The amount with a campaign as far as its budget goes, else the amount without it."""
    extra = full[0] - plain[0]
    granted = spend_budget(state, campaign, extra)
    if granted == extra:
        return full
    amount, base, rate, steps = plain
    name, budget = campaign.id, yuan(campaign.budget or 0)
    reason = Step(
        f"活动 {name} 本应加 {yuan(extra)}，预算 {budget} 只余 {yuan(granted)}，计 {yuan(amount + granted)}",
        f"campaign {name} would add {yuan(extra)}, its budget of {budget} has {yuan(granted)} left: "
        f"{yuan(amount + granted)}",
    )
    return amount + granted, base, rate, [*steps, reason]


def _percentage(semantics: Semantics, line: Line, base: int, rate: int, mode: Rounding) -> int:
    if semantics.round_per == "line":
        return rounded(base * rate, PPM, mode)
    unit = base // line.quantity
    if semantics.base_on != "paid" and semantics.freight == "exclude":
        unit = _price_of(semantics, line)
    return rounded(unit * rate, PPM, mode) * line.quantity


def _price_of(semantics: Semantics, line: Line) -> int:
    if semantics.base_on == "member_price" and line.member_price is not None:
        return line.member_price
    return line.price


def commissionable_amount(semantics: Semantics, line: Line) -> int:
    """The commissionable amount 计佣金额 of a line: the readable rule."""
    goods = line.paid if semantics.base_on == "paid" else _price_of(semantics, line) * line.quantity
    return goods + line.freight if semantics.freight == "include" else goods


def rate_of_line(semantics: Semantics, line: Line, rate: int, level: int) -> int:
    """A rate of a line's commissionable amount, rounded as its level is: the readable rule of other components."""
    base = commissionable_amount(semantics, line)
    return _percentage(semantics, line, base, rate, Rounding[semantics.rounding_of(level)])


def _base_step(semantics: Semantics, base: int) -> Step:
    zh = {"paid": "实付", "list": "标价", "member_price": "会员价"}[semantics.base_on]
    en = {"paid": "paid", "list": "list price", "member_price": "member price"}[semantics.base_on]
    freight = semantics.freight == "include"
    return Step(
        f"计佣金额 {yuan(base)}（按{zh}{'，含运费' if freight else '，不含运费'}）",
        f"commissionable amount {yuan(base)} ({en}, freight {'included' if freight else 'excluded'})",
    )


def _rate_step(stated: int, rate: int, factors: list[Factor], amount: int, mode: Rounding) -> Step:
    zh, en = percent(rate), percent(rate)
    if factors:
        zh = " × ".join([percent(stated), *(f"{one.zh} {factor(one.by)}" for one in factors)]) + f" = {zh}"
        en = " × ".join([percent(stated), *(f"{one.en} {factor(one.by)}" for one in factors)]) + f" = {en}"
    return Step(f"× {zh} = {yuan(amount)}（{ROUNDING_ZH[mode]}）", f"× {en} = {yuan(amount)} (rounded: {mode.name})")
