"""What the ledger says when it is asked: balances, a member's statement, totals, and whether wallets agree with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, text

from sim.store.sql.accounts import journal_id, parts_of_id, wallet_of


class Line(NamedTuple):
    """A line of a member's statement: what a journal adds to the wallet, and what the wallet comes to after it."""

    journal: int
    kind: int  # an `accounts.JournalKind`
    event_at: int
    amount: int
    balance: int


class Uneven(NamedTuple):
    """A wallet that is not what the ledger says, in fen."""

    member: int
    wallet: int
    ledger: int


@dataclass(frozen=True)
class Totals:
    """The ledger in a few numbers; `debits` and `credits` cancel out, `owed` is what all wallets hold."""

    journals: int
    rows: int
    debits: int
    credits: int
    wallets: int
    owed: int
    uneven: int

    @property
    def holds(self) -> bool:
        """Whether the books are even."""
        return self.debits + self.credits == 0 and self.uneven == 0


def trial_balance(connection: Connection) -> dict[int, int]:
    """What every account comes to, from the postings alone; it sums to 0."""
    found = connection.execute(text("SELECT account, amount FROM balances ORDER BY account"))
    return {int(account): int(amount) for account, amount in found}


def uneven_wallets(connection: Connection) -> list[Uneven]:
    """Wallets that are not what the ledger says: none, always."""
    found = connection.execute(text("SELECT member, wallet, ledger FROM uneven_wallets ORDER BY member"))
    return [Uneven(*map(int, row)) for row in found]


def totals(connection: Connection) -> Totals:
    """The ledger in a few numbers, all of one moment where the connection's transaction sees one."""
    counted = connection.execute(text("SELECT COUNT(DISTINCT id), COUNT(*) FROM journal")).one()
    summed = connection.execute(
        text(
            "SELECT COALESCE(SUM(CASE WHEN amount > 0 THEN amount END), 0), "
            "COALESCE(SUM(CASE WHEN amount < 0 THEN amount END), 0) FROM postings"
        )
    ).one()
    wallets = connection.execute(
        text("SELECT COUNT(*), COALESCE(SUM(pending + held + available), 0) FROM wallets")
    ).one()
    uneven = connection.execute(text("SELECT COUNT(*) FROM uneven_wallets")).scalar_one()
    return Totals(*(int(one) for one in (*counted, *summed, *wallets, uneven)))


def statement(connection: Connection, member: int) -> list[Line]:
    """What moved a member's wallet, the oldest first.

    The journal has no index by account, which would cost a third of the speed of posting. None is needed: a journal
    that moves a wallet belongs to an entry of the member or to a withdrawal, and both know their member and journals.
    """
    account = wallet_of(member)
    added = " + ".join(f"CASE WHEN j.a{leg} = :account THEN -j.x{leg} ELSE 0 END" for leg in range(4))
    wanted = f"j.id, j.part, j.event_at, {added} AS amount"
    found = connection.execute(
        text(
            f"SELECT {wanted} FROM entries e JOIN journal j ON j.id = e.journal_id WHERE e.member = :member "
            f"UNION SELECT {wanted} FROM withdrawals w JOIN journal j "
            "ON j.id BETWEEN w.id * :journals AND w.id * :journals + :journals - 1 WHERE w.member = :member"
        ),
        {"account": account, "member": member, "journals": _JOURNALS},
    )
    moved: dict[tuple[int, int], int] = {}
    for number, _, event_at, amount in found:
        moved[event_at, number] = moved.get((event_at, number), 0) + int(amount)
    lines, balance = [], 0
    for (event_at, number), amount in sorted(moved.items()):
        if amount:
            balance += amount
            lines.append(Line(number, parts_of_id(number)[1], event_at, amount, balance))
    return lines


_JOURNALS = journal_id(1, 0)
"""How many numbers of journals one subject has."""
