"""Texts 文案 of shares: what people write, and whether the content rules let it go out.

Most people write nothing that is forbidden; now and then somebody does without a thought. The texts are the shipped
examples: who writes which kind goes by what each is meant to show, and whether it goes out by the rules alone.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from rules.events import Kind, Records
from scenarios.find import find
from sim.behaviour.purposes import Decision
from sim.behaviour.world import Ids, World
from sim.draws import bits_array, draw_array, pick_array, uniform_array
from sim.risk.content import read_content_rules, read_share_texts, review, verdict_of
from sim.risk.gate import Mask

SLIPS = 0.002
"""Part of honest shares whose text says too much."""
EXAMPLES = "examples"


class Texts:
    """Texts that are shared, each reviewed once.

    Args:
        rules: name or path of the content rules.

    Raises:
        InputError: there are no such rules, or they cannot be read.
    """

    def __init__(self, rules: str) -> None:
        self._refused, self._tame, self._bold = _reviewed(rules)

    def forbidden(self, world: World, events: Records, boasting: Ids) -> Mask:
        """Shares whose text is refused, by event.

        Args:
            world: today. events: of today. boasting: accounts that boast today.
        """
        shares = np.flatnonzero(events["kind"] == Kind.share)
        sharers, key = events["member"][shares], world.key(Decision.text, daily=True)
        bold = (uniform_array(draw_array(key, sharers)) < SLIPS) | np.isin(sharers, boasting)
        words = bits_array(key, sharers, 1)
        text = np.where(
            bold,
            self._bold[pick_array(words, len(self._bold))],
            self._tame[pick_array(words, len(self._tame))],
        )
        refused = np.zeros(len(events), np.bool_)
        refused[shares] = self._refused[text]
        return refused


@cache
def _reviewed(rules: str) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:
    """By example, whether the rules refuse it; and the numbers of those that are meant to be harmless, and bold."""
    found = read_content_rules(*find("content", rules))
    texts = read_share_texts(*find("texts", EXAMPLES)).examples
    verdicts = [verdict_of(review(one.text, found, one.category)) for one in texts]
    bold = np.array([one.expect == "refused" for one in texts])
    return np.array(verdicts) == "refused", np.flatnonzero(~bold), np.flatnonzero(bold)
