"""Typical situations: what a plan pays in each, computed by the engines, so that two plans can be held side by side.

A situation is the same for both plans: the same people and orders. Everybody above the one it is about has the plan's
highest rank; goods are of the categories that either plan names; no campaign is on unless the situation says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rules.calendar import day_of
from rules.events import DAY
from rules.money import PPM
from rules.plan.limits import MAX_LEVELS
from rules.plan.model import Plan
from rules.plan.wording import NO_GLOSSARY, Glossary, Terms, Words
from rules.plan.wording.commission import categories
from rules.plan.wording.words import both, money, say
from rules.scene import AREA, Outcome, Scene, during, in_yuan, quiet

Unit = Literal["yuan", "percent", "days"]
"""What a figure counts: fen of yuan, parts per million, whole days."""

ORDER = 100_00
"""Paid for the goods of an order, in fen."""
VOLUMES = (20_000_00, 50_000_00, 80_000_00, 120_000_00)
"""What a promoter brings in a month, in fen."""
_DAYS = 25
"""Days of the month on which a promoter sells, the same amount each."""
_TEAM, _TEAM_VOLUME = 5, 10_000_00
_ASKED = 1_000_00
_LEVELS = 3
"""People up from the buyer that situations look at, where components besides base commission reach further."""


@dataclass(frozen=True)
class Frame:
    """What two plans have between them, so that both are asked the same.

    Attributes:
        levels: of the deeper plan.
        campaigns: each with goods it is for: a category, and a product where it is for single products.
        streak: days of the longest run that a bonus asks for.
    """

    ranks: tuple[str, ...]
    categories: tuple[str, ...]
    levels: int
    campaigns: tuple[tuple[str, str, str | None], ...]
    streak: int
    terms: tuple[Terms, ...]

    def rank(self, name: str) -> Words:
        """What a rank is called, in the later plan that has it."""
        return next(terms for terms in reversed(self.terms) if name in _ranks(terms.plan)).rank(name)

    def category(self, name: str) -> Words:
        """What a category is called."""
        return self.terms[0].category(name)


def frame_of(plans: Iterable[Plan], glossary: Glossary = NO_GLOSSARY) -> Frame:
    """Everything that some plan names, in the order of the plans."""
    plans = list(plans)
    levels = [level for plan in plans for level in (plan.commission.base.levels if plan.commission.base else [])]
    days = [bonus.days or 0 for plan in plans for bonus in plan.bonuses]
    return Frame(
        ranks=tuple(dict.fromkeys(rank for plan in plans for rank in _ranks(plan))),
        categories=tuple(categories(levels)),
        levels=max(1, *(max(plan.depth, min(plan.reach, _LEVELS)) for plan in plans)),
        campaigns=tuple(dict.fromkeys(_on_offer(plans, categories(levels)))),
        streak=max(days, default=0),
        terms=tuple(Terms(plan, glossary) for plan in plans),
    )


def _on_offer(plans: list[Plan], every: list[str]) -> Iterator[tuple[str, str, str | None]]:
    for campaign in (one for plan in plans for one in plan.campaigns):
        for goods in campaign.categories or (every if campaign.skus is None else every[:1]):
            yield campaign.id, goods, campaign.skus[0] if campaign.skus else None


def _ranks(plan: Plan) -> list[str]:
    return [rank.id for rank in plan.ranks]


@dataclass(frozen=True)
class Figure:
    """What a plan pays in one situation; None where the plan has no such rank or refuses."""

    situation: str
    role: str
    words: Words
    unit: Unit
    value: int | None


def figures(plan: Plan, frame: Frame) -> list[Figure]:
    """What a plan pays in every situation of a frame."""
    asked = (_orders, _rising, _areas, _campaigns, _months, _team, _newcomer)
    alone = (_refunds, _settlement, _withdrawal, _buyer)
    found = [figure for group in asked for figure in group(plan, frame)]
    return found + [figure for group in alone for figure in group(plan)]


def _above(plan: Plan, level: int, levels: int, rank: str) -> list[str]:
    """A chain whose `level` has this rank and all others the highest."""
    top = plan.ranks[-1].id
    return [rank if one == level else top for one in range(1, levels + 1)]


def _earner(plan: Plan, level: int = 1) -> str:
    """The lowest rank that earns at a level; where none does, the highest."""
    levels = [one for one in (plan.commission.base.levels if plan.commission.base else []) if one.level == level]
    ranks = _ranks(plan)
    return next((rank for rank in ranks if levels and (not levels[0].ranks or rank in levels[0].ranks)), ranks[-1])


def _sell(scene: Scene, prefix: str, ranks: list[str], category: str, sku: str = "goods") -> None:
    """An order of 100.00 below a chain of its own, which is nobody's first."""
    buyer = scene.chain(ranks, prefix)
    another = scene.person(f"{prefix}earlier", scene.plan.ranks[0].id, f"{prefix}1")
    scene.order("2026-01-05 09:00", f"{prefix}O0", another, "default", 1_00)
    scene.order("2026-01-06 10:00", f"{prefix}O1", buyer, category, ORDER, sku=sku)


def _sum(outcome: Outcome, order: str | None = None, member: str | None = None) -> int:
    return sum(one.amount for one in outcome.of(order=order, member=member))


@dataclass(frozen=True)
class _Holder:
    """Who stands at a level: somebody of a rank, or of whatever rank a plan has there."""

    key: str
    words: Words
    rank: Callable[[Plan, int], str | None]


def _holders(frame: Frame) -> list[_Holder]:
    """Every rank; where the plans do not have the same ones, also the lowest that earns and the highest."""
    found = [_Holder(name, frame.rank(name), _if_known(name)) for name in frame.ranks]
    if any(set(_ranks(terms.plan)) != set(frame.ranks) for terms in frame.terms):
        found.append(_Holder("lowest", Words("能得佣的最低等级", "the lowest rank that earns"), _earner))
        found.append(_Holder("highest", Words("最高等级", "the highest rank"), lambda plan, level: plan.ranks[-1].id))
    return found


def _if_known(name: str) -> Callable[[Plan, int], str | None]:
    return lambda plan, level: name if name in _ranks(plan) else None


def _orders(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """What each level earns on an order, by who stands there and category; and what all of it costs."""
    scene = Scene(quiet(plan))
    levels = range(1, frame.levels + 1)
    asked = [(level, who, goods) for level in levels for who in _holders(frame) for goods in frame.categories]
    for number, (level, who, goods) in enumerate(asked):
        rank = who.rank(plan, level)
        if rank is not None:
            _sell(scene, f"{number} ", _above(plan, level, frame.levels, rank), goods)
    for number, goods in enumerate(frame.categories):
        _sell(scene, f"all {number} ", _above(plan, 0, frame.levels, ""), goods)
    outcome = scene.play()
    for number, (level, who, goods) in enumerate(asked):
        words = say(
            "订单 100.00 元（{goods}），第 {n} 级为{who}",
            "an order of 100.00 yuan ({goods}), level {n} is {who}",
            goods=frame.category(goods),
            n=level,
            who=who.words,
        )
        earned = None if who.rank(plan, level) is None else _sum(outcome, f"{number} O1", f"{number} {level}")
        yield Figure(f"order.level_{level}.{who.key}.{goods}", f"level_{level}", words, "yuan", earned)
    for number, goods in enumerate(frame.categories):
        cost = _sum(outcome, f"all {number} O1") * PPM // ORDER
        words = say(
            "订单 100.00 元（{goods}），各级均为最高等级，佣金合计占比",
            "an order of 100.00 yuan ({goods}), every level of the highest rank, all commission",
            goods=frame.category(goods),
        )
        yield Figure(f"order.platform.{goods}", "platform", words, "percent", cost)


def _rising(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """What each person of a chain of ever higher ranks earns, where a plan pays along the chain."""
    stated = [terms.plan.commission for terms in frame.terms]
    if not any(one.differential or one.peer or one.margin for one in stated):
        return
    most = min(MAX_LEVELS, max(len(terms.plan.ranks) for terms in frame.terms))
    scene, ranks = Scene(quiet(plan)), _ranks(plan)[:most]
    _sell(scene, "", ranks, "default")
    outcome = scene.play()
    for level in range(1, most + 1):
        words = say(
            "订单 100.00 元，各级等级由低到高，第 {n} 级",
            "an order of 100.00 yuan, a higher rank at each level, level {n}",
            n=level,
        )
        earned = _sum(outcome, "O1", str(level)) if level <= len(ranks) else None
        yield Figure(f"rising.level_{level}", f"level_{level}", words, "yuan", earned)


def _areas(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """What an area agent of each rank earns on an order of the area, where a plan has any."""
    if not any(terms.plan.commission.area for terms in frame.terms):
        return
    for rank in frame.ranks:
        words = say(
            "代理区域内的订单 100.00 元，代理为{rank}",
            "an order of 100.00 yuan in an agent's area, the agent is {rank}",
            rank=frame.rank(rank),
        )
        earned = None
        if rank in _ranks(plan):
            scene = Scene(quiet(plan))
            scene.person("agent", rank)
            scene.happens("2026-01-05 09:00", appoint="agent", area=AREA)
            buyer = scene.person("buyer", plan.ranks[0].id)
            scene.order("2026-01-06 10:00", "O1", buyer, "default", ORDER, area=AREA)
            earned = _sum(scene.play(), "O1", "agent")
        yield Figure(f"area.{rank}", "area_agent", words, "yuan", earned)


def _campaigns(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """What level 1 earns on an order of a campaign's goods while it is on; a plan without it pays as always."""
    for name, goods, sku in frame.campaigns:
        scene = Scene(during(plan, name))
        _sell(scene, "", _above(plan, 1, frame.levels, _earner(plan)), goods, sku or "goods")
        words = say(
            "活动 {id} 期间，订单 100.00 元（{goods}），第 1 级",
            "during campaign {id}, an order of 100.00 yuan ({goods}), level 1",
            id=name,
            goods=both(sku) if sku else frame.category(goods),
        )
        yield Figure(f"campaign.{name}.{sku or goods}", "level_1", words, "yuan", _sum(scene.play(), "O1", "1"))


def _months(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """What a promoter of some monthly volume earns in the month, and what it costs with everybody above."""
    for volume in VOLUMES:
        scene = Scene(quiet(plan))
        scene.chain(_above(plan, 1, max(2, frame.levels), _earner(plan)))
        _month(scene, frame, "1", volume)
        earned = _in_january(scene)
        month = say("每月推广额 {volume}", "{volume} promoted in a month", volume=money(volume))
        words = say("{month}的推广员", "a promoter with {month}", month=month)
        yield Figure(f"month.promoter.{volume // 100}", "promoter", words, "yuan", earned["1"])
        cost = say("{month}，全部佣金占比", "{month}, all commission", month=month)
        yield Figure(
            f"month.platform.{volume // 100}", "platform", cost, "percent", sum(earned.values()) * PPM // volume
        )


def _month(scene: Scene, frame: Frame, payee: str, volume: int, days: int = _DAYS) -> None:
    """A promoter sells in January, one order a day, the categories in turn; the first order ever was in December."""
    for number in range(days + 1):
        buyer = scene.person(f"{payee} buyer {number}", scene.plan.ranks[0].id, payee)
        when = f"2026-01-{number:02d} 10:00" if number else "2025-12-15 10:00"
        price = volume // days if number else 1_00
        scene.order(when, f"{payee} O{number}", buyer, frame.categories[number % len(frame.categories)], price)


_JANUARY = day_of(dt.date(2026, 1, 1)) * DAY
_AFTER_JANUARY = "2026-02-02 00:00"
"""A Monday: the last week of January is over, too."""


def _in_january(scene: Scene) -> dict[str, int]:
    """What everybody was booked in January and at its close, by name."""
    scene.happens(_AFTER_JANUARY, close="day")
    entries, names = scene.play().state.entries, list(scene.people)
    earned = dict.fromkeys(names, 0)
    for one in entries:
        if one.time > _JANUARY:
            earned[names[one.member]] += one.amount
    return earned


def _team(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """What somebody of the highest rank earns on the month of a direct team."""
    scene, top = Scene(quiet(plan)), plan.ranks[-1].id
    scene.person("leader", top)
    for number in range(_TEAM):
        _month(scene, frame, scene.person(f"promoter {number}", _earner(plan), "leader"), _TEAM_VOLUME, 5)
    words = say(
        "最高等级的会员，直属团队 {n} 人，每人每月推广额 {volume}",
        "the highest rank with a direct team of {n}, each promoting {volume} in a month",
        n=_TEAM,
        volume=money(_TEAM_VOLUME),
    )
    yield Figure("month.leader", "team_leader", words, "yuan", _in_january(scene)["leader"])


def _newcomer(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """What somebody new earns on the first order they promote, and by sharing every day."""
    for paid in (ORDER, 10 * ORDER):
        scene = Scene(quiet(plan))
        buyer = scene.chain(_above(plan, 1, frame.levels, _earner(plan)))
        scene.order("2026-01-05 10:00", "O1", buyer, frame.categories[0], paid)
        words = say(
            "新人第一次推广成交，订单 {paid}（{goods}）",
            "a newcomer's first promoted order, {paid} ({goods})",
            paid=money(paid),
            goods=frame.category(frame.categories[0]),
        )
        yield Figure(f"newcomer.first_order.{paid // 100}", "newcomer", words, "yuan", _sum(scene.play(), "O1", "1"))
    if frame.streak:
        scene = Scene(quiet(plan))
        scene.person("1", _earner(plan))
        for day in range(frame.streak):
            scene.happens(f"{dt.date(2026, 1, 5) + dt.timedelta(days=day)} 20:00", share="1")
        words = say("连续 {n} 天，每天分享", "a share on each of {n} days in a row", n=frame.streak)
        yield Figure("newcomer.streak", "newcomer", words, "yuan", _sum(scene.play(), member="1"))


def _refunds(plan: Plan) -> Iterator[Figure]:
    """What level 1 keeps of an order of which half comes back before receipt, or all of it once settled."""
    settled = dt.date(2026, 1, 7) + dt.timedelta(days=plan.settlement.hold_days + 40)
    half = Words(
        "订单 100.00 元，收货前退一半，第 1 级保留",
        "half of an order of 100.00 yuan refunded before receipt, level 1 keeps",
    )
    late = Words(
        "订单 100.00 元，结算后全部退款，第 1 级保留",
        "an order of 100.00 yuan refunded after settlement, level 1 keeps",
    )
    for name, words, events in (
        ("half", half, [("2026-01-07 10:00", {"refund": "O1", "line": 1, "amount": in_yuan(ORDER // 2)})]),
        ("settled", late, [("2026-01-07 10:00", {"receive": "O1"}), (f"{settled} 10:00", {"refund": "O1"})]),
    ):
        scene = Scene(quiet(plan))
        _sell(scene, "", _above(plan, 1, 1, _earner(plan)), "default")
        for when, event in events:
            scene.happens(when, **event)
        yield Figure(f"refund.{name}", "level_1", words, "yuan", _sum(scene.play(), "O1", "1"))


def _settlement(plan: Plan) -> Iterator[Figure]:
    """How long after receipt commission can be withdrawn."""
    scene = Scene(quiet(plan))
    _sell(scene, "", _above(plan, 1, 1, _earner(plan)), "default")
    scene.happens("2026-01-07 15:00", receive="O1")
    settles = scene.play().state.orders[1].settle_at
    words = Words("周三收货，几天后可提现", "goods received on a Wednesday: days until commission can be withdrawn")
    received = day_of(dt.date(2026, 1, 7)) * DAY + 15 * 3600
    days = None if settles is None else max(0, -(-(settles - received) // DAY))
    yield Figure("settlement.days", "waiting", words, "days", days)


def _withdrawal(plan: Plan) -> Iterator[Figure]:
    """What arrives of a withdrawal."""
    scene = Scene(quiet(plan))
    scene.payable("1", _earner(plan), _ASKED)
    scene.happens("2026-01-05 10:00", withdraw="1", amount=in_yuan(_ASKED), id="W1")
    over = plan.withdrawal.review_over
    if over is not None and over < _ASKED:
        scene.happens("2026-01-05 11:00", approve="W1")
    paid = list(scene.play().state.withdrawals.values())
    words = say("提现 {asked}，到账", "of a withdrawal of {asked} arrives", asked=money(_ASKED))
    yield Figure("withdrawal.net", "withdrawing", words, "yuan", paid[0].net if paid else None)


def _buyer(plan: Plan) -> Iterator[Figure]:
    """What comes back to a buyer who earns commission on others' orders."""
    scene = Scene(quiet(plan))
    _sell(scene, "", _above(plan, 1, 1, _earner(plan)), "default")
    scene.order("2026-01-07 10:00", "O2", "1", "default", ORDER)
    words = Words("推广员自己下单 100.00 元，自己所得", "a promoter's own order of 100.00 yuan, earned by the buyer")
    yield Figure("buyer.own_order", "buyer", words, "yuan", _sum(scene.play(), "O2", "1"))
