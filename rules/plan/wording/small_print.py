"""The knobs of `semantics` in words: what commission is taken of, how it is rounded, what a refund takes back.

A knob whose values are a fixed list is one entry of `KNOBS`; `knob` says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules.money import ROUNDING_ZH, Rounding
from rules.plan.wording.words import Part, Sentence, Terms, Words, listed, say
from rules.platforms import PLATFORMS

_ROUNDED_EN = {
    "floor": "rounded down",
    "half_up": "rounded half up",
    "half_even": "rounded half to even",
    "ceil": "rounded up",
}

KNOBS: Mapping[str, Mapping[str, Words]] = {
    "base_on": {
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
        "unit": Words(
            "佣金先按单件计算并取整，再乘以件数。",
            "Commission is worked out and rounded for one piece and then multiplied by the pieces.",
        ),
    },
    "sku_left_out": {
        "rate": Words(
            "单独设置了佣金的商品，在未单独设置的级别按该级比例计算。",
            "A product with commission of its own goes by the rate of a level that states none for it.",
        ),
        "zero": Words(
            "单独设置了佣金的商品，在未单独设置的级别没有佣金。",
            "A product with commission of its own earns nothing at a level that states none for it.",
        ),
    },
    "discount_split": {
        "truncate": Words(
            "整单优惠按金额分摊到各行，不足一分的舍去，最后一行承担余数。",
            "A discount on a whole order is split over its lines by amount, fractions of a fen dropped; the last "
            "line takes the rest.",
        ),
        "ratio4": Words(
            "整单优惠按各行占比分摊，占比先截到四位小数，最后一行承担余数。",
            "A discount on a whole order is split over its lines by share, the share cut to four decimals; the last "
            "line takes the rest.",
        ),
        "half_up": Words(
            "整单优惠按金额分摊到各行，四舍五入到分，最后一行承担余数。",
            "A discount on a whole order is split over its lines by amount, rounded half up; the last line takes the "
            "rest.",
        ),
        "half_up_each": Words(
            "整单优惠按金额分摊到各行，每行各自四舍五入到分。",
            "A discount on a whole order is split over its lines by amount, each line rounded half up by itself.",
        ),
    },
    "rate_snapshot": {
        "create": Words(
            "比例、等级和活动以下单时为准。", "Rates, ranks and campaigns are those of the moment the order is placed."
        ),
        "pay": Words(
            "比例、等级和活动以付款时为准。", "Rates, ranks and campaigns are those of the moment of payment."
        ),
    },
    "upline_snapshot": {
        "create": Words(
            "上级关系以下单时为准，此后的变更不影响该订单。",
            "Who stands above the buyer is read when the order is placed; later changes do not touch the order.",
        ),
        "pay": Words(
            "上级关系以付款时为准，此后的变更不影响该订单。",
            "Who stands above the buyer is read at payment; later changes do not touch the order.",
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
        "cap_at_balance": Words(
            "佣金结算之后发生退款的，从可提现余额中扣除，以扣完余额为限。",
            "Where the commission was settled before the refund, it is taken off the balance, down to zero and no "
            "further.",
        ),
        "cap_at_wallet": Words(
            "佣金结算之后发生退款的，从余额中扣除，冻结中的佣金也计入余额，以扣完余额为限。",
            "Where the commission was settled before the refund, it is taken off the balance, what is held included, "
            "down to zero and no further.",
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
}
"""By knob and value: what it means to a member."""


def knob(terms: Terms, name: str) -> Sentence:
    """What the plan says of one knob."""
    return Sentence(KNOBS[name][getattr(terms.plan.semantics, name)], (("semantics", name),))


def counting(terms: Terms) -> Iterator[Part]:
    """What commission is taken of, how it is rounded, and which moment counts."""
    yield from _platform(terms)
    yield knob(terms, "base_on")
    yield knob(terms, "freight")
    yield _rounding(terms)
    yield knob(terms, "round_per")
    base = terms.plan.commission.base
    if base and any(level.skus for level in base.levels):
        yield knob(terms, "sku_left_out")
    yield knob(terms, "discount_split")
    yield knob(terms, "rate_snapshot")
    yield knob(terms, "upline_snapshot")
    if terms.plan.depth > 1 or terms.plan.semantics.ineligible_level == "compress":
        yield knob(terms, "ineligible_level")
    yield knob(terms, "self_purchase")


def _platform(terms: Terms) -> Iterator[Part]:
    """Whose mechanics are followed where the plan says nothing else."""
    if terms.plan.platform:
        title = PLATFORMS[terms.plan.platform].title
        text = say(
            "未另行说明的，按{name}的口径计算。",
            "What is not stated otherwise is worked out as {name} does.",
            name=Words(title.zh, title.en),
        )
        yield Sentence(text, (("platform",),))


def _rounding(terms: Terms) -> Sentence:
    """How fractions of a fen become whole ones, for all levels or for each."""
    about = (("semantics", "rounding"),)
    rule = terms.plan.semantics.rounding
    if isinstance(rule, str):
        return Sentence(say("金额计算到分：{how}。", "Amounts are {how} to the fen.", how=_rounded(rule)), about)
    levels = listed(
        (say("第 {n} 级{how}", "level {n} {how}", n=level, how=_rounded(mode)) for level, mode in sorted(rule.items())),
        "，",
        ", ",
    )
    text = say(
        "金额计算到分：{levels}，其余{rest}。",
        "Amounts come in whole fen: {levels}, all others {rest}.",
        levels=levels,
        rest=_rounded("floor"),
    )
    return Sentence(text, about)


def _rounded(mode: str) -> Words:
    return Words(ROUNDING_ZH[Rounding[mode]], _ROUNDED_EN[mode])


def refunds(terms: Terms) -> Iterator[Part]:
    """What a refund takes back."""
    yield Sentence(
        Words(
            "退款追回佣金时，另记一笔负的明细，原明细不改。",
            "What a refund takes back is a new negative entry; the first entry is never changed.",
        )
    )
    yield knob(terms, "partial_refund")
    yield knob(terms, "clawback_rounding")
    yield knob(terms, "refund_after_payout")
    if terms.by_period:
        yield knob(terms, "late_refund")
