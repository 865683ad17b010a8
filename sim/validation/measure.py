"""All claims, measured one after the other in this process."""

from __future__ import annotations

from collections.abc import Callable

from sim.validation import buying, rewarding, spending, spreading, worth
from sim.validation.claim import Claim
from sim.validation.sizes import Size

MEASURES: dict[str, Callable[[Size], Claim]] = {
    "buying": buying.measure,
    "spending": spending.measure,
    "cascades": spreading.measure_cascades,
    "recruitment": spreading.measure_recruitment,
    "saturation": spreading.measure_saturation,
    "worth": worth.measure,
    "reward": rewarding.measure,
}
"""By key of the claim, in the order of the page."""


def measured(size: Size, told: Callable[[str], object] = lambda key: None) -> list[Claim]:
    """Every claim; `told` hears which is next."""
    claims = []
    for key, measure in MEASURES.items():
        told(key)
        claims.append(measure(size))
    return claims
