"""What may follow what: orders, withdrawals; and why an event was refused. One table for every engine and store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from rules.book import Rows
from rules.events import Kind, Row
from rules.jit import kernel
from rules.records import OrderStatus, WithdrawalStatus

ORDER_FLOW: dict[Kind, tuple[OrderStatus, ...]] = {
    Kind.pay: (OrderStatus.created,),
    Kind.cancel: (OrderStatus.created,),
    Kind.ship: (OrderStatus.paid,),
    Kind.receive: (OrderStatus.paid, OrderStatus.shipped),
    Kind.refund: (OrderStatus.paid, OrderStatus.shipped, OrderStatus.received),
    Kind.refund_open: (OrderStatus.paid, OrderStatus.shipped, OrderStatus.received),
    Kind.refund_refused: (OrderStatus.paid, OrderStatus.shipped, OrderStatus.received),
    Kind.dispute: (OrderStatus.paid, OrderStatus.shipped, OrderStatus.received, OrderStatus.refunded),
    Kind.settle_dispute: (OrderStatus.paid, OrderStatus.shipped, OrderStatus.received, OrderStatus.refunded),
}
"""States of an order in which an event may happen; in any other it is refused and changes nothing."""

WITHDRAWAL_FLOW: dict[Kind, tuple[WithdrawalStatus, ...]] = {
    Kind.approve: (WithdrawalStatus.reviewing,),
    Kind.reject: (WithdrawalStatus.reviewing,),
    Kind.paid: (WithdrawalStatus.sent, WithdrawalStatus.unknown),
    Kind.failed: (WithdrawalStatus.sent, WithdrawalStatus.unknown),
    Kind.unknown: (WithdrawalStatus.sent,),
}
"""States of a withdrawal in which an answer may arrive; `unknown` stays open until the channel says paid or failed."""


ACCEPTED = -1
"""A request or an answer took effect; any other result is a `Refusal`."""


def _bits(flow: Mapping[Kind, Sequence[IntEnum]]) -> NDArray[np.int64]:
    table = np.zeros(max(Kind) + 1, np.int64)
    for kind, states in flow.items():
        table[kind] = sum(1 << int(state) for state in states)
    return table


_ORDER_BITS = _bits(ORDER_FLOW)
_WITHDRAWAL_BITS = _bits(WITHDRAWAL_FLOW)


@kernel
def order_allows(status: int, kind: int) -> bool:
    """Whether an order in this state takes an event of this kind."""
    return bool((_ORDER_BITS[kind] >> status) & 1 == 1)


@kernel
def withdrawal_allows(status: int, kind: int) -> bool:
    """Whether a withdrawal in this state takes an answer of this kind."""
    return bool((_WITHDRAWAL_BITS[kind] >> status) & 1 == 1)


@kernel
def refuse(book: Rows, event: Row, code: int) -> None:
    """Note that an event changed nothing."""
    clock = book.clock[0]
    row = book.refusals[clock.refusals]
    row.time, row.event, row.code, row.member = event.time, clock.events, code, event.member
    clock.refusals += 1


class Refusal(IntEnum):
    """Why an event was refused. It has changed nothing, but for `register`: a newcomer joins all the same, unbound."""

    order_state = 0
    unknown_order = 1
    duplicate_order = 2
    refund_too_large = 3
    already_registered = 4
    not_registered = 5
    self_referral = 6
    inviter_not_registered = 7
    inviter_cycle = 8
    unknown_rank = 9
    withdrawal_state = 10
    duplicate_withdrawal = 11
    frozen = 12
    real_name = 13
    tax_registered = 14
    below_minimum = 15
    above_maximum = 16
    too_many_today = 17
    balance = 18
    unknown_plan = 19
    too_many_this_month = 20
    not_signed = 21
    no_tax_table = 22
    channel_minimum = 23
    channel_payment = 24
    channel_day = 25
    channel_count = 26
    channel_shop_day = 27
    no_coupon = 40
    coupon_over = 41
    points = 42
    points_off = 43
    unknown_coupon = 44
    unknown_gift = 45
    stated_rank = 60
    same_order = 61
    no_disputes = 62
    dispute_open = 63
    no_dispute = 64
    dispute_late = 65
    unknown_line = 66
    adjustment_too_large = 67
    unknown_arm = 68
    credit_score = 69


REFUSED: dict[Refusal, tuple[str, str]] = {
    Refusal.order_state: ("the order is not in a state that allows this", "订单当前状态不允许此操作"),
    Refusal.unknown_order: ("no such order", "订单不存在"),
    Refusal.duplicate_order: ("the order number is already used", "订单号重复"),
    Refusal.refund_too_large: ("the refund is more than what is left of the order", "退款超过可退金额或数量"),
    Refusal.already_registered: ("the member is already registered", "会员已注册"),
    Refusal.not_registered: ("the member is not registered", "会员未注册"),
    Refusal.self_referral: ("a member cannot be their own inviter", "不能推荐自己"),
    Refusal.inviter_not_registered: ("the inviter is not registered", "推荐人未注册"),
    Refusal.inviter_cycle: ("the inviter is in the member's own downline", "推荐关系成环"),
    Refusal.unknown_rank: ("the plan has no such rank", "方案中没有该等级"),
    Refusal.withdrawal_state: (
        "the withdrawal is not in a state that allows this",
        "提现单当前状态不允许此操作",
    ),
    Refusal.duplicate_withdrawal: ("the withdrawal number is already used", "提现单号重复"),
    Refusal.frozen: ("the member is frozen", "会员已冻结"),
    Refusal.real_name: ("the member has not registered a real name", "未实名"),
    Refusal.tax_registered: ("the member is not registered for tax", "未做税务登记"),
    Refusal.below_minimum: ("the amount is below the withdrawal minimum", "低于最低提现额"),
    Refusal.above_maximum: ("the amount is above the withdrawal maximum", "超过单笔提现上限"),
    Refusal.too_many_today: ("no more withdrawals are allowed today", "超过当日提现次数"),
    Refusal.balance: ("the amount is more than what is available", "可提现余额不足"),
    Refusal.unknown_plan: ("no such plan", "方案不存在"),
    Refusal.too_many_this_month: ("no more withdrawals are allowed this month", "超过当月提现次数"),
    Refusal.not_signed: ("the member has not signed the payout agreement", "未签署电子协议"),
    Refusal.no_tax_table: ("no tax table of the plan is in force on this day", "当日没有适用的税表，无法代扣"),
    Refusal.channel_minimum: (
        "what would reach the member is below the payout channel's minimum",
        "到账金额低于付款通道最低额",
    ),
    Refusal.channel_payment: (
        "what would reach the member is above the payout channel's limit per payment",
        "到账金额超过付款通道单笔限额",
    ),
    Refusal.channel_day: (
        "what would reach the member today is above the payout channel's limit per day",
        "超过付款通道对该会员的单日限额",
    ),
    Refusal.channel_count: (
        "the payout channel pays this member no more times today",
        "超过付款通道对该会员的单日付款次数",
    ),
    Refusal.channel_shop_day: (
        "the payout channel's limit per day for the whole shop is reached",
        "超过付款通道对商户的单日限额",
    ),
    Refusal.no_coupon: ("the member holds no such coupon that is still valid", "没有可用的该优惠券"),
    Refusal.coupon_over: ("the order is below what its coupon asks for", "订单金额未达到优惠券门槛"),
    Refusal.points: ("the member has not so many points", "积分不足"),
    Refusal.points_off: ("the plan allows no, or not so much, money off for points", "方案不允许（这么多）积分抵扣"),
    Refusal.unknown_coupon: ("the plan has no such coupon", "方案中没有该优惠券"),
    Refusal.unknown_gift: ("the plan has no such gift", "方案中没有该礼品"),
    Refusal.stated_rank: ("nobody states their own rank: only an operator gives one", "等级不能由客户端申报"),
    Refusal.same_order: ("the order came in before, through another channel", "同一订单已从其他渠道入库"),
    Refusal.no_disputes: ("the plan takes no disputes", "方案未开放申诉"),
    Refusal.dispute_open: ("a dispute on the order is open already", "该订单已有未结申诉"),
    Refusal.no_dispute: ("no dispute on the order is open", "该订单没有未结申诉"),
    Refusal.dispute_late: ("the days for a dispute after settlement are over", "已过结算后的申诉期"),
    Refusal.unknown_arm: ("there is no such arm", "方案组不存在"),
    Refusal.credit_score: ("a credit score is from 0 to 100", "信用分应在 0 到 100 之间"),
    Refusal.unknown_line: ("the order has no such line", "订单没有该行"),
    Refusal.adjustment_too_large: (
        "the adjustment takes more than the member has of the order",
        "调减额超过该会员在本单的余额",
    ),
}
"""What a person is told, in English and Chinese."""

assert set(REFUSED) == set(Refusal)
