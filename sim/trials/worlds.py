"""The worlds of one replication: everybody under A, everybody under B, and a trial by each design; one luck for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY, Kind, Records
from rules.money import PPM
from sim.model import StoreModel
from sim.people import Floats
from sim.rows import together
from sim.trials import figures
from sim.trials.designs import Split, alternate, hand_on, roots
from sim.trials.settings import Trial

Conduct = Callable[[StoreModel], object]
"""Puts whoever assigns people, or changes plans, into a world before its first day."""


@dataclass(frozen=True)
class Lived:
    """What a world left.

    Attributes:
        brought: every metric by credit, cut and person, since the store opened: (credits, metrics, cuts, people).
        daily: every metric of the whole shop by day of the trial, (metrics, days).
        root_before: who stood at the top of each person's tree when the trial began. root: the same, with newcomers
            in the trees of their inviters.
        sales: buyer and promoter of every order of the trial that a promoter stands behind.
    """

    brought: Floats
    daily: Floats
    root_before: NDArray[np.int64]
    root: NDArray[np.int64]
    sales: NDArray[np.int32]


class _Newcomers:
    """A sink that keeps who registered."""

    def __init__(self) -> None:
        self.groups: list[Records] = []

    def __call__(self, events: Records, entries: Records) -> None:
        self.groups.append(events[events["kind"] == Kind.register])


def live(trial: Trial, seed: int, conduct: Conduct, walls: NDArray[np.int8] | None = None) -> Lived:
    """Run a world to the end of the trial.

    Args:
        conduct: of the trial. walls: by person; nobody sees a link from another side.
    """
    newcomers, (first, second) = _Newcomers(), trial.plans
    model = StoreModel(
        scenario=trial.market, plan=first, plans=[second], people=trial.people, days=trial.before + trial.days,
        seed=seed, sink=newcomers,
    )  # fmt: skip
    model.world.walls = walls
    conduct(model)
    book, cost = model.store.book, model.world.market.cost
    brought = []
    for cut in trial.cuts:
        model.run(until=cut)
        if cut == trial.before:
            root_before, newcomers.groups = roots(book), []
        brought.append(figures.by_person(book, cost))
    model.close()
    root = root_before.copy()
    hand_on(root, together(newcomers.groups))
    return Lived(
        brought=np.stack(brought, axis=2).astype(np.float64),
        daily=figures.by_day(model.metrics.rows)[:, trial.before :].astype(np.float64),
        root_before=root_before,
        root=root,
        sales=figures.sales_since(book, (model.world.start + trial.before) * DAY),
    )


def all_under(trial: Trial, place: int) -> Conduct:
    """Everybody lives under the plan of a place, 0 for A and 1 for B, from the first day of the trial on."""
    return by_turns(trial, Split, [(trial.before, place * PPM)], np.zeros(trial.people))


def by_time(trial: Trial, b_first: NDArray[np.bool_]) -> Conduct:
    """The whole shop changes sides."""
    return lambda model: alternate(model, trial, model.plans.index(trial.plans[1]), b_first)


def by_turns(trial: Trial, kind: type[Split], stages: list[tuple[int, int]], turn: Floats) -> Conduct:
    """People go under B stage by stage, in the order of their turns."""
    return lambda model: kind(model, model.plans.index(trial.plans[1]), stages, turn)
