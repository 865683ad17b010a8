"""The ledger against orders, entries, withdrawals and wallets; what one journal explains is reported once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select, text

from rules.payout.stages import HISTORY, Transition
from rules.records import WithdrawalStatus
from sim.experiments.metric_names import Text
from sim.store.journals import PERIOD_BITS, of_transition
from sim.store.pages import MemberPage, OrderPage
from sim.store.sql.accounts import JournalKind, journal_id, parts_of_id
from sim.store.sql.digest import JOURNAL, LEGS, digests
from sim.store.sql.facts import StoreFacts
from sim.store.sql.schema import entries, journal, members, orders
from sim.store.sql.writing import journal_rows
from sim.stress.reconcile import queries
from sim.stress.reconcile.kinds import BOOKED_WRONG, CHANGED_AFTER, STATE_ONLY, Difference
from sim.stress.reconcile.queries import ask

_MONEY = ("pending", "held", "available", "withdrawing", "withdrawn")


def money_differences(connection: Connection) -> Iterator[Difference]:
    """Journals of payments and refunds against the orders that they are for."""
    for order, due, paid_at, there, amount in ask(connection, queries.PAY_JOURNALS):
        seen: dict[str, int | str] = {"orders": due, "ledger": amount if there else "none"}
        if there:
            why = _why(connection, journal_id(order, JournalKind.pay))
            yield Difference("journal_amount", f"payment of order {order}", abs(amount - due), paid_at, seen, why)
        else:
            yield Difference("journal_missing", f"payment of order {order}", due, paid_at, seen)
    for order, ours, count, amount, last in ask(connection, queries.REFUND_JOURNALS):
        altered = count and _why(connection, last)
        kind = "journal_amount" if altered is CHANGED_AFTER or (count and amount > ours) else "journal_missing"
        why = altered if kind == "journal_amount" and isinstance(altered, Text) else None
        seen = {"orders": ours, "ledger": amount if count else "none"}
        yield Difference(kind, f"refund of order {order}", abs(amount - ours), -1, seen, why)
    for number, amount, at in ask(connection, queries.UNFOUNDED):
        order, kind_number, _ = parts_of_id(number)
        subject = f"{JournalKind(kind_number).name} of order {order}"
        yield Difference("journal_unfounded", subject, amount, at, {"ledger": amount, "orders": "none"})


def entry_differences(connection: Connection, facts: StoreFacts) -> Iterator[Difference]:
    """Commission entries against the journals that book them; `facts` of the store say how its pages are to be read."""
    found: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for row in ask(connection, queries.ENTRIES):
        found[row[0]].append(row)
    for number, rows in found.items():
        subject, kind, _ = parts_of_id(number)
        about = f"member {subject >> PERIOD_BITS}" if kind == JournalKind.period else f"order {subject}"
        entered, posted = (sum(row[place] for row in rows) for place in (2, 3))
        seen: dict[str, int | str] = {"entries": entered, "ledger": posted}
        why = _why(connection, number)
        if why is None:
            seen["ledger"] = "none"
            yield Difference("journal_missing", f"{JournalKind(kind).name} of {about}", entered, rows[0][4], seen)
        elif why is CHANGED_AFTER:
            worth = max(abs(row[2] - row[3]) for row in rows)
            yield Difference("journal_amount", f"{JournalKind(kind).name} of {about}", worth, rows[0][4], seen, why)
        else:
            yield from _entries_on_page(connection, facts, number, rows, about)


def _entries_on_page(
    connection: Connection, facts: StoreFacts, number: int, rows: list[tuple[int, ...]], about: str
) -> Iterator[Difference]:
    """Entries of a journal that is as it was booked, against the page of their order or member."""
    subject, kind, _ = parts_of_id(number)
    kept = _page_entries(connection, facts, subject, kind)
    stood = select(entries.c.id, entries.c.amount, entries.c.member).where(entries.c.journal_id == number)
    there = {int(one): (int(amount), int(member)) for one, amount, member in connection.execute(stood)}
    told = False
    for one, (member, amount) in kept.items():
        if one not in there and any(row[1] == member and row[3] - row[2] == amount for row in rows):
            seen: dict[str, int | str] = {"entries": "none", "ledger": amount, "book": amount}
            yield Difference("entry_deleted", f"entry {one} of {about}, member {member}", abs(amount), -1, seen)
            told = True
        elif one in there and there[one] != (amount, member):
            seen = {"entries": there[one][0], "ledger": amount, "book": amount}
            worth = abs(there[one][0] - amount)
            yield Difference("entry_altered", f"entry {one} of {about}, member {member}", worth, -1, seen)
            told = True
    if not told:  # no page says which: the sums have to do
        for _, member, entered, posted, at in rows:
            kind_of = "entry_altered" if entered else "entry_deleted"
            seen = {"entries": entered, "ledger": posted}
            yield Difference(kind_of, f"entries of {about}, member {member}", abs(entered - posted), at, seen)


def _page_entries(connection: Connection, facts: StoreFacts, subject: int, kind: int) -> dict[int, tuple[int, int]]:
    """Member and amount by the number of the entry, as the page of an order or a member has them."""
    if kind == JournalKind.period:
        member = subject >> PERIOD_BITS
        kept = connection.execute(select(members.c.book).where(members.c.id == member)).scalar()
        if not kept:
            return {}
        page = MemberPage.from_bytes(member, kept, *facts.sizes)
        return {int(one): (member, int(row["amount"])) for one, row in zip(page.ids, page.entries, strict=True)}
    kept = connection.execute(select(orders.c.book).where(orders.c.id == subject)).scalar()
    if not kept:
        return {}
    order = OrderPage.from_bytes(subject, kept)
    found = zip(order.ids, order.entries, strict=True)
    return {int(one): (int(row["member"]), int(row["amount"])) for one, row in found}


def _why(connection: Connection, number: int) -> Text | None:
    """Whether a journal is as it was booked: None where there is none."""
    columns = [journal.c[name] for name in JOURNAL.names or ()]
    asked = select(*columns, journal.c.digest).where(journal.c.id == number).order_by(journal.c.part)
    found = connection.execute(asked).all()
    if not found:
        return None
    rows = np.array([tuple(row)[:-1] for row in found], JOURNAL)
    return BOOKED_WRONG if digests(rows, np.array([0]))[0] == found[0].digest else CHANGED_AFTER


def withdrawal_differences(connection: Connection) -> Iterator[Difference]:
    """Journals of withdrawals against the withdrawals that they are for."""
    booked: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for row in ask(connection, queries.DRAWN):
        booked[row[0]].append(row)
    for number, member, status, amount, fee, tax, *moments in ask(connection, queries.WITHDRAWALS):
        told = {"member": member, "amount": amount, "fee": fee, "tax": tax}
        for transition in HISTORY[WithdrawalStatus(status)]:
            if transition is not Transition.unknown:
                yield from _transition(connection, number, told, transition, booked, max(moments))
    for number, rows in booked.items():
        subject, kind, _ = parts_of_id(number)
        yield Difference(
            "journal_unfounded",
            f"{JournalKind(kind).name} of withdrawal {subject}",
            max(rows[0][3:10:2]),
            rows[0][-1],
            {"ledger": max(rows[0][3:10:2]), "payouts": "none"},
        )


def _transition(
    connection: Connection,
    number: int,
    row: Mapping[str, int],
    transition: Transition,
    booked: dict[int, list[tuple[int, ...]]],
    at: int,
) -> Iterator[Difference]:
    """The journal of a transition against what it has to say; it is taken out of those that are booked."""
    due = of_transition(number, row, transition, at)
    found = booked.pop(due.id, None)
    subject, worth = f"{transition.value} of withdrawal {number}", row["amount"]
    if found is None:
        seen: dict[str, int | str] = {"payouts": worth, "ledger": "none"}
        yield Difference("journal_missing", subject, worth, at, seen)
    elif _legs(found) != _legs([(one[0], one[1], *_paired(one), 0) for one in journal_rows(due)]):
        posted = max(max(one[3:10:2]) for one in found)
        seen = {"payouts": worth, "ledger": posted}
        yield Difference("journal_amount", subject, abs(posted - worth), at, seen, _why(connection, due.id))


def _paired(row: tuple[int, ...]) -> Iterator[int]:
    """Accounts and amounts of a `JOURNAL` row, leg by leg."""
    for leg in range(LEGS):
        yield row[4 + leg]
        yield row[4 + LEGS + leg]


def _legs(rows: list[tuple[int, ...]]) -> dict[int, int]:
    """What each account gets, of rows of `queries.DRAWN`."""
    found: dict[int, int] = defaultdict(int)
    for row in rows:
        for account, amount in zip(row[2:10:2], row[3:10:2], strict=True):
            found[account] += amount
    return {account: amount for account, amount in found.items() if amount}


def wallet_differences(connection: Connection) -> Iterator[Difference]:
    """Wallets against ledger and entries, and against the pages of what the rules remember."""
    told = set()
    for member, wallet, posted, earned, under_way, out in ask(connection, queries.WALLETS):
        told.add(member)
        seen: dict[str, int | str] = {"wallet": wallet, "ledger": posted, "entries": earned}
        worth = abs(wallet - posted) or abs(under_way) or abs(out)
        yield Difference("wallet_changed", f"member {member}", worth, -1, seen)
    now, kept = _wallets(connection), _pages(connection)
    for member in kept.keys() - told:
        ours = now.get(member, (0,) * len(_MONEY))
        if ours != kept[member]:
            seen = {"wallet": _words(ours), "book": _words(kept[member])}
            worth = max(abs(a - b) for a, b in zip(ours, kept[member], strict=True))
            yield Difference("wallet_changed", f"member {member}", worth, -1, seen, STATE_ONLY)


def _words(money: tuple[int, ...]) -> str:
    return ", ".join(f"{name} {fen / 100:.2f}" for name, fen in zip(_MONEY, money, strict=True) if fen) or "0.00"


def _wallets(connection: Connection) -> dict[int, tuple[int, ...]]:
    rows = connection.execute(text(f"SELECT member, {', '.join(_MONEY)} FROM wallets"))
    return {int(member): tuple(map(int, money)) for member, *money in rows}


def _pages(connection: Connection) -> dict[int, tuple[int, ...]]:
    """Every member's money as the pages have it; nothing of pages that are not written."""
    size = MemberPage.head_size()
    found = [(int(one), bytes(kept)) for one, kept in connection.execute(_HEADS, {"size": size}) if len(kept) == size]
    rows: NDArray[Any] = MemberPage.rows_of(b"".join(kept for _, kept in found))
    money = rows[list(_MONEY)].tolist()
    return dict(zip((one for one, _ in found), map(tuple, money), strict=True))


_HEADS = text("SELECT id, SUBSTR(book, 1, :size) FROM members ORDER BY id")
