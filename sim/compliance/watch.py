"""The monitor of a running world: follows the referral forest day by day, and counts the rest from the book at the end.

A book keeps every order, entry and payout with its time, so all that is counted of them can be counted afterwards, to
the same fen and the same day; only bindings leave no trace in it. One watch serves a run and a replayed log alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from rules.book import Book
from rules.calendar import date_of
from rules.compliance.evidence import Evidence
from rules.events import DAY, Names, Records
from rules.plan.model import Plan
from sim.compliance import counting
from sim.compliance.account import account_of
from sim.compliance.payouts import entry_purchase, near_thresholds
from sim.compliance.tree import Forest


class Watch:
    """Watches one world under its plans.

    Args:
        book: as before the first event.
    """

    def __init__(self, book: Book) -> None:
        self._forest = Forest(len(book.members))
        self._promoters = book.members["promoter_since"] >= 0

    def observe(self, day: int, events: Records, book: Book) -> None:
        """Take in a batch of a day's events; days come in order.

        Args:
            day: `time // DAY`.
            events: the batch, as the engine saw it.
            book: as right after it.
        """
        self._forest.observe(day, events, book)

    def evidence(self, book: Book, plans: Sequence[Plan], names: Names) -> Evidence:
        """Everything that was seen up to now.

        Args:
            book: as it is now.
            plans: by number. names: behind the numbers of members and orders.
        """
        account = account_of(book, plans, names)
        paid = int((account.orders["paid_at"] >= 0).sum())
        return Evidence(
            orders=paid,
            last_day=date_of(account.last_day * DAY) if account.last_day >= 0 else None,
            measures={
                "levels": counting.levels(account),
                "paid_persons": counting.paid_persons(account),
                "order_ratio": counting.order_ratio(account),
                "person_ratio": counting.person_ratio(account),
                "team_share": counting.team_share(account),
                "team_pay": counting.team_pay(account),
                "recruit_pay": counting.recruit_pay(account),
                "own_sales_ratio": counting.own_sales_ratio(account),
                "tree_people": counting.tree_people(account, self._forest),
                "inside_share": counting.inside_share(account),
            },
            entry_purchase=entry_purchase(account, plans, self._promoters),
            payouts=near_thresholds(account, plans),
        )
