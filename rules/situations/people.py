"""Situations that take time: a promoter's month, a team, a newcomer, invitations, and the way to the money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from rules.calendar import day_of
from rules.events import DAY
from rules.money import PPM, in_yuan
from rules.plan.model import Plan
from rules.plan.wording.words import Words, money, say
from rules.scene import Scene, quiet
from rules.situations.frame import ORDER, Figure, Frame, above, earner, ranks_of, sell, total

VOLUMES = (20_000_00, 50_000_00, 80_000_00, 120_000_00)
"""What a promoter brings in a month, in fen."""
_DAYS = 25
"""Days of the month on which a promoter sells, the same amount each."""
_TEAM, _TEAM_VOLUME = 5, 10_000_00
_ASKED = 1_000_00
_STORE = 1_000_000_00
"""A month of the whole store, in fen."""


def months(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """What a promoter of some monthly volume earns in the month, and what it costs with everybody above."""
    for volume in VOLUMES:
        scene = Scene(quiet(plan))
        scene.chain(above(plan, 1, max(2, frame.levels), earner(plan)))
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
        if not number:
            scene.happens("2025-12-15 11:00", receive=f"{payee} O0")
        scene.order(when, f"{payee} O{number}", buyer, frame.categories[number % len(frame.categories)], price)


_JANUARY = day_of(dt.date(2026, 1, 1)) * DAY
_AFTER_JANUARY = "2026-02-02 00:00"
"""A Monday: the last week of January is over, too."""


def _in_january(scene: Scene) -> dict[str, int]:
    """What everybody was booked in January and at its close, by name."""
    scene.happens(_AFTER_JANUARY, close="day")
    outcome = scene.play()
    earned = dict.fromkeys(outcome.names, 0)
    for one in outcome.state.entries:
        if one.time > _JANUARY:
            earned[outcome.names[one.member]] += one.amount
    return earned


def team(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """What somebody of the highest rank earns on the month of a direct team."""
    scene, top = Scene(quiet(plan)), plan.ranks[-1].id
    scene.person("leader", top)
    for number in range(_TEAM):
        _month(scene, frame, scene.person(f"promoter {number}", earner(plan), "leader"), _TEAM_VOLUME, 5)
    words = say(
        "最高等级的会员，直属团队 {n} 人，每人每月推广额 {volume}",
        "the highest rank with a direct team of {n}, each promoting {volume} in a month",
        n=_TEAM,
        volume=money(_TEAM_VOLUME),
    )
    yield Figure("month.leader", "team_leader", words, "yuan", _in_january(scene)["leader"])


def dividend(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """What one head of each rank gets of a month of the whole store, where a plan divides any of it."""
    if not any(terms.plan.commission.dividend for terms in frame.terms):
        return
    scene = Scene(quiet(plan))
    heads = {rank: scene.person(f"head {rank}", rank) for rank in ranks_of(plan)}
    scene.order("2026-01-15 10:00", "O1", heads[plan.ranks[-1].id], frame.categories[0], _STORE)
    scene.happens(_AFTER_JANUARY, close="day")
    entries = [one for one in scene.play().entries if one.component == "dividend"]
    for rank in frame.ranks:
        words = say(
            "商城当月成交 {volume}，每个等级 1 人，{rank}所得",
            "a month of {volume} in the store, one member of each rank, {rank}",
            volume=money(_STORE),
            rank=frame.rank(rank),
        )
        earned = sum(one.amount for one in entries if one.member == heads.get(rank))
        yield Figure(f"dividend.{rank}", "head", words, "yuan", earned if rank in heads else None)


def newcomer(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """What somebody new earns on the first order they promote, and by sharing every day."""
    for paid in (ORDER, 10 * ORDER):
        scene = Scene(quiet(plan))
        buyer = scene.chain(above(plan, 1, frame.levels, earner(plan)))
        scene.order("2026-01-05 10:00", "O1", buyer, frame.categories[0], paid)
        words = say(
            "新人第一次推广成交，订单 {paid}（{goods}）",
            "a newcomer's first promoted order, {paid} ({goods})",
            paid=money(paid),
            goods=frame.category(frame.categories[0]),
        )
        yield Figure(f"newcomer.first_order.{paid // 100}", "newcomer", words, "yuan", total(scene.play(), "O1", "1"))
    if frame.streak:
        scene = Scene(quiet(plan))
        scene.person("1", earner(plan))
        for day in range(frame.streak):
            scene.happens(f"{dt.date(2026, 1, 5) + dt.timedelta(days=day)} 20:00", share="1")
        words = say("连续 {n} 天，每天分享", "a share on each of {n} days in a row", n=frame.streak)
        yield Figure("newcomer.streak", "newcomer", words, "yuan", total(scene.play(), member="1"))


def invitations(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """What inviting people who register and buy brings the inviter by the month's close, and each of them."""
    if not frame.invited:
        return
    scene = Scene(quiet(plan))
    scene.person("1", earner(plan))
    for number in range(frame.invited):
        minute = f"{9 + number // 60:02d}:{number % 60:02d}"
        scene.happens(f"2026-01-05 {minute}", register=f"new {number}", inviter="1")
        scene.order(f"2026-01-06 {minute}", f"O{number}", f"new {number}", "default", 1_00)
    scene.happens("2026-02-01 00:00", close="month")
    outcome = scene.play()
    words = say(
        "邀请 {n} 人注册，每人下单 1.00 元", "inviting {n} who register and buy for 1.00 yuan each", n=frame.invited
    )
    yield Figure("invitations.inviter", "inviter", words, "yuan", total(outcome, member="1"))
    welcome = Words("受邀注册，新会员所得", "registering by invitation, what the newcomer gets")
    yield Figure("invitations.newcomer", "newcomer", welcome, "yuan", total(outcome, member="new 0"))


def points(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """The points of a buyer, where a plan has any."""
    if not any(terms.plan.points for terms in frame.terms):
        return
    scene = Scene(quiet(plan))
    scene.person("1", plan.ranks[0].id)
    scene.order("2026-01-05 10:00", "O1", "1", "default", ORDER)
    scene.happens("2026-01-06 10:00", receive="O1")
    words = Words("买家收到 100.00 元的商品，所得积分", "points of a buyer who receives goods of 100.00 yuan")
    yield Figure("buyer.points", "buyer", words, "points", scene.play().state.members[0].points)


def settlement(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """How long after receipt commission can be withdrawn."""
    scene = Scene(quiet(plan))
    sell(scene, "", above(plan, 1, frame.levels, earner(plan)), "default")
    scene.happens("2026-01-07 15:00", receive="O1")
    settles = scene.play().state.orders[1].settle_at
    words = Words("周三收货，几天后可提现", "goods received on a Wednesday: days until commission can be withdrawn")
    received = day_of(dt.date(2026, 1, 7)) * DAY + 15 * 3600
    days = None if settles is None else max(0, -(-(settles - received) // DAY))
    yield Figure("settlement.days", "waiting", words, "days", days)


def withdrawal(plan: Plan, frame: Frame) -> Iterator[Figure]:
    """What arrives of a withdrawal; it is the same for all ranks and goods."""
    del frame
    scene = Scene(quiet(plan))
    scene.payable("1", earner(plan), _ASKED)
    scene.happens("2026-01-05 10:00", withdraw="1", amount=in_yuan(_ASKED), id="W1")
    over = plan.withdrawal.review_over
    if over is not None and over < _ASKED:
        scene.happens("2026-01-05 11:00", approve="W1")
    paid = list(scene.play().state.withdrawals.values())
    words = say("提现 {asked}，到账", "of a withdrawal of {asked} arrives", asked=money(_ASKED))
    yield Figure("withdrawal.net", "withdrawing", words, "yuan", paid[0].net if paid else None)
