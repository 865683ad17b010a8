"""A character 角色: somebody with a will of their own, a `mesa.Agent` of the model, who acts by events as all do.

Subclass `Character`, write `act`, and add one with one line once the model is made: `Mine(model, begin=7)`.
What a character decides by chance is a function of (seed, day, the character's number): the same under every plan.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY, Kind, Records
from rules.money import PPM
from rules.plan.model import Plan
from sim.behaviour.arriving import walk_in
from sim.behaviour.purposes import Decision
from sim.behaviour.world import NEVER, World
from sim.draws import chance
from sim.mesa_bridge import mesa
from sim.metrics import Meter
from sim.risk.traces import LOGIN, Traces
from sim.risk.truth import Truth
from sim.rows import events_of
from sim.store import Store

HOUR = 3600
PAYS, SHIPS, ARRIVES, DECIDES = 60, DAY, 3 * DAY, 2 * DAY
"""Seconds from an order to its payment, shipping and receipt, and from asking for a refund to getting it."""


class Stage(Protocol):
    """The model as a character sees it."""

    day: int
    world: World
    store: Store
    metrics: Meter
    traces: Traces
    truth: Truth
    plans: list[Plan]

    def submit(self, events: Records) -> None:
        """Add events of today or later."""
        ...

    def log_in(self, logins: Records) -> None:
        """Add logins of today."""
        ...

    def boast(self, account: int) -> None:
        """Let an account's share of today say what it must not."""
        ...

    def expect(self, withdrawal: int) -> None:
        """Have a request for money answered."""
        ...


class Character(mesa.Agent):  # type: ignore[misc]
    """Somebody with a will of their own.

    Args:
        model: that they live in. begin: day of the run on which they begin.
    """

    model: Stage

    def __init__(self, model: Stage, begin: int = 0) -> None:
        super().__init__(model)
        self.begin = begin

    def morning(self) -> None:
        """Prepare for the day, once they have begun; the model calls it before the crowd wakes."""
        self._do(self.prepare)

    def step(self) -> None:
        """Act, once they have begun; the model calls it when the crowd has decided what it does today."""
        self._do(self.act)

    def _do(self, part: Callable[[int], None]) -> None:
        day = self.model.day - self.begin
        if day >= 0:
            part(day)

    def prepare(self, day: int) -> None:
        """What they do before the crowd wakes, on a day from 0: how they move others."""

    def act(self, day: int) -> None:
        """What they do on a day, from 0."""

    def luck(self, k: int) -> float:
        """A number in [0, 1) for the k-th question of today."""
        return chance(self.model.world.key(Decision.character_day, daily=True), self.unique_id, k)

    def second(self, k: int, earliest: int = 9, latest: int = 21) -> int:
        """A second of today between two hours, by the k-th question."""
        return int((earliest + (latest - earliest) * self.luck(k)) * HOUR)

    def join(self, person: int, second: int) -> None:
        """Have a person of the crowd find the store by herself, unless she has; in `prepare`."""
        walk_in(self.model.world, np.array([person], np.int32), np.array([second]))

    def rouse(self, members: NDArray[Any], probability: float) -> None:
        """Have members share today with at least this probability; in `prepare`."""
        self.model.world.rouse(members, probability)

    def register(self, account: int, inviter: int, second: int) -> None:
        """Open an account on somebody's link; -1 = on nobody's."""
        if inviter >= 0:
            self.click(account, inviter, second)
        self.emit(Kind.register, second + 30, member=account, other=inviter)

    def share(self, account: int, second: int) -> None:
        """Send a link that none of the crowd opens."""
        self.emit(Kind.share, second, member=account)

    def click(self, visitor: int, sharer: int, second: int) -> None:
        """Open a link."""
        self.emit(Kind.click, second, member=visitor, other=sharer)

    def buy(self, buyer: int, fen: int, second: int, back_after: float | None = None, off: int = 0) -> None:
        """Order goods of about an amount, pay, and receive them.

        Args:
            buyer: account. fen: about what it comes to before any discount. second: of today.
            back_after: days after receipt on which they ask for their money back; None = they keep the goods.
            off: what comes off the price, in parts per million.
        """
        world = self.model.world
        market, number = world.market, world.next_order
        world.next_order += 1
        fitting = np.flatnonzero(market.price <= fen)
        sku = int(fitting[np.argmax(market.price[fitting])] if len(fitting) else np.argmin(market.price))
        price = int(market.price[sku])
        quantity = max(1, fen // price)
        self.emit(
            Kind.order, second, order=number, member=buyer, sku=sku, category=int(market.category[sku]), line=1,
            quantity=quantity, price=price, cost=int(market.cost[sku]), channel=0,
            discount=price * quantity * off // PPM,
        )  # fmt: skip
        after = [(Kind.pay, PAYS), (Kind.ship, SHIPS), (Kind.receive, ARRIVES)]
        if back_after is not None:
            asked = ARRIVES + int(back_after * DAY)
            after += [(Kind.refund_open, asked), (Kind.refund, asked + DECIDES)]
        for kind, later in after:
            world.agenda.put(events_of(kind, np.array([world.midnight + second + later]), order=number))

    def log_in(self, member: int, device: int, place: int, views: int, second: int) -> None:
        """Log in to an account, and look at so many pages."""
        self.model.log_in(np.array([(second, member, device, place, views)], LOGIN))

    def emit(self, kind: Kind, second: int, **fields: int) -> None:
        """Add an event of today; `fields` are those of `rules.events.EVENT`."""
        self.model.world.emit(kind, np.array([second]), **fields)


def leave_the_crowd(world: World, accounts: NDArray[Any]) -> None:
    """Have people do nothing of their own accord: no link tempts them, and they neither share nor find the store."""
    for name, value in {"attention": 0, "zeal": 0, "resistance": NEVER}.items():
        world.crowd[name][accounts] = value
