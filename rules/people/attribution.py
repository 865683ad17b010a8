"""Attribution 归因: which people above a buyer an order belongs to, level by level.

The chain is read when the plan's snapshot says, and stays with the order: rebinding later moves no money. Who of it may
be paid is checked when `eligible_at` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.book import Rows
from rules.events import Mark, Row
from rules.jit import kernel
from rules.people.binding import valid_inviter, valid_upline
from rules.people.promoter import levels_allowed, may_be_paid_at, rank_name_under, rank_under
from rules.plan.compiled import Tables
from rules.plan.limits import MAX_LEVELS
from rules.readable import Order, State

if TYPE_CHECKING:
    from rules.plan.model import Plan

NOBODY = -1
BARRED = -2
"""Rank of somebody who may not be paid on the order: frozen, or no promoter, when that was checked."""

_ALL_LEVELS = (1 << (MAX_LEVELS + 1)) - 1


@kernel
def snapshot_upline(book: Rows, plan: Tables, number: int, order: int, time: int, keep_first: bool) -> None:
    """Write the people above the buyer into the order, nearest first, at most `MAX_LEVELS`.

    With `keep_first` the level-1 person stays, and those above that person are looked up. Should the buyer be one of
    them by now, the chain ends below: nobody is above themselves.
    """
    row = book.orders[order]
    if not keep_first:
        row.chain[0] = _first_above(book, plan, number, row.buyer, time)
        row.via = book.members[row.buyer].bound_via if row.chain[0] != row.buyer else 0
    person = row.chain[0]
    for place in range(MAX_LEVELS):
        row.chain[place] = person
        row.allowed[place] = _ALL_LEVELS if person >= 0 else 0
        if person >= 0:
            person = _next_above(book, plan, person, row.buyer, time)


@kernel
def glance_up(book: Rows, plan: Tables, number: int, order: int, time: int) -> None:
    """Write only the level-1 person into an order whose people will be looked up again before they matter."""
    row = book.orders[order]
    for place in range(MAX_LEVELS):
        row.chain[place], row.chain_rank[place], row.allowed[place] = NOBODY, NOBODY, 0
    row.chain[0] = _first_above(book, plan, number, row.buyer, time)
    row.via = book.members[row.buyer].bound_via if row.chain[0] != row.buyer else 0


@kernel
def _next_above(book: Rows, plan: Tables, person: int, buyer: int, time: int) -> int:
    """Whom somebody above a buyer is bound to; nobody, if that is the buyer."""
    found = valid_upline(book, plan, person, time)
    return NOBODY if found == buyer else found


@kernel
def remember_upline(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Keep the people whose volumes an order counts for, as far as its chain cannot: it is too short, or will change.

    Team volumes go up to the root, and come back; where people are looked up again after payment, the volumes stay.
    """
    row = book.orders[order]
    extra = book.order_extras[order]
    extra.first_above, extra.above = book.clock[0].uplines, 0
    place = 0 if row.counts_apart else MAX_LEVELS - 1
    person = row.chain[place]
    if person >= 0 and not row.counts_apart:
        person = _next_above(book, plan, person, row.buyer, time)
    while person >= 0:
        book.uplines[book.clock[0].uplines].member = person
        book.clock[0].uplines += 1
        extra.above += 1
        person = _next_above(book, plan, person, row.buyer, time)


@kernel
def rows_above(book: Rows, plan: Tables, buyer: int) -> int:
    """How many rows of `uplines` an order may need at the most, also if it binds the buyer to the last sharer."""
    if plan.plans[0].team_volumes == 0 and plan.plans[0].late_uplines == 0:
        return 0
    return 1 + max(_height(book, buyer), _height(book, book.members[buyer].clicked_by))


@kernel
def _height(book: Rows, member: int) -> int:
    height = 0
    while member >= 0:
        height += 1
        member = book.members[member].upline
    return height


@kernel
def person_above(book: Rows, order: int, place: int) -> int:
    """Whose volumes an order counts for, from 0 = the level-1 person, as far up as it is kept; -1 where it ends."""
    row = book.orders[order]
    kept_from = 0 if row.counts_apart else MAX_LEVELS
    if place < kept_from:
        return row.chain[place]
    extra = book.order_extras[order]
    if place < kept_from + extra.above:
        return book.uplines[extra.first_above + place - kept_from].member
    return NOBODY


@kernel
def _first_above(book: Rows, plan: Tables, number: int, buyer: int, time: int) -> int:
    """The level-1 person: whom the buyer is bound to, or the buyer, where own orders are paid as level 1."""
    if plan.plans[number].self_purchase == 1 and (levels_allowed(book, plan, number, buyer, False) >> 1) & 1 == 1:
        return buyer
    return valid_upline(book, plan, buyer, time)


@kernel
def snapshot_ranks(book: Rows, plan: Tables, order: int) -> None:
    """Write the ranks of the people above the buyer into the order: what their rates go by."""
    row = book.orders[order]
    for place in range(MAX_LEVELS):
        person = row.chain[place]
        if person < 0:
            row.chain_rank[place] = NOBODY
        else:
            row.chain_rank[place] = rank_under(book, plan, row.plan, person)


@kernel
def check_people(book: Rows, plan: Tables, order: int, frozen_too: bool) -> None:
    """Check that the people above the buyer may be paid: whoever may not now, will not."""
    row = book.orders[order]
    for place in range(MAX_LEVELS):
        person = row.chain[place]
        if person < 0:
            break
        row.allowed[place] &= levels_allowed(book, plan, row.plan, person, frozen_too)


@kernel
def bar_people(book: Rows, order: int) -> None:
    """Take the rank from those who may not be paid at all, before entries are made."""
    row = book.orders[order]
    for place in range(MAX_LEVELS):
        if row.chain[place] < 0:
            break
        if row.allowed[place] & 1 == 0:
            row.chain_rank[place] = BARRED


@kernel
def place_of_level(book: Rows, plan: Tables, order: int, level: int) -> int:
    """The place in the order's chain whose person is paid as `level`, or -1.

    `skip` leaves a level empty if its person may not be paid; `stop` ends the chain there; `compress` hands the level
    to the next person who may (looking at most `MAX_LEVELS` people up).
    """
    row = book.orders[order]
    rule = plan.plans[row.plan]
    if rule.ineligible != 2:
        for place in range(level):
            last = place == level - 1
            if (last or rule.ineligible == 1) and not _eligible(row, place, place + 1):
                return -1
        return level - 1
    given = 0
    for place in range(MAX_LEVELS):
        if _eligible(row, place, given + 1):
            given += 1
            if given == level:
                return place
    return -1


@kernel
def may_take(book: Rows, order: int, place: int, level: int) -> bool:
    """Whether the person at a place of the order's chain may be paid at a level."""
    return _eligible(book.orders[order], place, level)


@kernel
def _eligible(row: Row, place: int, level: int) -> bool:
    return (row.allowed[place] >> level) & 1 == 1


@kernel
def holds_differential(book: Rows, plan: Tables, order: int, place: int) -> bool:
    """Whether the person at a place in the chain earns by differential: by rank, not too far up, not on own orders."""
    row = book.orders[order]
    rank = row.chain_rank[place]
    if rank < 0 or row.chain[place] == row.buyer:
        return False
    rule = plan.ranks[row.plan, rank]
    return rule.differential >= 0 and place < rule.differential_depth


def look_up_people(state: State, order: Order, time: int, keep_first: bool) -> None:
    """Write the people above the buyer into the order, nearest first: the readable rule."""
    plan = state.plans[state.arms[order.arm].plan]
    if not keep_first:
        own = plan.semantics.self_purchase == "as_level_1" and 1 in may_be_paid_at(state, plan, order.buyer, False)
        first = order.buyer if own else valid_inviter(state, order.buyer, time)
        order.via = Mark.unknown if own else state.members[order.buyer].bound_via
        bindings = state.members[order.buyer].bindings
        order.fixed.binding = None if own or first is None or not bindings else bindings[-1]
        order.fixed.keep = (plan if first is None else state.plan_of(first)).attribution.keep
    else:
        first = order.people[0] if order.people else None
    everybody: list[int] = []
    while first is not None and (not everybody or first != order.buyer):
        everybody.append(first)
        first = valid_inviter(state, first, time)
    looked_up = everybody if keep_first else [order.buyer, *everybody]
    order.fixed.bindings |= {one: state.members[one].bindings[-1] for one in looked_up if state.members[one].bindings}
    order.people, order.beyond = everybody[:MAX_LEVELS], everybody[MAX_LEVELS:]
    order.allowed = [set(range(MAX_LEVELS + 1)) for _ in order.people]


def look_at_ranks(state: State, order: Order) -> None:
    """Write the ranks of the people above the buyer into the order: the readable rule."""
    plan = state.plans[order.plan]
    order.ranks = [rank_name_under(state, plan, person) for person in order.people]
    order.fixed.ranks = [rank for rank in order.ranks if rank is not None]


def check_all(state: State, order: Order, frozen_too: bool) -> None:
    """Check that the people above the buyer may be paid: the readable rule."""
    plan = state.plans[order.plan]
    order.fixed.frozen |= {one for one in order.people if state.members[one].frozen and not frozen_too}
    order.allowed = [
        before & may_be_paid_at(state, plan, person, frozen_too)
        for person, before in zip(order.people, order.allowed, strict=True)
    ]


def earns_differential(plan: Plan, order: Order, place: int) -> bool:
    """Whether the person at a place in the chain earns by differential: the readable rule."""
    rule, rank = plan.commission.differential, order.ranks[place]
    if rule is None or rank is None or order.people[place] == order.buyer:
        return False
    name = plan.ranks[rank].id
    return name in rule.rates and place < rule.depth_of(name)


def payee_of_level(plan: Plan, order: Order, level: int) -> int | None:
    """The place in the order's chain that is paid as `level`: the readable rule."""
    eligible = [place + 1 in levels for place, levels in enumerate(order.allowed)]
    if plan.semantics.ineligible_level == "compress":
        paid: list[int] = []
        for place, levels in enumerate(order.allowed):
            if len(paid) + 1 in levels:
                paid.append(place)
        return paid[level - 1] if level <= len(paid) else None
    if level > len(eligible) or not eligible[level - 1]:
        return None
    if plan.semantics.ineligible_level == "stop" and not all(eligible[:level]):
        return None
    return level - 1
