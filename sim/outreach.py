"""What the share kit brought, script by script; how good products are to share; and what calls on communities brought.

A product's score holds three figures against their means over all products: what is left of its price, clicks per
share, and the part of its buyers who bought it again. 100 is a product like the others; one with few shares or buyers
has no score, since it would be luck.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.jit import kernel
from rules.plan.values import Title
from sim.behaviour.communities import Headquarters
from sim.behaviour.materials import FORMATS, STYLES, Kit
from sim.market import Market
from sim.rows import order_of_line

if TYPE_CHECKING:
    from sim.model import StoreModel

MOST = 0.9
"""The part of the shares whose scripts are counted as still in use."""
LEAST = 20
"""Shares and buyers from which on a product has a score."""
Amounts = NDArray[np.int64]
Ids = NDArray[np.int32]


@dataclass(frozen=True)
class Tally:
    """What some shares brought.

    Attributes:
        shares: sent. exposures: contacts that saw them. clicks, registrations, orders: that followed at once.
    """

    shares: int = 0
    exposures: int = 0
    clicks: int = 0
    registrations: int = 0
    orders: int = 0

    def __add__(self, other: Self) -> Tally:
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def click_rate(self) -> float | None:
        """Clicks per exposure."""
        return ratio(self.clicks, self.exposures)

    @property
    def clicks_per_share(self) -> float | None:
        """How readily it spreads."""
        return ratio(self.clicks, self.shares)

    @property
    def conversion(self) -> float | None:
        """Registrations and orders per click."""
        return ratio(self.registrations + self.orders, self.clicks)


@dataclass(frozen=True)
class Script:
    """A script: its category, number in it (from 1), style and format, and what it brought."""

    category: str
    number: int
    style: str
    format: str
    tally: Tally


@dataclass(frozen=True)
class KitFigures:
    """What a share kit brought.

    Attributes:
        choose: how scripts were chosen. scripts: all of them.
        in_use: how many of them carry `MOST` of the shares of the last two weeks.
    """

    choose: str
    scripts: tuple[Script, ...]
    in_use: int

    def by(self, name: str) -> dict[str, Tally]:
        """Sums by `style`, `format` or `category`."""
        sums = {word: Tally() for word in {"style": STYLES, "format": FORMATS}.get(name, ())}
        for one in self.scripts:
            word = getattr(one, name)
            sums[word] = sums.get(word, Tally()) + one.tally
        return sums


@dataclass(frozen=True)
class Product:
    """A product, or a category of them.

    Attributes:
        id: of the product or category. margin: part of the price that is left after the goods.
        tally: of shares of it; its orders are those of people who clicked on one, whatever they ordered.
        buyers: who paid for it. again: who did so in a second order.
        score: see above; None where it is not known.
    """

    id: str
    margin: float
    tally: Tally
    buyers: int
    again: int
    score: float | None = None

    @property
    def repurchase(self) -> float | None:
        """Part of its buyers who bought it again."""
        return ratio(self.again, self.buyers)


@dataclass(frozen=True)
class CallFigures:
    """What a call brought.

    Attributes:
        day: of the run. title: of the call. provinces: by province the counts of `sim.behaviour.communities.COUNTS`.
    """

    day: int
    title: Title | None
    provinces: tuple[tuple[int, ...], ...]

    @property
    def total(self) -> tuple[int, ...]:
        """The counts of all provinces."""
        return tuple(sum(column) for column in zip(*self.provinces, strict=True))


@dataclass(frozen=True)
class Outreach:
    """All of it; None and empty where a scenario has no share kit, or no communities."""

    kit: KitFigures | None = None
    categories: tuple[Product, ...] = ()
    products: tuple[Product, ...] = ()
    calls: tuple[CallFigures, ...] = ()


NOTHING = Outreach()
"""Of a scenario that has neither."""


def outreach_of(model: StoreModel) -> Outreach:
    """What there is to say of a model that has run."""
    calls = calls_of(model.headquarters) if model.headquarters else ()
    if model.kit is None:
        return Outreach(calls=calls) if calls else NOTHING
    market, book = model.world.market, model.store.book
    return Outreach(kit_figures(model.kit, market), *products_of(model.kit, market, book), calls)


def ratio(some: float, whole: float) -> float | None:
    """A part of a whole; None of nothing."""
    return some / whole if whole else None


def kit_figures(kit: Kit, market: Market) -> KitFigures:
    """What a share kit brought."""
    each, hidden = kit.rules.scripts, kit.scripts
    scripts = tuple(
        Script(
            market.categories[number // each],
            number % each + 1,
            STYLES[hidden.style[number]],
            FORMATS[hidden.format[number]],
            Tally(*counts),
        )
        for number, counts in enumerate(kit.counts.tolist())
    )
    return KitFigures(kit.rules.choose, scripts, carriers(kit.weekly.sum(axis=0)))


def carriers(shares: Amounts) -> int:
    """How many scripts, those that were shared most, carry `MOST` of the shares."""
    most = np.cumsum(np.sort(shares)[::-1])
    return int(np.searchsorted(most, MOST * most[-1])) + 1 if most[-1] else 0


def products_of(kit: Kit, market: Market, book: Book) -> tuple[tuple[Product, ...], tuple[Product, ...]]:
    """Categories and products with their scores."""
    lines, orders = book.rows("lines"), book.rows("orders")
    order = order_of_line(book)
    paid = np.flatnonzero((orders["paid_at"] >= 0)[order])
    paid = paid[np.argsort(lines["sku"][paid].astype(np.min_scalar_type(len(market.skus))), kind="stable")]
    order, sku, buyer = order[paid], lines["sku"][paid], orders["buyer"][order[paid]]
    margins = 1 - market.cost / market.price
    found = []
    for names, group in ((market.categories, market.category), (market.skus, np.arange(len(market.skus)))):
        buyers, again = repurchases(order, buyer, group[sku], len(names), len(book.members))
        sold = np.zeros((len(names), kit.sold.shape[1]), np.int64)
        np.add.at(sold, group, kit.sold)
        margin = np.bincount(group, margins) / np.bincount(group)
        rows = zip(names, margin.tolist(), sold.tolist(), buyers.tolist(), again.tolist(), strict=True)
        found.append(scored([Product(name, left, Tally(*counts), *bought) for name, left, counts, *bought in rows]))
    categories, products = found
    return categories, products


def repurchases(order: Amounts, buyer: Ids, thing: Amounts, things: int, people: int) -> tuple[Amounts, Amounts]:
    """By thing, how many people bought it, and how many of them in more than one order.

    Args:
        order, buyer, thing: by line, lines of a thing together. things, people: how many there are.
    """
    buyers, again = np.zeros(things, np.int64), np.zeros(things, np.int64)
    count_buyers(order, buyer, thing, np.full(people, -1), np.full(people, -1), buyers, again)
    return buyers, again


@kernel
def count_buyers(
    order: Amounts, buyer: Ids, thing: Amounts, latest: Amounts, first: Amounts, buyers: Amounts, again: Amounts
) -> None:
    """Count buyers of things, and those who came back for them.

    Args:
        order, buyer, thing: by line, lines of a thing together.
        latest, first: by person, written: the thing seen last, and the first order of it; -1 once a second was counted.
        buyers, again: by thing, written.
    """
    for line in range(len(order)):
        person, what = np.int64(buyer[line]), thing[line]
        if latest[person] != what:
            latest[person], first[person] = what, order[line]
            buyers[what] += 1
        elif first[person] >= 0 and first[person] != order[line]:
            first[person] = -1
            again[what] += 1


def scored(products: Sequence[Product]) -> tuple[Product, ...]:
    """Products with their scores: the mean of three figures, each against its mean over all of them, times 100."""
    figures = [(one.margin, one.tally.clicks_per_share, one.repurchase) for one in products]
    means = [mean(column) for column in zip(*figures, strict=True)]
    enough = [min(one.tally.shares, one.buyers) >= LEAST for one in products]
    scores = [mean_of_ratios(row, means) if known else None for row, known in zip(figures, enough, strict=True)]
    return tuple(
        Product(one.id, one.margin, one.tally, one.buyers, one.again, score)
        for one, score in zip(products, scores, strict=True)
    )


def mean(values: Iterable[float | None]) -> float:
    """The mean of those that are known; 0 of none."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else 0.0


def mean_of_ratios(figures: Sequence[float | None], means: Sequence[float]) -> float | None:
    """100 x the mean of some figures, each against its own mean; None where one is not known, or nobody has any."""
    if not all(means) or any(figure is None for figure in figures):
        return None
    return 100 * mean(figure / usual for figure, usual in zip(figures, means, strict=True) if figure is not None)


def calls_of(headquarters: Headquarters) -> tuple[CallFigures, ...]:
    """What each call brought."""
    return tuple(
        CallFigures(call.day, call.title, tuple(tuple(row) for row in counts))
        for call, counts in zip(headquarters.rules.calls, headquarters.counts.tolist(), strict=True)
    )
