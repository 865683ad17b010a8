"""What queue, cache and locks are worth: each switched off in turn, and where the store breaks then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sim.stress.capacity.kinds import Kind
from sim.stress.capacity.search import Question, multiple_borne
from sim.stress.capacity.shop import Shop


@dataclass(frozen=True)
class Worth:
    """A store with something switched off (`as_it_is`: nothing).

    Attributes:
        orders_per_second: that it bears at its busiest. part: of what the store bears as it is.
        orders_p95_ms: of the order workers' transactions at the load that the store as it is bears just so.
        booked_p95_ms: of commission, at that load.
    """

    name: str
    orders_per_second: float
    part: float
    orders_p95_ms: float
    booked_p95_ms: float


def variants(shop: Shop) -> Iterator[tuple[str, Shop]]:
    """The store as it is, then without each of what it has."""
    yield "as_it_is", shop
    if shop.queue:
        yield "no_queue", replace(shop, queue=False)
    if shop.cache:
        yield "no_cache", replace(shop, cache=False)
    if shop.stock_buckets > 1 and shop.hot_product:
        yield "one_stock_row", replace(shop, stock_buckets=1)
    if shop.platform_rows != 1:
        yield "one_platform_row", replace(shop, platform_rows=1)
        yield "no_queue_one_platform_row", replace(shop, queue=False, platform_rows=1)
    if shop.batch > 1 and shop.queue:
        yield "no_batches", replace(shop, batch=1)


def worths(question: Question, shop: Shop, multiple: float) -> list[Worth]:
    """Each variant, against the multiple that the store as it is bears."""
    return [_worth(question, name, changed, multiple) for name, changed in variants(shop)]


def _worth(question: Question, name: str, shop: Shop, multiple: float) -> Worth:
    base = multiple or 1.0
    borne = multiple if name == "as_it_is" else multiple_borne(question, shop, base * 0.98)
    run = question.run(shop, base)
    return Worth(
        name=name,
        orders_per_second=borne * question.rates[Kind.place],
        part=borne / base,
        orders_p95_ms=run.by_side["orders"]["p95"],
        booked_p95_ms=run.latency_ms.get("book", {"p95": 0.0})["p95"],
    )
