"""Promotion streak 连续推广: a bonus each time another full run of days with a promotion record is complete.

A promotion record is a share by the member or a click on one of their shares.
"""

from __future__ import annotations

from rules.book import Rows
from rules.commission.reward import may_earn, may_have, pay_reward, reward
from rules.events import DAY
from rules.jit import kernel
from rules.people.arms import plan_of
from rules.people.target import ACTIVE_DAYS, count_in_month, note_in_month
from rules.plan.compiled import Tables
from rules.plan.limits import BONUS_EVENTS
from rules.readable import State, Step

_STREAK = BONUS_EVENTS.index("promotion_streak")


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
    number = plan_of(book, member)
    for source in range(plan.plans[number].bonuses):
        bonus = plan.bonuses[number, source]
        if bonus.event == _STREAK and person.streak % bonus.days == 0 and may_have(book, plan, number, bonus, member):
            reward(book, plan, number, member, source, bonus.pay, time)


def record_promotion(state: State, member: int, time: int) -> None:
    """Note that a member promoted on this day, and pay full runs of days: the readable rule."""
    person, day = state.members[member], time // DAY
    if person.joined_at is None or person.frozen or person.promoted_on == day:
        return
    person.streak = person.streak + 1 if person.promoted_on == day - 1 else 1
    person.promoted_on = day
    note_in_month(state, member, "active_days")
    number = state.number_of(member)
    for bonus in state.plans[number].bonuses:
        full = bonus.event == "promotion_streak" and person.streak % (bonus.days or 1) == 0
        if full and may_earn(state, number, bonus, member):
            why = Step(f"连续 {bonus.days} 天有推广记录", f"{bonus.days} days in a row with a promotion record")
            pay_reward(state, number, member, bonus, bonus.money, time, why)
