"""Situations of one order: each level by rank and category, campaigns, areas, refunds, one's own purchase."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rules.money import PPM, in_yuan
from rules.plan.limits import MAX_LEVELS
from rules.plan.model import Plan
from rules.plan.wording.words import Words, both, say
from rules.scene import AREA, Scene, during, quiet
from rules.situations.frame import ORDER, Figure, Frame, above, earner, ranks_of, sell, total


@dataclass(frozen=True)
class _Holder:
    """Who stands at a level: somebody of a rank, or of whatever rank a plan has there."""

    key: str
    words: Words
    rank: Callable[[Plan, int], str | None]


def _holders(frame: Frame) -> list[_Holder]:
    """Every rank; where the plans do not have the same ones, also the lowest that earns and the highest."""
    found = [_Holder(name, frame.rank(name), _if_known(name)) for name in frame.ranks]
    if any(set(ranks_of(terms.plan)) != set(frame.ranks) for terms in frame.terms):
        found.append(_Holder("lowest", Words("能得佣的最低等级", "the lowest rank that earns"), earner))
        found.append(_Holder("highest", Words("最高等级", "the highest rank"), lambda plan, level: plan.ranks[-1].id))
    return found


def _if_known(name: str) -> Callable[[Plan, int], str | None]:
    return lambda plan, level: name if name in ranks_of(plan) else None


def orders(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """What each level earns on an order, by who stands there and category; and what all of it costs."""
    scene = Scene(quiet(plan))
    levels = range(1, frame.levels + 1)
    asked = [(level, who, goods) for level in levels for who in _holders(frame) for goods in frame.categories]
    for number, (level, who, goods) in enumerate(asked):
        rank = who.rank(plan, level)
        if rank is not None:
            sell(scene, f"{number} ", above(plan, level, frame.levels, rank), goods)
    for number, goods in enumerate(frame.categories):
        sell(scene, f"all {number} ", above(plan, 0, frame.levels, ""), goods)
    outcome = scene.play()
    for number, (level, who, goods) in enumerate(asked):
        words = say(
            "订单 100.00 元（{goods}），第 {n} 级为{who}",
            "an order of 100.00 yuan ({goods}), level {n} is {who}",
            goods=frame.category(goods),
            n=level,
            who=who.words,
        )
        earned = None if who.rank(plan, level) is None else total(outcome, f"{number} O1", f"{number} {level}")
        yield Figure(f"order.level_{level}.{who.key}.{goods}", f"level_{level}", words, "yuan", earned)
    for number, goods in enumerate(frame.categories):
        cost = total(outcome, f"all {number} O1") * PPM // ORDER
        words = say(
            "订单 100.00 元（{goods}），各级均为最高等级，佣金合计占比",
            "an order of 100.00 yuan ({goods}), every level of the highest rank, all commission",
            goods=frame.category(goods),
        )
        yield Figure(f"order.platform.{goods}", "platform", words, "percent", cost)


def rising(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """What each person of a chain of ever higher ranks earns, where a plan pays along the chain."""
    stated = [terms.plan.commission for terms in frame.terms]
    if not any(one.differential or one.peer or one.margin for one in stated):
        return
    most = min(MAX_LEVELS, max(len(terms.plan.ranks) for terms in frame.terms))
    scene, ranks = Scene(quiet(plan)), ranks_of(plan)[:most]
    sell(scene, "", ranks, "default")
    outcome = scene.play()
    for level in range(1, most + 1):
        words = say(
            "订单 100.00 元，各级等级由低到高，第 {n} 级",
            "an order of 100.00 yuan, a higher rank at each level, level {n}",
            n=level,
        )
        earned = total(outcome, "O1", str(level)) if level <= len(ranks) else None
        yield Figure(f"rising.level_{level}", f"level_{level}", words, "yuan", earned)


def areas(plan: Plan, frame: Frame) -> Iterator[Figure]:
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
        if rank in ranks_of(plan):
            scene = Scene(quiet(plan))
            scene.person("agent", rank)
            scene.happens("2026-01-05 09:00", appoint="agent", area=AREA)
            buyer = scene.person("buyer", plan.ranks[0].id)
            scene.order("2026-01-06 10:00", "O1", buyer, "default", ORDER, area=AREA)
            earned = total(scene.play(), "O1", "agent")
        yield Figure(f"area.{rank}", "area_agent", words, "yuan", earned)


def campaigns(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """What level 1 earns on an order of a campaign's goods while it is on; a plan without it pays as always."""
    for offer in frame.campaigns:
        scene = Scene(during(plan, offer.campaign))
        rank = next((one for one in offer.ranks if one in ranks_of(plan)), earner(plan))
        more = {"channel": offer.channel} if offer.channel else {}
        sell(scene, "", above(plan, 1, frame.levels, rank), offer.goods, sku=offer.sku or "goods", **more)
        words = say(
            "活动 {id} 期间，订单 100.00 元（{goods}），第 1 级",
            "during campaign {id}, an order of 100.00 yuan ({goods}), level 1",
            id=offer.campaign,
            goods=both(offer.sku) if offer.sku else frame.category(offer.goods),
        )
        place = f"campaign.{offer.campaign}.{offer.sku or offer.goods}"
        yield Figure(place, "level_1", words, "yuan", total(scene.play(), "O1", "1"))


def refunds(plan: Plan, frame: Frame) -> Iterator[Figure]:
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
        sell(scene, "", above(plan, 1, frame.levels, earner(plan)), "default")
        for when, event in events:
            scene.happens(when, **event)
        yield Figure(f"refund.{name}", "level_1", words, "yuan", total(scene.play(), "O1", "1"))


def buyer(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """What comes back to a buyer who earns commission on others' orders."""
    scene = Scene(quiet(plan))
    sell(scene, "", above(plan, 1, frame.levels, earner(plan)), "default")
    scene.order("2026-01-07 10:00", "O2", "1", "default", ORDER)
    words = Words("推广员自己下单 100.00 元，自己所得", "a promoter's own order of 100.00 yuan, earned by the buyer")
    yield Figure("buyer.own_order", "buyer", words, "yuan", total(scene.play(), "O2", "1"))
