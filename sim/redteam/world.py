"""What cheats meet: a plan that is compiled once, goods they can buy, and what they have and may do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from rules.calendar import day_of
from rules.engine import Engine
from rules.events import DAY, Names
from rules.money import PPM
from rules.opening import Opening
from rules.plan.compile import compile_plans
from rules.plan.model import Plan
from rules.plan.yaml import Data
from rules.records import NEVER
from sim.risk.rules import RiskRules
from sim.scenario import Scenario

CLOCK = 23 * 3600
"""The time of day at which everything happens, in seconds: late enough for what settles on the day."""
OUTSIDERS = 1
"""Honest customers beside the cheats' accounts."""
REFUND_TAKES = 7
"""Days between asking for a refund and getting it that cheats can draw out, by sending goods back late."""
_DEFAULT_START = dt.date(2026, 1, 5)
"""A Monday: day 0 of a plan without a start."""


@dataclass(frozen=True)
class Good:
    """A product that cheats can buy, at any price of a piece from `low` to `high` (fen); `cost` is the shop's (ppm)."""

    sku: str
    category: str
    low: int
    high: int
    cost: int = 0


@dataclass(frozen=True)
class Means:
    """What cheats have, and how long they have got. Amounts are fen.

    Attributes:
        accounts: how many they can open; `account_cost` is what each costs them.
        names: how many of these have a real name and all else that withdrawals ask for; None = all.
        days: after which nothing counts that is not in their hands.
        capital: what they can lay out at a time.
        resale: what goods they keep are worth, of their price, in parts per million.
        returns: days after receipt in which goods can be sent back.
        sets: of phone, card and address that they can get, and `set_cost` what each costs them; they matter where
            a risk desk looks.
    """

    accounts: int = 10
    names: int | None = None
    days: int = 90
    capital: int = 20_000_00
    resale: int = 0
    account_cost: int = 0
    returns: int = 7
    sets: int = 10
    set_cost: int = 200_00


@dataclass
class World:
    """A plan, compiled once, in which sequences of moves are tried.

    Attributes:
        names: members are the accounts A1, A2, … and then the outsiders.
        start: the first day, unless the plan has its own; `day` counts it from 1970-01-01.
        risk: rules of the risk desk that watches; None = nobody does.
    """

    plan: Plan
    goods: list[Good]
    means: Means = Means()
    start: dt.date = _DEFAULT_START
    risk: RiskRules | None = None
    names: Names = field(init=False)
    day: int = field(init=False)

    def __post_init__(self) -> None:
        self.day = day_of(self.plan.start or self.start)
        gifts = list(self.plan.points.gifts) if self.plan.points else []
        accounts = [f"A{number}" for number in range(1, self.means.accounts + 1)]
        self.names = Names(
            members=[*accounts, *(f"customer{number}" for number in range(1, OUTSIDERS + 1))],
            skus=[good.sku for good in self.goods],
            categories=list(dict.fromkeys(good.category for good in self.goods)),
            channels=["default"],
            ranks=[rank.id for rank in self.plan.ranks],
            coupons=list(self.plan.coupons),
            gifts=gifts,
        )
        self._compiled = compile_plans([self.plan], self.names, self.day)

    @property
    def _accounts(self) -> list[str]:
        return self.names.members[: self.means.accounts]

    @property
    def first(self) -> int:
        """The moment at which everything begins."""
        return self.day * DAY + CLOCK

    def people(self) -> list[dict[str, Data]]:
        """The cheats' accounts as a case has them; only the first is registered at the beginning."""
        return [{"id": name} | self._shown(number) for number, name in enumerate(self._accounts)]

    def _shown(self, number: int) -> dict[str, Data]:
        """What an account has to show; who has asked to be a promoter has been approved."""
        named = self.means.accounts if self.means.names is None else self.means.names
        papers = ("real_name", "tax_registered", "e_signed")
        shown: dict[str, Data] = dict.fromkeys(papers, True) if number < named else {}
        shown |= {"promoter": True} if self.plan.semantics.promoter_by[0] == "appointed" else {}
        return shown if number == 0 else shown | {"registered": False}

    def open(self) -> Engine:
        """A compiled engine before the first event, with the cheats' accounts."""
        engine = Engine.with_tables(self._compiled, [self.plan], self.names, len(self.names.members))
        for number in range(self.means.accounts):
            shown = self._shown(number)
            joined_at = self.first if shown.pop("registered", True) else NEVER
            engine.enrol(number, replace(Opening(joined_at=joined_at), **shown), self.day)
        return engine


def goods_of(plan: Plan, scenario: Scenario | None) -> list[Good]:
    """What can be bought: a product of each category of the scenario, and those that the plan names.

    Without a scenario: of each category that the plan names, from 1.00 to 2,000.00.
    """
    if scenario is None:
        ranges = dict.fromkeys(_categories(plan), (1_00, 2_000_00, 0))
    else:
        of_shop = scenario.catalogue.categories
        ranges = {one.id: (*one.prices, PPM - round(one.margin * PPM)) for one in of_shop}
    goods = [Good(name, name, *bounds) for name, bounds in ranges.items()]
    for sku in _skus(plan):
        category = next((name for name in ranges if sku.rpartition("-")[0] == name), next(iter(ranges)))
        goods.append(Good(sku, category, *ranges[category]))
    return goods


def _categories(plan: Plan) -> list[str]:
    """The categories that base rates and campaigns name; `default` stands for every other."""
    levels = plan.commission.base.levels if plan.commission.base else []
    named = [name for level in levels for name in level.rates]
    named += [name for campaign in plan.campaigns for name in campaign.categories or []]
    return list(dict.fromkeys([*named, "default"]))


def _skus(plan: Plan) -> list[str]:
    levels = plan.commission.base.levels if plan.commission.base else []
    named = [sku for level in levels for sku in level.skus or {}]
    named += [sku for campaign in plan.campaigns for sku in campaign.skus or []]
    return list(dict.fromkeys(named))


def world_of(plan: Plan, market: Scenario | None, means: Means, guard: bool | None = None) -> World:
    """The plan among the goods of a market, from the market's first day unless the plan has its own.

    Args:
        guard: whether a risk desk watches; None = if the market has one.
    """
    stated = market.risk if market else None
    risk = stated or RiskRules() if guard else stated if guard is None else None
    goods = goods_of(plan, market)
    return World(plan, goods, means, risk=risk) if market is None else World(plan, goods, means, market.start, risk)


def returns_of(market: Scenario | None) -> int:
    """Days after receipt in which a market lets goods be sent back."""
    return market.returns.days[1] if market else Means.returns
