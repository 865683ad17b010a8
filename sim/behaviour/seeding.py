"""Seeding 种子用户: who the first promoters are, and who is invited to promote later.

Hinz, Skiera, Barrot & Becker 2011 ("Seeding Strategies for Viral Marketing: An Empirical Comparison", J. of Marketing
75) found seeding to well-connected people the most successful, the best strategy up to eight times as much as others:
they do not sway a friend more, they have more of them. Here seeds are chosen by what a person is: the most contacts
(leaders 团长), the most contacts x trust x purchases (key opinion consumers KOC), or anybody. Staff 员工 are anybody,
too, but paid otherwise: a share costs them nothing.

Invitations go by recency, frequency and money (RFM) as the book shows them in the evening before.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from rules.book import Book
from rules.events import DAY, Kind
from rules.plan.values import Section, Whole, Yuan
from rules.records import NEVER
from sim.behaviour.purposes import Decision
from sim.behaviour.world import Ids, World
from sim.draws import draw_array, key
from sim.people import seeds_of

By = Literal["any", "staff", "leaders", "koc"]
INVITED = "invited"
"""What the report calls those who were invited later."""
_AT = 9 * 3600
_RARE = 100
"""At most 1 person in so many is a seed."""


class Seeds(Section):
    """Some of the first promoters: how they are chosen, and how many."""

    by: By
    count: Annotated[Whole, Field(ge=1, le=10_000_000)]


class Invite(Section):
    """An invitation to promote, on a day of the run, to at most so many members.

    It goes to those with at least `orders` repurchases (paid orders after the first) in so many days, and more than
    `average_order` each, refunds taken off.
    """

    day: Annotated[Whole, Field(ge=1, le=3_660)]
    orders: Annotated[Whole, Field(ge=1, le=1_000)] = 3
    within_days: Annotated[Whole, Field(ge=1, le=366)] = 30
    average_order: Yuan = 300_00
    most: Annotated[Whole, Field(ge=1, le=1_000_000)] = 200


class ColdStart(Section):
    """How a store begins: its first promoters, and who is invited later. Without `seeds` they are chosen by draw."""

    seeds: Annotated[list[Seeds], Field(max_length=4)] = Field(default_factory=list)
    invite: Invite | None = None

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        kinds = [one.by for one in self.seeds]
        if len(set(kinds)) < len(kinds):
            raise ValueError(f"each kind of seeds stands once, got {', '.join(kinds)}")
        return self


def choose_seeds(world: World, given: ColdStart | None) -> dict[str, Ids]:
    """The first promoters of a world before its first day, by how they were chosen; nobody twice.

    At most 1 person in 100 is a seed: of more than that, each kind gets its part.
    """
    if given is None or not given.seeds:
        return {"any": seeds_of(world.seed, world.people, world.given.seeds)}
    room, wanted = world.people // _RARE, sum(one.count for one in given.seeds)
    luck = draw_array(key(world.seed, Decision.seed), np.arange(world.people))
    free, found = np.ones(world.people, np.bool_), dict[str, Ids]()
    for one in given.seeds:
        count = one.count if wanted <= room else one.count * room // wanted
        order = np.lexsort((luck, -standing(world, one.by)))
        chosen = np.sort(order[free[order]][:count]).astype(np.int32)
        free[chosen], found[one.by] = False, chosen
    if "staff" in found:
        world.crowd["cost"][found["staff"]] = 0
    return found


def standing(world: World, by: By) -> NDArray[np.float64]:
    """How much somebody is wanted as a seed."""
    crowd = world.crowd
    contacts = crowd["degree"].astype(np.float64)
    if by == "leaders":
        return contacts
    if by == "koc":
        wanted: NDArray[np.float64] = contacts * crowd["trust"] * crowd["rate"]
        return wanted
    return np.zeros(world.people)


class Invitation:
    """Invites members on its day, and remembers what they had brought by then.

    Args:
        given: whom and when. rank: number of the rank that they are given; 0 = they may promote anyhow.

    Attributes:
        members: who was invited. since: second from which on what they bring counts.
        brought, promoted, volume, earned: by place, what each had brought until then: members, orders, fen promoted,
            fen earned.
    """

    def __init__(self, given: Invite, rank: int) -> None:
        self._given, self._rank, self.since = given, rank, NEVER
        self.members = np.zeros(0, np.int32)
        self.brought, self.promoted, self.volume, self.earned = (np.zeros(0, np.int64) for _ in range(4))

    def send(self, world: World, book: Book) -> None:
        """Invite today, if it is the day; after the evening's book is known. They promote from tomorrow on."""
        if world.day != self._given.day:
            return
        chosen = worthy(book, self._given, world.midnight, np.concatenate(list(world.seeds.values())))
        rows = book.members[chosen]
        below = chosen[rows["rank"] < self._rank]
        world.emit(Kind.promote, np.full(len(below), _AT), member=below, rank=self._rank)
        world.crowd["zeal"][chosen] = np.maximum(world.crowd["zeal"][chosen], np.float32(world.given.seed_zeal))
        world.told.append(chosen)
        self.members, self.since = chosen, world.midnight
        self.brought, self.promoted = rows["invited"].astype(np.int64), rows["promoted_orders"].astype(np.int64)
        self.volume, self.earned = rows["promoted"].copy(), rows["earned"].copy()


def worthy(book: Book, given: Invite, now: int, seeds: Ids) -> Ids:
    """Who is invited, by number: the most repurchases first, then the largest mean, then the lower number.

    Args:
        book: as it stands. given: the bounds. now: second. seeds: who promotes from the beginning, and is left out.
    """
    orders, people = book.rows("orders"), len(book.members)
    paid = orders["paid_at"]
    orders = orders[(paid >= now - given.within_days * DAY) & (paid < now)]
    again = orders["paid_at"] > book.members["first_paid_at"][orders["buyer"]]
    kept = orders["goods"] - orders["refunded"]
    counts = again & (kept > 0)
    count = np.bincount(orders["buyer"][counts], minlength=people)
    amount = np.zeros(people, np.int64)
    np.add.at(amount, orders["buyer"][counts], kept[counts])
    good = (count >= given.orders) & (amount > given.average_order * count) & ~book.members["frozen"]
    good &= book.members["joined_at"] != NEVER
    good[seeds] = False
    chosen = np.flatnonzero(good)
    ranked = np.lexsort((chosen, -amount[chosen] / count[chosen], -count[chosen]))
    return np.sort(chosen[ranked[: given.most]]).astype(np.int32)
