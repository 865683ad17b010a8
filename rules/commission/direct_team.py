"""Direct team 直属团队: a title and a payment when it first reaches a size, and an allowance while it keeps it.

The direct team are the registered members bound to somebody; a binding that has run out counts until another takes
its place. A title 称号 stays for good and goes by the bonus's id, so a later version of the plan does not give it
again. The allowance 管理津贴 is an amount of a period, like ladder and team: once per period, outside the daily cap.
"""

from __future__ import annotations

from rules.book import Rows
from rules.commission.bonus import Bonus
from rules.commission.entry import append, credit, credit_to
from rules.commission.reward import may_earn, may_have, pay_reward, reward
from rules.events import Row
from rules.jit import kernel
from rules.money import yuan
from rules.payout.hold import hold_entry, start_entry_hold
from rules.people.arms import plan_of
from rules.plan.compiled import Tables
from rules.plan.limits import BONUS_EVENTS
from rules.readable import Entry, State, Step
from rules.records import NEVER, Component, EntryStatus

_DIRECT_TEAM = BONUS_EVENTS.index("direct_team")
_BONUS, _HELD = int(Component.bonus), int(EntryStatus.held)


@kernel
def reward_team(book: Rows, plan: Tables, leader: int, time: int) -> None:
    """Give the titles that a team, which has just grown, has reached for the first time."""
    number = plan_of(book, leader)
    for source in range(plan.plans[number].bonuses):
        bonus = plan.bonuses[number, source]
        if bonus.event != _DIRECT_TEAM or book.titles[bonus.title, leader] != NEVER:
            continue
        if book.members[leader].team >= bonus.count and may_have(book, plan, number, bonus, leader):
            book.titles[bonus.title, leader] = 0
            reward(book, plan, number, leader, source, bonus.pay, time)


@kernel
def _stamp(period: int, number: int) -> int:
    """A number above 0 that belongs to one day, week or month alone."""
    return 3 * number + period


@kernel
def _is_owed(book: Rows, plan: Tables, number: int, bonus: Row, member: int, stamp: int) -> bool:
    held = book.titles[bonus.title, member]
    if held in (NEVER, stamp):
        return False
    return book.members[member].team >= bonus.count and may_have(book, plan, number, bonus, member)


@kernel
def allowances_wanted(book: Rows, plan: Tables, number: int, period: int) -> int:
    """How many entries `close_allowances` can make at the most."""
    wanted = 0
    for source in range(plan.plans[number].bonuses):
        bonus = plan.bonuses[number, source]
        if bonus.event == _DIRECT_TEAM and bonus.allowance > 0 and bonus.period == period:
            for member in range(len(book.members)):
                wanted += 1 if book.titles[bonus.title, member] != NEVER else 0
    return wanted


@kernel
def close_allowances(book: Rows, plan: Tables, arm: int, period: int, number_of_period: int, time: int) -> None:
    """Book the allowances of an arm for a period that ends (or is closed early) at `time`."""
    number, stamp = book.arms[arm].plan, _stamp(period, number_of_period)
    for source in range(plan.plans[number].bonuses):
        bonus = plan.bonuses[number, source]
        if bonus.event != _DIRECT_TEAM or bonus.allowance <= 0 or bonus.period != period:
            continue
        for member in range(len(book.members)):
            if book.members[member].arm == arm and _is_owed(book, plan, number, bonus, member, stamp):
                book.titles[bonus.title, member] = stamp
                place = append(book, time, member, _BONUS, bonus.allowance)
                entry = book.entries[place]
                entry.plan, entry.source, entry.period = number, source, number_of_period
                credit(book, place, _HELD)
                hold_entry(book, plan, number, place, time)


def title_of(bonus: Bonus) -> Step:
    """What a title is called: its own words, else the bonus's id."""
    return Step(bonus.title.zh, bonus.title.en) if bonus.title else Step(bonus.id, bonus.id)


def pay_team(state: State, leader: int, time: int) -> None:
    """Give the titles that a team, which has just grown, has reached for the first time: the readable rule."""
    person = state.members[leader]
    number = state.number_of(leader)
    for bonus in state.plans[number].bonuses:
        if bonus.event != "direct_team" or bonus.count is None or bonus.id in person.titles:
            continue
        if len(person.team) >= bonus.count and may_earn(state, number, bonus, leader):
            person.titles[bonus.id] = None
            name, size = title_of(bonus), len(person.team)
            why = Step(f"直属团队达 {size} 人，授予“{name.zh}”", f"a direct team of {size}, title “{name.en}”")
            pay_reward(state, number, leader, bonus, bonus.money, time, why)


def pay_allowances(state: State, arm: int, period: str, number: int, time: int) -> None:
    """Book the allowances of an arm for a period that ends, or is closed early, at `time`: the readable rule."""
    plan_number = state.arms[arm].plan
    for source, bonus in enumerate(state.plans[plan_number].bonuses):
        if bonus.event != "direct_team" or not bonus.allowance or (bonus.period or "month") != period:
            continue
        for member, person in enumerate(state.members):
            held = bonus.id in person.titles and person.titles[bonus.id] != (period, number)
            owed = held and person.arm == arm and len(person.team) >= (bonus.count or 0)
            if owed and may_earn(state, plan_number, bonus, member):
                person.titles[bonus.id] = period, number
                name, amount = title_of(bonus), bonus.allowance
                said = Step(
                    f"“{name.zh}”本期管理津贴（直属团队 {len(person.team)} 人）：{yuan(amount)}",
                    f"allowance of “{name.en}” for the period (direct team of {len(person.team)}): {yuan(amount)}",
                )
                entry = Entry(time, member, Component.bonus, amount, plan_number, [said], source=source)
                entry.period = number
                start_entry_hold(state, credit_to(state, entry, EntryStatus.held), time)
