"""A market's story as it is told: its days, what came of it, and that in a few sentences."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from rules.money import PPM
from rules.plan.model import Plan
from sim.experiments.metric_names import Lang, Text, spoken
from sim.report.colony import NOBODY
from sim.report.figures import figure, money, part
from sim.scenario import Scenario


@dataclass(frozen=True)
class Frame:
    """A day of the story.

    Attributes:
        day: from 0.
        members: at the end of the day, who were there when the store opened included.
        orders, gmv, commission: since the first day; orders that were paid, fen.
        payout_ratio, k: since the first day, as `sim.metrics` defines `payout_ratio` and `fission_k`.
        sold, paid: fen of goods paid that day; of commission booked, net of what was taken back.
        inviters: of each newcomer by order of joining, by whose link: by order of joining, NOBODY = came alone.
        people: the newcomers' numbers in the market; spots: their places. Of those only who are drawn.
        ranks: whose rank is another than the evening before, by order of joining, and which.
        earned: whose commission is another than the evening before, by order of joining, and all of it, fen.
    """

    day: int
    members: int
    orders: int
    gmv: int
    commission: int
    payout_ratio: float | None
    k: float | None
    sold: int
    paid: int
    inviters: list[int]
    people: list[int]
    spots: list[int]
    ranks: list[tuple[int, int]]
    earned: list[tuple[int, int]]


@dataclass(frozen=True)
class Ending:
    """What came of it.

    Attributes:
        metrics: the metric dictionary of the run, as `fenxiao run` has it.
        member, team: who has the most members below her, by number in the market, and how many; NOBODY = there is
            nobody who brought anybody.
        invited: members who came by somebody's link. members: all.
        peak: the day with most GMV, the first of those. sold: its GMV, fen.
        undrawn: members who have no place in the picture.
    """

    metrics: dict[str, int | float | None]
    member: int
    team: int
    invited: int
    members: int
    peak: int
    sold: int
    undrawn: int


_NOBODY = Text(
    "{members:,} 名会员全部是自己来的，没有人带来别人。",
    "All {members:,} members came by themselves; nobody brought anybody.",
)
_TREE = Text(
    "最大的一棵树属于 {member} 号：团队 {team:,} 人。{members:,} 名会员中，{share} 由别人邀请而来。",
    "The largest tree is that of person {member}: a team of {team:,}. Of {members:,} members, {share} came by "
    "somebody’s invitation.",
)
_REFERRED = Text(
    "成交额的 {share} 归属于推广人，其余是自然成交。",
    "{share} of GMV belongs to a promoter; the rest was bought without one.",
)
_PAYOUT = Text("佣金 {commission}，占成交额的 {ratio}", "Commission is {commission}, {ratio} of GMV")
_CAP = Text("；方案规定每单至多 {cap}。", "; the plan allows at most {cap} of any one order.")
_NO_CAP = Text("；方案没有规定每单上限。", "; the plan sets no limit for an order.")
_PEAK = Text(
    "成交最旺的是第 {day} 天（{date}{occasion}）：{sold}。", "The best day was day {day} ({date}{occasion}): {sold}."
)
_UNDRAWN = Text(
    "图中画出最先加入的 {drawn:,} 人，其余 {undrawn:,} 人只计数。",
    "The picture shows the {drawn:,} who joined first; {undrawn:,} more are only counted.",
)
_COMMA = Text("，", ", ")


def story_sentences(ending: Ending, scenario: Scenario, plan: Plan, lang: Lang) -> list[str]:
    """What happened, in words."""
    metrics, told = ending.metrics, []
    if ending.member == NOBODY:
        told.append(_NOBODY.say(lang).format(members=ending.members))
    else:
        facts = {"member": ending.member, "team": ending.team, "members": ending.members}
        told.append(_TREE.say(lang).format(**facts, share=part(ending.invited / ending.members)))
    if metrics["gmv"]:
        told.append(_REFERRED.say(lang).format(share=figure("distribution_share", metrics["distribution_share"])))
        ratio = figure("payout_ratio", metrics["payout_ratio"])
        paid = _PAYOUT.say(lang).format(commission=figure("commission", metrics["commission"]), ratio=ratio)
        told.append(paid + _limit(plan, lang))
        told.append(_peak(ending, scenario, lang))
    if ending.undrawn:
        told.append(_UNDRAWN.say(lang).format(drawn=ending.members - ending.undrawn, undrawn=ending.undrawn))
    return told


def _limit(plan: Plan, lang: Lang) -> str:
    cap = plan.caps.order_ratio
    return _NO_CAP.say(lang) if cap is None else _CAP.say(lang).format(cap=f"{cap * 100 / PPM:g}%")


def _peak(ending: Ending, scenario: Scenario, lang: Lang) -> str:
    named = occasions(scenario, lang).get(ending.peak)
    return _PEAK.say(lang).format(
        day=ending.peak + 1,
        date=scenario.start + dt.timedelta(ending.peak),
        occasion=_COMMA.say(lang) + named if named else "",
        sold=money(ending.sold),
    )


def occasions(scenario: Scenario, lang: Lang) -> dict[int, str]:
    """The days of its calendar that have a name, from 0."""
    found = {}
    for one in scenario.calendar:
        if one.name:
            found[one.day] = one.name if isinstance(one.name, str) else spoken(one.name, lang)
    return found
