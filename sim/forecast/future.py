"""One future: what customers of a store buy after its last day, if they go on as they did, and who comes anew.

A customer is still one with the probability that BG/NBD gives; then her rate and her habit of leaving have the
posteriors Gamma(r + x, alpha + T) and Beta(a, b + x) (Fader, Hardie & Lee 2005), and the scale of what she spends
Gamma(q + p x, v + x m) after x purchases of mean m (Fader & Hardie 2013). Newcomers come as they did lately, and are as
the models say of anybody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.forecast.customers import RECENT, Customers
from sim.forecast.luck import Luck, drawn
from sim.history.bgnbd import BgNbd
from sim.history.gammagamma import GammaGamma

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Future:
    """Purchases after the end, (purchases,), by person and time.

    Attributes:
        person: number among the customers, newcomers after them. week: weeks after the end, a fraction. fen: paid.
        arrived: weeks after the end at which each newcomer first buys, (newcomers,).
    """

    person: Integers
    week: Floats
    fen: Integers
    arrived: Floats

    def by_week(self, weeks: int) -> tuple[Integers, Integers]:
        """Purchases and fen in each week."""
        number = self.week.astype(np.int64)
        return np.bincount(number, minlength=weeks), np.bincount(number, self.fen, weeks).astype(np.int64)


def future_of(customers: Customers, weeks: int, seed: int, future: int, off: float = 0.0) -> Future:
    """A future by its number: of one seed they have luck of their own, under all plans the same.

    Args:
        off: standard deviation of the logarithm of a factor on all rates: how far the model itself may be off.
    """
    buying, spending = customers.models(seed, future)
    count = len(customers.member)
    arrived = arrivals(customers.newcomers, weeks, seed, future)
    person = np.arange(count + len(arrived))
    x, t_x, T = (np.append(one, np.zeros(len(arrived))) for one in (customers.x, customers.t_x, customers.T))
    begin = np.append(np.zeros(count), arrived)
    stays = np.append(drawn(seed, Luck.alive, future, person[:count]) < buying.alive(x, t_x, T)[:count], arrived >= 0)
    factor = float(np.exp(off * special.ndtri(drawn(seed, Luck.off, future, np.zeros(1, np.int64))[0])))
    who, when, ordinal = _purchases(
        buying, factor, person[stays], x[stays], T[stays], begin[stays], weeks, seed, future
    )
    new = person[count:]
    who, when = np.append(new, who), np.append(arrived, when)
    ordinal = np.append(np.zeros(len(new), np.int64), ordinal)
    scale = _scale(spending, np.append(customers.x, np.zeros(len(arrived))), np.append(customers.spend, 0 * arrived))
    level = special.gammaincinv(scale[0], drawn(seed, Luck.level, future, person)) / scale[1]
    spent = special.gammaincinv(spending.p, drawn(seed, Luck.spend, future, who, ordinal)) / level[who]
    order = np.lexsort((ordinal, who))
    return Future(who[order], when[order], np.rint(100 * spent[order]).astype(np.int64), arrived)


def arrivals(lately: int, weeks: int, seed: int, future: int) -> Floats:
    """Weeks after the end at which newcomers first buy: a Poisson process, whose rate is known from `RECENT` weeks."""
    nobody = np.zeros(1, np.int64)
    if not lately:
        return np.zeros(0)
    rate = float(special.gammaincinv(lately + 0.5, drawn(seed, Luck.arrivals, future, nobody))[0]) / RECENT
    most = int(rate * weeks + 10 * np.sqrt(rate * weeks) + 20)
    times = np.cumsum(-np.log(drawn(seed, Luck.arrival, future, np.arange(most))) / rate)
    return times[times < weeks]


def _purchases(
    model: BgNbd,
    factor: float,
    person: Integers,
    x: Floats,
    T: Floats,
    begin: Floats,
    weeks: int,
    seed: int,
    future: int,
) -> tuple[Integers, Floats, Integers]:
    """Repeat purchases of people who are customers still: who, when, and which of hers it is, from 1."""
    with np.errstate(divide="ignore"):
        rate = factor * special.gammaincinv(model.r + x, drawn(seed, Luck.rate, future, person)) / (model.alpha + T)
        leaving = special.betaincinv(model.a, model.b + x, drawn(seed, Luck.leaving, future, person))
        found: list[tuple[Integers, Floats, Integers]] = []
        at, here, ordinal = begin.copy(), np.arange(len(person)), 0
        while len(here):
            ordinal += 1
            at[here] -= np.log(drawn(seed, Luck.gap, future, person[here], ordinal)) / rate[here]
            here = here[at[here] < weeks]
            found.append((person[here], at[here], np.full(len(here), ordinal)))
            here = here[drawn(seed, Luck.leaves, future, person[here], ordinal) >= leaving[here]]
    parts = [np.concatenate(part) for part in zip(*found, strict=True)] if found else [np.zeros(0)] * 3
    return parts[0].astype(np.int64), parts[1], parts[2].astype(np.int64)


def _scale(model: GammaGamma, x: Floats, spend: Floats) -> tuple[Floats, Floats]:
    """Shape and rate of the Gamma of nu after x purchases of this mean."""
    told = np.where(spend > 0, x, 0.0)
    return model.q + model.p * told, model.v + told * spend
