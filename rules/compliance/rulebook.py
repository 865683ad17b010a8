"""Rulebooks 规则手册: named, dated, cited limits that a plan is checked against. Data, never a verdict.

What a rule measures:

| measure | limit | what is compared with it |
| --- | --- | --- |
| `levels` | a number | how many levels of uplines can be paid on one order |
| `paid_persons` | a number | how many persons can be paid on one order |
| `order_ratio` | a rate | all entries of an order, bonuses included, ÷ its goods paid without freight |
| `person_ratio` | a rate | what one person gets of an order, by all its entries, ÷ its goods paid without freight |
| `refund_ratio` | a rate | what stays of an order's entries after refunds ÷ what stays of its goods |
| `self_purchase` | a rate | what comes back to the buyer and accounts of theirs above ÷ what was paid |
| `own_sales_ratio` | a rate | what somebody earns in a month ÷ orders attributed to them at level 1 in it |
| `cliff` | yuan | what one order can release on orders before it |
| `team_share` | a rate | team components of a period ÷ all commission of the period, over all payees |
| `team_pay` | yuan | what anybody can earn in a period from components computed on a team's volume |
| `recruit_pay` | yuan | what anybody can earn for bringing people, coupons included, whatever these buy |
| `entry_purchase` | yuan | what somebody has to buy before they can be paid |
| `tree_people` | a number | people of a tree of three levels or more, organiser included; broken *at* the limit |
| `inside_share` | a rate | sales to participants themselves ÷ all sales that earn commission, by month |

Team components are `commission.team` and whatever else is computed from the volume of a direct team or a
downline; base commission of levels 2 and 3 is counted by `levels`, not here. A plan breaks a rule when its
worst case is above the limit; `on_breach` says whether that is a failure or a question for a lawyer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, ValidationInfo, WithJsonSchema, field_validator, model_validator

from rules.errors import InputError, shown
from rules.money import percent, yuan
from rules.plan.validate import given_twice, read_as
from rules.plan.values import Day, Flag, Id, Section, Title, as_rate, as_yuan

Measure = Literal[
    "levels",
    "paid_persons",
    "order_ratio",
    "person_ratio",
    "refund_ratio",
    "self_purchase",
    "own_sales_ratio",
    "cliff",
    "team_share",
    "team_pay",
    "recruit_pay",
    "entry_purchase",
    "tree_people",
    "inside_share",
]
MEASURES: tuple[str, ...] = get_args(Measure)
COUNTS: tuple[Measure, ...] = ("levels", "paid_persons", "tree_people")
"""Measures whose limit is a whole number."""
AMOUNTS: tuple[Measure, ...] = ("cliff", "team_pay", "recruit_pay", "entry_purchase")
"""Measures whose limit is money. All others are rates."""

OnBreach = Literal["fail", "lawyer"]
Kind = Literal["law", "platform", "house"]

_LIMIT = "a whole number for levels and people, a rate such as 30% for ratios and shares, yuan for amounts"


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
            return _number(given, "levels from 0 to 100" if measure == "levels" else "people from 0 to 1000000")
        return as_yuan(given) if measure in AMOUNTS else as_rate(given)

    @model_validator(mode="after")
    def _dates(self) -> Self:
        if self.from_ and self.to and self.from_ > self.to:
            raise ValueError(f"from must not be after to, got {self.from_} and {self.to}")
        return self

    def in_force(self, day: dt.date) -> bool:
        """Whether the rule binds on a day."""
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)


def _number(given: object, of: str) -> int:
    """A whole number; `of` says of what, and ends with the largest."""
    most = int(of.rpartition(" ")[2])
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= most:
        raise ValueError(f"{shown(given)} is not a number of {of}")
    return given


def in_words(measure: Measure, value: int) -> str:
    """A value or a limit of a measure as people read it."""
    if measure in COUNTS:
        return str(value)
    return yuan(value) if measure in AMOUNTS else percent(value)


class Rulebook(Section):
    """A named set of rules and the day on which somebody last compared them with their sources.

    `include` names rulebooks whose rules belong to this one too.
    """

    rulebook: Id
    title: Title
    checked: Day
    include: Annotated[list[Id], Field(max_length=20)] = Field(default_factory=list)
    rules: Annotated[list[Rule], Field(max_length=100)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.rules and not self.include:
            raise ValueError("a rulebook has rules, or includes others")
        return self


def read_rulebook(text: str, name: str) -> Rulebook:
    """The rulebook in a file, see `read_as`."""
    return read_as(Rulebook, text, name, lambda book: given_twice(("rules",), [rule.id for rule in book.rules]))


def with_included(book: Rulebook, find: Callable[[str], Rulebook]) -> Rulebook:
    """A rulebook with the rules of those it includes; its day is the earliest of them all.

    Raises:
        InputError: two rules have one id, or a rulebook includes itself, through others or not.
    """
    rules, checked = list(book.rules), book.checked
    for one in _included(book, find, (book.rulebook,)):
        rules += one.rules
        checked = min(checked, one.checked)
    ids = [rule.id for rule in rules]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise InputError(f"rulebook {book.rulebook}: the rule {twice[0]!r} comes twice", allowed="each id once")
    return book.model_copy(update={"rules": rules, "checked": checked, "include": []})


def _included(book: Rulebook, find: Callable[[str], Rulebook], above: tuple[str, ...]) -> Iterator[Rulebook]:
    for name in book.include:
        if name in above:
            raise InputError(f"rulebook {above[0]}: {' → '.join((*above, name))}", allowed="no circle of rulebooks")
        one = find(name)
        yield one
        yield from _included(one, find, (*above, name))
