"""The compiled engine: events and a book in, commission entries and the book out.

It walks the log once, in order, with everything it needs in record arrays. Before each event, whatever was due by then
happens: closes at local midnight, automatic receipt, settlement. Cutting a log into batches anywhere changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rules.admission import admit
from rules.book import Book, open_book
from rules.commission.area import appoint
from rules.commission.campaign import budget_ids
from rules.events import Names, Records
from rules.opening import Opening
from rules.plan.compile import compile_plans
from rules.plan.compiled import Compiled
from rules.plan.model import Plan
from rules.records import NEVER
from rules.walk import run_events


class CommissionEngine(Protocol):
    """What both engines are: events in, new entries out, in the order in which they came to be."""

    def enrol(self, member: int, opening: Opening, day: int) -> None:
        """Put a member into the book as it is opened on `day`, before the first event."""
        ...

    def apply(self, events: Records) -> Records:
        """Take events that are not earlier than any before; return the new `ENTRY` rows."""
        ...


class Engine:
    """The engine for millions of events.

    Attributes:
        book: all state; read it freely, write it never.
        plans: the compiled plans.
        arm_ranks: by arm, the ranks of the plan that it begins with, lowest first.
        campaign_ids: the campaigns that have a budget, in the order of the book's.
    """

    def __init__(
        self, plans: Compiled, book: Book, arm_ranks: Sequence[Sequence[str]], campaign_ids: Sequence[str] = ()
    ) -> None:
        self.plans, self.book, self.campaign_ids = plans, book, list(campaign_ids)
        self.arm_ranks = [list(ranks) for ranks in arm_ranks]
        self._tables = plans.tables()

    @classmethod
    def open(
        cls, plans: Sequence[Plan], names: Names, members: int, start_day: int, arms: Sequence[int] = (0,)
    ) -> Engine:
        """An engine with an empty book for a market of `members` people.

        `arms` are the numbers of the plans that each arm begins with; everybody is in the first.
        """
        return cls.with_tables(compile_plans(plans, names, start_day), plans, names, members, arms)

    @classmethod
    def with_tables(
        cls, compiled: Compiled, plans: Sequence[Plan], names: Names, members: int, arms: Sequence[int] = (0,)
    ) -> Engine:
        """The same where the plans are compiled already."""
        dynamic = any(plan.commission.dynamic for plan in plans)
        skus = len(names.skus) if dynamic else 0
        campaigns = budget_ids(plans)
        sizes = (len(compiled.meters), compiled.titles, skus, len(campaigns))
        book = open_book(members, *sizes, arms, len(compiled.races))
        return cls(compiled, book, [[rank.id for rank in plans[number].ranks] for number in arms], campaigns)

    def enrol(self, member: int, opening: Opening, day: int) -> None:
        """Put a member into the book as it is opened on `day`, before the first event."""
        row = self.book.members[member]
        ranks = self.arm_ranks[opening.arm]
        row["arm"] = opening.arm
        row["rank"] = 0 if opening.rank is None else ranks.index(opening.rank)
        row["upline"] = -1 if opening.inviter is None else opening.inviter
        row["joined_at"] = row["bound_at"] = opening.joined_at
        row["frozen"], row["real_name"], row["tax_registered"] = (
            opening.frozen,
            opening.real_name,
            opening.tax_registered,
        )
        row["e_signed"], row["credit"] = opening.e_signed, opening.credit
        row["appointed"] = opening.promoter or row["rank"] > 0
        row["qualified"] = opening.promoter
        row["available"] = row["earned"] = opening.balance
        row["promoted"] = opening.volume
        row["orders"], row["streak"], row["streak_day"] = opening.orders, opening.streak, day - 1
        row["points"], row["clicks"] = opening.points, opening.clicks
        row["promoter_since"] = opening.joined_at if row["rank"] else NEVER
        if opening.inviter is not None:
            self.book.members[opening.inviter]["team"] += 1
        row["first_paid_at"] = opening.joined_at if opening.orders else NEVER
        self.book.volumes[self.plans.meters["measure"] == 1, member] = opening.volume
        if opening.area >= 0:
            self.book.know_areas(opening.area + 1)
            appoint(self.book.arrays(), member, opening.area)

    def budgets_used(self) -> dict[str, int]:
        """Fen that each campaign with a budget has spent of it, by id."""
        return dict(zip(self.campaign_ids, self.book.budgets.tolist(), strict=True))

    def verify_everybody(self) -> None:
        """Note that everybody has shown a real name, is registered for tax and has signed, as withdrawals may ask."""
        for name in ("real_name", "tax_registered", "e_signed"):
            self.book.members[name] = True

    def apply(self, events: Records) -> Records:
        """Take events that are not earlier than any before; return the new `ENTRY` rows.

        Raises:
            InputError: events out of order in time, or amounts that no order can have.
        """
        area = admit(events, int(self.book.clock[0]["now"]), len(self.book.members), self.plans.plans)
        self.book.know_areas(area + 1)
        before = int(self.book.clock[0]["entries"])
        done = 0
        while True:
            done = run_events(events, done, self.book.arrays(), self._tables)
            if done == len(events):
                return self.book.rows("entries")[before:]
            self.book.make_room(int(self.book.clock[0]["wanted"]))
