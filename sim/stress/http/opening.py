"""Opens the store of a staging shop, as `fenxiao load` opens its own; or goes on with the one that is there."""

from __future__ import annotations

from sqlalchemy import Engine

from rules.errors import InputError
from rules.plan.model import Plan
from sim.scenario import Scenario
from sim.store.sql.connect import engine_for
from sim.store.sql.create import is_empty
from sim.store.sql.facts import StoreFacts
from sim.store.sql.opening import open_store
from sim.stress.load.stream import sold_in


def opened(url: str, scenario: Scenario, plan: Plan, people: int, days: int, seed: int) -> StoreFacts:
    """The facts of the store in a database, which is made if there is none.

    Raises:
        InputError: there is one, of another scenario, plan or size.
    """
    engine = engine_for(url)
    try:
        if is_empty(engine):
            return _made(engine, scenario, plan, people, days, seed)
        facts = StoreFacts.load(engine)
    finally:
        engine.dispose()
    if (facts.scenario, facts.plans[0], facts.people) != (scenario.scenario, plan, people):
        there = f"scenario {facts.scenario}, plan {facts.plans[0].plan}, {facts.people} people"
        raise InputError(f"the database has a shop already: {there}", allowed="the same again, or an empty database")
    return facts


def _made(engine: Engine, scenario: Scenario, plan: Plan, people: int, days: int, seed: int) -> StoreFacts:
    from sim.model import StoreModel

    model = StoreModel(scenario=scenario, plan=plan, people=people, days=days, seed=seed)
    world = model.world
    sold = sold_in(world.market, days)
    return open_store(engine, scenario.scenario, [plan], model.names, people, world.start, sold)
