"""Care 会员关怀 and messages 消息推送 in words: what members can expect, and what each case costs the store."""

from __future__ import annotations

from collections.abc import Iterator

from rules.people.care import Care
from rules.plan.wording.words import Part, Path, Sentence, Terms, Words, money, rate, say

_PLACE: Path = ("care",)
_TO = {"everybody": Words("全体会员", "everybody"), "promoters": Words("推广员", "promoters")}


def care(terms: Terms) -> Iterator[Part]:
    """Who is looked after, and how."""
    rule = terms.plan.care
    if rule is None:
        return
    yield from _newcomers(rule)
    yield from _warned(rule)
    if rule.win_back:
        gift = Words("", "")
        if rule.win_back.coupon:
            gift = say("并送优惠券 {coupon}", " with the coupon {coupon}", coupon=rule.win_back.coupon)
        text = say(
            "连续 {days} 天未访问的会员，会收到一条召回消息{gift}，成本每人 {cost}。",
            "Whoever has not visited for {days} days gets a message{gift}; it costs {cost} each.",
            days=rule.win_back.after_days,
            gift=gift,
            cost=money(rule.win_back.cost),
        )
        yield Sentence(text, ((*_PLACE, "win_back"),))


def _newcomers(rule: Care) -> Iterator[Part]:
    """Welcome, first task, training."""
    if rule.welcome:
        text = say("新会员注册即送优惠券 {c}。", "Newcomers get the coupon {c}.", c=rule.welcome.coupon)
        yield Sentence(text, ((*_PLACE, "welcome"),))
    if rule.first_share:
        text = say(
            "注册后 {days} 天内完成首次分享，送优惠券 {coupon}。",
            "Whoever shares for the first time within {days} days of registering gets the coupon {coupon}.",
            days=rule.first_share.days,
            coupon=rule.first_share.coupon,
        )
        yield Sentence(text, ((*_PLACE, "first_share"),))
    if rule.training:
        text = say(
            "首次分享后参加培训，成本每人 {cost}。",
            "Promoters are trained after their first share; it costs {cost} each.",
            cost=money(rule.training.cost),
        )
        yield Sentence(text, ((*_PLACE, "training"),))


def _warned(rule: Care) -> Iterator[Part]:
    """Warning signs, and what is done then."""
    text = say(
        "流失预警：推广员 {days} 天未访问，或四周收入比前四周下降 {fall}；{rest} 天内不重复干预。",
        "Warning signs of a promoter: {days} days without a visit, or an income of four weeks {fall} below that of the "
        "four before; nobody is a case twice within {rest} days.",
        days=rule.warn.silent_days,
        fall=rate(rule.warn.income_fall),
        rest=rule.warn.rest_days,
    )
    yield Sentence(text, ((*_PLACE, "warn"),))
    if rule.push:
        text = say(
            "预警后推送高佣商品，成本每人 {cost}。",
            "Then goods with a high commission are pushed; it costs {cost} each.",
            cost=money(rule.push.cost),
        )
        yield Sentence(text, ((*_PLACE, "push"),))
    if rule.adviser:
        text = say(
            "四周收入不低于 {income} 的，由专属顾问跟进，成本每人 {cost}。",
            "Whoever earned {income} or more in four weeks gets a personal adviser; it costs {cost} each.",
            income=money(rule.adviser.income),
            cost=money(rule.adviser.cost),
        )
        yield Sentence(text, ((*_PLACE, "adviser"),))


def messages(terms: Terms) -> Iterator[Part]:
    """How many messages a week, and to whom."""
    rule = terms.plan.messages
    if rule is None:
        return
    text = say(
        "每周向{to}推送 {n} 条消息，可以退订；成本每条 {cost}。",
        "{n} messages a week to {to}, who can opt out; one costs {cost}.",
        to=_TO[rule.to],
        n=rule.per_week,
        cost=money(rule.cost),
    )
    yield Sentence(text, (("messages",),))
