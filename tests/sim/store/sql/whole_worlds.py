"""For tests of a whole book in a database: stores filled by a log, batch by batch, and what is then in them."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import numpy as np
from sqlalchemy import Engine, text

from rules.engine import Engine as Rules
from rules.events import Names, Records
from rules.plan.model import Plan
from sim.store.sql.facts import StoreFacts
from sim.store.sql.opening import fill
from sim.store.sql.whole import WholeBook

ENTRY = ("time", "order", "member", "amount", "base", "rate", "reverses", "period", "line", "plan", "source")
ENTRY += ("level", "component")
MONEY = ("pending", "held", "available", "withdrawing", "withdrawn")


def shop(skus: int) -> Any:
    """Something to sell: so many products, with very many pieces of each."""
    many = np.full(skus, 1_000_000)
    return SimpleNamespace(skus=[f"s{one}" for one in range(skus)], category=many * 0, price=many, stock=many)


def written(
    engine: Engine, rules: Rules, plans: list[Plan], names: Names, start_day: int, batches: Iterable[Records]
) -> WholeBook:
    """A store, empty but for its tables, into which batches of events were written, with pages for clients."""
    facts, sold = StoreFacts("test", tuple(plans), names, start_day, len(rules.book.members)), shop(len(names.skus))
    with engine.connect() as connection:
        with connection.begin():
            fill(connection, facts, sold)
        whole = WholeBook(rules, sold, connection, facts)
        for batch in batches:
            whole.apply(batch)
        whole.finish()
    return whole


def rows(engine: Engine, statement: str) -> list[tuple[int, ...]]:
    """Whole numbers that a statement answers."""
    with engine.connect() as connection:
        return [tuple(map(int, row)) for row in connection.execute(text(statement))]


def entries_in(engine: Engine) -> list[tuple[int, ...]]:
    """The entries of a store, in the order of their numbers."""
    columns = ", ".join("order_id" if name == "order" else name for name in ENTRY)
    return rows(engine, f"SELECT {columns} FROM entries ORDER BY id")


def told(entries: Records) -> list[tuple[int, ...]]:
    """The same of entries of a book."""
    return entries[list(ENTRY)].tolist()


def assert_even(engine: Engine) -> None:
    """The ledger sums to 0, wallets are what it says, and every entry is in a journal that is there."""
    assert rows(engine, "SELECT * FROM uneven_wallets") == []
    assert rows(engine, "SELECT COALESCE(SUM(amount), 0) FROM postings") == [(0,)]
    lost = "SELECT COUNT(*) FROM entries e LEFT JOIN journal j ON j.id = e.journal_id AND j.part = 0 WHERE j.id IS NULL"
    assert rows(engine, lost) == [(0,)]


def wallets_in(engine: Engine) -> list[tuple[int, ...]]:
    """Every member's money."""
    return rows(engine, f"SELECT {', '.join(MONEY)} FROM wallets ORDER BY member")
