"""Period components: ladder, team and dividend are booked once per payee and period, at the close, by one rounding.

A statement per payee, component and period remembers volume and what was booked. Whatever changes the volume later
books the difference between what is owed and what was booked, so a close may be repeated without paying twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.book import Rows
from rules.calendar import calendar_numbers, period_of
from rules.commission.direct_team import allowances_wanted, close_allowances, pay_allowances
from rules.commission.dividend import close_pool, divide_pool, heads_wanted
from rules.commission.dynamic import forget_counts, judge_products, raise_rates
from rules.commission.entry import append, credit, credit_to
from rules.commission.ladder import Ladder, amount_of_volume, ladder_amount, rate_of_volume
from rules.commission.team import Team, team_amount
from rules.events import DAY
from rules.jit import kernel
from rules.money import Rounding, yuan
from rules.payout.clawback import reverse, take_back
from rules.payout.hold import hold_entry, start_entry_hold
from rules.plan.compiled import Tables
from rules.records import Component, EntryStatus

if TYPE_CHECKING:
    from rules.plan.model import Plan
from rules.readable import Entry, State, Statement, Step

_HELD = int(EntryStatus.held)
_TEAM = int(Component.team)


@kernel
def rows_wanted(book: Rows, plan: Tables, period: int) -> int:
    """How many entries a close of this kind of period can make at the most."""
    wanted = 0
    for arm in range(len(book.arms)):
        number = book.arms[arm].plan
        wanted += _statements_wanted(book, plan, number, period)
        wanted += allowances_wanted(book, plan, number, period) + heads_wanted(book, plan, arm, period)
    return wanted


@kernel
def _statements_wanted(book: Rows, plan: Tables, number: int, period: int) -> int:
    wanted, again = 0, _closed_early(book, period)
    for slot in range(plan.plans[number].slots):
        rule = plan.slots[number, slot]
        if rule.period == period:
            for member in range(len(book.members)):
                if book.volumes[rule.meter, member] != 0 or (again and book.members[member].statement >= 0):
                    wanted += 1
    return wanted


@kernel
def _closed_early(book: Rows, period: int) -> bool:
    """Whether the running period has statements already, which must follow a volume that fell to 0 since."""
    return (book.clock[0].closed_early >> period) & 1 == 1


@kernel
def close_early(book: Rows, plan: Tables, period: int, time: int) -> None:
    """Book all components of the running period at an operator's word; its end will book the differences.

    At the very midnight that ends a period it is closed already, and there is nothing of the new one yet.
    """
    running = period_of(time // DAY, period)
    if running == period_of((time - 1) // DAY, period):
        close_period(book, plan, period, running, time)
        book.clock[0].closed_early |= 1 << period


@kernel
def close_period(book: Rows, plan: Tables, period: int, number_of_period: int, time: int) -> None:
    """Book all components of the period that ends (or is closed early) at `time`, arm by arm."""
    for arm in range(len(book.arms)):
        _close_arm(book, plan, arm, period, number_of_period, time)


@kernel
def _close_arm(book: Rows, plan: Tables, arm: int, period: int, number_of_period: int, time: int) -> None:
    number, again = book.arms[arm].plan, _closed_early(book, period)
    for slot in range(plan.plans[number].slots):
        rule = plan.slots[number, slot]
        if rule.period != period:
            continue
        for member in range(len(book.members)):
            volume = book.volumes[rule.meter, member]
            if (volume == 0 and not again) or book.members[member].arm != arm:
                continue
            if volume != 0 or _statement_of(book, member, number, slot, number_of_period) >= 0:
                _close_member(book, plan, number, slot, member, volume, number_of_period, time)
    close_allowances(book, plan, arm, period, number_of_period, time)
    close_pool(book, plan, arm, period, number_of_period, time)
    if book.skus.shape[1] > 0:
        raise_rates(book, plan, arm, period, number_of_period)


@kernel
def _close_member(
    book: Rows, plan: Tables, number: int, slot: int, member: int, volume: int, period: int, time: int
) -> None:
    person = book.members[member]
    eligible = not person.frozen and (plan.slots[number, slot].ranks >> person.rank) & 1 == 1
    place = _statement_of(book, member, number, slot, period)
    if place < 0:
        if not eligible:
            return
        place = _new_statement(book, member, number, slot, period)
    row = book.statements[place]
    row.volume = volume
    row.closed_volume = volume
    row.closed_amount = amount_of_volume(plan, number, slot, volume)
    book_difference(book, plan, place, row.closed_amount, time)


@kernel
def _statement_of(book: Rows, member: int, number: int, slot: int, period: int) -> int:
    place = book.members[member].statement
    while place >= 0:
        row = book.statements[place]
        if row.period == period and row.slot == slot and row.plan == number:
            return place
        place = row.previous
    return -1


@kernel
def _new_statement(book: Rows, member: int, number: int, slot: int, period: int) -> int:
    place = book.clock[0].statements
    row = book.statements[place]
    row.closed_volume, row.closed_amount, row.volume, row.booked = 0, 0, 0, 0
    row.member, row.period, row.plan, row.slot, row.entry = member, period, number, slot, -1
    row.previous = book.members[member].statement
    book.members[member].statement = place
    book.clock[0].statements += 1
    return place


@kernel
def book_difference(book: Rows, plan: Tables, place: int, owed: int, time: int) -> None:
    """Bring what is booked in line with what is owed: a new entry, or a reversal of the latest one."""
    row = book.statements[place]
    if owed < row.booked and row.entry >= 0:
        row.booked -= take_back(book, plan, row.entry, row.booked - owed, time)
    elif owed > row.booked:
        slot = plan.slots[row.plan, row.slot]
        new = append(book, time, row.member, slot.component, owed - row.booked)
        entry = book.entries[new]
        entry.period, entry.base, entry.plan = row.period, row.volume, row.plan
        entry.rate = rate_of_volume(plan, row.plan, row.slot, row.volume)
        entry.level = 2 if slot.component == _TEAM else 1
        credit(book, new, _HELD)
        hold_entry(book, plan, row.plan, new, time)
        row.booked = owed
        row.entry = new


@kernel
def reset_meters(book: Rows, plan: Tables, period: int) -> None:
    """Start the running volumes and counts of a period anew."""
    forget_counts(book, period)
    book.clock[0].closed_early &= ~(1 << period)
    for arm in range(len(book.arms)):
        book.arms[arm].company[period] = 0
    for meter in range(len(plan.meters)):
        if plan.meters[meter].period == period:
            book.volumes[meter, :] = 0


MEASURE_ZH = {
    "personal_volume": "本人消费额",
    "promoted_volume": "推广额",
    "direct_team_volume": "直属团队推广额",
    "team_volume": "全部下级订单额",
}


def period_components(plan: Plan) -> list[tuple[Component, Ladder | Team]]:
    """The components of a plan that are booked at the close of a period, in the order in which they are booked."""
    found: list[tuple[Component, Ladder | Team]] = []
    if plan.commission.ladder:
        found.append((Component.ladder, plan.commission.ladder))
    if plan.commission.team:
        found.append((Component.team, plan.commission.team))
    return found


def owed(state: State, number: int, component: Component, volume: int) -> tuple[int, int, list[Step]]:
    """What a volume earns in a period component: amount, rate and steps. The readable rule."""
    plan = state.plans[number]
    rule = plan.commission.ladder if component is Component.ladder else plan.commission.team
    assert rule is not None
    if volume <= 0:
        return 0, 0, []
    first = Step(
        f"本期{MEASURE_ZH[rule.measure]} {yuan(volume)}",
        f"{rule.measure.replace('_', ' ')} of the period: {yuan(volume)}",
    )
    mode = Rounding[plan.semantics.rounding_of(0)]
    if isinstance(rule, Ladder):
        amount, rate, steps = ladder_amount(rule, volume, mode)
    else:
        amount, rate, steps = team_amount(rule, volume, mode)
    return amount, rate, [first, *steps]


def close_now(state: State, period: str, time: int) -> None:
    """Book the running period at an operator's word, unless it begins just now: the readable rule."""
    running = calendar_numbers(time // DAY)[period]
    if calendar_numbers((time - 1) // DAY)[period] == running:
        close_components(state, period, running, time)


def close_components(state: State, period: str, period_number: int, time: int) -> None:
    """Book all components of a period that ends, or is closed early, at `time`, arm by arm: the readable rule."""
    for arm in range(len(state.arms)):
        _close_of_arm(state, arm, period, period_number, time)
        pay_allowances(state, arm, period, period_number, time)
        divide_pool(state, arm, period, period_number, time)
        judge_products(state, arm, period, period_number)


def _close_of_arm(state: State, arm: int, period: str, period_number: int, time: int) -> None:
    number = state.arms[arm].plan
    plan = state.plans[number]
    for component, rule in period_components(plan):
        if rule.period != period:
            continue
        for member, person in enumerate(state.members):
            if person.arm != arm:
                continue
            volume = state.volumes.get((rule.measure, period, member), 0)
            key = (member, number, component, period_number)
            if volume == 0 and key not in state.statements:
                continue
            if key not in state.statements:
                if person.frozen or (rule.ranks is not None and plan.ranks[person.rank].id not in rule.ranks):
                    continue
                state.statements[key] = Statement(member, number, component, period_number)
                state.statements_of.setdefault(member, []).append(state.statements[key])
            statement = state.statements[key]
            statement.volume = statement.closed_volume = volume
            statement.closed_amount = owed(state, statement.plan, component, volume)[0]
            book_owed(state, statement, statement.closed_amount, time)


def book_owed(state: State, statement: Statement, amount: int, time: int) -> None:
    """Bring what is booked in line with what is owed: the readable rule."""
    if amount < statement.booked and statement.entry is not None:
        reason = Step(
            f"本期推广额降为 {yuan(statement.volume)}，应得 {yuan(amount)}，已计 {yuan(statement.booked)}",
            f"the volume fell to {yuan(statement.volume)}: {yuan(amount)} owed, {yuan(statement.booked)} booked",
        )
        statement.booked -= reverse(state, statement.entry, statement.booked - amount, time, reason)
    elif amount > statement.booked:
        _, rate, steps = owed(state, statement.plan, statement.component, statement.volume)
        if statement.booked:
            steps.append(Step(f"减去已计 {yuan(statement.booked)}", f"less {yuan(statement.booked)} booked before"))
        level = 2 if statement.component is Component.team else 1
        entry = Entry(time, statement.member, statement.component, amount - statement.booked, statement.plan, steps)
        entry.level, entry.base, entry.rate, entry.period = level, statement.volume, rate, statement.period
        statement.entry, statement.booked = credit_to(state, entry, EntryStatus.held), amount
        start_entry_hold(state, statement.entry, time)
