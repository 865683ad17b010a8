"""The plans of the worlds, shipped ones with all of it sooner and smaller, and small trees of members to begin with."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from rules.calendar import day_of
from rules.engine import Engine
from rules.events import DAY, Kind, Names, Records
from rules.plan.compile import compile_plans
from rules.plan.compiled import Compiled
from rules.plan.model import Plan
from rules.plan.read import read_plan
from scenarios.find import find
from sim.pipeline import Desk
from sim.rows import events_of
from sim.store.asks import Result, Talk
from sim.store.pages import blank_pages
from sim.store.slices import Slices
from sim.stress.faults.luck import Luck
from sim.stress.faults.shop import Shop
from sim.stress.faults.sources import Job
from sim.stress.faults.tables import Record, Tables, empty

START_DAY = day_of(dt.date(2026, 1, 26))
"""A Monday in the last week of a month: worlds go on over its end."""
BEGIN = (START_DAY + 4) * DAY
"""When worlds begin; what is there by then is their opening."""
PLANS = ("three_tier", "three_level", "mall_three_level", "tuike_last_click", "mini_mixed", "at_creation")
"""Plans of the worlds: a ladder with month close and a streak, three levels with fee and tax, binding anew at each
click, ranks by the month, people and rates fixed when an order is placed."""
CATEGORIES = {
    "three_tier": ["fmcg", "digital"],
    "three_level": ["fmcg", "digital"],
    "mall_three_level": ["apparel", "food"],
    "tuike_last_click": ["snacks", "beauty"],
    "mini_mixed": ["cosmetics", "home"],
    "at_creation": ["fmcg", "digital"],
}
SKUS = ("hot", "plain", "dear", "cheap")
PRICES = (19_900, 4_990, 129_900, 333)
"""Fen, by sku; the last one makes fractions of a fen."""
MOST_MEMBERS = 12
OPENINGS = 4
"""Trees of members by plan."""


def world_plan(name: str) -> Plan:
    """A shipped plan as the worlds have it: holds of a day, small payouts, a reviewer for the larger ones."""
    plan = read_plan(*find("plans", "three_level" if name == "at_creation" else name))
    cycle = plan.settlement.cycle.model_copy(update={"every": "day"})
    settlement = plan.settlement.model_copy(update={"hold_days": 1, "cycle": cycle, "auto_receive_days": 2})
    withdrawal = plan.withdrawal.model_copy(update={"minimum": 100, "per_day": None, "review_over": 2_000})
    changed: dict[str, Any] = {"settlement": settlement, "withdrawal": withdrawal}
    if name == "at_creation":
        moments = {"upline_snapshot": "create", "rate_snapshot": "create", "eligible_at": "create"}
        changed["semantics"] = plan.semantics.model_copy(update=moments)
        changed["attribution"] = plan.attribution.model_copy(update={"bind_on": "first_click"})
    return plan.model_copy(update=changed)


@dataclass(frozen=True)
class Opening:
    """What is there before a world begins.

    Attributes:
        tables: of the store. records: how that came about. members: how many there can be; the last is not registered.
        orders: how many there are.
    """

    tables: Tables
    records: tuple[Record, ...]
    members: int
    orders: int


class ClientSlices(Slices):
    """The rules, for one client after the other without compiling them again."""

    def renewed(self, client: int) -> Slices:
        """The same rules for a client that begins."""
        other = copy.copy(self)
        other.client, other._latest = client, -1
        return other


class House:
    """A plan, its rules, and what its worlds begin with."""

    def __init__(self, name: str) -> None:
        self.name, self.plan = name, world_plan(name)
        self.names = Names(skus=list(SKUS), categories=CATEGORIES[name], channels=["app"])
        self._compiled: Compiled = compile_plans([self.plan], self.names, START_DAY)
        self._slices = ClientSlices([self.plan], self.names, START_DAY)
        self.sizes = self._slices.meters, self._slices.titles
        self._openings: dict[int, Opening] = {}

    def slices(self, client: int) -> Slices:
        """The rules, for one client."""
        return self._slices.renewed(client)

    def engine(self, members: int) -> Engine:
        """The ordinary engine over an empty book, for everybody at once."""
        engine = Engine.with_tables(self._compiled, [self.plan], self.names, members)
        engine.verify_everybody()
        return engine

    def opening(self, number: int) -> Opening:
        """A tree of members who have bought, been paid, and can be."""
        if number not in self._openings:
            self._openings[number] = _opened(self, Luck(self.name, "opening", number))
        return self._openings[number]


@cache
def house(name: str) -> House:
    """The house of a plan, made once."""
    return House(name)


def order_events(time: int, order: int, buyer: int, lines: list[tuple[int, int]], freight: int = 0) -> Records:
    """The rows of an order of `(sku, quantity)`."""
    skus = np.array([sku for sku, _ in lines])
    return events_of(
        Kind.order,
        np.full(len(lines), time),
        order=order,
        member=buyer,
        sku=skus,
        category=skus % 2,
        quantity=np.array([quantity for _, quantity in lines]),
        price=np.array([PRICES[sku] for sku, _ in lines]),
        freight=np.array([freight, *[0] * (len(lines) - 1)]),
        line=np.arange(1, len(lines) + 1),
        channel=0,
    )


def one_event(kind: Kind, time: int, **fields: int) -> Records:
    """An event of one row."""
    return events_of(kind, np.array([time]), **fields)


def served(shop: Shop, talk: Talk, job: Job | None, client: int = 0) -> Result:
    """See a desk through to its reply, with nobody in the way."""
    session = shop.connect(client)
    session.job, answer = job, None
    try:
        while True:
            work = shop.answer(session, talk.send(answer))
            while True:
                try:
                    key = next(work)
                except StopIteration as end:
                    answer = end.value
                    break
                if not shop.locks.take(session.transaction, key):
                    raise AssertionError(f"{key} is held, although nobody is at work")
    except StopIteration as end:
        result: Result = end.value.result
        return result
    finally:
        shop.cut(session)


def settle_all(shop: Shop, desk: Desk, time: int) -> None:
    """Let everything happen that is due by `time`, the earliest first."""
    while due := [
        (at, table, number)
        for table in ("order_due", "member_due")
        for number, at in shop.tables[table].items()
        if 0 <= at <= time
    ]:
        at, table, number = min(due)
        settle = desk.settle_order if table == "order_due" else desk.settle_member
        served(shop, settle(number, at), None)


def blank_tables(of: House, members: int) -> Tables:
    """A store of members of whom nothing is known."""
    tables = empty()
    for page in blank_pages(members, *of.sizes):
        tables["member"][page.id] = page.to_bytes()
        tables["above"][page.id], tables["member_due"][page.id] = (-1, -1), -1
        tables["wallet"][page.id] = (0, 0, 0, 0, 0)
    tables["shelf"] = {(sku, 0): 1_000 for sku in range(len(SKUS))}
    return tables


def _opened(of: House, luck: Luck) -> Opening:
    members = luck.between(6, MOST_MEMBERS)
    shop = Shop(blank_tables(of, members), of.sizes)
    desk = Desk(of.slices(0))
    time, orders = START_DAY * DAY + 36_000, 0
    for member in range(members - 1):
        above = max(0, member - luck.between(1, 3)) if member else -1
        time += 60
        if above >= 0:
            _happens(shop, desk, one_event(Kind.click, time, member=member, other=above))
        _happens(shop, desk, one_event(Kind.register, time, member=member, other=above))
        if luck.chance(0.8):
            sku = luck.pick((0, 2))
            _happens(shop, desk, order_events(time, orders, member, [(sku, luck.between(1, 2))]))
            for kind in (Kind.pay, Kind.ship, Kind.receive):
                _happens(shop, desk, one_event(kind, time, order=orders))
            orders += 1
    settle_all(shop, desk, BEGIN - 1)
    return Opening(shop.tables, tuple(shop.log.records), members, orders)


def _happens(shop: Shop, desk: Desk, events: Records) -> None:
    result = served(shop, desk.handle(events), Job(("opening", 0, 0), events))
    if result is not Result.done:
        raise AssertionError(f"{Kind(int(events['kind'][0])).name}: {result}")
