"""Opens a store: its tables, its members of whom nothing is known yet, what it sells, and its facts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Engine, select

from rules.errors import InputError
from rules.events import Names
from rules.plan.compile import compile_plans
from rules.plan.model import Plan
from sim.market import Market
from sim.store.pages import MemberPage, blank_pages
from sim.store.sql.bulk import insert_rows
from sim.store.sql.create import check_version, create, is_empty
from sim.store.sql.facts import StoreFacts
from sim.store.sql.schema import members, products, stock, store_facts, wallets


def open_store(
    engine: Engine, scenario: str, plans: Sequence[Plan], names: Names, people: int, start_day: int, market: Market
) -> StoreFacts:
    """Make a store in an empty database, or in one whose tables are empty.

    Args:
        engine: where. scenario: its name. plans: the first is in force. names: behind the numbers of events.
        people: how many members there can be. start_day: since 1970-01-01. market: what is sold.

    Raises:
        InputError: the database has something in it.
    """
    if is_empty(engine):
        create(engine)
    check_version(engine)
    with engine.connect() as connection:
        if connection.execute(select(store_facts.c.name).limit(1)).first():
            raise InputError(f"{engine.url.render_as_string()}: there is a store already", allowed="an empty database")
    compiled = compile_plans(plans, names, start_day)
    facts = StoreFacts(scenario, tuple(plans), names, start_day, people)
    numbers = np.arange(people, dtype=np.int64)
    with engine.begin() as connection:
        facts.save(connection)
        pages = blank_pages(people, len(compiled.meters), compiled.titles)
        insert_rows(connection, members, member_columns(pages))
        zeros = np.zeros(people, np.int64)
        money = dict.fromkeys(("pending", "held", "available", "withdrawing", "withdrawn"), zeros)
        insert_rows(connection, wallets, {"member": numbers, **money})
        skus = np.arange(len(market.skus), dtype=np.int64)
        told = {"sku": skus, "name": list(market.skus), "category": market.category, "price": market.price}
        insert_rows(connection, products, told)
        insert_rows(connection, stock, {"sku": skus, "bucket": np.zeros_like(skus), "pieces": market.stock})
    return facts


def member_columns(pages: Sequence[MemberPage]) -> dict[str, object]:
    """Columns of the table of members."""
    rows = np.concatenate([page.row for page in pages])
    told = {name: rows[name] for name in ("upline", "joined_at", "bound_at", "rank", "frozen")}
    return told | {
        "id": np.array([page.id for page in pages], np.int64),
        "next_midnight": np.array([page.next_midnight for page in pages], np.int64),
        "due_at": np.array([page.due_at for page in pages], np.int64),
        "book": [page.to_bytes() for page in pages],
    }
