"""How busy each resource was."""

from __future__ import annotations

from sim.stress.capacity.path import Path
from sim.stress.capacity.rows import Map
from sim.stress.capacity.service import LOCKS
from sim.stress.capacity.shop import Shop
from sim.stress.capacity.store import GROUPS, Store

Usage = dict[str, float]
"""Part of its time that a resource was busy, by name."""
WORKERS = {"orders": "order_workers", "members": "member_workers", "settlement": "settlement_workers"}
"""Names of worker groups as resources."""


def path_usage(path: Path, shop: Shop, seconds: float) -> Usage:
    """Of connections, processors, flush, and the hottest row of each kind."""
    busy = {"connections": path.pool.busy / path.pool.count, "database_cpu": path.database.busy / path.database.count}
    if path.machines is not path.database:
        busy["worker_cpu"] = path.machines.busy / path.machines.count
    busy["flush"] = path.flush.busy
    rows = Map(shop)
    for lock in LOCKS:
        if held := [path.rows.busy[row] for row in rows.named(lock)]:
            busy[f"{lock}_row"] = max(held)
    return {name: value / seconds for name, value in busy.items()}


def usage(store: Store, seconds: float) -> Usage:
    """Of worker groups, and of all they pass through."""
    groups = {WORKERS[side]: store.groups[side].busy / (store.groups[side].count() or 1.0) for side in GROUPS}
    return groups | path_usage(store.path, store.shop, seconds)
