"""Mentorship 师徒: a mentor is paid when a newcomer they brought has promoted so many orders, soon enough.

The mentor is who the apprentice is bound to at that order; a binding that has run out counts until another takes its
place, as in a direct team. Each bonus is paid at the very order that is the `count`th one, so once per apprentice, and
only within `days` of the apprentice's registration. What the apprentice's customers give back later takes nothing off
it, and it counts in the mentor's cap of the day.
"""

from __future__ import annotations

from rules.book import Rows
from rules.commission.reward import may_earn, may_have, pay_reward, reward
from rules.events import DAY
from rules.jit import kernel
from rules.people.arms import plan_of
from rules.plan.compiled import Tables
from rules.plan.limits import BONUS_EVENTS
from rules.readable import State, Step

_APPRENTICE = BONUS_EVENTS.index("apprentice")


@kernel
def reward_mentor(book: Rows, plan: Tables, apprentice: int, time: int) -> None:
    """Pay the mentor of somebody who has just promoted one more order, if that is the one it takes."""
    person = book.members[apprentice]
    mentor = person.upline
    if mentor < 0 or person.joined_at < 0:
        return
    number = plan_of(book, mentor)
    for source in range(plan.plans[number].bonuses):
        bonus = plan.bonuses[number, source]
        due = bonus.event == _APPRENTICE and person.promoted_orders == bonus.count
        if due and time - person.joined_at < bonus.days * DAY and may_have(book, plan, number, bonus, mentor):
            reward(book, plan, number, mentor, source, bonus.pay, time)


def pay_mentor(state: State, apprentice: int, time: int) -> None:
    """Pay the mentor of somebody who has just promoted one more order: the readable rule."""
    person = state.members[apprentice]
    mentor = person.upline
    if mentor is None or person.joined_at is None:
        return
    number = state.number_of(mentor)
    for bonus in state.plans[number].bonuses:
        if bonus.event != "apprentice" or bonus.count != person.promoted_orders or bonus.days is None:
            continue
        if time < person.joined_at + bonus.days * DAY and may_earn(state, number, bonus, mentor):
            why = Step(
                f"徒弟入会 {bonus.days} 天内推广成交满 {bonus.count} 单",
                f"an apprentice promoted {bonus.count} orders within {bonus.days} days of joining",
            )
            pay_reward(state, number, mentor, bonus, bonus.money, time, why)
