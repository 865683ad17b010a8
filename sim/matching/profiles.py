"""A whole platform as the cause: where one profile explains nearly all, what of it each place needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rules.plan.semantics import Semantics
from rules.platforms import PLATFORMS
from sim.matching.choosing import Choice, credible
from sim.matching.dials import Dial, fits, semantic
from sim.matching.trying import Effect, Trials

Booleans = NDArray[np.bool_]

_SHARE = 95
"""Percent of the places in question that a profile has to explain."""


def by_profile(trials: Trials, left: Booleans, best: int) -> list[Choice]:
    """Causes out of one platform's profile, where it explains nearly all of what is left, and more than `best`."""
    found = [effect for effect in map(trials.effect, _profiles(trials)) if _explains(trials, effect, left, best)]
    if not found:
        return []
    whole = max(found, key=lambda one: (int((one.fits & left).sum()), -len(one.dials)))
    return list(_needed(trials, whole, left & whole.fits))


def _profiles(trials: Trials) -> Iterator[list[Dial]]:
    """The dials that make the plan's semantics a platform's."""
    plans = trials.world.every
    for platform in PLATFORMS.values():
        stated = platform.sections.get("semantics", {})
        values = Semantics.model_validate(dict(stated))
        dials = semantic(plans, {name: getattr(values, name) for name in stated if name != "promoter_by"})
        if dials and fits(plans, dials):
            yield dials


def _explains(trials: Trials, effect: Effect, left: Booleans, best: int) -> bool:
    hits = int((effect.fits & left).sum())
    return hits > best and hits * 100 >= _SHARE * int(left.sum()) and credible(trials, effect, left)


def _needed(trials: Trials, whole: Effect, left: Booleans) -> Iterator[Choice]:
    """The dials that each place cannot do without; where these alone do not explain it, dials that together do."""
    without = [trials.effect([dial for dial in whole.dials if dial is not one]) for one in whole.dials]
    needs = np.stack([~effect.fits for effect in without])
    for pattern in np.unique(needs[:, left], axis=1).T[::-1]:
        places = left & (needs == pattern[:, None]).all(axis=0)
        dials = [dial for dial, wanted in zip(whole.dials, pattern, strict=True) if wanted]
        if dials and fits(trials.world.every, dials):
            effect = trials.effect(dials)
            if (effect.fits & places).any():
                yield Choice(effect, effect.fits & places)
                places = places & ~effect.fits
        if places.any():
            yield Choice(_stripped(trials, whole, places), places)


def _stripped(trials: Trials, effect: Effect, places: Booleans) -> Effect:
    """Fewer dials that still explain all of these places."""
    for dial in effect.dials:
        fewer: Sequence[Dial] = [one for one in effect.dials if one is not dial]
        if fewer and fits(trials.world.every, fewer):
            tried = trials.effect(fewer)
            if not (places & ~tried.fits).any():
                effect = tried
    return effect
