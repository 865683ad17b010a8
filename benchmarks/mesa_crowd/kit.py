"""The share kit: what a share carries, whom that suits, and what is counted of it, as `sim.behaviour.materials` has it.

The scripts' and products' hidden factors, and the store's weekly choice of scripts, are taken from there: they are no
behaviour of people.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.mesa_crowd.luck import uniform
from sim.behaviour.bandit import probability_best
from sim.behaviour.materials import COUNTS, WEEK, Materials, scripts_of
from sim.behaviour.purposes import Decision

if TYPE_CHECKING:
    from benchmarks.mesa_crowd.model import MesaStore
    from benchmarks.mesa_crowd.person import Person

EXPOSURES, CLICKS = COUNTS.index("exposures"), COUNTS.index("clicks")


class Post(NamedTuple):
    """What a share carries: a product, a script and its style, and the factors on clicks and on what they lead to."""

    sku: int = -1
    script: int = -1
    style: int = -1
    appeal: float = 1.0
    pull: float = 1.0


NOTHING = Post()
"""What a share carries where there is no kit."""


class PlainKit:
    """The share kit of a store.

    Args:
        model: whose. rules: of the scenario. seed: of the hidden factors.
    """

    def __init__(self, model: MesaStore, rules: Materials, seed: int) -> None:
        self.model, self.rules = model, rules
        hidden, categories = scripts_of(rules, seed, model.town.market), len(model.town.market.categories)
        self._style: list[int] = hidden.style.tolist()
        self._appeal, self._pull = hidden.appeal.tolist(), hidden.pull.tolist()
        self._sku_appeal, self._sku_pull = hidden.sku_appeal.tolist(), hidden.sku_pull.tolist()
        self._speaks = hidden.speaks
        self.counts = [[0] * len(COUNTS) for _ in self._style]
        self.sold = [[0] * len(COUNTS) for _ in self._sku_pull]
        first = [float(place == 0) for place in range(rules.scripts)]
        weights = first if rules.choose == "fixed" else [1 / rules.scripts] * rules.scripts
        self._published = [_running(weights)] * categories

    def publish(self, day: int) -> None:
        """At the beginning of a week, show more of what was clicked more."""
        if day % WEEK or not day or self.rules.choose != "bandit":
            return
        luck, size = np.uint64(self.model.keys[Decision.bandit]), self.rules.scripts
        for category in range(len(self._published)):
            own = range(category * size, (category + 1) * size)
            clicks, exposures = (
                np.array([self.counts[script][column] for script in own]) for column in (CLICKS, EXPOSURES)
            )
            weights = probability_best(clicks, exposures, luck, np.array(own))
            self._published[category] = _running(weights.tolist())

    def post(self, sharer: Person) -> Post:
        """What somebody shares: a product, mostly of her favourite category, and a script of that category."""
        draw, keys, town = self.model.draw, self.model.keys, self.model.town
        word = draw(keys[Decision.product], sharer.unique_id)
        category = sharer.wants(word)
        shelf = town.first[category + 1] - town.first[category]
        sku = town.first[category] + ((word >> 40) * shelf >> 24)
        part = (draw(keys[Decision.script], sharer.unique_id) & ((1 << 30) - 1)) * 2.0**-30
        script = category * self.rules.scripts + bisect_right(self._published[category], part)
        appeal = (1 + 2 * self.rules.fit) * self._appeal[script] * self._sku_appeal[sku]
        return Post(sku, script, self._style[script], appeal, self._pull[script] * self._sku_pull[sku])

    def suits(self, sharer: Person, visitor: Person, k: int, post: Post) -> bool:
        """Whether a visitor who is about to click does so, given the style that speaks to her."""
        if not self.rules.fit or visitor.style == post.style:
            return True
        word = self.model.draw(self.model.draw(self.model.keys[Decision.suits], sharer.unique_id), k)
        return uniform(word) < self._speaks

    def count(self, post: Post, what: str, times: int = 1) -> None:
        """Count something of a script and of a product."""
        column = COUNTS.index(what)
        self.counts[post.script][column] += times
        self.sold[post.sku][column] += times


def _running(weights: list[float]) -> list[float]:
    return [*list(accumulate(weights))[:-1], 1.0]
