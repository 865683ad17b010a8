"""Coupons 优惠券: granted by a bonus or by the operator, used by one order each.

A coupon is worth what the plan in force says when it is used; until when it can be used is fixed when it is granted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from rules.book import Rows
from rules.events import DAY, Names, Records
from rules.jit import kernel
from rules.lifecycle import Refusal
from rules.people.arms import plan_of
from rules.plan.compiled import COUPON_TERMS, NONE, Tables
from rules.plan.values import Section, Whole, Yuan
from rules.readable import Coupon, State, Step

if TYPE_CHECKING:
    from rules.plan.model import Plan


class CouponTerms(Section):
    """What a coupon 优惠券 takes off an order of at least `over`, within `days` of being granted."""

    amount: Yuan
    over: Yuan = 0
    days: Annotated[Whole, Field(ge=1, le=3650)] | None = None


FOREVER = 1 << 62
"""When a coupon without days can no longer be used, in seconds."""

GRANTED = -1
"""`grant_event` succeeded; any other result is a `Refusal`."""

_UNKNOWN = int(Refusal.unknown_coupon)


def coupon_ids(plans: Sequence[Plan], names: Names) -> list[str]:
    """Every coupon by its number: those that events name, then those that only plans do."""
    return list(dict.fromkeys([*names.coupons, *(coupon for plan in plans for coupon in plan.coupons)]))


def coupon_table(plans: Sequence[Plan], names: Names) -> Records:
    """The coupons of all plans, `COUPON_TERMS`, (plans, coupons)."""
    ids = coupon_ids(plans, names)
    table = np.zeros((len(plans), max(1, len(ids))), COUPON_TERMS)
    for number, plan in enumerate(plans):
        for name, terms in plan.coupons.items():
            seconds = NONE if terms.days is None else terms.days * DAY
            table[number, ids.index(name)] = (1, terms.over, seconds)
    return table


@kernel
def is_coupon(plan: Tables, number: int, coupon: int) -> bool:
    """Whether a plan has the coupon of this number."""
    return 0 <= coupon < plan.coupons.shape[1] and plan.coupons[number, coupon].known == 1


@kernel
def grant(book: Rows, plan: Tables, number: int, member: int, coupon: int, time: int) -> None:
    """Give a member a coupon that the plan has."""
    place = book.clock[0].coupons
    row = book.coupons[place]
    seconds = plan.coupons[number, coupon].seconds
    row.expires = FOREVER if seconds == NONE else time + seconds
    row.member, row.coupon, row.order, row.previous = member, coupon, -1, book.members[member].coupon
    book.members[member].coupon = place
    book.clock[0].coupons += 1


@kernel
def grant_event(book: Rows, plan: Tables, member: int, coupon: int, time: int) -> int:
    """An operator grants a coupon; returns GRANTED or a `Refusal`."""
    number = plan_of(book, member)
    if not is_coupon(plan, number, coupon):
        return _UNKNOWN
    grant(book, plan, number, member, coupon, time)
    return GRANTED


@kernel
def held_coupon(book: Rows, member: int, coupon: int, time: int) -> int:
    """The row of the oldest coupon of this number that a member can still use, or -1."""
    found = -1
    place = book.members[member].coupon
    while place >= 0:
        row = book.coupons[place]
        if row.coupon == coupon and row.order < 0 and time < row.expires:
            found = place
        place = row.previous
    return found


def grant_to(state: State, number: int, member: int, coupon: str, time: int, reason: Step) -> None:
    """Give a member a coupon that plan `number` has: the readable rule."""
    days = state.plans[number].coupons[coupon].days
    state.coupons.append(Coupon(member, coupon, FOREVER if days is None else time + days * DAY, reason))


def granted(state: State, member: int, coupon: str | None, time: int) -> Refusal | None:
    """An operator grants a coupon: the readable rule."""
    number = state.number_of(member)
    if coupon not in state.plans[number].coupons:
        return Refusal.unknown_coupon
    grant_to(state, number, member, coupon, time, Step("平台发放", "granted by the operator"))
    return None


def usable(state: State, member: int, coupon: str, time: int) -> Coupon | None:
    """The oldest coupon of this name that a member can still use: the readable rule."""
    for held in state.coupons:
        if held.member == member and held.coupon == coupon and held.order is None and time < held.expires:
            return held
    return None
