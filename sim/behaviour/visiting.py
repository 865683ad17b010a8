"""Visiting: which members look in at the store today, and who has left it.

Visit rates differ between people (Gamma) and evolve: interest fades with weeks in which nothing happens, and comes back
with a purchase or an income (Moe & Fader 2004, "Capturing evolving visit behavior in clickstream data"). An income that
falls disappoints. Interest bears on sharing, too. Who has not visited for 60 days, and whose income has fallen or is
nothing, is gone: neither visits, nor shares, nor orders unprompted, until somebody or something wins her back.

A visit today is one drawn here, or a sign-in, a share, an order.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.jit import kernel
from sim.behaviour.chunks import CHUNKS
from sim.behaviour.hurrying import begin_anew
from sim.behaviour.parameters import Behaviour
from sim.behaviour.purposes import Decision
from sim.behaviour.world import FULL, NEVER, Ids, World
from sim.draws import draw, draw_array, uniform_array
from sim.people import Floats, luck
from sim.quantiles import gamma, lookup_array

LEAVES_AFTER = 60
"""Days without a visit after which somebody may be gone."""
AGAIN = 30
"""Days after which that is asked again, of who was kept by her income."""
MONTH = 28
"""Days of a month of four weeks."""
OFTENEST = 0.95
"""Nobody visits on more than this part of days."""


@kernel
def visit(
    first: int, last: int, key: int, today: int, members: Ids, bar: NDArray[np.uint32], seen: Ids,
    tells: NDArray[np.bool_], out: Ids, counts: NDArray[np.int64],
) -> None:  # fmt: skip
    """Let members of chunks `first` to `last` visit; finds whose silence has today reached a length that matters.

    Args:
        key: of the day. today: the day. members: person numbers. bar: by person: visits if a 32-bit draw is below.
        seen: day of the last visit by person, written.
        tells: whether to be told of somebody who was silent for so many days.
        out: people found, in chunks. counts: how many by chunk.
    """
    count = len(members)
    for chunk in range(first, last):
        begin = chunk * count // CHUNKS
        found = begin
        for place in range(begin, (chunk + 1) * count // CHUNKS):
            person = members[place]
            comes = np.int64(draw(key, person) >> np.uint64(32)) < np.int64(bar[person])
            latest = today if comes else np.int64(seen[person])
            seen[person] = latest
            out[found] = person
            found += tells[max(today - latest, 0)]
        counts[chunk] = found - begin


@kernel
def feel(
    members: Ids, today: int, boredom: float, delight: float, earned: NDArray[np.int64], known: NDArray[np.int64],
    bought: Ids, base: NDArray[np.float32], gone: NDArray[np.bool_], interest: NDArray[np.float32],
    bar: NDArray[np.uint32],
) -> None:  # fmt: skip
    """Move the interest of members at the end of a week; writes `known`, `interest`, `bar`.

    Args:
        today: the day. boredom, delight: see `Behaviour`.
        earned: fen so far. known: the same a week ago. bought: day of the last order. base: visits a day at full
            interest. gone: has left. All by person.
    """
    for person in members:
        mood = np.float64(interest[person])
        if earned[person] > known[person] or today - np.int64(bought[person]) < 7:
            mood += delight * (1.0 - mood)
        else:
            mood *= 1.0 - boredom
        known[person] = earned[person]
        interest[person] = mood
        bar[person] = 0 if gone[person] else np.uint32(min(np.float64(base[person]) * mood, OFTENEST) * FULL)


@kernel
def temper(
    persons: Ids, today: int, gone: NDArray[np.bool_], interest: NDArray[np.float32], lift: NDArray[np.float32],
    lifted_until: Ids, bar: NDArray[np.uint32],
) -> None:  # fmt: skip
    """Lower or raise the `bar` of sharing that people have weighed, by their interest and by who cares for them.

    Args:
        today: the day. gone, interest: by person. lift: rise of sharing, up to day `lifted_until`. bar: written.
    """
    for place in range(len(persons)):
        person = persons[place]
        factor = 0.0 if gone[person] else np.float64(interest[person])
        if np.int64(lifted_until[person]) >= today:
            factor *= 1.0 + np.float64(lift[person])
        bar[person] = np.uint32(min(np.float64(bar[person]) * factor, np.float64(FULL)))


class Visits:
    """Who visits a world's store.

    Args:
        seed: of the world. people: size of the market. given: parameters.

    Attributes:
        seen: day of the last visit. gone: has left. interest: 0 to 1. income, before: fen of the last finished month of
            four weeks, and of the one before. lift, lifted_until: rise of sharing, and up to which day. By person.
        left, returned: how many were gone so far, and how many came back.
    """

    def __init__(self, seed: int, people: int, given: Behaviour) -> None:
        rates = lookup_array(gamma(given.visit_shape), luck(seed, Decision.visiting, np.arange(people)))
        self._base = (rates * given.visits / given.visit_shape).astype(np.float32)
        self._bar = (np.minimum(self._base.astype(np.float64), OFTENEST) * FULL).astype(np.uint32)
        self.seen = np.full(people, NEVER, np.int32)
        self._bought = np.full(people, -MONTH, np.int32)
        self.interest = np.ones(people, np.float32)
        self.gone = np.zeros(people, np.bool_)
        self._known = np.zeros(people, np.int64)
        self._mark = np.zeros(people, np.int64)
        self.income, self.before = np.zeros(people, np.int64), np.zeros(people, np.int64)
        self.lift, self.lifted_until = np.zeros(people, np.float32), np.full(people, -1, np.int32)
        self._silent = np.zeros(0, np.int32)
        self.left = self.returned = 0

    def look_in(self, world: World, lengths: tuple[int, ...]) -> None:
        """Let members visit in the morning; remembers whose silence has reached one of these lengths, or one after
        which somebody may be gone."""
        tells = np.zeros(world.market.days + 1, np.bool_)
        tells[[days for days in lengths if days < len(tells)]] = True
        tells[LEAVES_AFTER::AGAIN] = True
        members, key = world.members, world.key(Decision.visit, daily=True)
        self._silent = world.crew.gather(
            lambda first, last, *found: visit(
                first, last, key, world.day, members, self._bar, self.seen, tells, *found
            ),
            len(members),
        )

    def note(self, world: World, newcomers: Ids, sharers: Ids, buyers: Ids) -> None:
        """In the evening: who came for another reason. Whoever was gone and orders is back."""
        for persons in (newcomers, sharers, buyers):
            self.seen[persons] = world.day
        self._bought[buyers] = world.day
        self.come_back(world, buyers[self.gone[buyers]])

    def silent_for(self, world: World, days: int) -> Ids:
        """Who has reached so many days without a visit today."""
        return self._silent[world.day - self.seen[self._silent] == days]

    def leave(self, world: World) -> Ids:
        """Those whose silence is long enough, and whose income does not hold them, are gone; gives who they are."""
        days = world.day - self.seen[self._silent]
        persons = self._silent[(days >= LEAVES_AFTER) & ~self.gone[self._silent]]
        income = self.income[persons]
        persons = persons[(income <= 0) | (income < self.before[persons])]
        self.gone[persons] = True
        self._bar[persons] = 0
        world.crowd["buy_day"][persons] = NEVER
        self.left += len(persons)
        return persons

    def come_back(self, world: World, persons: NDArray[Any]) -> None:
        """Let people who were gone, or nearly, be members like others again."""
        persons = np.unique(persons).astype(np.int32)
        away = persons[self.gone[persons]]
        self.gone[away] = False
        self.returned += len(away)
        self.seen[persons] = world.day
        self.please(persons, 0.5)
        begin_anew(world, away, uniform_array(draw_array(world.key(Decision.recall, daily=True), away)))

    def please(self, persons: NDArray[Any], part: float) -> None:
        """Give people back a part of what is missing of full interest."""
        mood = self.interest[persons].astype(np.float64)
        mood += part * (1 - mood)
        self.interest[persons] = mood
        self._bar[persons] = np.where(self.gone[persons], 0, np.minimum(self._base[persons] * mood, OFTENEST) * FULL)

    def end_day(self, world: World, persons: NDArray[Any]) -> None:
        """After promoters have weighed their effort: let interest bear on it."""
        temper(
            persons.astype(np.int32), world.day, self.gone, self.interest, self.lift, self.lifted_until,
            world.crowd["bar"],
        )  # fmt: skip

    def end_week(self, world: World) -> None:
        """Move interest; at the end of a month of four weeks incomes are compared."""
        given, members = world.given, world.members
        if (world.day + 1) % MONTH == 0:
            self._end_month(world)
        columns = (self._known, self._bought, self._base, self.gone, self.interest, self._bar)
        feel(members, world.day, given.boredom, given.delight, world.crowd["earned"], *columns)

    def falls(self, persons: NDArray[Any]) -> Floats:
        """By which part the income of people has fallen in the last month, 0 to 1."""
        before = np.maximum(self.before[persons], 0)
        fall = np.clip(before - self.income[persons], 0, before)
        return np.asarray(fall / np.maximum(before, 1))

    def _end_month(self, world: World) -> None:
        members, earned = world.members, world.crowd["earned"]
        self.before[members] = self.income[members]
        self.income[members] = earned[members] - self._mark[members]
        self._mark[members] = earned[members]
        lost = world.given.disappointment * self.falls(members)
        self.interest[members] = self.interest[members] * (1 - lost)
