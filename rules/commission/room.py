"""Room: what a member may still earn on a day under the caps on a member's day and month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.book import Rows
from rules.calendar import calendar_numbers
from rules.jit import kernel
from rules.money import yuan
from rules.people.today import turn_day
from rules.plan.compiled import NONE, Tables
from rules.readable import State, Step

if TYPE_CHECKING:
    from rules.plan.model import Plan

_ENDLESS = 1 << 62


@kernel
def room_left(book: Rows, plan: Tables, number: int, who: int, day: int) -> int:
    """What the caps of plan `number` leave a member to earn on a day, in fen; starts new days and months."""
    member = book.members[who]
    turn_day(book, who, day)
    rule = plan.plans[number]
    room = _ENDLESS
    if rule.member_day != NONE:
        room = rule.member_day - member.day_total
    if rule.member_month != NONE:
        room = min(room, rule.member_month - member.month_total)
    return max(0, room)


@kernel
def use_room(book: Rows, who: int, amount: int) -> None:
    """Count what a member earned on the day that was looked at last."""
    member = book.members[who]
    member.day_total += amount
    member.month_total += amount


def may_earn(state: State, plan: Plan, member: int, day: int, wanted: int) -> tuple[int, list[Step]]:
    """How much of an amount the caps let a member earn on a day, and why not all of it: the readable rule."""
    person, month = state.members[member], calendar_numbers(day)["month"]
    today, so_far = person.earned_on.get(day, 0), person.earned_in.get(month, 0)
    allowed, steps = wanted, []
    if plan.caps.member_day is not None and today + allowed > plan.caps.member_day:
        allowed = max(0, plan.caps.member_day - today)
        cap = yuan(plan.caps.member_day)
        steps.append(
            Step(f"当日已计 {yuan(today)}，每日上限 {cap}", f"{yuan(today)} earned today of a daily cap of {cap}")
        )
    if plan.caps.member_month is not None and so_far + allowed > plan.caps.member_month:
        allowed = max(0, plan.caps.member_month - so_far)
        cap = yuan(plan.caps.member_month)
        en = f"{yuan(so_far)} earned this month of a monthly cap of {cap}"
        steps.append(Step(f"当月已计 {yuan(so_far)}，每月上限 {cap}", en))
    return allowed, steps


def note_earned(state: State, member: int, day: int, amount: int) -> None:
    """Count what a member earned on a day: the readable rule."""
    person, month = state.members[member], calendar_numbers(day)["month"]
    person.earned_on[day] = person.earned_on.get(day, 0) + amount
    person.earned_in[month] = person.earned_in.get(month, 0) + amount
