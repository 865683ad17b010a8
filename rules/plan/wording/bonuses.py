"""Bonuses 奖励 on events, and the influence allowance 影响力津贴, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from rules.commission.bonus import Bonus
from rules.plan.limits import BonusEvent
from rules.plan.wording.words import EVERY, Part, Path, Sentence, Terms, Words, listed, money, rate, say, titled


def bonuses(terms: Terms) -> Iterator[Part]:
    """What is paid for an event."""
    for bonus in terms.plan.bonuses:
        text = say(
            "{what}。付给：{ranks}（明细名称：{id}）。",
            "{what}. Paid to: {ranks} (called {id} in statements).",
            what=_EVENTS[bonus.event](bonus),
            ranks=terms.ranks(bonus.ranks),
            id=bonus.id,
        )
        yield Sentence(text, (("bonuses", bonus.id),))


def _gift(bonus: Bonus) -> Words:
    """Money, or a coupon."""
    if bonus.coupon is not None:
        return say("优惠券 {id} 一张", "a coupon {id}", id=bonus.coupon)
    return money(bonus.money)


def _first_promoted_order(bonus: Bonus) -> Words:
    return say(
        "第一次推广成交，一次性奖励 {pay}（计入该订单，退款时按比例追回）",
        "{pay} once, for the first order a member promotes (it belongs to that order and is taken back in proportion "
        "to "
        "refunds)",
        pay=money(bonus.money),
    )


def _first_order_of_day(bonus: Bonus) -> Words:
    return say(
        "当天第一笔推广成交，奖励 {pay}（计入该订单，退款时按比例追回）",
        "{pay} for the first order a member promotes on a day (it belongs to that order and is taken back in "
        "proportion to "
        "refunds)",
        pay=money(bonus.money),
    )


def _promotion_streak(bonus: Bonus) -> Words:
    return say(
        "连续 {days} 天每天都有推广记录（分享，或分享被点开），奖励 {pay}；每满 {days} 天奖一次",
        "{pay} for {days} days in a row with a promotion record (a share, or a click on one), each time {days} days "
        "are "
        "full",
        pay=money(bonus.money),
        days=bonus.days or 0,
    )


def _new_promoter(bonus: Bonus) -> Words:
    return say(
        "首次高于最低等级后的 {months} 个月内，每笔基础佣金另加 {rate}",
        "{rate} more on every entry of base commission in the first {months} months above the lowest rank",
        months=bonus.months or 0,
        rate=rate(bonus.rate or 0),
    )


def _register(bonus: Bonus) -> Words:
    whom = {
        "inviter": Words("其邀请人得", "the inviter gets"),
        "newcomer": Words("新会员得", "the newcomer gets"),
    }[bonus.to or "inviter"]
    most = Words("", "")
    if bonus.per_day is not None:
        most = say("，每人每天合计不超过 {most}", ", {most} a member and day at most", most=money(bonus.per_day))
    return say(
        "有人注册，{whom}{gift}{most}",
        "when somebody registers, {whom} {gift}{most}",
        whom=whom,
        gift=_gift(bonus),
        most=most,
    )


def _invites(bonus: Bonus) -> Words:
    counted = {
        "registered": Words("注册", "registered"),
        "first_order": Words("注册并首次付款", "registered and paid a first order"),
    }[bonus.counted or "registered"]
    return say(
        "每邀请满 {count} 人（以{counted}为准），奖励{gift}",
        "{gift} each time another {count} people who were invited have {counted}",
        count=bonus.count or 0,
        counted=counted,
        gift=_gift(bonus),
    )


def _direct_team(bonus: Bonus) -> Words:
    parts = []
    if bonus.title is not None:
        parts.append(say("授予称号“{title}”", 'the title "{title}"', title=titled(bonus.title, bonus.id)))
    if bonus.money:
        parts.append(say("一次性奖励 {pay}", "{pay} once", pay=money(bonus.money)))
    if bonus.allowance is not None:
        parts.append(
            say(
                "此后团队保持该人数的，{every}得管理津贴 {pay}（不在每日封顶之内）",
                "an allowance of {pay} {every} while the team keeps that size (outside the daily cap)",
                every=EVERY[bonus.period or "month"],
                pay=money(bonus.allowance),
            )
        )
    return say(
        "直属团队（与本人绑定的注册会员）首次达到 {count} 人：{parts}",
        "when the direct team, the registered members bound to somebody, first reaches {count}: {parts}",
        count=bonus.count or 0,
        parts=listed(parts, "，"),
    )


def _apprentice(bonus: Bonus) -> Words:
    return say(
        "师徒奖励：徒弟（与本人绑定的会员）注册后 {days} 天内推广成交满 {count} 单，奖励 {pay}，每名徒弟一次；"
        "徒弟的订单日后退款不追回",
        "{pay} to the mentor, once an apprentice, when somebody bound to them promotes order number {count} within "
        "{days} days of registering; later refunds of these orders take nothing back",
        days=bonus.days or 0,
        count=bonus.count or 0,
        pay=money(bonus.money),
    )


_EVENTS: Mapping[BonusEvent, Callable[[Bonus], Words]] = {
    "first_promoted_order": _first_promoted_order,
    "promotion_streak": _promotion_streak,
    "first_order_of_day": _first_order_of_day,
    "direct_team": _direct_team,
    "invites": _invites,
    "register": _register,
    "new_promoter": _new_promoter,
    "apprentice": _apprentice,
}
"""What each event is for."""


def influence(terms: Terms) -> Iterator[Part]:
    """What somebody in the middle of the path of a sale gets."""
    rule = terms.plan.commission.influence
    if rule is None:
        return
    place: Path = ("commission", "influence")
    yield Sentence(
        say(
            "影响力津贴：订单的传播路径是从最初的分享者起，依次点开分享，直到买家的一串人。路径不少于 {path} 人的，"
            "其中第 {node} 位每单得 {pay}。",
            "Influence allowance: the path of an order is the people who opened each other's shares, from the first "
            "who "
            "shared to the buyer. In a path of {path} people or more, number {node} gets {pay} an order.",
            path=rule.path,
            node=rule.node,
            pay=money(rule.pay),
        ),
        tuple((*place, key) for key in ("path", "node", "pay")),
    )
    yield Sentence(
        say(
            "其分享须已被他人点开至少 {n} 次。",
            "Others must have opened their shares at least {n} times.",
            n=rule.clicks,
        ),
        ((*place, "clicks"),),
    )
    yield Sentence(_WITHOUT_SALE[rule.without_sale], ((*place, "without_sale"),))
    if rule.per_day is not None:
        text = say("每人每天不超过 {most}。", "At most {most} a member and day.", most=money(rule.per_day))
        yield Sentence(text, ((*place, "per_day"),))


_WITHOUT_SALE = {
    True: Words(
        "只付给还没有推广成交的会员（含本单）。", "Only who has not promoted an order gets it, this one included."
    ),
    False: Words("有没有推广成交都付。", "It is paid whether they have promoted an order or not."),
}
