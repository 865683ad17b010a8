"""What an event on an order does: the order of things from placing to refund, in one place."""

from __future__ import annotations

from rules.book import OrderStatus, Rows
from rules.commission import caps
from rules.commission.base import pay_base
from rules.commission.campaign import regime_of
from rules.commission.chain import pay_chain
from rules.commission.dynamic import count_order
from rules.commission.entry import credit
from rules.commission.influence import count_influence, pay_influence
from rules.commission.invites import reward_first_order
from rules.commission.order_bonus import pay_order_bonuses
from rules.commission.variant import fix_variant, fix_variants
from rules.commission.volume import add_order, take_refund
from rules.events import DAY, Kind, Row
from rules.jit import kernel
from rules.lifecycle import Refusal, order_allows
from rules.payout.clawback import claw_order, refunded_share
from rules.payout.hold import expect_receipt, hold_order, receive
from rules.people import basket
from rules.people.attribution import remember_upline, snapshot_ranks, snapshot_upline
from rules.people.binding import claim
from rules.people.points import refund_points
from rules.people.rank import join_ranks
from rules.plan.compiled import Tables

_PAY, _CANCEL, _SHIP, _RECEIVE = int(Kind.pay), int(Kind.cancel), int(Kind.ship), int(Kind.receive)
_REFUND, _OPEN = int(Kind.refund), int(Kind.refund_open)
_PAID, _SHIPPED, _CANCELLED, _REFUNDED = (
    int(OrderStatus.paid),
    int(OrderStatus.shipped),
    int(OrderStatus.cancelled),
    int(OrderStatus.refunded),
)
_STATE, _UNKNOWN, _DUPLICATE = (
    int(Refusal.order_state),
    int(Refusal.unknown_order),
    int(Refusal.duplicate_order),
)
_TOO_LARGE = int(Refusal.refund_too_large)
DONE = -1
"""The event took effect; any other result is a `Refusal`."""


@kernel
def place_line(book: Rows, plan: Tables, event: Row) -> int:
    """One line of a new order, or another line of the order that was placed last."""
    clock = book.clock[0]
    if event.order < clock.orders - 1 or (event.order == clock.orders - 1 and event.line == 1):
        return _DUPLICATE
    if event.order >= clock.orders:
        refusal = _open_order(book, plan, event)
        if refusal != DONE:
            return refusal
    row = book.orders[event.order]
    if row.status != 0:
        return _STATE
    line = book.lines[clock.lines]
    price = event.member_price if event.member_price >= 0 else event.price
    line.paid = price * event.quantity - event.discount
    line.price, line.member_price, line.freight = event.price, event.member_price, event.freight
    line.refunded, line.refunded_quantity = 0, 0
    line.quantity, line.sku, line.category = event.quantity, event.sku, event.category
    row.goods += line.paid
    row.lines += 1
    clock.lines += 1
    line.variant = 0
    if plan.plans[row.plan].rate_at_create == 1:
        fix_variant(book, plan, row.plan, clock.lines - 1, row.placed_at // DAY)
    return DONE


@kernel
def _open_order(book: Rows, plan: Tables, event: Row) -> int:
    """The row of a new order; one that takes off what its buyer does not have is cancelled at once, and refused."""
    clock = book.clock[0]
    clock.orders = event.order + 1
    row = book.orders[event.order]
    row.placed_at, row.paid_at, row.received_at = event.time, -1, -1
    row.auto_receive_at, row.settle_at, row.goods, row.refunded = -1, -1, 0, 0
    row.buyer, row.first_line, row.lines = event.member, clock.lines, 0
    row.first_entry, row.entries, row.status, row.refund_open = -1, 0, 0, False
    row.channel, row.area, row.coupon, row.first_above, row.above = event.channel, event.area, -1, 0, 0
    if event.rank >= 0 or event.amount > 0:
        refusal = basket.order_refusal(book, plan, event)
        if refusal != basket.ALLOWED:
            row.status = _CANCELLED
            return refusal
        basket.set_aside(book, plan, event)
    row.first_deferral, row.deferrals = -1, 0
    buyer = book.members[event.member]
    if plan.plans[clock.plan].bind_on == 2 and buyer.orders == 0 and buyer.clicked_by >= 0:
        claim(book, plan, event.member, buyer.clicked_by, event.time)
    _snapshot(book, plan, event.order, event.time, True)
    return DONE


@kernel
def _snapshot(book: Rows, plan: Tables, order: int, time: int, creating: bool) -> None:
    """Fix, at creation or at payment as the plan says, whose rates and which people an order goes by."""
    number = book.clock[0].plan
    rule = plan.plans[number if creating else book.orders[order].plan]
    if creating or rule.rate_at_create == 0:
        book.orders[order].plan = number
        book.orders[order].regime = regime_of(plan, number, time // DAY, book.orders[order].channel)
        if not creating:
            fix_variants(book, plan, order, time)
    if creating or rule.upline_at_create == 0:
        snapshot_upline(book, plan, number, order, time)
    if plan.plans[number].team_volumes == 1 and creating == (rule.upline_at_create == 1):
        remember_upline(book, plan, number, order, time)
    if creating or rule.rate_at_create == 0 or rule.upline_at_create == 0:
        snapshot_ranks(book, order)  # the ranks of the people who were just looked up, whose else


@kernel
def pay(book: Rows, plan: Tables, order: int, time: int) -> None:
    """An order is paid: entries, caps, balances, volumes, and the clocks of receipt and hold."""
    _snapshot(book, plan, order, time, False)
    row = book.orders[order]
    row.status, row.paid_at = _PAID, time
    row.first_entry = book.clock[0].entries
    pay_base(book, plan, order, time)
    pay_chain(book, plan, order, time)
    pay_order_bonuses(book, plan, order, time)
    pay_influence(book, plan, order, time)
    caps.cap_order(book, plan, order, row.first_entry)
    for place in range(row.first_entry, book.clock[0].entries):
        caps.cap_day(book, plan, row.plan, place, time // DAY)
    caps.drop_empty(book, row.first_entry)
    row.entries = book.clock[0].entries - row.first_entry
    for place in range(row.first_entry, row.first_entry + row.entries):
        credit(book, place, 0)
    count_influence(book, order)
    _count(book, plan, order, time)
    expect_receipt(book, plan, order, time)
    hold_from = plan.plans[row.plan].hold_from
    if hold_from < 2:
        hold_order(book, plan, order, row.placed_at if hold_from == 0 else time)


@kernel
def _count(book: Rows, plan: Tables, order: int, time: int) -> None:
    row = book.orders[order]
    buyer = book.members[row.buyer]
    first = buyer.orders == 0
    buyer.orders += 1
    buyer.spent += row.goods
    if row.chain[0] >= 0:
        book.members[row.chain[0]].promoted_orders += 1
        book.members[row.chain[0]].promoted_day = time // DAY
    add_order(book, plan, order)
    if len(book.skus) > 0:
        count_order(book, order)
    join_ranks(book, plan, row.buyer)
    if first:
        reward_first_order(book, plan, row.buyer, time)


@kernel
def refund(book: Rows, plan: Tables, event: Row) -> int:
    """Goods or money go back: whole order, line, some pieces of it, or an amount."""
    row = book.orders[event.order]
    if event.line < 0 or event.line > row.lines:
        return _TOO_LARGE
    if event.line == 0 and (event.quantity > 0 or event.amount > 0) and row.lines > 1:
        return _TOO_LARGE
    first = row.first_line + max(event.line, 1) - 1
    last = row.first_line + row.lines if event.line == 0 else first + 1
    returned = 0
    for place in range(first, last):
        amount = _refund_line(book, place, event.quantity, event.amount)
        if amount < 0:
            return _TOO_LARGE
        returned += amount
    row.refunded += returned
    take_refund(book, plan, event.order, returned, event.time)
    claw_order(book, plan, event.order, event.time)
    if row.points > 0 or row.points_earned > 0:
        part, whole = refunded_share(book, event.order, 0)
        refund_points(book, plan, event.order, part, whole)
    if _nothing_left(book, event.order):
        row.status = _REFUNDED
    row.refund_open = False
    return DONE


@kernel
def _refund_line(book: Rows, place: int, quantity: int, amount: int) -> int:
    """Refund pieces, an amount, or what is left of a line; returns fen, or -1 if there is not so much left.

    Pieces are worth their share of what was paid, counted from the first piece, so that the last one takes the rest.
    """
    line = book.lines[place]
    left = line.paid - line.refunded
    if quantity > 0:
        if quantity > line.quantity - line.refunded_quantity:
            return -1
        before = line.paid * line.refunded_quantity // line.quantity
        line.refunded_quantity += quantity
        after = line.paid * line.refunded_quantity // line.quantity
        amount = min(left, after - before)
    elif amount > 0:
        if amount > left:
            return -1
        if amount == left:
            line.refunded_quantity = line.quantity
    else:
        line.refunded_quantity = line.quantity
        amount = left
    line.refunded += amount
    return amount


@kernel
def _nothing_left(book: Rows, order: int) -> bool:
    row = book.orders[order]
    for place in range(row.first_line, row.first_line + row.lines):
        line = book.lines[place]
        if line.refunded < line.paid or line.refunded_quantity < line.quantity:
            return False
    return True


@kernel
def on_order(book: Rows, plan: Tables, event: Row) -> int:
    """Any event on an order that exists; returns DONE or a `Refusal`."""
    if event.order < 0 or event.order >= book.clock[0].orders:
        return _UNKNOWN
    row = book.orders[event.order]
    if not order_allows(row.status, event.kind):
        return _STATE
    if event.kind == _PAY:
        if row.coupon >= 0 or row.points > 0:
            refusal = basket.payment_refusal(book, plan, event.order)
            if refusal != basket.ALLOWED:
                return refusal
        pay(book, plan, event.order, event.time)
    elif event.kind == _CANCEL:
        row.status = _CANCELLED
        basket.release(book, event.order)
    elif event.kind == _SHIP:
        row.status = _SHIPPED
        expect_receipt(book, plan, event.order, event.time)
    elif event.kind == _RECEIVE:
        receive(book, plan, event.order, event.time)
    elif event.kind == _REFUND:
        return refund(book, plan, event)
    else:
        row.refund_open = event.kind == _OPEN
    return DONE
