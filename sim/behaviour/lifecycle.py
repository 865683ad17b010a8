"""Life cycle 用户生命周期: newcomers, growing, mature, dormant, lost; and what the operator does at each turn.

A stage is what a member does, not what she is called. Newcomers get a coupon and a first task, new promoters are
trained, the dormant are written to (win-back: Thomas, Blattberg & Fox 2004, "Recapturing lost customers": a lower price
of coming back brings more of them back). How many answer is assumed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY, Kind
from rules.people.care import Care, FirstShare
from sim.behaviour.purposes import Decision
from sim.behaviour.sharing import Shares
from sim.behaviour.visiting import MONTH, Visits
from sim.behaviour.world import Ids, World
from sim.draws import draw_array, uniform_array
from sim.rows import events_of

STAGES = ("newcomer", "growing", "mature", "dormant", "lost")
"""The stages, in the order of a life."""
DORMANT_AFTER = 30
"""Days without a visit."""
MATURE_ORDERS = 3
"""Orders of somebody who is mature as a buyer."""
ANSWERS_AFTER = 2
"""Days after which somebody who was written to comes back; by then she knows her coupon."""
ACTS = ("welcomed", "first_shares", "trained", "written_to", "recalled")
"""What is counted."""


def stages(world: World, visits: Visits) -> NDArray[np.int64]:
    """The number of the stage of each member, in the order of the members.

    Lost: gone. Dormant: 30 days without a visit. Newcomer: registered less than 28 days ago. Mature: three orders, or
    an income in both of the last two months of four weeks. Growing: everybody else.
    """
    members, crowd, tonight = world.members, world.crowd, world.day + 1
    orders = crowd["repeats"][members].astype(np.int64) + crowd["impulses"][members]
    mature = (orders >= MATURE_ORDERS) | ((visits.income[members] > 0) & (visits.before[members] > 0))
    stage = np.where(mature, STAGES.index("mature"), STAGES.index("growing"))
    stage[crowd["joined"][members] >= (tonight - MONTH) * DAY] = STAGES.index("newcomer")
    stage[tonight - visits.seen[members] > DORMANT_AFTER] = STAGES.index("dormant")
    stage[visits.gone[members]] = STAGES.index("lost")
    return stage


class LifeCycle:
    """What an operator has done for the members of a world, stage by stage.

    Args:
        people: size of the market. days: of the run.

    Attributes:
        months: members by stage, then gone and back in the month, a row a month of four weeks.
        acts: how often each of `ACTS` was done. coupons: numbers of coupons by id.
    """

    def __init__(self, people: int, days: int) -> None:
        self.months = np.zeros((days // MONTH, len(STAGES) + 2), np.int64)
        self.acts = np.zeros(len(ACTS), np.int64)
        self._trained = np.zeros(people, np.bool_)
        self._answers: defaultdict[int, list[Ids]] = defaultdict(list)

    def reach(self, world: World, shares: Shares) -> Shares:
        """The shares of a day, those of trained promoters before more contacts."""
        trained = self._trained[shares.sharer]
        if not trained.any():
            return shares
        most = world.crowd["degree"][shares.sharer]
        more = np.minimum((shares.reach * (1 + world.given.training_lift)).astype(np.int64), most)
        return replace(shares, reach=np.where(trained, np.maximum(more, shares.reach), shares.reach))

    def answer(self, world: World, visits: Visits) -> Ids:
        """In the morning: those come back who were written to and answer; gives who they are."""
        persons = np.concatenate([np.zeros(0, np.int32), *self._answers.pop(world.day, [])])
        visits.come_back(world, persons)
        self.acts[ACTS.index("recalled")] += len(persons)
        return persons

    def see_to(
        self, world: World, visits: Visits, rule: Care, numbers: dict[str, int], newcomers: Ids, shares: Shares,
        refuses: NDArray[np.bool_],
    ) -> int:  # fmt: skip
        """In the evening: welcome, first task, training, win-back. Gives what it cost, in fen.

        Args:
            numbers: of coupons by id. newcomers: who registered today. refuses: messages, by person.
        """
        if rule.welcome:
            moment = world.crowd["joined"][newcomers].astype(np.int64) + world.start * DAY
            self._grant(world, newcomers, moment, numbers[rule.welcome.coupon])
            self._count("welcomed", newcomers)
        new = world.crowd["shares"][shares.sharer] + world.crowd["shared"][shares.sharer] == 1
        persons, cost = shares.sharer[new], 0
        if rule.first_share:
            early = registered_lately(world, persons, rule.first_share)
            moment = world.midnight + shares.second[new][early]
            self._grant(world, persons[early], moment, numbers[rule.first_share.coupon])
            self._count("first_shares", persons[early])
        if rule.training:
            self._trained[persons] = True
            self._count("trained", persons)
            cost += len(persons) * rule.training.cost
        return cost + self._win_back(world, visits, rule, numbers, refuses)

    def end_month(self, world: World, visits: Visits) -> None:
        """Count members by stage at the end of a month of four weeks."""
        if (world.day + 1) % MONTH == 0:
            before = self.months[: world.day // MONTH, len(STAGES) :].sum(0)
            counts = np.bincount(stages(world, visits), minlength=len(STAGES))
            self.months[world.day // MONTH] = [*counts, *(np.array([visits.left, visits.returned]) - before)]

    def _win_back(
        self, world: World, visits: Visits, rule: Care, numbers: dict[str, int], refuses: NDArray[np.bool_]
    ) -> int:
        if rule.win_back is None:
            return 0
        persons = visits.silent_for(world, rule.win_back.after_days)
        persons = persons[~refuses[persons]]
        if rule.win_back.coupon is not None:
            night = np.full(len(persons), world.midnight + DAY - 1)
            self._grant(world, persons, night, numbers[rule.win_back.coupon])
        luck = uniform_array(draw_array(world.key(Decision.recall, daily=True), persons))
        self._answers[world.day + ANSWERS_AFTER].append(persons[luck < world.given.recall])
        self._count("written_to", persons)
        return len(persons) * rule.win_back.cost

    def _grant(self, world: World, persons: Ids, moment: NDArray[np.int64], coupon: int) -> None:
        moment = np.minimum(moment + 1, world.midnight + DAY - 1)
        world.agenda.put(events_of(Kind.grant, moment, member=persons, rank=coupon))

    def _count(self, act: str, persons: Ids) -> None:
        self.acts[ACTS.index(act)] += len(persons)


def registered_lately(world: World, persons: NDArray[Any], rule: FirstShare) -> NDArray[np.bool_]:
    """Whether people registered so lately that a first share today is their first task."""
    return np.asarray(world.crowd["joined"][persons] >= (world.day + 1 - rule.days) * DAY)


def silences(rule: Care | None) -> tuple[int, ...]:
    """The days of silence of members that care asks to be told of."""
    if rule is None:
        return ()
    return (rule.warn.silent_days, *([rule.win_back.after_days] if rule.win_back else []))
