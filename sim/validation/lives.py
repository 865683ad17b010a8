"""The worlds that are measured: the shipped market `three_tier` under its own plan, lived to the end."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from rules.events import EventLog, Records
from rules.plan.model import Plan
from rules.plan.read import read_plan
from scenarios.find import find
from sim.history.shipped import Past
from sim.model import StoreModel
from sim.rows import together
from sim.scenario import Scenario, read_scenario
from sim.spread.trail import Trail, trail_of

MARKET = "three_tier"
"""The shipped market that is measured."""


@cache
def market() -> Scenario:
    """The shipped market."""
    return read_scenario(*find("markets", MARKET))


@cache
def plan() -> Plan:
    """The first plan of the shipped market."""
    return read_plan(*find("plans", market().plans[0]))


def world(
    people: int,
    days: int,
    seed: int,
    behaviour: Mapping[str, object] | None = None,
    under: Plan | None = None,
    **sections: object,
) -> StoreModel:
    """A world on its first morning; `behaviour` and other `sections` of the market differ from it where given."""
    given = market().model_copy(update={"behaviour": market().behaviour | dict(behaviour or {}), **sections})
    return StoreModel(scenario=given, plan=under or plan(), people=people, days=days, seed=seed)


def logged(model: StoreModel) -> tuple[StoreModel, Records]:
    """A world lived to its end, and its events."""
    events: list[Records] = []
    model.sink = lambda accepted, _: events.append(accepted.copy())
    model.run()
    return model, together(events)


def trail(people: int, days: int, seed: int) -> Trail:
    """What the spread of a world left."""
    model = world(people, days, seed)
    opening = model.store.book.members.copy()
    model, events = logged(model)
    return trail_of(Past(MARKET, EventLog(events, model.names), model.world.start, opening))
