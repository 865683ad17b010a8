"""Differential 级差: along the chain above a buyer, each rank tops up what those below were paid to its own rate.

With 20 % for staff, 40 % for agents and 60 % for divisions a sale by a member of staff pays 20, 20 and 20: together
never more than the highest rate. Three ways to take the difference, all in use:

- `rates`: the rate still missing, times the commissionable amount, rounded once.
- `amounts`: the own rate's amount, rounded, less what was paid below: together exactly the highest rate's amount.
- `clamped_rates`: as CRMEB does (`getDivisionPercent` of its DivisionServices, read in its code): the own rate less
  that of the person who earned by differential right below, or, where there is none, less what the base levels state
  for the people below, whether those may be paid or not; never under 0. It looks neither at a product's own amounts nor
  back at what a large base rate has used up: so an order can pay more than the highest rate. That is CRMEB's fault,
  not a feature. Where CRMEB pays the product's own amount to staff *instead of* their rate, this pays their rate.

With `counts_base`, base entries of the same line to the person and to those below count as paid: a fixed amount as its
share of the commissionable amount, rounded up to a millionth. With `exclusive` whoever earns by differential gets no
base entry. `depth` says how many people up a rank is looked for (CRMEB: staff 2). Nobody earns by differential on an
own order; somebody frozen counts as not there, so those above make up for them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rules.book import Rows
from rules.commission.base import Percentage, class_of, stated_rate
from rules.commission.basis import commissionable, commissionable_amount, percentage, rate_of_line
from rules.commission.campaign import multiplied, plan_start, regime_on
from rules.commission.entry import append
from rules.events import Row
from rules.jit import kernel
from rules.money import PPM, ROUNDING_ZH, Rounding, divide, percent, rounded, yuan
from rules.people.attribution import earns_differential, holds_differential
from rules.plan.compiled import Tables
from rules.plan.limits import MAX_LEVELS
from rules.plan.values import Flag, Rate, Section, Whole
from rules.readable import Entry, Line, Order, State, Step
from rules.records import Component

PeopleUp = Annotated[Whole, Field(ge=1, le=MAX_LEVELS)]
"""How many people up from the buyer: 1 is the person above."""


class Differential(Section):
    """Differential 级差: what each rank earns of a sale in all, people below included."""

    rates: Annotated[dict[str, Rate], Field(min_length=1)]
    difference: Literal["rates", "amounts", "clamped_rates"] = "rates"
    counts_base: Flag = True
    exclusive: Flag = False
    depth: PeopleUp | dict[str, PeopleUp] = MAX_LEVELS

    def depth_of(self, rank: str) -> int:
        """How many people up a rank is looked for; a rank that `depth` leaves out is looked for in the whole chain."""
        return self.depth.get(rank, MAX_LEVELS) if isinstance(self.depth, dict) else self.depth


_BASE, _DIFFERENTIAL, _CEIL = int(Component.base), int(Component.differential), int(Rounding.ceil)
_AMOUNTS, _CLAMPED = 2, 3


@kernel
def pay_differential(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Write the differential entries of an order: line by line, nearest person first."""
    for number in range(1, book.orders[order].lines + 1):
        if plan.plans[book.orders[order].plan].differential == _CLAMPED:
            _pay_clamped(book, plan, order, number, time)
        else:
            _pay_missing(book, plan, order, number, time)


@kernel
def _pay_missing(book: Rows, plan: Tables, order: int, number: int, time: int) -> None:
    """Top up each rank on one line; what is reached so far is a rate or, with `amounts`, fen."""
    row = book.orders[order]
    rule = plan.plans[row.plan]
    line = book.lines[row.first_line + number - 1]
    reached = 0
    for place in range(MAX_LEVELS):
        if row.chain[place] < 0:
            break
        if rule.counts_base == 1:
            reached += _base_paid(book, plan, order, number, place)
        if not holds_differential(book, plan, order, place):
            continue
        own = plan.ranks[row.plan, row.chain_rank[place]].differential
        mode = rule.rounding[place + 1]
        if rule.differential == _AMOUNTS:
            full = percentage(rule, line, own, mode)
            _write(book, plan, order, number, place, own, full - reached, time)
            reached = max(reached, full)
        else:
            missing = max(0, own - reached)
            _write(book, plan, order, number, place, missing, percentage(rule, line, missing, mode), time)
            reached = max(reached, own)


@kernel
def _base_paid(book: Rows, plan: Tables, order: int, number: int, place: int) -> int:
    """What the person at a place got as base on a line: in fen, or as a rate of the commissionable amount."""
    row = book.orders[order]
    rule = plan.plans[row.plan]
    base = commissionable(rule, book.lines[row.first_line + number - 1])
    paid = 0
    for at in range(row.first_entry, book.clock[0].entries):
        entry = book.entries[at]
        if entry.component != _BASE or entry.line != number or entry.member != row.chain[place]:
            continue
        if entry.amount == 0:  # kept until entries of the whole order are one
            continue
        if rule.differential == _AMOUNTS:
            paid += entry.amount
        elif entry.base == base:
            paid += entry.rate
        elif base > 0:
            paid += divide(entry.amount * PPM, base, _CEIL)
    return paid


@kernel
def _pay_clamped(book: Rows, plan: Tables, order: int, number: int, time: int) -> None:
    row = book.orders[order]
    rule = plan.plans[row.plan]
    line = book.lines[row.first_line + number - 1]
    below, found = 0, False
    for place in range(MAX_LEVELS):
        if row.chain[place] < 0:
            break
        if holds_differential(book, plan, order, place):
            own = plan.ranks[row.plan, row.chain_rank[place]].differential
            missing = max(0, own - below)
            amount = percentage(rule, line, missing, rule.rounding[place + 1])
            _write(book, plan, order, number, place, missing, amount, time)
            below, found = own, True
        elif rule.counts_base == 1 and not found:
            below += _base_stated(plan, row, line, place)


@kernel
def _base_stated(plan: Tables, order: Row, line: Row, place: int) -> int:
    """The rate that the base levels state for the rank at a place, a product's own left aside."""
    rank, rule = order.chain_rank[place], plan.plans[order.plan]
    if rank < 0 or place >= rule.depth or rule.of_level_1[place + 1] == 1:
        return 0
    goods = class_of(plan, order.plan, line.category, -1)
    return max(0, plan.rates[order.plan, order.regime, 0, goods, place + 1, rank])


@kernel
def _write(book: Rows, plan: Tables, order: int, line: int, place: int, rate: int, amount: int, time: int) -> None:
    row = book.orders[order]
    if amount <= 0:
        return
    entry = book.entries[append(book, time, row.chain[place], _DIFFERENTIAL, amount)]
    entry.order, entry.line, entry.level, entry.plan = order, line, place + 1, row.plan
    entry.base, entry.rate = commissionable(plan.plans[row.plan], book.lines[row.first_line + line - 1]), rate


def differential_entries(state: State, number: int, order: Order, written: list[Entry], time: int) -> list[Entry]:
    """The differential entries of an order, whose base entries are written: the readable rule."""
    rule = state.plans[number].commission.differential
    if rule is None:
        return []
    entries: list[Entry] = []
    for place, line in enumerate(order.lines, 1):
        paid = [entry for entry in written if entry.line == place and entry.amount > 0]
        base = {entry.member: entry for entry in paid if rule.counts_base}
        way = {"rates": _by_rates, "amounts": _by_amounts, "clamped_rates": _by_clamped_rates}[rule.difference]
        for entry in way(state, number, order, line, base):
            entry.time, entry.line = time, place
            entries.append(entry)
    return entries


def _by_rates(state: State, number: int, order: Order, line: Line, base: dict[int, Entry]) -> list[Entry]:
    plan, entries, reached = state.plans[number], [], 0
    whole = commissionable_amount(plan.semantics, line)
    for place, member in enumerate(order.people):
        if member in base and base[member].base == whole:
            reached += base[member].rate
        elif member in base and whole:
            reached += rounded(base[member].amount * PPM, whole, Rounding.ceil)
        if earns_differential(plan, order, place):
            own = _own_rate(state, number, order, place)
            if own > reached:
                entries.append(_entry(state, number, order, line, place, own - reached, _less(own, reached)))
            reached = max(reached, own)
    return [entry for entry in entries if entry.amount > 0]


def _by_amounts(state: State, number: int, order: Order, line: Line, base: dict[int, Entry]) -> list[Entry]:
    plan, entries, paid = state.plans[number], [], 0
    for place, member in enumerate(order.people):
        if member in base:
            paid += base[member].amount
        if earns_differential(plan, order, place):
            entry = _entry(state, number, order, line, place, _own_rate(state, number, order, place), None)
            owed, entry.amount = entry.amount, entry.amount - paid
            terms = f"{yuan(owed)} - {yuan(paid)} = {yuan(entry.amount)}"
            entry.steps.append(Step(f"减去下方已付：{terms}", f"less what was paid below: {terms}"))
            if entry.amount > 0:
                entries.append(entry)
            paid = max(paid, owed)
    return entries


def _by_clamped_rates(state: State, number: int, order: Order, line: Line, base: dict[int, Entry]) -> list[Entry]:
    plan, entries = state.plans[number], []
    rule = plan.commission.differential
    assert rule is not None
    holders = [place for place in range(len(order.people)) if earns_differential(plan, order, place)]
    stated = [_stated_rate(state, number, order, line, place) for place in range(holders[0] if holders else 0)]
    below = sum(stated) if rule.counts_base else 0
    for place in holders:
        own = _own_rate(state, number, order, place)
        if own > below:
            entries.append(_entry(state, number, order, line, place, own - below, _less(own, below)))
        below = own
    return [entry for entry in entries if entry.amount > 0]


def _stated_rate(state: State, number: int, order: Order, line: Line, place: int) -> int:
    """What the base levels state for the rank at a place, a product's own left aside: the readable rule."""
    plan, rank = state.plans[number], order.ranks[place]
    levels = plan.commission.base.levels if plan.commission.base else []
    settings = next((one for one in levels if one.level == place + 1 <= plan.depth), None)
    if settings is None or rank is None or settings.of != "sale":
        return 0
    stated = stated_rate(settings, line.category, None, plan.ranks[rank].id, plan.semantics)
    if not isinstance(stated, Percentage):
        return 0
    regime = regime_on(plan, plan_start(plan, state.start_day), order.day, order.channel)
    return multiplied(stated.rate, regime, line.category, None, plan.ranks[rank].id, plan.semantics)


def _own_rate(state: State, number: int, order: Order, place: int) -> int:
    plan, rank = state.plans[number], order.ranks[place]
    assert plan.commission.differential is not None
    assert rank is not None
    return plan.commission.differential.rates[plan.ranks[rank].id]


def _less(own: int, below: int) -> Step:
    terms = f"{percent(own)} - {percent(below)} = {percent(own - below)}"
    return Step(f"级差：本级减下方已付 {terms}", f"differential: own rate less what is paid below: {terms}")


def _entry(
    state: State, number: int, order: Order, line: Line, place: int, rate: int, difference: Step | None
) -> Entry:
    semantics = state.plans[number].semantics
    base = commissionable_amount(semantics, line)
    amount = rate_of_line(semantics, line, rate, place + 1)
    mode = Rounding[semantics.rounding_of(place + 1)]
    terms = f"{yuan(base)} × {percent(rate)} = {yuan(amount)}"
    steps = [difference] if difference else []
    steps.append(
        Step(f"计佣金额 {terms}（{ROUNDING_ZH[mode]}）", f"commissionable amount {terms} (rounded: {mode.name})")
    )
    entry = Entry(0, order.people[place], Component.differential, amount, number, steps)
    entry.level, entry.base, entry.rate = place + 1, base, rate
    return entry
