"""What came before an amount: the click, the binding, the order, the people above the buyer, and the plan."""

from __future__ import annotations

from rules.calendar import date_of, period_days
from rules.events import DAY, MARK_ZH, Mark, Period
from rules.journey.facts import Binding, How
from rules.journey.words import MOMENT_WORDS, Told, Words, clock, joined, say
from rules.money import yuan
from rules.readable import Entry, Order, State, Step
from rules.records import Component

_BOUND: dict[How, Step] = {
    "opening": Step("{member} 期初已属 {inviter}", "{member} belonged to {inviter} at the opening"),
    "register": Step(
        "{member} 注册，填写 {inviter} 为邀请人，绑定 {inviter}",
        "{member} registered with {inviter} as inviter: bound to {inviter}",
    ),
    "last_click": Step(
        "{member} 注册，绑定最近点击的分享人 {inviter}",
        "{member} registered: bound to {inviter}, whose share was clicked last",
    ),
    "click": Step("{member} 因这次点击绑定 {inviter}", "{member} was bound to {inviter} by that click"),
    "first_order": Step(
        "{member} 下首单，绑定最近点击的分享人 {inviter}",
        "{member} placed a first order: bound to {inviter}, whose share was clicked last",
    ),
    "rebind": Step("运营把 {member} 改绑到 {inviter}", "an operator bound {member} to {inviter}"),
}


def before(told: Told, entry: Entry) -> list[Step]:
    """From the click to the plan whose rates apply; of a reversal, what it takes back from."""
    if entry.reverses is not None:
        original = told.state.entries[entry.reverses]
        what: Words = {"at": clock(original.time), "amount": yuan(original.amount)}
        return [say("冲减 {at} 计入的 {amount}", "takes back from the {amount} booked {at}", **what)]
    if entry.order is None:
        return _without_order(told, entry)
    order = told.state.orders[entry.order]
    placed = _placed(told, entry.order, order)
    if entry.member not in order.people:
        return [placed, *_plan(told, order, entry)]
    return [*_bound(told, order), placed, *_chain(told, order, entry), *_plan(told, order, entry)]


def _without_order(told: Told, entry: Entry) -> list[Step]:
    plan = told.plan(entry.plan)
    steps = [
        say(
            "{at} 按方案 {plan} 计入，不属于单个订单",
            "booked {at} by plan {plan}, for no single order",
            at=clock(entry.time),
            plan=plan,
        )
    ]
    period = _period_of(told.state, entry)
    if entry.period is not None and period is not None:
        first, after = period_days(entry.period, Period[period])
        days: Words = {"first": str(date_of(first * DAY)), "last": str(date_of((after - 1) * DAY))}
        steps.append(say("计算期间 {first} 至 {last}", "for the period {first} to {last}", **days))
    return steps


def _period_of(state: State, entry: Entry) -> str | None:
    """How long the periods are that an entry is reckoned by, or None."""
    plan = state.plans[entry.plan]
    if entry.component is Component.bonus and entry.source is not None:
        return plan.bonuses[entry.source].period or "month"
    if entry.component in (Component.contest, Component.prize) and entry.source is not None:
        every = plan.contests[entry.source].every
        return "day" if every == "once" else every
    rules = {
        Component.ladder: plan.commission.ladder,
        Component.team: plan.commission.team,
        Component.dividend: plan.commission.dividend,
    }
    rule = rules.get(entry.component)
    return rule.period if rule else None


def _placed(told: Told, number: int, order: Order) -> Step:
    return say(
        "订单 {order}：{buyer} {placed} 下单，{paid} 付款，商品实付 {goods}",
        "order {order}: placed by {buyer} {placed}, paid {paid}, {goods} for the goods",
        order=told.order(number),
        buyer=told.who(order.buyer),
        placed=clock(order.placed_at),
        paid=clock(order.placed_at if order.paid_at is None else order.paid_at),
        goods=yuan(order.goods),
    )


def _bound(told: Told, order: Order) -> list[Step]:
    """How the buyer came to belong to the level-1 person, and how long that counts."""
    binding, buyer = order.fixed.binding, told.who(order.buyer)
    if binding is None or binding.inviter is None:
        return [say("自购：{buyer} 自己按第 1 级计", "own purchase: {buyer} counts as level 1", buyer=buyer)]
    steps = []
    people: Words = {"member": buyer, "inviter": told.who(binding.inviter)}
    if binding.clicked_at is not None:
        what = say(
            "{at} {member} 点击 {inviter} 的分享",
            "{at} {member} clicked on a share of {inviter}",
            at=clock(binding.clicked_at),
            **people,
        )
        steps.append(what)
    words = _BOUND[binding.how]
    bound = say(f"{{at}} {words.zh}", f"{{at}} {words.en}", at=clock(binding.time), **people)
    if binding.via:
        mark = Step(MARK_ZH[binding.via], binding.via.name)
        bound = say("{bound}（{mark}）", "{bound} ({mark})", bound=bound, mark=mark)
    if binding.before not in (None, binding.inviter):
        bound = say(
            "{bound}，此前属于 {other}",
            "{bound}, before that to {other}",
            bound=bound,
            other=told.who(binding.before or 0),
        )
    return [*steps, bound, _counts(binding, order, buyer)]


def _counts(binding: Binding, order: Order, buyer: Step) -> Step:
    mode, days = order.fixed.keep
    words: Words = {"since": clock(binding.time), "buyer": buyer}
    if mode == "days":
        words |= {"days": days, "until": clock(binding.time + days * DAY)}
        return say(
            "绑定自 {since} 起 {days} 天有效，至 {until} 止",
            "the binding counts from {since} for {days} days, until {until}",
            **words,
        )
    if mode == "last_click":
        return say(
            "绑定自 {since} 起有效，直到 {buyer} 点击他人的分享",
            "the binding counts from {since} until {buyer} clicks on somebody else's share",
            **words,
        )
    return say("绑定自 {since} 起长期有效", "the binding counts from {since} for good", **words)


def _chain(told: Told, order: Order, entry: Entry) -> list[Step]:
    """The people from the buyer up to the payee as they were fixed, and why some of them are not paid."""
    place, fixed = order.people.index(entry.member), order.fixed
    people = [told.who(order.buyer)]
    for person, rank in zip(order.people[: place + 1], fixed.ranks, strict=False):
        words: Words = {"who": told.who(person), "rank": told.rank(order.plan, rank)}
        people.append(say("{who}（{rank}）", "{who} ({rank})", **words))
    chain = joined(people, " → ")
    assert fixed.first is not None
    assert fixed.people is not None
    first: Words = {"at": clock(fixed.first[0]), "moment": MOMENT_WORDS[fixed.first[1]], "chain": chain}
    if fixed.first == fixed.people or place == 0:
        steps = [say("上级{moment}（{at}）确定：{chain}", "people above fixed {moment} ({at}): {chain}", **first)]
    else:
        rest: Words = {"later": clock(fixed.people[0]), "other": MOMENT_WORDS[fixed.people[1]]}
        steps = [
            say(
                "第 1 级{moment}（{at}）、其上{other}（{later}）确定：{chain}",
                "level 1 fixed {moment} ({at}), those above {other} ({later}): {chain}",
                **first,
                **rest,
            )
        ]
    return steps + _passed_over(told, order, entry, place)


def _passed_over(told: Told, order: Order, entry: Entry, place: int) -> list[Step]:
    """Who below the payee may not be paid, and that the payee takes another level for it."""
    compress = told.state.plans[order.plan].semantics.ineligible_level == "compress"
    base, steps, level = entry.component is Component.base, [], 1
    for number in range(place):
        if (level if base else 0) in order.allowed[number]:
            level += 1
            continue
        why = _why_not(told, order, number, level)
        who = told.who(order.people[number])
        steps.append(say("{who} 不计佣：{why}", "{who} is not paid: {why}", who=who, why=why))
        level += 0 if compress else 1
    if base and 0 < entry.level != place + 1:
        words: Words = {"who": told.who(entry.member), "level": entry.level}
        steps.append(say("由 {who} 递补第 {level} 级", "{who} takes level {level} instead", **words))
    return steps


def _why_not(told: Told, order: Order, number: int, level: int) -> Step:
    if order.allowed[number]:
        rank = told.rank(order.plan, order.fixed.ranks[number])
        words: Words = {"rank": rank, "level": level}
        return say("{rank} 不在第 {level} 级计佣之列", "{rank} is not among the ranks of level {level}", **words)
    if order.people[number] in order.fixed.frozen:
        return Step("核对时已被冻结", "frozen when that was checked")
    return Step("核对时不是推广员", "no promoter when that was checked")


def _plan(told: Told, order: Order, entry: Entry) -> list[Step]:
    """Which plan's rates apply and since when, when they were fixed, and that a later plan changes nothing."""
    state = told.state
    assert order.fixed.rates is not None
    at, moment = order.fixed.rates
    changes = state.arms[order.arm].changes
    steps = [
        say(
            "费率{moment}（{at}）确定：方案 {plan}{since}",
            "rates fixed {moment} ({at}): plan {plan}{since}",
            moment=MOMENT_WORDS[moment],
            at=clock(at),
            plan=told.plan(order.plan),
            since=_in_force(changes, order.plan, at),
        )
    ]
    later = next((one for one in changes if at < one[0] <= entry.time and one[1] != order.plan), None)
    if later is not None:
        steps.append(
            say(
                "{at} 起改行方案 {plan}，不影响本单费率",
                "plan {plan} came into force {at} and does not change the rates of this order",
                at=clock(later[0]),
                plan=told.plan(later[1]),
            )
        )
    return steps


def _in_force(changes: list[tuple[int, int]], number: int, time: int) -> Step:
    """Since when a plan was in force at a moment; nothing where no plan ever changed."""
    if not changes:
        return Step("", "")
    since = [begun for begun, plan in changes if plan == number and begun <= time]
    if not since:
        return Step("，自始施行", ", in force from the beginning")
    return say("，自 {since} 起施行", ", in force since {since}", since=clock(since[-1]))


assert set(MARK_ZH) == set(Mark) - {Mark.unknown}
