"""What looks at all entries of an order together: one entry per order, and the chain that ends at an amount of 0.

Lines are still reckoned one by one. Where their entries become one per payee, level and component (`entry_per: order`)
each line's part is kept: a refund takes back what the goods that come back have earned, at the rate they were paid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.book import Rows
from rules.commission.base import raise_to_minimum
from rules.commission.caps import drop_empty
from rules.events import Records
from rules.jit import kernel
from rules.money import yuan
from rules.people.attribution import earns_differential, holds_differential, payee_of_level, place_of_level
from rules.plan.compiled import Tables
from rules.readable import Entry, Order, Part, Step
from rules.records import Component

if TYPE_CHECKING:
    from rules.plan.model import Plan

_BASE = int(Component.base)


def fill_whole_order(row: Records, plan: Plan) -> None:
    """Write what this mechanism needs of a plan into its `PLAN` row."""
    semantics = plan.semantics
    row["round_per"] = ("line", "unit", "order").index(semantics.round_per)
    row["entry_per"] = semantics.entry_per == "order"
    row["zero_stops"] = semantics.zero_amount == "stop"
    row["parts"] = keeps_parts(plan)


def keeps_parts(plan: Plan) -> bool:
    """Whether it must be known later what each line put into an entry."""
    return plan.semantics.entry_per == "order" or plan.semantics.clawback_unit == "trunc4"


@kernel
def gather(book: Rows, plan: Tables, order: int, first: int) -> None:
    """Look at the new entries of an order, rows from `first` on, together, as its plan says."""
    rule = plan.plans[book.orders[order].plan]
    if rule.parts == 1:
        _note_parts(book, order, first)
    if rule.entry_per == 1:
        _merge_lines(book, order, first)
        for place in range(first, book.clock[0].entries):
            entry = book.entries[place]
            if entry.component == _BASE and entry.base > 0:
                entry.amount = max(entry.amount, rule.minimum[entry.level])
    if rule.zero_stops == 1:
        _stop_at_zero(book, plan, order, first)


@kernel
def _note_parts(book: Rows, order: int, first: int) -> None:
    """Keep what each line put into the new entries."""
    clock = book.clock[0]
    book.orders[order].first_part = clock.parts
    for place in range(first, clock.entries):
        part = book.parts[clock.parts]
        part.amount, part.taken, part.order = book.entries[place].amount, 0, order
        part.entry, part.line, part.pieces = place, book.entries[place].line, 0
        clock.parts += 1


@kernel
def _merge_lines(book: Rows, order: int, first: int) -> None:
    """Make one entry of those that lines of the order gave to the same payee, level and component."""
    kept = first
    for place in range(first, book.clock[0].entries):
        entry = book.entries[place]
        into = _same_payee(book, first, kept, place)
        book.parts[book.orders[order].first_part + place - first].entry = into
        if into < kept:
            one = book.entries[into]
            one.amount += entry.amount
            one.base += entry.base
            one.rate = one.rate if one.rate == entry.rate else 0
        else:
            if kept != place:
                book.entries[kept] = entry
            book.entries[kept].line = 0
            kept += 1
    book.clock[0].entries = kept


@kernel
def _same_payee(book: Rows, first: int, kept: int, place: int) -> int:
    """The entry, of rows `first` to `kept`, with the payee, level and component of another; `kept` if there is none."""
    entry = book.entries[place]
    for other in range(first, kept):
        one = book.entries[other]
        if one.member == entry.member and one.level == entry.level and one.component == entry.component:
            return other
    return kept


@kernel
def drop_unpaid(book: Rows, plan: Tables, order: int) -> None:
    """Forget new entries of an order that were trimmed to nothing; what lines put into the others is still theirs."""
    row = book.orders[order]
    if row.first_part >= 0:
        for number in range(row.first_part, book.clock[0].parts):
            part = book.parts[number]
            gone = 0
            for place in range(row.first_entry, part.entry):
                gone += 1 if book.entries[place].amount == 0 else 0
            part.entry = part.entry - gone if book.entries[part.entry].amount > 0 else -1
    drop_empty(book, row.first_entry)


@kernel
def _stop_at_zero(book: Rows, plan: Tables, order: int, first: int) -> None:
    """Let nobody be paid above a level whose person may be paid and earns nothing on the whole order."""
    rule = plan.plans[book.orders[order].plan]
    stopped = False
    for level in range(1, rule.depth + 1):
        total = 0
        for place in range(first, book.clock[0].entries):
            entry = book.entries[place]
            if entry.component == _BASE and entry.level == level:
                if stopped:
                    entry.amount = 0
                total += entry.amount
        found = place_of_level(book, plan, order, level)
        barred = found < 0 or (rule.exclusive == 1 and holds_differential(book, plan, order, found))
        stopped = stopped or (total == 0 and not barred)


def gathered(plan: Plan, order: Order, entries: list[Entry]) -> list[Entry]:
    """The new entries of an order, looked at together as its plan says: the readable rule."""
    if keeps_parts(plan):
        for entry in entries:
            entry.parts = [Part(entry.line, entry.amount)]
    if plan.semantics.entry_per == "order":
        entries = _merged(plan, entries)
    if plan.semantics.zero_amount == "stop":
        entries = _up_to_zero(plan, order, entries)
    return [entry for entry in entries if entry.amount > 0]


def _merged(plan: Plan, entries: list[Entry]) -> list[Entry]:
    whole: dict[tuple[int, int, Component], Entry] = {}
    for entry in entries:
        one = whole.setdefault((entry.member, entry.level, entry.component), entry)
        entry.steps.insert(0, Step(f"第 {entry.line} 行", f"line {entry.line}"))
        if one is not entry:
            one.amount, one.base = one.amount + entry.amount, one.base + entry.base
            one.rate = one.rate if one.rate == entry.rate else 0
            one.parts += entry.parts
            one.steps += entry.steps
    base = plan.commission.base
    for one in whole.values():
        one.line = 0
        one.steps.append(Step(f"整单合计 {yuan(one.amount)}", f"in all for the order: {yuan(one.amount)}"))
        for settings in base.levels if base and one.component is Component.base else []:
            if settings.level == one.level:
                raise_to_minimum(one, settings)
    return list(whole.values())


def _up_to_zero(plan: Plan, order: Order, entries: list[Entry]) -> list[Entry]:
    exclusive = plan.commission.differential is not None and plan.commission.differential.exclusive
    for level in range(1, plan.depth + 1):
        earned = sum(one.amount for one in entries if one.component is Component.base and one.level == level)
        found = payee_of_level(plan, order, level)
        if earned == 0 and found is not None and not (exclusive and earns_differential(plan, order, found)):
            return [one for one in entries if one.component is not Component.base or one.level < level]
    return entries
