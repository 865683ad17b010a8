"""What the log and the book say of a member, by hand."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

from rules.events import DAY, Kind, blank
from rules.records import ENTRY
from sim.segments.features import Bought, _buying, _parts, bought, features_of, registered
from sim.segments.footprints import Footprints
from sim.segments.study import acts_of, promoted_by

MONDAY = 20_458
"""2026-01-05, days since 1970-01-01."""


def day_of_log(day: int, *rows: tuple[Kind, int, int]) -> np.ndarray:
    """Events at noon: kind, member, other."""
    events = blank(len(rows))
    for event, (kind, member, other) in zip(events, rows, strict=True):
        event["time"], event["kind"], event["member"], event["other"] = day * DAY + DAY // 2, kind, member, other
    return events


def test_footprints_of_a_week():
    """Person 0 shares on Monday (twice), Tuesday (in two batches), Thursday; person 2 opens links of hers."""
    steps, none = Footprints(3), np.zeros(0, ENTRY)
    share, click = Kind.share, Kind.click
    for day, rows in (
        (0, [(share, 0, -1), (share, 0, -1), (click, 2, 0)]),
        (1, [(share, 0, -1), (click, 2, 0), (click, 1, -1)]),
        (1, [(share, 0, -1)]),
        (3, [(share, 0, -1), (share, 1, -1)]),
        (4, [(Kind.order, 1, -1)]),
    ):
        steps(day_of_log(MONDAY + day, *rows), none)
    assert steps.shares.tolist() == [5, 1, 0]
    assert steps.share_days.tolist() == [3, 1, 0]
    assert steps.longest.tolist() == [2, 1, 0]
    assert steps.last_share.tolist() == [MONDAY + 3, MONDAY + 3, -1]
    assert (steps.clicks_made.tolist(), steps.clicks_drawn.tolist()) == ([0, 1, 2], [2, 0, 0])


def test_features_of_orders_by_hand():
    """Member 0: Saturday at 10 for 60 yuan of category 0 (20 given back), two days later at 20 for 40 of category 1
    instead of 50, on a day with a discount. Member 1 never bought."""
    saturday = MONDAY + 5
    orders = Bought(
        place=np.array([0, 0]),
        time=np.array([saturday * DAY + 10 * 3600, (saturday + 2) * DAY + 20 * 3600]),
        goods=np.array([60_00, 40_00]),
        net=np.array([40_00, 40_00]),
        listed=np.array([60_00, 50_00]),
        cost=np.array([0, 0]),
        pieces=np.array([3, 1]),
        lines=np.array([2, 1]),
        channel=np.array([0, 0]),
        by_category=np.array([[60_00, 0], [0, 40_00]]),
    )
    found = _buying(orders, _parts(orders, orders.by_category, 2), promo=np.array([saturday + 2]))
    expected = {
        "orders": 2, "basket": 50, "spent": 80, "gap": 2 + 10 / 24, "pieces": 2, "lines": 1.5, "categories": 2,
        "favourite": 0.6, "discount": 10 / 110, "promo": 0.5, "weekend": 0.5, "daytime": 0.5, "evening": 0.5,
        "refund": 0.2, "last_order": (saturday + 2) * DAY + 20 * 3600,
    }  # fmt: skip
    assert {name: column[0] for name, column in found.items()} == pytest.approx(expected)
    assert {name for name, column in found.items() if not np.isnan(column[1])} == {"orders", "spent", "categories"}


@pytest.fixture(scope="module")
def lived():
    model = worlds.model(people=3000, days=40, behaviour={"organic": 0.01})
    steps = Footprints(3000)
    model.sink = steps
    return model.run(), steps


def test_features_agree_with_book_and_metrics(lived):
    model, steps = lived
    found = features_of(model, steps, (model.world.start + 40) * DAY)
    totals, rows = model.metrics.totals(), model.store.book.members[found.members]
    assert len(found.members) == totals["new_members"]
    assert found.column("orders").sum() == totals["orders"] == rows["orders"].sum()
    assert np.nansum(found.column("basket") * found.column("orders")) * 100 == pytest.approx(totals["gmv"])
    assert steps.shares.sum() == totals["shares"]
    assert steps.clicks_made.sum() == totals["clicks"]
    parts = np.column_stack([found.column(f"category_{one}") for one in model.world.market.categories])
    bought = found.column("orders") > 0
    assert parts[bought].sum(axis=1) == pytest.approx(1)
    assert np.isnan(parts[~bought]).all()


def test_acts_that_offers_ask_for(lived):
    """A large order is one of the dearest quarter; who has acted lately did so in the last 30 of 40 days."""
    model, _ = lived
    book, end = model.store.book, (model.world.start + 40) * DAY
    members = registered(book)
    own, promoted = bought(book, members, 3), promoted_by(book, members)
    acts = acts_of(own, promoted, len(members), end)
    rows = book.rows("orders")
    rows = rows[rows["paid_at"] >= 0]
    assert len(acts["order"].place) == len(rows)
    least = own.goods[np.argsort(own.goods)[len(rows) * 3 // 4 :]].min()
    assert (
        (own.goods > least).sum() <= len(rows) / 4 <= len(acts["large_order"].place) <= (own.goods >= least).sum() + 1
    )
    assert len(acts["promoted_order"].place) == (rows["chain"][:, 0] >= 0).sum()
    late = rows[rows["placed_at"] >= end - 30 * DAY]
    assert set(members[acts["order"].lately].tolist()) == set(late["buyer"].tolist())
    assert set(members[acts["promoted_order"].lately].tolist()) == set(late["chain"][:, 0].tolist()) - {-1}
    assert acts["order"].goods.sum() == (rows["goods"] - rows["refunded"]).sum()
    sets = acts["set_order"]
    assert sets.goods.sum() == own.net[own.pieces >= 3].sum()


def test_a_day_as_a_member_is_the_least(lived):
    model, steps = lived
    age = features_of(model, steps, (model.world.start + 40) * DAY).column("age")
    assert (age.min(), age.max()) == (1, 40)
