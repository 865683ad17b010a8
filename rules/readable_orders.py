"""What payment and refund of an order do, as the readable engine takes them: see `rules.orders`."""

from __future__ import annotations

from rules.commission.dynamic import note_sale
from rules.commission.invites import count_first_order
from rules.commission.volume import count_volume, discount_volume
from rules.lifecycle import Refusal
from rules.payout.clawback import claw_alone, claw_entries
from rules.payout.hold import await_receipt, start_order_hold
from rules.payout.shares import share_refunded
from rules.people.points import return_points
from rules.people.promoter import note_large_order
from rules.people.rank import join
from rules.people.target import note_in_month
from rules.readable import Line, Order, State
from rules.readable_moments import fix_terms, make_entries_of
from rules.records import OrderStatus


def pay_order(state: State, number: int, areas: list[str], time: int) -> None:
    """An order is paid: the readable rule; `areas` are the names behind the numbers of areas."""
    order = state.orders[number]
    fix_terms(state, order, time, "pay")
    order.status, order.paid_at, order.counted = OrderStatus.paid, time, order.people + order.beyond
    if state.plans[order.terms].semantics.entries_at == "pay":
        make_entries_of(state, number, areas, time)
    _count(state, order, time)
    await_receipt(state, number, time)
    hold_from = state.plans[order.plan].semantics.hold_from
    if hold_from != "receipt":
        start_order_hold(state, number, order.placed_at if hold_from == "create" else time)


def _count(state: State, order: Order, time: int) -> None:
    buyer = state.members[order.buyer]
    paid = order.goods + order.freight
    buyer.orders += 1
    buyer.spent += paid
    if buyer.first_paid_at is None:
        buyer.first_paid_at = order.paid_at
    buyer.largest_order = max(buyer.largest_order, paid)
    note_large_order(state, order.buyer, paid)
    note_in_month(state, order.buyer, "orders")
    count_volume(state, order, order.goods)
    note_sale(state, order)
    join(state, order.buyer)
    if order.counted:
        state.members[order.counted[0]].promoted += order.goods
        join(state, order.counted[0], "promoted_volume")
    if buyer.orders == 1:
        count_first_order(state, order.buyer, time)


def refund_order(state: State, number: int, line: int, quantity: int, amount: int, time: int) -> Refusal | None:
    """Goods or money go back: whole order (line 0), a line, some pieces of it, or an amount. The readable rule."""
    order = state.orders[number]
    if not 0 <= line <= len(order.lines) or (line == 0 and (quantity or amount) and len(order.lines) > 1):
        return Refusal.refund_too_large
    numbers = [line] if line else list(range(1, len(order.lines) + 1))
    before = [order.lines[one - 1].refunded for one in numbers]
    returned = [_refund_line(order.lines[one - 1], quantity, amount) for one in numbers]
    if None in returned:
        return Refusal.refund_too_large
    for one, fen in zip(numbers, before, strict=True):
        claw_alone(state, number, one, fen, time)
    gone = sum(one or 0 for one in returned)
    if order.counted:
        state.members[order.counted[0]].promoted -= gone
    discount_volume(state, order, gone, time)
    claw_entries(state, number, time)
    return_points(state, order, *share_refunded(order, 0), time)
    if all(one.refunded == one.paid and one.refunded_quantity == one.quantity for one in order.lines):
        order.status = OrderStatus.refunded
    order.refund_open = False
    return None


def _refund_line(line: Line, quantity: int, amount: int) -> int | None:
    left = line.paid - line.refunded
    if quantity > line.quantity - line.refunded_quantity or (not quantity and amount > left):
        return None
    if quantity:
        before = line.paid * line.refunded_quantity // line.quantity
        line.refunded_quantity += quantity
        amount = min(left, line.paid * line.refunded_quantity // line.quantity - before)
    else:
        amount = amount or left
        if amount == left:
            line.refunded_quantity = line.quantity
    line.refunded += amount
    return amount
