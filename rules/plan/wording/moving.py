"""What moves rates, in words: the age of a product, how many of those who see it shared buy it, activity goods."""

from __future__ import annotations

from collections.abc import Iterator

from rules.commission.product_age import ProductAge
from rules.plan.wording.words import EVERY, Part, Path, Sentence, Terms, Words, listed, rate, say, times

_PLACE: Path = ("commission", "base", "product_age")


def product_age(terms: Terms) -> Iterator[Part]:
    """What the age of a product multiplies."""
    rule = terms.plan.commission.base.product_age if terms.plan.commission.base else None
    if rule is None:
        return
    yield Sentence(
        Words(
            "新品与老品的基础佣金比例按上市天数调整，上市当天为第 0 天；未列出的商品和天数不变（固定金额不变）。",
            "Base rates move with the age of a product; on the day of its launch it is 0 days old. Products and ages "
            "that "
            "are not listed keep their rates (fixed amounts stay).",
        ),
        (_PLACE,),
    )
    yield from _bands(rule)
    for sku, day in rule.launched.items():
        text = say("商品 {sku}：{day} 上市。", "Product {sku}: launched on {day}.", sku=sku, day=day.isoformat())
        yield Sentence(text, ((*_PLACE, "launched", sku),))


def _bands(rule: ProductAge) -> Iterator[Sentence]:
    for number, band in enumerate(rule.bands, 1):
        first, last = band.days
        text = say(
            "上市第 {first} 至 {last} 天：基础佣金比例 × {factor}。",
            "Aged {first} to {last} days: base rates × {factor}.",
            first=first,
            last=last,
            factor=times(band.multiply),
        )
        yield Sentence(text, ((*_PLACE, "bands", str(number)),))


def dynamic(terms: Terms) -> Iterator[Part]:
    """What lifts the rates of a product that people buy when they see it shared."""
    rule = terms.plan.commission.dynamic
    if rule is None:
        return
    place: Path = ("commission", "dynamic")
    yield Sentence(
        say(
            "动态佣金：{every}统计每个商品的分享点击和推广成交。点击不少于 {clicks} 次、"
            "成交与点击之比高于全部商品平均值 {above} 的商品，"
            "下一期基础佣金比例 × {factor}；已经支付的订单不变。",
            "Dynamic rates: {every} the clicks on shares of each product and the orders they bring are counted. A "
            "product "
            "with {clicks} clicks or more, whose orders for each click are more than {above} above the mean of all "
            "products, "
            "has base rates × {factor} throughout the next period; what was paid stays.",
            every=EVERY[rule.period],
            clicks=rule.clicks,
            above=rate(rule.above),
            factor=times(rule.multiply),
        ),
        tuple((*place, key) for key in ("period", "above", "clicks", "multiply")),
    )


_ACTIVITIES = {
    "group_buy": Words("拼团", "group buys"),
    "seckill": Words("秒杀", "flash sales"),
    "bargain": Words("砍价", "bargains"),
}


def activities(terms: Terms) -> Iterator[Part]:
    """Which activity goods earn anything, and what the head of a group buy gets."""
    stated, head = terms.plan.commission.activities, terms.plan.commission.group_head
    about = (("commission", "activities"),)
    if stated:
        names = listed(_ACTIVITIES[name] for name in stated)
        text = say(
            "活动商品中，{names}计佣金和奖励，其余不计。",
            "Of activity goods, {names} earn commission and bonuses; others do not.",
            names=names,
        )
        yield Sentence(text, about)
    else:
        text = Words(
            "拼团、秒杀、砍价的订单不计佣金和奖励。",
            "Orders of group buys, flash sales and bargains earn no commission or bonuses.",
        )
        yield Sentence(text, about)
    if head:
        text = say(
            "开团的买家符合第 1 级条件的，得该订单实付（含运费）的 {rate}。",
            "The buyer who opened a group buy gets {rate} of what was paid for that order, freight included, if "
            "level 1 may "
            "be paid to them.",
            rate=rate(head),
        )
        yield Sentence(text, (("commission", "group_head"),))
