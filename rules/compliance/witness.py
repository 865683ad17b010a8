"""Witnesses: tiny histories that show what a plan can do, run through both engines and kept with what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.cases.read import parse_case
from rules.cases.result import CaseResult, Explained
from rules.cases.run import run_case
from rules.money import in_yuan
from rules.plan.model import Plan
from rules.plan.write import plan_data
from rules.plan.yaml import Data

DAY = "2026-01-05"
"""A Monday on which witnesses begin: day 0 of campaigns of a plan without a start."""


def chain_of(names: Sequence[str], **shown: Data) -> list[dict[str, Data]]:
    """Members below each other, the first above all; `shown` is what each of them has."""
    people: list[dict[str, Data]] = [{"id": name} | shown for name in names]
    for person, above in zip(people[1:], names, strict=False):
        person["inviter"] = above
    return people


@dataclass
class Witness:
    """A case in the making: members as they are when it begins, and what happens.

    Attributes:
        plan: the plan; its campaigns run as it says.
        name: what the case is called.
        people, events: as case files have them.
    """

    plan: Plan
    name: str
    people: list[dict[str, Data]]
    events: list[dict[str, Data]]

    def order(self, at: str, number: str, buyer: str, price: int, category: str = "default") -> None:
        """An order of one piece, placed and paid; `price` in fen."""
        line: dict[str, Data] = {"sku": "goods", "category": category, "price": in_yuan(price)}
        if self.plan.semantics.base_on == "profit":
            line["cost"] = "0"
        self.events += [{"at": at, "order": number, "buyer": buyer, "lines": [line]}, {"at": at, "pay": number}]

    def play(self) -> CaseResult:
        """What both engines make of it.

        Raises:
            AssertionError: the engines disagree.
        """
        result = run_case(parse_case(self.data()))
        assert result.passed, result.problems
        return result

    def data(self) -> dict[str, Data]:
        """The case without what must come out."""
        return {"name": self.name, "plan": plan_data(self.plan), "members": self.people, "events": self.events}

    def told(self, entries: list[Explained], coupons: dict[str, Data] | None = None) -> dict[str, Data]:
        """The case, with entries that must come out, and unused coupons that members must hold."""
        held: dict[str, Data] = {"coupons": coupons} if coupons else {}
        return self.data() | {"expect": {"entries": [one.expected() for one in entries], **held}}
