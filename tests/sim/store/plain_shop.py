"""A store of pages in dictionaries, for one client: no locks, no transactions, nothing that could go wrong."""

from __future__ import annotations

from typing import Any

from sim.store.asks import (
    Ask,
    Change,
    FindWithdrawal,
    LockMembers,
    LockOrder,
    LockWithdrawals,
    ReadUplines,
    Reply,
    Seen,
    TakeStock,
    Talk,
    Write,
)
from sim.store.pages import MemberPage, OrderPage, WithdrawalPage


class PlainShop:
    """Keeps pages as bytes, as a database does, and every change."""

    def __init__(self, members: list[MemberPage]) -> None:
        self._sizes = len(members[0].volumes), len(members[0].titles)
        self.members = {page.id: page.to_bytes() for page in members}
        self.orders: dict[int, bytes] = {}
        self.withdrawals: dict[int, bytes] = {}
        self.changes: list[Change] = []

    def serve(self, talk: Talk) -> Reply:
        """Answer a desk until it replies."""
        answer: Any = None
        while True:
            try:
                ask = talk.send(answer)
            except StopIteration as end:
                return end.value
            answer = self.answer(ask)

    def member(self, number: int) -> MemberPage:
        return MemberPage.from_bytes(number, self.members[number], *self._sizes)

    def order(self, number: int) -> OrderPage | None:
        return OrderPage.from_bytes(number, self.orders[number]) if number in self.orders else None

    def answer(self, ask: Ask) -> Any:
        match ask:
            case LockOrder(order):
                return self.order(order)
            case LockMembers(members):
                return [self.member(one) for one in members]
            case LockWithdrawals(member):
                drawn = [WithdrawalPage.from_bytes(one, kept) for one, kept in sorted(self.withdrawals.items())]
                return [page for page in drawn if page.row["member"][0] == member]
            case FindWithdrawal(number):
                kept = self.withdrawals.get(number)
                return None if kept is None else int(WithdrawalPage.from_bytes(number, kept).row["member"][0])
            case ReadUplines(member, steps):
                found = []
                while member >= 0 and len(found) <= steps:
                    row = self.member(member).row[0]
                    found.append((member, int(row["upline"]), int(row["clicked_by"])))
                    member = int(row["upline"])
                return found
            case Seen(source):
                return next((one.made.refusal for one in self.changes if one.source == source), None)
            case TakeStock(_, pieces):
                return [0] * len(pieces)
            case Write(change):
                self._write(change)
        return None

    def _write(self, change: Change) -> None:
        self.changes.append(change)
        for page in change.made.members:
            self.members[page.id] = page.to_bytes()
        for drawn in change.made.withdrawals:
            self.withdrawals[drawn.id] = drawn.to_bytes()
        if change.made.order is not None:
            self.orders[change.made.order.id] = change.made.order.to_bytes()
