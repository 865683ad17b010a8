"""The whole answer: the promo day, where the store breaks and on what, what would do, what each switch is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sim.stress.capacity.demand import Demand
from sim.stress.capacity.pricing import Pricing
from sim.stress.capacity.promo import Promo, live_through
from sim.stress.capacity.search import Break, Question, Recommended, breaks, recommend
from sim.stress.capacity.service import ServiceTimes
from sim.stress.capacity.shop import Shop
from sim.stress.capacity.steady import TRANSACTIONS, Steady, Target
from sim.stress.capacity.worth import Worth, worths

LOADS = (0.1, 0.25, 0.5, 0.7, 0.85, 0.95, 1.0, 1.05, 1.15)
"""Loads of the curve, as parts of the load that the store bears."""
Step = Callable[[str], None]


@dataclass(frozen=True)
class Study:
    """What was asked and what was found.

    Attributes:
        kept: whether the shop keeps the target at the busiest minute. peak: that minute.
        curve: runs by multiple of the busiest minute's traffic.
    """

    demand: Demand
    shop: Shop
    times: ServiceTimes
    target: Target
    seed: int
    days: int
    promo: Promo
    peak: Steady
    kept: bool
    broken: Break
    curve: dict[float, Steady]
    recommended: Recommended | None
    worths: list[Worth]


def study(
    demand: Demand,
    shop: Shop,
    times: ServiceTimes,
    *,
    target: Target,
    seed: int,
    days: int,
    transactions: int = TRANSACTIONS,
    step: Step = lambda name: None,
) -> Study:
    """Ask everything; `step` is called with what has just been worked on, some hundred times; `transactions`
    are those of a run of the busiest minutes: the more, the more exactly it is known where the store breaks."""
    promo = live_through(demand, Pricing(shop, times, seed), days=days, tick=_every(60, lambda: step("promo")))
    rates, release = demand.peak(), demand.largest_release()
    question = Question(rates, release, target, times, seed, transactions=transactions)

    def asking(name: str) -> Question:
        return replace(question, tick=lambda: step(name))

    peak = asking("peak").run(shop)
    broken = breaks(asking("break"), shop)
    loads = [part * (broken.multiple or 1.0) for part in LOADS]
    curve = {load: asking("curve").run(shop, load) for load in loads}
    return Study(
        demand=demand,
        shop=shop,
        times=times,
        target=target,
        seed=seed,
        days=days,
        promo=promo,
        peak=peak,
        kept=peak.keeps(target),
        broken=broken,
        curve=curve,
        recommended=recommend(asking("recommend"), shop),
        worths=worths(asking("worth"), shop, broken.multiple),
    )


def _every(count: int, then: Callable[[], None]) -> Callable[[], None]:
    """Call `then` once in so many calls."""
    seen = 0

    def tick() -> None:
        nonlocal seen
        seen += 1
        if seen % count == 0:
            then()

    return tick
