"""Goods and people in a scenario 货与人: what of them the operator does not control, beyond the catalogue.

Each section that is left out is off: nothing of it happens, and everything else is as it would be without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Protocol, Self

from pydantic import Field, model_validator

from rules.errors import shown
from rules.money import PPM
from rules.plan.validate import Problem, given_twice, one_of
from rules.plan.values import Multiplier, Rate, Section, Title, Whole

if TYPE_CHECKING:
    from sim.scenario import Scenario

Name = Annotated[str, Field(min_length=1, max_length=64, description="a name of at most 64 characters")]
Days = Annotated[Whole, Field(ge=0, le=365)]
Span = tuple[Days, Days]
"""Days, least and most."""

USUAL_QUALITY = 900_000
"""The quality at which goods come back, and are complained of, as often as the scenario says."""


class _Spans(Section):
    """A section whose pairs run from low to high."""

    @model_validator(mode="after")
    def _rising(self) -> Self:
        for name in type(self).model_fields:
            pair = getattr(self, name)
            if isinstance(pair, tuple) and pair[0] > pair[1]:
                raise ValueError(f"{name} must be [low, high]")
        return self


class AfterSalesOf(_Spans):
    """After-sales 售后 of a category.

    `exchange` is the part of its returns that become an exchange 换货: the case is closed without refund, and goods are
    shipped again. `complaint` is how many deliveries in time, of goods of usual quality, end in a complaint 投诉 about
    the goods: `described` of them say that the goods are not as described, the others that they are bad. `refunded` of
    all complaints end in money back: a part between those of `part` of what was paid for the first line.
    """

    exchange: Rate = 200_000
    complaint: Rate = 15_000
    described: Rate = 400_000
    refunded: Rate = 300_000
    part: tuple[Rate, Rate] = (100_000, 300_000)


class AfterSales(_Spans):
    """After-sales of the store: by category, the others as `default`.

    `late` is the part of late deliveries that are complained of for that; `window` the days from the door within which
    a complaint comes. Of 2,000 British online shoppers whom Citizens Advice asked, more than half did nothing when a
    parcel was late (Sunday Post): the default, and every other figure here, is an assumption.
    """

    late: Rate = 150_000
    window: Span = (0, 10)
    default: AfterSalesOf = AfterSalesOf()
    categories: Annotated[dict[Name, AfterSalesOf], Field(max_length=1_000)] = Field(default_factory=dict)

    def of(self, category: str) -> AfterSalesOf:
        """What holds for a category."""
        return self.categories.get(category, self.default)


class Supplier(_Spans):
    """A supplier 供应商: whose goods they are.

    Several suppliers of a category take turns in its skus, from the cheapest to the dearest. `quality` is the part of
    its goods without fault: at 90 % they come back and are complained of as the scenario says, at 80 % there are twice
    as many complaints about goods, and half as many returns again. `late` is the part of its orders that leave `delay`
    days later; `price` a factor on what the shop pays for its goods.
    """

    id: Name
    title: Title | None = None
    categories: Annotated[list[Name], Field(min_length=1, max_length=1_000)]
    quality: Rate = USUAL_QUALITY
    late: Rate = 0
    delay: Span = (1, 4)
    price: Multiplier = PPM


class Admission(Section):
    """Who may sell 准入: a supplier whose rating is below `expel_below` for `months` months in a row is suspended.

    A month with fewer than `least` deliveries is not rated.
    """

    expel_below: Annotated[Whole, Field(ge=0, le=100)] = 60
    months: Annotated[Whole, Field(ge=1, le=24)] = 2
    least: Annotated[Whole, Field(ge=1, le=1_000_000)] = 20


class Warehouse(_Spans):
    """A regional warehouse 区域仓: the part of the people who live in its region, and how long goods take from it."""

    id: Name
    title: Title | None = None
    share: Annotated[Multiplier, Field(gt=0)] = PPM
    ship: Span = (0, 2)
    deliver: Span = (1, 4)


class Direct(_Spans):
    """Delivery by the supplier 供应商直发, of the categories that are `direct`: slower than from a warehouse."""

    ship: Span = (1, 4)
    deliver: Span = (2, 6)


class Warnings(Section):
    """Stock warnings 库存预警: a sku whose stock lasts for fewer than `warn_days` days at the sales of the last
    `window` days."""

    warn_days: Annotated[Whole, Field(ge=1, le=365)] = 7
    window: Annotated[Whole, Field(ge=1, le=28)] = 7


class Shop(Section):
    """One of several shops under one brand 同品牌门店, and the categories that it sells."""

    id: Name
    title: Title | None = None
    categories: Annotated[list[Name], Field(min_length=1, max_length=1_000)]


class Nodes(Section):
    """Kinds of people 节点类型: `staff` 员工 are the first promoters, `fans` 粉丝 a part of the others; the rest are
    customers.

    A fan trusts what friends share, and shares herself, more than she would otherwise: `trust` and `zeal` are factors
    on that (both end at 1).
    """

    staff: Annotated[Whole, Field(ge=0, le=10_000_000)] = 50
    fans: Rate = 20_000
    trust: Multiplier = 1_500_000
    zeal: Multiplier = 2 * PPM


class _Categories(Protocol):
    @property
    def categories(self) -> list[str]: ...


def problems_of(scenario: Scenario) -> Iterator[Problem]:
    """What does not fit together in these sections of a scenario."""
    for name in ("suppliers", "warehouses", "shops"):
        yield from given_twice((name,), [one.id for one in getattr(scenario, name)])
    known = [one.id for one in scenario.catalogue.categories]
    yield from _unknown("suppliers", scenario.suppliers, known)
    yield from _unknown("shops", scenario.shops, known)
    yield from _after_sales(scenario, known)
    if scenario.suppliers:
        yield from _without("suppliers", scenario.suppliers, known)
    if scenario.shops:
        yield from _without("shops", scenario.shops, known)
        listed = [category for shop in scenario.shops for category in shop.categories]
        if twice := sorted({one for one in listed if listed.count(one) > 1}):
            yield Problem(("shops",), f"{shown(twice[0])} is sold by two shops", "each category in one shop")
    yield from _doors(scenario)


def _unknown(section: str, things: Sequence[_Categories], known: list[str]) -> Iterator[Problem]:
    for number, thing in enumerate(things):
        for place, category in enumerate(thing.categories):
            if category not in known:
                yield Problem((section, number, "categories", place), f"no category {shown(category)}", one_of(known))


def _without(section: str, things: Sequence[_Categories], known: list[str]) -> Iterator[Problem]:
    """Whoever names some sellers names them for everything that is sold."""
    for category in known:
        if not any(category in thing.categories for thing in things):
            yield Problem((section,), f"the category {shown(category)} is nobody's", "every category in the list")


def _after_sales(scenario: Scenario, known: list[str]) -> Iterator[Problem]:
    for category in scenario.after_sales.categories if scenario.after_sales else ():
        if category not in known:
            path = ("after_sales", "categories", category)
            yield Problem(path, f"no category {shown(category)}", one_of(known), key=True)


def _doors(scenario: Scenario) -> Iterator[Problem]:
    if len(scenario.channels) > 1:
        return
    for number, channel in enumerate(scenario.channels):
        if channel.also:
            yield Problem(("channels", number, "also"), "there is no other channel", "two channels or more")
    if scenario.channel_duplicates:
        yield Problem(("channel_duplicates",), "there is no other channel", "two channels or more")
