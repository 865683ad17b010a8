"""Communities in a tree 社群: headquarters, provinces, cities, communities, and calls that go down through it.

A call from headquarters moves people by those whom they know: each province hears of it, passes it on to its cities,
these to the leaders of their communities, each after some days, and some never (the two-step flow of Katz & Lazarsfeld
1955, with the steps of a sales organisation). In a community that hears of it the members share in step, on its day.

Communities are those of `sim.network`: neighbours by number. So are cities and provinces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from rules.events import DAY
from rules.plan.values import Section, Title, Whole
from sim.behaviour.parameters import Share
from sim.behaviour.purposes import Decision
from sim.behaviour.world import NEVER, Ids, World
from sim.draws import bits_array, draw_array, field_array, pick_array

if TYPE_CHECKING:
    from sim.behaviour.clicking import Clicks
    from sim.behaviour.joining import Answers
    from sim.behaviour.sharing import Shares

LEVELS = ("provinces", "cities", "communities")
"""Below headquarters, from the top."""
COUNTS = ("communities", "moved", "shares", "clicks", "registrations", "orders")
"""What is counted of a call and province: communities that heard, members in them, and what there was beyond what
they would have shared of themselves that day: shares, clicks on these, and what the clicks led to."""

_HEARS_BITS = 32
Wait = Annotated[Whole, Field(ge=0, le=60)]


class Call(Section):
    """A call 号召 from headquarters: on a day of the run.

    `reach` is the probability that a province, a city, a community passes it on to those below, and `delay_days` the
    most days that each of the three levels takes. On their community's day members share with a probability of at least
    `lift`.
    """

    day: Annotated[Whole, Field(ge=0, le=36_500)]
    title: Title | None = None
    lift: Share = 0.3
    reach: Share = 0.9
    delay_days: tuple[Wait, Wait, Wait] = (0, 1, 1)


class Communities(Section):
    """The tree of the communities 社群体系: so many provinces, so many cities in each, and the calls."""

    provinces: Annotated[Whole, Field(ge=1, le=1_000)] = 4
    cities: Annotated[Whole, Field(ge=1, le=1_000)] = 10
    calls: Annotated[list[Call], Field(max_length=366)] = Field(default_factory=list)


@dataclass(frozen=True)
class Tree:
    """Where each community belongs, and when it hears of each call.

    Attributes:
        province, city: by community; cities count through all provinces.
        hears: day of the run by call and community; NEVER where the call is lost.
    """

    province: NDArray[np.int64]
    city: NDArray[np.int64]
    hears: NDArray[np.int64]


class Headquarters:
    """Who calls on the communities of a world.

    Args:
        rules: of the scenario. world: before its first day.

    Attributes:
        tree: see there. counts: int64 by call, province and `COUNTS`.
    """

    def __init__(self, rules: Communities, world: World) -> None:
        self.rules, self.tree = rules, tree_of(rules, world)
        self.counts = np.zeros((len(rules.calls), rules.provinces, len(COUNTS)), np.int64)
        self._last = int(self.tree.hears[self.tree.hears < NEVER].max(initial=-1))
        self._called: NDArray[np.int64] | None = None

    def call(self, world: World) -> None:
        """Move the members of the communities that hear of a call today."""
        self._called = None
        if world.day > self._last or not (today := self.tree.hears == world.day).any():
            return
        self._called = np.full(len(self.tree.province), -1)
        for number, call in enumerate(self.rules.calls):
            reached = np.flatnonzero(today[number])
            members = members_of(world, reached)
            world.rouse(members, call.lift)
            self._called[reached] = number
            self._note(number, 0, self.tree.province[reached])
            self._note(number, 1, self.tree.province[members // world.given.community])

    def count(self, world: World, shares: Shares, clicks: Clicks, answers: Answers) -> None:
        """Count what there was today because of a call; the later one counts where a community heard of two."""
        if self._called is None:
            return
        community = shares.sharer // world.given.community
        own = draw_array(world.key(Decision.share, daily=True), shares.sharer) >> np.uint64(32)
        call = np.where(own >= world.crowd["bar"][shares.sharer], self._called[community], -1)
        registered, ordered = (clicks.share[answers.outcome > 1], clicks.share[answers.outcome == 1])
        for column, places in enumerate((np.arange(len(call)), clicks.share, registered, ordered), 2):
            places = places[call[places] >= 0]
            self._note(call[places], column, self.tree.province[community[places]])

    def _note(self, call: NDArray[np.int64] | int, column: int, province: NDArray[np.int64]) -> None:
        np.add.at(self.counts, (call, province, column), 1)


def tree_of(rules: Communities, world: World) -> Tree:
    """The tree of a world: cities are runs of communities of equal length, up to one; provinces runs of cities."""
    count = -(-world.people // world.given.community)
    cities = rules.provinces * rules.cities
    city = np.arange(count) * cities // count
    province = city // rules.cities
    hears = [heard(world, number, call, (province, city)) for number, call in enumerate(rules.calls)]
    return Tree(province, city, np.array(hears, np.int64).reshape(len(hears), count))


def heard(
    world: World, number: int, call: Call, above: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> NDArray[np.int64]:
    """The day on which each community hears of a call; NEVER where a level lost it.

    Args:
        world: of which people, seed and settings are read. number, call: which call.
        above: province and city, by community.
    """
    day = np.full(len(above[0]), call.day)
    for level, nodes in enumerate((*above, np.arange(len(day)))):
        words = bits_array(world.key(Decision.passed_on), len(LEVELS) * nodes + level, number)
        lost = field_array(words, 0, _HEARS_BITS) * 2.0**-_HEARS_BITS >= call.reach
        day = np.where(lost, NEVER, day + pick_array(words, call.delay_days[level] + 1))
    return np.minimum(day, NEVER)


def members_of(world: World, communities: NDArray[np.int64]) -> Ids:
    """The members of some communities, as of the morning, by number."""
    size = world.given.community
    persons = (communities[:, None] * size + np.arange(size)).ravel()
    persons = persons[persons < world.people].astype(np.int32)
    return persons[world.crowd["joined"][persons] < world.day * DAY]
