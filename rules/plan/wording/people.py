"""Ranks 等级 and bindings 绑定 in words: how one rises and falls, and who belongs to whom."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from rules.people.rank import JoinRule, Rank
from rules.people.target import TargetRule
from rules.plan.wording.words import MEASURES, Part, Sentence, Terms, Words, listed, money, say


def ranks(terms: Terms) -> Iterator[Part]:
    """The ranks, lowest first, and what moves a member from one to another."""
    every = terms.plan.ranks
    first = terms.rank(every[0].id)
    if len(every) == 1:
        yield Sentence(
            say(
                "会员只有一个等级：{first}。注册即是。",
                "There is one rank, {first}: everybody who registers has it.",
                first=first,
            ),
            (("ranks",),),
        )
        return
    names = listed((terms.rank(rank.id) for rank in every), " → ", " → ")
    yield Sentence(
        say(
            "等级由低到高：{names}。注册即为{first}。",
            "Ranks, lowest first: {names}. Everybody starts as {first}.",
            names=names,
            first=first,
        ),
        (("ranks",),),
    )
    for below, rank in pairwise(every):
        yield from _rank(terms, below, rank)
    if any(rank.promote or rank.demote for rank in every):
        yield Sentence(
            Words(
                "升降级在每月结束、当月佣金计完之后评定；新等级不改变以前的订单。等级变动后，连续月数重新计算。",
                "Promotion and demotion are judged when a month is over and its commission is booked; a new rank never "
                "changes earlier orders. After a change of rank the months in a row are counted anew.",
            )
        )


def _rank(terms: Terms, below: Rank, rank: Rank) -> Iterator[Sentence]:
    name, lower = terms.rank(rank.id), terms.rank(below.id)
    if rank.join:
        how = _joining(rank.join)
        text = say(*_EFFECTIVE[rank.effective], how=how, name=name)
        yield Sentence(text, (("ranks", rank.id, "join"), ("ranks", rank.id, "effective")))
    if rank.promote:
        text = say(
            "{lower}{months}{target}，升为{name}。",
            "From {lower} to {name}: {target} {months}.",
            lower=lower,
            name=name,
            months=_months(rank.promote),
            target=_target(rank.promote, Words("不低于", "at least"), rank.promote.need == "all"),
        )
        yield Sentence(text, (("ranks", rank.id, "promote"),))
    if rank.demote:
        text = say(
            "{name}{months}{target}，降为{lower}。",
            "Back from {name} to {lower}: {target} {months}.",
            lower=lower,
            name=name,
            months=_months(rank.demote),
            target=_target(rank.demote, Words("低于", "under"), rank.demote.need == "any"),
        )
        yield Sentence(text, (("ranks", rank.id, "demote"),))
    if not rank.join and not rank.promote:
        text = say("{name}由商城授予。", "{name} is given by the store.", name=name)
        yield Sentence(text, (("ranks", rank.id, "join"), ("ranks", rank.id, "promote")))


_EFFECTIVE = {
    "at_once": ("{how}，立即成为{name}。", "{how}: {name} at once."),
    "next_month": ("{how}，下月起成为{name}。", "{how}: {name} from the next month on."),
}
_JOINING = {
    "orders": ("累计支付 {n} 个订单", "{n} paid {orders} of one's own"),
    "spend": ("累计消费满 {n}", "own purchases of {n} in all"),
    "single_order": ("单笔订单满 {n}", "a single order of {n}"),
    "direct_team": ("直属团队满 {n} 人", "a direct team of {n} people"),
    "promoted_orders": ("累计推广成交 {n} 单", "{n} promoted {orders}"),
    "promoted_volume": ("累计推广额满 {n}", "{n} promoted in all"),
    "earned": ("累计到账佣金满 {n}", "{n} of commission earned in all"),
}
_COUNTS = ("orders", "direct_team", "promoted_orders", "active_days")
"""Measures that are numbers of things, not money."""
_IN_A_MONTH = MEASURES | {
    "orders": Words("本人订单数", "own orders"),
    "promoted_orders": Words("推广订单数", "promoted orders"),
    "active_days": Words("有推广记录的天数", "days with a promotion record"),
    "direct_team": Words("直属团队人数", "people in the direct team"),
}


def _amount(name: str, threshold: int) -> Words | str:
    return str(threshold) if name in _COUNTS else money(threshold)


def _all_or_any(all_of_them: bool) -> tuple[str, str]:
    return ("，且", " and ") if all_of_them else ("，或", " or ")


def _joining(rule: JoinRule) -> Words:
    conditions = [
        say(*_JOINING[name], n=_amount(name, over), orders="order" if over == 1 else "orders")
        for name, over in rule.thresholds.items()
        if over
    ]
    return listed(conditions, *_all_or_any(rule.need == "all")) if conditions else Words("注册", "Registration")


def _months(rule: TargetRule) -> Words:
    if rule.months == 1:
        return Words("有一个月", "in a month")
    return say("连续 {n} 个月，每月", "in each of {n} months in a row", n=rule.months)


def _target(rule: TargetRule, compared: Words, all_of_them: bool) -> Words:
    """Every measure that a rule states, with its threshold; who must reach all of them misses them with any."""
    stated = (
        say(
            "{measure}{compared} {amount}",
            "{measure} {compared} {amount}",
            measure=_IN_A_MONTH[name],
            compared=compared,
            amount=_amount(name, over),
        )
        for name, over in rule.targets
    )
    return listed(stated, *_all_or_any(all_of_them))


_WHO = {
    "all": Words("所有会员都可以被绑定。", "Every member can be bound."),
    "new": Words("只有尚未注册的人可以被绑定。", "Only who is not registered yet can be bound."),
}
_BIND_ON = {
    "register": Words(
        "会员注册时与邀请人绑定；没有填写邀请人的，与注册前最后点开其分享的会员绑定。",
        "A member is bound at registration: to the inviter that is named, or else to whoever shared the last link "
        "opened before.",
    ),
    "first_click": Words(
        "点开一位会员的分享，即与该会员绑定；凭邀请注册的，与邀请人绑定。",
        "Opening a member's link binds to that member; registering by invitation binds to the inviter.",
    ),
    "first_order": Words(
        "首次下单时，与此前最后点开其分享的会员绑定；凭邀请注册的，与邀请人绑定。",
        "The first order binds to whoever shared the last link opened before it; registering by invitation binds to "
        "the inviter.",
    ),
    "invite_code": Words(
        "只凭注册时填写的邀请人绑定；仅点开分享不产生绑定。",
        "Only the inviter named at registration counts; opening a link does not bind.",
    ),
}
_KEEP = {
    "permanent": ("绑定长期有效。", "The binding does not expire."),
    "last_click": (
        "此后每次点开其他会员的分享，都改与其绑定：订单归最后一次点开的分享者。",
        "Every later click on another member's link binds anew: an order belongs to whoever shared the last link.",
    ),
    "days": (
        "绑定自建立起 {days} 天内有效，逾期自动解除。",
        "The binding lasts {days} days and then ends by itself.",
    ),
}
_ON_CONFLICT = {
    "keep": (
        "已有绑定时，其他会员再来推荐不改变绑定。",
        "While a binding stands, another member's recommendation changes nothing.",
    ),
    "override": (
        "已有绑定时，其他会员再来推荐，改与后者绑定。",
        "Another member's later recommendation replaces the binding.",
    ),
    "protect": (
        "绑定后 {days} 天内受保护；期满后其他会员再来推荐，改与后者绑定。",
        "For {days} days the binding is protected; after that another member's recommendation replaces it.",
    ),
}


def attribution(terms: Terms) -> Iterator[Part]:
    """Who belongs to whom, for how long, and what a second promoter can change."""
    rule = terms.plan.attribution
    yield Sentence(_WHO[rule.who], (("attribution", "who"),))
    yield Sentence(_BIND_ON[rule.bind_on], (("attribution", "bind_on"),))
    mode, days = rule.keep
    yield Sentence(say(*_KEEP[mode], days=days), (("attribution", "keep"),))
    if mode != "last_click":
        policy, days = rule.on_conflict
        yield Sentence(say(*_ON_CONFLICT[policy], days=days), (("attribution", "on_conflict"),))
    yield Sentence(
        Words(
            "不能与自己绑定，也不能与自己的下级绑定。商城更正绑定后，只影响以后的订单。",
            "Nobody is bound to themselves or to somebody below them. Where the store corrects a binding, later orders "
            "follow it and earlier ones do not.",
        )
    )
