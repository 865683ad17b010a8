"""Worked examples that take time: a month's ladder and team share, a late refund, a rise in rank."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from rules.commission.ladder import Ladder
from rules.commission.team import Team
from rules.examples.parts import Example, amount, goods, payees, typical
from rules.money import in_yuan
from rules.plan.wording.words import MEASURES, PERIOD, Terms, Words, money, say
from rules.scene import Scene, quiet

_CLOSES = {"day": "2026-01-06 00:00", "week": "2026-01-12 00:00", "month": "2026-02-01 00:00"}
"""When the period of the first day of a scene is over."""
_STEP_UP, _PLAIN_VOLUME, _LATE = 6, 10_000_00, 1_000_00


def ladder(terms: Terms) -> Iterator[Example]:
    """A period that crosses a step of the ladder, and a refund after its close."""
    rule = terms.plan.commission.ladder
    if rule is None:
        return
    steps = [step.from_ for step in rule.brackets if step.from_]
    volume = steps[0] * _STEP_UP // 5 if steps else _PLAIN_VOLUME
    yield from _period(terms, "ladder", rule, volume, Words("阶梯奖励", "The ladder"))


def team(terms: Terms) -> Iterator[Example]:
    """A period of a team, and a refund after its close."""
    rule = terms.plan.commission.team
    if rule is not None:
        yield from _period(terms, "team", rule, 2 * _PLAIN_VOLUME, Words("团队绩效", "The team share"))


def _period(terms: Terms, component: str, rule: Ladder | Team, volume: int, title: Words) -> Iterator[Example]:
    """One period with this volume; then part of it comes back after the close."""
    rank = typical(terms, rule.ranks)
    scene = Scene(quiet(terms.plan))
    buyer = gathers(scene, terms, rule.measure, rank)
    scene.order("2026-01-05 10:00", "O1", buyer, goods(terms), volume)
    closed = _CLOSES[rule.period]
    scene.happens(closed, close=rule.period)
    late = min(_LATE, volume // 10)
    scene.happens(closed.replace("00:00", "10:00"), refund="O1", line=1, amount=in_yuan(late))
    outcome = scene.play()
    who = terms.rank(rank)
    found = tuple(amount(who, one) for one in outcome.of(member="payee") if one.component == component)
    if found:
        story = (
            say(
                "{who}本{period}{measure}为 {volume}。",
                "{who}: {measure} {volume} in the {period}.",
                who=who,
                period=PERIOD[rule.period],
                measure=MEASURES[rule.measure],
                volume=money(volume),
            ),
            say(
                "该{period}结束后，其中的订单退款 {late}。",
                "After the close of the {period} {late} of it are refunded.",
                period=PERIOD[rule.period],
                late=money(late),
            ),
        )
        left = say("最终所得 {sum}。", "{sum} in the end.", sum=money(sum(one.amount for one in found)))
        yield Example(component, title, story, found, (left,))


def gathers(scene: Scene, terms: Terms, measure: str, rank: str) -> str:
    """Somebody called `payee` of a rank, and whoever must buy so that it counts for this measure; returns the buyer."""
    payee = scene.person("payee", rank)
    if measure == "personal_volume":
        return payee
    if measure == "promoted_volume":
        return scene.person("buyer", terms.plan.ranks[0].id, payee)
    ranks = payees(terms)
    between = scene.person("between", ranks[0] if ranks else rank, payee)
    return scene.person("buyer", terms.plan.ranks[0].id, between)


def dividend(terms: Terms) -> Iterator[Example]:
    """A period's dividend, with one head of each rank that has a share."""
    rule = terms.plan.commission.dividend
    if rule is None:
        return
    scene, volume = Scene(quiet(terms.plan)), 10 * _PLAIN_VOLUME
    heads = {scene.person(f"head {name}", name): terms.rank(name) for name in rule.shares}
    top = terms.plan.ranks[-1].id  # buys, since buying lifts nobody above it
    scene.order("2026-01-05 10:00", "O1", scene.person(f"head {top}", top), goods(terms), volume)
    scene.happens(_CLOSES[rule.period], close=rule.period)
    found = tuple(amount(heads[one.member], one) for one in scene.play().entries if one.component == "dividend")
    if found:
        story = say(
            "商城本{period}已付款 {volume}；期末下列等级各有 1 人。",
            "The store is paid {volume} in the {period}; at its close there is one member of each of these ranks.",
            period=PERIOD[rule.period],
            volume=money(volume),
        )
        yield Example("dividend", Words("分红", "The dividend"), (story,), found)


def promotion(terms: Terms) -> Iterator[Example]:
    """Months on target, until the rank rises."""
    for below, rank in pairwise(terms.plan.ranks):
        rule = rank.promote
        if rule is None or rule.months > 24:
            continue
        (measure, target), *others = rule.targets
        if others or target == 0 or measure not in MEASURES:
            continue
        reached = [_rank_after(terms, below.id, measure, target, months) for months in range(1, rule.months + 1)]
        if reached[-1] != rank.id:  # another rule of the plan is in the way: no example of rising
            continue
        told = tuple(
            say("第 {n} 个月结束后：{rank}。", "After month {n}: {rank}.", n=number, rank=terms.rank(name))
            for number, name in enumerate(reached, 1)
        )
        story = say(
            "{who}每月{measure} {target}。",
            "{who}: {measure} {target} a month.",
            who=terms.rank(below.id),
            measure=MEASURES[measure],
            target=money(target),
        )
        title = say("怎样升为{rank}", "Rising to {rank}", rank=terms.rank(rank.id))
        yield Example(f"promotion.{rank.id}", title, (story,), (), told)


def _rank_after(terms: Terms, rank: str, measure: str, target: int, months: int) -> str:
    """The rank of somebody who was on target for some months in a row."""
    scene = Scene(quiet(terms.plan))
    buyer = gathers(scene, terms, measure, rank)
    for month in range(months):
        year, index = divmod(month, 12)
        scene.order(f"{2026 + year}-{index + 1:02d}-10 10:00", f"O{month}", buyer, goods(terms), target)
    year, index = divmod(months, 12)
    scene.happens(f"{2026 + year}-{index + 1:02d}-01 00:00", close="day")
    outcome = scene.play()
    payee = outcome.state.members[outcome.names.index("payee")]
    return terms.plan.ranks[payee.rank].id
