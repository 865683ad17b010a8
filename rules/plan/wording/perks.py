"""Points 积分 and coupons 优惠券 in words."""

from __future__ import annotations

from collections.abc import Iterator

from rules.money import factor
from rules.people.points import Earn
from rules.plan.wording.words import Part, Path, Sentence, Terms, Words, listed, money, rate, say


def points(terms: Terms) -> Iterator[Part]:
    """What earns points, and what they buy."""
    rule = terms.plan.points
    if rule is None:
        return
    place: Path = ("points",)
    yield Sentence(_earned(rule.earn), ((*place, "earn"),))
    if rule.value:
        text = say(
            "下单时每 1 积分抵 {value}，最多抵商品优惠前金额的 {share}。",
            "A point takes {value} off an order, up to {share} of its goods before discounts.",
            value=money(rule.value),
            share=rate(rule.max_share_of_order),
        )
    else:
        text = Words("积分不能抵扣订单金额。", "Points take nothing off an order.")
    yield Sentence(text, ((*place, "value"), (*place, "max_share_of_order")))
    for gift, cost in rule.gifts.items():
        text = say("{cost} 积分兑换礼品 {gift}。", "{cost} points buy the gift {gift}.", cost=cost, gift=gift)
        yield Sentence(text, ((*place, "gifts", gift),))
    for gift, fen in rule.costs.items():
        text = say("礼品 {gift} 成本 {cost}。", "The gift {gift} costs the store {cost}.", cost=money(fen), gift=gift)
        yield Sentence(text, ((*place, "costs", gift),))
    yield Sentence(
        Words(
            "购物积分在收货时记入，已退款的部分不计；收货后退款的，按比例扣回，扣到零为止。不足 1 积分的不计。",
            "Points for buying are entered at receipt, for what is not refunded by then; a later refund takes its "
            "part back, "
            "down to zero. Part of a point is not given.",
        )
    )


def _earned(earn: Earn) -> Words:
    """Everything that earns points, in a row."""
    ways = []
    if earn.sign_in:
        ways.append(say("每天签到得 {n} 分", "{n} for signing in on a day", n=earn.sign_in))
    if earn.share:
        most = Words("", "")
        if earn.share_per_day is not None:
            most = say("（每天最多计 {n} 次）", " ({n} of them a day at most)", n=earn.share_per_day)
        ways.append(say("每次分享得 {n} 分{most}", "{n} for a share{most}", n=earn.share, most=most))
    if earn.per_yuan:
        ways.append(say("商品实付每 1 元得 {n} 分", "{n} for each yuan paid for goods", n=earn.per_yuan))
    if not ways:
        return Words("没有赚取积分的方式。", "Nothing earns points.")
    return say("积分：{ways}。", "Points: {ways}.", ways=listed(ways, "，"))


def coupons(terms: Terms) -> Iterator[Part]:
    """What each coupon takes off, and for how long."""
    for name, rule in terms.plan.coupons.items():
        over = Words("", "")
        if rule.over:
            over = say(
                "，商品优惠前满 {over}可用",
                ", where its goods cost {over} or more before discounts",
                over=money(rule.over),
            )
        days = Words("长期有效", "it does not expire")
        if rule.days is not None:
            days = say("自发放起 {n} 天内有效", "it can be used for {n} days", n=rule.days)
        text = say(
            "优惠券 {id}：抵 {amount}{over}，{days}。",
            "Coupon {id}: {amount} off an order{over}; {days}.",
            id=name,
            amount=money(rule.amount),
            over=over,
            days=days,
        )
        yield Sentence(text, (("coupons", name),))
    if terms.plan.coupons:
        yield Sentence(
            Words(
                "每个订单用一张；订单取消的，优惠券退回；退款的不退。",
                "One for an order; a cancelled order gives it back, a refund does not.",
            )
        )


def recommend(terms: Terms) -> Iterator[Part]:
    """What buyers are shown beside their goods."""
    rule = terms.plan.recommend
    if rule is not None:
        yield Sentence(
            say(
                "商城在商品旁推荐其他品类的商品，使订单第二件来自其他品类的机会为原来的 {lift} 倍；推荐不改变佣金。",
                "The store shows goods of other categories beside those in a basket: the second line of an order comes "
                "from another category {lift} times as often. That changes no commission.",
                lift=factor(rule.lift),
            ),
            (("recommend", "lift"),),
        )
