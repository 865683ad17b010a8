"""What became of the goods of a run, counted when it has ended: cases, suppliers, deliveries, channels, shops, people.

Whatever the scenario does not mention is empty. Amounts are fen. Orders that the store refused for want of stock count
nowhere but among what was lost.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.calendar import date_of, first_day_of, month_of
from rules.events import DAY, Records
from rules.lifecycle import Refusal
from sim.behaviour.complaining import Case, Reason
from sim.behaviour.goods import Goods, was_sold
from sim.behaviour.nodes import Node, nodes_of
from sim.behaviour.supplying import UNRATED
from sim.rows import order_of_line
from sim.store.memory import MemoryStore

if TYPE_CHECKING:
    from sim.model import StoreModel
    from sim.scenario import Scenario

Amounts = NDArray[np.int64]


@dataclass(frozen=True)
class AfterSalesFigures:
    """Cases of a category: returns by how they went, complaints by reason, and what they were worth in money."""

    id: str
    deliveries: int
    returned: int
    exchanged: int
    refused: int
    complaints: int
    late: int
    quality: int
    described: int
    refunds: int
    refunded: int


@dataclass(frozen=True)
class SupplierFigures:
    """A supplier: what came of its deliveries, its rating by month (None = too few), and when it was suspended."""

    id: str
    skus: int
    deliveries: int
    returns: int
    complaints: int
    late: int
    ratings: tuple[int | None, ...]
    suspended: dt.date | None


@dataclass(frozen=True)
class WayFigures:
    """A warehouse, or the suppliers' own deliveries: mean days from payment to the door, and how many were late."""

    id: str
    deliveries: int
    days: float | None
    late: int


@dataclass(frozen=True)
class ChannelFigures:
    """Paid orders that came through a channel, and what was paid for their goods."""

    id: str
    orders: int
    gmv: int


@dataclass(frozen=True)
class ShopFigures:
    """Sales of a shop: paid orders with something of it, paid and given back for it, commission booked on it."""

    id: str
    orders: int
    gmv: int
    refunds: int
    commission: int


@dataclass(frozen=True)
class NodeFigures:
    """People of a kind: how many, members among them, their shares, what they spent, promoted and earned."""

    id: str
    people: int
    members: int
    shares: int
    spent: int
    promoted: int
    earned: int


@dataclass(frozen=True)
class StockWarning:
    """A sku that would not last: pieces left, and sold in the days before."""

    day: dt.date
    sku: str
    left: int
    sold: int


@dataclass(frozen=True)
class StockFigures:
    """Warnings, and what was lost for want of stock; `oversold` pieces there are never."""

    warnings: tuple[StockWarning, ...]
    lost_orders: int
    short_pieces: int
    short_value: int
    oversold: int


@dataclass(frozen=True)
class GoodsFigures:
    """All of it.

    Attributes:
        duplicates: orders that a second channel reported, turned away. two_channels: buyers who used several channels.
        buyers: of paid orders. buyer_categories: categories that a buyer has bought of, a mean.
        mixed_orders: part of the paid orders that have goods of two categories or more.
    """

    after_sales: tuple[AfterSalesFigures, ...] = ()
    suppliers: tuple[SupplierFigures, ...] = ()
    warehouses: tuple[WayFigures, ...] = ()
    channels: tuple[ChannelFigures, ...] = ()
    duplicates: int = 0
    two_channels: int = 0
    buyers: int = 0
    shops: tuple[ShopFigures, ...] = ()
    nodes: tuple[NodeFigures, ...] = ()
    stock: StockFigures | None = None
    buyer_categories: float | None = None
    mixed_orders: float | None = None


@dataclass(frozen=True)
class _Lines:
    """The lines of paid orders: order, buyer and category of each, and the rows of the book."""

    order: Amounts
    buyer: NDArray[np.int32]
    category: NDArray[np.int16]
    rows: Records


def figures_of(model: StoreModel) -> GoodsFigures:
    """What became of the goods of a model that has run."""
    scenario, goods, book = model.conditions, model.world.goods, model.store.book
    lines = _lines(book)
    parts = _cases_of(model, goods) if goods else {}
    if model.world.doors:
        parts |= _channels(model, book)
    return GoodsFigures(
        **parts,
        buyers=len(np.unique(lines.buyer)),
        shops=_shops(scenario, model, lines),
        nodes=_nodes(scenario, model, book),
        stock=_stock(model),
        **_mixed(lines, len(book.members), len(model.names.categories)),
    )


def labour_of(model: StoreModel) -> Amounts:
    """Fen by day for the people who look at complaints and exchanges, on the day on which they are opened."""
    days, goods = len(model.metrics.flows()["gmv"]), model.world.goods
    spent = np.zeros(days, np.int64)
    if goods:
        labour, cases = model.conditions.labour, _seen(model, goods)[1]
        day = cases["opened"] // DAY - model.world.start
        for kind, cost in ((Case.complaint, labour.complaint), (Case.exchanged, labour.refund)):
            np.add.at(spent, day[cases["kind"] == kind], cost)
    return spent


def _seen(model: StoreModel, goods: Goods) -> tuple[Records, Records]:
    """The deliveries and cases of goods that were sold, up to the end of the run."""
    start, end = model.world.start, model.day
    parcels, cases = goods.parcels.rows, goods.cases.rows
    parcels, cases = parcels[parcels["day"] < end], cases[cases["opened"] < (start + end) * DAY]
    return parcels[was_sold(model.store, parcels["order"])], cases[was_sold(model.store, cases["order"])]


def _cases_of(model: StoreModel, goods: Goods) -> dict[str, Any]:
    parcels, cases = _seen(model, goods)
    scenario = model.conditions
    found: dict[str, Any] = {}
    if scenario.after_sales:
        found["after_sales"] = tuple(
            _after_sales(name, parcels[parcels["category"] == number], cases[cases["category"] == number])
            for number, name in enumerate(model.names.categories)
        )
    if goods.supply:
        found["suppliers"] = tuple(_suppliers(model, goods))
    if len(goods.ways.names) > 1:
        found["warehouses"] = tuple(
            _way(name, parcels["took"][parcels["way"] == number], goods) for number, name in enumerate(goods.ways.names)
        )
    return found


def _after_sales(name: str, parcels: Records, cases: Records) -> AfterSalesFigures:
    kinds, reasons = np.bincount(cases["kind"], minlength=5), np.bincount(cases["reason"], minlength=4)
    return AfterSalesFigures(
        id=name,
        deliveries=len(parcels),
        returned=int(kinds[Case.returned]),
        exchanged=int(kinds[Case.exchanged]),
        refused=int(kinds[Case.refused]),
        complaints=int(kinds[Case.complaint]),
        late=int(reasons[Reason.late]),
        quality=int(reasons[Reason.quality]),
        described=int(reasons[Reason.described]),
        refunds=int(np.count_nonzero(cases["refund"])),
        refunded=int(cases["refund"].sum()),
    )


def _suppliers(model: StoreModel, goods: Goods) -> list[SupplierFigures]:
    supply, shelf, start = goods.supply, goods.shelf, model.world.start
    assert supply
    assert shelf
    whole = goods.counts(start, 0, model.day, model.store).tolist()
    begun = max(first_day_of(month_of(start + model.day)) - start, 0)
    running = goods.counts(start, begun, model.day, model.store).tolist()
    months = [*shelf.scores, *([[shelf.rated(row) for row in running]] if begun < model.day else [])]
    return [
        SupplierFigures(
            name,
            int(np.count_nonzero(supply.of_sku == number)),
            *whole[number],
            tuple(None if month[number] == UNRATED else month[number] for month in months),
            date_of((start + int(shelf.since[number])) * DAY) if shelf.suspended[number] else None,
        )
        for number, name in enumerate(supply.ids)
    ]


def _way(name: str, took: NDArray[np.int32], goods: Goods) -> WayFigures:
    days = float(took.mean()) / DAY if len(took) else None
    return WayFigures(name, len(took), days, int(np.count_nonzero(goods.ways.late(took))))


def _channels(model: StoreModel, book: Book) -> dict[str, Any]:
    orders = book.rows("orders")
    orders = orders[orders["paid_at"] >= 0]
    names, refusals = model.names.channels, book.rows("refusals")
    gmv = np.zeros(len(names), np.int64)
    np.add.at(gmv, orders["channel"], orders["goods"])
    counts = np.bincount(orders["channel"], minlength=len(names)).tolist()
    pairs = np.unique(orders["buyer"].astype(np.int64) * len(names) + orders["channel"])
    again = refusals[refusals["code"] == Refusal.same_order]
    return {
        "channels": tuple(ChannelFigures(*row) for row in zip(names, counts, gmv.tolist(), strict=True)),
        "two_channels": int(np.count_nonzero(np.unique(pairs // len(names), return_counts=True)[1] > 1)),
        "duplicates": len({(int(row["time"]), int(row["member"])) for row in again}),
    }


def _lines(book: Book) -> _Lines:
    orders, rows = book.rows("orders"), book.rows("lines")
    order = order_of_line(book)
    paid = orders["paid_at"][order] >= 0
    order, rows = order[paid], rows[paid]
    return _Lines(order, orders["buyer"][order], rows["category"], rows)


def _shops(scenario: Scenario, model: StoreModel, lines: _Lines) -> tuple[ShopFigures, ...]:
    commission = {name: row["commission"] for name, row in model.metrics.breakdown(model.names)["categories"].items()}
    found = []
    for shop in scenario.shops:
        own = np.isin(lines.category, [model.names.categories.index(one) for one in shop.categories])
        sums = [int(lines.rows[name][own].sum()) for name in ("paid", "refunded")]
        earned = sum(commission.get(one, 0) for one in shop.categories)
        found.append(ShopFigures(shop.id, len(np.unique(lines.order[own])), *sums, earned))
    return tuple(found)


def _nodes(scenario: Scenario, model: StoreModel, book: Book) -> tuple[NodeFigures, ...]:
    if not scenario.nodes:
        return ()
    crowd, members = model.world.crowd, book.members
    kinds = nodes_of(model.world.seed, model.world.people, scenario.nodes)
    columns = (
        members["joined_at"] >= 0,
        crowd["shares"] + crowd["shared"].astype(np.uint32),
        *(members[name] for name in ("spent", "promoted", "earned")),
    )
    return tuple(
        NodeFigures(
            kind.name, int(np.count_nonzero(kinds == kind)), *(int(one[kinds == kind].sum()) for one in columns)
        )
        for kind in Node
    )


def _stock(model: StoreModel) -> StockFigures | None:
    watch, store = model.stock_watch, model.store
    if not watch or not isinstance(store, MemoryStore):
        return None
    counts, start, skus = store.counts, model.world.start, model.names.skus
    return StockFigures(
        tuple(
            StockWarning(date_of((start + one.day) * DAY), skus[one.sku], one.left, one.sold) for one in watch.warnings
        ),
        counts.refused_orders,
        counts.short_pieces,
        int((store.short() * model.world.market.price).sum()),
        counts.oversold,
    )


def _mixed(lines: _Lines, people: int, categories: int) -> dict[str, Any]:
    """How mixed purchases are, by buyer and by order."""
    if not len(lines.order):
        return {}
    category = lines.category.astype(np.int64)
    bought = np.zeros((people, categories), np.bool_)
    bought[lines.buyer, category] = True
    each = bought.sum(axis=1)
    least, most = np.full(lines.order[-1] + 1, categories), np.full(lines.order[-1] + 1, -1)
    np.minimum.at(least, lines.order, category)
    np.maximum.at(most, lines.order, category)
    paid = most >= 0
    return {
        "buyer_categories": float(each[each > 0].mean()),
        "mixed_orders": float((most > least)[paid].mean()),
    }
