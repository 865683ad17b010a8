"""What an order takes off for a coupon and for points: set aside when it is placed, given back if it is cancelled.

An order that uses a coupon its buyer does not hold, or points they do not have, is refused: it keeps its number and
counts as cancelled. How large the whole basket is shows only once all its lines are there, so what depends on that
(a coupon's `over`, the share that points may pay) is asked when the order is paid, and the payment is refused.
Both go by the goods before any discount. A plan without points leaves `points_off` the plain discount that it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.book import Rows
from rules.events import Row
from rules.jit import kernel
from rules.lifecycle import Refusal
from rules.money import PPM, Rounding, divide, proportion, yuan
from rules.people.coupons import held_coupon, is_coupon, usable
from rules.people.points import move_points
from rules.plan.compiled import Tables
from rules.readable import Order, State

if TYPE_CHECKING:
    from rules.plan.model import Plan

ALLOWED = -1
"""Nothing is wrong with the basket; any other result is a `Refusal`."""

_CEIL, _FLOOR = int(Rounding.ceil), int(Rounding.floor)
_NO_COUPON, _COUPON_OVER, _FROZEN = int(Refusal.no_coupon), int(Refusal.coupon_over), int(Refusal.frozen)
_POINTS, _POINTS_OFF = int(Refusal.points), int(Refusal.points_off)


@kernel
def order_refusal(book: Rows, plan: Tables, number: int, event: Row) -> int:
    """Whether a buyer has what the first line of an order under plan `number` takes off; ALLOWED or a `Refusal`."""
    rule = plan.points[number]
    pays_points = rule.on == 1 and event.amount > 0
    buyer = book.members[event.member]
    if (pays_points or event.rank >= 0) and buyer.frozen:
        return _FROZEN
    if event.rank >= 0:
        known = is_coupon(plan, number, event.rank)
        if not known or held_coupon(book, event.member, event.rank, event.time) < 0:
            return _NO_COUPON
    if pays_points and rule.value == 0:
        return _POINTS_OFF
    if pays_points and divide(event.amount, rule.value, _CEIL) > buyer.points:
        return _POINTS
    return ALLOWED


@kernel
def set_aside(book: Rows, plan: Tables, event: Row) -> None:
    """Set aside the coupon and the points of a new order that `order_refusal` allows."""
    row = book.orders[event.order]
    extra = book.order_extras[event.order]
    rule = plan.points[row.terms]
    if event.rank >= 0:
        row.coupon = held_coupon(book, event.member, event.rank, event.time)
        book.coupons[row.coupon].order = event.order
    if rule.on == 1 and event.amount > 0:
        extra.points_off, extra.points = event.amount, divide(event.amount, rule.value, _CEIL)
        book.members[event.member].points -= extra.points


@kernel
def payment_refusal(book: Rows, plan: Tables, order: int) -> int:
    """Whether the whole basket is large enough for its coupon and its points; ALLOWED or a `Refusal`."""
    row = book.orders[order]
    extra = book.order_extras[order]
    full = 0
    for place in range(row.first_line, row.first_line + row.lines):
        line = book.lines[place]
        full += (line.member_price if line.member_price >= 0 else line.price) * line.quantity
    if row.coupon >= 0 and full < plan.coupons[row.plan, book.coupons[row.coupon].coupon].over:
        return _COUPON_OVER
    if extra.points > 0 and extra.points_off > proportion(full, plan.points[row.plan].most, PPM, _FLOOR):
        return _POINTS_OFF
    return ALLOWED


@kernel
def release(book: Rows, order: int) -> None:
    """Give back the coupon and the points of an order that is cancelled."""
    row = book.orders[order]
    if row.coupon >= 0:
        book.coupons[row.coupon].order = -1
        row.coupon = -1
    extra = book.order_extras[order]
    if extra.points > 0:
        book.members[row.buyer].points += extra.points
        extra.points = 0


def points_for(plan: Plan, off: int) -> int:
    """How many points an amount off an order takes: the readable rule."""
    return -(-off // plan.points.value) if plan.points and plan.points.value else 0


def refusal_of_order(
    state: State, number: int, buyer: int, coupon: str | None, points_off: int, time: int
) -> Refusal | None:
    """Whether a buyer has what an order says is taken off: the readable rule."""
    plan, person = state.plans[number], state.members[buyer]
    pays_points = plan.points is not None and points_off > 0
    if person.frozen and (pays_points or coupon is not None):
        return Refusal.frozen
    if coupon is not None and (coupon not in plan.coupons or usable(state, buyer, coupon, time) is None):
        return Refusal.no_coupon
    if pays_points and plan.points and not plan.points.value:
        return Refusal.points_off
    if pays_points and points_for(plan, points_off) > person.points:
        return Refusal.points
    return None


def reserve(state: State, number: int, coupon: str | None, points_off: int, time: int) -> None:
    """Set aside the coupon and the points of a new order: the readable rule."""
    order = state.orders[number]
    if coupon is not None:
        order.coupon = usable(state, order.buyer, coupon, time)
        assert order.coupon
        order.coupon.order = number
    plan = state.plans[order.terms]
    if plan.points is not None and points_off:
        order.points_off, order.points = points_off, points_for(plan, points_off)
        said = f"{yuan(points_off)} ÷ {yuan(plan.points.value)}"
        move_points(state, order.buyer, -order.points, time, f"积分抵扣 {said}", f"off an order: {said}")


def refusal_of_payment(state: State, order: Order) -> Refusal | None:
    """Whether the whole basket is large enough for its coupon and its points: the readable rule."""
    plan = state.plans[order.plan]
    full = sum((line.price if line.member_price is None else line.member_price) * line.quantity for line in order.lines)
    if order.coupon and full < plan.coupons[order.coupon.coupon].over:
        return Refusal.coupon_over
    if order.points and plan.points and order.points_off * PPM > full * plan.points.max_share_of_order:
        return Refusal.points_off
    return None


def give_back(state: State, order: Order, time: int) -> None:
    """Give back the coupon and the points of an order that is cancelled: the readable rule."""
    if order.coupon:
        order.coupon.order = None
        order.coupon = None
    move_points(state, order.buyer, order.points, time, "取消订单返还积分", "given back with a cancelled order")
    order.points = 0
