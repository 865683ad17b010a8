"""A gang 团伙: some accounts with one will, a `mesa.Agent` of the model. It acts by events, as everybody does.

Its accounts are people of the market who never shop or share of their own accord. What a gang decides by chance is a
function of (seed, day, its first account), so the same gangs do the same under every plan and every set of risk rules.
"""

from __future__ import annotations

from typing import ClassVar, Protocol

import numpy as np

from rules.events import DAY, Kind, Records
from rules.plan.values import Title
from sim.behaviour.purposes import Decision
from sim.behaviour.world import Ids, World, events_of
from sim.draws import chance
from sim.mesa_bridge import mesa
from sim.risk.traces import LOGIN, Traces
from sim.risk.truth import Truth
from sim.store import Store

HOUR = 3600
PAYS, SHIPS, ARRIVES, DECIDES = 60, DAY, 3 * DAY, 2 * DAY
"""Seconds from an order to its payment, shipping and receipt, and from asking for a refund to getting it."""


class Stage(Protocol):
    """The model as a gang sees it."""

    day: int
    world: World
    store: Store
    traces: Traces
    truth: Truth

    def log_in(self, logins: Records) -> None:
        """Add logins of today."""
        ...

    def boast(self, account: int) -> None:
        """Let an account's share of today say what it must not."""
        ...

    def expect(self, withdrawal: int) -> None:
        """Have a request for money answered."""
        ...


class Gang(mesa.Agent):  # type: ignore[misc]
    """Some accounts with one will.

    Args:
        model: that they live in. accounts: their numbers, the leader's first.
        care: 0 = careless to 1 = careful: what they share, and how fast they go.
        begin: day of the run on which they begin.
    """

    kind: ClassVar[str]
    title: ClassVar[Title]
    model: Stage

    def __init__(self, model: Stage, accounts: Ids, care: float, begin: int) -> None:
        super().__init__(model)
        self.accounts, self.care, self.begin = accounts, care, begin
        self.leave_traces()

    def leave_traces(self) -> None:
        """Spread the accounts over devices, cards and addresses: the more careful, the more of each.

        Phones are easily had; cards in a real name, and doors that goods can be sent to, are not.
        """
        traces, accounts = self.model.traces, self.accounts
        for things, part in ((traces.device, 1.0), (traces.card, 0.4), (traces.home, 0.5)):
            count = 1 + round(part * self.care * (len(accounts) - 1))
            which = np.arange(len(accounts)) * count // len(accounts)
            things[accounts] = self.model.world.people + accounts[which]  # numbers that no honest person has

    def step(self) -> None:
        """Act, once they have begun."""
        day = self.model.day - self.begin
        if day >= 0:
            self.act(day)

    def act(self, day: int) -> None:
        """What they do on a day, from 0."""
        raise NotImplementedError

    def luck(self, k: int) -> float:
        """A number in [0, 1) for the k-th question of today. Questions about accounts, of which a gang has at most 64,
        begin a hundred apart."""
        return chance(self.model.world.key(Decision.gang_day, daily=True), int(self.accounts[0]), k)

    def second(self, k: int, earliest: int = 9, latest: int = 21) -> int:
        """A second of today between two hours."""
        return int((earliest + (latest - earliest) * self.luck(k)) * HOUR)

    def register(self, account: int, inviter: int, second: int) -> None:
        """Open an account on somebody's link; -1 = on nobody's."""
        if inviter >= 0:
            self.click(account, inviter, second)
        self._emit(Kind.register, second + 30, member=account, other=inviter)

    def share(self, account: int, second: int) -> None:
        """Send a link."""
        self._emit(Kind.share, second, member=account)

    def click(self, visitor: int, sharer: int, second: int) -> None:
        """Open a link."""
        self._emit(Kind.click, second, member=visitor, other=sharer)

    def buy(self, buyer: int, fen: int, second: int, back_after: float | None = None) -> None:
        """Order goods of about an amount, pay, and receive them.

        Args:
            buyer: account. fen: about what it comes to. second: of today.
            back_after: days after receipt on which they ask for their money back; None = they keep the goods.
        """
        world = self.model.world
        market, number = world.market, world.next_order
        world.next_order += 1
        fitting = np.flatnonzero(market.price <= fen)
        sku = int(fitting[np.argmax(market.price[fitting])] if len(fitting) else np.argmin(market.price))
        price = int(market.price[sku])
        self._emit(
            Kind.order, second, order=number, member=buyer, sku=sku, category=int(market.category[sku]), line=1,
            quantity=max(1, fen // price), price=price, cost=int(market.cost[sku]), channel=0,
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

    def _emit(self, kind: Kind, second: int, **fields: int) -> None:
        self.model.world.emit(kind, np.array([second]), **fields)
