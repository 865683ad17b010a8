"""Promoters 推广员: who may be paid on orders at all, and what is looked at when that is checked.

Whoever is frozen or no promoter may not be paid at any level; at which levels the others may, the levels' lists of
ranks say. Spend and single orders count what was paid, freight included and refunds not taken off, as the platforms
do that let members qualify this way.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from rules.book import Rows
from rules.errors import shown
from rules.events import Records, Row
from rules.jit import kernel
from rules.money import fen, yuan
from rules.people.arms import plan_of
from rules.plan.compiled import Tables
from rules.readable import Member, State

if TYPE_CHECKING:
    from rules.plan.model import Plan

WAYS = ("rank", "all", "appointed", "spend_over", "order_at_least")


def _promoter_by(given: object) -> tuple[str, int]:
    if isinstance(given, tuple) and len(given) == 2:
        return given
    if isinstance(given, str) and given in WAYS[:3]:
        return given, 0
    found = re.fullmatch(rf"({'|'.join(WAYS[3:])}):([0-9.]+)", given) if isinstance(given, str) else None
    if not found:
        raise ValueError(f"{shown(given)} is not known here")
    return found[1], fen(found[2])


def _text(way: tuple[str, int]) -> str:
    return f"{way[0]}:{yuan(way[1]).replace(',', '')}" if way[0] in WAYS[3:] else way[0]


PromoterBy = Annotated[
    tuple[str, int],
    BeforeValidator(_promoter_by),
    PlainSerializer(_text, return_type=str, when_used="json"),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^(rank|all|appointed|(spend_over|order_at_least):[0-9]+(\.[0-9]{1,2})?)$",
            "description": "rank, all, appointed, spend_over:N or order_at_least:N with N in yuan",
        }
    ),
]
"""Who is a promoter: one of `WAYS`, and its amount in fen."""


def fill_promoter(row: Records, plan: Plan) -> None:
    """Compile the plan's say on who is a promoter."""
    way, amount = plan.semantics.promoter_by
    row["promoter_by"], row["promoter_amount"] = WAYS.index(way), amount


@kernel
def _is_promoter(rule: Row, person: Row) -> bool:
    if rule.promoter_by == 0:
        return True
    if rule.promoter_by == 1:
        return person.joined_at >= 0
    if rule.promoter_by == 2:
        return person.appointed != 0
    if rule.promoter_by == 3:
        return person.spent > rule.promoter_amount
    return person.qualified != 0


@kernel
def rank_under(book: Rows, plan: Tables, number: int, member: int) -> int:
    """A member's rank as plan `number` counts its own: the one of the same name, else the first."""
    return plan.rank_moved[plan_of(book, member), number, book.members[member].rank]


@kernel
def levels_allowed(book: Rows, plan: Tables, number: int, member: int, frozen_too: bool) -> int:
    """The levels at which plan `number` may pay a member now, as bits; bit 0 = on an order at all."""
    person = book.members[member]
    if (person.frozen and not frozen_too) or not _is_promoter(plan.plans[number], person):
        return 0
    return plan.ranks[number, rank_under(book, plan, number, member)].levels


@kernel
def make_promoter(book: Rows, plan: Tables, member: int, rank: int) -> None:
    """An operator's promotion appoints, and back to the first of several ranks takes the appointment back."""
    book.members[member].appointed = rank > 0 or plan.plans[plan_of(book, member)].ranks == 1


@kernel
def qualify(book: Rows, plan: Tables, member: int, paid: int) -> None:
    """One order that is large enough makes its buyer a promoter for ever."""
    rule = plan.plans[plan_of(book, member)]
    if rule.promoter_by == 4 and paid >= rule.promoter_amount:
        book.members[member].qualified = True


def is_promoter(plan: Plan, person: Member) -> bool:
    """Whether a plan takes a member for a promoter: the readable rule."""
    way, amount = plan.semantics.promoter_by
    return {
        "rank": True,
        "all": person.joined_at is not None,
        "appointed": person.appointed,
        "spend_over": person.spent > amount,
        "order_at_least": person.qualified,
    }[way]


def rank_name_under(state: State, plan: Plan, member: int) -> int:
    """A member's rank as a plan counts its own, by its name; the first where it has none of that name."""
    names = [rank.id for rank in plan.ranks]
    name = state.plan_of(member).ranks[state.members[member].rank].id
    return names.index(name) if name in names else 0


def may_be_paid_at(state: State, plan: Plan, member: int, frozen_too: bool) -> set[int]:
    """The levels at which a plan may pay a member now, 0 = on an order at all: the readable rule."""
    person = state.members[member]
    if (person.frozen and not frozen_too) or not is_promoter(plan, person):
        return set()
    rank = plan.ranks[rank_name_under(state, plan, member)].id
    levels = plan.commission.base.levels if plan.commission.base else []
    return {0} | {one.level for one in levels if one.ranks is None or rank in one.ranks}


def note_large_order(state: State, member: int, paid: int) -> None:
    """One order that is large enough makes its buyer a promoter for ever: the readable rule."""
    way, amount = state.plan_of(member).semantics.promoter_by
    if way == "order_at_least" and paid >= amount:
        state.members[member].qualified = True
