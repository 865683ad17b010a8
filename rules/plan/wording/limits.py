"""Campaigns 活动 and caps 封顶 in words."""

from __future__ import annotations

from collections.abc import Iterator

from rules.commission.campaign import Campaign
from rules.commission.contest import Contest
from rules.plan.wording.words import COMPONENTS, Part, Sentence, Terms, Words, both, listed, money, rate, say, times


def campaigns(terms: Terms) -> Iterator[Part]:
    """When base rates are multiplied, and for whom and what."""
    for campaign in terms.plan.campaigns:
        text = say(
            "活动 {id}：{when}，基础佣金比例 × {factor}（固定金额不变）；商品：{goods}；等级：{ranks}；渠道："
            "{channels}。{budget}",
            "Campaign {id}: {when}, base rates × {factor} (fixed amounts stay); goods: {goods}; ranks: {ranks}; "
            "channels: {channels}.{budget}",
            id=campaign.id,
            when=days_in_words(terms, campaign),
            factor=times(campaign.multiply.base),
            goods=_goods(terms, campaign),
            ranks=terms.ranks(campaign.ranks),
            channels=_ALL if campaign.channels is None else listed(map(both, campaign.channels)),
            budget=_budget(campaign),
        )
        about = (("campaigns", campaign.id), ("start",)) if campaign.days else (("campaigns", campaign.id),)
        yield Sentence(text, about)


_ALL = Words("全部", "all")


def _budget(campaign: Campaign) -> Words:
    """What the campaign may add in all."""
    if campaign.budget is None:
        return Words("", "")
    return say(
        "因活动多付的佣金合计以 {most}为限，按付款先后，用完为止；退款不恢复额度。",
        " What it adds to commission is {most} at most, in the order of payments; refunds do not refill it.",
        most=money(campaign.budget),
    )


def days_in_words(terms: Terms, campaign: Campaign | Contest) -> Words:
    """The days of a campaign or a contest."""
    if campaign.dates:
        return _dates(*(day.isoformat() for day in campaign.dates))
    assert campaign.days
    first, last = campaign.days
    begins, ends = terms.date(first), terms.date(last)
    if begins and ends:
        return _dates(begins, ends)
    return say(
        "自方案开始之日起第 {first} 天至第 {last} 天",
        "days {first} to {last}, counted from the day the plan starts",
        first=first + 1,
        last=last + 1,
    )


def _dates(first: str, last: str) -> Words:
    if first == last:
        return say("{first} 当天", "on {first}", first=first)
    return say("{first} 至 {last}（含首尾两天）", "{first} to {last}, both included", first=first, last=last)


def _goods(terms: Terms, campaign: Campaign) -> Words:
    conditions = []
    if campaign.categories is not None:
        conditions.append(listed(map(terms.category, campaign.categories)))
    if campaign.skus is not None:
        conditions.append(listed(map(both, campaign.skus)))
    return listed(conditions, "，且为 ", ", and of these ") if conditions else _ALL


_TRIM = {
    "far_levels_first": Words(
        "依次减{far}基础佣金（从离买家最远的一级起），最后减奖励",
        "{far}base commission from the farthest level in, and then bonuses give way",
    ),
    "pro_rata": Words("全部按同一比例减少", "everything shrinks in the same proportion"),
    "bonuses_first": Words(
        "先减奖励，再依次减{far}基础佣金（从离买家最远的一级起）",
        "first bonuses give way, then {far}base commission from the farthest level in",
    ),
}


def _before_base(terms: Terms) -> Words:
    """The components of the plan that give way before base commission, the first first."""
    stated = terms.plan.commission
    names = [name for name in ("area", "peer", "differential", "margin") if getattr(stated, name) is not None]
    far = listed(COMPONENTS[name] for name in names)
    return Words(f"{far.zh}、", f"{far.en}, ") if names else Words("", "")


_MEMBER_CAPS = {
    "member_day": (
        "每位会员每天计入的佣金和奖励，合计不超过 {amount}。",
        "Commission and bonuses of a member are at most {amount} a day.",
    ),
    "member_month": (
        "每位会员每个自然月计入的佣金和奖励，合计不超过 {amount}。",
        "Commission and bonuses of a member are at most {amount} a calendar month.",
    ),
}
_OVER_CAP = {
    "forfeit": Words("超出封顶的部分不再补发。", "What is over a cap is not paid later."),
    "defer": Words(
        "超出每日、每月封顶的部分，顺延到以后各日，在当日所得之前先补；冻结期间不补。超出订单封顶的部分不再补发。",
        "What is over the cap of a day or month waits for later days and is paid then before what those days earn, "
        "unless "
        "the member is frozen; what is over the cap of an order is lost.",
    ),
}


def caps(terms: Terms) -> Iterator[Part]:
    """What an order and a day can bring at the most."""
    rule = terms.plan.caps
    if rule.order_ratio is None:
        words = Words("单个订单没有金额封顶。", "There is no cap on what an order can bring.")
        yield Sentence(words, (("caps", "order_ratio"),))
    else:
        words = say(
            "一个订单的全部佣金和奖励，合计不超过商品实付金额（不含运费）的 {ratio}。",
            "All commission and bonuses of an order together are at most {ratio} of what was paid for its goods, "
            "without freight.",
            ratio=rate(rule.order_ratio),
        )
        yield Sentence(words, (("caps", "order_ratio"),))
        how = say(_TRIM[rule.trim].zh, _TRIM[rule.trim].en, far=_before_base(terms))
        trim = say("超过时，{how}。", "Above that, {how}.", how=how)
        yield Sentence(trim, (("caps", "trim"),))
    for key, (zh, en) in _MEMBER_CAPS.items():
        cap = getattr(rule, key)
        if cap is not None:
            yield Sentence(say(zh, en, amount=money(cap)), (("caps", key),))
    if rule.member_day is None and rule.member_month is None:
        words = Words("会员的所得没有封顶。", "There is no cap on what a member can earn in a day or month.")
        yield Sentence(words, (("caps", "member_day"), ("caps", "member_month")))
    if any(one is not None for one in (rule.order_ratio, rule.member_day, rule.member_month)):
        yield Sentence(_OVER_CAP[rule.over_cap], (("caps", "over_cap"),))
        if periodic := terms.by_period:
            text = say(
                "按期计算的{what}不在以上封顶之内。",
                "What is worked out by period ({what}) is outside these caps.",
                what=periodic,
            )
            yield Sentence(text)
