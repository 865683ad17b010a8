"""Choosing among causes: the fewest settings that explain most and contradict least.

A cause is credible if it explains at least as many places as it would set apart that agree; or, where settings were
changed on a date, if it explains five or more and sets nearly nothing apart between the first and the last of them.
Among credible causes the one wins that explains most, weighed by how much of what it changes comes to agree. A cause
that explains all that the winner does, and sets no more apart, cannot be told from it on these data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from sim.matching.dials import Dial, fits
from sim.matching.trying import Effect, Trials

Booleans = NDArray[np.bool_]

_SPAN_LEAST, _SPAN_SHARE = 5, 10
_PAIRED = 20
"""Dials that are tried in pairs, those that move most."""


@dataclass(frozen=True)
class Choice:
    """A cause, and the differing places that it explains; `others` could be the cause as well."""

    effect: Effect
    places: Booleans
    others: tuple[Effect, ...] = ()


def choose(trials: Trials, dials: Sequence[Dial], left: Booleans) -> list[Choice]:
    """Causes of the differing places `left`: single dials first, then pairs of them."""
    singles = [effect for effect in (trials.effect([dial]) for dial in dials) if (effect.moves & left).any()]
    chosen = list(_greedy(trials, singles, left))
    for choice in chosen:
        left = left & ~choice.places
    if not left.any():
        return chosen
    return chosen + list(_greedy(trials, list(_pairs(trials, singles, left)), left))


def credible(trials: Trials, effect: Effect, left: Booleans) -> bool:
    """Whether an effect can be a cause of places that are left."""
    hits = int((effect.fits & left).sum())
    if hits == 0:
        return False
    if int(effect.fits.sum()) >= len(effect.broken):
        return True
    times = trials.placed[trials.grid.places.order[trials.differing[effect.fits & left]]]
    within = int(((effect.broken >= times.min()) & (effect.broken <= times.max())).sum())
    return hits >= _SPAN_LEAST and within * _SPAN_SHARE <= hits


def score(effect: Effect, left: Booleans) -> Fraction:
    """Places explained, times the share of all places touched that come to agree."""
    hits, fit = int((effect.fits & left).sum()), int(effect.fits.sum())
    return Fraction(hits * fit, max(1, fit + len(effect.broken)))


def _greedy(trials: Trials, effects: Iterable[Effect], left: Booleans) -> Iterator[Choice]:
    """The best cause of what is left, again and again."""
    effects = list(effects)
    while left.any():
        able = [one for one in effects if credible(trials, one, left)]
        if not able:
            return
        best = max(able, key=lambda one: score(one, left))
        places = best.fits & left
        others = (one for one in able if one is not best and not (places & ~one.fits).any())
        yield Choice(best, places, tuple(one for one in others if len(one.broken) <= len(best.broken)))
        left = left & ~places


def _pairs(trials: Trials, singles: Sequence[Effect], left: Booleans) -> Iterator[Effect]:
    """Effects of two dials at once, while replays may be made."""
    ranked = sorted(singles, key=lambda one: -int((one.moves & left).sum()))[:_PAIRED]
    for first, second in combinations([one for one in ranked if (one.moves & left).any()], 2):
        pair = [*first.dials, *second.dials]
        if trials.spent:
            return
        if fits(trials.world.every, pair):
            effect = trials.effect(pair)
            if (effect.fits & left).any():
                yield effect
