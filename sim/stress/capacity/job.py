"""A transaction on its way through the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from simpy.core import Environment
from simpy.events import Event

if TYPE_CHECKING:
    from sim.stress.capacity.workers import Group

Then = list[Callable[[Any], None]]
"""What follows an event: SimPy's callbacks, made once."""


class Turn(Event):
    """A SimPy event that is scheduled again and again: whoever does says in `callbacks` what follows.

    SimPy takes the callbacks of an event away when it happens; it needs nothing else of it but that it did not fail.
    Without a new event for every step the model is three times as fast.
    """

    __slots__ = ("callbacks", "env", "slice")
    _ok, _value = True, None

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.callbacks: Then = []
        self.slice = 0.0


class Job(Turn):
    """A transaction: its kind, when it was asked for, what it takes (seconds), the hot rows that it changes.

    Attributes:
        client, server, locked: processor time before it has a connection, until its first lock, and after it.
        flush: mean time of the flush that its commit waits for. rows: in the order in which they are locked.
        stale: what it read was out of date; it finds out when it commits, and is done again.
        items: when what is in a batch was asked for; empty unless it is one.
        held: how many of its rows it has. begun, connected: when it got its worker, its connection.
    """

    __slots__ = (
        "begun",
        "born",
        "client",
        "connected",
        "flush",
        "group",
        "held",
        "items",
        "kind",
        "locked",
        "rows",
        "server",
        "stale",
    )
    group: Group
    begun: float
    connected: float

    def __init__(
        self,
        born: float,
        kind: int,
        client: float,
        server: float,
        locked: float,
        flush: float,
        rows: tuple[int, ...],
        stale: bool,
        items: tuple[float, ...] = (),
    ) -> None:
        self.born, self.kind = born, kind
        self.client, self.server, self.locked, self.flush = client, server, locked, flush
        self.rows, self.stale, self.items = rows, stale, items
        self.held = 0
