"""Duration: for how long a customer's orders earn commission, counted from the customer's first paid order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.book import Rows
from rules.calendar import date_of, day_of, months_later, months_on
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
    return months > 0 and time < day_of(months_on(date_of(first), months)) * DAY + first % DAY
