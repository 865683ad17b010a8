"""The segments of a run: found, named, measured, and each with its offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.events import DAY
from rules.records import NEVER
from sim.experiments.metric_names import Text
from sim.segments.clustering import Clusters, cluster_members, standardised
from sim.segments.features import MONTH, Bought, Features, Ids, bought, features_of
from sim.segments.footprints import Footprints
from sim.segments.naming import Called, Reason, call_segments, profiles
from sim.segments.offers import RESPONSE, Act, Offer, Worth

if TYPE_CHECKING:
    from sim.model import StoreModel

LARGE = 75
"""Percentile of the store's orders from which on one is large."""
ENOUGH = 30
"""Acts of its own from which on a segment's figures are told by them; by fewer they would be luck."""
SET = 3
"""Pieces from which on an order is a set."""


@dataclass(frozen=True)
class Segment:
    """A segment.

    Attributes:
        name, title, reasons: what it is called, and the figures that say why. members: how many.
        gmv, commission: fen that its members paid for goods, and earned, net of what was taken back.
        means: of every feature; None = undefined for all of them.
        offer, worth: what it is offered, and what that is worth in a month.
    """

    name: str
    title: Text
    reasons: tuple[Reason, ...]
    members: int
    gmv: int
    commission: int
    means: dict[str, float | None]
    offer: Offer
    worth: Worth


@dataclass(frozen=True)
class Study:
    """The segments of a run, from the largest; `clusters.cluster` is the number of each member's."""

    features: Features
    clusters: Clusters
    segments: tuple[Segment, ...]

    @property
    def gmv(self) -> int:
        """Fen of all members."""
        return sum(one.gmv for one in self.segments)

    @property
    def commission(self) -> int:
        """Fen of all members."""
        return sum(one.commission for one in self.segments)


def study(model: StoreModel, steps: Footprints, count: int, seed: int, response: float = RESPONSE) -> Study:
    """The segments of a run that has ended.

    Args:
        model: that has run. steps: its sink. count: of segments. seed: of k-means. response: see `offers`.

    Raises:
        InputError: too few members, or scikit-learn is not installed.
    """
    end = (model.world.start + model.days) * DAY
    features = features_of(model, steps, end)
    clusters = cluster_members(features, count, seed)
    called = call_segments(
        features, profiles(standardised(features), clusters.cluster, clusters.count), clusters.cluster
    )
    measure = _Measure(model.store.book, features, len(model.world.market.categories), end, response)
    segments = [measure.segment(one, clusters.cluster == number) for number, one in enumerate(called)]
    return Study(features, clusters, tuple(segments))


class _Measure:
    """Measures segments by what their members bought and earned."""

    def __init__(self, book: Book, features: Features, categories: int, end: int, response: float) -> None:
        self.features, self.response = features, response
        self.orders = bought(book, features.members, categories)
        self.earned = book.members["earned"][features.members]
        self.goods = np.bincount(self.orders.place, self.orders.goods, len(features.members)).astype(np.int64)
        self.paid_out = int(self.earned.sum()) / max(int(self.goods.sum()), 1)
        self.acts = acts_of(self.orders, promoted_by(book, features.members), len(features.members), end)

    def segment(self, called: Called, inside: NDArray[np.bool_]) -> Segment:
        """The segment of some members."""
        gmv, commission = int(self.goods[inside].sum()), int(self.earned[inside].sum())
        return Segment(
            called.name, called.title, called.reasons, int(inside.sum()), gmv, commission,
            self._means(inside), called.offer, self._worth(called.offer, inside),
        )  # fmt: skip

    def _means(self, inside: NDArray[np.bool_]) -> dict[str, float | None]:
        found: dict[str, float | None] = {}
        for place, one in enumerate(self.features.of):
            column = self.features.values[inside, place]
            found[one.name] = None if np.isnan(column).all() else float(np.nanmean(column))
        return found

    def _worth(self, offer: Offer, inside: NDArray[np.bool_]) -> Worth:
        """What an offer is worth: by the segment's own acts of the kind, by everybody's where it has too few."""
        act = self.acts[offer.act]
        own = inside[act.place]
        if own.sum() < ENOUGH:
            own = np.ones(len(act.place), np.bool_)
        amount = float(act.goods[own].mean()) if own.any() else 0.0
        cost = float(act.cost[own].mean()) if own.any() else 0.0
        gain = amount * (1 - self.paid_out) - cost
        return Worth(
            int(inside.sum()), float(act.lately[inside].mean()), amount, gain, offer.part * amount, self.response
        )


@dataclass(frozen=True)
class Acts:
    """Orders of a kind.

    Attributes:
        place: by order, of the member whose act it is. goods, cost: fen, less what was refunded.
        lately: by member, whether she has acted so in the last 30 days.
    """

    place: Ids
    goods: Ids
    cost: Ids
    lately: NDArray[np.bool_]


def acts_of(orders: Bought, promoted: Bought, members: int, end: int) -> dict[Act, Acts]:
    """The orders of each kind that an offer can ask for."""
    large = np.percentile(orders.goods, LARGE) if len(orders.goods) else 0
    return {
        "order": _acts(orders, np.ones(len(orders.goods), np.bool_), members, end),
        "large_order": _acts(orders, orders.goods >= large, members, end),
        "set_order": _acts(orders, orders.pieces >= SET, members, end),
        "promoted_order": _acts(promoted, np.ones(len(promoted.goods), np.bool_), members, end),
        "large_promoted_order": _acts(promoted, promoted.goods >= large, members, end),
    }


def _acts(orders: Bought, chosen: NDArray[np.bool_], members: int, end: int) -> Acts:
    place, goods, net = orders.place[chosen], orders.goods[chosen], orders.net[chosen]
    lately = np.zeros(members, np.bool_)
    lately[place[orders.time[chosen] >= end - MONTH * DAY]] = True
    kept = np.divide(net, goods, out=np.ones(len(goods)), where=goods > 0)
    return Acts(place, net, (orders.cost[chosen] * kept).astype(np.int64), lately)


def promoted_by(book: Book, members: Ids) -> Bought:
    """The paid orders that members promoted, at the place of the promoter at level 1."""
    everybody = bought(book, np.arange(len(book.members)), int(book.rows("lines")["category"].max(initial=0)) + 1)
    orders = book.rows("orders")
    promoter = orders["chain"][orders["paid_at"] != NEVER, 0]
    place = np.full(len(book.members), -1)
    place[members] = np.arange(len(members))
    chosen = (promoter >= 0) & (place[promoter] >= 0)
    columns = {name: column[chosen] for name, column in vars(everybody).items()}
    return Bought(**columns | {"place": place[promoter[chosen]]})
