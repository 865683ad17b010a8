"""The settlement path's queueing model against bare SimPy and Ciw: `python -m benchmarks.pipeline`.

The model is the whole store of `fenxiao capacity` near three quarters of what it bears: workers, connections,
processors, row locks, group commit, batches, reviewers and payouts. SimPy alone is a chain of callbacks, each of which
makes the next timeout and does nothing else: no model can be faster with an event object of its own for each step.
Ciw is an M/M/8 queue. A customer of Ciw is two events (it comes, it goes).
"""

from __future__ import annotations

import ciw
from simpy.core import Environment
from simpy.events import NORMAL, Event, EventPriority

from benchmarks.common import Contestant, Figures, command, in_turns, rate
from sim.stress.capacity.arrivals import steady
from sim.stress.capacity.kinds import Kind
from sim.stress.capacity.luck import forget
from sim.stress.capacity.pricing import Pricing
from sim.stress.capacity.service import ASSUMED
from sim.stress.capacity.shop import Shop
from sim.stress.capacity.store import Store

FIGURES = {
    "events_per_second": "SimPy events a second of the whole model, its luck and answers included",
    "simpy": "raw chained callbacks of SimPy, in the same run",
    "ciw": "events a second of an M/M/8 queue in Ciw, in the same run",
    "ratio": "the model's ÷ raw SimPy's",
    "ratio_per_cpu_second": "the same of processor time: holds on a busy machine too",
    "events_per_cpu_second": "events of the model for each second of processor time",
    "ciw_ratio": "the model's ÷ Ciw's",
    "transactions_per_second": "transactions a second that the model carries",
    "events": "events in a run of the model",
    "utilisation": "of the modelled database's processors",
}
_RATES = {
    Kind.register: 75.0,
    Kind.click: 5_000.0,
    Kind.place: 500.0,
    Kind.pay: 460.0,
    Kind.notice: 23.0,
    Kind.ship: 100.0,
    Kind.receive: 100.0,
    Kind.refund: 7.0,
    Kind.withdraw: 5.0,
}
"""Transactions a second."""
_SERVERS, _BUSY = 8, 0.875


class Counted(Environment):
    """SimPy's environment, with a count of what is scheduled; only to know how many events a run has."""

    events = 0

    def schedule(self, event: Event, priority: EventPriority = NORMAL, delay: float = 0) -> None:
        """Schedule, and count."""
        self.events += 1
        super().schedule(event, priority, delay)


def store(transactions: int, env: Environment | None = None) -> Store:
    """The store before its first transaction; it has to draw its luck anew."""
    forget()
    pricing = Pricing(Shop(), ASSUMED, seed=1)
    made = Store(pricing, env)
    made.feed(steady(pricing, _RATES, transactions))
    return made


def live(made: Store) -> Store:
    """Let all transactions arrive, and wait until they are done."""
    made.run_out()
    return made


def chained(events: int) -> None:
    """So many events of bare SimPy, each the callback of the one before."""
    env, left = Environment(), events

    def next_one(_: Event) -> None:
        nonlocal left
        left -= 1
        if left:
            env.timeout(1.0).callbacks.append(next_one)

    env.timeout(1.0).callbacks.append(next_one)
    env.run()


def in_ciw(customers: int) -> ciw.Simulation:
    """An M/M/8 queue in Ciw, until so many customers have gone."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=_SERVERS * _BUSY)],
        service_distributions=[ciw.dists.Exponential(rate=1.0)],
        number_of_servers=[_SERVERS],
    )
    ciw.seed(1)
    simulated = ciw.Simulation(network)
    simulated.simulate_until_max_customers(customers)
    return simulated


def measure(small: bool) -> Figures:
    """The figures."""
    transactions, customers = (4_000, 500) if small else (150_000, 20_000)
    seen = Counted()
    counted = live(store(transactions, seen))
    events = seen.events
    ours = Contestant(lambda: store(transactions), live)
    bare = Contestant(lambda: events, chained)
    theirs = Contestant(lambda: customers, in_ciw)
    in_turns({"pipeline": ours, "simpy": bare, "ciw": theirs}, 1 if small else 5)
    figures = {
        "events_per_second": rate(events, ours.seconds),
        "simpy": rate(events, bare.seconds),
        "ciw": rate(2 * customers, theirs.seconds),
    }
    return figures | {
        "ratio": round(bare.seconds / ours.seconds, 3),
        "ratio_per_cpu_second": round(bare.cpu_seconds / ours.cpu_seconds, 3),
        "events_per_cpu_second": rate(events, ours.cpu_seconds),
        "ciw_ratio": round(figures["events_per_second"] / figures["ciw"], 1),
        "transactions_per_second": rate(transactions, ours.seconds),
        "events": events,
        "utilisation": round(counted.path.database.busy / counted.shop.cores / counted.env.now, 3),
        "cpu_share": ours.cpu_share,
    }


if __name__ == "__main__":
    command("pipeline", measure, FIGURES)
