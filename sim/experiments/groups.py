"""Winners and losers by rank, and by the kinds of people that a scenario tells apart.

Who is staff or a fan is settled before any plan is, so these groups are the same people under both. A rank is what a
plan makes of somebody: each promoter counts at the higher of her two, since those who stand high under one plan alone
were lucky there, and would seem to lose under any other. Where two plans have other ranks, the baseline's counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rules.plan.model import Plan
from sim.behaviour.nodes import Node, nodes_of
from sim.experiments.gains import Earned, Turn, side_by_side, turn_of
from sim.experiments.metric_names import Text
from sim.scenario import Scenario

By = Literal["rank", "node"]

_NODES: Mapping[Node, Text] = {
    Node.customer: Text("顾客", "customers"),
    Node.staff: Text("员工", "staff"),
    Node.fan: Text("粉丝", "fans"),
}


@dataclass(frozen=True)
class Group:
    """How promoters of one kind fare under the plan of an arm."""

    arm: str
    by: By
    id: str
    title: Text
    turn: Turn


def by_rank(arm: str, plans: tuple[Plan, Plan], before: Sequence[Earned], after: Sequence[Earned]) -> list[Group]:
    """By the rank at the end, the lowest first; ranks that nobody who earns has are left out.

    Args:
        plans: of the baseline and the arm.
    """
    ranks = [[rank.id for rank in plan.ranks] for plan in plans]
    alike = ranks[0] == ranks[1]
    parts: list[list[NDArray[np.int64]]] = [[] for _ in ranks[0]]
    for old, new in zip(before, after, strict=True):
        people, pairs = side_by_side(old, new)
        rank = _rank(old, people)
        if alike:
            rank = np.maximum(rank, _rank(new, people))
        for number, part in enumerate(parts):
            part.append(pairs[:, np.minimum(rank, len(parts) - 1) == number])
    titled = [rank.title or Text(rank.id, rank.id) for rank in plans[0].ranks]
    return _groups(arm, "rank", ranks[0], [Text(one.zh, one.en) for one in titled], parts)


def by_node(
    arm: str, scenario: Scenario, people: int, seeds: Sequence[int], before: Sequence[Earned], after: Sequence[Earned]
) -> list[Group]:
    """By what kind of people they are, where the scenario says so.

    Args:
        people: of the market. seeds: of the replications.
    """
    if not scenario.nodes:
        return []
    parts: dict[Node, list[NDArray[np.int64]]] = {node: [] for node in _NODES}
    for seed, old, new in zip(seeds, before, after, strict=True):
        kinds = nodes_of(seed, people, scenario.nodes)
        earning, pairs = side_by_side(old, new)
        for node, part in parts.items():
            part.append(pairs[:, kinds[earning] == node])
    return _groups(arm, "node", [node.name for node in parts], list(_NODES.values()), list(parts.values()))


def _groups(
    arm: str, by: By, ids: Sequence[str], titles: Sequence[Text], parts: Sequence[list[NDArray[np.int64]]]
) -> list[Group]:
    return [
        Group(arm, by, one, title, turn_of(part))
        for one, title, part in zip(ids, titles, parts, strict=True)
        if any(pairs.shape[1] for pairs in part)
    ]


def _rank(earned: Earned, people: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rank of each, 0 where somebody never shared or earned under the plan."""
    known = np.array(earned.people, np.int64)
    place = np.searchsorted(known, people)
    there = np.isin(people, known)
    found = np.zeros(len(people), np.int64)
    found[there] = np.array(earned.rank, np.int64)[place[there]]
    return found
