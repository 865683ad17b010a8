"""Base commission of a store by payee as others compute it: Polars, DuckDB, NumPy, plain Python.

Each gets its data as it likes it, prepared beforehand, and gives fen by member. Polars takes the number of its threads
from the environment when it is first imported, so it is imported late.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from time import perf_counter
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from benchmarks.store_columns import CATEGORIES, LEVELS, RANKS, Store, draw_store, percent
from rules.money import PPM

if TYPE_CHECKING:
    import polars as pl

Integers = NDArray[np.int64]
Tables = Mapping[str, Mapping[str, NDArray[Any]]]
"""Columns by table and name."""

SQL = """
    WITH RECURSIVE chain AS (
        SELECT member, upline AS payee, 1::TINYINT AS level FROM people WHERE upline >= 0
        UNION ALL
        SELECT chain.member, people.upline, (level + 1)::TINYINT
        FROM chain JOIN people ON people.member = chain.payee
        WHERE level < 3 AND people.upline >= 0
    ),
    paid_to AS (
        SELECT chain.member, payee, level, rank FROM chain JOIN people ON people.member = payee WHERE rank > 0
    )
    SELECT payee, sum(paid * rate // 1000000)::BIGINT AS earned
    FROM lines
    JOIN paid_to ON paid_to.member = buyer
    JOIN rates ON rates.level = paid_to.level AND rates.category = lines.category AND rates.rank = paid_to.rank
    GROUP BY payee
"""


def one_thread() -> None:
    """Let Polars use one thread, unless the environment says how many; before its first import."""
    os.environ.setdefault("POLARS_MAX_THREADS", "1")


def tariff() -> Integers:
    """Parts per million by level, category and rank; the lowest rank has none."""
    rates = [
        [
            [percent(level, rank, category) if rank else 0 for rank in range(len(RANKS))]
            for category, _ in enumerate(CATEGORIES)
        ]
        for level in range(1, LEVELS + 1)
    ]
    return np.array(rates)


def columns(store: Store) -> dict[str, dict[str, NDArray[Any]]]:
    """The tables of the store: lines with their buyers, people, rates."""
    rates = tariff()
    level, category, rank = (index.ravel() for index in np.indices(rates.shape))
    stated = rank > 0
    return {
        "lines": {
            "buyer": np.repeat(store.orders.buyer, np.diff(store.orders.first_line)),
            "category": store.orders.category,
            "paid": store.orders.paid,
        },
        "people": {
            "member": np.arange(len(store.members), dtype=np.int32),
            "upline": store.members.upline,
            "rank": store.members.rank,
        },
        "rates": {
            "level": (level[stated] + 1).astype(np.int8),
            "category": category[stated].astype(np.int16),
            "rank": rank[stated].astype(np.uint8),
            "rate": rates.ravel()[stated],
        },
    }


def frames(store: Store) -> dict[str, pl.DataFrame]:
    """The tables as Polars data frames."""
    import polars as pl

    return {name: pl.DataFrame(table) for name, table in columns(store).items()}


def polars_base(tables: Mapping[str, Any]) -> pl.DataFrame:
    """Base commission by payee, in Polars."""
    import polars as pl

    people = tables["people"].lazy()
    above = people.filter(pl.col("upline") >= 0).select("member", "upline")
    second = above.join(above.rename({"member": "upline", "upline": "second"}), on="upline")
    third = second.join(above.rename({"member": "second", "upline": "third"}), on="second")
    found = ((above, "upline"), (second, "second"), (third, "third"))
    chain = pl.concat(
        [
            one.select("member", payee=payee, level=pl.lit(level, pl.Int8))
            for level, (one, payee) in enumerate(found, start=1)
        ]
    )
    paid_to = chain.join(people.select("rank", payee="member").filter(pl.col("rank") > 0), on="payee")
    earned = (pl.col("paid") * pl.col("rate") // PPM).sum()
    lines = tables["lines"].lazy().join(paid_to, left_on="buyer", right_on="member")
    return (
        lines.join(tables["rates"].lazy(), on=["level", "category", "rank"])
        .group_by("payee")
        .agg(earned=earned)
        .collect()
    )


def polars_turns(lines: int, rounds: int) -> list[float]:
    """Seconds of each turn of Polars on a store drawn anew: for a process with threads of its own."""
    tables, walls = frames(draw_store(lines)), []
    for _ in range(rounds):
        begin = perf_counter()
        polars_base(tables)
        walls.append(perf_counter() - begin)
    return walls


def database(store: Store) -> duckdb.DuckDBPyConnection:
    """The tables in DuckDB, in memory."""
    made = duckdb.connect()
    for name, frame in frames(store).items():
        made.register("given", frame.to_arrow())
        made.execute(f"CREATE TABLE {name} AS FROM given")
    return made


def with_threads(made: duckdb.DuckDBPyConnection, threads: int) -> duckdb.DuckDBPyConnection:
    """The same database, to be used with so many threads."""
    made.execute(f"SET threads = {threads}")
    return made


def duckdb_base(made: duckdb.DuckDBPyConnection) -> dict[str, NDArray[Any]]:
    """Base commission by payee, in DuckDB: a recursive query."""
    return made.execute(SQL).fetchnumpy()


def numpy_base(tables: Tables) -> Integers:
    """Base commission by member, in NumPy: whole columns, level by level."""
    lines, upline, rank = tables["lines"], tables["people"]["upline"], tables["people"]["rank"]
    rates, earned = tariff(), np.zeros(len(upline), np.int64)
    payee = upline[lines["buyer"]]
    for level in range(LEVELS):
        somebody = np.flatnonzero(payee >= 0)
        given = payee[somebody]
        amount = lines["paid"][somebody] * rates[level, lines["category"][somebody], rank[given]] // PPM
        np.add.at(earned, given, amount)
        payee = np.where(payee >= 0, upline[payee], -1)
    return earned


def lists(store: Store) -> dict[str, list[Any]]:
    """The tables as Python lists."""
    lines = columns(store)["lines"]
    return {name: column.tolist() for name, column in lines.items()} | {
        "upline": store.members.upline.tolist(),
        "rank": store.members.rank.tolist(),
        "rates": tariff().tolist(),
    }


def python_base(tables: dict[str, list[Any]]) -> list[int]:
    """Base commission by member, in plain Python: line by line, up the chain."""
    upline, rank, rates = tables["upline"], tables["rank"], tables["rates"]
    earned = [0] * len(upline)
    for buyer, category, paid in zip(tables["buyer"], tables["category"], tables["paid"], strict=True):
        person = upline[buyer]
        for level in rates:
            if person < 0:
                break
            earned[person] += paid * level[category][rank[person]] // PPM
            person = upline[person]
    return earned
