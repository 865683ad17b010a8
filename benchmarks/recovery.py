"""Does calibration find what is known? `python -m benchmarks.recovery`

Crowds with known parameters are simulated, written as the tables of an import, and calibrated from them; a 90 %
interval should hold the truth in 84 to 95 of 100. The truth differs from crowd to crowd, over a range around what is
known of shops.

- `model`: a crowd that buys exactly as BG/NBD and Gamma-Gamma say: r, alpha, a, b, p, q, v.
- `store`: whole simulated stores (sharing, clicks, returns, baskets of several lines), exported as `run --out` leaves
  them. Where a store does not do exactly what an estimator assumes, the interval misses more often: `bias` says by how
  much the middle of the estimates is off, relative to the truth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple

import numpy as np

from benchmarks.common import Figures, command, tell
from sim.calibration.buying import buying
from sim.calibration.crowds import Crowd, tables_of
from sim.calibration.estimate import calibrated
from sim.calibration.folder import shop_of_tables
from sim.calibration.found import Found
from sim.calibration.lived import shop_of_log
from sim.history.bgnbd import BgNbd
from sim.history.gammagamma import GammaGamma
from sim.scenario import Catalogue, Category

FIGURES = {
    "model": "crowds: by parameter, in how many of 100 the 90 % interval holds the truth, of how many, and bias",
    "store": "the same in whole simulated stores, with everything switched on that hides parameters",
    "customers": "of each crowd",
    "people": "in the market of each store",
}
TRUTHS = {
    "r": (0.2, 1.2), "alpha": (3.0, 12.0), "a": (0.4, 1.5), "b": (1.5, 6.0), "p": (3.0, 9.0), "q": (2.5, 6.0),
    "v": (15.0, 80.0),
}  # fmt: skip
"""Ranges of the truth; a number of each is drawn, evenly in the logarithm."""
STORE_TRUTHS = {
    "r": (0.3, 1.2), "alpha": (3.0, 8.0), "a": (0.4, 1.2), "b": (1.5, 6.0), "second_line": (0.2, 0.6),
    "third_line": (0.2, 0.5), "loyalty": (0.3, 0.7), "first_purchase": (0.4, 0.8), "first_purchase_invited": (0.3, 0.7),
    "same_visit": (0.3, 0.7), "first_delay": (4.0, 12.0), "payment_failure": (0.02, 0.1),
    "return_unshipped": (0.1, 0.4), "return_partial": (0.2, 0.5), "impulse": (0.05, 0.15), "join": (0.4, 1.2),
    "p": (3.0, 9.0), "q": (2.5, 6.0), "v": (30.0, 80.0),
}  # fmt: skip


CATALOGUE = Catalogue(
    categories=[
        Category(id=name, weight=weight, margin=0.4, return_rate=0.1, prices=(1, 300), skus=24)
        for name, weight in (("food", 5), ("home", 3), ("toys", 2))
    ]
)  # fmt: skip
"""Every category has something cheap: else a second line is dropped where nothing fits its part of the amount."""


class Size(NamedTuple):
    """How many crowds of how many customers, how many stores of how many people and days."""

    crowds: int
    customers: int
    stores: int
    people: int
    days: int


LARGE = Size(200, 3_000, 100, 6_000, 365)
SMALL = Size(4, 800, 2, 1_000, 120)

Held = dict[str, tuple[bool, float]]
"""By parameter: whether the interval holds the truth, and value ÷ truth, less 1."""


def measure(small: bool, workers: int = 1) -> Figures:
    """Coverage by parameter."""
    size = SMALL if small else LARGE
    model, store = [], []
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for number, one in enumerate(pool.map(one_crowd, range(size.crowds), [size.customers] * size.crowds)):
            model.append(one)
            if number % 50 == 49:
                tell(f"{number + 1} crowds")
        for number, one in enumerate(pool.map(one_store, range(size.stores), [size] * size.stores)):
            store.append(one)
            if number % 20 == 19:
                tell(f"{number + 1} stores")
    return {
        "model": summed(model), "store": summed(store), "customers": size.customers, "people": size.people
    }  # fmt: skip


def one_crowd(seed: int, customers: int) -> Held:
    """What calibration makes of one crowd."""
    truth = truths(TRUTHS, seed)
    crowd = Crowd(
        BgNbd(*(truth[name] for name in ("r", "alpha", "a", "b"))),
        GammaGamma(*(truth[name] for name in ("p", "q", "v"))),
        customers,
    )
    return held(buying(shop_of_tables("crowd", **tables_of(crowd, seed))), truth)


def one_store(seed: int, size: Size) -> Held:
    """What calibration makes of one simulated store."""
    from rules.events import EventLog
    from sim.validation.lives import logged, world

    truth = truths(STORE_TRUTHS, 10_000 + seed)
    fixed = {"weekday_traffic": [1] * 7, "price_response": 0, "organic": 0.004, "step_loss": 0}
    model, events = logged(
        world(size.people, size.days, seed, fixed | truth, calendar=[], channels=[], materials=None, suppliers=[],
              warehouses=[], after_sales=None, catalogue=CATALOGUE)
    )  # fmt: skip
    return held(calibrated(shop_of_log("store", EventLog(events, model.names))).found, truth)


def truths(ranges: Mapping[str, tuple[float, float]], seed: int) -> dict[str, float]:
    """A truth: of each range a number."""
    luck = np.random.default_rng(seed)
    return {name: float(np.exp(luck.uniform(*np.log(ends)))) for name, ends in ranges.items()}


def held(found: Found, truth: Mapping[str, float]) -> Held:
    """Parameters that were found with an interval."""
    return {
        name: (low <= truth[name] <= high, float(found.values[name]) / truth[name] - 1)  # type: ignore[arg-type]
        for name, (low, high) in found.intervals.items()
        if name in truth
    }


def summed(worlds: list[Held]) -> dict[str, dict[str, float]]:
    """By parameter: percent held, of how many worlds, median relative error."""
    return {name: dict(line) for name, line in _lines(worlds)}


def _lines(worlds: list[Held]) -> Iterator[tuple[str, dict[str, float]]]:
    for name in dict.fromkeys(name for one in worlds for name in one):
        known = [one[name] for one in worlds if name in one]
        yield (
            name,
            {
                "held": round(100 * sum(inside for inside, _ in known) / len(known), 1),
                "of": len(known),
                "bias": round(float(np.median([error for _, error in known])), 4),
            },
        )


if __name__ == "__main__":
    command("recovery", measure, FIGURES)
