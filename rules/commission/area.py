"""Area agents 区域代理: a rate of every order of an area, for each member appointed to it or to an area around it.

Several agents of one area are each paid their whole rate: it is not shared. Who is an agent, and of what rank, is read
when the order is paid. `self_purchase: none` holds for agents too: nobody is paid on an own order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Self

from pydantic import Field, model_validator

from rules.book import Rows
from rules.commission.basis import commissionable, commissionable_amount, percentage, rate_of_line
from rules.commission.entry import append
from rules.commission.margin import Rates
from rules.events import Names
from rules.jit import kernel
from rules.lifecycle import Refusal
from rules.money import ROUNDING_ZH, Rounding, percent, yuan
from rules.plan.compiled import Compiled, Tables
from rules.plan.values import Section
from rules.readable import Entry, Order, State, Step
from rules.records import Component

if TYPE_CHECKING:
    from rules.plan.model import Plan


class Area(Section):
    """Area agents 区域代理: the rate of a rank, or one for all; and which area lies in which."""

    rates: Rates
    within: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _no_area_around_itself(self) -> Self:
        for start in self.within:
            area = start
            for _ in self.within:
                area = self.within.get(area, "")
                if area == start:
                    raise ValueError(f"area {start!r} lies within itself")
        return self

    def rate_of(self, rank: str) -> int:
        """What agents of a rank earn of an order, in parts per million."""
        return self.rates.get(rank, self.rates.get("default", 0))

    def around(self, area: str) -> Iterator[str]:
        """The areas that an area lies in, the smallest first."""
        while area in self.within:
            area = self.within[area]
            yield area


_AREA, _STRANGER = int(Component.area), int(Refusal.not_registered)
APPOINTED = -1
"""`appoint` succeeded; any other result is a `Refusal`."""


def fill_areas(tables: Compiled, number: int, plan: Plan, names: Names) -> None:
    """Write the rates of agents, and which area lies in which, into a plan's tables."""
    rule = plan.commission.area
    if rule is None:
        return
    tables.plans[number]["area"] = 1
    for rank, one in enumerate(plan.ranks):
        tables.ranks[number, rank]["area"] = rule.rate_of(one.id)
    for place, area in enumerate(names.areas):
        known = [names.areas.index(one) for one in rule.around(area) if one in names.areas]
        tables.area_around[number, place] = known[0] if known else -1


@kernel
def appoint(book: Rows, member: int, area: int) -> int:
    """Make a member the last appointed agent of an area, or of none (-1); returns APPOINTED or a `Refusal`."""
    person, clock = book.members[member], book.clock[0]
    if person.joined_at < 0:
        return _STRANGER
    if person.area >= 0:
        _dismiss(book, member)
    if area < 0:
        return APPOINTED
    person.area, person.next_agent = area, -1
    clock.agents += 1
    last = book.areas[area]
    if last < 0:
        book.areas[area] = member
        return APPOINTED
    while book.members[last].next_agent >= 0:
        last = book.members[last].next_agent
    book.members[last].next_agent = member
    return APPOINTED


@kernel
def _dismiss(book: Rows, member: int) -> None:
    person = book.members[member]
    before = book.areas[person.area]
    if before == member:
        book.areas[person.area] = person.next_agent
    else:
        while book.members[before].next_agent != member:
            before = book.members[before].next_agent
        book.members[before].next_agent = person.next_agent
    person.area, person.next_agent = -1, -1
    book.clock[0].agents -= 1


@kernel
def pay_areas(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Write the entries of area agents: line by line, the order's own area first, then those around it."""
    row = book.orders[order]
    for number in range(1, row.lines + 1):
        area = row.area
        while area >= 0:
            agent = book.areas[area] if area < book.areas.shape[0] else -1
            while agent >= 0:
                _pay_agent(book, plan, order, number, agent, time)
                agent = book.members[agent].next_agent
            area = plan.area_around[row.plan, area] if area < plan.area_around.shape[1] else -1


@kernel
def _pay_agent(book: Rows, plan: Tables, order: int, number: int, agent: int, time: int) -> None:
    row, person = book.orders[order], book.members[agent]
    rule = plan.plans[row.plan]
    rate = plan.ranks[row.plan, person.rank].area
    if person.frozen or rate <= 0 or (agent == row.buyer and rule.self_purchase == 0):
        return
    line = book.lines[row.first_line + number - 1]
    amount = percentage(rule, line, rate, rule.rounding[0])
    if amount > 0:
        entry = book.entries[append(book, time, agent, _AREA, amount)]
        entry.order, entry.line, entry.plan = order, number, row.plan
        entry.base, entry.rate = commissionable(rule, line), rate


def appoint_to(state: State, member: int, area: int) -> Refusal | None:
    """Make a member the last appointed agent of an area, or of none (-1): the readable rule."""
    if state.members[member].joined_at is None:
        return Refusal.not_registered
    for agents in state.agents.values():
        if member in agents:
            agents.remove(member)
    if area >= 0:
        state.agents.setdefault(area, []).append(member)
    return None


def area_entries(state: State, number: int, order: Order, areas: list[str], time: int) -> list[Entry]:
    """The entries of area agents on an order: the readable rule. `areas` are the names behind the numbers."""
    plan = state.plans[number]
    rule = plan.commission.area
    if rule is None or order.area is None:
        return []
    numbers = [order.area]
    if order.area < len(areas):
        numbers += [areas.index(one) for one in rule.around(areas[order.area]) if one in areas]
    entries = []
    for place in range(1, len(order.lines) + 1):
        for area in numbers:
            for agent in state.agents.get(area, []):
                name = areas[area] if area < len(areas) else str(area)
                entries.append(_entry(state, number, order, place, agent, name, time))
    return [entry for entry in entries if entry.amount > 0]


def _entry(state: State, number: int, order: Order, place: int, agent: int, area: str, time: int) -> Entry:
    plan, person, line = state.plans[number], state.members[agent], order.lines[place - 1]
    assert plan.commission.area is not None
    own = agent == order.buyer and plan.semantics.self_purchase == "none"
    rate = 0 if person.frozen or own else plan.commission.area.rate_of(plan.ranks[person.rank].id)
    base, amount = commissionable_amount(plan.semantics, line), rate_of_line(plan.semantics, line, rate, 0)
    mode = Rounding[plan.semantics.rounding_of(0)]
    terms = f"{yuan(base)} × {percent(rate)} = {yuan(amount)}"
    steps = [
        Step(
            f"区域代理 {area}：计佣金额 {terms}（{ROUNDING_ZH[mode]}）",
            f"agent of {area}: commissionable amount {terms} (rounded: {mode.name})",
        )
    ]
    return Entry(time, agent, Component.area, amount, number, steps, line=place, base=base, rate=rate)
