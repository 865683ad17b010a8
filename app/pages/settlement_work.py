"""Capacity and load as jobs: what `fenxiao capacity` and `fenxiao load` do."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app.jobs import Tell
from app.warming import warm
from rules.plan.model import Plan
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.stress.capacity.study import Study
    from sim.stress.load.figures import LoadResult

SEED, DAYS, TRANSACTIONS = 1, 2, 2_000
LOAD_DAYS, PEOPLE, PEOPLE_A_SECOND = 60, 4_000, 400
"""The market of a load, as `fenxiao load` takes it."""


@dataclass(frozen=True)
class WhatIf:
    """A store on a promo day; `name` is the plan's for the command line."""

    market: Scenario
    plan: Plan
    name: str
    orders_per_day: int
    target: int
    order_workers: int
    member_workers: int
    settlement_workers: int
    batch: int
    pool: int
    cores: int
    queue: bool
    cache: bool

    @property
    def command(self) -> str:
        """The command that gives the same."""
        sizes = {name: getattr(self, name) for name in SIZES} | {"orders_per_day": self.orders_per_day}
        sizes |= {"latency_target": self.target, "transactions": TRANSACTIONS, "seed": SEED}
        told = " ".join(f"--{name.replace('_', '-')} {value}" for name, value in sizes.items())
        off = ("" if self.queue else " --no-queue") + ("" if self.cache else " --no-cache")
        return f"fenxiao capacity {shlex.join([self.market.scenario, '--plan', self.name])} {told}{off}"


SIZES = ("order_workers", "member_workers", "settlement_workers", "batch", "pool", "cores")


def model(tell: Tell, asked: WhatIf) -> Study:
    """Live through the busiest day, and search; tells the phase, some hundred times."""
    from sim.stress.capacity.demand import demand_of
    from sim.stress.capacity.service import ASSUMED
    from sim.stress.capacity.shop import Shop, Staff
    from sim.stress.capacity.steady import Target
    from sim.stress.capacity.study import study

    shop = Shop(
        orders=Staff(asked.order_workers),
        members=Staff(asked.member_workers),
        settlement=Staff(asked.settlement_workers),
        pool=asked.pool,
        cores=asked.cores,
        batch=asked.batch,
        queue=asked.queue,
        cache=asked.cache,
    )
    market = asked.market
    orders = float(asked.orders_per_day)
    demand = demand_of(market, asked.plan.settlement, people=market.people, orders_per_day=orders)
    target = Target(float(asked.target))
    return study(demand, shop, ASSUMED, target=target, seed=SEED, days=DAYS, transactions=TRANSACTIONS, step=tell)


@dataclass(frozen=True)
class Load:
    """A load on a database of one's own."""

    market: Scenario
    plan: Plan
    name: str
    seconds: int
    clients: int
    kill: bool

    @property
    def people(self) -> int:
        """Of the market, so that there are events for as long as the load lasts."""
        return max(PEOPLE, PEOPLE_A_SECOND * self.seconds)

    @property
    def kills(self) -> int:
        """How many: one each three seconds, so that there is time to come back in between."""
        return max(2, self.seconds // 3) if self.kill else 0

    @property
    def command(self) -> str:
        """The command that does the same; what comes out depends on the machine."""
        names = shlex.join([self.market.scenario, "--plan", self.name])
        kill = f" --kills {self.kills}" if self.kill else ""
        return f"fenxiao load {names} --seconds {self.seconds} --clients {self.clients} --seed {SEED}{kill}"


def load(tell: Tell, asked: Load) -> LoadResult:
    """Bring events to a PostgreSQL of its own; being told to end, it stops the server."""
    from sim.interrupts import keep_interrupts
    from sim.store.needs import require_store

    require_store()
    from sim.store.slices import check_sliceable
    from sim.stress.load.run import Setting, run_load
    from sim.stress.load.stream import stream_of

    keep_interrupts()
    warm(tell)
    check_sliceable([asked.plan])
    tell(("market", 0))
    try:
        stream = stream_of(asked.market, asked.plan, asked.people, LOAD_DAYS, SEED)
        tell(("open", 0))
        setting = Setting(clients=asked.clients, seconds=float(asked.seconds), kills=asked.kills, seed=SEED)
        with TemporaryDirectory(prefix="fenxiao-load-", ignore_cleanup_errors=True) as folder:
            told = _Clock(tell, asked.seconds)
            return run_load(stream, setting, Path(folder), told)
    except KeyboardInterrupt:
        raise SystemExit(1) from None


class _Clock:
    """Tells each second once, and when time is up."""

    def __init__(self, tell: Tell, seconds: int) -> None:
        self._tell, self._seconds, self._last = tell, seconds, -1

    def __call__(self, now: int) -> None:
        if now != self._last:
            self._last = now
            self._tell(("count", 0) if now >= self._seconds else ("second", now))
