"""Who is in the market: fixed traits, each a pure function of (seed, person).

The crowd is heterogeneous in the ways that the literature found to matter: purchase rate Gamma and dropout Beta
(BG/NBD), mean spend inverse Gamma (Gamma-Gamma), number of contacts Pareto, share propensity and trust Beta, the
thresholds of arriving (a hazard) and of joining exponential (Sellke's construction of an epidemic: a person joins when
the pressure on her exceeds a threshold of her own). A trait rises with its uniform, so a person keeps her place in the
crowd when a parameter moves.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.parameters import Behaviour
from sim.behaviour.purposes import Decision
from sim.columns import Column
from sim.draws import draw_array, key, uniform_array
from sim.market import Channels, cumulative
from sim.quantiles import beta, gamma, inverse_gamma, lookup_array, table

PRESSURE = 1_000_000
"""A pressure to join of 1, as a whole number: adding up clicks must not depend on their order."""
WEEK = 7.0
LEAST_RATE = 1e-12
"""Purchase rates below this are this: once in three billion years."""

TRAITS: dict[str, Column] = {
    "rate": Column("f4", "orders a day at traffic 1"),
    "dropout": Column("f4", "probability after a repeat purchase"),
    "spend": Column("f8", "fen, scale of the person's orders"),
    "taste": Column("i2", "favourite category"),
    "sensitivity": Column("f4", "rise of traffic per unit of discount"),
    "degree": Column("u2", "contacts"),
    "trust": Column("f4", "0 to 1"),
    "attention": Column("f4", "trust x how readily the channel opens links"),
    "zeal": Column("f4", "daily share probability at full effort"),
    "cost": Column("f4", "fen a share"),
    "resistance": Column("i4", "pressure at which the person joins, in 1/PRESSURE"),
    "channel": Column("u1", "front door"),
}
"""What is fixed about a person."""

Floats = NDArray[np.float64]


def luck(seed: int, decision: Decision, persons: NDArray[Any]) -> Floats:
    """One uniform a person for a decision that is taken once."""
    return uniform_array(draw_array(key(seed, decision), persons))


def traits(
    seed: int, persons: NDArray[Any], given: Behaviour, categories: Floats, channels: Channels
) -> dict[str, NDArray[Any]]:
    """The traits of some persons, in the dtypes of `TRAITS`.

    Args:
        seed: of the world.
        persons: their numbers.
        given: parameters.
        categories: weights by category; favourites are distributed like them.
        channels: front doors.
    """

    def draw(decision: Decision) -> Floats:
        return luck(seed, decision, persons)

    channel = one_of(channels.weight, draw(Decision.channel))
    trust = lookup_array(beta(given.trust_a, given.trust_b), draw(Decision.trust))
    rate = lookup_array(gamma(given.r), draw(Decision.rate)) / (given.alpha * WEEK)
    columns: dict[str, NDArray[Any]] = {
        "rate": np.maximum(rate, LEAST_RATE),
        "dropout": lookup_array(beta(given.a, given.b), draw(Decision.dropout)),
        "spend": given.v * 100 * lookup_array(inverse_gamma(given.q), draw(Decision.spend)),
        "taste": one_of(categories, draw(Decision.taste)),
        "sensitivity": 2 * given.price_response * draw(Decision.sensitivity),
        "degree": degrees(given, draw(Decision.degree)),
        "trust": trust,
        "attention": trust * channels.open[channel],
        "zeal": lookup_array(beta(given.zeal_a, given.zeal_b), draw(Decision.zeal)),
        "cost": given.cost * 50 * lookup_array(gamma(2.0), draw(Decision.cost)),
        "resistance": PRESSURE * lookup_array(gamma(1.0), draw(Decision.resistance)),
        "channel": channel,
    }
    return {name: values.astype(TRAITS[name].dtype) for name, values in columns.items()}


def degrees(given: Behaviour, u: Floats) -> Floats:
    """Numbers of contacts: Pareto from the least to the most, whole."""
    return np.floor(np.minimum(lookup_array(degree_table(given), u), given.degree_most))


def degree_table(given: Behaviour) -> Floats:
    """Quantiles of the Pareto distribution of contacts, without an end."""
    least, power = given.degree_least, -1 / given.degree_shape
    return table(lambda v: least * (1 - v) ** power, lambda w: least * w**power)


def one_of(weights: Floats, u: Floats) -> NDArray[np.int64]:
    """Which of some weighted things each uniform picks."""
    return np.searchsorted(cumulative(weights)[:-1], u, side="right")


def seeds_of(seed: int, people: int, count: int) -> NDArray[np.int32]:
    """Staff and first promoters: the `count` people (at most 1 in 100) with the smallest draw, by number."""
    count = min(count, people // 100)
    words = draw_array(key(seed, Decision.seed), np.arange(people))
    return np.sort(np.argpartition(words, count)[:count] if count else np.zeros(0)).astype(np.int32)


def arrivals(seed: int, people: int, hazard: Floats) -> tuple[NDArray[np.int32], Floats]:
    """Who finds the store by herself before the end, and when: an exponential threshold of cumulative hazard each.

    Args:
        seed: of the world.
        people: size of the market.
        hazard: cumulative at the beginning of each day, and at the end of the last.

    Returns:
        Person numbers and times in days (fractional), by time.
    """
    u = luck(seed, Decision.arrival, np.arange(people))
    thresholds = lookup_array(gamma(1.0), u)
    coming = np.flatnonzero(thresholds < hazard[-1])
    coming = coming[np.argsort(thresholds[coming], kind="stable")]
    reached = thresholds[coming]
    day = np.searchsorted(hazard, reached, side="right") - 1
    within = (reached - hazard[day]) / (hazard[day + 1] - hazard[day])
    return coming.astype(np.int32), day + within
