"""A tiny case in the making: a few people, what happens, and what both engines make of it.

Worked examples (`rules.examples`) and typical situations (`rules.situations`) are scenes. Nobody's binding runs out
in a scene: it shows what a plan pays, not whom it forgets.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from rules.cases.read import parse_case
from rules.cases.result import Explained
from rules.cases.run import run_case
from rules.lifecycle import REFUSED
from rules.money import in_yuan
from rules.plan.model import Plan
from rules.plan.wording.words import Words
from rules.readable import State

FIRST_DAY = "2026-01-05"
"""A Monday: day 0 of campaigns in a scene."""
LONG_AGO = "2020-01-01"
"""When people of a scene joined: nobody is new; where bindings run out, everybody is bound late enough instead."""
_BEFORE, _CYCLE = "2025-11-03 09:00", 40
AREA = "area"
"""The area that orders of a scene can belong to."""


@dataclass(frozen=True)
class Outcome:
    """What came of a scene: the entries, all that the engine remembers, and its members' names by number."""

    entries: list[Explained]
    state: State
    names: list[str]

    @property
    def refusals(self) -> list[Words]:
        """Why events changed nothing."""
        return [Words(zh=REFUSED[code][1], en=REFUSED[code][0]) for _, code in self.state.refusals]

    def of(self, *, order: str | None = None, member: str | None = None) -> list[Explained]:
        """The entries of an order, of a member, or of both."""
        return [one for one in self.entries if order in (None, one.order) and member in (None, one.member)]


@dataclass
class Scene:
    """People and events, put together one by one; times are written as in case files."""

    plan: Plan
    people: dict[str, dict[str, object]] = field(default_factory=dict)
    events: list[dict[str, object]] = field(default_factory=list)

    def person(self, name: str, rank: str, inviter: str | None = None, **more: object) -> str:
        """Somebody with a rank, bound to `inviter`; returns the name."""
        above = {} if inviter is None else {"inviter": inviter}
        self.people[name] = {"id": name, "rank": rank} | above | more
        return name

    def payable(self, name: str, rank: str, balance: int) -> str:
        """Somebody with a balance (fen) and everything that a withdrawal can ask for; returns the name."""
        opening = {"balance": in_yuan(balance)}
        return self.person(name, rank, None, opening=opening, real_name=True, tax_registered=True, e_signed=True)

    def chain(self, ranks: list[str], prefix: str = "") -> str:
        """People of these ranks above each other, level 1 first and called `prefix` + `1`; returns a buyer below."""
        above = None
        for level in range(len(ranks), 0, -1):
            above = self.person(f"{prefix}{level}", ranks[level - 1], above)
        return self.person(f"{prefix}buyer", self.plan.ranks[0].id, above)

    def happens(self, at: str, **event: object) -> None:
        """Something happens at a time, as a case file says it."""
        self.events.append({"at": at} | event)

    def order(
        self, at: str, number: str, buyer: str, category: str, price: int, *, sku: str = "goods", **more: object
    ) -> None:
        """An order of one line, placed and paid; `price` in fen, `more` as an order event takes it."""
        line = {"sku": sku, "category": category, "price": in_yuan(price), "quantity": more.pop("quantity", 1)}
        if self.plan.semantics.base_on == "profit":
            line["cost"] = in_yuan(cost_of(price))
        if self.plan.semantics.freight_split == "weight":
            line["weight"] = 1
        self.happens(at, order=number, buyer=buyer, lines=[line], **more)
        self.happens(at, pay=number)

    def sells_before(self, payee: str, prefix: str = "") -> None:
        """Somebody promotes a small order on the first day, and on the next early if the first of a day counts."""
        buyer = self.person(f"{prefix}earlier", self.plan.ranks[0].id, payee)
        self.order("2026-01-05 09:00", f"{prefix}O0", buyer, "default", 1_00)
        self.happens("2026-01-05 09:30", receive=f"{prefix}O0")
        if any(bonus.event == "first_order_of_day" for bonus in self.plan.bonuses):
            self.order("2026-01-06 09:00", f"{prefix}O00", buyer, "default", 1_00)

    def _qualifying(self) -> list[dict[str, object]]:
        """Own orders, long before, of everybody with a downline, where a plan makes promoters of those who spend."""
        way, amount = self.plan.semantics.promoter_by
        if way != "spend_over":
            return []
        inviters = dict.fromkeys(str(person["inviter"]) for person in self.people.values() if "inviter" in person)
        before = Scene(self.plan)
        for name in inviters:
            before.order(_BEFORE, f"before {name}", name, "default", amount + 1)
        return before.events

    def _receipts(self, end: str) -> list[dict[str, object]]:
        """Receipt and settlement of every order at the end, where a plan makes or checks entries as late as that."""
        rule = self.plan.semantics
        if not {"receipt", "settle"} & {rule.entries_at, *rule.checks}:
            return []
        orders = [event["order"] for event in self.events if "order" in event]
        settled = _later(end, self.plan.settlement.hold_days + _CYCLE)
        return [{"at": end, "receive": order} for order in orders] + [{"at": settled, "close": "day"}]

    def play(self) -> Outcome:
        """What both engines make of it.

        Raises:
            RuntimeError: the engines disagree; no figure of theirs must be shown.
        """
        events = sorted([*self._qualifying(), *self.events], key=lambda event: str(event["at"]))
        runs_out = self.plan.attribution.keep[0] == "days"
        joined = {"joined": events[-1]["at"] if runs_out else LONG_AGO}
        people = [joined | {"promoter": True} | person for person in self.people.values()]
        events += self._receipts(str(events[-1]["at"]))
        data = {"name": "scene", "plan": self.plan, "members": people, "events": events}
        result = run_case(parse_case(data))
        if result.problems or result.state is None:
            raise RuntimeError("; ".join(result.problems))
        return Outcome(result.entries, result.state, _members(events, list(self.people)))


def _later(at: str, days: int) -> str:
    """A time of a case file some days on."""
    return f"{dt.date.fromisoformat(at[:10]) + dt.timedelta(days=days)}{at[10:]}"


def _members(events: list[dict[str, object]], people: list[str]) -> list[str]:
    """Everybody in the order in which a case numbers them: those who are there, then those who turn up."""
    later = [str(event[key]) for event in events for key in ("register", "visitor", "buyer") if key in event]
    return list(dict.fromkeys([*people, *later]))


def cost_of(price: int) -> int:
    """What a piece of this price costs the store in a scene, in fen: three fifths."""
    return price * 3 // 5


def quiet(plan: Plan) -> Plan:
    """The plan while no campaign is on, nor a contest."""
    return plan.model_copy(update={"campaigns": [], "contests": []})


def during(plan: Plan, campaign: str) -> Plan:
    """The plan while this one campaign is on and no contest, from the first day of a scene for a year."""
    running = [one.model_copy(update={"days": (0, 365), "dates": None}) for one in plan.campaigns if one.id == campaign]
    return plan.model_copy(update={"campaigns": running, "contests": [], "start": None})
