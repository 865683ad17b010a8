"""Mesa as this product imports it: one place for what differs between Mesa 3.3, 3.5 and 4.

Three things of Mesa 3.3.1 are routed around. `import mesa` forces the multiprocessing start method to "spawn" for the
whole process: what was set before is restored. `mesa.Agent._ids` keeps every model alive that ever held an agent: it
holds models weakly here. And agents are numbered from 1, where our people have the numbers from 0: characters of a
model come after its people.
"""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Iterator
from weakref import WeakKeyDictionary

_before = multiprocessing.get_start_method(allow_none=True)

import mesa  # noqa: E402

multiprocessing.set_start_method(_before, force=True)


class _Counters(WeakKeyDictionary[mesa.Model, Iterator[int]]):
    """Numbers of agents by model, without keeping the model alive."""

    def __getitem__(self, model: mesa.Model) -> Iterator[int]:
        if model not in self:
            self[model] = itertools.count(1)
        return super().__getitem__(model)


def number_characters_from(model: mesa.Model, first: int) -> None:
    """Give the Mesa agents of a model numbers from `first` on."""
    if hasattr(mesa.Agent, "_ids"):
        mesa.Agent._ids[model] = itertools.count(first)
    else:
        model.agent_id_counter = first


if hasattr(mesa.Agent, "_ids"):
    mesa.Agent._ids = _Counters(mesa.Agent._ids)
