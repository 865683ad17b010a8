"""What came of a case: its entries with their reasons, what was refused, wallets."""

from __future__ import annotations

from dataclasses import dataclass, field

from rules.journey.journey import Journeys
from rules.money import in_yuan
from rules.plan.model import Plan
from rules.plan.yaml import Data
from rules.readable import Entry, State
from rules.records import Component

BALANCES = ("pending", "held", "available", "withdrawn", "deferred")
"""The parts of a wallet that a case can state."""


@dataclass(frozen=True)
class Explained:
    """One entry that came out, with the names of the case, and its journey: steps with `part`, `zh` and `en`.

    `bonus` is the id of the bonus or contest that made it; `value` is that of a prize in kind, in fen.
    """

    order: str | None
    line: int
    member: str
    level: int
    component: str
    bonus: str | None
    amount: int
    steps: list[dict[str, str]]
    value: int = 0

    @property
    def worked_out(self) -> list[dict[str, str]]:
        """The steps of the amount alone, without what came before and after it."""
        return [step for step in self.steps if step["part"] == "amount"]

    def expected(self) -> dict[str, Data]:
        """As a case file expects it: a bonus by its id."""
        of: dict[str, Data] = {"order": self.order} if self.order else {}
        of |= {"line": self.line} if self.line else {}
        component = self.bonus or self.component
        paid: dict[str, Data] = {"amount": in_yuan(self.amount)}
        paid |= {"value": in_yuan(self.value)} if self.value else {}
        return of | {"member": self.member, "level": self.level, "component": component} | paid

    def to_dict(self) -> dict[str, object]:
        """For `--json`: amounts in yuan with two decimals, as text."""
        return {
            "order": self.order,
            "line": self.line,
            "member": self.member,
            "level": self.level,
            "component": self.component,
            "bonus": self.bonus,
            "amount": in_yuan(self.amount),
            "value": in_yuan(self.value) if self.value else None,
            "steps": self.steps,
        }


@dataclass(frozen=True)
class Refused:
    """An event of a case that changed nothing: which one, from 1, and why."""

    event: int
    reason: str
    words: str


@dataclass
class CaseResult:
    """What came of a case.

    Attributes:
        problems: what differs from the expectation, one sentence each; empty = passed.
        entries: everything that came out.
        refused: events that changed nothing, and why.
        balances: everybody's wallet in the end, in fen, by member and part.
        state: everything the readable engine remembers at the end; members and orders in the order of the case.
    """

    name: str
    problems: list[str] = field(default_factory=list)
    entries: list[Explained] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    balances: dict[str, dict[str, int]] = field(default_factory=dict)
    state: State | None = None

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.problems

    @property
    def refusals(self) -> list[str]:
        """Events that changed nothing, in words."""
        return [f"event {one.event}: {one.words}" for one in self.refused]


def explained(number: int, journeys: Journeys) -> Explained:
    """An entry of the readable engine by its number, with the names behind its numbers and its journey."""
    names, plans, entry = journeys.names, journeys.state.plans, journeys.state.entries[number]
    return Explained(
        order=None if entry.order is None else names.order(entry.order),
        line=entry.line,
        member=names.member(entry.member),
        level=entry.level,
        component=Component(entry.component).name,
        bonus=_id_of(plans[entry.plan], entry),
        amount=entry.amount,
        steps=[
            {"part": part, "zh": step.zh, "en": step.en}
            for part, steps in journeys.of(number).parts()
            for step in steps
        ],
        value=entry.base if entry.component is Component.prize else 0,
    )


def _id_of(plan: Plan, entry: Entry) -> str | None:
    """The id of the bonus or contest that made an entry, if one did."""
    if entry.source is None or entry.source < 0:
        return None
    if entry.component in (Component.contest, Component.prize):
        return plan.contests[entry.source].id
    return plan.bonuses[entry.source].id
