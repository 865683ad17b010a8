"""Rewards outside orders: money or a coupon for what a member did or brought about.

Money counts in the cap of the day, and its hold begins at once. Who is frozen or not registered gets nothing.
"""

from __future__ import annotations

from rules.book import Component, EntryStatus, Rows
from rules.commission.bonus import Bonus
from rules.commission.caps import cap_day, drop_empty, trim_day
from rules.commission.entry import append, credit, credit_to
from rules.events import DAY, Row
from rules.jit import kernel
from rules.money import yuan
from rules.payout.hold import hold_entry, start_entry_hold
from rules.people.coupons import grant, grant_to
from rules.plan.compiled import Tables
from rules.readable import Entry, State, Step

_BONUS, _HELD = int(Component.bonus), int(EntryStatus.held)


@kernel
def may_have(book: Rows, bonus: Row, member: int) -> bool:
    """Whether a bonus is for this member, as things stand."""
    person = book.members[member]
    return person.joined_at >= 0 and not person.frozen and (bonus.ranks >> person.rank) & 1 == 1


@kernel
def reward(book: Rows, plan: Tables, member: int, source: int, amount: int, time: int) -> int:
    """Book a bonus of the plan in force; returns what the cap of the day left of it."""
    number = book.clock[0].plan
    place = append(book, time, member, _BONUS, amount)
    book.entries[place].source = source
    cap_day(book, plan, number, place, time // DAY)
    left = book.entries[place].amount
    if left > 0:
        credit(book, place, _HELD)
        hold_entry(book, plan, number, place, time)
    else:
        drop_empty(book, place)
    return left


@kernel
def give(book: Rows, plan: Tables, member: int, source: int, amount: int, time: int) -> int:
    """Grant the coupon that a bonus promises, or else book `amount`; returns the money booked."""
    number = book.clock[0].plan
    coupon = plan.bonuses[number, source].coupon
    if coupon >= 0:
        grant(book, plan, number, member, coupon, time)
        return 0
    return reward(book, plan, member, source, amount, time)


def may_earn(state: State, bonus: Bonus, member: int) -> bool:
    """Whether a bonus is for this member, as things stand: the readable rule."""
    person = state.members[member]
    if person.joined_at is None or person.frozen:
        return False
    return bonus.ranks is None or state.plan.ranks[person.rank].id in bonus.ranks


def pay_reward(state: State, member: int, bonus: Bonus, amount: int, time: int, why: Step) -> int:
    """Book a bonus of the plan in force: the readable rule. Returns what the cap of the day left of it."""
    said = Step(f"奖励 {bonus.id}：{why.zh}，{yuan(amount)}", f"bonus {bonus.id}, {why.en}: {yuan(amount)}")
    source = state.plan.bonuses.index(bonus)
    entry = Entry(time, member, Component.bonus, amount, state.plan_number, [said], source=source)
    trim_day(state, state.plan, entry, time // DAY)
    if entry.amount > 0:
        start_entry_hold(state, credit_to(state, entry, EntryStatus.held), time)
    return entry.amount


def give_to(state: State, member: int, bonus: Bonus, amount: int, time: int, why: Step) -> int:
    """Grant the coupon that a bonus promises, or else book `amount`: the readable rule."""
    if bonus.coupon is None:
        return pay_reward(state, member, bonus, amount, time, why)
    reason = Step(f"奖励 {bonus.id}：{why.zh}", f"bonus {bonus.id}, {why.en}")
    grant_to(state, member, bonus.coupon, time, reason)
    return 0
