"""Kinds of people 节点类型: staff 员工, fans 粉丝, customers 客户.

Staff are those who promote when the store opens. Who is a fan is a pure function of (seed, person): a fan of the brand
trusts what friends share of it, and shares, more than she would otherwise. What a node is moves nobody's luck.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from rules.money import PPM
from sim.behaviour.parameters import Behaviour
from sim.behaviour.purposes import Decision
from sim.columns import Crowd
from sim.conditions import Nodes
from sim.people import luck, seeds_of


class Node(IntEnum):
    """What somebody is to the brand."""

    customer = 0
    staff = 1
    fan = 2


def staffed(given: Behaviour, nodes: Nodes | None) -> Behaviour:
    """The parameters of a market whose first promoters are its staff."""
    return given.model_copy(update={"seeds": nodes.staff}) if nodes else given


def make_fans(crowd: Crowd, seed: int, nodes: Nodes) -> None:
    """Let the fans of a crowd trust and share more."""
    fans = np.flatnonzero(luck(seed, Decision.fan, np.arange(len(crowd))) < nodes.fans / PPM)
    trust, attention, zeal = (crowd[name] for name in ("trust", "attention", "zeal"))
    before = trust[fans]
    trust[fans] = np.minimum(before * np.float32(nodes.trust / PPM), 1)
    attention[fans] *= trust[fans] / np.maximum(before, np.float32(1e-9))
    zeal[fans] = np.minimum(zeal[fans] * np.float32(nodes.zeal / PPM), 1)


def nodes_of(seed: int, people: int, nodes: Nodes) -> NDArray[np.int64]:
    """The `Node` of everybody."""
    fan = luck(seed, Decision.fan, np.arange(people)) < nodes.fans / PPM
    kinds = np.where(fan, int(Node.fan), int(Node.customer))
    kinds[seeds_of(seed, people, nodes.staff)] = Node.staff
    return kinds
