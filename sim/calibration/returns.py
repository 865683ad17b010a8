"""What comes back, and what is never paid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.behaviour.posterior import Rate
from sim.calibration.baskets import Sold
from sim.calibration.found import FEWEST, Found
from sim.calibration.shop import Shop
from sim.experiments.metric_names import Text
from sim.history.cells import ABSENT

RIPE = 30
"""Days after payment by which nearly all returns have come."""
UNPAID_AFTER = 1
"""Days after which an order that is not paid never will be."""
KNOWN = 0.5
"""Part of orders whose receipt is known, from which on its absence means that nothing was received."""
_NONE = Text("数据里没有退款", "there is no refund in the data")


def return_rates(shop: Shop, categories: Sequence[Sold]) -> dict[str, Rate]:
    """By category the part of orders, old enough, whose main line is of it and of which something came back; nothing
    where there are no refunds at all, or too few orders."""
    orders = shop.orders
    if not (orders.back > 0).any():
        return {}
    ripe, main = shop.older_than(orders.paid, RIPE), shop.lines.category[orders.main]
    found = {}
    for one in categories:
        rows = ripe & np.isin(main, one.numbers)
        if rows.sum() >= FEWEST:
            found[one.name] = Rate.of("return_factor", int((orders.back[rows] > 0).sum()), int(rows.sum()))
    return found


def returns(shop: Shop) -> Found:
    """How goods come back, and which orders are not paid."""
    found, orders = Found(), shop.orders
    back = orders.back > 0
    if not back.any():
        found.lacks(["return_unshipped", "return_partial", "return_factor"], _NONE)
    else:
        if return_rates_known(shop):
            found.values["return_factor"], found.ways["return_factor"] = 1.0, "moments"
        else:
            found.lacks(["return_factor"], _NONE)
        _add_ways(found, shop)
    _add_unpaid(found, shop)
    return found


def return_rates_known(shop: Shop) -> bool:
    """Whether the catalogue can have the return rates of the data."""
    return int(shop.older_than(shop.orders.paid, RIPE).sum()) >= FEWEST


def _add_ways(found: Found, shop: Shop) -> None:
    orders = shop.orders
    ripe, back = shop.older_than(orders.paid, RIPE), orders.back > 0
    received = orders.received != ABSENT
    unshipped = ripe & back & ~received
    kept = ripe & ~back
    if not kept.any() or received[kept].mean() < KNOWN:
        why = Text(
            "收货时间没有记录，分不出发货前的退款",
            "receipts are not recorded: refunds before shipping cannot be told apart",
        )
        found.lacks(["return_unshipped"], why)
        shipped = ripe & back
    else:
        found.add_rate("return_unshipped", int(unshipped.sum()), int((ripe & back).sum()))
        zh, en = "把没有收货记录的退款当作发货前退款", "refunds without a receipt count as before shipping"
        found.cautions["return_unshipped"] = Text(zh, en)
        shipped = ripe & back & received
    pieces = np.bincount(shop.lines.order, shop.lines.quantity)
    shipped &= pieces >= 2  # of a single piece there is no part
    found.add_rate("return_partial", int((shipped & (orders.back < orders.amount)).sum()), int(shipped.sum()))


def _add_unpaid(found: Found, shop: Shop) -> None:
    orders = shop.orders
    old = shop.older_than(orders.placed, UNPAID_AFTER)
    unpaid = int((old & ~orders.was_paid).sum())
    if unpaid == 0:
        found.values["payment_failure"], found.ways["payment_failure"] = 0.0, "moments"
        found.cautions["payment_failure"] = Text("数据里只有已付款的订单", "the data hold paid orders only")
    else:
        found.add_rate("payment_failure", unpaid, int(old.sum()))
