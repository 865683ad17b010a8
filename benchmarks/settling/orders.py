"""Orders to settle: each pays three members out of many, drawn the same way every time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.store.sql.accounts import FIRST_WALLET, JournalKind, ShopAccount, journal_id
from sim.store.sql.digest import JOURNAL, MOVE

MEMBERS = 100_000
LEVELS = 3
LEGS = LEVELS + 1
_ONE, _KIND = journal_id(1, 0), journal_id(0, JournalKind.commission)


def orders(first: int, count: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """The journals of orders with these numbers, and what they move."""
    luck = np.random.default_rng(first)
    members, amounts = luck.integers(0, MEMBERS, (count, LEVELS)), luck.integers(1, 2_000, (count, LEVELS))
    rows, moves = np.zeros(count, JOURNAL), np.zeros((count, LEVELS), MOVE)
    rows["id"] = np.arange(first, first + count) * _ONE + _KIND
    rows["event_at"], rows["business_date"] = 1_700_000_000 + np.arange(count), 19_675
    rows["a0"], rows["x0"] = ShopAccount.commission, amounts.sum(1)
    for level in range(LEVELS):
        rows[f"a{level + 1}"], rows[f"x{level + 1}"] = FIRST_WALLET + members[:, level], -amounts[:, level]
        moves["journal"][:, level] = rows["id"]
        moves["member"][:, level], moves["pending"][:, level] = members[:, level], amounts[:, level]
    return rows, moves.ravel()


def postings(rows: NDArray[Any]) -> NDArray[Any]:
    """The same journals as a row a leg."""
    legs = np.empty((len(rows), LEGS), [("journal_id", "i8"), ("seq", "i2"), ("account", "i8"), ("amount", "i8")])
    legs["journal_id"] = rows["id"][:, None]
    legs["seq"] = np.arange(LEGS)
    for leg in range(LEGS):
        legs["account"][:, leg], legs["amount"][:, leg] = rows[f"a{leg}"], rows[f"x{leg}"]
    return legs.ravel()
