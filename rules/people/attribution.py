"""Attribution 归因: which people above a buyer an order belongs to, level by level.

The chain is read once, when the plan's snapshot says, and stays with the order: rebinding later moves no money.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.book import Rows
from rules.jit import kernel
from rules.people.binding import valid_inviter, valid_upline
from rules.plan.compiled import Tables
from rules.plan.limits import MAX_LEVELS
from rules.readable import Order, State

if TYPE_CHECKING:
    from rules.plan.model import Plan

NOBODY = -1
FROZEN = -2
"""Rank of somebody who is frozen when rates are fixed: earns nothing."""


@kernel
def snapshot_upline(book: Rows, plan: Tables, number: int, order: int, time: int) -> None:
    """Write the people above the buyer into the order, nearest first, at most `MAX_LEVELS`."""
    row = book.orders[order]
    person = row.buyer
    own = plan.plans[number].self_purchase == 1 and _paid_at_level_one(book, plan, number, person)
    person = person if own else valid_upline(book, plan, number, person, time)
    for place in range(MAX_LEVELS):
        row.chain[place] = person
        if person >= 0:
            person = valid_upline(book, plan, number, person, time)


@kernel
def remember_upline(book: Rows, plan: Tables, number: int, order: int, time: int) -> None:
    """Keep the people further up than the order's chain reaches: team volumes go up to the root, and come back."""
    row = book.orders[order]
    row.first_above, row.above = book.clock[0].uplines, 0
    person = row.chain[MAX_LEVELS - 1]
    if person >= 0:
        person = valid_upline(book, plan, number, person, time)
    while person >= 0:
        book.uplines[book.clock[0].uplines].member = person
        book.clock[0].uplines += 1
        row.above += 1
        person = valid_upline(book, plan, number, person, time)


@kernel
def rows_above(book: Rows, plan: Tables, buyer: int) -> int:
    """How many rows of `uplines` an order may need at the most, also if it binds the buyer to the last sharer."""
    if plan.plans[0].team_volumes == 0:
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
    """Who stands at a place of the order's upline, from 0, as far up as it is kept; -1 where it ends."""
    row = book.orders[order]
    if place < MAX_LEVELS:
        return row.chain[place]
    if place < MAX_LEVELS + row.above:
        return book.uplines[row.first_above + place - MAX_LEVELS].member
    return NOBODY


@kernel
def _paid_at_level_one(book: Rows, plan: Tables, number: int, member: int) -> bool:
    person = book.members[member]
    return not person.frozen and (plan.plans[number].level_ranks[1] >> person.rank) & 1 == 1


@kernel
def snapshot_ranks(book: Rows, order: int) -> None:
    """Write the ranks of the people above the buyer into the order: what their rates go by."""
    row = book.orders[order]
    for place in range(MAX_LEVELS):
        person = row.chain[place]
        if person < 0:
            row.chain_rank[place] = NOBODY
        elif book.members[person].frozen:
            row.chain_rank[place] = FROZEN
        else:
            row.chain_rank[place] = book.members[person].rank


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
            if (last or rule.ineligible == 1) and not _eligible(book, plan, order, place, place + 1):
                return -1
        return level - 1
    given = 0
    for place in range(MAX_LEVELS):
        if _eligible(book, plan, order, place, given + 1):
            given += 1
            if given == level:
                return place
    return -1


@kernel
def _eligible(book: Rows, plan: Tables, order: int, place: int, level: int) -> bool:
    row = book.orders[order]
    rank = row.chain_rank[place]
    return rank >= 0 and (plan.plans[row.plan].level_ranks[level] >> rank) & 1 == 1


@kernel
def holds_differential(book: Rows, plan: Tables, order: int, place: int) -> bool:
    """Whether the person at a place in the chain earns by differential: by rank, not too far up, not on own orders."""
    row = book.orders[order]
    rank = row.chain_rank[place]
    if rank < 0 or row.chain[place] == row.buyer:
        return False
    rule = plan.ranks[row.plan, rank]
    return rule.differential >= 0 and place < rule.differential_depth


def chain_above(state: State, plan: Plan, buyer: int, time: int) -> list[int]:
    """Everybody above a buyer, nearest first, up to the root: the readable rule."""
    person: int | None = buyer
    if not (plan.semantics.self_purchase == "as_level_1" and _may_be_level_one(state, plan, buyer)):
        person = valid_inviter(state, buyer, time)
    chain: list[int] = []
    while person is not None:
        chain.append(person)
        person = valid_inviter(state, person, time)
    return chain


def _may_be_level_one(state: State, plan: Plan, member: int) -> bool:
    person = state.members[member]
    return not person.frozen and may_be_paid(plan, person.rank, 1)


def may_be_paid(plan: Plan, rank: int | None, level: int) -> bool:
    """Whether a plan pays people of a rank at a level; None is somebody frozen."""
    if rank is None or plan.commission.base is None:
        return False
    settings = next((one for one in plan.commission.base.levels if one.level == level), None)
    return settings is not None and (settings.ranks is None or plan.ranks[rank].id in settings.ranks)


def earns_differential(plan: Plan, order: Order, place: int) -> bool:
    """Whether the person at a place in the chain earns by differential: the readable rule."""
    rule, rank = plan.commission.differential, order.ranks[place]
    if rule is None or rank is None or order.people[place] == order.buyer:
        return False
    name = plan.ranks[rank].id
    return name in rule.rates and place < rule.depth_of(name)


def payee_of_level(plan: Plan, order: Order, level: int) -> int | None:
    """The place in the order's chain that is paid as `level`: the readable rule."""
    eligible = [may_be_paid(plan, rank, place + 1) for place, rank in enumerate(order.ranks)]
    if plan.semantics.ineligible_level == "compress":
        paid: list[int] = []
        for place, rank in enumerate(order.ranks):
            if may_be_paid(plan, rank, len(paid) + 1):
                paid.append(place)
        return paid[level - 1] if level <= len(paid) else None
    if level > len(eligible) or not eligible[level - 1]:
        return None
    if plan.semantics.ineligible_level == "stop" and not all(eligible[:level]):
        return None
    return level - 1
