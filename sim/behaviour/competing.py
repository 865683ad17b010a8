"""Competing: how leaderboards move those who stand on them.

In a tournament effort rises with the spread of the prizes, and not with how far one is ahead (Lazear & Rosen 1981,
"Rank-Order Tournaments as Optimum Labor Contracts", J. Political Economy 89). Effort rises the closer the reward is:
the goal gradient (Kivetz, Urminsky & Zheng 2006, "The Goal-Gradient Hypothesis Resurrected", J. Marketing Research
43). The more compete, the less it moves each of them (Garcia & Tor 2009, "The N-Effect", Psychological Science 20).
And who is far behind gives up a little. Goods are worth less to whoever wins them than they cost: Waldfogel 1993, "The
Deadweight Loss of Christmas", American Economic Review 83, found a tenth to a third less.

Once a week every member with a figure looks at the running round. Whoever is within reach of the next prize, or of
whom somebody else is within reach, gives more effort: the factor `drive`. Of a team it is the leader who is moved.
Who has no figure yet, or is in no contest, is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.commission.campaign import plan_start
from rules.commission.contest import Contest, Prize, Race, race_of, round_on
from rules.events import Records
from rules.plan.model import Plan
from sim.behaviour.parameters import Behaviour
from sim.behaviour.world import FULL, World
from sim.people import Floats

_LEAST, _MOST = 0.5, 2.0
"""Bounds of `drive`, however many contests there are."""


def has_contests(world: World) -> bool:
    """Whether somebody lives under a plan with contests."""
    return bool(world.plan.contests) or any(plan.contests for plan in world.arms)


def look(world: World, book: Book, races: Sequence[Race]) -> None:
    """All members look at the leaderboards of this evening, and take from them what drives them next week.

    Args:
        world: the market. book: with the standings. races: what they are of, in the book's order.
    """
    drive, members = world.crowd["drive"], world.members
    drive[members] = 1
    for number, plan in enumerate([world.plan, *world.arms]):
        mine = members[book.members["arm"][members] == number] if world.arms and plan.contests else members
        for contest in plan.contests:
            moved, factors = _look_at(world, book, list(races), plan, contest, mine)
            drive[moved] = (drive[moved] * factors.astype(np.float32)).clip(_LEAST, _MOST)


def _look_at(
    world: World, book: Book, races: list[Race], plan: Plan, contest: Contest, members: NDArray[Any]
) -> tuple[NDArray[Any], Floats]:
    """Whom the leaderboard of a contest moves, and by how much."""
    race = race_of(contest, plan_start(plan, world.start))
    today = world.start + world.day
    running = round_on(race, today)
    if running is None or round_on(race, today + 1) is None:
        return members[:0], np.zeros(0)
    rows = book.standings[races.index(race)]
    there = members[rows["figure"][members] > 0]
    there = there[rows["round"][there] == running]
    if contest.ranks is not None:
        named = np.array([rank.id in contest.ranks for rank in plan.ranks])
        there = there[named[book.members["rank"][there]]]
    order = np.lexsort((there, rows["reached"][there], -rows["figure"][there]))
    there = there[order]
    if contest.pk:
        return there, _duels(rows[there], there, contest, world.given)
    return there, factors_of(rows["figure"][there].astype(np.float64), contest, world.given)


def factors_of(figures: Floats, contest: Contest, given: Behaviour) -> Floats:
    """By how much a leaderboard multiplies the effort of those on it.

    Args:
        figures: above 0, the highest first. contest: with its prizes. given: see `Behaviour`.
    """
    many = len(figures)
    placed = int(np.count_nonzero(figures >= contest.least))
    place = np.arange(1, many + 1)
    goal, won, have = np.full(many, np.inf), np.zeros(many), np.zeros(many)
    for prize in contest.prizes:
        value = worth(prize, given)
        outside = (place > prize.last) | (figures < contest.least)
        goal[outside] = figures[prize.last - 1] if placed >= prize.last else contest.least
        won[outside] = value
        have[(place >= prize.first) & ~outside] = value
    chase = _pull(figures / goal, won - have, given)
    behind = np.append(figures[1:], 0.0)
    defend = _pull(behind / figures, have - np.append(have[1:], 0.0), given)
    return _factor(np.maximum(chase, defend), (figures / goal < given.hopeless) & (have == 0), many, given)


def worth(prize: Prize, given: Behaviour) -> float:
    """What a prize is worth to whoever wins it, fen: goods less than they cost."""
    return float(prize.pay or 0) + given.in_kind * float(prize.value or 0)


def _duels(standings: Records, members: NDArray[Any], contest: Contest, given: Behaviour) -> Floats:
    """The same in pairs: what counts is how close the two are."""
    rivals = standings["rival"]
    figure = dict(zip(members.tolist(), standings["figure"].tolist(), strict=True))
    own = standings["figure"].astype(np.float64)
    other = np.array([figure.get(rival, 0) for rival in rivals.tolist()], np.float64)
    paired = rivals >= 0
    close = np.minimum(own, other) / np.maximum(own, other)
    pull = _pull(close, np.where(paired, worth(contest.prizes[0], given), 0.0), given)
    return _factor(pull, paired & (own / np.maximum(other, 1.0) < given.hopeless), 2, given)


def _pull(close: Floats, spread: Floats, given: Behaviour) -> Floats:
    """How much a spread of prizes moves somebody who is so close to it (1 = there): 0 to 1."""
    spread = np.maximum(spread, 0.0)
    near = np.clip(1.0 - (1.0 - close) / given.within_reach, 0.0, 1.0)
    result: Floats = near * spread / (spread + given.prize_scale * 100)
    return result


def _factor(pull: Floats, hopeless: NDArray[np.bool_], many: int, given: Behaviour) -> Floats:
    crowded = 1.0 / (1.0 + given.crowding * np.log(max(many, 1)))
    result: Floats = np.where(hopeless, 1.0 - given.discouraged, 1.0 + given.spur * crowded * pull)
    return result


def spur(world: World, persons: NDArray[Any]) -> None:
    """Multiply the effort that some people have just weighed by what drives them."""
    crowd = world.crowd
    moved = persons[crowd["drive"][persons] != 1]
    effort = np.minimum(crowd["effort"][moved] * crowd["drive"][moved], np.float32(1))
    crowd["effort"][moved] = effort
    chance = world.given.sharing * crowd["zeal"][moved].astype(np.float64) * effort.astype(np.float64)
    crowd["bar"][moved] = (np.minimum(chance, 1.0) * FULL).astype(np.uint32)
