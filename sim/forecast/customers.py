"""Customers as a history leaves them: how often each bought and spent, and the models fitted to all of them.

All that one person buys in a day is one purchase, as in the models' sources (`sim.history.bgnbd`, `gammagamma`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.errors import InputError
from rules.events import DAY, EventLog, Kind
from sim.behaviour.posterior import Joint
from sim.calibration.buying import BUYING, SPENDING
from sim.history import bgnbd, gammagamma
from sim.history.bgnbd import BgNbd
from sim.history.fit import FEWEST_REPEATERS
from sim.history.gammagamma import GammaGamma
from sim.history.likelihood import Estimate
from sim.history.purchases import Purchases, recency_frequency
from sim.rows import paid_for

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
WEEK = 7
RECENT = 8
"""Weeks before the end in which people who came for the first time are counted: as many are to come."""


@dataclass(frozen=True, eq=False)
class Sales:
    """Orders that were paid, every array (orders,): who, on which day since 1970-01-01, fen for goods."""

    buyer: Integers
    day: Integers
    fen: Integers

    def until(self, end: int) -> Sales:
        """Those up to a day, with it."""
        kept = self.day <= end
        return Sales(self.buyer[kept], self.day[kept], self.fen[kept])


@dataclass(frozen=True, eq=False)
class Customers:
    """Everybody who had bought by a day, arrays (customers,), and what is known of them all.

    Attributes:
        end: the day. member: their numbers in the log. x, t_x, T: repeat purchases, weeks from the first to the last
            and to the end. spend: yuan a repeat purchase, the mean; 0 where there is none.
        buying, spending: posteriors of r, alpha, a, b and of p, q, v, without width where the data do not determine
            them. is_clear: whether they determine both. newcomers: first purchases in the last `RECENT` weeks.
    """

    end: int
    member: Integers
    x: Integers
    t_x: Floats
    T: Floats
    spend: Floats
    buying: Joint
    spending: Joint
    is_clear: bool
    newcomers: int

    def models(self, seed: int, future: int) -> tuple[BgNbd, GammaGamma]:
        """The models of a future: what is not known of their parameters is drawn."""
        luck = seed * 1_000_003 + future
        return BgNbd(**self.buying.drawn(luck, 0)), GammaGamma(**self.spending.drawn(luck, 0))


def sales_of(log: EventLog) -> Sales:
    """What was paid for in a log."""
    events = log.events
    placed, paid = events[events["kind"] == Kind.order], events[events["kind"] == Kind.pay]
    if not len(paid):
        raise InputError("no order was paid", allowed="orders with paid_at")
    count = int(max(placed["order"].max(), paid["order"].max())) + 1
    goods, buyer, day = np.zeros(count, np.int64), np.full(count, -1), np.full(count, -1)
    np.add.at(goods, placed["order"], paid_for(placed))
    buyer[placed["order"]] = placed["member"]
    day[paid["order"]] = paid["time"] // DAY
    done = (day >= 0) & (buyer >= 0)
    return Sales(buyer[done], day[done], goods[done])


def customers_of(sales: Sales, end: int) -> Customers:
    """Everybody who had bought by the end of a day.

    Raises:
        InputError: too few came back by then.
    """
    known = sales.until(end)
    members, buyer = np.unique(known.buyer, return_inverse=True)
    log = Purchases.of(buyer, known.day, np.ones(len(buyer), np.int64), np.maximum(known.fen, 0))
    found = recency_frequency(log, end)
    paying = found.paying
    if (count := int(paying.sum())) < FEWEST_REPEATERS:
        raise InputError(f"only {count} customers came back", allowed=f"at least {FEWEST_REPEATERS}")
    rate = bgnbd.fit(found.x, found.t_x, found.T)
    spend = gammagamma.fit(found.x[paying], found.spend[paying])
    member = members[np.array([int(log.ids[one]) for one in found.customer], np.int64)]
    return Customers(
        end=end,
        member=member,
        x=found.x,
        t_x=found.t_x,
        T=found.T,
        spend=found.spend,
        buying=_joint(BUYING, rate),
        spending=_joint(SPENDING, spend),
        is_clear=rate.is_clear and spend.is_clear,
        newcomers=int((found.first_day > end - RECENT * WEEK).sum()),
    )


def _joint(names: tuple[str, ...], found: Estimate[BgNbd] | Estimate[GammaGamma]) -> Joint:
    """The posterior; without width where the data do not determine it."""
    known = found.covariance if found.is_clear else np.zeros_like(found.covariance)
    return Joint(normal=list(names), at=[vars(found.model)[name] for name in names], covariance=known.tolist())
