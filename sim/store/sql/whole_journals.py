"""Journals of a day of the whole book: the same kinds and numbers as `sim.store.journals` gives them event by event.

Entries of one order, made in one second, are one journal, and so is what was taken back of them; entries without an
order are one journal a member and second. All refunds of an order in a batch are one journal of money, with the number
of the first of them: what each of them gave back, only their sum is known of.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from rules.events import DAY, Records
from rules.payout.stages import HISTORY, Transition
from rules.records import WithdrawalStatus
from sim.rows import at_least, within_runs
from sim.store.journals import PERIOD_BITS, of_transition
from sim.store.sql.accounts import FIRST_WALLET, MOST_NUMBER, JournalKind, ShopAccount
from sim.store.sql.digest import JOURNAL
from sim.store.sql.writing import journal_rows

_COMMISSION, _CLAWBACK, _PERIOD = int(JournalKind.commission), int(JournalKind.clawback), int(JournalKind.period)
_IN_ROW = 3
"""Members whose wallets have room in one row of a journal, beside the shop's expense."""
Numbers = NDArray[np.int64]


@dataclass
class Counts:
    """How many journals and refunds there are so far: where the next one's number goes on.

    Attributes:
        commissions, clawbacks, refunds: by order. periods: by member.
    """

    commissions: Numbers = field(default_factory=lambda: np.zeros(64, np.int64))
    clawbacks: Numbers = field(default_factory=lambda: np.zeros(64, np.int64))
    refunds: Numbers = field(default_factory=lambda: np.zeros(64, np.int64))
    periods: Numbers = field(default_factory=lambda: np.zeros(64, np.int64))

    def make_room(self, orders: int, members: int) -> None:
        """Let there be a count for so many orders and members."""
        for name in ("commissions", "clawbacks", "refunds"):
            setattr(self, name, at_least(getattr(self, name), orders))
        self.periods = at_least(self.periods, members)

    def of_kind(self, kind: int) -> Numbers:
        """The counts that number a kind of journal of entries."""
        return {_COMMISSION: self.commissions, _CLAWBACK: self.clawbacks, _PERIOD: self.periods}[kind]


def of_entries(book: Book, first: int, counts: Counts) -> tuple[NDArray[Any], Numbers]:
    """Journals of the entries from row `first` on, and the number of the journal of each of these entries.

    Raises:
        ValueError: an order has had more of a kind than there are numbers.
    """
    entries = book.rows("entries")[first:]
    if not len(entries):
        return np.zeros(0, JOURNAL), np.zeros(0, np.int64)
    late = book.rows("pieces")["entry"]  # paid when days went by, without an event on the order
    alone = (entries["order"] < 0) | np.isin(np.arange(first, first + len(entries)), late)
    kind = np.where(alone, _PERIOD, np.where(entries["reverses"] >= 0, _CLAWBACK, _COMMISSION))
    subject = np.where(alone, entries["member"], entries["order"]).astype(np.int64)
    order = np.lexsort((entries["member"], entries["time"], subject, kind))
    kind, subject = kind[order], subject[order]
    time, member, amount = (entries[name][order] for name in ("time", "member", "amount"))
    of_owner = _begins(kind, subject)
    of_journal = of_owner | _begins(time)
    ids = _numbered(kind[of_journal], subject[of_journal], counts)
    journal = np.cumsum(of_journal) - 1
    of_entry = np.empty(len(entries), np.int64)
    of_entry[order] = ids[journal]
    of_wallet = of_journal | _begins(member)
    owed = np.add.reduceat(amount, np.flatnonzero(of_wallet))
    rows = _rows(ids, time[of_journal], journal[of_wallet], member[of_wallet], owed)
    return rows, of_entry


def _begins(*columns: NDArray[Any]) -> NDArray[np.bool_]:
    """Where any of the columns differs from the row before."""
    first = np.ones(len(columns[0]), np.bool_)
    first[1:] = False
    for one in columns:
        first[1:] |= one[1:] != one[:-1]
    return first


def _numbered(kind: NDArray[np.int_], subject: Numbers, counts: Counts) -> Numbers:
    """The numbers of new journals, which stand sorted by kind and subject; the counts go up with them."""
    ids = np.empty(len(kind), np.int64)
    for one in np.unique(kind).tolist():
        chosen, count = kind == one, counts.of_kind(one)
        number = count[subject[chosen]] + within_runs(subject[chosen])
        np.add.at(count, subject[chosen], 1)
        about, last = subject[chosen], number
        if one == _PERIOD:
            about, last = about << PERIOD_BITS | number, np.zeros_like(number)
        if (number >> PERIOD_BITS).any() or last.max() > MOST_NUMBER:
            raise ValueError(f"{number.max() + 1} journals of kind {one} about one thing")
        ids[chosen] = (about << 6 | one) << 6 | last
    return ids


def _rows(ids: Numbers, times: Numbers, journal: Numbers, member: Numbers, owed: Numbers) -> NDArray[Any]:
    """Rows of journals: the shop's expense, and up to three wallets each.

    Args:
        ids, times: by journal. journal: the place of each wallet's journal. member, owed: of each wallet.
    """
    place = within_runs(journal)
    begins = place % _IN_ROW == 0
    row_of = np.cumsum(begins) - 1
    rows = np.zeros(int(begins.sum()), JOURNAL)
    rows["id"], rows["part"] = ids[journal[begins]], place[begins] // _IN_ROW
    rows["event_at"] = times[journal[begins]]
    rows["business_date"] = rows["event_at"] // DAY
    rows["a0"], rows["x0"] = int(ShopAccount.commission), np.add.reduceat(owed, np.flatnonzero(begins))
    for leg in range(_IN_ROW):
        here = place % _IN_ROW == leg
        rows[f"a{leg + 1}"][row_of[here]] = FIRST_WALLET + member[here]
        rows[f"x{leg + 1}"][row_of[here]] = -owed[here]
    return rows


def of_payments(orders: Records, numbers: Numbers) -> NDArray[Any]:
    """Journals of the money that came in for orders that are newly paid."""
    paid = orders["goods"] + orders["freight"]
    ids = (numbers << 6 | int(JournalKind.pay)) << 6
    return _between(ShopAccount.channel, ShopAccount.sales, ids, orders["paid_at"], paid)


def of_refunds(numbers: Numbers, returned: Numbers, times: Numbers, counts: Counts) -> NDArray[Any]:
    """Journals of the money that went back; their numbers are those of refunds that are not counted yet."""
    number = counts.refunds[numbers]
    if number.max(initial=0) > MOST_NUMBER:
        raise ValueError(f"{number.max() + 1} refunds of one order")
    ids = (numbers << 6 | int(JournalKind.refund)) << 6 | number
    return _between(ShopAccount.sales, ShopAccount.channel, ids, times, returned)


def _between(to: ShopAccount, source: ShopAccount, ids: Numbers, times: Numbers, amounts: Numbers) -> NDArray[Any]:
    rows = np.zeros(len(ids), JOURNAL)
    rows["id"], rows["event_at"], rows["business_date"] = ids, times, times // DAY
    rows["a0"], rows["a1"], rows["x0"], rows["x1"] = int(to), int(source), amounts, -amounts
    return rows


def of_withdrawals(numbers: Numbers, now: Records, before: NDArray[Any]) -> NDArray[Any]:
    """Journals of the transitions that withdrawals went through.

    Args:
        numbers: of the withdrawals. now: `WITHDRAWAL`. before: the status that each had, -1 = there was none.
    """
    made: list[tuple[int, ...]] = []
    for number, row, status in zip(numbers.tolist(), now, before.tolist(), strict=True):
        been = HISTORY[WithdrawalStatus(status)] if status >= 0 else ()
        for transition in HISTORY[WithdrawalStatus(int(row["status"]))]:
            if transition not in been and transition is not Transition.unknown:
                made += journal_rows(of_transition(number, row, transition, _moment(row, transition)))
    return np.array(made, JOURNAL)


def _moment(row: Any, transition: Transition) -> int:  # noqa: ANN401 - a row of `WITHDRAWAL`
    """When a withdrawal went through a transition."""
    if transition is Transition.requested:
        return int(row["time"])
    return int(row["sent_at"] if transition is Transition.sent else row["done_at"])
