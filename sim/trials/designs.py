"""Designs of a live test: who lives under plan B when. Each is drawn by the trial, whatever happens in the world.

A user split draws people, a community split draws communities of the network, a tree split draws referral trees as
they stand when the trial begins (newcomers follow their inviter), a grey release draws people in stages, and a time
split draws in each pair of blocks which one the whole shop spends under B.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.events import Kind, Records
from rules.money import PPM
from sim.actors.character import Stage
from sim.actors.grey_release import GreyRelease
from sim.actors.plan_calendar import PlanCalendar
from sim.behaviour.purposes import Decision
from sim.draws import draw_array, key
from sim.experiments.metric_names import Text
from sim.people import Floats, luck
from sim.trials.settings import Design, Trial

TITLES: dict[Design, Text] = {
    "user": Text("用户随机分流", "user split"),
    "community": Text("社群聚类分流", "community split"),
    "tree": Text("推荐树分流", "tree split"),
    "grey": Text("灰度发布", "grey release"),
    "time": Text("时间切换", "time split"),
}
FAR = 1_000_003
"""Between the seeds of the draws of one replication."""


def turns(seed: int, draw: int, units: int) -> Floats:
    """A place in a random order from 0 to 1 for each of so many units: who is below a half lives under B."""
    words = draw_array(key(seed + FAR * draw, Decision.release), np.arange(units))
    places = np.empty(units)
    places[np.argsort(words, kind="stable")] = np.arange(units) / units
    return places


def sides(seed: int, draw: int, people: int, pairs: int) -> NDArray[np.bool_]:
    """Of each pair of blocks, whether B comes first."""
    return luck(seed + FAR * draw, Decision.release, np.arange(people, people + pairs)) < 0.5


def turns_of(design: Design, trial: Trial, seed: int, draw: int, community: int) -> Floats:
    """The turn of each person under a design that draws people, communities or trees.

    A tree has the turn of its root, which `TreeRelease` hands on.
    """
    if design == "community":
        of_person = np.arange(trial.people) // community
        return turns(seed, draw, int(of_person[-1]) + 1)[of_person]
    return turns(seed, draw, trial.people)


class Split(GreyRelease):
    """A release of plan B to those whose turns the trial has drawn.

    Everybody hears of her terms when a stage begins, and newcomers as they register, whichever arm they are in: else
    the trial would measure what being told does.
    """

    def __init__(self, model: Stage, arm: int, stages: list[tuple[int, int]], turn: Floats) -> None:
        super().__init__(model, arm, stages)
        self._turn = turn * PPM

    def act(self, day: int) -> None:
        """Tell people their terms, and assign those whose turn has come."""
        world, days = self.model.world, [begins for begins, _ in self.stages]
        if day in days:
            world.told.append(world.members)
        if day >= days[0]:
            world.told += [group["member"][group["kind"] == Kind.register] for group in world.today]
        super().act(day)


class TreeSplit(Split):
    """A split of referral trees: members have the turn of their root, and newcomers that of their inviter."""

    def act(self, day: int) -> None:
        """Hand turns on, then assign as any release."""
        if day == self.stages[0][0]:
            self._turn = self._turn[roots(self.model.store.book)]
        if day >= self.stages[0][0]:
            for group in self.model.world.today:
                hand_on(self._turn, group[group["kind"] == Kind.register])
        super().act(day)


def roots(book: Book) -> NDArray[np.int64]:
    """Who stands at the top of each member's tree now; whoever is no member yet stands alone."""
    people = np.arange(len(book.members))
    above = np.where(book.members["joined_at"] >= 0, book.members["upline"], -1)
    top = np.where(above >= 0, above, people).astype(np.int64)
    while not np.array_equal(top[top], top):
        top = top[top]
    return top


def hand_on(values: NDArray[np.generic], registered: Records) -> None:
    """Give newcomers the value of their inviters, in the order in which they register."""
    invited = registered[registered["other"] >= 0]
    invited = invited[np.argsort(invited["time"], kind="stable")]
    for member, inviter in zip(invited["member"].tolist(), invited["other"].tolist(), strict=True):
        values[member] = values[inviter]


def alternate(model: Stage, trial: Trial, number: int, b_first: NDArray[np.bool_]) -> PlanCalendar:
    """Have the whole shop change sides at the beginning of blocks; `number` is that of plan B in the model."""
    versions, running = {}, 0
    for place, under_b in enumerate(blocks_under_b(b_first)):
        wanted = number if under_b else 0
        if wanted != running:
            versions[trial.before + place * trial.block] = running = wanted
    return PlanCalendar(model, versions)


def blocks_under_b(b_first: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Block by block, whether it is spent under B."""
    return np.stack([b_first, ~b_first], axis=1).ravel()
