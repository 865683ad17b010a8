"""Worlds of which the benchmark of experiments compares pairs: shipped markets, and their plans with base rates raised.

A pair of worlds has common luck here (`sim.draws`: a draw is a function of seed, purpose, person, day, k), or what a
Mesa user calls the same seed: one stream of Python's generator, in which the first draw that one of both takes more
gives every later one to somebody else. The second is told by `benchmarks.mesa_crowd`, which with our draws is our world
to the byte, so that nothing but the luck differs.
"""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, cast

from benchmarks.mesa_crowd.events import CompiledBooks
from benchmarks.mesa_crowd.model import MesaStore
from rules.plan.model import Plan
from rules.plan.read import parse_plan
from rules.plan.yaml import Data, read_yaml
from scenarios.find import find
from sim.model import StoreModel
from sim.scenario import Scenario, read_scenario

BARE = {
    "scenario",
    "plans",
    "start",
    "catalogue",
    "channels",
    "calendar",
    "hourly",
    "behaviour",
    "returns",
    "logistics",
}
"""The sections of a market that `benchmarks.mesa_crowd` lives in; all others are optional."""


_NAMES = BARE | {"title", "people", "days", "rulebook"}


class World(NamedTuple):
    """One run.

    Attributes:
        market: a shipped one, with its first plan. raised: the plan's base rates are multiplied by 1 + this, percent.
        luck: common, or `stream` = one stream of Python's generator. plain: without the market's optional sections and
            limits of stock. without: without this one of them.
    """

    market: str
    raised: int
    people: int
    days: int
    seed: int
    luck: str = "common"
    plain: bool = False
    without: str = ""


class Came(NamedTuple):
    """What came of a world, in fen."""

    gmv: int
    commission: int


def live(world: World) -> Came:
    """Let a world live."""
    scenario, plan = market(world.market, world.plain, world.without), plan_of(world.market, world.raised)
    given: dict[str, Any] = {"people": world.people, "days": world.days, "seed": world.seed}
    if world.luck == "stream":
        return _streamed(MesaStore(scenario=scenario, plan=plan, books=CompiledBooks, **given))
    totals = StoreModel(scenario=scenario, plan=plan, **given).run().metrics.totals()
    return Came(int(totals["gmv"] or 0), int(totals["commission"] or 0))


def _streamed(model: MesaStore) -> Came:
    book = cast(CompiledBooks, model.run().books).engine.book
    orders, entries = book.rows("orders"), book.rows("entries")
    return Came(int(orders["goods"][orders["paid_at"] > 0].sum()), int(entries["amount"].sum()))


@cache
def market(name: str, plain: bool, without: str = "") -> Scenario:
    """A shipped market."""
    shipped = read_scenario(*find("markets", name))
    if not plain:
        return shipped.model_copy(update={without: _off(without)}) if without else shipped
    without_all = {name: _off(name) for name in Scenario.model_fields if name not in BARE}
    endless = [one.model_copy(update={"stock": None, "restock": 0}) for one in shipped.catalogue.categories]
    return shipped.model_copy(
        update=without_all | {"catalogue": shipped.catalogue.model_copy(update={"categories": endless})}
    )


def sections(name: str) -> list[str]:
    """The optional sections that a shipped market has."""
    shipped = market(name, False)
    return [one for one in Scenario.model_fields if one not in _NAMES and getattr(shipped, one) != _off(one)]


def _off(section: str) -> object:
    return Scenario.model_fields[section].get_default(call_default_factory=True)


@cache
def plan_of(name: str, raised: int) -> Plan:
    """The first plan of a shipped market with its base rates raised by so many per cent."""
    data = deepcopy(read_yaml(*find("plans", market(name, False).plans[0])).data)
    base = data["commission"]["base"]
    base["levels"] = _raised(base["levels"], 1 + Decimal(raised) / 100)
    return parse_plan(data)


def _raised(data: Data, factor: Decimal) -> Data:
    """The same with every percentage multiplied, to a hundredth of a per cent."""
    if isinstance(data, dict):
        return {name: _raised(value, factor) for name, value in data.items()}
    if isinstance(data, list):
        return [_raised(value, factor) for value in data]
    if isinstance(data, str) and data.endswith("%"):
        return f"{(Decimal(data[:-1]) * factor).quantize(Decimal('0.01')):f}%"
    return data
