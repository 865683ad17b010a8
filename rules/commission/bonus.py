"""Bonuses 奖励 on events: the first order a member promoted, and a run of days with a promotion record.

A promotion record is a share by the member or a click on one of their shares. A bonus on an order belongs to the order
as a whole (line 0), counts in its cap and is clawed back in proportion to what of the order is refunded.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from rules.book import Component, EntryStatus, Rows
from rules.commission.caps import cap_day, drop_empty, trim_day
from rules.commission.entry import append, credit, credit_to
from rules.events import DAY
from rules.jit import kernel
from rules.money import yuan
from rules.payout.hold import hold_entry, start_entry_hold
from rules.people.target import ACTIVE_DAYS, count_in_month, note_in_month
from rules.plan.compiled import Tables
from rules.plan.values import Id, Section, Whole, Yuan
from rules.readable import Entry, Order, State, Step


class Bonus(Section):
    """A bonus 奖励 on an event: the first order a member promoted, or a run of days with a promotion."""

    id: Id
    event: Literal["first_promoted_order", "promotion_streak"]
    pay: Yuan
    days: Annotated[Whole, Field(ge=2, le=366)] | None = None
    ranks: list[str] | None = None

    @model_validator(mode="after")
    def _days_belong_to_streaks(self) -> Self:
        if (self.days is not None) != (self.event == "promotion_streak"):
            raise ValueError("days is needed for promotion_streak and for no other event")
        return self


_BONUS, _HELD = int(Component.bonus), int(EntryStatus.held)


@kernel
def pay_first_order(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Write the bonus for the first order that the level-1 person of `order` ever promoted."""
    row = book.orders[order]
    member, rank = row.chain[0], row.chain_rank[0]
    if member < 0 or rank < 0 or book.members[member].promoted_orders > 0:
        return
    for source in range(plan.plans[row.plan].bonuses):
        bonus = plan.bonuses[row.plan, source]
        if bonus.event == 0 and bonus.pay > 0 and (bonus.ranks >> rank) & 1 == 1:
            entry = book.entries[append(book, time, member, _BONUS, bonus.pay)]
            entry.order, entry.level, entry.source, entry.plan = order, 1, source, row.plan


@kernel
def note_promotion(book: Rows, plan: Tables, member: int, time: int) -> None:
    """Note that a member promoted on this day; pays each time another full run of days is complete."""
    person = book.members[member]
    day = time // DAY
    if person.streak_day == day or person.joined_at < 0 or person.frozen:
        return
    person.streak = person.streak + 1 if person.streak_day == day - 1 else 1
    person.streak_day = day
    count_in_month(book, plan, member, ACTIVE_DAYS)
    number = book.clock[0].plan
    for source in range(plan.plans[number].bonuses):
        bonus = plan.bonuses[number, source]
        if bonus.event == 1 and person.streak % bonus.days == 0 and (bonus.ranks >> person.rank) & 1 == 1:
            place = append(book, time, member, _BONUS, bonus.pay)
            book.entries[place].source = source
            cap_day(book, plan, number, place, day)
            if book.entries[place].amount > 0:
                credit(book, place, _HELD)
                hold_entry(book, plan, number, place, time)
            else:
                drop_empty(book, place)


def first_order_bonuses(state: State, number: int, order: Order, time: int) -> list[Entry]:
    """The bonuses for the first order a member promoted: the readable rule."""
    plan = state.plans[number]
    if not order.people or order.ranks[0] is None or state.members[order.people[0]].promoted_orders > 0:
        return []
    member, rank = order.people[0], plan.ranks[order.ranks[0]].id
    entries = []
    for source, bonus in enumerate(plan.bonuses):
        applies = bonus.event == "first_promoted_order" and (bonus.ranks is None or rank in bonus.ranks)
        if applies and bonus.pay > 0:
            steps = [
                Step(
                    f"首次推广成交奖励 {bonus.id}：{yuan(bonus.pay)}",
                    f"bonus {bonus.id} for the first promoted order: {yuan(bonus.pay)}",
                )
            ]
            entries.append(Entry(time, member, Component.bonus, bonus.pay, number, steps, level=1, source=source))
    return entries


def record_promotion(state: State, member: int, time: int) -> None:
    """Note that a member promoted on this day, and pay full runs of days: the readable rule."""
    person, day = state.members[member], time // DAY
    if person.joined_at is None or person.frozen or person.promoted_on == day:
        return
    person.streak = person.streak + 1 if person.promoted_on == day - 1 else 1
    person.promoted_on = day
    note_in_month(state, member, "active_days")
    rank = state.plan.ranks[person.rank].id
    for source, bonus in enumerate(state.plan.bonuses):
        full = bonus.event == "promotion_streak" and person.streak % (bonus.days or 1) == 0
        if full and (bonus.ranks is None or rank in bonus.ranks):
            _pay_streak(state, member, source, bonus, time)


def _pay_streak(state: State, member: int, source: int, bonus: Bonus, time: int) -> None:
    steps = [
        Step(
            f"连续 {bonus.days} 天有推广记录，奖励 {bonus.id}：{yuan(bonus.pay)}",
            f"bonus {bonus.id} for {bonus.days} days in a row with a promotion record: {yuan(bonus.pay)}",
        )
    ]
    entry = Entry(time, member, Component.bonus, bonus.pay, state.plan_number, steps, source=source)
    trim_day(state, state.plan, entry, time // DAY)
    if entry.amount > 0:
        start_entry_hold(state, credit_to(state, entry, EntryStatus.held), time)
