"""What the bulk engine remembers: small columns by member, and one block of orders to work in, used again and again.

Nobody has a row behind those of the members, and is their own upline: climbing a chain needs no question at every step.
Numbers of rows are unsigned and loops begin at 0, for the same reason: otherwise the compiler asks at every look-up
whether a number counts from the end, and the processor waits for fewer of them at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numba.experimental.structref import StructRefProxy

from rules.bulk.columns import Column
from rules.bulk.members import MemberColumns
from rules.events import Numbers, Records, Table
from rules.jit import by_reference, kernel
from rules.plan.compiled import NONE, Compiled
from rules.plan.limits import BONUS_EVENTS, MAX_LEVELS
from rules.records import Component

Arrays: TypeAlias = dict[str, Column]
"""Arrays by the name of the field of `Work` that they are."""

TASK = np.dtype(
    [
        ("depth", "i8"),  # levels that can be paid
        ("reach", "i8"),  # people above a buyer that matter
        ("nobody", "i8"),  # the row of nobody: how many members there are
        ("none", "i8"),  # the standing of nobody, and of whoever is frozen: one above the highest rank
        ("row", "i8"),  # cells of a row of the tariff, which is of one class of goods: depth * (ranks + 1)
        ("regime", "i8"),  # cells of a regime in the tariff
        ("meters", "i8"),  # volume meters that the plan asks for
        ("plain", "i8"),  # 1 = base commission is percentages of whole lines: no fixed amounts, no minimum
        ("joins", "i8"),  # 1 = own orders can give a rank
        ("firsts", "i8"),  # 1 = a first promoted order pays a bonus
        ("listing", "i8"),  # 1 = entries that are not base commission are written down
        ("listed", "i8"),  # entries written down since the caller took them
        ("change", "i8"),  # changes of members that have been made
        ("seen", "i8"),  # of no meaning: what was looked at so that it is at hand
        ("bonuses", "i8"),  # bonuses of the block at hand
        ("first_bonus", "i8"),  # where those of the order at hand begin
        ("orders", "i8"),  # paid so far
        ("goods", "i8"),  # fen paid for them, without freight
        ("refunded", "i8"),  # fen of it given back
        ("commissionable", "i8"),  # fen, of orders that have somebody above the buyer
        ("entries", "i8"),  # made so far, reversals too
        ("refused", "i8"),  # refunds that the rules refused
    ],
    align=True,
)
"""The single row of what a run is about and how far it has come."""


PERSON = np.dtype(
    [
        ("earned", "i8"),  # fen, net of reversals
        ("upline", "u4"),
        ("standing", "u1"),  # rank; one above the highest while frozen, and for nobody
        ("rank", "u1"),
        ("frozen", "u1"),
        ("joined", "u1"),
    ]
)
"""What every order asks of the people above its buyer: 16 bytes, so that one look at a person's memory is enough."""

COUNTS = np.dtype(
    [
        ("spent", "i8"),  # fen, own paid orders
        ("orders", "i4"),  # own paid orders
        ("on_target", "i2"),  # months in a row
        ("under", "i2"),  # months in a row
    ]
)
"""What gives and takes ranks."""

TODAY = np.dtype(
    [
        ("total", "i8"),  # fen earned on `day`, for the daily cap
        ("day", "i4"),
        ("promoted", "i4"),  # orders promoted ever, for the bonus on the first
    ]
)


class People(StructRefProxy):
    """Rows by member, in `persons` and `today` one more, nobody's; an array that the plan does not need has none."""

    persons: Table  # PERSON
    counts: Table  # COUNTS
    today: Table  # TODAY
    watched: Numbers  # bits: period components of the running period that a later refund will change
    statement: Numbers  # latest row of this member in the book's statements


by_reference(People, list(People.__annotations__))


class Work(StructRefProxy):
    """A block of orders at hand: who is above the buyers, what the lines come to, and what is earned on them."""

    task: Table  # TASK, one row
    line: Table  # LINE, one row: the line at hand
    listed: Table  # ENTRY, those that are not base commission
    begins: Numbers  # by order, and one more: where its lines begin in the block
    day: Numbers  # by order: business day of the payment
    chain: Numbers  # (reach, orders): people above the buyer, nearest first
    stood: Numbers  # (reach, orders): their standing
    payee: Numbers  # (depth, orders): who is paid as which level
    cell: Numbers  # (depth, orders): where their rates are in a row of the tariff
    earned: Numbers  # (depth, orders): fen
    order: Numbers  # by line: its order in the block
    goods: Numbers  # by line: where its row of the tariff begins
    base: Numbers  # by line: fen that commission is taken of
    part: Numbers  # by line: fen of it that are rounded together
    times: Numbers  # by line: how many such parts
    paid_before: Numbers  # by line, and one more: fen paid for the lines before
    base_before: Numbers  # by line, and one more: fen that commission is taken of, of the lines before
    amount: Numbers  # (depth, lines): fen
    before: Numbers  # (depth, lines and one more): fen of the lines before
    bonus: Numbers  # by bonus of the block: fen
    bonus_place: Numbers  # its order in the block
    bonus_source: Numbers  # which bonus of the plan it is
    totals: Numbers  # (2, components, levels + 1): fen of entries, and of reversals
    levels: Numbers  # bits by standing: the levels at which it is paid
    rate: Numbers  # the tariff, flat: parts per million by regime, goods, level and standing; NONE
    fixed: Numbers  # fen a unit, by the same; NONE


by_reference(Work, list(Work.__annotations__))


@kernel
def make_people(persons: Records, counts: Records, today: Records, watched: Column, statement: Column) -> People:
    """The arrays as one thing that kernels take."""
    return People(persons, counts, today, watched, statement)  # type: ignore[no-untyped-call]


@kernel
def make_work(task: Records, line: Records, listed: Records, *arrays: Column) -> Work:
    """The arrays as one thing that kernels take."""
    return Work(task, line, listed, *arrays)  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class PeopleArrays:
    """The arrays behind `People`."""

    persons: Records
    counts: Records
    today: Records
    watched: Column
    statement: Column

    def arrays(self) -> People:
        """The arrays, to hand to kernels."""
        return make_people(self.persons, self.counts, self.today, self.watched, self.statement)


def people_arrays(members: MemberColumns, plans: Compiled) -> PeopleArrays:
    """The arrays by member that a plan needs, as the members are before the first order."""
    rule, count = plans.plans[0], len(members)
    none, slots = int(rule["ranks"]), int(rule["slots"]) > 0
    persons = np.zeros(count + 1, PERSON)
    for name in ("rank", "frozen", "joined"):
        persons[name][:-1] = getattr(members, name)
    persons["upline"][:-1] = np.where(members.upline < 0, count, members.upline)
    persons["standing"] = np.where(persons["frozen"] == 1, none, persons["rank"])
    persons["upline"][-1], persons["standing"][-1] = count, none
    counts = np.zeros(count * (joins_by_orders(plans) or judges_months(plans)), COUNTS)
    today = np.zeros((count + 1) * (pays_first_orders(plans) or int(rule["member_day"]) != NONE), TODAY)
    if len(counts):
        counts["orders"], counts["spent"] = members.orders, members.spent
    if len(today):
        today["promoted"][:-1] = members.promoted
    return PeopleArrays(persons, counts, today, np.zeros(count * slots, np.uint8), np.full(count * slots, -1, np.int32))


def joins_by_orders(plans: Compiled) -> bool:
    """Whether own orders can give a rank."""
    return bool(plans.plans[0]["joins"] != 0)


def judges_months(plans: Compiled) -> bool:
    """Whether months on a target, or under one, move anybody."""
    return bool((plans.ranks[0]["target_months"] > 0).any())


def meters_asked(plans: Compiled) -> int:
    """How many volume meters the plan asks for; without any the tables hold one that nobody reads."""
    return len(plans.meters) if plans.plans[0]["slots"] > 0 or judges_months(plans) else 0


def pays_first_orders(plans: Compiled) -> bool:
    """Whether a first promoted order pays a bonus."""
    used = plans.bonuses[0][: int(plans.plans[0]["bonuses"])]
    return bool(((used["event"] == BONUS_EVENTS.index("first_promoted_order")) & (used["pay"] > 0)).any())


def task_of(plans: Compiled, members: int) -> Records:
    """What a run with a plan is about, before its first order."""
    task, rule = np.zeros(1, TASK), plans.plans[0]
    depth, ranks = int(rule["depth"]), int(rule["ranks"])
    task["depth"], task["nobody"], task["none"], task["row"] = depth, members, ranks, depth * (ranks + 1)
    task["regime"] = task["row"] * plans.fixed.shape[1]
    task["reach"] = MAX_LEVELS if rule["ineligible"] == 2 else max(depth, 2)
    task["meters"], task["plain"] = meters_asked(plans), _is_plain(plans)
    task["joins"], task["firsts"] = joins_by_orders(plans), pays_first_orders(plans)
    return task


def _is_plain(plans: Compiled) -> bool:
    rule = plans.plans[0]
    return bool((plans.fixed[0] == NONE).all() and (rule["minimum"] == 0).all() and rule["round_per"] == 0)


def work_arrays(plans: Compiled, task: Records, block: int, lines: int) -> Arrays:
    """Room to work in, for blocks of at most so many orders and lines: what `Work` has behind its records."""
    depth, reach = int(task["depth"][0]), int(task["reach"][0])
    rate, fixed = tariff(plans, depth, int(task["none"][0]))
    bonuses = block * int(task["firsts"][0]) * plans.bonuses.shape[1]
    return {
        "begins": np.zeros(block + 1, np.uint32),
        "day": np.zeros(block, np.int32),
        "chain": np.zeros((reach, block), np.uint32),
        "stood": np.zeros((reach, block), np.uint8),
        "payee": np.zeros((depth, block), np.uint32),
        "cell": np.zeros((depth, block), np.uint32),
        "earned": np.zeros((depth, block), np.int64),
        "order": np.zeros(lines, np.uint32),
        "goods": np.zeros(lines, np.uint32),
        "base": np.zeros(lines, np.int64),
        "part": np.zeros(lines, np.int64),
        "times": np.zeros(lines, np.int32),
        "paid_before": np.zeros(lines + 1, np.int64),
        "base_before": np.zeros(lines + 1, np.int64),
        "amount": np.zeros((depth, lines), np.int64),
        "before": np.zeros((depth, lines + 1), np.int64),
        "bonus": np.zeros(bonuses, np.int64),
        "bonus_place": np.zeros(bonuses, np.int32),
        "bonus_source": np.zeros(bonuses, np.int16),
        "totals": np.zeros((2, max(Component) + 1, MAX_LEVELS + 1), np.int64),
        "levels": np.append(plans.ranks[0]["levels"][: int(task["none"][0])], 0),
        "rate": rate,
        "fixed": fixed,
    }


def tariff(plans: Compiled, depth: int, ranks: int) -> tuple[Column, Column]:
    """Rates and fixed amounts of the plan by regime, class of goods, level and standing, flat.

    A rank that a level does not pay has none, and so has nobody.
    """
    levels = np.arange(1, depth + 1)
    pays = (plans.ranks[0]["levels"][:ranks] >> levels[:, None]) & 1 == 1
    regimes = int(plans.plans[0]["stretches"])
    rates, fixed = plans.rates[0, :regimes, 0, :, 1 : depth + 1, :ranks], plans.fixed[0, :, 1 : depth + 1, :ranks]
    cells = np.full((2, *rates.shape[:3], ranks + 1), NONE, np.int64)
    cells[0, ..., :ranks] = np.where(pays, rates, NONE)
    cells[1, ..., :ranks] = np.where(pays, fixed, NONE)
    return cells[0].ravel(), cells[1].ravel()
