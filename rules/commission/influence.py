"""Influence allowance 影响力津贴: for somebody in the middle of the path on which a sale came about.

The path of an order is who clicked on whose share: from the buyer up to whose share they clicked on last, and so on,
at most 16 people and nobody twice; it is numbered from its origin, 1, to the buyer. The entry belongs to the order as
a whole; its level is the number in the path. Whether that is a level that is paid is for a rulebook to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Self

import numpy as np
from pydantic import Field, model_validator

from rules.book import Rows
from rules.commission.entry import append
from rules.events import DAY, Records
from rules.jit import kernel
from rules.money import yuan
from rules.people.today import turn_rare_day
from rules.plan.compiled import INFLUENCE, NONE, Tables
from rules.plan.limits import MAX_LEVELS
from rules.plan.values import Flag, Section, Whole, Yuan
from rules.readable import Entry, Order, State, Step
from rules.records import Component

if TYPE_CHECKING:
    from rules.plan.model import Plan

MAX_PATH = 16


class Influence(Section):
    """Influence allowance 影响力津贴: who in a path of at least so many people gets how much, once an order."""

    path: Annotated[Whole, Field(ge=3, le=MAX_PATH)]
    node: Annotated[Whole, Field(ge=2, le=MAX_LEVELS)]
    clicks: Annotated[Whole, Field(ge=0, le=1_000_000)] = 0
    pay: Yuan
    without_sale: Flag = True
    per_day: Yuan | None = None

    @model_validator(mode="after")
    def _a_middle_node(self) -> Self:
        if self.node >= self.path:
            raise ValueError(
                f"node {self.node} is not in the middle of a path of {self.path}: it must be below {self.path}"
            )
        return self


_INFLUENCE = int(Component.influence)


def influence_table(plans: Sequence[Plan]) -> Records:
    """The influence allowances of plans, `INFLUENCE`, (plans,)."""
    table = np.zeros(len(plans), INFLUENCE)
    for number, plan in enumerate(plans):
        rule = plan.commission.influence
        if rule:
            cap = NONE if rule.per_day is None else rule.per_day
            table[number] = (rule.pay, rule.path, rule.node, rule.clicks, rule.without_sale, cap)
    return table


@kernel
def _above(book: Rows, buyer: int, steps: int) -> int:
    """Who stands so many steps above a buyer in the path of clicks."""
    person = buyer
    for _ in range(steps):
        person = book.members[person].clicked_by
    return person


@kernel
def path_length(book: Rows, buyer: int) -> int:
    """How many people the path to a buyer has."""
    for length in range(1, MAX_PATH):
        person = _above(book, buyer, length)
        if person < 0:
            return length
        for steps in range(length):
            if _above(book, buyer, steps) == person:
                return length
    return MAX_PATH


@kernel
def pay_influence(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Write the allowance for the order's path, if there is somebody to have it."""
    row = book.orders[order]
    rule = plan.influence[row.plan]
    if rule.pay == 0:
        return
    length = path_length(book, row.buyer)
    if length < rule.path:
        return
    member = _above(book, row.buyer, length - rule.node)
    person = book.members[member]
    if person.joined_at < 0 or person.frozen or person.clicks < rule.clicks:
        return
    if rule.without_sale == 1 and (person.promoted_orders > 0 or row.chain[0] == member):
        return
    turn_rare_day(book, member, time // DAY)
    amount = rule.pay
    if rule.per_day != NONE:
        amount = min(amount, max(0, rule.per_day - book.member_extras[member].influence_total))
    if amount > 0:
        entry = book.entries[append(book, time, member, _INFLUENCE, amount)]
        entry.order, entry.level, entry.plan = order, rule.node, row.plan


@kernel
def count_influence(book: Rows, order: int) -> None:
    """Count what the caps left of an order's allowance, its last entry, into its day."""
    if book.orders[order].entries > 0:
        entry = book.entries[book.clock[0].entries - 1]
        if entry.component == _INFLUENCE:
            book.member_extras[entry.member].influence_total += entry.amount


def path_of(state: State, buyer: int) -> list[int]:
    """Who clicked on whose share, from the origin to the buyer: the readable rule."""
    path = [buyer]
    while len(path) < MAX_PATH:
        above = state.members[path[0]].clicked_by
        if above is None or above in path:
            break
        path.insert(0, above)
    return path


def influence_entries(state: State, number: int, order: Order, time: int) -> list[Entry]:
    """The allowance for an order's path, at most one entry: the readable rule."""
    rule = state.plans[number].commission.influence
    path = path_of(state, order.buyer)
    if rule is None or len(path) < rule.path:
        return []
    member = path[rule.node - 1]
    person = state.members[member]
    sold = person.promoted_orders > 0 or order.people[:1] == [member]
    if person.joined_at is None or person.frozen or person.clicks < rule.clicks or (rule.without_sale and sold):
        return []
    today = person.influence_on.get(time // DAY, 0)
    amount = rule.pay if rule.per_day is None else min(rule.pay, max(0, rule.per_day - today))
    steps = [
        Step(
            f"传播路径 {len(path)} 人，第 {rule.node} 位，分享获点击 {person.clicks} 次：影响力津贴 {yuan(rule.pay)}",
            f"number {rule.node} of {len(path)} in the path, {person.clicks} clicks: influence {yuan(rule.pay)}",
        )
    ]
    if amount < rule.pay:
        steps.append(
            Step(f"今日已得 {yuan(today)}，按 {yuan(amount)} 计", f"{yuan(today)} had today, so {yuan(amount)}")
        )
    return [Entry(time, member, Component.influence, amount, number, steps, level=rule.node)] if amount > 0 else []


def note_influence(state: State, entries: list[Entry]) -> None:
    """Count what the caps left of an order's allowance into its day: the readable rule."""
    for entry in entries:
        if entry.component is Component.influence:
            today, day = state.members[entry.member].influence_on, entry.time // DAY
            today[day] = today.get(day, 0) + entry.amount
