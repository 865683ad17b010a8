"""Caps 封顶: all entries of an order within a share of its goods, a member's entries of a day and month within amounts.

The order cap comes first, and what it cuts off is forfeited; then those on a member's day and month, and what they cut
off is forfeited or waits for later days (`rules.commission.deferral`). Period components are outside all of them: the
rulebook checks them against their period.

What gives way over the order cap, as far as it must: with `far_levels_first` area agents, then peer bonuses, then
differential, then margins, each from the furthest level inwards, then base entries from the furthest level to level 1,
then bonuses; with `bonuses_first` the bonuses, then the others in the same order. Within a level the last line gives
way first. `pro_rata` cuts everything alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from rules.book import Rows
from rules.commission.deferral import defer, follow_entries, wait_for_later
from rules.commission.room import may_earn, note_earned, room_left, use_room
from rules.jit import kernel
from rules.money import PPM, Rounding, percent, proportion, yuan
from rules.plan.compiled import NONE, Tables
from rules.plan.limits import MAX_LEVELS
from rules.plan.values import Rate, Section, Whole, Yuan
from rules.readable import Entry, Order, State, Step
from rules.records import Component

if TYPE_CHECKING:
    from rules.plan.model import Plan


class Caps(Section):
    """Caps 封顶: paid levels, share of an order, amount per member and day or month, and what becomes of the rest."""

    levels: Annotated[Whole, Field(ge=1, le=MAX_LEVELS)] = 3
    order_ratio: Rate | None = None
    member_day: Yuan | None = None
    member_month: Yuan | None = None
    trim: Literal["far_levels_first", "pro_rata", "bonuses_first"] = "far_levels_first"
    over_cap: Literal["forfeit", "defer"] = "forfeit"


_BASE, _BONUS, _INFLUENCE, _FLOOR = (
    int(Component.base),
    int(Component.bonus),
    int(Component.influence),
    int(Rounding.floor),
)
_FAR = (int(Component.area), int(Component.peer), int(Component.differential), int(Component.margin))
"""Components that give way before base commission, the first first."""
_ANY = -1
"""Of whatever level."""
_BONUSES = (Component.bonus, Component.influence)


@kernel
def order_limit(goods: int, ratio: int) -> int:
    """The most that all entries of an order may come to, in fen: a share of its goods paid."""
    return goods * ratio // PPM


@kernel
def cap_order(book: Rows, plan: Tables, order: int, first: int) -> None:
    """Trim the entries of an order, rows from `first` on, to the plan's share of the goods paid."""
    rule = plan.plans[book.orders[order].plan]
    if rule.order_ratio == NONE:
        return
    limit = order_limit(book.orders[order].goods, rule.order_ratio)
    total = 0
    for place in range(first, book.clock[0].entries):
        total += book.entries[place].amount
    if total <= limit:
        return
    if rule.trim == 1:
        for place in range(first, book.clock[0].entries):
            book.entries[place].amount = proportion(book.entries[place].amount, limit, total, _FLOOR)
        return
    excess = total - limit
    if rule.trim == 2:
        excess = _trim(book, first, excess, _BONUS, _ANY)
    if rule.differential > 0 or rule.area == 1 or rule.margin == 1:
        for component in _FAR:
            for level in range(MAX_LEVELS, -1, -1):
                excess = _trim(book, first, excess, component, level)
    for level in range(MAX_LEVELS, -1, -1):
        excess = _trim(book, first, excess, _BASE, level)
    if rule.trim == 0:
        _trim(book, first, excess, _BONUS, _ANY)


@kernel
def _trim(book: Rows, first: int, excess: int, component: int, level: int) -> int:
    """Take `excess` off a component's entries of a level, the last first; returns what is still over."""
    for place in range(book.clock[0].entries - 1, first - 1, -1):
        entry = book.entries[place]
        same = entry.component == component or (component == _BONUS and entry.component == _INFLUENCE)
        if same and (level == _ANY or entry.level == level):
            cut = min(excess, entry.amount)
            entry.amount -= cut
            excess -= cut
    return excess


@kernel
def cap_day(book: Rows, plan: Tables, number: int, place: int, day: int) -> None:
    """Trim one new entry to what its member may still earn on `day` and in its month, and count it."""
    entry = book.entries[place]
    room = room_left(book, plan, number, entry.member, day)
    if entry.amount > room:
        cut = entry.amount - room
        entry.amount = room
        if plan.plans[number].defer == 1:
            defer(book, place, cut)
    use_room(book, entry.member, entry.amount)


@kernel
def drop_empty(book: Rows, first: int) -> None:
    """Forget new entries, rows from `first` on, that were trimmed to nothing; the others keep their order."""
    if book.clock[0].waiting > 0:
        follow_entries(book, first)
    kept = first
    for place in range(first, book.clock[0].entries):
        if book.entries[place].amount > 0:
            if kept != place:
                book.entries[kept] = book.entries[place]
            kept += 1
    book.clock[0].entries = kept


_KEPT = [Component.base, Component.margin, Component.differential, Component.peer, Component.area]
"""Components of an order besides bonuses, the one that is kept longest first."""


def trim_order(plan: Plan, order: Order, entries: list[Entry]) -> None:
    """Trim the new entries of an order to its share of the goods: the readable rule."""
    if plan.caps.order_ratio is None:
        return
    limit = order.goods * plan.caps.order_ratio // PPM
    total = sum(entry.amount for entry in entries)
    if total <= limit:
        return
    reason = Step(
        f"本单佣金合计 {yuan(total)} 超过上限 {yuan(limit)}（{percent(plan.caps.order_ratio)}）",
        f"entries of the order, {yuan(total)}, are over the cap of {yuan(limit)} ({percent(plan.caps.order_ratio)})",
    )
    if plan.caps.trim == "pro_rata":
        for entry in entries:
            _cut_to(entry, entry.amount * limit // total, reason)
        return
    bonuses = [entry for entry in entries if entry.component in _BONUSES]
    others = [entry for entry in entries if entry.component not in _BONUSES]
    others.sort(key=lambda entry: (_KEPT.index(entry.component), entry.level, entry.line))
    keep_longest_first = bonuses + others if plan.caps.trim == "far_levels_first" else others + bonuses
    excess = total - limit
    for entry in reversed(keep_longest_first):
        cut = min(excess, entry.amount)
        excess -= cut
        _cut_to(entry, entry.amount - cut, reason)


def _cut_to(entry: Entry, amount: int, *reasons: Step) -> None:
    if amount == entry.amount:
        return
    entry.amount = amount
    entry.steps += [*reasons, Step(f"本条减为 {yuan(amount)}", f"this entry is cut to {yuan(amount)}")]


def trim_day(state: State, plan: Plan, entry: Entry, day: int) -> None:
    """Trim one new entry to what its member may still earn on a day and in its month: the readable rule."""
    before = entry.amount
    allowed, reasons = may_earn(state, plan, entry.member, day, before)
    _cut_to(entry, allowed, *reasons)
    if allowed < before and plan.caps.over_cap == "defer":
        wait_for_later(state, entry, before - allowed)
    note_earned(state, entry.member, day, allowed)
