"""What an event on an order does: the order of things from placing to refund, in one place."""

from __future__ import annotations

from rules.book import Rows
from rules.commission.chain import chain_rows
from rules.commission.duration import note_first_paid
from rules.commission.dynamic import count_order
from rules.commission.invites import reward_first_order
from rules.commission.variant import fix_variant
from rules.commission.volume import add_order, take_refund
from rules.events import DAY, Kind, Row
from rules.jit import kernel
from rules.lifecycle import Refusal, order_allows
from rules.moments import CREATE, PAY, fix, make_entries, receive
from rules.payout.clawback import claw_line_alone, claw_order, rows_of_deferrals
from rules.payout.dispute import open_dispute, settle_dispute
from rules.payout.hold import expect_receipt, hold_order
from rules.payout.repeated import notice_pays, pay_again
from rules.payout.shares import refunded_share
from rules.people import basket
from rules.people.arms import arm_of_order, plan_of
from rules.people.attribution import person_above, rows_above
from rules.people.binding import claim
from rules.people.points import refund_points
from rules.people.promoter import qualify
from rules.people.rank import PROMOTED_VOLUME, join_by, join_ranks
from rules.people.target import ORDERS, count_in_month
from rules.plan.compiled import Tables
from rules.plan.defects import REFUND_ROUNDED_EACH
from rules.plan.limits import MAX_LEVELS
from rules.records import OrderStatus

_PAY, _CANCEL, _SHIP, _RECEIVE = int(Kind.pay), int(Kind.cancel), int(Kind.ship), int(Kind.receive)
_REFUND, _OPEN, _REFUND_REFUSED = int(Kind.refund), int(Kind.refund_open), int(Kind.refund_refused)
_DISPUTE, _SETTLE_DISPUTE = int(Kind.dispute), int(Kind.settle_dispute)
_CREATED, _PAID, _SHIPPED, _CANCELLED, _REFUNDED = (
    int(OrderStatus.created),
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
_TOO_LARGE, _SAME = int(Refusal.refund_too_large), int(Refusal.same_order)
DONE = -1
"""The event took effect; any other result is a `Refusal`."""


@kernel
def place_line(book: Rows, plan: Tables, event: Row) -> int:
    """One line of a new order, or another line of the order that was placed last."""
    clock = book.clock[0]
    if event.order < clock.orders - 1 or (event.order == clock.orders - 1 and event.line == 1):
        return _DUPLICATE
    if event.other >= 0:
        _void_orders(book, plan, event.order + 1, event.member)
        return _SAME
    if event.order >= clock.orders:
        refusal = _open_order(book, plan, event)
        if refusal != DONE:
            return refusal
    row = book.orders[event.order]
    if row.status != _CREATED:
        return _STATE
    line = book.lines[clock.lines]
    price = event.member_price if event.member_price >= 0 else event.price
    line.paid = price * event.quantity - event.discount
    line.price, line.member_price, line.freight = event.price, event.member_price, event.freight
    line.refunded, line.refunded_quantity = 0, 0
    line.quantity, line.sku, line.category = event.quantity, event.sku, event.category
    line.cost, line.fee, line.unit_cut = max(0, event.cost), event.fee, event.unit_cut
    row.goods += line.paid
    row.freight += line.freight
    row.lines += 1
    clock.lines += 1
    line.variant = 0
    if plan.plans[row.plan].rate_at == CREATE:
        fix_variant(book, plan, row.plan, row.arm, clock.lines - 1, row.placed_at // DAY)
    return DONE


@kernel
def _void_orders(book: Rows, plan: Tables, end: int, member: int) -> None:
    """Use up the order numbers below `end`: nothing can happen to these orders."""
    clock = book.clock[0]
    for number in range(clock.orders, end):
        _clear_order(book, plan, number, member)
        _turn_away(book, number)
    clock.orders = max(clock.orders, end)


@kernel
def _turn_away(book: Rows, number: int) -> None:
    """Leave a new order to nobody, cancelled."""
    row = book.orders[number]
    row.status = _CANCELLED
    for place in range(MAX_LEVELS):
        row.chain[place], row.chain_rank[place] = -1, -1


@kernel
def _clear_order(book: Rows, plan: Tables, number: int, member: int) -> None:
    row = book.orders[number]
    row.arm = arm_of_order(book, plan, member)
    row.plan = book.arms[row.arm].plan
    row.terms = row.plan
    row.placed_at, row.paid_at, row.received_at = book.clock[0].now, -1, -1
    row.auto_receive_at, row.settle_at, row.held_from, row.goods, row.freight, row.refunded = -1, -1, -1, 0, 0, 0
    row.buyer, row.first_line, row.lines = member, book.clock[0].lines, 0
    row.first_entry, row.entries, row.status, row.refund_open = -1, 0, _CREATED, False
    row.area, row.activity, row.coupon, row.first_part = -1, 0, -1, -1
    row.deferrals, row.first_adjustment, row.adjustments, row.disputed_by = 0, -1, 0, -1


@kernel
def _open_order(book: Rows, plan: Tables, event: Row) -> int:
    """The row of a new order; one that takes off what its buyer does not have is cancelled at once, and refused."""
    clock = book.clock[0]
    _void_orders(book, plan, event.order, event.member)
    clock.orders = event.order + 1
    _clear_order(book, plan, event.order, event.member)
    row = book.orders[event.order]
    row.channel, row.area, row.activity = event.channel, event.area, event.activity
    if event.rank >= 0 or event.amount > 0:
        refusal = basket.order_refusal(book, plan, row.terms, event)
        if refusal != basket.ALLOWED:
            _turn_away(book, event.order)
            return refusal
        basket.set_aside(book, plan, event)
    buyer = book.members[event.member]
    if buyer.orders == 0 and buyer.clicked_by >= 0 and plan.plans[plan_of(book, buyer.clicked_by)].bind_on == 2:
        claim(book, plan, event.member, buyer.clicked_by, event.time, buyer.clicked_via)
    fix(book, plan, event.order, event.time, CREATE)
    return DONE


@kernel
def pay(book: Rows, plan: Tables, order: int, time: int) -> None:
    """An order is paid: entries, caps, balances, volumes, and the clocks of receipt and hold."""
    fix(book, plan, order, time, PAY)
    row = book.orders[order]
    row.status, row.paid_at = _PAID, time
    if plan.plans[row.terms].entries_at == PAY:
        make_entries(book, plan, order, time)
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
    paid = row.goods + row.freight
    buyer.spent += paid
    note_first_paid(book, row.buyer, row.paid_at)
    buyer.largest_order = max(buyer.largest_order, paid)
    qualify(book, plan, row.buyer, paid)
    count_in_month(book, plan, row.buyer, ORDERS)
    add_order(book, plan, order)
    if book.skus.shape[1] > 0:
        count_order(book, order)
    join_ranks(book, plan, row.buyer)
    promoter = person_above(book, order, 0)
    if promoter >= 0:
        book.members[promoter].promoted += row.goods
        join_by(book, plan, promoter, PROMOTED_VOLUME)
    if first:
        reward_first_order(book, plan, row.buyer, time)


@kernel
def refund(book: Rows, plan: Tables, event: Row) -> int:
    """Goods or money go back: whole order, line, some pieces of it, or an amount."""
    row = book.orders[event.order]
    if not names_goods(row, event.line, event.quantity, event.amount):
        return _TOO_LARGE
    first = row.first_line + max(event.line, 1) - 1
    last = row.first_line + row.lines if event.line == 0 else first + 1
    returned = 0
    for place in range(first, last):
        before = book.lines[place].refunded
        amount = refund_line(book, place, event.quantity, event.amount)
        if amount < 0:
            return _TOO_LARGE
        returned += amount
        if plan.plans[row.plan].defects & REFUND_ROUNDED_EACH:
            claw_line_alone(book, plan, event.order, place - row.first_line + 1, before, event.time)
    row.refunded += returned
    promoter = person_above(book, event.order, 0)
    if promoter >= 0:
        book.members[promoter].promoted -= returned
    take_refund(book, plan, event.order, returned, event.time)
    claw_order(book, plan, event.order, event.time)
    if book.order_extras[event.order].points > 0 or book.order_extras[event.order].points_earned > 0:
        part, whole = refunded_share(book, event.order, 0)
        refund_points(book, plan, event.order, part, whole)
    if nothing_left(book, event.order):
        row.status = _REFUNDED
    row.refund_open = False
    return DONE


@kernel
def names_goods(row: Row, line: int, quantity: int, amount: int) -> bool:
    """Whether a refund names a line that the order has, and pieces or an amount (0 = all of it) only of one line."""
    return 0 <= line <= row.lines and (line > 0 or row.lines <= 1 or (quantity <= 0 and amount <= 0))


@kernel
def refund_line(book: Rows, place: int, quantity: int, amount: int) -> int:
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
def nothing_left(book: Rows, order: int) -> bool:
    """Whether everything of an order is given back."""
    row = book.orders[order]
    for place in range(row.first_line, row.first_line + row.lines):
        line = book.lines[place]
        if line.refunded < line.paid or line.refunded_quantity < line.quantity:
            return False
    return True


@kernel
def is_on_order(kind: int) -> bool:
    """Whether an event of this kind is about an order that exists."""
    return (kind >= _PAY and kind <= _REFUND_REFUSED) or kind in (_DISPUTE, _SETTLE_DISPUTE)


@kernel
def rows_of_order(book: Rows, plan: Tables, order: int, making: bool) -> int:
    """How many rows anything that happens to an order can add: entries made, if they may be, and taken back."""
    row = book.orders[order]
    rows = 48 + (MAX_LEVELS * (1 + plan.bonuses.shape[1]) + 2) * row.lines + 2 * row.entries + row.adjustments
    if making and row.first_entry < 0:
        rows += rows + rows_above(book, plan, row.buyer) + 2 * chain_rows(book, plan, order)
    return rows + rows_of_deferrals(book, order)


@kernel
def on_order(book: Rows, plan: Tables, event: Row) -> int:
    """Any event on an order that exists; returns DONE or a `Refusal`."""
    if event.order < 0 or event.order >= book.clock[0].orders:
        return _UNKNOWN
    row = book.orders[event.order]
    if not order_allows(row.status, event.kind):
        if event.kind == _PAY and notice_pays(book, plan, event.order):
            pay_again(book, plan, event.order, event.time)
            return DONE
        return _STATE
    if event.kind == _PAY:
        if row.coupon >= 0 or plan.points[row.terms].on == 1:
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
    elif event.kind == _DISPUTE:
        return open_dispute(book, plan, event)
    elif event.kind == _SETTLE_DISPUTE:
        return settle_dispute(book, plan, event)
    else:
        row.refund_open = event.kind == _OPEN
    return DONE
