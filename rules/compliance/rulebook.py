"""Rulebooks 规则手册: named, dated, cited limits that a plan is checked against. Data, never a verdict.

What a rule measures:

| measure | limit | what is compared with it |
| --- | --- | --- |
| `levels` | a number | how many levels of uplines can be paid on one order |
| `paid_persons` | a number | how many persons can be paid on one order |
| `tree_people` | a number | people of a tree of three levels or more, organiser included; broken *at* the limit |
| `order_ratio` | a rate | all entries of an order, bonuses included, ÷ its goods paid without freight |
| `own_sales_ratio` | a rate | what a person earned in a month ÷ goods of the month attributed to them at level 1 |
| `inside_share` | a rate | of the sales of a month that earned commission, what participants bought themselves |
| `team_share` | a rate | team components of a period ÷ all commission of the period, over all payees |
| `team_pay` | yuan | what anybody can earn in a period from components computed on a team's volume |
| `recruit_pay` | yuan | what anybody can get, in all, for recruiting without a sale |

Team components are `commission.team` and whatever else is computed from the volume of a direct team or a
downline; base commission of levels 2 and 3 is counted by `levels`, not here. A plan breaks a rule when its
worst case is above the limit; `on_breach` says whether that is a failure or a question for a lawyer.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, ValidationInfo, WithJsonSchema, field_validator, model_validator

from rules.errors import shown
from rules.plan.validate import Problem, refusal, validate
from rules.plan.values import Day, Flag, Id, Section, Title, as_rate, as_yuan
from rules.plan.yaml import read_yaml

Measure = Literal[
    "levels",
    "paid_persons",
    "order_ratio",
    "team_share",
    "team_pay",
    "recruit_pay",
    "own_sales_ratio",
    "tree_people",
    "inside_share",
]
MEASURES: tuple[str, ...] = get_args(Measure)
OnBreach = Literal["fail", "lawyer"]
Kind = Literal["law", "platform", "house"]

COUNTS: tuple[Measure, ...] = ("levels", "paid_persons", "tree_people")
"""Measures whose limit is a whole number."""
AMOUNTS: tuple[Measure, ...] = ("team_pay", "recruit_pay")
"""Measures whose limit is money. All others are rates."""

_LIMIT = (
    "a whole number for levels, paid_persons and tree_people, a rate such as 30% for order_ratio, team_share, "
    "own_sales_ratio and inside_share, yuan for team_pay and recruit_pay"
)


class Rule(Section):
    """One rule of a rulebook.

    `limit` is held in the unit of its measure: a number, parts per million, or fen. `kind` says whose rule it
    is (the law's, a platform's, the house's own), `verified` whether the text of the source was read and says
    exactly this. `from_` and `to` are the first and last day the rule is in force. `applies_to` names what
    it is about, such as a channel; empty is everything.
    """

    id: Id
    title: Title
    measure: Measure
    limit: Annotated[int, WithJsonSchema({"type": ["integer", "string", "number"], "description": _LIMIT})]
    from_: Annotated[Day | None, Field(alias="from")] = None
    to: Day | None = None
    source: Annotated[str, Field(min_length=1)]
    kind: Kind = "law"
    verified: Flag = False
    applies_to: list[str] = Field(default_factory=list)
    on_breach: OnBreach = "fail"

    @field_validator("limit", mode="before")
    @classmethod
    def _in_its_unit(cls, given: object, info: ValidationInfo) -> int:
        measure = info.data.get("measure")
        if measure is None:
            return 0  # the measure is refused, so the limit means nothing
        if measure in COUNTS:
            return _levels(given) if measure == "levels" else _people(given)
        return as_yuan(given) if measure in AMOUNTS else as_rate(given)

    @model_validator(mode="after")
    def _dates(self) -> Self:
        if self.from_ and self.to and self.from_ > self.to:
            raise ValueError(f"from must not be after to, got {self.from_} and {self.to}")
        return self

    def in_force(self, day: dt.date) -> bool:
        """Whether the rule binds on a day."""
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)


def _levels(given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= 100:
        raise ValueError(f"{shown(given)} is not a number of levels from 0 to 100")
    return given


def _people(given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= 1_000_000_000:
        raise ValueError(f"{shown(given)} is not a number of people")
    return given


class Rulebook(Section):
    """A named set of rules and the day on which somebody last compared them with their sources."""

    rulebook: Id
    title: Title
    checked: Day
    rules: Annotated[list[Rule], Field(min_length=1, max_length=100)]


def read_rulebook(text: str, name: str) -> Rulebook:
    """The rulebook in a file.

    Args:
        text: what the file holds.
        name: the file name that messages begin with.

    Raises:
        InputError: with line and column, what was given and what is allowed.
    """
    document = read_yaml(text, name)
    book = validate(Rulebook, document.data, document)
    ids = [rule.id for rule in book.rules]
    twice = [number for number, rule in enumerate(ids) if rule in ids[:number]]
    if twice:
        problems = [
            Problem(("rules", number, "id"), f"{ids[number]!r} is given twice", "each id once") for number in twice
        ]
        raise refusal(problems, document)
    return book
