"""Care: warning signs that a promoter is about to leave, and what the operator does then.

Signs are days without a visit and an income that has fallen from one month of four weeks to the next. A push of goods
with a high commission is cheap and works now and then; a personal adviser is dear and works more often (how much to
spend on keeping whom, and by which kind of contact, is the question of Reinartz, Thomas & Kumar 2005, "Balancing
acquisition and retention resources to maximize customer profitability"; how often it works here is assumed). Each works
at once or not at all.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.money import PPM
from rules.people.care import Care
from sim.behaviour.purposes import Decision
from sim.behaviour.visiting import MONTH, Visits
from sim.behaviour.world import Ids, World
from sim.draws import draw_array, uniform_array

PUSH, ADVISER = 0, 1
"""The two interventions, as rows of the tally."""
PUSH_DAYS, ADVISER_DAYS = 14, 28
"""Days for which they raise sharing."""
CASES, WORKED, COST, BROUGHT = 0, 1, 2, 3
"""The columns of the tally: cases, how many worked, fen they cost, fen promoted by them in the four weeks after."""


class Rescue:
    """The cases of a world.

    Args:
        people: size of the market.

    Attributes:
        tally: cases, worked, cost, brought, by intervention.
    """

    def __init__(self, people: int) -> None:
        self._case_day = np.full(people, -1_000, np.int32)
        self._followed: dict[int, list[NDArray[np.int64]]] = {}
        self.tally = np.zeros((2, 4), np.int64)

    def look_after(self, world: World, book: Book, visits: Visits, rule: Care) -> tuple[Ids, int]:
        """In the evening: take up today's cases.

        Returns:
            Whose standing has changed, and fen that it cost.
        """
        self._follow_up(world, book)
        persons = self._warned(world, visits, rule)
        dear = np.zeros(len(persons), np.bool_)
        if rule.adviser:
            dear = visits.income[persons] >= rule.adviser.income
        cases = [persons[~dear] if rule.push else persons[:0], persons[dear]]
        costs = [rule.push.cost if rule.push else 0, rule.adviser.cost if rule.adviser else 0]
        given = world.given
        chances, lifts = (given.push_works, given.adviser_works), (given.push_lift, given.adviser_lift)
        days, pleased = (PUSH_DAYS, ADVISER_DAYS), (0.5, 1.0)
        helped = [self._help(world, visits, cases[one], chances[one]) for one in (PUSH, ADVISER)]
        for one in (PUSH, ADVISER):
            visits.lift[helped[one]], visits.lifted_until[helped[one]] = lifts[one], world.day + days[one]
            visits.please(helped[one], pleased[one])
            self.tally[one, :BROUGHT] += [len(cases[one]), len(helped[one]), len(cases[one]) * costs[one]]
            self._follow(world, book, cases[one], one)
        return np.concatenate(helped), sum(len(case) * cost for case, cost in zip(cases, costs, strict=True))

    def _warned(self, world: World, visits: Visits, rule: Care) -> Ids:
        """Promoters who show a warning sign today, and were no case lately."""
        silent = self._open_to(world, visits, rule, visits.silent_for(world, rule.warn.silent_days))
        if (world.day + 1) % MONTH != 1 or world.day <= MONTH:
            return np.sort(silent)
        poorer = world.members[visits.falls(world.members) >= rule.warn.income_fall / PPM]  # compared last night
        return np.union1d(silent, self._open_to(world, visits, rule, poorer))

    def _open_to(self, world: World, visits: Visits, rule: Care, persons: Ids) -> Ids:
        """Those of some people who promote, are there, and were no case lately."""
        persons = persons[self._case_day[persons] <= world.day - rule.warn.rest_days]
        return persons[promotes(world, persons) & ~visits.gone[persons]]

    def _help(self, world: World, visits: Visits, cases: Ids, chance: float) -> Ids:
        """Those of some cases for whom it works: they look in tonight."""
        self._case_day[cases] = world.day
        helped = cases[uniform_array(draw_array(world.key(Decision.rescue, daily=True), cases)) < chance]
        visits.seen[helped] = world.day
        return helped

    def _follow(self, world: World, book: Book, cases: Ids, one: int) -> None:
        """Note what cases have promoted so far, to see in four weeks what came of them."""
        if len(cases):
            rows = np.column_stack([cases, np.full(len(cases), one), book.members["promoted"][cases]])
            self._followed.setdefault(world.day + MONTH, []).append(rows.astype(np.int64))

    def _follow_up(self, world: World, book: Book) -> None:
        for rows in self._followed.pop(world.day, []):
            person, one, before = rows.T
            np.add.at(self.tally[:, BROUGHT], one, book.members["promoted"][person] - before)


def promotes(world: World, persons: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether people have ever shared."""
    crowd = world.crowd
    return np.asarray((crowd["shares"][persons] > 0) | (crowd["shared"][persons] > 0))
