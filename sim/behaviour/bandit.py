"""Survival of the fittest 优胜劣汰: how much each script is published, by what was clicked so far.

Thompson sampling (Thompson 1933; for clicks Chapelle & Li 2011): a script's click rate has a Beta posterior, of clicks
and exposures; a draw from each says which might be best, and what might be best is shown. The store publishes once a
week, so it shows each script as often as it comes out best among many draws: probability matching (Scott 2010, "A
modern Bayesian look at the multi-armed bandit"). What does badly soon has no weight; what is uncertain keeps some.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import special
from sim.draws import bits_array, uniform_array

DRAWS = 32
"""Draws a script and week: a script that comes out best in none of them is not published that week."""
_APART = 5.0
"""Standard deviations by which a script may lie below another and still be drawn: beyond lies one draw in a million."""

Floats = NDArray[np.float64]


def probability_best(
    clicks: NDArray[np.int64], exposures: NDArray[np.int64], luck: np.uint64, scripts: NDArray[np.int64]
) -> Floats:
    """How often each of some scripts comes out best: weights that sum to 1.

    Args:
        clicks, exposures: by script; nothing is known of one without exposures.
        luck: key of the week. scripts: their numbers; draw k of a script belongs to (week, number, k).
    """
    hits, misses = 1.0 + clicks, 1.0 + (exposures - clicks)
    rivals = contenders(hits, misses)
    u = uniform_array(bits_array(luck, scripts[rivals, None], np.arange(DRAWS)[None, :]))
    drawn = special.betaincinv(hits[rivals, None], misses[rivals, None], u)
    weights = np.zeros(len(scripts))
    weights[rivals] = np.bincount(drawn.argmax(axis=0), minlength=len(rivals)) / DRAWS
    return weights


def contenders(hits: Floats, misses: Floats) -> NDArray[np.int64]:
    """Which of some Beta posteriors can come out best at all: draws from the others would take time for nothing."""
    whole = hits + misses
    mean = hits / whole
    deviation = _APART * np.sqrt(mean * (1 - mean) / (whole + 1))
    return np.flatnonzero(mean + deviation >= (mean - deviation).max())
