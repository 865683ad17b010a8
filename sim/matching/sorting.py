"""Which cause each differing place has: each gets one, once, the first that is offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.experiments.metric_names import Text
from sim.matching.choosing import Choice

Booleans = NDArray[np.bool_]


@dataclass
class Named:
    """A cause as it becomes a group."""

    key: str
    title: Text
    choice: Choice | None = None
    said: Sequence[Text] = ()


class Sorted:
    """Which cause each differing place has; each gets one, once."""

    def __init__(self, places: int) -> None:
        self.cause = np.full(places, -1)
        self.named: list[Named] = []

    @property
    def left(self) -> Booleans:
        """The places without a cause."""
        return self.cause < 0

    def put(self, named: Named, places: Booleans) -> None:
        """Give a cause to those of these places that have none."""
        places = places & self.left
        if places.any():
            known = [number for number, one in enumerate(self.named) if one.key == named.key]
            if not known:
                self.named.append(named)
            self.cause[places] = known[0] if known else len(self.named) - 1
