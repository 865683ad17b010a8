"""Twice as much of one resource, or a hot row parted: what relieves the store most is what it lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sim.stress.capacity.kinds import Side
from sim.stress.capacity.service import ServiceTimes
from sim.stress.capacity.shop import Shop

Setting = tuple[Shop, ServiceTimes]
PARTS = 16
"""Rows that a hot row is parted into: two of them would still wait for each other's flush most of the time."""
_LEAST = 0.05
"""A gain under this part is none."""


def _workers(side: Side) -> Callable[[Shop, ServiceTimes], Setting]:
    return lambda shop, times: (shop.with_workers(side, 2 * shop.staff(side).workers), times)


def _parted_balances(shop: Shop, times: ServiceTimes) -> Setting:
    """Each hot promoter's balance in several rows."""
    parts = tuple(part / PARTS for part in shop.hot_promoters for _ in range(PARTS))
    return replace(shop, hot_promoters=parts), times


RELIEFS: Mapping[str, Callable[[Shop, ServiceTimes], Setting]] = {
    "order_workers": _workers("orders"),
    "member_workers": _workers("members"),
    "settlement_workers": _workers("settlement"),
    "connections": lambda shop, times: (replace(shop, pool=2 * shop.pool), times),
    "database_cpu": lambda shop, times: (replace(shop, cores=2 * shop.cores), times),
    "worker_cpu": lambda shop, times: (replace(shop, worker_cores=2 * shop.worker_cores), times),
    "flush": lambda shop, times: (shop, times.faster(flush=2)),
    "stock_row": lambda shop, times: (replace(shop, stock_buckets=PARTS * shop.stock_buckets), times),
    "promoter_row": _parted_balances,
    "platform_row": lambda shop, times: (replace(shop, platform_rows=PARTS * shop.platform_rows), times),
}
"""By resource: the same store with twice as much of it (a flush in half the time, a hot row parted)."""
OF_THE_PATH = ("database_cpu", "worker_cpu", "flush", "stock_row", "promoter_row", "platform_row")
"""Resources that clients share who have no worker groups before them."""


def there_is(resource: str, shop: Shop) -> bool:
    """Whether a store has this resource."""
    needs = {"worker_cpu": shop.worker_cores, "platform_row": shop.platform_rows, "stock_row": shop.hot_product}
    return bool(needs.get(resource, True)) and (resource != "promoter_row" or bool(shop.hot_promoters))


def gains(
    shop: Shop,
    times: ServiceTimes,
    resources: tuple[str, ...],
    worth: Callable[[Shop, ServiceTimes], float],
) -> dict[str, float]:
    """By how much `worth` of the store rises, as a part, with twice as much of each resource; the same luck."""
    base = worth(shop, times)
    return {
        name: worth(*RELIEFS[name](shop, times)) / base - 1 for name in resources if there_is(name, shop) and base > 0
    }


def most_lacking(found: Mapping[str, float], otherwise: str) -> str:
    """The resource that gains most; `otherwise` where none gains anything worth naming."""
    best = max(found, key=lambda name: found[name], default=otherwise)
    return best if found.get(best, 0.0) >= _LEAST else otherwise
