"""What each value of a knob of `semantics` means to a member, for the knobs that have a fixed list of values."""

from __future__ import annotations

from collections.abc import Mapping

from rules.plan.wording.words import Words

KNOBS: Mapping[str, Mapping[str | bool, Words]] = {
    "base_on": {
        "profit": Words(
            "计佣金额为利润，即商品实付金额减去成本，不低于零。",
            "Commission is taken of the profit: what was paid for the goods less what they cost, not below zero.",
        ),
        "paid": Words(
            "计佣金额为商品实付金额，即扣除优惠券、积分、满减之后的金额。",
            "Commission is taken of what was paid for the goods, after coupons, points and reductions.",
        ),
        "list": Words(
            "计佣金额为商品标价，不因优惠减少。", "Commission is taken of the list price, whatever discounts were used."
        ),
        "member_price": Words(
            "计佣金额为会员价；没有会员价的商品按标价。",
            "Commission is taken of the member price, or of the list price where there is none.",
        ),
    },
    "freight": {
        "exclude": Words("运费不计佣金。", "Freight earns no commission."),
        "include": Words("运费计入计佣金额。", "Freight counts into the amount that commission is taken of."),
    },
    "round_per": {
        "line": Words(
            "佣金按订单的每一行计算，取整一次。", "Commission is worked out and rounded once for each line of an order."
        ),
        "order": Words("佣金按整单计算，取整一次。", "Commission is worked out and rounded once for the whole order."),
        "unit": Words(
            "佣金先按单件计算并取整，再乘以件数。",
            "Commission is worked out and rounded for one piece and then multiplied by the pieces.",
        ),
    },
    "ineligible_level": {
        "skip": Words(
            "某一级的会员不符合条件时，该级不付，其上各级照付。",
            "Where the member of a level does not qualify, that level is not paid; those above still are.",
        ),
        "stop": Words(
            "某一级的会员不符合条件时，该级及其上各级都不付。",
            "Where the member of a level does not qualify, neither that level nor any above it is paid.",
        ),
        "compress": Words(
            "某一级的会员不符合条件时，由其上最近一位符合条件的会员顶替该级。",
            "Where the member of a level does not qualify, the next one above who does takes the level.",
        ),
    },
    "self_purchase": {
        "none": Words("会员自己下的订单，自己不得佣金。", "Nobody earns on orders of their own."),
        "as_level_1": Words(
            "符合第 1 级条件的会员自己下单，自己作为第 1 级得佣金，其推荐人顺延为第 2 级。",
            "A member who qualifies for level 1 is level 1 of orders of their own; the inviter becomes level 2.",
        ),
    },
    "hold_boundary": {
        "at": Words("冻结期恰在结算时刻届满的，当次结算。", "A hold that ends right at a settlement is settled then."),
        "after": Words(
            "冻结期恰在结算时刻届满的，下次结算。", "A hold that ends right at a settlement waits for the next one."
        ),
    },
    "partial_refund": {
        "pro_rata": Words(
            "部分退款，按退款占比追回佣金；全额退款，全部追回。",
            "A partial refund takes back commission in proportion; a full refund takes back all of it.",
        ),
        "cancel_line": Words(
            "订单中某一行只要有退款，该行的佣金全部追回。",
            "Any refund on a line of an order takes back all commission of that line.",
        ),
        "cancel_order": Words(
            "订单只要有退款，整单的佣金全部追回。", "Any refund takes back all commission of the order."
        ),
        "none": Words(
            "部分退款不追回佣金；全额退款，全部追回。",
            "A partial refund takes nothing back; a full refund takes back all commission.",
        ),
    },
    "refund_after_payout": {
        "negative_balance": Words(
            "佣金结算之后发生退款的，从可提现余额中扣除；余额不足的记为负数，由以后的佣金抵扣。",
            "Where the commission was settled before the refund, it is taken off the balance; a balance below zero "
            "is made up by later commission.",
        ),
        "cap_at_wallet": Words(
            "佣金结算之后发生退款的，从可提现余额中扣除，以可提现与冻结中的余额合计为限。",
            "Where the commission was settled before the refund, it is taken off the balance, up to what is "
            "available and "
            "held together.",
        ),
        "cap_at_balance": Words(
            "佣金结算之后发生退款的，从可提现余额中扣除，以扣完余额为限。",
            "Where the commission was settled before the refund, it is taken off the balance, down to zero and no "
            "further.",
        ),
        "none": Words(
            "佣金结算之后发生的退款，不再追回佣金。", "Commission that was settled before the refund is not taken back."
        ),
    },
    "late_refund": {
        "recompute": Words(
            "一期结束之后，属于该期的订单发生退款的，按扣除退款后的业绩重新计算该期按期计算的奖励，差额追回。",
            "A refund after a period has closed works out what is paid by period anew; the difference is taken back.",
        ),
        "at_paid_rate": Words(
            "一期结束之后，属于该期的订单发生退款的，按退款占业绩的比例追回该期按期计算的奖励。",
            "A refund after a period has closed takes back what is paid by period in proportion to the "
            "volume refunded.",
        ),
        "keep": Words(
            "一期结束之后发生的退款，不影响该期按期计算的奖励。",
            "A refund after a period has closed leaves what is paid by period as they are.",
        ),
    },
    "clawback_rounding": {
        "floor": Words("追回的金额不足一分的，舍去。", "Fractions of a fen of what is taken back are dropped."),
        "ceil": Words(
            "追回的金额不足一分的，进为一分；累计追回不超过原佣金。",
            "Fractions of a fen of what is taken back are rounded up; never more than the commission is taken back "
            "in all.",
        ),
        "half_up": Words("追回的金额四舍五入到分。", "What is taken back is rounded half up."),
    },
    "fee_rounding": {
        "floor": Words("手续费不足一分的，舍去。", "Fractions of a fen of the fee are dropped."),
        "ceil": Words("手续费不足一分的，进为一分。", "Fractions of a fen of the fee are rounded up."),
        "half_up": Words("手续费四舍五入到分。", "The fee is rounded half up."),
    },
    "base_round": {
        "none": Words("实付金额不再取整。", "What was paid is taken as it is."),
        "line": Words("实付金额按行取整到分。", "What was paid is taken in whole fen for each line."),
        "unit": Words(
            "实付金额先折算为单价并截到分，再乘以件数。",
            "What was paid is taken as a unit price cut to the fen, times the pieces.",
        ),
        "unit_trunc4": Words(
            "实付金额折算为单价：每件分摊的优惠截到四位小数后扣除，单价截到分，再乘以件数。",
            "What was paid is taken as a unit price, each discount's part of a piece cut to four decimals before it "
            "comes "
            "off, cut to the fen, times the pieces.",
        ),
    },
    "subtract_lower": {
        True: Words(
            "每一级的计佣金额，先减去其下各级在该商品上所得。",
            "The amount of a level is less what the levels below earn on the same goods.",
        ),
        False: Words("各级的计佣金额相同。", "All levels go by the same amount."),
    },
    "fee_share": {
        True: Words(
            "支付手续费从计佣金额中扣除。", "What the payment cost comes off the amount commission is taken of."
        ),
        False: Words("支付手续费由商城承担。", "The store bears what the payment cost."),
    },
    "freight_split": {
        "price": Words("整单运费按优惠前金额分摊到各行。", "Freight is split over the lines by undiscounted price."),
        "quantity": Words("整单运费按件数分摊到各行。", "Freight is split over the lines by pieces."),
        "weight": Words("整单运费按重量分摊到各行。", "Freight is split over the lines by weight."),
        "equal": Words("整单运费平均分摊到各行。", "Freight is split equally over the lines."),
    },
    "entry_per": {
        "line": Words("订单每一行记一笔明细。", "There is one entry for each line of an order."),
        "order": Words(
            "每个订单合并记一笔明细，为各行之和。", "There is one entry for an order, the sum of its lines."
        ),
    },
    "sku_left_out": {
        "rate": Words(
            "单独列佣金的商品，某一级没有列出的，该级按类目比例。",
            "Where a product has an amount of its own at another level, a level that states none goes by its rate.",
        ),
        "zero": Words(
            "单独列佣金的商品，某一级没有列出的，该级不付。",
            "Where a product has an amount of its own at another level, a level that states none pays nothing.",
        ),
    },
    "rank_rate": {
        "replace": Words("等级自己的比例取代该级的比例。", "A rank's own rate takes the place of the level's."),
        "multiply": Words(
            "等级自己的比例是在该级比例上的上浮：10% 再上浮 10% 为 11%。",
            "A rank's own rate raises the level's: 10% raised by 10% is 11%.",
        ),
    },
    "stack": {
        "add": Words(
            "商品、等级、类目都有规定的，依次取先有的一个；同时进行的活动，倍数相乘。",
            "Of product, rank and category the first that states a rate counts; campaigns that overlap multiply each "
            "other.",
        ),
        "highest": Words(
            "商品、等级、类目都有规定的，取最高的一个；同时进行的活动，取最高的倍数。",
            "Of product, rank and category the highest rate counts, and of campaigns that overlap the highest.",
        ),
    },
    "zero_amount": {
        "continue": Words(
            "某一级在整单上所得为零的，其上各级照付。",
            "Where a level earns nothing on an order, those above still are paid.",
        ),
        "stop": Words(
            "某一级在整单上所得为零的，其上各级不付。",
            "Where a level earns nothing on an order, nobody above it is paid.",
        ),
    },
    "discount_weights": {
        "left": Words(
            "分摊各项优惠时，按各行扣除前面优惠后的余额。",
            "Discounts are split by what earlier ones left of each line.",
        ),
        "original": Words(
            "分摊各项优惠时，都按各行优惠前的金额。", "Discounts are split by the undiscounted price of each line."
        ),
    },
    "unbound_at_create": {
        "pay": Words(
            "下单时没有推荐人、之后才绑定的，归后来的推荐人。",
            "An order placed by somebody without an inviter goes to the inviter found later.",
        ),
        "nobody": Words(
            "下单时没有推荐人的，该订单不归任何人。", "An order placed by somebody without an inviter is nobody's."
        ),
    },
    "settle_while_refund_open": {
        "pay": Words(
            "退款申请未决期间，照常结算。", "While a refund is asked for and not decided, settlement goes on."
        ),
        "wait": Words("退款申请未决期间，暂不结算。", "While a refund is asked for and not decided, settlement waits."),
    },
    "frozen_at_settlement": {
        "pay": Words("结算时账户被冻结的，照常结算。", "Entries of a frozen account are settled all the same."),
        "wait": Words(
            "结算时账户被冻结的，解冻后再结算。", "Entries of a frozen account wait until it is opened again."
        ),
    },
    "clawback_unit": {
        "exact": Words(
            "退件时，按退款金额占比追回。", "For pieces that come back, the share of the money is taken back."
        ),
        "trunc4": Words(
            "退件时，每件佣金截到四位小数，乘以件数后截到分追回。",
            "For pieces that come back, commission a piece is cut to four decimals, times the pieces, cut to the fen.",
        ),
    },
}
"""By knob and value: what it means to a member."""
