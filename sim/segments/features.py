"""Behavioural features 行为特征 of members: what a store can see of them, from its book and its log.

Traits of simulated people, such as trust or zeal, are not among them: an operator does not see them either.
A feature that is undefined for a member (a mean over no orders) is nan here, and counts as average in clustering.
Amounts are yuan, parts are from 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.events import DAY
from rules.plan.values import Title
from rules.records import NEVER
from sim.experiments.metric_names import Text
from sim.segments.footprints import Footprints

if TYPE_CHECKING:
    from sim.model import StoreModel

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
MONTH = 30
"""Days; who has been a member for less counts as one of a month where something is told by the month."""
_HOUR = 3600
_SATURDAY = 2
"""1970-01-01 was a Thursday: day + 3 counts from Monday, so weekends are (day + 3) % 7 >= 5, or (day - 2) % 7 < 2."""

Unit = Literal["count", "yuan", "part", "days"]


@dataclass(frozen=True)
class Feature:
    """A feature.

    Attributes:
        name, title: what it is called. unit: what it is counted in.
        heavy: has a heavy tail: its logarithm (of 1 + value) is compared.
        kin: how many features tell the same thing between them, such as the parts of the categories.
    """

    name: str
    title: Text
    unit: Unit
    heavy: bool = False
    kin: int = 1


@dataclass(frozen=True)
class Features:
    """Features of members.

    Attributes:
        members: their numbers. of: the features. values: (members, features), nan = undefined.
    """

    members: Ids
    of: tuple[Feature, ...]
    values: Floats

    def column(self, name: str) -> Floats:
        """A feature by member."""
        found: Floats = self.values[:, [one.name for one in self.of].index(name)]
        return found


_OF_MEMBERS = (
    Feature("age", Text("入会天数", "days as a member"), "days"),
    Feature("by_friend", Text("由好友带来", "came by a friend"), "part"),
    Feature("recency", Text("距上次下单天数", "days since an order"), "days"),
    Feature("orders", Text("订单数", "orders"), "count", heavy=True),
    Feature("frequency", Text("月均订单", "orders a month"), "count", heavy=True),
    Feature("basket", Text("客单价", "average basket"), "yuan", heavy=True),
    Feature("spent", Text("净消费", "spent, net of refunds"), "yuan", heavy=True),
    Feature("gap", Text("下单间隔天数", "days between orders"), "days", heavy=True),
    Feature("pieces", Text("每单件数", "pieces an order"), "count", heavy=True),
    Feature("lines", Text("每单商品种数", "products an order"), "count", heavy=True),
    Feature("categories", Text("购买品类数", "categories bought of"), "count"),
    Feature("favourite", Text("首要品类占比", "part of the favourite category"), "part"),
    Feature("discount", Text("优惠占比", "taken off list prices"), "part"),
    Feature("promo", Text("大促下单占比", "orders on days with a discount"), "part"),
    Feature("weekend", Text("周末下单占比", "orders at weekends"), "part"),
    Feature("daytime", Text("白天下单占比", "orders from 8 to 17"), "part"),
    Feature("evening", Text("晚间下单占比", "orders from 19 to 24"), "part"),
    Feature("refund", Text("退款占比", "refunded part"), "part"),
    Feature("clicks_made", Text("月均点击链接", "links opened a month"), "count", heavy=True),
    Feature("shares", Text("月均分享", "shares a month"), "count", heavy=True),
    Feature("share_days", Text("分享天数占比", "part of days with a share"), "part"),
    Feature("streak", Text("最长连续分享天数", "most days in a row with a share"), "days", heavy=True),
    Feature("idle", Text("距上次分享天数", "days since a share"), "days"),
    Feature("clicks_per_share", Text("每次分享点击", "clicks a share"), "count", heavy=True),
    Feature("team", Text("团队人数", "team"), "count", heavy=True),
    Feature("invited", Text("邀请人数", "members brought"), "count", heavy=True),
    Feature("promoted", Text("推广订单", "promoted orders"), "count", heavy=True),
    Feature("promoted_value", Text("推广额", "promoted volume"), "yuan", heavy=True),
    Feature("income", Text("佣金收入", "commission income"), "yuan", heavy=True),
    Feature("per_share", Text("每次分享收入", "income a share"), "yuan", heavy=True),
    Feature("withdrawn", Text("已提现占比", "part of income withdrawn"), "part"),
    Feature("rank", Text("等级", "rank"), "count"),
)


@dataclass(frozen=True)
class Bought:
    """The paid orders of members, a row an order.

    Attributes:
        place: of the buyer among the members. time: second of placing. day: business day.
        goods, net, listed, cost: fen: paid for goods, less refunds, at list prices, of the goods.
        pieces, lines: in it. channel: number of its front door.
        by_category: fen paid, (orders, categories).
    """

    place: Ids
    time: Ids
    goods: Ids
    net: Ids
    listed: Ids
    cost: Ids
    pieces: Ids
    lines: Ids
    channel: Ids
    by_category: Ids

    @property
    def day(self) -> Ids:
        """Business day."""
        return self.time // DAY


def bought(book: Book, members: Ids, categories: int) -> Bought:
    """The paid orders of members."""
    orders, lines = book.rows("orders"), book.rows("lines")
    place = np.full(len(book.members), -1)
    place[members] = np.arange(len(members))
    orders = orders[(orders["paid_at"] != NEVER) & (place[orders["buyer"]] >= 0)]
    count = orders["lines"].astype(np.int64)
    of = np.repeat(np.arange(len(orders)), count)
    first = np.cumsum(count) - count
    row = lines[orders["first_line"][of] + np.arange(len(of)) - first[of]]
    quantity, paid = row["quantity"].astype(np.int64), row["paid"]

    def summed(values: NDArray[Any]) -> Ids:
        return np.bincount(of, values, len(orders)).astype(np.int64)

    by_category = np.zeros((len(orders), categories), np.int64)
    np.add.at(by_category, (of, row["category"]), paid)
    goods = orders["goods"].astype(np.int64)
    return Bought(
        place[orders["buyer"]], orders["placed_at"].astype(np.int64), goods, goods - orders["refunded"],
        summed(row["price"] * quantity), summed(row["cost"] * quantity), summed(quantity), count,
        orders["channel"].astype(np.int64), by_category,
    )  # fmt: skip


def registered(book: Book) -> Ids:
    """Who is a member."""
    return np.flatnonzero(book.members["joined_at"] != NEVER)


def features_of(model: StoreModel, steps: Footprints, end: int) -> Features:
    """The features of all members of a run.

    Args:
        model: that has run. steps: its sink. end: the second at which it ended.
    """
    world, book = model.world, model.store.book
    members = registered(book)
    orders = bought(book, members, len(world.market.categories))
    promo = np.flatnonzero(world.market.discount > 0) + world.start
    titles = {one.id: one.title for one in model.conditions.catalogue.categories}
    titles |= {one.id: one.title for one in model.conditions.channels}
    by_category = _parts(orders, orders.by_category, len(members))
    columns = _standing(book, members, end) | _buying(orders, by_category, promo)
    columns["recency"] = _since(columns.pop("last_order"), end)
    columns["frequency"] = columns["orders"] * MONTH / np.maximum(columns["age"], MONTH)
    columns |= _sharing(steps, members, columns["age"], columns["income"], end)
    of = [*_OF_MEMBERS]
    for what, names, parts in (
        ("category", world.market.categories, by_category),
        ("channel", world.channels.names, _parts(orders, _doors(orders, len(world.channels.names)), len(members))),
    ):
        if len(names) > 1:
            of += [_part_of(what, name, titles.get(name), len(names)) for name in names]
            columns |= {f"{what}_{name}": parts[:, place] for place, name in enumerate(names)}
    return Features(members, tuple(of), np.column_stack([columns[one.name] for one in of]))


def _part_of(what: str, name: str, title: Title | None, kin: int) -> Feature:
    called = Text(title.zh, title.en) if title else Text(name, name)
    words = {"category": Text("消费占比", "part of spending on"), "channel": Text("下单占比", "part of orders by")}[
        what
    ]
    return Feature(f"{what}_{name}", Text(called.zh + words.zh, f"{words.en} {called.en}"), "part", kin=kin)


def _standing(book: Book, members: Ids, end: int) -> dict[str, Floats]:
    """What the book holds of each member."""
    rows = book.members[members]
    earned = np.maximum(rows["earned"], 0) / 100
    columns = {
        "age": np.maximum((end - rows["joined_at"]) / DAY, 1.0),
        "by_friend": rows["upline"] >= 0,
        "team": rows["team"],
        "invited": rows["invited"],
        "promoted": rows["promoted_orders"],
        "promoted_value": np.maximum(rows["promoted"], 0) / 100,
        "income": earned,
        "withdrawn": ratio(rows["withdrawn"] / 100, earned),
        "rank": rows["rank"],
    }
    return {name: np.asarray(column, np.float64) for name, column in columns.items()}


def _buying(orders: Bought, parts: Floats, promo: Ids) -> dict[str, Floats]:
    """What the orders of each member say, with the parts of categories; `last_order` is its second, nan without one."""
    members = len(parts)

    def total(values: NDArray[Any]) -> Floats:
        return np.bincount(orders.place, values, members).astype(np.float64)

    count = total(np.ones(len(orders.place)))
    goods, hour = total(orders.goods), orders.time % DAY // _HOUR
    first, last = np.full(members, np.inf), np.full(members, -np.inf)
    np.minimum.at(first, orders.place, orders.time)
    np.maximum.at(last, orders.place, orders.time)
    last[count == 0] = first[count == 0] = np.nan
    return {
        "orders": count,
        "basket": ratio(goods / 100, count),
        "spent": total(orders.net) / 100,
        "gap": ratio(last - first, (count - 1) * DAY),
        "pieces": ratio(total(orders.pieces), count),
        "lines": ratio(total(orders.lines), count),
        "categories": (np.nan_to_num(parts) > 0).sum(axis=1).astype(np.float64),
        "favourite": parts.max(axis=1),
        "discount": ratio(total(orders.listed - orders.goods), total(orders.listed)),
        "promo": ratio(total(np.isin(orders.day, promo)), count),
        "weekend": ratio(total((orders.day - _SATURDAY) % 7 < 2), count),
        "daytime": ratio(total((hour >= 8) & (hour < 17)), count),
        "evening": ratio(total(hour >= 19), count),
        "refund": ratio(goods - total(orders.net), goods),
        "last_order": last,
    }


def _sharing(steps: Footprints, members: Ids, age: Floats, income: Floats, end: int) -> dict[str, Floats]:
    """What the log says of each member's shares and clicks."""
    shares = steps.shares[members].astype(np.float64)
    months = np.maximum(age / MONTH, 1.0)
    last = np.where(shares > 0, (steps.last_share[members] + 1) * float(DAY), np.nan)
    return {
        "clicks_made": steps.clicks_made[members] / months,
        "shares": shares / months,
        "share_days": np.minimum(steps.share_days[members] / age, 1.0),
        "streak": steps.longest[members].astype(np.float64),
        "idle": _since(last, end),
        "clicks_per_share": ratio(steps.clicks_drawn[members], shares),
        "per_share": ratio(income, shares),
    }


def _since(seconds: Floats, end: int) -> Floats:
    """Days since something happened; undefined where it never did."""
    days: Floats = np.maximum(end - seconds, 0) / DAY
    return days


def _doors(orders: Bought, count: int) -> Ids:
    """1 for the front door of each order, (orders, doors)."""
    doors: Ids = (orders.channel[:, None] == np.arange(count)).astype(np.int64)
    return doors


def _parts(orders: Bought, values: Ids, members: int) -> Floats:
    """By member, the part of each column in what her orders sum up to; nan without orders."""
    sums = np.zeros((members, values.shape[1]))
    np.add.at(sums, orders.place, values)
    return np.column_stack([ratio(column, sums.sum(axis=1)) for column in sums.T])


def ratio(above: NDArray[Any], below: NDArray[Any]) -> Floats:
    """A ratio, nan where there is nothing to divide by."""
    out = np.full(len(below), np.nan)
    np.divide(above, below, out=out, where=np.greater(below, 0))
    return out
