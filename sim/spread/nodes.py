"""Hot nodes 热点节点: what went through each member's hands, beside what she sold and bought herself.

Somebody in the middle of many paths may sell nothing herself and still carry much (MISSION C16: node 3 of a path of
five, no sale of its own, 47 clicks).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.spread.forest import NOBODY, Numbers
from sim.spread.paths import Paths
from sim.spread.trail import Trail


@dataclass(frozen=True)
class Nodes:
    """By person, strangers included; money in fen.

    Attributes:
        orders, gmv: of others, in whose paths the person is, at any distance.
        sales, sold: of those, where the buyer came straight from her.
        members: below her in the recruitment tree. invited: directly.
        shares, clicks: hers; of others on hers.
        bought: what she paid for goods herself.
    """

    orders: Numbers
    gmv: Numbers
    sales: Numbers
    sold: Numbers
    members: Numbers
    invited: Numbers
    shares: Numbers
    clicks: Numbers
    bought: Numbers

    def hottest(self, count: int) -> Numbers:
        """Who carried most GMV, then most clicks; nobody who carried nothing."""
        ranked = np.lexsort((-self.clicks, -self.gmv))
        return ranked[(self.gmv + self.clicks)[ranked] > 0][:count]

    def most_valuable(self, count: int) -> Numbers:
        """Who is worth most: what she bought, and what was bought straight from her."""
        worth = self.bought + self.sold
        ranked = np.argsort(-worth, kind="stable")
        return ranked[worth[ranked] > 0][:count]


@dataclass(frozen=True)
class Middle:
    """Members in the middle of paths who sold nothing themselves.

    Attributes:
        orders: with a path of at least so many people. silent: of those, whose node sold nothing itself.
        order, member, clicks: of those, the one whose node has most clicks; NOBODY where there is none.
    """

    orders: int
    silent: int
    order: int
    member: int
    clicks: int


def nodes_of(trail: Trail, paths: Paths) -> Nodes:
    """What went through everybody's hands."""
    people, goods = trail.people, trail.orders.goods
    inner = np.ones(len(paths.people), np.bool_)
    inner[paths.starts[1:] - 1] = False
    carrier, order = paths.people[inner], np.repeat(np.arange(len(goods)), paths.length)[inner]
    led = np.flatnonzero(paths.link != NOBODY)
    seller = paths.links.sharer[paths.link[led]]
    clicks = paths.links.sharer[paths.links.clicked]
    return Nodes(
        orders=_count(carrier, people),
        gmv=sum_by(carrier, goods[order], people),
        sales=_count(seller, people),
        sold=sum_by(seller, goods[led], people),
        members=_below(trail),
        invited=_count(trail.inviter[trail.inviter != NOBODY], people),
        shares=_count(trail.member[trail.shared], people),
        clicks=_count(clicks, people),
        bought=sum_by(trail.orders.buyer, goods, people),
    )


def middle_of(trail: Trail, paths: Paths, nodes: Nodes, path: int = 5, node: int = 3) -> Middle:
    """Who stands at a place from the origin in paths so long and sold nothing: whom an influence allowance is for."""
    long = np.flatnonzero(paths.length >= path)
    member = paths.people[paths.starts[long] + node - 1]
    silent = nodes.sales[member] == 0
    if not silent.any():
        return Middle(len(long), 0, NOBODY, NOBODY, 0)
    best = np.flatnonzero(silent)[np.argmax(nodes.clicks[member[silent]])]
    who = int(member[best])
    number = int(trail.orders.number[long[best]])
    return Middle(len(long), int(silent.sum()), number, who, int(nodes.clicks[who]))


def _below(trail: Trail) -> Numbers:
    members, forest = trail.recruitment
    below = np.zeros(trail.people, np.int64)
    below[members] = forest.size - 1
    return below


def _count(who: Numbers, people: int) -> Numbers:
    return np.bincount(who, minlength=people)


def sum_by(who: NDArray[np.integer], amount: NDArray[np.integer], people: int) -> Numbers:
    """The sum of what belongs to each person."""
    total = np.zeros(people, np.int64)
    np.add.at(total, who, amount)
    return total
