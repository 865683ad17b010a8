"""Small worlds for tests: a market like that of the shipped scenarios, and the plan `three_tier`."""

from __future__ import annotations

from functools import cache

from rules.events import Records
from rules.plan.model import Plan
from rules.plan.read import read_plan
from scenarios.find import find
from sim.model import StoreModel
from sim.rows import together
from sim.scenario import Scenario, read_scenario

MARKET = """
scenario: small
plans: [three_tier]
people: 2000
days: 60
start: 2026-01-05
catalogue:
  categories:
    - {id: fmcg, weight: 0.5, margin: 35%, return_rate: 6%, prices: [9.90, 199], skus: 40}
    - {id: digital, weight: 0.2, margin: 18%, return_rate: 9%, prices: [49, 1999], skus: 30}
    - {id: cosmetics, weight: 0.3, margin: 55%, return_rate: 12%, prices: [29, 599], skus: 30}
channels:
  - {id: wechat, weight: 0.7}
  - {id: h5, weight: 0.3, open: 0.7, conversion: 0.8, steps: 4}
calendar:
  - {day: 13, name: launch, traffic: 1.5, discount: 10%}
  - {day: 44, name: festival, traffic: 2.5, discount: 20%}
"""


@cache
def scenario() -> Scenario:
    """The market of these tests."""
    return read_scenario(MARKET, "small")


@cache
def plan(name: str = "three_tier") -> Plan:
    """A shipped plan."""
    return read_plan(*find("plans", name))


def model(people: int = 2000, days: int = 60, seed: int = 1, behaviour: dict | None = None, **options) -> StoreModel:
    """A world; `behaviour` and `market` (fields of the scenario) differ from the default where given."""
    changed = {"behaviour": scenario().behaviour | (behaviour or {}), **options.pop("market", {})}
    given = scenario().model_copy(update=changed)
    options.setdefault("plan", plan())
    return StoreModel(scenario=given, people=people, days=days, seed=seed, **options)


class Log:
    """A sink that keeps the events it gets."""

    def __init__(self) -> None:
        self.groups: list[Records] = []

    def __call__(self, events: Records, entries: Records) -> None:
        self.groups.append(events)

    @property
    def events(self) -> Records:
        """All events, in order."""
        return together(self.groups)


def logged(*arguments, **options) -> tuple[StoreModel, Records]:
    """A world run to its end, and its log."""
    log = Log()
    return model(*arguments, sink=log, **options).run(), log.events
