"""A scenario as data, and back: as it stands in memory, whatever file or program it came from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rules.errors import InputError
from sim.behaviour.parameters import settled
from sim.scenario import Scenario, parse_scenario


def scenario_data(scenario: Scenario) -> dict[str, Any]:
    """A scenario for a record; numbers that are assumed of behaviour are text, so that they stay exact.

    Raises:
        InputError: a scenario that no file could state.
    """
    data = scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    data["behaviour"] = {name: _told(given) for name, given in scenario.behaviour.items()}
    again = scenario_of(data)
    if _apart(again) != _apart(scenario) or settled(again.behaviour) != settled(scenario.behaviour):
        raise InputError(f"the scenario {scenario.scenario} cannot be saved", allowed="one that a file could state")
    return data


def scenario_of(data: dict[str, Any]) -> Scenario:
    """The scenario of a record."""
    return parse_scenario(data | {"behaviour": {name: _read(given) for name, given in data["behaviour"].items()}})


def _apart(scenario: Scenario) -> Scenario:
    return scenario.model_copy(update={"behaviour": {}})


def _told(given: object) -> object:
    return [_told(one) for one in given] if isinstance(given, list | tuple) else str(given)


def _read(given: object) -> object:
    if isinstance(given, list):
        return [_read(one) for one in given]
    number = Decimal(str(given))
    return int(number) if number == int(number) else number
