"""Behaviour that is known as a range: a number is drawn from each range in every replication, the same for all arms.

So a verdict carries how unsure we are of people, not only of dice. A draw is a function of seed and name: no other
range, no plan and no number of processes moves it. Every number of a range is taken to be as likely as any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from pydantic import ValidationError

from rules.errors import InputError
from sim.behaviour.parameters import Behaviour, settled
from sim.scenario import Scenario, is_range

Ranges = Mapping[str, tuple[float, float]]
"""Lowest and highest value by parameter."""


def ranges_of(scenario: Scenario) -> dict[str, tuple[float, float]]:
    """Parameters of behaviour that a scenario gives as a range, in its order; a range of one number is none."""
    ends = {name: given for name, given in scenario.behaviour.items() if is_range(name, given)}
    return {name: (float(low), float(high)) for name, (low, high) in ends.items() if low < high}


def values_of(ranges: Ranges, seed: int) -> dict[str, float | int]:
    """The number that each parameter has in the replication of a seed."""
    return {name: _within(name, *ends, _uniform(seed, name)) for name, ends in ranges.items()}


def drawn(scenario: Scenario, seed: int) -> Scenario:
    """The scenario with a number in the place of every range; itself where it has none."""
    ranges = ranges_of(scenario)
    if not ranges:
        return scenario
    return scenario.model_copy(update={"behaviour": scenario.behaviour | values_of(ranges, seed)})


def in_the_middle(scenario: Scenario) -> Scenario:
    """The scenario with the middle of every range in its place."""
    middles = {name: sum(ends) / 2 for name, ends in ranges_of(scenario).items()}
    return scenario.model_copy(update={"behaviour": scenario.behaviour | middles}) if middles else scenario


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
