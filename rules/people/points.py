"""Points 积分: earned by signing in, sharing and buying, spent on gifts or as money off an order.

Buying earns points when the goods are received, for what is not refunded by then: until receipt most returns happen,
and points that were spent already could not be taken back. A later refund takes back what its part had earned, as far
as the balance reaches, which never falls below 0. Points are whole; a part of one is not given.
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
from rules.money import PPM, Rounding, proportion, yuan
from rules.people.arms import plan_of
from rules.people.today import turn_day
from rules.plan.compiled import NONE, POINTS, Tables
from rules.plan.values import Id, Rate, Section, Whole, Yuan
from rules.readable import Movement, Order, State, Step

if TYPE_CHECKING:
    from rules.plan.model import Plan

Number = Annotated[Whole, Field(ge=0, le=1_000_000)]


class Earn(Section):
    """What earns points: signing in (once a day), each share, each yuan paid for goods."""

    sign_in: Number = 0
    share: Number = 0
    share_per_day: Annotated[Whole, Field(ge=1, le=10_000)] | None = None
    per_yuan: Annotated[Whole, Field(ge=0, le=1_000)] = 0


class Points(Section):
    """Points 积分: what earns them, what one is worth on an order, how much of it they pay at most, what gifts cost:
    `gifts` in points, `costs` in yuan to the store (the engine does not read them)."""

    earn: Earn = Earn()
    value: Yuan = 0
    max_share_of_order: Rate = PPM
    gifts: dict[Id, Annotated[Whole, Field(ge=1, le=1_000_000_000)]] = Field(default_factory=dict)
    costs: dict[Id, Yuan] = Field(default_factory=dict)


DONE = -1
"""`redeem` succeeded; any other result is a `Refusal`."""

_FLOOR = int(Rounding.floor)
_UNKNOWN, _FROZEN, _TOO_FEW = int(Refusal.unknown_gift), int(Refusal.frozen), int(Refusal.points)


def points_table(plans: Sequence[Plan]) -> Records:
    """What plans say of points, `POINTS`, (plans,)."""
    table = np.zeros(len(plans), POINTS)
    for number, plan in enumerate(plans):
        if plan.points:
            earn = plan.points.earn
            shares = NONE if earn.share_per_day is None else earn.share_per_day
            limits = (plan.points.value, plan.points.max_share_of_order)
            table[number] = (1, earn.sign_in, earn.share, shares, earn.per_yuan, *limits)
    return table


def gift_table(plans: Sequence[Plan], names: Names) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Points that each gift costs under each plan, or NONE."""
    table = np.full((len(plans), max(1, len(names.gifts))), NONE, np.int64)
    for number, plan in enumerate(plans):
        for place, name in enumerate(names.gifts):
            table[number, place] = plan.points.gifts.get(name, NONE) if plan.points else NONE
    return table


@kernel
def may_gather(book: Rows, member: int) -> bool:
    """Whether a member earns points: registered, and not frozen."""
    return book.members[member].joined_at >= 0 and not book.members[member].frozen


@kernel
def sign_in(book: Rows, plan: Tables, member: int, time: int) -> None:
    """The first time of a day that a member signs in."""
    person = book.members[member]
    rule = plan.points[plan_of(book, member)]
    if rule.on == 1 and person.sign_day != time // DAY and may_gather(book, member):
        person.sign_day = time // DAY
        person.points += rule.sign_in


@kernel
def earn_share(book: Rows, plan: Tables, member: int, time: int) -> None:
    """A share, if it is not one too many on its day."""
    rule = plan.points[plan_of(book, member)]
    if rule.on == 0 or not may_gather(book, member):
        return
    person = book.members[member]
    turn_day(book, member, time // DAY)
    if rule.share_per_day == NONE or person.shares < rule.share_per_day:
        person.shares += 1
        person.points += rule.share


@kernel
def redeem(book: Rows, plan: Tables, member: int, gift: int) -> int:
    """Spend points on a gift; returns DONE or a `Refusal`."""
    person = book.members[member]
    cost = NONE
    if 0 <= gift < plan.gifts.shape[1]:
        cost = plan.gifts[plan_of(book, member), gift]
    if cost == NONE:
        return _UNKNOWN
    if person.frozen:
        return _FROZEN
    if person.points < cost:
        return _TOO_FEW
    person.points -= cost
    return DONE


@kernel
def earn_purchase(book: Rows, plan: Tables, order: int) -> None:
    """The points of an order that was just received."""
    row = book.orders[order]
    rule = plan.points[row.terms]  # the rates of an order may be fixed later still; its points are not
    if rule.per_yuan > 0 and may_gather(book, row.buyer):
        extra = book.order_extras[order]
        extra.points_earned = (row.goods - row.refunded) * rule.per_yuan // 100
        book.members[row.buyer].points += extra.points_earned


@kernel
def refund_points(book: Rows, plan: Tables, order: int, part: int, whole: int) -> None:
    """After a refund: give back the points spent on the refunded part, take back those it had earned."""
    row = book.orders[order]
    extra = book.order_extras[order]
    buyer = book.members[row.buyer]
    back = proportion(extra.points, part, whole, _FLOOR)
    buyer.points += back - extra.points_back
    extra.points_back = back
    if extra.points_earned > 0:
        kept = (row.goods - row.refunded) * plan.points[row.terms].per_yuan // 100
        buyer.points -= min(buyer.points, extra.points_earned - kept)
        extra.points_earned = kept


def move_points(state: State, member: int, points: int, time: int, zh: str, en: str) -> None:
    """Add points to a member's balance, or take them off, and note why: the readable rule."""
    if points:
        state.members[member].points += points
        state.movements.append(Movement(time, member, points, Step(zh, en)))


def _gathers(state: State, member: int) -> bool:
    person = state.members[member]
    return person.joined_at is not None and not person.frozen


def signed_in(state: State, member: int, time: int) -> None:
    """The first time of a day that a member signs in: the readable rule."""
    person, day, points = state.members[member], time // DAY, state.plan_of(member).points
    if points and _gathers(state, member) and person.signed_on != day:
        person.signed_on = day
        move_points(state, member, points.earn.sign_in, time, "签到", "signed in")


def shared(state: State, member: int, time: int) -> None:
    """A share, if it is not one too many on its day: the readable rule."""
    points = state.plan_of(member).points
    if points is None or not _gathers(state, member):
        return
    earn, shares, day = points.earn, state.members[member].shares_on, time // DAY
    if earn.share_per_day is None or shares.get(day, 0) < earn.share_per_day:
        shares[day] = shares.get(day, 0) + 1
        move_points(state, member, earn.share, time, "分享", "shared")


def redeemed(state: State, member: int, gift: str | None, time: int) -> Refusal | None:
    """Spend points on a gift: the readable rule."""
    points = state.plan_of(member).points
    cost = points.gifts.get(gift or "") if points else None
    if cost is None:
        return Refusal.unknown_gift
    if state.members[member].frozen:
        return Refusal.frozen
    if state.members[member].points < cost:
        return Refusal.points
    move_points(state, member, -cost, time, f"兑换礼品 {gift}", f"gift {gift}")
    return None


def purchase_points(state: State, order: Order, time: int) -> None:
    """The points of an order that was just received: the readable rule."""
    points = state.plans[order.terms].points
    if points and _gathers(state, order.buyer):
        kept = order.goods - order.refunded
        order.points_earned = kept * points.earn.per_yuan // 100
        said = f"{yuan(kept)} × {points.earn.per_yuan}"
        move_points(state, order.buyer, order.points_earned, time, f"购物 {said}", f"bought for {said}")


def return_points(state: State, order: Order, part: int, whole: int, time: int) -> None:
    """After a refund of `part` of `whole`: points spent come back, points earned go: the readable rule."""
    back = order.points * part // whole
    move_points(state, order.buyer, back - order.points_back, time, "退款返还积分", "given back with a refund")
    order.points_back = back
    if order.points_earned:
        points = state.plans[order.terms].points
        assert points
        kept = (order.goods - order.refunded) * points.earn.per_yuan // 100
        taken = min(order.points_earned - kept, state.members[order.buyer].points)
        move_points(state, order.buyer, -taken, time, "退款收回积分", "taken back with a refund")
        order.points_earned = kept
