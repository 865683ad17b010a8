"""Kills: what is killed, when, and how long it takes to come back, as a seed says."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import MutableSequence, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from multiprocessing.process import BaseProcess

import numpy as np
import psycopg

from sim.store.sql.server import LocalServer


class Victim(Enum):
    """What is killed (SIGKILL), or cut."""

    server = "server"  # the server and all processes that serve its clients
    postmaster = "postmaster"  # the server alone: its children notice by themselves
    backend = "backend"  # one that serves a client: the server cuts all connections
    client = "client"  # a client, wherever it is
    unacknowledged = "unacknowledged"  # a client between its commit and its acknowledgement
    worker = "worker"  # a settlement worker
    connections = "connections"  # all connections are cut


WITH_SERVER = (Victim.server, Victim.postmaster, Victim.backend, Victim.connections)
"""What can only be done to a server of one's own."""


@dataclass(frozen=True)
class Kill:
    """A kill: seconds after the beginning, and what."""

    at: float
    victim: Victim


@dataclass
class Killer:
    """Carries out kills.

    Attributes:
        server: of one's own, None if it is somebody else's. kills: planned, the earliest first. seed: who is chosen.
        armed: by client, whether it dies after its next commit.
        done: what was carried out. restarts: seconds that the server took to answer again.
    """

    server: LocalServer | None
    kills: list[Kill]
    seed: int
    armed: MutableSequence[int]
    done: list[Kill] = field(default_factory=list)
    restarts: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._luck = np.random.default_rng((self.seed, 77))

    def act(self, since: float, clients: Sequence[BaseProcess], workers: Sequence[BaseProcess]) -> None:
        """Carry out what is due after so many seconds."""
        while self.kills and self.kills[0].at <= since:
            kill = self.kills.pop(0)
            self._carry_out(kill.victim, clients, workers)
            self.done.append(kill)

    def revive(self) -> None:
        """Start the server again if it is down."""
        if self.server and not self.server.pid:
            begun = time.monotonic()
            self.server.start()
            self.restarts.append(time.monotonic() - begun)

    def _carry_out(self, victim: Victim, clients: Sequence[BaseProcess], workers: Sequence[BaseProcess]) -> None:
        if victim in (Victim.client, Victim.worker):
            alive = [one for one in (clients if victim is Victim.client else workers) if one.is_alive()]
            if alive:
                _kill(alive[int(self._luck.integers(len(alive)))])
        elif victim is Victim.unacknowledged:
            self.armed[int(self._luck.integers(len(clients)))] = 1
        elif self.server is None:
            return
        elif victim is Victim.backend:
            self.server.kill_backend(int(self._luck.integers(1 << 30)))
        elif victim is Victim.connections:
            with suppress(psycopg.Error), psycopg.connect(self.server.dsn, autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                )
        else:
            self.server.kill(children=victim is Victim.server)
            self.revive()


def _kill(process: BaseProcess) -> None:
    with suppress(ProcessLookupError):
        os.kill(process.pid or 0, signal.SIGKILL)


def plan_kills(count: int, seconds: float, seed: int, own_server: bool) -> list[Kill]:
    """So many kills at random moments, every kind in turn.

    Args:
        count: how many. seconds: how long the load lasts. seed: of the moments.
        own_server: whether the server can be killed.
    """
    luck = np.random.default_rng((seed, 78))
    victims = [one for one in Victim if own_server or one not in WITH_SERVER]
    moments = np.sort(luck.uniform(0.08 * seconds, 0.92 * seconds, count)).tolist()
    first = int(luck.integers(len(victims)))
    return [Kill(at, victims[(first + place) % len(victims)]) for place, at in enumerate(moments)]
