"""Duration: for how long a customer's orders earn commission, counted from the customer's first paid order."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING

from rules.book import Rows
from rules.calendar import months_later
from rules.events import DAY, Records
from rules.jit import kernel
from rules.plan.compiled import NONE, Tables
from rules.readable import Member
from rules.records import NEVER

if TYPE_CHECKING:
    from rules.plan.model import Plan


def fill_duration(row: Records, plan: Plan) -> None:
    """Write what this mechanism needs of a plan into its `PLAN` row."""
    months = plan.semantics.duration_months
    row["duration_months"] = NONE if months is None else months


@kernel
def lasts(book: Rows, plan: Tables, order: int, time: int) -> bool:
    """Whether an order that is paid at `time` still earns commission; with 0 months only the first does."""
    row = book.orders[order]
    months, first = plan.plans[row.plan].duration_months, book.members[row.buyer].first_paid_at
    if months == NONE or first == NEVER or first >= time:
        return True
    return bool(months > 0 and time < months_later(first // DAY, months) * DAY + first % DAY)


@kernel
def note_first_paid(book: Rows, buyer: int, time: int) -> None:
    """Remember when a customer's first order was paid."""
    if book.members[buyer].first_paid_at == NEVER:
        book.members[buyer].first_paid_at = time


def still_lasts(plan: Plan, buyer: Member, time: int) -> bool:
    """Whether an order that is paid at `time` still earns commission: the readable rule."""
    months, first = plan.semantics.duration_months, buyer.first_paid_at
    if months is None or first is None or first >= time:
        return True
    return months > 0 and time < _months_after(first, months)


def _months_after(time: int, months: int) -> int:
    """The same time of day some months later, on the month's last day where it is shorter; by Python's calendar."""
    date = dt.date(1970, 1, 1) + dt.timedelta(days=time // DAY)
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    later = dt.date(year, month + 1, min(date.day, last))
    return (later - dt.date(1970, 1, 1)).days * DAY + time % DAY
