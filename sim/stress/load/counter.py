"""A counter at a database: where a client brings an event until there is an answer, whatever breaks meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.exc import DBAPIError

from rules.events import Records
from rules.records import WithdrawalStatus
from sim.pipeline import Desk, Uplines
from sim.store.asks import Reply, Talk
from sim.store.sql.connect import engine_for
from sim.store.sql.facts import StoreFacts, next_client
from sim.store.sql.schema import withdrawals
from sim.store.sql.shop import SqlShop, Traffic
from sim.store.sql.transact import LostConnectionError

Found = TypeVar("Found")

_PAUSE = 0.02
"""Seconds between two attempts to reach a server that is gone."""
_OPEN = (int(WithdrawalStatus.sent), int(WithdrawalStatus.unknown))
_NET = withdrawals.c.amount - withdrawals.c.fee - withdrawals.c.tax


@dataclass
class Trouble:
    """What a counter went through: connections lost, and seconds without one."""

    lost: int = 0
    seconds: float = 0.0


@dataclass
class SqlCounter:
    """Brings events to a store on a database.

    Attributes:
        url: of the database. facts: of the store. between: see `sim.store.sql.shop.SqlShop`.
        give_up: after so many seconds without a connection.
        cached: whether it remembers who is above whom from one event to the next.
    """

    url: str
    facts: StoreFacts
    between: Callable[[bool], None] | None = None
    give_up: float = 60.0
    cached: bool = True
    trouble: Trouble = field(default_factory=Trouble)

    def __post_init__(self) -> None:
        self._engine = engine_for(self.url, pool_size=1, max_overflow=0)
        slices = self.facts.slices(self._until_it_works(lambda: next_client(self._engine)))
        self.desk = Desk(slices, Uplines(kept=self.cached))
        self._shop = SqlShop(self._engine, slices.meters, slices.titles, self.between)

    @property
    def traffic(self) -> Traffic:
        """What it has cost the database."""
        return self._shop.traffic

    @property
    def sent(self) -> int:
        """Statements so far."""
        return self._shop.traffic.statements

    def waits(self) -> dict[str, float]:
        """Seconds waited for rows that others had locked, by row, and what else is told of a counter at its end."""
        traffic, uplines = self._shop.traffic, self.desk.uplines
        told = {f"row {name}": seconds for name, seconds in self._shop.waits.items()}
        told |= {"retries": traffic.retries, "deadlocks": traffic.deadlocks, "transactions": traffic.transactions}
        told["statements"] = traffic.statements
        return told | {"stale": uplines.stale, "lost": self.trouble.lost, "without": self.trouble.seconds}

    def bring(self, events: Records, number: int, source: int) -> Reply:
        """Bring an event until there is an answer."""
        return self.serve(lambda: self.desk.handle(events, number, source))

    def serve(self, begin: Callable[[], Talk]) -> Reply:
        """See a talk through, again and again where the connection breaks.

        Raises:
            LostConnectionError: for longer than it is worth waiting.
        """
        return self._until_it_works(lambda: self._shop.serve(begin))

    def payouts(self, client: int, clients: int) -> list[tuple[int, ...]]:
        """Withdrawals of the client's members that the channel has not answered: number, member, net fen."""
        wanted = select(withdrawals.c.id, withdrawals.c.member, _NET).where(withdrawals.c.status.in_(_OPEN))
        return [one for one in self.read_all(wanted) if one[1] % clients == client]

    def payout(self, withdrawal: int) -> tuple[int, ...] | None:
        """A withdrawal: number, status, net fen; None if there is none."""
        wanted = select(withdrawals.c.id, withdrawals.c.status, _NET).where(withdrawals.c.id == withdrawal)
        found = self.read_all(wanted)
        return found[0] if found else None

    def read_all(self, wanted: Select[Any]) -> list[tuple[int, ...]]:
        """The rows of a query of whole numbers."""
        return self._until_it_works(lambda: self._read(wanted))

    def close(self) -> None:
        """Let the connection go."""
        self._shop.close()
        self._engine.dispose()

    def _read(self, wanted: Select[Any]) -> list[tuple[int, ...]]:
        try:
            rows = [tuple(map(int, row)) for row in self._shop.connection.execute(wanted)]
            self._shop.connection.rollback()
        except DBAPIError as error:
            self._shop.drop()
            raise LostConnectionError(str(error)) from error
        return rows

    def _until_it_works(self, work: Callable[[], Found]) -> Found:
        begun = 0.0
        while True:
            try:
                found = work()
            except (LostConnectionError, DBAPIError) as error:
                now = time.monotonic()
                self.trouble.lost += not begun
                begun = begun or now
                if now - begun > self.give_up:
                    raise LostConnectionError(f"no connection for {self.give_up:.0f} seconds: {error}") from error
                time.sleep(_PAUSE)
                continue
            if begun:
                self.trouble.seconds += time.monotonic() - begun
            return found
