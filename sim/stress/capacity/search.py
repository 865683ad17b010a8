"""What a store bears and needs: at what multiple of its traffic it breaks and on what, and the fewest workers and
connections that keep a latency target. Every run meets the same luck, so two stores differ by what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sim.stress.capacity.kinds import Kind, Side
from sim.stress.capacity.relief import RELIEFS, gains, most_lacking
from sim.stress.capacity.service import ServiceTimes
from sim.stress.capacity.shop import Shop
from sim.stress.capacity.steady import TRANSACTIONS, Rates, Steady, Target, run_steady
from sim.stress.capacity.store import GROUPS
from sim.stress.capacity.usage import WORKERS

Tick = Callable[[], None]
_NEAR = 1.03
"""Multiples are found to within this factor."""
_OVER = 2.5
"""Load beyond the break, as a factor, under which it is seen what relieves the store: more than twice, so that twice as
much of a resource is never quite enough, and the one that lets most through shows."""
_BATCHES = (1, 10, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
MOST_WORKERS = 64
_MOST_CORES = 64
_SMALLEST, _LARGEST = 2.0**-20, 2.0**40


@dataclass(frozen=True)
class Break:
    """Where a store breaks.

    Attributes:
        multiple: of the busiest minute's traffic that it still bears. orders_per_second: placed then.
        bottleneck: the resource whose doubling relieves it most beyond that. gains: by how much mean latency falls
            with twice as much of each, as (before ÷ after) - 1.
        at: the run at that multiple.
    """

    multiple: float
    orders_per_second: float
    bottleneck: str
    gains: Mapping[str, float]
    at: Steady


@dataclass(frozen=True)
class Recommended:
    """The fewest that keep the target at the busiest minute; `cores` of the database that this takes."""

    order_workers: int
    member_workers: int
    settlement_workers: int
    batch: int
    pool: int
    cores: int


@dataclass(frozen=True)
class Question:
    """Traffic at its busiest, the target, and the luck.

    Attributes:
        rates: transactions a second at the busiest minute. release: orders whose commission becomes available at once.
        tick: called after every run.
    """

    rates: Rates
    release: float
    target: Target
    times: ServiceTimes
    seed: int
    tick: Tick = lambda: None
    transactions: int = TRANSACTIONS

    def run(self, shop: Shop, multiple: float = 1.0, times: ServiceTimes | None = None) -> Steady:
        """The busiest minutes, at a multiple."""
        chosen = times or self.times
        found = run_steady(shop, chosen, self.rates, seed=self.seed, multiple=multiple, transactions=self.transactions)
        self.tick()
        return found

    def kept(self, shop: Shop, multiple: float = 1.0) -> bool:
        """Whether the target is kept."""
        return self.run(shop, multiple).keeps(self.target)


def computable(question: Question, shop: Shop) -> float:
    """The multiple of the traffic that would keep all cores busy, if nothing ever waited: where to begin to look."""
    times = question.times
    seconds = sum(
        rate * (times[kind.name].client_ms + times[kind.name].server_ms) for kind, rate in question.rates.items()
    )
    return 1000 * (shop.cores + shop.worker_cores) / seconds if seconds else 1.0


def multiple_borne(question: Question, shop: Shop, guess: float) -> float:
    """The largest multiple of the traffic at which the target is kept, to 3 %; 0 if there is none.

    The search begins at `guess`.
    """
    low, high = _bracket(question, shop, guess)
    while low and high / low > _NEAR:
        middle = (low * high) ** 0.5
        low, high = (middle, high) if question.kept(shop, middle) else (low, middle)
    return low


def _bracket(question: Question, shop: Shop, guess: float) -> tuple[float, float]:
    """A multiple that is borne and one that is not, the nearer the better the guess; (0, …) if none is borne."""
    step, borne = 1.2, question.kept(shop, guess)
    while True:
        following = guess * step if borne else guess / step
        if not _SMALLEST < following < _LARGEST:
            return (guess, guess) if borne else (0.0, guess)
        if question.kept(shop, following) != borne:
            return (guess, following) if borne else (following, guess)
        guess, step = following, min(step**2, 16.0)


def breaks(question: Question, shop: Shop) -> Break:
    """Where a store breaks, and on what."""
    multiple = multiple_borne(question, shop, 0.8 * computable(question, shop))
    at = question.run(shop, multiple or 1.0)
    over = (multiple or 1.0) * _OVER

    def ease(changed: Shop, times: ServiceTimes) -> float:
        run = question.run(changed, over, times)
        return 1 / (run.mean_ms + run.latency_ms.get("book", {"p50": 0.0})["p50"] * run.behind)

    found = gains(shop, question.times, tuple(RELIEFS), ease)
    bottleneck = most_lacking(found, otherwise=max(at.usage, key=lambda name: at.usage[name]))
    return Break(multiple, multiple * question.rates[Kind.place], bottleneck, found, at)


def recommend(question: Question, shop: Shop) -> Recommended | None:
    """The fewest workers of each kind, then the best batch, then the fewest connections, that keep the target.

    Where the shop's cores do not suffice, as many more as it takes; None if no number does: then what the store lacks
    is not to be had by adding workers or cores.
    """
    roomy = _roomy(question, shop)
    if roomy is None:
        return None
    found = roomy
    for side in GROUPS:
        found = found.with_workers(side, _fewest(question, _by_workers(found, side), MOST_WORKERS))
        if side == "settlement":
            found = _with_batch(question, found)
    most = sum(found.staff(side).workers for side in GROUPS)
    found = replace(found, pool=most)
    found = _widened(question, found)
    found = replace(found, pool=_fewest(question, lambda pool: replace(found, pool=pool), found.pool))
    sizes = {WORKERS[side]: found.staff(side).workers for side in GROUPS}
    return Recommended(**sizes, batch=found.batch, pool=found.pool, cores=found.cores)


def _roomy(question: Question, shop: Shop) -> Shop | None:
    """The shop with more workers than it needs, and with the cores that it needs."""
    wide = replace(shop, pool=3 * MOST_WORKERS, batch=_BATCHES[5])
    for side in GROUPS:
        wide = wide.with_workers(side, MOST_WORKERS)
    cores = shop.cores
    while cores <= max(_MOST_CORES, shop.cores):
        tried = replace(wide, cores=cores)
        if question.kept(tried):
            return tried
        cores *= 2
    return None


def _by_workers(shop: Shop, side: Side) -> Callable[[int], Shop]:
    return lambda workers: shop.with_workers(side, workers)


def _fewest(question: Question, shop_of: Callable[[int], Shop], enough: int) -> int:
    """The smallest number with which the target is kept, known to be kept with `enough`; by bisection."""
    low, high = 0, enough
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if question.kept(shop_of(middle)) else (middle, high)
    return high


def _with_batch(question: Question, shop: Shop) -> Shop:
    """With the batch that books commission soonest, of those with which all that becomes available at once is done in
    time; with more settlement workers where no batch is."""
    for workers in range(shop.settlement.workers, MOST_WORKERS + 1):
        staffed = shop.with_workers("settlement", workers)
        if (found := _best_batch(question, staffed)) is not None:
            return found
    return shop


def _best_batch(question: Question, shop: Shop) -> Shop | None:
    """The batch that books commission soonest; larger ones are not tried once they only make it later."""
    best: Shop | None = None
    soonest = float("inf")
    for size in _BATCHES:
        sized = replace(shop, batch=size)
        if release_seconds(sized, question) > question.target.released_seconds:
            continue
        run = question.run(sized)
        booked = run.latency_ms.get("book", {"p95": 0.0})["p95"]
        if best is not None and booked > soonest:
            break
        if run.keeps(question.target) and booked < soonest:
            best, soonest = sized, booked
    return best


def release_seconds(shop: Shop, question: Question) -> float:
    """How long the settlement workers take for all commission that becomes available at once, with the machine to
    themselves."""
    batch, each = question.times["batch"], question.times["settle"]
    size = max(1.0, min(shop.batch, question.release))
    computing = batch.client_ms + batch.server_ms + size * (each.client_ms + each.server_ms)
    abreast = min(shop.settlement.workers, shop.cores)
    each_batch = max(computing / abreast, (computing + batch.flush_ms) / shop.settlement.workers)
    return question.release / size * each_batch / 1000


def _widened(question: Question, shop: Shop) -> Shop:
    """With one worker more in each group until the target is kept by all of them together."""
    for _ in range(8):
        if question.kept(shop):
            break
        for side in GROUPS:
            shop = shop.with_workers(side, shop.staff(side).workers + 1)
        shop = replace(shop, pool=sum(shop.staff(side).workers for side in GROUPS))
    return shop
