"""Rewards outside orders: money or a coupon for what a member did or brought about.

Money counts in the cap of the day, and its hold begins at once. Who is frozen or not registered gets nothing.
"""

from __future__ import annotations

from rules.book import Rows
from rules.commission.bonus import Bonus
from rules.commission.caps import cap_day, drop_empty, trim_day
from rules.commission.entry import append, credit, credit_to
from rules.events import DAY, Row
from rules.jit import kernel
from rules.money import yuan
from rules.payout.hold import hold_entry, start_entry_hold
from rules.people.coupons import grant, grant_to
from rules.people.promoter import rank_name_under, rank_under
from rules.plan.compiled import Tables
from rules.readable import Entry, State, Step
from rules.records import Component, EntryStatus

_BONUS, _HELD = int(Component.bonus), int(EntryStatus.held)


@kernel
def may_have(book: Rows, plan: Tables, number: int, bonus: Row, member: int) -> bool:
    """Whether a bonus of plan `number` is for this member, as things stand."""
    person = book.members[member]
    if person.joined_at < 0 or person.frozen:
        return False
    return (bonus.ranks >> rank_under(book, plan, number, member)) & 1 == 1


@kernel
def reward(book: Rows, plan: Tables, number: int, member: int, source: int, amount: int, time: int) -> int:
    """Book a bonus of plan `number`; returns what the cap of the day left of it."""
    place = append(book, time, member, _BONUS, amount)
    book.entries[place].plan, book.entries[place].source = number, source
    cap_day(book, plan, number, place, time // DAY)
    left = book.entries[place].amount
    if left > 0:
        credit(book, place, _HELD)
        hold_entry(book, plan, number, place, time)
    else:
        drop_empty(book, place)
    return left


@kernel
def give(book: Rows, plan: Tables, number: int, member: int, source: int, amount: int, time: int) -> int:
    """Grant the coupon that a bonus promises, or else book `amount`; returns the money booked."""
    coupon = plan.bonuses[number, source].coupon
    if coupon >= 0:
        grant(book, plan, number, member, coupon, time)
        return 0
    return reward(book, plan, number, member, source, amount, time)


def may_earn(state: State, number: int, bonus: Bonus, member: int) -> bool:
    """Whether a bonus of plan `number` is for this member, as things stand: the readable rule."""
    person = state.members[member]
    if person.joined_at is None or person.frozen:
        return False
    plan = state.plans[number]
    return bonus.ranks is None or plan.ranks[rank_name_under(state, plan, member)].id in bonus.ranks


def pay_reward(state: State, number: int, member: int, bonus: Bonus, amount: int, time: int, why: Step) -> int:
    """Book a bonus of plan `number`: the readable rule. Returns what the cap of the day left of it."""
    said = Step(f"奖励 {bonus.id}：{why.zh}，{yuan(amount)}", f"bonus {bonus.id}, {why.en}: {yuan(amount)}")
    plan = state.plans[number]
    entry = Entry(time, member, Component.bonus, amount, number, [said], source=plan.bonuses.index(bonus))
    trim_day(state, plan, entry, time // DAY)
    if entry.amount > 0:
        start_entry_hold(state, credit_to(state, entry, EntryStatus.held), time)
    return entry.amount


def give_to(state: State, number: int, member: int, bonus: Bonus, amount: int, time: int, why: Step) -> int:
    """Grant the coupon that a bonus promises, or else book `amount`: the readable rule."""
    if bonus.coupon is None:
        return pay_reward(state, number, member, bonus, amount, time, why)
    reason = Step(f"奖励 {bonus.id}：{why.zh}", f"bonus {bonus.id}, {why.en}")
    grant_to(state, number, member, bonus.coupon, time, reason)
    return 0
