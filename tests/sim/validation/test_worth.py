"""Worth of customers: matched by week, and the same margins as the metrics count."""

from __future__ import annotations

import numpy as np

from rules.events import DAY
from sim.validation import lives, worth
from sim.validation.worth import WATCHED, Buyers


def test_matching_by_week():
    """Week 1: referred 10 and 20 against 10. Week 2: referred 40 against 20 and 40. Week 3: nobody came alone.

    By weeks of as many as were referred: (2 x 15 + 1 x 40) / 3 against (2 x 10 + 1 x 30) / 3.
    """
    buyers = Buyers(
        week=np.array([1, 1, 1, 2, 2, 2, 3]),
        referred=np.array([True, True, False, True, False, False, True]),
        at=np.array([180]),
        grown=np.array([[10.0], [20], [10], [40], [20], [40], [1000]]),
    )
    ours, others = worth.matched(buyers)
    assert (ours.tolist(), others.tolist()) == ([70 / 3], [50 / 3])


def test_margins_are_those_of_the_metrics():
    model = lives.world(3_000, 90, 1).run()
    flows = {name: int(column.sum()) for name, column in model.metrics.flows().items()}
    paid = model.store.book.rows("orders")["paid_at"] >= 0
    kept = int(worth.order_margins(model)[paid].sum())
    assert flows["refunds"] > 0
    assert kept == flows["gmv"] - flows["refunds"] - flows["goods_cost"]


def test_who_is_watched_and_for_how_long():
    model = lives.world(4_000, WATCHED + 60, 1).run()
    found = worth.buyers_of(model)
    book, joined = model.store.book, model.world.crowd["joined"]
    orders = book.rows("orders")
    paid = orders[orders["paid_at"] >= 0]
    values, referred = [], []
    for buyer in np.unique(paid["buyer"]):
        hers = np.flatnonzero((orders["buyer"] == buyer) & (orders["paid_at"] >= 0))
        times = orders["paid_at"][hers] - model.world.start * DAY
        if joined[buyer] > 0 and times.min() + WATCHED * DAY <= model.days * DAY:
            inside = hers[times <= times.min() + WATCHED * DAY]
            values.append(worth.order_margins(model)[inside].sum())
            referred.append(book.members["upline"][buyer] >= 0)
    assert len(values) > 50
    assert found.grown[:, -1].tolist() == values
    assert found.referred.tolist() == referred
    assert 0 < sum(referred) < len(referred)
    assert (found.week >= 0).all()
