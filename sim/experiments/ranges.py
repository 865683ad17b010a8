"""Behaviour that is known as a range, or from data with a posterior: drawn in every replication, the same for all arms.

So a verdict carries how unsure we are of people, not only of dice. A draw is a function of seed and name: no other
range, no plan and no number of processes moves it. Every number of a range is taken to be as likely as any other;
a posterior is drawn from as it is (`sim.behaviour.posterior`), parameters that were fitted together together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from pydantic import ValidationError

from rules.errors import InputError
from sim.behaviour.parameters import Behaviour, settled
from sim.behaviour.posterior import intervals_of, still_open
from sim.behaviour.posterior import values_of as posterior_values
from sim.scenario import Scenario, is_range

Ranges = Mapping[str, tuple[float, float]]
"""Lowest and highest value by parameter."""


def ranges_of(scenario: Scenario) -> dict[str, tuple[float, float]]:
    """Parameters of behaviour that are open, in order: given as a range (one of a single number is none), then those
    with a posterior, of which it is the middle 90 %."""
    ends = {name: given for name, given in scenario.behaviour.items() if is_range(name, given)}
    ranges = {name: (float(low), float(high)) for name, (low, high) in ends.items() if low < high}
    middle = intervals_of(scenario.posterior)
    return ranges | {name: middle[name] for name in still_open(scenario.posterior, scenario.behaviour)}


def values_of(scenario: Scenario, seed: int) -> dict[str, float | int]:
    """The number that each open parameter has in the replication of a seed."""
    known = posterior_values(scenario.posterior, seed)
    drawn_here = still_open(scenario.posterior, scenario.behaviour)
    return {
        name: known[name] if name in drawn_here else _within(name, *ends, _uniform(seed, name))
        for name, ends in ranges_of(scenario).items()
    }


def drawn(scenario: Scenario, seed: int) -> Scenario:
    """The scenario with a number in the place of everything that is open; itself where nothing is."""
    values = values_of(scenario, seed)
    return _settled(scenario, values)


def in_the_middle(scenario: Scenario) -> Scenario:
    """The scenario with the middle of every range in its place, and no posterior: its values stand."""
    return _settled(
        scenario,
        {name: sum(ends) / 2 for name, ends in ranges_of(scenario).items() if is_range(name, scenario.behaviour[name])},
    )


def _settled(scenario: Scenario, values: Mapping[str, float | int]) -> Scenario:
    if not values and not scenario.posterior:
        return scenario
    return scenario.model_copy(update={"behaviour": scenario.behaviour | dict(values), "posterior": []})


def check_ranges(scenario: Scenario, seeds: range) -> None:
    """Refuse ranges whose numbers do not go together, before anything runs.

    Raises:
        InputError: in the replication of one of `seeds` they would not.
    """
    if not ranges_of(scenario):
        return
    for seed in seeds:
        try:
            settled(drawn(scenario, seed).behaviour)
        except ValidationError as error:
            reason = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise InputError(f"ranges of `behaviour` do not go together: {reason}", allowed="other ranges") from error


def _uniform(seed: int, name: str) -> float:
    """A number in [0, 1) that depends on both and on nothing else."""
    digest = hashlib.blake2b(f"{seed} {name}".encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "little") >> 11) * 2.0**-53


def _within(name: str, low: float, high: float, u: float) -> float | int:
    if Behaviour.model_fields[name].annotation is int:
        return int(low) + int(u * (int(high) - int(low) + 1))
    return low + u * (high - low)
