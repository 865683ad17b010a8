"""Worked examples of rewards: streaks, invitations, teams, new promoters, influence, points."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from rules.commission.bonus import Bonus
from rules.examples.parts import Example, amount, bought, buys, goods, payees, typical
from rules.plan.limits import BonusEvent
from rules.plan.wording.words import Terms, Words, say
from rules.scene import FIRST_DAY, Outcome, Scene, quiet

_MOST_PEOPLE = 100
"""Examples of larger teams are not played."""


def bonuses(terms: Terms) -> Iterator[Example]:
    """Every bonus that is not for a first order: what must happen, and what it brings."""
    for bonus in terms.plan.bonuses:
        play = _EVENTS.get(bonus.event)
        if play is None:
            continue
        story, outcome, people = play(terms, bonus)
        entries = [one for one in outcome.entries if one.bonus == bonus.id and one.member in people]
        found = tuple(amount(people[one.member], one) for one in entries)
        coupons = _coupons(outcome, people) if bonus.coupon else ()
        if found or coupons:
            title = say("奖励 {id}", "Bonus {id}", id=bonus.id)
            yield Example(f"bonus.{bonus.id}", title, (story,), found, coupons)


def _coupons(outcome: Outcome, people: Mapping[str, Words]) -> tuple[Words, ...]:
    """Who was granted which coupon."""
    names = outcome.names
    return tuple(
        say("{who}得优惠券 {id}。", "{who}: a coupon {id}.", who=people[names[one.member]], id=one.coupon)
        for one in outcome.state.coupons
        if names[one.member] in people
    )


Played = tuple[Words, Outcome, dict[str, Words]]
"""What happens, what comes of it, and whose entries are shown."""


def _streak(terms: Terms, bonus: Bonus) -> Played:
    scene, rank, days = Scene(quiet(terms.plan)), typical(terms, bonus.ranks), bonus.days or 0
    scene.person("payee", rank)
    for day in range(days):
        scene.happens(f"{_day(day)} 20:00", share="payee")
    story = say(
        "{who}从 {first} 到 {last}，每天分享一次。",
        "{who} shares once a day from {first} to {last}.",
        who=terms.rank(rank),
        first=_day(0),
        last=_day(days - 1),
    )
    return story, scene.play(), {"payee": terms.rank(rank)}


def _day(number: int) -> str:
    return (dt.date.fromisoformat(FIRST_DAY) + dt.timedelta(days=number)).isoformat()


def _invitations(terms: Terms, bonus: Bonus) -> Played:
    """As many people as the bonus asks for register by invitation and buy something; then the period is closed."""
    scene, rank = Scene(quiet(terms.plan)), typical(terms, bonus.ranks)
    people = min(bonus.count or 1, _MOST_PEOPLE)
    scene.person("payee", rank)
    for number in range(1, people + 1):
        scene.happens(f"2026-01-05 {9 + number // 60:02d}:{number % 60:02d}", register=f"new {number}", inviter="payee")
        scene.order(
            f"2026-01-06 {9 + number // 60:02d}:{number % 60:02d}", f"O{number}", f"new {number}", "default", 1_00
        )
    scene.happens("2026-02-01 00:00", close=bonus.period or "month")
    story = say(
        "{who}邀请 {n} 人注册，每人下一单。",
        "{who} invites {n} {people}; each registers and buys once.",
        who=terms.rank(rank),
        n=people,
        people="people" if people > 1 else "person",
    )
    told = {"payee": terms.rank(rank)}
    if bonus.to == "newcomer":
        told = {"new 1": Words("新会员", "The newcomer")}
    return story, scene.play(), told


def _new_promoter(terms: Terms, bonus: Bonus) -> Played:
    """Somebody rises above the lowest rank and promotes the order that examples share."""
    ranks = [rank.id for rank in terms.plan.ranks]
    rank = next((one for one in (*payees(terms)[:1], *ranks[1:]) if one != ranks[0]), ranks[-1])
    scene = Scene(quiet(terms.plan))
    buyer = scene.chain([ranks[0], *payees(terms)[1:]])
    scene.happens("2026-01-05 08:00", promote="1", rank=rank)
    scene.sells_before("1")
    buys(scene, buyer, goods(terms))
    story = bought(terms, goods(terms))
    outcome = scene.play()
    return story, Outcome(outcome.of(order="O1"), outcome.state, outcome.names), {"1": terms.rank(rank)}


def _apprentice(terms: Terms, bonus: Bonus) -> Played:
    """A newcomer registers by invitation, and promotes as many orders as the bonus asks for."""
    scene, rank, orders = Scene(quiet(terms.plan)), typical(terms, bonus.ranks), min(bonus.count or 1, _MOST_PEOPLE)
    scene.person("payee", rank)
    scene.happens("2026-01-05 09:00", register="apprentice", inviter="payee")
    for number in range(1, orders + 1):
        minute = f"{9 + number // 60:02d}:{number % 60:02d}"
        scene.happens(f"2026-01-05 {minute}", register=f"buyer {number}", inviter="apprentice")
        scene.order(f"2026-01-06 {minute}", f"O{number}", f"buyer {number}", "default", 1_00)
    story = say(
        "{who}邀请 1 名徒弟注册，徒弟次日推广成交 {n} 单。",
        "{who} invites an apprentice, who promotes {n} {orders} on the next day.",
        who=terms.rank(rank),
        n=orders,
        orders="orders" if orders > 1 else "order",
    )
    return story, scene.play(), {"payee": terms.rank(rank)}


_EVENTS: Mapping[BonusEvent, Callable[[Terms, Bonus], Played]] = {
    "promotion_streak": _streak,
    "register": _invitations,
    "invites": _invitations,
    "direct_team": _invitations,
    "new_promoter": _new_promoter,
    "apprentice": _apprentice,
}


def influence(terms: Terms) -> Iterator[Example]:
    """A sale at the end of a path, and who in its middle is paid."""
    rule = terms.plan.commission.influence
    if rule is None:
        return
    scene, rank = Scene(quiet(terms.plan)), terms.plan.ranks[-1].id
    for number in range(1, rule.path):
        more = {"opening": {"clicks": rule.clicks}} if number == rule.node else {}
        scene.person(f"node {number}", rank, None, **more)
    scene.person("buyer", terms.plan.ranks[0].id, f"node {rule.path - 1}")
    for number in range(1, rule.path):
        visitor = f"node {number + 1}" if number + 1 < rule.path else "buyer"
        scene.happens(f"2026-01-05 09:{number:02d}", click=f"node {number}", visitor=visitor)
    buys(scene, "buyer", goods(terms))
    entries = [one for one in scene.play().of(order="O1") if one.component == "influence"]
    found = tuple(amount(say("第 {n} 位", "Number {n}", n=rule.node), one) for one in entries)
    if found:
        story = say(
            "传播路径共 {n} 人：第 1 位的分享由第 2 位点开，依此类推，最后一位是买家。",
            "A path of {n} people: number 2 opened the share of number 1, and so on; the last one is the buyer.",
            n=rule.path,
        )
        yield Example(
            "influence", Words("影响力津贴", "The influence allowance"), (bought(terms, goods(terms)), story), found
        )


def points(terms: Terms) -> Iterator[Example]:
    """The points of a buyer after receipt."""
    rule = terms.plan.points
    if rule is None or not rule.earn.per_yuan:
        return
    scene = Scene(quiet(terms.plan))
    buys(scene, scene.person("buyer", terms.plan.ranks[0].id), goods(terms))
    scene.happens("2026-01-09 15:00", receive="O1")
    outcome = scene.play()
    gained = outcome.state.members[outcome.names.index("buyer")].points
    told = say("收货后买家得 {n} 积分。", "After receipt the buyer has {n} points.", n=gained)
    yield Example("points", Words("积分", "Points"), (bought(terms, goods(terms)),), (), (told,))
