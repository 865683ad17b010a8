"""The story of a market, day by day: who joined by whose link, who rose, what was sold, and what that cost.

A story is a run of `StoreModel` with somebody watching. A `Frame` tells what a day has added; its figures are those
of `fenxiao run`, counted from the first day to that evening, so the last frame has the figures of the whole run.
Members are told by their order of joining, which never changes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from rules.events import Kind, Records
from rules.plan.model import Plan
from sim.model import StoreModel
from sim.report.colony import NOBODY, Colony
from sim.report.story import Ending, Frame
from sim.scenario import Scenario
from sim.spread.forest import plant

DRAWN = 4_000
"""Members that have a place in the picture; who joins later is counted only."""


def tell_story(
    scenario: Scenario, plan: Plan, people: int, days: int, seed: int, told: Callable[[Frame], object]
) -> Ending:
    """Run a market and tell each day of it, the last one once everything due by its end is booked."""
    chronicle = Chronicle(people)
    model = StoreModel(
        scenario=scenario, plan=plan, people=people, days=days, seed=seed, sink=lambda events, _: chronicle.note(events)
    )

    def evening(done: int, last: int) -> None:
        if done < last:
            told(chronicle.frame(model))

    model.run(evening)
    told(chronicle.frame(model))
    return chronicle.ending(model)


class Chronicle:
    """Remembers what has been told of everybody, to tell only what is new.

    Args:
        people: size of the market.
    """

    def __init__(self, people: int) -> None:
        self._place = np.full(people + 1, NOBODY)  # in the order of joining; the last one is nobody's
        self._members: list[int] = []
        self._inviters: list[int] = []
        self._told = 0
        self._colony = Colony(min(people, DRAWN))
        self._ranks, self._earned = np.zeros(people, np.int64), np.zeros(people, np.int64)

    def note(self, events: Records) -> None:
        """Take note of who registered."""
        rows = events[events["kind"] == Kind.register]
        for member, inviter in zip(rows["member"].tolist(), rows["other"].tolist(), strict=True):
            if self._place[member] == NOBODY:
                self._place[member] = len(self._members)
                self._members.append(member)
                self._inviters.append(int(self._place[inviter]))

    def frame(self, model: StoreModel) -> Frame:
        """What the latest day has added."""
        totals, today, book = model.metrics.totals(), model.metrics.rows[-1], model.store.book.members
        new = slice(self._told, len(self._members))
        spots = self._placed(self._inviters[new])
        self._told = len(self._members)
        drawn = np.array(self._members[: self._colony.room], np.int64)
        return Frame(
            day=len(model.metrics.rows) - 1,
            members=int(today["registered"]),
            orders=int(totals["orders"] or 0),
            gmv=int(totals["gmv"] or 0),
            commission=int(totals["commission"] or 0),
            payout_ratio=totals["payout_ratio"],
            k=totals["fission_k"],
            sold=int(today["gmv"]),
            paid=int(today["commission"]),
            inviters=self._inviters[new],
            people=self._members[new][: len(spots)],
            spots=spots,
            ranks=_changes(self._ranks, book["rank"], drawn),
            earned=_changes(self._earned, book["earned"], drawn),
        )

    def _placed(self, inviters: list[int]) -> list[int]:
        """The spots of newcomers, as long as there is room."""
        room = self._colony.room - len(self._colony.spots)
        return [self._colony.place(inviter) for inviter in inviters[:room]]

    def ending(self, model: StoreModel) -> Ending:
        """What came of it all."""
        teams = plant(np.array(self._inviters, np.int64)).size - 1
        largest = int(np.argmax(teams)) if teams.any() else NOBODY
        sold = model.metrics.rows["gmv"]
        return Ending(
            metrics=model.metrics.totals(),
            member=self._members[largest] if largest != NOBODY else NOBODY,
            team=int(teams[largest]) if largest != NOBODY else 0,
            invited=sum(inviter != NOBODY for inviter in self._inviters),
            members=len(self._members),
            peak=int(np.argmax(sold)),
            sold=int(sold.max()),
            undrawn=len(self._members) - len(self._colony.spots),
        )


def _changes(known: NDArray[np.int64], now: NDArray[np.integer], persons: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Whose value is not what is known of it, by place in `persons`, and the value; takes note of that."""
    values = now[persons].astype(np.int64)
    changed = np.flatnonzero(values != known[persons])
    known[persons] = values
    return list(zip(changed.tolist(), values[changed].tolist(), strict=True))
