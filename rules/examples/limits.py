"""Worked examples of limits and of time: first orders, caps that bite, from hold to settlement, a withdrawal."""

from __future__ import annotations

from collections.abc import Iterator

from rules.calendar import moment_of
from rules.commission.base import Percentage, stated_rate
from rules.examples.parts import (
    Amount,
    Example,
    amount,
    buys,
    goods,
    no_longer_new,
    of_level,
    paid_levels,
    payees,
)
from rules.money import PPM, in_yuan
from rules.payout.channel import largest_request
from rules.plan.model import Plan
from rules.plan.wording.commission import categories
from rules.plan.wording.words import Terms, Words, money, say
from rules.scene import Outcome, Scene, during, quiet

_ASKED, _TAXED = 500_00, 10_000_00
"""What is withdrawn in an example, in fen, where the plan allows it; and where tax is to show."""
_ADJUSTED = 6_00
_PRICES = (199_00, 999_00, 4_999_00, 49_999_00)
"""What an order can cost in an example of a first order or of a cap: the first that shows it, in fen."""


def first_order(terms: Terms) -> Iterator[Example]:
    """The first order a member promotes, dear enough that no cap bites."""
    if not any(bonus.event == "first_promoted_order" for bonus in terms.plan.bonuses):
        return
    plan, category = quiet(terms.plan), goods(terms)
    for price in _PRICES:
        outcome = _first_sale(plan, terms, category, price)
        if _paid(outcome) == _paid(_first_sale(_uncapped(plan), terms, category, price)):
            found = _of_order(terms, outcome)
            if any(entry.bonus for entry in outcome.of(order="O1")):
                title = Words("第一次推广成交", "The first promoted order")
                yield Example("first_order", title, (_first_story(terms, category, price),), found)
            return


def _first_sale(plan: Plan, terms: Terms, category: str, price: int) -> Outcome:
    """Somebody's first promoted order, of one piece."""
    scene = Scene(plan)
    buyer = scene.chain(payees(terms) or [terms.plan.ranks[-1].id])
    scene.order("2026-01-05 10:00", "O1", buyer, category, price)
    return scene.play()


def _first_story(terms: Terms, category: str, price: int) -> Words:
    new = Words("", "")
    if any(bonus.event == "first_promoted_order" for bonus in terms.plan.bonuses):
        new = Words("第 1 级的会员此前没有推广成交。", "The level-1 member has never promoted an order before. ")
    return say(
        "{new}买家购买“{category}” 1 件，实付 {price}。",
        "{new}A buyer takes one piece ({category}) for {price}.",
        new=new,
        category=terms.category(category),
        price=money(price),
    )


def _of_order(terms: Terms, outcome: Outcome) -> tuple[Amount, ...]:
    ranks = payees(terms) or [terms.plan.ranks[-1].id]
    return tuple(
        amount(of_level(terms, int(one.member), ranks[int(one.member) - 1]), one)
        for one in outcome.of(order="O1")
        if one.member.isdigit()
    )


def _paid(outcome: Outcome) -> list[int]:
    return [entry.amount for entry in outcome.of(order="O1")]


def _uncapped(plan: Plan) -> Plan:
    return plan.model_copy(update={"caps": plan.caps.model_copy(update={"order_ratio": None, "member_day": None})})


def order_cap(terms: Terms) -> Iterator[Example]:
    """An order on which the cap bites: an ordinary one, one in a campaign, or somebody's first."""
    if terms.plan.caps.order_ratio is None:
        return
    for plan, extra in _chances(terms):
        free = plan.model_copy(update={"caps": plan.caps.model_copy(update={"order_ratio": None})})
        for category in categories(paid_levels(terms)):
            price = _PRICES[0]
            outcome, without = (_first_sale(one, terms, category, price) for one in (plan, free))
            if _paid(outcome) != _paid(without):
                story = (_first_story(terms, category, price), *extra)
                before, after = (money(sum(_paid(one))) for one in (without, outcome))
                result = say(
                    "没有封顶时合计 {before}，封顶后合计 {after}。",
                    "Without the cap it would be {before} in all; with it, {after}.",
                    before=before,
                    after=after,
                )
                title = Words("订单封顶", "The cap on an order")
                yield Example("order_cap", title, story, _of_order(terms, outcome), (result,))
                return


def _chances(terms: Terms) -> Iterator[tuple[Plan, tuple[Words, ...]]]:
    """Times at which the cap on an order may bite, the most ordinary first."""
    yield quiet(terms.plan), ()
    for campaign in terms.plan.campaigns:
        note = say("活动 {id} 正在进行。", "Campaign {id} is on.", id=campaign.id)
        yield during(terms.plan, campaign.id), (note,)


def day_cap(terms: Terms) -> Iterator[Example]:
    """A day on which a member would earn twice the daily cap."""
    cap, levels = terms.plan.caps.member_day, paid_levels(terms)
    if cap is None or not levels:
        return
    rank, category = payees(terms)[0], goods(terms)
    stated = stated_rate(levels[0], category, None, rank, terms.plan.semantics)
    if not isinstance(stated, Percentage) or stated.rate == 0:
        return
    price = -(-2 * cap * PPM // stated.rate // 100) * 100
    scene = Scene(quiet(terms.plan))
    buyer = scene.chain(payees(terms))
    no_longer_new(scene)
    scene.order("2026-01-06 10:00", "O1", buyer, category, price)
    entries = scene.play().of(order="O1", member="1")
    if entries:
        story = say(
            "买家一次购买“{category}”，实付 {price}。",
            "A buyer pays {price} for one order ({category}).",
            category=terms.category(category),
            price=money(price),
        )
        found = tuple(amount(of_level(terms, 1, rank), one) for one in entries)
        yield Example("day_cap", Words("每日封顶", "The daily cap"), (story,), found)


def settlement(terms: Terms) -> Iterator[Example]:
    """From payment to the moment the money can be withdrawn."""
    if not payees(terms):
        return
    scene, category = Scene(quiet(terms.plan)), goods(terms)
    buyer = scene.chain(payees(terms))
    buys(scene, buyer, category)
    scene.happens("2026-01-09 15:00", receive="O1")
    settles = scene.play().state.orders[0].settle_at
    if settles is None:
        return
    story = Words(
        "订单于 2026-01-06 10:00（周二）付款，2026-01-09 15:00（周五）确认收货。",
        "An order is paid on Tuesday 2026-01-06 at 10:00 and received on Friday 2026-01-09 at 15:00.",
    )
    result = say("佣金自 {when}起可提现。", "The commission can be withdrawn from {when}.", when=_moment(settles))
    yield Example("settlement", Words("什么时候可以提现", "When it can be withdrawn"), (story,), (), (result,))


def dispute(terms: Terms) -> Iterator[Example]:
    """A dispute that is upheld: an adjustment with its reason."""
    if terms.plan.disputes is None or not payees(terms):
        return
    scene = Scene(quiet(terms.plan))
    buys(scene, scene.chain(payees(terms)), goods(terms))
    scene.happens("2026-01-09 15:00", receive="O1")
    scene.happens("2026-01-10 10:00", dispute="O1", by="1")
    scene.happens("2026-01-11 10:00", settle_dispute="O1", outcome="upheld", amount=in_yuan(_ADJUSTED))
    rank = payees(terms)[0]
    found = tuple(
        amount(of_level(terms, 1, rank), one) for one in scene.play().entries if one.component == "adjustment"
    )
    if found:
        story = say(
            "订单收货次日，第 1 级会员提出申诉；商城认定应补 {amount}。",
            "The day after receipt the level-1 member disputes the order; the store finds that {amount} are missing.",
            amount=money(_ADJUSTED),
        )
        yield Example("dispute", Words("申诉", "A dispute"), (story,), found)


_WEEKDAYS = "一二三四五六日"


def _moment(seconds: int) -> Words:
    when = moment_of(seconds)
    written = when.strftime("%Y-%m-%d %H:%M")
    return Words(f"{written}（周{_WEEKDAYS[when.weekday()]}）", f"{written} ({when.strftime('%A')})")


def withdrawal(terms: Terms) -> Iterator[Example]:
    """A withdrawal that is paid, and before it one that is too small."""
    rule = terms.plan.withdrawal
    asked, most = max(rule.minimum, _ASKED if rule.tax == "none" else _TAXED), largest_request(rule)
    asked = asked if most is None else min(asked, most)
    scene = Scene(quiet(terms.plan))
    scene.payable("payee", payees(terms)[0] if payees(terms) else terms.plan.ranks[0].id, asked)
    if rule.minimum > 1:
        scene.happens("2026-01-05 09:00", withdraw="payee", amount=in_yuan(rule.minimum - 1), id="W0")
    scene.happens("2026-01-05 10:00", withdraw="payee", amount=in_yuan(asked), id="W1")
    if rule.review_over is not None and asked > rule.review_over:
        scene.happens("2026-01-05 11:00", approve="W1")
    outcome = scene.play()
    told = [say("不予受理：{why}。", "Refused: {why}.", why=why) for why in outcome.refusals]
    told += [
        say(
            "申请提现 {gross}：手续费 {fee}，代扣税 {tax}，到账 {net}。",
            "{gross} asked for: a fee of {fee}, tax withheld {tax}, {net} paid out.",
            gross=money(one.amount),
            fee=money(one.fee),
            tax=money(one.tax),
            net=money(one.net),
        )
        for one in outcome.state.withdrawals.values()
    ]
    story = [say("可提现余额 {balance}。", "The balance is {balance}.", balance=money(asked))]
    if rule.minimum > 1:
        story.append(say("先申请提现 {asked}。", "First {asked} are asked for.", asked=money(rule.minimum - 1)))
    steps = [Words(step.zh, step.en) for one in outcome.state.withdrawals.values() for step in one.steps]
    yield Example("withdrawal", Words("提现", "A withdrawal"), (*story, *map(_sentence, steps)), (), tuple(told))


def _sentence(words: Words) -> Words:
    """A step of an explanation as a sentence."""
    return Words(f"{words.zh}。", f"{words.en[:1].upper()}{words.en[1:]}.")
