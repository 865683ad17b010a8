"""What became of the goods of a run, in the terminal and for `--json`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console

from sim.behaviour.nodes import Node
from sim.behaviour.warehousing import DIRECT
from sim.experiments.metric_names import Lang, Text, spoken
from sim.goods import GoodsFigures, StockFigures
from sim.report.figures import NONE, money, part
from sim.report.tables import table_of
from sim.scenario import Scenario

MOST = 8
"""Stock warnings shown; the rest is counted."""

_AFTER_SALES = Text(
    "售后|妥投|退货|换货|拒退|投诉|迟到|质量|描述不符|赔付",
    "After-sales|delivered|returned|exchanged|refused|complaints|late|quality|not as described|paid back",
)
_SUPPLIERS = Text(
    "供应商|妥投|退换|投诉|迟到|各月评分|停售",
    "Suppliers|delivered|came back|complaints|late|rating by month|suspended",
)
_WAREHOUSES = Text("发货仓|妥投|平均天数|迟到", "Warehouses|delivered|mean days|late")
_CHANNELS = Text("渠道|订单|实付", "Channels|orders|paid")
_SHOPS = Text("店铺|订单|实付|退款|佣金", "Shops|orders|paid|refunds|commission")
_NODES = Text("节点|人数|会员|分享|消费|推广|收入", "Nodes|people|members|shares|spent|promoted|earned")
_WARNINGS = Text("库存预警|日期|剩余|近期销量", "Stock warnings|day|left|sold lately")
_NODE_NAMES = {
    Node.customer.name: Text("客户", "customers"),
    Node.staff.name: Text("员工", "staff"),
    Node.fan.name: Text("粉丝", "fans"),
}
_OWN_WAY = Text("供应商直发", "direct from the supplier")
_DUPLICATES = Text("两个渠道重复上报的订单已拒收：{count}", "orders reported by two channels, turned away: {count}")
_TWO = Text("用过多个渠道的买家：{share}", "buyers who used several channels: {share}")
_LOST = Text(
    "因缺货流失 {orders} 单，缺 {pieces} 件（{value}）；超卖 {oversold} 件",
    "lost for want of stock: {orders} orders, short of {pieces} pieces ({value}); oversold: {oversold}",
)
_REST = Text("另有 {more} 条", "and {more} more")
_MIXED = Text(
    "买家人均购买 {each} 个品类，跨品类订单占 {share}", "categories a buyer: {each}; orders with two or more: {share}"
)


def print_goods(console: Console, goods: GoodsFigures, market: Scenario, lang: Lang) -> None:
    """A table of each part that the scenario mentions."""
    named = {
        one.id: one.title
        for one in [
            *market.catalogue.categories,
            *market.suppliers,
            *market.warehouses,
            *market.channels,
            *market.shops,
        ]
    }
    names = {id: spoken(title, lang) for id, title in named.items() if title}
    _print_deliveries(console, goods, names, lang)
    _print_sales(console, goods, names, lang)
    if goods.stock:
        _print_stock(console, goods.stock, lang)
    if goods != GoodsFigures(
        buyers=goods.buyers, buyer_categories=goods.buyer_categories, mixed_orders=goods.mixed_orders
    ):
        _print_mixed(console, goods, lang)


def _names(market: Scenario, lang: Lang) -> dict[str, str]:
    """What things are called that have a title."""
    things: list[Any] = [
        *market.suppliers,
        *market.warehouses,
        *market.channels,
        *market.shops,
        *market.catalogue.categories,
    ]
    return {one.id: spoken(one.title, lang) for one in things if one.title}


def _print_deliveries(console: Console, goods: GoodsFigures, names: dict[str, str], lang: Lang) -> None:
    _print(
        console,
        _AFTER_SALES.say(lang),
        [
            [names.get(one.id, one.id), *_counts(one.deliveries, one.returned, one.exchanged, one.refused),
             *_counts(one.complaints, one.late, one.quality, one.described), money(one.refunded)]
            for one in goods.after_sales
        ],
    )  # fmt: skip
    _print(
        console,
        _SUPPLIERS.say(lang),
        [
            [names.get(one.id, one.id), *_counts(one.deliveries, one.returns, one.complaints, one.late),
             " ".join(NONE if score is None else str(score) for score in one.ratings),
             one.suspended.isoformat() if one.suspended else ""]
            for one in goods.suppliers
        ],
    )  # fmt: skip
    _print(
        console,
        _WAREHOUSES.say(lang),
        [
            [_OWN_WAY.say(lang) if one.id == DIRECT else names.get(one.id, one.id), *_counts(one.deliveries),
             NONE if one.days is None else f"{one.days:.1f}", _part(one.late, one.deliveries)]
            for one in goods.warehouses
        ],
    )  # fmt: skip


def _print_sales(console: Console, goods: GoodsFigures, names: dict[str, str], lang: Lang) -> None:
    _print(
        console,
        _CHANNELS.say(lang),
        [[names.get(one.id, one.id), *_counts(one.orders), money(one.gmv)] for one in goods.channels],
    )
    if goods.channels:
        console.print(_TWO.say(lang).format(share=_part(goods.two_channels, goods.buyers)))
        console.print(_DUPLICATES.say(lang).format(count=f"{goods.duplicates:,}"))
    _print(
        console,
        _SHOPS.say(lang),
        [
            [names.get(one.id, one.id), *_counts(one.orders), money(one.gmv), money(one.refunds), money(one.commission)]
            for one in goods.shops
        ],
    )
    _print(
        console,
        _NODES.say(lang),
        [
            [_NODE_NAMES[one.id].say(lang), *_counts(one.people, one.members, one.shares),
             *(money(fen) for fen in (one.spent, one.promoted, one.earned))]
            for one in goods.nodes
        ],
    )  # fmt: skip


def _print_stock(console: Console, stock: StockFigures, lang: Lang) -> None:
    rows = [[one.sku, one.day.isoformat(), *_counts(one.left, one.sold)] for one in stock.warnings[:MOST]]
    _print(console, _WARNINGS.say(lang), rows)
    if len(stock.warnings) > MOST:
        console.print(_REST.say(lang).format(more=len(stock.warnings) - MOST))
    figures = {"orders": stock.lost_orders, "pieces": stock.short_pieces, "oversold": stock.oversold}
    told = {name: f"{count:,}" for name, count in figures.items()}
    console.print(_LOST.say(lang).format(**told, value=money(stock.short_value)))


def _print_mixed(console: Console, goods: GoodsFigures, lang: Lang) -> None:
    each = NONE if goods.buyer_categories is None else f"{goods.buyer_categories:.2f}"
    console.print(_MIXED.say(lang).format(each=each, share=part(goods.mixed_orders)))


def _print(console: Console, heads: str, rows: Sequence[Iterable[str]]) -> None:
    if not rows:
        return
    console.print()
    console.print(table_of(heads, rows))


def _part(some: int, whole: int) -> str:
    return part(some / whole if whole else None)


def _counts(*numbers: int) -> list[str]:
    return [f"{number:,}" for number in numbers]


def goods_told(goods: GoodsFigures) -> dict[str, object]:
    """The same for `--json`, every part that there is: money in yuan, dates as text."""
    told: dict[str, object] = {}
    for name in ("after_sales", "suppliers", "warehouses", "shops", "nodes"):
        if rows := getattr(goods, name):
            told[name] = [_row_told(asdict(row)) for row in rows]
    if goods.channels:
        told["channels"] = {
            "channels": [_row_told(asdict(row)) for row in goods.channels],
            "duplicates_refused": goods.duplicates,
            "buyers_of_several": goods.two_channels,
        }
    if goods.stock:
        told["stock_warnings"] = [_row_told(asdict(row)) for row in goods.stock.warnings]
        told["lost_sales"] = {
            "orders": goods.stock.lost_orders,
            "pieces": goods.stock.short_pieces,
            "value": goods.stock.short_value / 100,
            "oversold": goods.stock.oversold,
        }
    told["cross_category"] = {"categories_per_buyer": goods.buyer_categories, "mixed_orders": goods.mixed_orders}
    return told


_MONEY = ("refunded", "gmv", "commission", "spent", "promoted", "earned")


def _row_told(row: dict[str, object]) -> dict[str, object]:
    return {name: _told(name, value, row) for name, value in row.items()}


def _told(name: str, value: object, row: dict[str, object]) -> object:
    if isinstance(value, int) and (name in _MONEY or (name == "refunds" and "gmv" in row)):
        return value / 100
    return value.isoformat() if hasattr(value, "isoformat") else value
