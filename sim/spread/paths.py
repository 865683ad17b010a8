"""The propagation path 传播路径 of every order: from where the word began to the buyer.

Going up from the buyer: whose share she clicked on last before she ordered; whose share that person had clicked on last
before she sent that share; and so on. Somebody who never clicked but was invited stands below her inviter. A path ends
at a seed, at somebody who found the store alone, at somebody who was not there to be asked (a stranger), or where
somebody would be in it twice. The influence allowance (`rules.commission.influence`) knows each person's latest click
only, and looks at it when the order is paid: its paths may differ where people clicked again later.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from rules.jit import kernel
from rules.records import NEVER
from sim.spread.forest import NOBODY, Numbers
from sim.spread.trail import Trail


class Origin(IntEnum):
    """At whom a path begins."""

    seed = 0
    alone = 1
    circle = 2


@dataclass(frozen=True)
class Links:
    """Who was led by whom, in order: clicks, and registrations by an inviter without a click on her share.

    Attributes:
        place, time: in the log (-1 = before it); second. visitor, sharer: who was led by whom.
        sent: place of the share that was clicked on; of the link itself where there is none.
        clicked: it is a click.
    """

    place: Numbers
    time: Numbers
    visitor: Numbers
    sharer: Numbers
    sent: Numbers
    clicked: NDArray[np.bool_]


@dataclass(frozen=True)
class Paths:
    """Paths of orders; `people[starts[k]:starts[k + 1]]` is that of order k of `Trail.orders`, the buyer last.

    Attributes:
        starts, people: the paths.
        origin: an `Origin` by order.
        link: by order: the link that led the buyer, a row of `links`; NOBODY = none.
        links: all of them.
        step: by person of a path: the link that led her there; NOBODY of the first.
    """

    starts: Numbers
    people: Numbers
    origin: Numbers
    link: Numbers
    links: Links
    step: Numbers

    @property
    def length(self) -> Numbers:
        """People by path."""
        return np.diff(self.starts)

    def of(self, order: int) -> tuple[Numbers, Numbers]:
        """People and steps of the path of the k-th order."""
        run = slice(self.starts[order], self.starts[order + 1])
        return self.people[run], self.step[run]


def paths_of(trail: Trail) -> Paths:
    """The path of every paid order."""
    links = links_of(trail)
    above = latest(links, trail.people, links.sharer, links.sent)
    link = latest(links, trail.people, trail.orders.buyer, trail.orders.place)
    seen = np.full(trail.people, NOBODY)
    length, circle = np.zeros(len(link), np.int64), np.zeros(len(link), np.bool_)
    measure(trail.orders.buyer, link, above, links.sharer, seen, length, circle)
    starts = np.append(0, np.cumsum(length))
    people, step = np.full(starts[-1], NOBODY), np.full(starts[-1], NOBODY)
    write(trail.orders.buyer, link, above, links.sharer, starts, people, step)
    first = people[starts[:-1]]
    origin = np.where(trail.seeds[first], Origin.seed, Origin.alone)
    return Paths(starts, people, np.where(circle, Origin.circle, origin), link, links, step)


def links_of(trail: Trail) -> Links:
    """Clicks and registrations without one, in the order of the log."""
    clicked = np.flatnonzero(~trail.shared & (trail.other >= 0) & (trail.other != trail.member))
    visitor, sharer = trail.member[clicked], trail.other[clicked]
    sent = _share_before(trail, sharer, trail.place[clicked])
    invited = np.flatnonzero((trail.inviter != NOBODY) & (trail.joined != NEVER))
    had = visitor * trail.people + sharer
    invited = invited[~np.isin(invited * trail.people + trail.inviter[invited], had)]
    place = np.concatenate([trail.place[clicked], trail.joining_place[invited]])
    order = np.argsort(place, kind="stable")
    return Links(
        place[order],
        np.concatenate([trail.time[clicked], trail.joined[invited]])[order],
        np.concatenate([visitor, invited])[order],
        np.concatenate([sharer, trail.inviter[invited]])[order],
        np.concatenate([sent, trail.joining_place[invited]])[order],
        (np.arange(len(place)) < len(clicked))[order],
    )


def latest(links: Links, people: int, person: Numbers, place: Numbers) -> Numbers:
    """By which link people were led last before places in the log; NOBODY where by none."""
    return _last_before(links.visitor, links.place, person, place)


def _share_before(trail: Trail, sharer: Numbers, place: Numbers) -> Numbers:
    """Where the share stands that a person sent last before a place; the place itself where she sent none."""
    shares = np.flatnonzero(trail.shared)
    found = _last_before(trail.member[shares], trail.place[shares], sharer, place)
    return np.where(found < 0, place, trail.place[shares][found] if len(shares) else place)


def _last_before(owner: Numbers, place: Numbers, person: Numbers, before: Numbers) -> Numbers:
    """The last row of a person before a place; rows stand in the order of places. NOBODY where there is none."""
    if not len(owner):
        return np.full(len(person), NOBODY)
    width = int(max(place.max(), before.max(initial=0))) + 3
    order = np.argsort(owner, kind="stable")
    keys = owner[order] * width + place[order] + 1
    at = np.searchsorted(keys, person * width + before + 1) - 1
    found = order[np.maximum(at, 0)]
    return np.where((at >= 0) & (owner[found] == person), found, NOBODY)


@kernel
def measure(
    buyer: Numbers, link: Numbers, above: Numbers, sharer: Numbers, seen: Numbers, length: Numbers,
    circle: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Write how many people each path has, and whether it ends where somebody would be in it twice.

    Args:
        buyer, link: by order. above, sharer: by link. seen: by person, NOBODY.
    """
    for order in range(len(buyer)):
        seen[buyer[order]] = order
        length[order], step = 1, link[order]
        while step >= 0:
            if seen[sharer[step]] == order:
                circle[order] = True
                break
            seen[sharer[step]] = order
            length[order] += 1
            step = above[step]


@kernel
def write(
    buyer: Numbers, link: Numbers, above: Numbers, sharer: Numbers, starts: Numbers, people: Numbers, steps: Numbers
) -> None:
    """Write the paths, whose lengths are known."""
    for order in range(len(buyer)):
        person, step = buyer[order], link[order]
        for place in range(starts[order + 1] - 1, starts[order] - 1, -1):
            people[place] = person
            if place > starts[order]:
                steps[place] = step
                person, step = sharer[step], above[step]
