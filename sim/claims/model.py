"""A claim file 说法: what somebody claims, the comparison that tests it, and the assumptions it is tested under.

`arms` are plans in a market, the baseline first; the same people with the same luck live under each. A claim is one
figure and a bound. `assumptions` change one parameter of people's behaviour, one stated reference, the size or the
length at a time: the verdict says under which of them the claim holds. What this market cannot tell stands under
`untestable`, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from rules.errors import InputError, shown
from rules.plan.validate import Problem, close_to, given_twice, one_of, read_as, validate
from rules.plan.values import Flag, Id, Section, Title, Whole
from sim.behaviour.parameters import Behaviour
from sim.claims.figures import FIGURES
from sim.scenario import Reference, as_number

SIZES = ("people", "days")
"""What an assumption can change beside behaviour and references."""

Amount = Annotated[
    float,
    BeforeValidator(as_number),
    Field(strict=False, allow_inf_nan=False, description="a number or a percentage, such as 142, -30% or 1.5"),
]
Words = Annotated[str, Field(min_length=1)]


class Arm(Section):
    """A plan; without `rewards` every rate and bonus of it is left out, which is the store before there was a plan."""

    id: Id
    title: Title
    plan: Reference
    rewards: Flag = True


class Stated(Section):
    """A reference that no simulation gives, such as what an ad costs, and whose figure it is.

    `value` is in yuan where it is money.
    """

    id: Id
    title: Title
    value: Annotated[Amount, Field(gt=0)]
    source: Words


class Claim(Section):
    """One claim: a figure of a run, how it is looked at, and the bound it is said to reach.

    `as`: `level` is the figure of `arm` itself, `change` its part above that of `against`, `per_extra_buyer` what it is
    above `against` for each buyer more. `over` divides by a reference, `times` multiplies with it. Bounds are in yuan
    where the figure is money. `reading` says how the claim's words became this figure. `arm` is the last one if left
    out, `against` the first.
    """

    id: Id
    title: Title
    reading: Title
    figure: str
    as_: Annotated[Literal["level", "change", "per_extra_buyer"], Field(alias="as")] = "change"
    arm: Id | None = None
    against: Id | None = None
    over: Id | None = None
    times: Id | None = None
    at_least: Amount | None = None
    at_most: Amount | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> Claim:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("a claim has one bound: at_least or at_most")
        return self

    @property
    def bound(self) -> float:
        """What is claimed."""
        return float(next(one for one in (self.at_least, self.at_most) if one is not None))

    @property
    def upward(self) -> bool:
        """Whether more than the bound is what is claimed."""
        return self.at_least is not None


class Assumption(Section):
    """What could be otherwise: a parameter of behaviour, a reference, `people` or `days`; and other values of it."""

    vary: str
    title: Title
    why: Title
    values: Annotated[list[Amount], Field(min_length=1, max_length=5)]


class Untestable(Section):
    """A claim that the market cannot put to the test, and why."""

    id: Id
    title: Title
    why: Title


class Family(Section):
    """A claim file. `goods` narrows the market to some of its categories; `people`, `days` and `replications` are small
    enough for an answer in seconds."""

    family: Id
    title: Title
    source: Title
    market: Reference
    goods: list[Id] = Field(default_factory=list, max_length=100)
    people: Annotated[Whole, Field(ge=10, le=50_000_000)]
    days: Annotated[Whole, Field(ge=1, le=3_660)]
    replications: Annotated[Whole, Field(ge=2, le=1_000)] = 4
    arms: Annotated[list[Arm], Field(min_length=1, max_length=10)]
    references: list[Stated] = Field(default_factory=list, max_length=20)
    claims: Annotated[list[Claim], Field(min_length=1, max_length=50)]
    assumptions: list[Assumption] = Field(default_factory=list, max_length=30)
    untestable: list[Untestable] = Field(default_factory=list, max_length=20)

    def arm_of(self, claim: Claim) -> str:
        """The arm a claim is about."""
        return claim.arm or self.arms[-1].id

    def against_of(self, claim: Claim) -> str:
        """The arm it is compared with."""
        return claim.against or self.arms[0].id

    def reference(self, name: str) -> Stated:
        """The reference of an id."""
        return next(one for one in self.references if one.id == name)


def read_family(text: str, name: str) -> Family:
    """The claim file in a text, see `read_as`. Names of market, goods and plans are not looked up here."""
    return read_as(Family, text, name, lambda family: chain(_ids(family), _claims(family), _assumptions(family)))


def _ids(family: Family) -> Iterator[Problem]:
    yield from given_twice(("arms",), [one.id for one in family.arms])
    yield from given_twice(("references",), [one.id for one in family.references])
    yield from given_twice(("claims",), [one.id for one in family.claims] + [one.id for one in family.untestable])
    for number, one in enumerate(family.references):
        if one.id in Behaviour.model_fields or one.id in SIZES:
            yield Problem(("references", number, "id"), f"{one.id!r} is what behaviour has already", "another name")


def _claims(family: Family) -> Iterator[Problem]:
    arms, references = [one.id for one in family.arms], [one.id for one in family.references]
    for number, claim in enumerate(family.claims):
        named = {"figure": (claim.figure, list(FIGURES)), "arm": (claim.arm, arms), "against": (claim.against, arms)}
        named |= {"over": (claim.over, references), "times": (claim.times, references)}
        for key, (given, known) in named.items():
            if given is not None and given not in known:
                yield _unknown(("claims", number, key), given, known)
        if claim.as_ != "level" and family.arm_of(claim) == family.against_of(claim):
            yield Problem(("claims", number), f"{family.arm_of(claim)!r} is compared with itself", "two arms")


def _assumptions(family: Family) -> Iterator[Problem]:
    references = [one.id for one in family.references]
    known = [*references, *SIZES, *Behaviour.model_fields]
    for number, one in enumerate(family.assumptions):
        if one.vary not in known:
            yield _unknown(("assumptions", number, "vary"), one.vary, known)
        elif one.vary in SIZES and any(value < 10 or value != int(value) for value in one.values):
            yield Problem(("assumptions", number, "values"), "sizes are whole", "whole numbers from 10")
        elif one.vary not in references and one.vary not in SIZES:
            yield from _misfits(("assumptions", number, "values"), one)
        elif min(one.values) <= 0:
            yield Problem(("assumptions", number, "values"), f"{one.vary} is above 0", "numbers above 0")


def _misfits(path: tuple[str | int, ...], assumption: Assumption) -> Iterator[Problem]:
    """Values that the parameter of behaviour cannot have."""
    for place, value in enumerate(assumption.values):
        try:
            validate(Behaviour, {assumption.vary: value})
        except InputError as error:
            yield Problem((*path, place), error.message, error.allowed)


def _unknown(path: tuple[str | int, ...], given: str, known: list[str]) -> Problem:
    return Problem(path, f"{shown(given)} is not known here{close_to(given, known)}", one_of(known))
