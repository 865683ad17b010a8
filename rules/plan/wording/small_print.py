"""The knobs of `semantics` in words: what commission is taken of, how it is rounded, what a refund takes back.

A knob whose values are a fixed list is one entry of `rules.plan.wording.knobs.KNOBS`; `knob` says it. The others have
a function here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules.money import ROUNDING_ZH, Rounding
from rules.plan.defects import DEFECTS
from rules.plan.semantics import Divided, Split
from rules.plan.wording.knobs import KNOBS
from rules.plan.wording.words import Part, Sentence, Terms, Words, listed, money, say
from rules.platforms import PLATFORMS

_ROUNDED_EN = {
    "floor": "rounded down",
    "half_up": "rounded half up",
    "half_even": "rounded half to even",
    "ceil": "rounded up",
}
_MOMENTS = {
    "create": Words("下单", "the order is placed"),
    "pay": Words("付款", "it is paid"),
    "receipt": Words("收货", "the goods are received"),
    "settle": Words("冻结期满", "the hold ends"),
}


def knob(terms: Terms, name: str) -> Sentence:
    """What the plan says of one knob."""
    return Sentence(KNOBS[name][getattr(terms.plan.semantics, name)], (("semantics", name),))


def counting(terms: Terms) -> Iterator[Part]:
    """What commission is taken of, how it is rounded, and which moment counts."""
    plan = terms.plan
    yield from _platform(terms)
    yield from (knob(terms, name) for name in ("base_on", "base_round", "freight", "freight_split", "fee_share"))
    yield _rounding(terms)
    yield from (knob(terms, name) for name in ("round_per", "entry_per"))
    yield from _discounts(terms)
    levels = plan.commission.base.levels if plan.commission.base else []
    if any(level.skus for level in levels):
        yield knob(terms, "sku_left_out")
    if any(level.by_rank for level in levels):
        yield knob(terms, "rank_rate")
    yield knob(terms, "stack")
    yield from _duration(terms)
    yield from _who_and_when(terms)
    if plan.depth > 1:
        yield from (knob(terms, name) for name in ("subtract_lower", "zero_amount"))
    if plan.depth > 1 or plan.semantics.ineligible_level == "compress":
        yield knob(terms, "ineligible_level")
    yield knob(terms, "self_purchase")
    for name in plan.semantics.defects:
        fault = DEFECTS[name].what
        text = say("按平台现状计算：{what}。", "As the platform computes it: {what}.", what=Words(fault.zh, fault.en))
        yield Sentence(text, (("semantics", "defects"),))


_SPLIT = {
    "truncate": Words("不足一分的舍去，最后一行承担余数", "fractions of a fen dropped, the last line takes the rest"),
    "ratio4": Words(
        "占比先截到四位小数，最后一行承担余数", "the share cut to four decimals first, the last line takes the rest"
    ),
    "half_up": Words("四舍五入到分，最后一行承担余数", "rounded half up, the last line takes the rest"),
    "half_up_each": Words("每行各自四舍五入到分", "each line rounded half up by itself"),
    "double": Words(
        "按双精度浮点数计算后舍去不足一分的，最后一行承担余数",
        "worked out in floating point and cut to the fen, the last line takes the rest",
    ),
}
_DISCOUNTS = {
    "reduction": Words("满减", "reductions"),
    "coupon": Words("优惠券", "coupons"),
    "points": Words("积分", "points"),
    "freight": Words("运费", "freight"),
}


def _discounts(terms: Terms) -> Iterator[Sentence]:
    """How discounts on a whole order come off its lines."""
    rule = terms.plan.semantics
    order = listed((_DISCOUNTS[name] for name in rule.discount_order), "、", ", then ")
    text = say("整单优惠依次扣减：{order}。", "Discounts on a whole order come off in turn: {order}.", order=order)
    yield Sentence(text, (("semantics", "discount_order"),))
    how = _SPLIT[rule.discount_split] if isinstance(rule.discount_split, str) else _by_discount(rule.discount_split)
    text = say("优惠按金额分摊到各行：{how}。", "They are split over the lines by amount: {how}.", how=how)
    yield Sentence(text, (("semantics", "discount_split"),))
    yield knob(terms, "discount_weights")


def _by_discount(split: Mapping[Divided, Split]) -> Words:
    """How each discount is split, where the plan tells them apart."""
    told = [say("{what}{how}", "{what} {how}", what=_DISCOUNTS[name], how=_SPLIT[one]) for name, one in split.items()]
    rest = [] if len(split) == len(_DISCOUNTS) else [say("其余{how}", "all others {how}", how=_SPLIT["truncate"])]
    return listed([*told, *rest], "；", "; ")


def _duration(terms: Terms) -> Iterator[Sentence]:
    """For how long a customer's orders earn."""
    months = terms.plan.semantics.duration_months
    if months is None:
        return
    text = say(
        "顾客自首次付款起 {n} 个月内的订单计基础佣金。",
        "A customer's orders earn base commission for {n} months from the first one that was paid.",
        n=months,
    )
    first = Words("每位顾客只有首单计基础佣金。", "Only the first order of a customer earns base commission.")
    yield Sentence(text if months else first, (("semantics", "duration_months"),))


def _who_and_when(terms: Terms) -> Iterator[Sentence]:
    """Which moment counts for rates and people, and who may be paid at all."""
    rule = terms.plan.semantics
    text = say(
        "比例、等级和活动以{moment}时为准。",
        "Rates, ranks and campaigns are those of the moment at which {moment}.",
        moment=_MOMENTS[rule.rate_snapshot],
    )
    yield Sentence(text, (("semantics", "rate_snapshot"),))
    first, above = _MOMENTS[rule.upline_at(1)], _MOMENTS[rule.upline_at(2)]
    when = (
        first
        if first == above
        else say(
            "{first}（第 1 级）、{above}（其上各级）",
            "{first} (level 1) or {above} (all above)",
            first=first,
            above=above,
        )
    )
    text = say(
        "上级关系以{moment}时为准，此后的变更不影响该订单。",
        "Who stands above the buyer is read when {moment}; later changes do not touch the order.",
        moment=when,
    )
    yield Sentence(text, (("semantics", "upline_snapshot"),))
    yield knob(terms, "unbound_at_create")
    yield _promoters(terms)
    checks = listed((_MOMENTS[one] for one in rule.checks), "、", " and when ")
    text = say(
        "是否符合得佣条件（未被冻结、是推广者、等级在列），在{when}时检查。",
        "Whether somebody may be paid (not frozen, a promoter, of a rank that is listed) is checked when {when}.",
        when=checks,
    )
    yield Sentence(text, (("semantics", "eligible_at"),))


_PROMOTER_BY = {
    "rank": ("推广者：等级在各级名单中的会员。", "Promoters are those whose ranks a level lists."),
    "all": ("推广者：所有注册会员。", "Everybody who is registered is a promoter."),
    "appointed": ("推广者：由商城指定。", "Promoters are appointed by the store."),
    "spend_over": (
        "推广者：本人订单累计实付超过 {n}的会员（含运费，退款不减）。",
        "Promoters are those whose own orders came to more than {n}, freight included and refunds not taken off.",
    ),
    "order_at_least": (
        "推广者：单笔订单实付达到 {n}的会员（含运费）。",
        "Promoters are those who once paid {n} or more in one order, freight included.",
    ),
}


def _promoters(terms: Terms) -> Sentence:
    """Who may be paid on orders at all."""
    way, amount = terms.plan.semantics.promoter_by
    return Sentence(say(*_PROMOTER_BY[way], n=money(amount)), (("semantics", "promoter_by"),))


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
    yield from (knob(terms, name) for name in ("clawback_rounding", "clawback_unit"))
    yield knob(terms, "refund_after_payout")
    if terms.by_period:
        yield knob(terms, "late_refund")
