"""Everything that a shop's data say: all estimators, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from rules.errors import InputError
from sim.behaviour.parameters import Behaviour
from sim.behaviour.posterior import Rate
from sim.calibration.baskets import Sold, baskets, sold
from sim.calibration.beginning import first_orders
from sim.calibration.buying import buying
from sim.calibration.found import Found
from sim.calibration.joining import Referral, clicking, organic, referral
from sim.calibration.returns import return_rates, returns
from sim.calibration.seasons import Seasons, seasons, weekday_traffic
from sim.calibration.shop import Shop
from sim.calibration.silent import unknown
from sim.experiments.metric_names import Text
from sim.history.fit import Fit, calibrate_purchases

Step = Callable[[str], object]
"""Takes what is begun: one of `STEPS`."""
STEPS = ("seasons", "buying", "people", "halves")


@dataclass(frozen=True)
class Calibration:
    """What was found.

    Attributes:
        fit: on the first half of the span, held against the second; None where hardly anybody came back.
        found: parameters, from the whole span. warnings: of all others, why they keep their default.
        catalogue: categories as they were sold. returned: how often each comes back, where refunds are known.
    """

    shop: Shop
    fit: Fit | None
    found: Found
    warnings: dict[str, Text]
    seasons: Seasons
    catalogue: Sequence[Sold]
    returned: dict[str, Rate]
    referral: Referral

    @property
    def start(self) -> int:
        """First day, in days since 1970-01-01."""
        return self.shop.first_day


def calibrated(
    shop: Shop, given: Behaviour | None = None, strict: bool = False, step: Step = lambda _: None
) -> Calibration:
    """What a shop's data say of its people.

    Args:
        given: what is assumed of everything else; the defaults if left out.
        strict: refuse data in which too few came back for a fit on the first half.
        step: is told what is begun, for whoever waits.

    Raises:
        InputError: they are refused.
    """
    given, found = given or Behaviour(), Found()
    step("seasons")
    when = seasons(shop, given.price_response)
    step("buying")
    found.take(buying(shop))
    step("people")
    for part in (weekday_traffic(when), baskets(shop), first_orders(shop), clicking(shop, given), returns(shop)):
        found.take(part)
    found.take(organic(shop, float(found.values.get("first_purchase", given.first_purchase))))  # type: ignore[arg-type]
    categories = sold(shop)
    step("halves")
    return Calibration(
        shop=shop,
        fit=_fit(shop, strict),
        found=found,
        warnings=unknown(set(found.values), found.missing),
        seasons=when,
        catalogue=categories,
        returned=return_rates(shop, categories),
        referral=referral(shop),
    )


def _fit(shop: Shop, strict: bool) -> Fit | None:
    try:
        with np.errstate(all="ignore"):
            fit = calibrate_purchases(shop.purchases())
    except InputError:
        if strict:
            raise
        return None
    return fit if fit.statistics["converged"] or strict else None
