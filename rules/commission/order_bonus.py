"""Bonuses on orders: the first order a member ever promoted, the first of a day, more on the base of new promoters.

A bonus on an order counts in its cap. What is paid for the order as a whole (line 0) is clawed back in proportion to
what of the order is refunded, what is paid on a line in proportion to what of the line is.

The first months of a promoter are counted from the day on which they first stood above the lowest rank: with
`months: 3` from 5 January to 4 April. Where a month has no such day, its last day takes the place.
"""

from __future__ import annotations

from rules.book import Rows
from rules.calendar import date_of, months_later, months_on
from rules.commission.bonus import Bonus
from rules.commission.entry import append
from rules.events import DAY
from rules.jit import kernel
from rules.money import PPM, ROUNDING_ZH, Rounding, divide, percent, rounded, yuan
from rules.plan.compiled import Tables
from rules.plan.limits import BONUS_EVENTS, MAX_LEVELS
from rules.readable import Entry, Order, State, Step
from rules.records import NEVER, Component

_FIRST, _FIRST_OF_DAY = BONUS_EVENTS.index("first_promoted_order"), BONUS_EVENTS.index("first_order_of_day")
_NEW_PROMOTER = BONUS_EVENTS.index("new_promoter")
_BASE, _BONUS = int(Component.base), int(Component.bonus)


@kernel
def pay_order_bonuses(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Write the bonuses on an order behind its other entries, in the order of the plan."""
    row = book.orders[order]
    first, last = row.first_entry, book.clock[0].entries
    for source in range(plan.plans[row.plan].bonuses):
        event = plan.bonuses[row.plan, source].event
        if event in (_FIRST, _FIRST_OF_DAY):
            _pay_first(book, plan, order, source, time)
        elif event == _NEW_PROMOTER:
            for place in range(first, last):
                _pay_more(book, plan, source, place, time)


@kernel
def _pay_first(book: Rows, plan: Tables, order: int, source: int, time: int) -> None:
    """Pay the level-1 person of an order, if it is the first that they promoted: ever, or on its day."""
    row = book.orders[order]
    bonus = plan.bonuses[row.plan, source]
    member, rank = row.chain[0], row.chain_rank[0]
    if member < 0 or rank < 0 or (bonus.ranks >> rank) & 1 == 0:
        return
    person = book.members[member]
    earlier = person.promoted_orders > 0 if bonus.event == _FIRST else person.promoted_day == time // DAY
    if bonus.pay > 0 and not earlier:
        entry = book.entries[append(book, time, member, _BONUS, bonus.pay)]
        entry.order, entry.level, entry.source, entry.plan = order, 1, source, row.plan


@kernel
def _pay_more(book: Rows, plan: Tables, source: int, place: int, time: int) -> None:
    """Pay a share of the base entry in row `place` on top of it, if its payee is a new promoter."""
    base = book.entries[place]
    bonus = plan.bonuses[base.plan, source]
    since = book.members[base.member].promoter_since
    if base.component != _BASE or since == NEVER or time // DAY >= months_later(since // DAY, bonus.months):
        return
    if (bonus.ranks >> _rank_on(book, base.order, base.member)) & 1 == 0:
        return
    amount = divide(base.amount * bonus.rate, PPM, plan.plans[base.plan].rounding[base.level])
    if amount > 0:
        entry = book.entries[append(book, time, base.member, _BONUS, amount)]
        entry.order, entry.line, entry.level, entry.source = base.order, base.line, base.level, source
        entry.plan, entry.base, entry.rate = base.plan, base.amount, bonus.rate


@kernel
def _rank_on(book: Rows, order: int, member: int) -> int:
    """The rank that somebody who is paid on an order had when its rates were fixed."""
    row = book.orders[order]
    for place in range(MAX_LEVELS):
        if row.chain[place] == member:
            return row.chain_rank[place]
    return 0


def order_bonuses(state: State, number: int, order: Order, entries: list[Entry], time: int) -> list[Entry]:
    """The bonuses on an order that has these entries: the readable rule."""
    base = [entry for entry in entries if entry.component is Component.base]
    found: list[Entry] = []
    for source, bonus in enumerate(state.plans[number].bonuses):
        if bonus.event in ("first_promoted_order", "first_order_of_day"):
            found += _first(state, number, order, source, time)
        elif bonus.event == "new_promoter":
            found += [more for entry in base for more in _more(state, number, order, source, entry)]
    return found


def _first(state: State, number: int, order: Order, source: int, time: int) -> list[Entry]:
    bonus = state.plans[number].bonuses[source]
    if not order.people or not bonus.money or not _rank_fits(state, number, bonus, order.ranks[0]):
        return []
    promoter = state.members[order.people[0]]
    if bonus.event == "first_promoted_order":
        earlier, zh, en = promoter.promoted_orders > 0, "首次推广成交奖励", "the first promoted order"
    else:
        earlier, zh, en = promoter.sold_on == time // DAY, "当日首单奖励", "the first promoted order of the day"
    if earlier:
        return []
    said = Step(f"{zh} {bonus.id}：{yuan(bonus.money)}", f"bonus {bonus.id} for {en}: {yuan(bonus.money)}")
    return [Entry(time, order.people[0], Component.bonus, bonus.money, number, [said], level=1, source=source)]


def _rank_fits(state: State, number: int, bonus: Bonus, rank: int | None) -> bool:
    if rank is None:
        return False
    return bonus.ranks is None or state.plans[number].ranks[rank].id in bonus.ranks


def _more(state: State, number: int, order: Order, source: int, base: Entry) -> list[Entry]:
    plan = state.plans[number]
    bonus, since = plan.bonuses[source], state.members[base.member].promoter_since
    assert bonus.months is not None
    assert bonus.rate is not None
    rank = order.ranks[order.people.index(base.member)]
    if since is None or not _rank_fits(state, number, bonus, rank):
        return []
    started = date_of(since)
    end = months_on(started, bonus.months)
    if date_of(base.time) >= end:
        return []
    mode = Rounding[plan.semantics.rounding_of(base.level)]
    amount = rounded(base.amount * bonus.rate, PPM, mode)
    terms = f"{yuan(base.amount)} × {percent(bonus.rate)} = {yuan(amount)}"
    steps = [
        Step(
            f"{started} 起成为推广员，{end} 之前享新人加成 {bonus.id}",
            f"a promoter since {started}: bonus {bonus.id} before {end}",
        ),
        Step(f"基础佣金 {terms}（{ROUNDING_ZH[mode]}）", f"base commission {terms} (rounded: {mode.name})"),
    ]
    more = Entry(base.time, base.member, Component.bonus, amount, number, steps, source=source)
    more.line, more.level, more.base, more.rate = base.line, base.level, base.amount, bonus.rate
    return [more] if amount > 0 else []
