"""Reading a shop: the folder that `fenxiao import` wrote, or what `fenxiao run --out` left."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rules.errors import InputError
from sim.calibration.lived import shop_of_run
from sim.calibration.shop import Clicks, Integers, Lines, People, Shop
from sim.history.cells import ABSENT, Sheet, open_sheet, table_sheet
from sim.history.lines import read_lines
from sim.history.log import EVENTS
from sim.history.orders import cdnow_table, purchases_table
from sim.history.purchases import Purchases, shipped

_LISTED = "members"
_NAMES = ("orders", "members", "clicks", "products")


def read_shop(folder: Path, name: str = "") -> Shop:
    """The shop in a folder; without a name of its own it has the folder's.

    Raises:
        InputError: it holds neither orders nor a run, or a file of it cannot be used; with place.
    """
    if (folder / EVENTS).exists():
        return shop_of_run(folder)
    name = name or str(folder)
    sheets = {one: _sheet(folder, one) for one in _NAMES}
    orders = sheets["orders"]
    if orders is None:
        allowed = "the folder of `fenxiao import --out`, or of `fenxiao run --out`"
        raise InputError(f"there are no orders in {name}", allowed=allowed)
    return _shop(name, orders, sheets["members"], sheets["clicks"], sheets["products"])


def read_orders(path: Path) -> Shop:
    """The shop in a file of orders alone: CSV, Parquet, or a CDNOW text layout.

    Raises:
        InputError: it cannot be used; with place.
    """
    return _shop(str(path), _orders_sheet(path), None, None, None)


def shop_of_purchases(name: str, log: Purchases) -> Shop:
    """The shop in a purchase log."""
    return shop_of_tables(name, purchases_table(log))


def shipped_shop(name: str) -> Shop:
    """The shop in a public purchase log that comes with the product: `cdnow` or `cdnow_sample`.

    Raises:
        InputError: another name.
    """
    return shop_of_purchases(name, shipped(name))


def shop_of_tables(name: str, orders: pa.Table, **others: pa.Table) -> Shop:
    """The shop in tables of a program: `orders`, and perhaps `members`, `clicks`, `products`."""
    sheets = {one: table_sheet(others[one], one) if one in others else None for one in _NAMES[1:]}
    return _shop(name, table_sheet(orders, "orders"), sheets["members"], sheets["clicks"], sheets["products"])


def _sheet(folder: Path, name: str) -> Sheet | None:
    for ending in (".parquet", ".csv"):
        path = folder / f"{name}{ending}"
        if path.exists():
            return _orders_sheet(path) if name == "orders" else open_sheet(path)
    return None


def _orders_sheet(path: Path) -> Sheet:
    table = cdnow_table(path)
    return open_sheet(path) if table is None else table_sheet(table, str(path))


def _shop(name: str, orders: Sheet, members: Sheet | None, clicks: Sheet | None, products: Sheet | None) -> Shop:
    read = read_lines(orders)
    orders.refuse()
    people_words = [orders.text("member_id")]
    people_words += [sheet.text(column) for sheet, column in _people_columns(members, clicks)]
    codes, count = _codes(people_words)
    rows = np.lexsort((read.line, read.order))
    categories, category_words = orders.coded("category")
    channels, channel_words = orders.coded("channel")
    skus, _ = orders.coded("sku")
    own = np.where(read.member_price >= 0, read.member_price, read.price)
    lines = Lines(
        order=np.cumsum(np.diff(read.order[rows], prepend=-1) != 0) - 1,
        member=codes[0][rows],
        placed=read.placed[rows],
        paid=read.paid[rows],
        received=read.received[rows],
        refunded=read.refunded[rows],
        refund=read.refund[rows],
        quantity=read.quantity[rows],
        price=read.price[rows],
        paid_amount=(own * read.quantity - read.discount)[rows],
        category=categories[rows],
        sku=skus[rows],
        channel=channels[rows],
    )
    others = iter(codes[1:])
    people = _people(members, next(others), next(others), count) if members else _nobody_listed(count)
    opened = Clicks(clicks.time("clicked_at"), next(others), next(others)) if clicks else None
    return Shop(name, lines, people, category_words, channel_words, opened, _margins(products))


def _people_columns(members: Sheet | None, clicks: Sheet | None) -> list[tuple[Sheet, str]]:
    named = [(members, "member_id"), (members, "inviter_id"), (clicks, "member_id"), (clicks, "visitor_id")]
    return [(sheet, column) for sheet, column in named if sheet is not None]


def _people(members: Sheet, own: Integers, inviters: Integers, count: int) -> People:
    joined, inviter, listed = np.full(count, ABSENT), np.full(count, -1), np.zeros(count, np.bool_)
    joined[own], inviter[own] = members.time("joined_at"), inviters
    known = members.text("known_from")
    of_list = pc.fill_null(pc.equal(known, _LISTED), False).to_numpy(zero_copy_only=False)
    listed[own] = of_list if members.has("known_from") else True
    members.refuse()
    return People(joined, inviter, listed)


def _nobody_listed(count: int) -> People:
    return People(np.full(count, ABSENT), np.full(count, -1), np.zeros(count, np.bool_))


def _codes(columns: list[pa.Array]) -> tuple[list[Integers], int]:
    """Columns of names as numbers of one list, -1 where there is none; and how many names there are."""
    coded = pa.concat_arrays(columns).dictionary_encode()
    numbers: NDArray[np.int64] = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return np.split(numbers, np.cumsum([len(column) for column in columns])[:-1]), len(coded.dictionary)


def _margins(products: Sheet | None) -> dict[str, float]:
    """By category the mean part of the price that is left after the goods."""
    if products is None or not (products.has("cost") and products.has("price") and products.has("category")):
        return {}
    price, cost = products.money("price"), products.money("cost")
    codes, words = products.coded("category")
    good = (price > 0) & (cost != ABSENT) & (codes >= 0)
    left = 1 - cost[good] / price[good]
    counts = np.bincount(codes[good], minlength=len(words))
    sums = np.bincount(codes[good], left, minlength=len(words))
    return {word: float(sums[at] / counts[at]) for at, word in enumerate(words) if counts[at]}
