"""A scenario: what the operator does not control (people, market, seasons), and the plans that meet it.

The file format is CONTRACT's. Prices are fen once read. Parts and factors are floats: they are not money.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Self, TypeAlias

from pydantic import BeforeValidator, Field, TypeAdapter, WithJsonSchema, model_validator

from rules.errors import shown
from rules.money import PPM
from rules.plan.validate import Problem, close_to, given_twice, one_of, refusal, validate
from rules.plan.values import Day, Flag, Id, Multiplier, Rate, Section, Title, Whole, Yuan, as_multiplier, as_rate
from rules.plan.yaml import Data, Document
from sim.actors.parts import Actor
from sim.behaviour.communities import Communities
from sim.behaviour.given import block_problems, market_document
from sim.behaviour.materials import Materials
from sim.behaviour.parameters import Behaviour
from sim.behaviour.posterior import Block
from sim.behaviour.seeding import ColdStart
from sim.conditions import (
    Admission,
    AfterSales,
    Days,
    Direct,
    Name,
    Nodes,
    Shop,
    Supplier,
    Warehouse,
    Warnings,
    problems_of,
)
from sim.risk.rules import RiskRules

_PERCENT = re.compile(r"(-?[0-9]{1,9}(?:\.[0-9]{1,9})?) ?%")
_NUMBER = "a number, a percentage, or a range [low, high]"

Reference = Annotated[str, Field(min_length=1, max_length=4096, description="a shipped name, or a path")]


def _part(given: object) -> float:
    return given if isinstance(given, float) else as_rate(given) / PPM


def _factor(given: object) -> float:
    return given if isinstance(given, float) else as_multiplier(given) / PPM


Part = Annotated[float, BeforeValidator(_part), WithJsonSchema(TypeAdapter(Rate).json_schema())]
"""A part of a whole, written 8% or 0.08, held as a float from 0 to 1."""
Factor = Annotated[float, BeforeValidator(_factor), WithJsonSchema(TypeAdapter(Multiplier).json_schema())]
"""A factor, written 1.5, held as a float."""
Number: TypeAlias = int | Decimal


def as_number(given: object) -> Number:
    """A number as it is written, or a percentage; `ValueError` unless it is one."""
    if isinstance(given, str) and (found := _PERCENT.fullmatch(given)):
        return Decimal(found[1]) / 100
    if isinstance(given, bool) or not isinstance(given, int | Decimal):
        raise ValueError(f"{shown(given)} is not a number")
    return given


def _assumption(given: object) -> Number | list[Number]:
    return [as_number(one) for one in given] if isinstance(given, list | tuple) else as_number(given)


_ASSUMPTION = {"type": ["number", "string", "array"], "description": _NUMBER}
Assumption = Annotated[Any, BeforeValidator(_assumption), WithJsonSchema(_ASSUMPTION)]
"""What is assumed about a parameter of behaviour: a number, or a range [low, high] of numbers."""
_BEHAVIOUR = {
    "type": ["object", "string"],
    "additionalProperties": _ASSUMPTION,
    "description": "parameters, the file that `fenxiao calibrate --out` wrote, or {from: that file, and parameters}",
}


class Category(Section):
    """A category of goods: its part of demand, what a sale leaves, how often it comes back, and its prices.

    `prices` are those of the cheapest and the dearest of its `skus`, which lie between them; `margin` is what
    is left of a price after the goods. `stock` is the pieces of each sku; without it there is always enough. `restock`
    pieces of each arrive at every midnight. What is `direct` the supplier delivers, not a warehouse.
    """

    id: Name
    title: Title | None = None
    weight: Annotated[Factor, Field(gt=0)] = 1.0
    margin: Part
    return_rate: Part = 0.0
    prices: tuple[Yuan, Yuan]
    skus: Annotated[Whole, Field(ge=1, le=10_000)] = 1
    stock: Annotated[Whole, Field(ge=0, le=1_000_000_000)] | None = None
    restock: Annotated[Whole, Field(ge=0, le=1_000_000)] = 0
    direct: Flag = False

    @model_validator(mode="after")
    def _prices(self) -> Self:
        low, high = self.prices
        if not 0 < low <= high:
            raise ValueError("prices must be [low, high] with 0 < low <= high")
        if self.restock and self.stock is None:
            raise ValueError("restock is of no use without stock: there is always enough")
        return self


class Catalogue(Section):
    """What the store sells."""

    categories: Annotated[list[Category], Field(min_length=1, max_length=1_000)]


class Channel(Section):
    """A front door 渠道: its part of the traffic, and how its visitors differ from the average.

    `open` multiplies how often a shared link is opened, `conversion` how often a visit ends in an order;
    `steps` is the number of steps of its funnel. `also` is the part of its people who use another front door, too.
    """

    id: Name
    title: Title | None = None
    weight: Annotated[Factor, Field(gt=0)] = 1.0
    open: Factor = 1.0
    conversion: Factor = 1.0
    steps: Annotated[Whole, Field(ge=1, le=20)] = 3
    also: Part = 0.0


class CalendarDay(Section):
    """A day that differs: how much traffic (a factor), and how much off every price. Day 0 is the start."""

    day: Annotated[Whole, Field(ge=0, le=36_500)]
    name: Title | Name | None = None
    traffic: Factor = 1.0
    discount: Part = 0.0


class Returns(Section):
    """When goods come back: days after receipt in which a return is asked for, earliest and latest."""

    days: tuple[Days, Days] = (1, 7)


class Logistics(Section):
    """How long goods take: days from payment to shipping, and from shipping to the door, least and most.

    `promise` is how many days from payment to the door buyers were told: a delivery that takes longer is late.
    """

    ship: tuple[Days, Days] = (0, 2)
    deliver: tuple[Days, Days] = (1, 4)
    promise: Days = 5


class Labour(Section):
    """What a case costs that a person has to look at, in fen: a withdrawal that is reviewed, goods that come back, a
    payout that the bank sent back and that has to be reconciled, a complaint. Goods that are exchanged come
    back, too."""

    review: Yuan = 6_00
    refund: Yuan = 4_00
    failed_payout: Yuan = 15_00
    complaint: Yuan = 8_00


class Scenario(Section):
    """A whole scenario. The first of `plans` is the baseline that the others are compared with.

    `actors` are those who cheat and others with a will of their own, `risk` is what stands against cheats; without
    them nobody does, and nothing does.
    `labour` is what cases cost that a person has to look at. `materials` is the share kit, `communities` the tree of
    communities and the calls that go through it; without them there are none. `channel_duplicates` is the part of
    orders that another channel reports again. `cold_start` says who the first promoters are, and who is invited later;
    without it they are chosen by draw. `posterior` is what a file of behaviour leaves open of its values:
    comparisons draw from it.
    """

    scenario: Id
    title: Title | None = None
    plans: Annotated[list[Reference], Field(min_length=1, max_length=50)]
    people: Annotated[Whole, Field(ge=10, le=50_000_000)] = 10_000
    days: Annotated[Whole, Field(ge=1, le=3_660)] = 180
    start: Day = dt.date(2026, 1, 1)
    catalogue: Catalogue
    channels: list[Channel] = Field(default_factory=list, max_length=100)
    calendar: list[CalendarDay] = Field(default_factory=list, max_length=3_660)
    hourly: Annotated[list[Factor], Field(min_length=24, max_length=24)] | None = None
    behaviour: Annotated[dict[str, Assumption], WithJsonSchema(_BEHAVIOUR)] = Field(default_factory=dict)
    posterior: list[Block] = Field(default_factory=list, max_length=200)
    returns: Returns = Returns()
    logistics: Logistics = Logistics()
    risk: RiskRules | None = None
    labour: Labour = Labour()
    materials: Materials | None = None
    communities: Communities | None = None
    actors: list[Actor] = Field(default_factory=list, max_length=100)
    after_sales: AfterSales | None = None
    suppliers: list[Supplier] = Field(default_factory=list, max_length=1_000)
    admission: Admission = Admission()
    warehouses: list[Warehouse] = Field(default_factory=list, max_length=100)
    direct: Direct = Direct()
    stock: Warnings | None = None
    shops: list[Shop] = Field(default_factory=list, max_length=100)
    nodes: Nodes | None = None
    cold_start: ColdStart | None = None
    channel_duplicates: Part = 0.0
    rulebook: Reference = "house"


def read_scenario(text: str, name: str) -> Scenario:
    """The scenario in a file. Names of plans and of the rulebook are not looked up here.

    Args:
        text: what the file holds.
        name: the file name that messages begin with.

    Raises:
        InputError: with line and column, what was given and what is allowed.
    """
    document = market_document(text, name)
    return parse_scenario(document.data, document)


def parse_scenario(data: Data, document: Document | None = None) -> Scenario:
    """The scenario in plain data; without a document messages have no line."""
    scenario = validate(Scenario, data, document)
    if problems := [
        *_ids(scenario),
        *_calendar(scenario),
        *_ranges(scenario),
        *_start(scenario),
        *block_problems(scenario.posterior, ("posterior",)),
        *problems_of(scenario),
    ]:
        raise refusal(problems, document)
    _check_behaviour(scenario, document)
    return scenario


def _ids(scenario: Scenario) -> Iterator[Problem]:
    lists = {
        ("catalogue", "categories"): [one.id for one in scenario.catalogue.categories],
        ("channels",): [one.id for one in scenario.channels],
    }
    for path, ids in lists.items():
        yield from given_twice(path, ids)


def _calendar(scenario: Scenario) -> Iterator[Problem]:
    last = scenario.days - 1
    for number, day in enumerate(scenario.calendar):
        if day.day > last:
            yield Problem(("calendar", number, "day"), f"day {day.day} is after the last day", f"days 0 to {last}")
    for number, call in enumerate(scenario.communities.calls if scenario.communities else []):
        if call.day > last:
            path = ("communities", "calls", number, "day")
            yield Problem(path, f"day {call.day} is after the last day", f"days 0 to {last}")


def _start(scenario: Scenario) -> Iterator[Problem]:
    """Seeds are chosen in one way, and invited before the end."""
    start = scenario.cold_start
    if start and start.seeds and scenario.nodes:
        yield Problem(("cold_start", "seeds"), "`nodes` says who the first promoters are", "one of both", key=True)
    if start and start.invite and start.invite.day > scenario.days - 1:
        message = f"day {start.invite.day} is after the last day"
        yield Problem(("cold_start", "invite", "day"), message, f"days 1 to {scenario.days - 1}")


def _ranges(scenario: Scenario) -> Iterator[Problem]:
    """Ranges run from low to high, and every behaviour that is named exists."""
    for section, key in (("returns", "days"), ("logistics", "ship"), ("logistics", "deliver")):
        low, high = getattr(getattr(scenario, section), key)
        if low > high:
            yield Problem((section, key), f"[{low}, {high}] runs backwards", "[low, high]")
    known = list(Behaviour.model_fields)
    for name, given in scenario.behaviour.items():
        if name not in known:
            message = f"the key {shown(name)} is not known here{close_to(name, known)}"
            yield Problem(("behaviour", name), message, one_of(known), key=True)
        elif is_range(name, given) and given[0] > given[1]:
            yield Problem(("behaviour", name), f"{shown(given)} runs backwards", "[low, high]")


def is_range(name: str, given: Data) -> bool:
    """Whether a list is a range of a number, and not itself the value of a parameter that is a list."""
    default = Behaviour.model_fields[name].default
    return isinstance(given, list) and len(given) == 2 and not isinstance(default, list)


def _check_behaviour(scenario: Scenario, document: Document | None) -> None:
    """Both ends of every range are values that the parameter can take."""
    for end in (0, 1):
        values = {k: v[end] if is_range(k, v) else v for k, v in scenario.behaviour.items()}
        validate(Behaviour, values, document, ("behaviour",))
