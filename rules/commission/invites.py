"""Rewards for new members: a register bonus 注册奖励, and a reward for every so many people invited 邀请奖励.

Somebody is invited by the member they are bound to when they register (or first pay an order); an operator binding
them later invites nobody. Both are counted from a member's first invitation on, whatever plan was in force then.
"""

from __future__ import annotations

from rules.book import Rows
from rules.commission.bonus import Bonus
from rules.commission.contest import count_newcomer, enter_newcomer
from rules.commission.reward import give, give_to, may_earn, may_have
from rules.events import DAY
from rules.jit import kernel
from rules.people.arms import plan_of
from rules.people.today import turn_rare_day
from rules.plan.compiled import NONE, Tables
from rules.plan.limits import BONUS_EVENTS
from rules.readable import State, Step

_REGISTER, _INVITES = BONUS_EVENTS.index("register"), BONUS_EVENTS.index("invites")


@kernel
def reward_registration(book: Rows, plan: Tables, member: int, time: int) -> None:
    """Pay for somebody who has just registered: the register bonuses, then what their inviter's count brings."""
    inviter = book.members[member].upline
    number = plan_of(book, inviter if inviter >= 0 else member)
    for source in range(plan.plans[number].bonuses):
        bonus = plan.bonuses[number, source]
        payee = member if bonus.newcomer == 1 else inviter
        if bonus.event == _REGISTER and payee >= 0 and may_have(book, plan, number, bonus, payee):
            _pay_registration(book, plan, number, payee, source, time)
    if inviter >= 0:
        book.members[inviter].invited += 1
        _reward_count(book, plan, inviter, 0, book.members[inviter].invited, time)
        enter_newcomer(book, plan, inviter, time)


@kernel
def _pay_registration(book: Rows, plan: Tables, number: int, payee: int, source: int, time: int) -> None:
    bonus = plan.bonuses[number, source]
    extra = book.member_extras[payee]
    turn_rare_day(book, payee, time // DAY)
    amount = bonus.pay
    if bonus.per_day != NONE:
        amount = min(amount, max(0, bonus.per_day - extra.register_total))
    extra.register_total += give(book, plan, number, payee, source, amount, time)


@kernel
def reward_first_order(book: Rows, plan: Tables, buyer: int, time: int) -> None:
    """Count somebody's first paid order for the member they are bound to."""
    inviter = book.members[buyer].upline
    if inviter >= 0:
        book.members[inviter].invited_buyers += 1
        _reward_count(book, plan, inviter, 1, book.members[inviter].invited_buyers, time)


@kernel
def _reward_count(book: Rows, plan: Tables, inviter: int, counted: int, count: int, time: int) -> None:
    number = plan_of(book, inviter)
    for source in range(plan.plans[number].bonuses):
        bonus = plan.bonuses[number, source]
        full = bonus.event == _INVITES and bonus.counted == counted and count % bonus.count == 0
        if full and may_have(book, plan, number, bonus, inviter):
            give(book, plan, number, inviter, source, bonus.pay, time)


def pay_registration(state: State, member: int, time: int) -> None:
    """Pay for somebody who has just registered: the readable rule."""
    inviter = state.members[member].upline
    number = state.number_of(member if inviter is None else inviter)
    for bonus in state.plans[number].bonuses:
        payee = member if bonus.to == "newcomer" else inviter
        if bonus.event == "register" and payee is not None and may_earn(state, number, bonus, payee):
            _pay_register_bonus(state, number, payee, bonus, time)
    if inviter is not None:
        state.members[inviter].invited += 1
        _pay_count(state, inviter, "registered", state.members[inviter].invited, time)
        count_newcomer(state, inviter, time)


def _pay_register_bonus(state: State, number: int, payee: int, bonus: Bonus, time: int) -> None:
    today, day = state.members[payee].registers_on, time // DAY
    before = today.get(day, 0)
    left = bonus.money if bonus.per_day is None else min(bonus.money, max(0, bonus.per_day - before))
    why = Step("注册", "for registering") if bonus.to == "newcomer" else Step("邀请注册", "for a registration")
    if left < bonus.money:
        why = Step(f"{why.zh}（每日上限）", f"{why.en} (its cap of the day)")
    today[day] = before + give_to(state, number, payee, bonus, left, time, why)


def count_first_order(state: State, buyer: int, time: int) -> None:
    """Count somebody's first paid order for the member they are bound to: the readable rule."""
    inviter = state.members[buyer].upline
    if inviter is not None:
        state.members[inviter].invited_buyers += 1
        _pay_count(state, inviter, "first_order", state.members[inviter].invited_buyers, time)


def _pay_count(state: State, inviter: int, counted: str, count: int, time: int) -> None:
    zh, en = {"registered": ("已注册", "registered"), "first_order": ("已下首单", "with a first order")}[counted]
    number = state.number_of(inviter)
    for bonus in state.plans[number].bonuses:
        if bonus.event != "invites" or bonus.count is None or (bonus.counted or "registered") != counted:
            continue
        if count % bonus.count == 0 and may_earn(state, number, bonus, inviter):
            why = Step(f"邀请的人{zh} {count} 名", f"{count} people invited and {en}")
            give_to(state, number, inviter, bonus, bonus.money, time, why)
