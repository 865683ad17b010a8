"""The entries of a book as columns: when each was made, what month it is for, and which kind of pay it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.events import DAY, Names, Period, Records
from rules.plan.limits import TEAM_VOLUMES
from rules.plan.model import Plan
from rules.records import Component
from sim.compliance.running import Integers

_YEAR_0 = 1970 * 12
"""Months from year 0, from which `rules.calendar` counts them, to 1970-01, from which NumPy does."""
_CONTEST = np.dtype([("period", "i8"), ("team", "?"), ("recruiting", "?")])


@dataclass(frozen=True)
class Account:
    """What a book holds, ready to be counted.

    Attributes:
        book, names: whose it is, and what is behind its numbers.
        entries, orders: the rows in use.
        days: by entry, `time // DAY`; for a period that was booked at the midnight of its end, the day before.
        months: by entry, the month that it is for (`rules.compliance.evidence`), in months since 1970-01.
        team, recruiting: by entry, whether it is computed on a team's volume; whether it is for recruiting.
        sale_months: by order, the month it was paid in.
        sales: by order, fen of its goods that were paid and not given back; 0 for unpaid ones.
        last_day: the last day that was seen, -1 = none.
    """

    book: Book
    names: Names
    entries: Records
    orders: Records
    days: Integers
    months: Integers
    team: NDArray[np.bool_]
    recruiting: NDArray[np.bool_]
    sale_months: Integers
    sales: Integers
    last_day: int

    @property
    def amounts(self) -> Integers:
        """Fen, by entry; of a prize in kind its value."""
        return _wide(self.entries["amount"]) + _wide(self.entries["base"]) * (
            self.entries["component"] == Component.prize
        )

    @property
    def members(self) -> Integers:
        """Payees, by entry."""
        return _wide(self.entries["member"])


def account_of(book: Book, plans: Sequence[Plan], names: Names) -> Account:
    """The account of a book whose plans, by number, are these."""
    entries, orders = book.rows("entries"), book.rows("orders")
    paid = orders["paid_at"] >= 0
    sale_months = month_of(np.where(paid, orders["paid_at"], 0) // DAY)
    closed = (entries["period"] >= 0) & (entries["reverses"] < 0)
    component, source, plan = (_wide(entries[name]) for name in ("component", "source", "plan"))
    bonus = (component == Component.bonus) & (source >= 0)
    contest = (component == Component.contest) | (component == Component.prize)
    of_contest = _contest_table(plans)[plan, np.where(contest, source, -1)]
    source = np.where(bonus, source, -1)
    periods = np.where(contest, of_contest["period"], _period_table(plans)[plan, component, source])
    return Account(
        book=book,
        names=names,
        entries=entries,
        orders=orders,
        days=(_wide(entries["time"]) - closed) // DAY,
        months=_months(entries, sale_months, periods),
        team=np.where(contest, of_contest["team"], _team_table(plans)[plan, component]),
        recruiting=np.where(contest, of_contest["recruiting"], _recruiting_table(plans)[plan, source] & bonus),
        sale_months=sale_months,
        sales=np.where(paid, orders["goods"] - orders["refunded"], 0),
        last_day=(int(book.clock[0]["now"]) - 1) // DAY,
    )


def month_of(days: Integers) -> Integers:
    """Months since 1970-01 of days since 1970-01-01."""
    return days.astype("M8[D]").astype("M8[M]").astype(np.int64)


def last_day_of(months: Integers) -> Integers:
    """The last day of each month."""
    return (months + 1).astype("M8[M]").astype("M8[D]").astype(np.int64) - 1


def month_name(month: int) -> str:
    """A month as 2026-03."""
    return str(np.datetime64(int(month), "M"))


def _wide(column: NDArray[Any]) -> Integers:
    return column.astype(np.int64)


def _months(entries: Records, sale_months: Integers, periods: Integers) -> Integers:
    """The month that each entry is for; `periods` has the `Period` of those that belong to one."""
    months = month_of(_wide(entries["time"]) // DAY)
    of_period = entries["period"] >= 0
    months = np.where(of_period, _month_of_period(_wide(entries["period"]), periods), months)
    of_order = entries["order"] >= 0
    months[of_order] = sale_months[entries["order"][of_order]]
    back = entries["reverses"] >= 0
    months[back] = months[entries["reverses"][back]]
    return months


def _month_of_period(numbers: Integers, periods: Integers) -> Integers:
    """The month in which the last day of a day, week or month lies."""
    month = periods == Period.month
    last = np.where(periods == Period.week, 7 * numbers + 3, np.where(month, 0, numbers))
    return np.where(month, numbers - _YEAR_0, month_of(last))


def _period_table(plans: Sequence[Plan]) -> Integers:
    """The `Period` of what is booked by periods: (plans, components, bonuses + 1), the last for what is no bonus."""
    table = np.full((len(plans), len(Component), 1 + _most_bonuses(plans)), Period.month, np.int64)
    for number, plan in enumerate(plans):
        for component in (Component.ladder, Component.team, Component.dividend):
            if rule := getattr(plan.commission, component.name):
                table[number, component] = Period[rule.period]
        for source, bonus in enumerate(plan.bonuses):
            table[number, Component.bonus, source] = Period[bonus.period or "month"]
    return table


def _team_table(plans: Sequence[Plan]) -> NDArray[np.bool_]:
    """Whether a component is computed on a team's volume: (plans, components)."""
    table = np.zeros((len(plans), len(Component)), np.bool_)
    table[:, Component.team] = True
    for number, plan in enumerate(plans):
        ladder = plan.commission.ladder
        table[number, Component.ladder] = ladder is not None and ladder.measure in TEAM_VOLUMES
    return table


def _recruiting_table(plans: Sequence[Plan]) -> NDArray[np.bool_]:
    """Whether a bonus pays for recruiting: (plans, bonuses + 1). A gift to the newcomer is no pay to a recruiter."""
    table = np.zeros((len(plans), 1 + _most_bonuses(plans)), np.bool_)
    for number, plan in enumerate(plans):
        for source, bonus in enumerate(plan.bonuses):
            table[number, source] = bonus.recruits
    return table


def _contest_table(plans: Sequence[Plan]) -> NDArray[np.void]:
    """The `Period` of each contest's rounds (a day for one round in all), and what it pays for: (plans, contests)."""
    table = np.zeros((len(plans), 1 + max(len(plan.contests) for plan in plans)), _CONTEST)
    for number, plan in enumerate(plans):
        for row, contest in zip(table[number], plan.contests, strict=False):
            row["period"] = Period.day if contest.every == "once" else Period[contest.every]
            row["team"], row["recruiting"] = contest.of_team, contest.recruits
    return table


def _most_bonuses(plans: Sequence[Plan]) -> int:
    return max(len(plan.bonuses) for plan in plans)
