"""Base commission 基础佣金: a rate of the commissionable amount, or a fixed amount per unit, by level."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag

from rules.book import Rows
from rules.commission.basis import commissionable, explained_amount
from rules.commission.campaign import (
    Campaign,
    Factor,
    campaign_factors,
    counting,
    folded,
    plan_start,
    regime_on,
    spend,
    spend_budget,
)
from rules.commission.entry import append
from rules.commission.product_age import ProductAge
from rules.commission.variant import line_factors
from rules.errors import InputError
from rules.events import Row
from rules.jit import kernel
from rules.money import PPM, ROUNDING_ZH, Rounding, divide, factor, percent, rounded, yuan
from rules.people.attribution import (
    NOBODY,
    earns_differential,
    holds_differential,
    may_take,
    payee_of_level,
    place_of_level,
)
from rules.plan.compiled import Tables
from rules.plan.defects import ZERO_SHARE_KEEPS_PLACE
from rules.plan.limits import MAX_LEVELS
from rules.plan.semantics import Semantics
from rules.plan.values import Rate, Section, Whole, Yuan
from rules.readable import Entry, Line, Order, State, Step
from rules.records import Component

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


def stated_rate(
    level: BaseLevel, category: str | None, sku: str | None, rank: str, semantics: Semantics
) -> RateOrFixed | None:
    """What a level states for goods and a payee's rank: the product's, else the rank's, else the level's rates.

    A rank's own rates need only name what differs: a category they leave out, without a default, keeps its rate.
    With `rank_rate: multiply` they are not rates but what the level's rate is raised by. With `stack: highest` it is
    the highest of the three (a fixed amount comes before a rate even then).
    """
    plain, own = _of_category(level.rates, category), _of_category(level.by_rank.get(rank, {}), category)
    if semantics.rank_rate == "multiply":
        own = _raised(plain, own)
    stated = [one for one in (level.skus.get(sku or ""), own, plain) if one is not None]
    if semantics.stack == "highest" and stated:
        return max(stated, key=lambda one: (1, one.fixed) if isinstance(one, Fixed) else (0, one.rate))
    return stated[0] if stated else None


def left_out(plan: Plan, level: BaseLevel, sku: str | None) -> bool:
    """Whether a product is on its own commission and a level states none for it, where that counts as nothing."""
    if plan.semantics.sku_left_out == "rate" or sku is None or sku in level.skus or plan.commission.base is None:
        return False
    return any(sku in other.skus for other in plan.commission.base.levels)


def _of_category(rates: RatesByCategory, category: str | None) -> RateOrFixed | None:
    return rates.get(category or "default", rates.get("default"))


def _raised(rate: RateOrFixed | None, by: RateOrFixed | None) -> RateOrFixed | None:
    """A rate times (1 + another); a fixed amount is not raised."""
    if not isinstance(rate, Percentage) or not isinstance(by, Percentage):
        return rate
    raised, rest = divmod(rate.rate * (PPM + by.rate), PPM)
    if rest or raised > PPM:
        what = "over 100%" if raised > PPM else "not a whole number of parts per million"
        raise InputError(
            f"a rate of {percent(rate.rate)} raised by {percent(by.rate)} of itself gives a rate that is {what}",
            allowed="products of at most 100% with at most four decimals of a percent",
        )
    return rate.model_copy(update={"rate": raised})


@kernel
def class_of(plan: Tables, number: int, category: int, sku: int) -> int:
    """The row of the rate tables for goods: own settings of the product, else its category."""
    block = plan.sku_block[number, sku] if 0 <= sku < plan.sku_block.shape[1] else 0
    return class_in_block(plan.plans[number].categories, category, block)


@kernel
def class_in_block(categories: int, category: int, block: int) -> int:
    """The row of the rate tables for a category, in the block of a product (0 = the block of all others)."""
    place = 1 + category if 0 <= category < categories else 0
    return block * (1 + categories) + place


@kernel
def rounded_part(rule: Row, base: int, quantity: int) -> tuple[int, int]:
    """The part of a line's commissionable amount that is rounded at once, and how many such parts it has."""
    return (base // quantity, quantity) if rule.round_per == 1 else (base, 1)


@kernel
def rate_of_parts(part: int, times: int, rate: int, mode: int) -> int:
    """A rate of a part, rounded, as often as there are such parts."""
    return divide(part * rate, PPM, mode) * times


@kernel
def _rate_of(book: Rows, rule: Row, level: int, base: int, quantity: int, rate: int) -> int:
    """A rate of an amount, rounded once per line; or per unit, and then multiplied; or once per order.

    Rounded once per order, a line gets by how much the rounded sum of the lines so far grows with it.
    """
    mode = rule.rounding[level]
    if rule.round_per < 2:
        part, times = rounded_part(rule, base, quantity)
        return rate_of_parts(part, times, rate, mode)
    before = book.clock[0].running[level]
    book.clock[0].running[level] = (before + base * rate) % (2 * PPM)  # the quotient's last bit decides even or odd
    return divide(before + base * rate, PPM, mode) - divide(before, PPM, mode)


@kernel
def pay_base(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Write the base entries of an order: line by line, nearest level first.

    Amounts of 0 make no entry, but for plans that look at a whole order's entries afterwards.
    """
    row = book.orders[order]
    rule = plan.plans[row.plan]
    if rule.round_per == 2:
        for level in range(rule.depth + 1):
            book.clock[0].running[level] = 0
    for place in range(row.lines):
        line = book.lines[row.first_line + place]
        goods = class_of(plan, row.plan, line.category, line.sku)
        base, first, moved = commissionable(rule, line), 0, 0
        for level in range(1, rule.depth + 1):
            if rule.defects & ZERO_SHARE_KEEPS_PLACE:
                found = _place_kept(book, plan, order, level, moved)
            else:
                found = place_of_level(book, plan, order, level)
            if found < 0 or (rule.exclusive == 1 and holds_differential(book, plan, order, found)):
                moved += 0 if found == _ENDED else 1
                continue
            rank = row.chain_rank[found]
            amount, rate, of = 0, plan.rates[row.plan, row.regime, line.variant, goods, level, rank], base
            fixed = plan.fixed[row.plan, goods, level, rank]
            if fixed >= 0:
                amount, rate, of = fixed * line.quantity, 0, 0
            elif rate >= 0:
                if rule.of_level_1[level] == 1:
                    of, amount = first, divide(first * rate, PPM, rule.rounding[level])
                else:
                    amount = _rate_of(book, rule, level, base, line.quantity, rate)
                if of > 0 and amount < rule.minimum[level] and rule.entry_per == 0:
                    amount = rule.minimum[level]
                budgeted = rule.budgets == 1 and rule.of_level_1[level] == 0
                if budgeted and plan.budgeted[row.plan, row.regime, goods, rank] >= 0:
                    amount, rate = _within_budget(book, plan, order, place, level, rank, base, amount)
            if level == 1:
                first = amount
            if amount > 0 or (rule.entry_per == 1 and rate >= 0):
                entry = book.entries[append(book, time, row.chain[found], _BASE, amount)]
                entry.order, entry.line, entry.level, entry.plan = order, place + 1, level, row.plan
                entry.base, entry.rate = of, rate
            moved += 1 if amount > 0 else 0
            if rule.subtract_lower == 1:
                base = max(0, base - amount)


@kernel
def _within_budget(
    book: Rows, plan: Tables, order: int, place: int, level: int, rank: int, base: int, amount: int
) -> tuple[int, int]:
    """What of an amount the campaign's budget covers, and the rate that it comes closest to without going over."""
    row = book.orders[order]
    rule, line = plan.plans[row.plan], book.lines[row.first_line + place]
    goods = class_of(plan, row.plan, line.category, line.sku)
    plain_rate = plan.plain_rates[row.plan, row.regime, line.variant, goods, level, rank]
    plain = _rate_of(book, rule, level, base, line.quantity, plain_rate)
    if base > 0 and plain < rule.minimum[level] and rule.entry_per == 0:
        plain = rule.minimum[level]
    granted = spend(book, plan, row.plan, plan.budgeted[row.plan, row.regime, goods, rank], amount - plain)
    if granted == amount - plain:
        return amount, plan.rates[row.plan, row.regime, line.variant, goods, level, rank]
    return plain + granted, plain_rate


_PASSED, _ENDED = -1, -2


@kernel
def _place_kept(book: Rows, plan: Tables, order: int, level: int, moved: int) -> int:
    """The place paid as `level` where only a level that pays moves up the chain: after `moved` people.

    Nobody there: `_ENDED`; somebody who may not be paid: `_PASSED`.
    """
    if moved >= MAX_LEVELS or book.orders[order].chain_rank[moved] == NOBODY:
        return _ENDED
    return moved if may_take(book, order, moved, level) else _PASSED


def base_entries(state: State, number: int, order: Order, time: int) -> list[Entry]:
    """The base entries of an order, line by line, nearest level first: the readable rule."""
    plan, paying = state.plans[number], _Paying(state, number, order)
    levels = sorted(plan.commission.base.levels if plan.commission.base else [], key=lambda settings: settings.level)
    exclusive = plan.commission.differential is not None and plan.commission.differential.exclusive
    entries: list[Entry] = []
    for place, line in enumerate(order.lines, 1):
        lower: list[Entry] = []
        unpaid = 0
        for settings in levels[: plan.depth]:
            found = _payee(plan, order, settings.level, unpaid)
            if found is None or (exclusive and earns_differential(plan, order, found)):
                continue
            entry = paying.entry(line, settings, found, lower)
            unpaid += entry is None or entry.amount == 0
            if entry is not None:
                entry.time, entry.line = time, place
                lower.append(entry)
        entries += lower
    return [entry for entry in entries if entry.amount > 0 or plan.semantics.entry_per == "order"]


def _payee(plan: Plan, order: Order, level: int, unpaid: int) -> int | None:
    """The place in the chain that is paid as a level; `unpaid` levels below found somebody and paid nothing."""
    if "zero_share_keeps_place" not in plan.semantics.defects:
        return payee_of_level(plan, order, level)
    place = level - 1 - unpaid
    return place if place < len(order.people) and level in order.allowed[place] else None


@dataclass
class _Paying:
    """An order being paid, to the readable rule.

    Attributes:
        number: of the plan whose rates apply.
        sums: by level, the exact products of the lines so far, in fen × parts per million.
    """

    state: State
    number: int
    order: Order
    sums: dict[int, int] = field(default_factory=dict)

    def entry(self, line: Line, settings: BaseLevel, found: int, lower: list[Entry]) -> Entry | None:
        """What one level earns on one line, above `lower` levels; None where the level states no rate."""
        plan, rank = self.state.plans[self.number], self.order.ranks[found]
        assert rank is not None
        stated = stated_rate(settings, line.category, line.sku, plan.ranks[rank].id, plan.semantics)
        if stated is None or left_out(plan, settings, line.sku):
            return None
        entry = Entry(0, self.order.people[found], Component.base, 0, self.number, [], level=settings.level)
        if isinstance(stated, Fixed):
            terms = f"{yuan(stated.fixed)} × {line.quantity}"
            entry.amount = stated.fixed * line.quantity
            entry.steps = [Step(f"固定 {terms} 件", f"fixed {terms} pieces")]
            return entry
        if settings.of == "sale":
            self._reckon_base(entry, line, sum(one.amount for one in lower))
            self._apply_rate(entry, line, settings, stated.rate, plan.ranks[rank].id)
        else:
            self._apply_to_level_one(entry, settings, stated.rate, lower)
            if plan.semantics.entry_per == "line":
                raise_to_minimum(entry, settings)
        return entry

    def _reckon_base(self, entry: Entry, line: Line, lower: int) -> None:
        semantics = self.state.plans[self.number].semantics
        entry.base, entry.steps = explained_amount(semantics, line)
        if semantics.subtract_lower and lower:
            terms = f"{yuan(entry.base)} − {yuan(lower)}"
            entry.base = max(0, entry.base - lower)
            entry.steps.append(Step(f"减去下级佣金：{terms}", f"less the commission of lower levels: {terms}"))

    def _apply_to_level_one(self, entry: Entry, settings: BaseLevel, rate: int, lower: list[Entry]) -> None:
        """A rate of the commission of level 1, which has felt campaigns already."""
        mode = Rounding[self.state.plans[self.number].semantics.rounding_of(settings.level)]
        entry.base, entry.rate = sum(one.amount for one in lower if one.level == 1), rate
        entry.amount = rounded(entry.base * rate, PPM, mode)
        terms = f"{yuan(entry.base)} × {percent(rate)} = {yuan(entry.amount)}"
        words = f"{terms}（{ROUNDING_ZH[mode]}）", f"{terms} (rounded: {mode.name})"
        entry.steps = [Step(f"一级佣金 {words[0]}", f"commission of level 1: {words[1]}")]

    def _apply_rate(self, entry: Entry, line: Line, settings: BaseLevel, stated: int, rank: str) -> None:
        """A rate of the sale times what multiplies it, as far as the budget of a campaign goes."""
        plan = self.state.plans[self.number]
        regime = regime_on(plan, plan_start(plan, self.state.start_day), self.order.day, self.order.channel)
        goods = (line.category, line.sku, rank, plan.semantics)
        on, product = counting(regime.campaigns, *goods), line_factors(plan, self.order, line)
        raised = _raised_steps(settings, line, rank, plan.semantics)
        full = self._amount_at(entry.base, line, settings, stated, campaign_factors(on) + product)
        budgeted = next((one for one in on if one.budget is not None), None)
        entry.amount, entry.rate, steps = full
        if budgeted is not None:
            others = counting([one for one in regime.campaigns if one is not budgeted], *goods)
            plain = self._amount_at(entry.base, line, settings, stated, campaign_factors(others) + product)
            entry.amount, entry.rate, steps = _budgeted_amount(self.state, budgeted, full, plain)
        entry.steps += raised + steps

    def _amount_at(self, base: int, line: Line, settings: BaseLevel, stated: int, factors: list[Factor]) -> Amount:
        """What a line earns at a stated rate times factors: amount, rate and steps."""
        semantics, rate = self.state.plans[self.number].semantics, folded(stated, factors)
        mode = Rounding[semantics.rounding_of(settings.level)]
        if semantics.round_per == "unit":
            amount = rounded(base // line.quantity * rate, PPM, mode) * line.quantity
        else:
            before = self.sums.get(settings.level, 0) if semantics.round_per == "order" else 0
            after = self.sums[settings.level] = before + base * rate
            amount = rounded(after, PPM, mode) - rounded(before, PPM, mode)
        steps = [_rate_step(stated, rate, amount, factors, mode, semantics)]
        if semantics.entry_per == "line" and base > 0 and amount < settings.minimum:
            amount = settings.minimum
            steps.append(_minimum_step(amount))
        return amount, rate, steps


Amount: TypeAlias = tuple[int, int, list[Step]]
"""An amount, the rate that made it, and the steps."""


def _budgeted_amount(state: State, campaign: Campaign, full: Amount, plain: Amount) -> Amount:
    """The amount with a campaign as far as its budget goes, else the amount without it."""
    extra = full[0] - plain[0]
    granted = spend_budget(state, campaign, extra)
    if granted == extra:
        return full
    amount, rate, steps = plain
    name, budget = campaign.id, yuan(campaign.budget or 0)
    reason = Step(
        f"活动 {name} 本应加 {yuan(extra)}，预算 {budget} 只余 {yuan(granted)}，计 {yuan(amount + granted)}",
        f"campaign {name} would add {yuan(extra)}, its budget of {budget} has {yuan(granted)} left: "
        f"{yuan(amount + granted)}",
    )
    return amount + granted, rate, [*steps, reason]


def raise_to_minimum(entry: Entry, settings: BaseLevel) -> None:
    """Raise a percentage of something to the least amount of its level: the readable rule."""
    if entry.base > 0 and entry.amount < settings.minimum:
        entry.amount = settings.minimum
        entry.steps.append(_minimum_step(entry.amount))


def _minimum_step(amount: int) -> Step:
    return Step(f"不足最低额，按 {yuan(amount)} 计", f"raised to the minimum of {yuan(amount)}")


def _raised_steps(settings: BaseLevel, line: Line, rank: str, semantics: Semantics) -> list[Step]:
    """That a rank raises the rate of its level, where it does."""
    plain, by = _of_category(settings.rates, line.category), _of_category(settings.by_rank.get(rank, {}), line.category)
    raised = semantics.rank_rate == "multiply" and line.sku not in settings.skus
    if not raised or not isinstance(plain, Percentage) or not isinstance(by, Percentage):
        return []
    terms = f"{percent(plain.rate)} × (1 + {percent(by.rate)})"
    return [Step(f"等级 {rank} 上浮：{terms}", f"raised by rank {rank}: {terms}")]


def _rate_step(
    stated: int, rate: int, amount: int, factors: list[Factor], mode: Rounding, semantics: Semantics
) -> Step:
    zh = en = percent(rate)
    if factors:
        zh = " × ".join([percent(stated), *(f"{one.zh} {factor(one.by)}" for one in factors)]) + f" = {zh}"
        en = " × ".join([percent(stated), *(f"{one.en} {factor(one.by)}" for one in factors)]) + f" = {en}"
    per_zh = {"line": "", "unit": "，逐件", "order": "，整单合计"}[semantics.round_per]
    per_en = {"line": "", "unit": ", per unit", "order": ", once for the order"}[semantics.round_per]
    return Step(
        f"× {zh} = {yuan(amount)}（{ROUNDING_ZH[mode]}{per_zh}）",
        f"× {en} = {yuan(amount)} (rounded: {mode.name}{per_en})",
    )
