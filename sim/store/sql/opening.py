"""Opens a store: its tables, its members of whom nothing is known yet, what it sells, and its facts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, Engine, select

from rules.errors import InputError
from rules.events import Names
from rules.plan.compile import compile_plans
from rules.plan.model import Plan
from sim.market import Market
from sim.store.pages import MemberPage, blank_pages
from sim.store.sql.bulk import insert_rows
from sim.store.sql.connect import without_password
from sim.store.sql.create import check_version, create, is_empty
from sim.store.sql.facts import StoreFacts
from sim.store.sql.packing import Given
from sim.store.sql.schema import members, products, stock, store_facts, wallets
from sim.store.sql.writing import MEMBER_COLUMNS


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
    begin(engine)
    compiled = compile_plans(plans, names, start_day)
    facts = StoreFacts(scenario, tuple(plans), names, start_day, people)
    with engine.begin() as connection:
        pages = blank_pages(people, len(compiled.meters), compiled.titles)
        fill(connection, facts, market)
        insert_rows(connection, members, member_columns(pages))
    return facts


def begin(engine: Engine) -> None:
    """Make the tables of a store in an empty database; tables that are there and empty will do.

    Raises:
        InputError: the database has something in it.
    """
    if is_empty(engine):
        create(engine)
    check_version(engine)
    with engine.connect() as connection:
        if connection.execute(select(store_facts.c.name).limit(1)).first():
            raise InputError(f"{without_password(engine.url)}: there is a store already", allowed="an empty database")


def fill(connection: Connection, facts: StoreFacts, market: Market) -> None:
    """Write the first rows of a store, but for its members.

    Args:
        connection: in a transaction. facts: of the store. market: what is sold.
    """
    facts.save(connection)
    money: dict[str, Given | int] = dict.fromkeys(("pending", "held", "available", "withdrawing", "withdrawn"), 0)
    insert_rows(connection, wallets, money | {"member": np.arange(facts.people)})
    skus = np.arange(len(market.skus), dtype=np.int64)
    sold: dict[str, Given | int] = {
        "sku": skus,
        "name": list(market.skus),
        "category": market.category,
        "price": market.price,
    }
    insert_rows(connection, products, sold)
    insert_rows(connection, stock, {"sku": skus, "bucket": np.zeros_like(skus), "pieces": market.stock})


def member_columns(pages: Sequence[MemberPage]) -> dict[str, Given | int]:
    """Columns of the table of members."""
    rows = np.concatenate([page.row for page in pages])
    told: dict[str, Given | int] = {name: rows[name] for name in MEMBER_COLUMNS}
    return told | {
        "id": np.array([page.id for page in pages], np.int64),
        "next_midnight": np.array([page.next_midnight for page in pages], np.int64),
        "due_at": np.array([page.due_at for page in pages], np.int64),
        "book": [page.to_bytes() for page in pages],
    }
