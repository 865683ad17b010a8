"""The compiled engine against columns and against plain Python, on the same order lines.

Base commission alone (three levels, by category, for promoters) is something that a columnar engine can do as well:
join every line with the three people above the buyer, look up a rate, round down, add up by payee. Polars and DuckDB do
that with all cores, from columns in memory; the engine walks a log of orders and payments on one core and leaves an
entry for every amount, and balances. `full` is what columns cannot do: the plan `three_tier` over the whole life of the
orders, with ranks, caps, bonuses, hold and settlement, refunds and monthly closes. The readable engine takes a slice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.common import Contestant, Figures, command, in_turns, rate
from benchmarks.store_log import CATEGORIES, START_DAY, Orders, draw_orders, life_log, paid_log
from rules.engine import Engine
from rules.events import Records
from rules.money import PPM, yuan
from rules.plan.model import Plan
from rules.plan.read import read_plan
from rules.trace import ReadableEngine
from scenarios.find import find

LINES, SMALL, SLICE = 1_000_000, 20_000, 5_000
ROUNDS = 5
RATES = ((80_000, 30_000, 50_000), (30_000, 10_000, 20_000), (20_000, 5_000, 10_000))
"""Parts per million by level and category."""

BASE_PLAN = """
plan: base_only
ranks: [{id: member}, {id: promoter}]
commission:
  base:
    levels:
      - {level: 1, rates: {fmcg: 8%, digital: 3%, home: 5%}, ranks: [promoter]}
      - {level: 2, rates: {fmcg: 3%, digital: 1%, home: 2%}, ranks: [promoter]}
      - {level: 3, rates: {fmcg: 2%, digital: 0.5%, home: 1%}, ranks: [promoter]}
"""

FIGURES = {
    "lines_per_second": "order lines a second: compiled engine, base commission alone, one core",
    "full_lines_per_second": "order lines a second: compiled engine, `three_tier`, whole life of the orders, one core",
    "polars": "order lines a second: base commission in Polars, all cores",
    "polars_entries": "the same in Polars without adding up: a table of entries, as the engine leaves one",
    "duckdb": "order lines a second: base commission in DuckDB, all cores",
    "duckdb_one_thread": "order lines a second: base commission in DuckDB, one thread",
    "python": "order lines a second: readable engine, base commission alone, a slice",
    "polars_ratio": "lines_per_second ÷ polars",
    "duckdb_ratio": "lines_per_second ÷ duckdb",
    "python_ratio": "lines_per_second ÷ python",
    "lines": "order lines",
    "events": "events of the base log",
    "full_events": "events of the full log",
    "entries": "entries that the engine wrote for base commission",
    "full_entries": "entries and reversals that the engine wrote for `three_tier`",
    "base_total": "yuan of base commission: the same from engine, Polars and DuckDB, for every payee",
    "full_total": "yuan of commission of `three_tier`, net of refunds",
    "slice_entries": "entries of the slice, under both plans, that compiled and readable engine agreed on one by one",
    "rounds": "turns of each; figures are medians",
    "per_cpu_second": "order lines a processor second of each: what holds on a busy machine too",
    "cpu_share": "processor time ÷ wall-clock time of each",
}

_SQL = """
    WITH chain AS (
        SELECT one.member, 1 AS level, one.inviter AS payee FROM people AS one
        UNION ALL
        SELECT one.member, 2, two.inviter FROM people AS one JOIN people AS two ON two.member = one.inviter
        UNION ALL
        SELECT one.member, 3, three.inviter FROM people AS one
        JOIN people AS two ON two.member = one.inviter JOIN people AS three ON three.member = two.inviter
    )
    SELECT payee, sum(paid * rate // 1000000)::BIGINT AS earned
    FROM lines JOIN chain ON chain.member = buyer JOIN people ON people.member = payee
    JOIN rates ON rates.level = chain.level AND rates.category = lines.category
    WHERE promoter
    GROUP BY payee
"""


def measure(small: bool) -> Figures:
    """All figures; refuses to time what does not agree to the cent."""
    orders, part = draw_orders(SMALL if small else LINES), draw_orders(SMALL // 10 if small else SLICE)
    lines = len(orders.order)
    plan, full = read_plan(BASE_PLAN, "base_only"), read_plan(*find("plans", "three_tier"))
    log, life, slice_log = paid_log(orders), life_log(orders), paid_log(part)
    frames, database = _frames(orders), _database(orders)
    agreed = _agree(plan, full, part)
    base_total, entries = _check_base(_opened(plan, orders), log, frames, database)
    full_total, full_entries = _run_full(_opened(full, orders), life)
    contestants: dict[str, Contestant[Any]] = {
        "engine": Contestant(lambda: _opened(plan, orders), lambda engine: engine.apply(log)),
        "polars": Contestant(lambda: frames, polars_base),
        "polars_entries": Contestant(lambda: frames, lambda frames: polars_entries(frames).collect()),
        "duckdb": Contestant(lambda: _threads(database, None), duckdb_base),
        "full": Contestant(lambda: _opened(full, orders), lambda engine: engine.apply(life)),
        "duckdb_one_thread": Contestant(lambda: _threads(database, 1), duckdb_base),
        "python": Contestant(lambda: _readable(plan, part), lambda engine: engine.apply(slice_log)),
    }
    in_turns(contestants, 3 if small else ROUNDS)
    done = dict.fromkeys(contestants, lines) | {"python": len(part.order)}
    speed = {name: rate(done[name], one.seconds) for name, one in contestants.items()}
    return {
        "lines_per_second": speed["engine"],
        "full_lines_per_second": speed["full"],
        **{name: speed[name] for name in ("polars", "polars_entries", "duckdb", "duckdb_one_thread", "python")},
        **{f"{name}_ratio": round(speed["engine"] / speed[name], 3) for name in ("polars", "duckdb", "python")},
        "lines": lines,
        "events": len(log),
        "full_events": len(life),
        "entries": entries,
        "full_entries": full_entries,
        "slice_entries": agreed,
        "base_total": yuan(base_total),
        "full_total": yuan(full_total),
        "rounds": len(contestants["engine"].walls),
        "per_cpu_second": {name: rate(done[name], one.cpu_seconds) for name, one in contestants.items()},
        "cpu_share": {name: one.cpu_share for name, one in contestants.items()},
    }


def polars_entries(frames: Mapping[str, pl.DataFrame]) -> pl.LazyFrame:
    """Base commission by line and level, in Polars."""
    people = frames["people"].lazy()
    above = people.select("member", "inviter")
    two = above.join(above.rename({"member": "inviter", "inviter": "second"}), on="inviter")
    three = two.join(above.rename({"member": "second", "inviter": "third"}), on="second")
    chain = pl.concat(
        [
            found.select(member="member", payee=payee, level=pl.lit(level, pl.Int64))
            for level, (found, payee) in enumerate(((above, "inviter"), (two, "second"), (three, "third")), start=1)
        ]
    )
    paid = chain.join(people.filter("promoter").select(payee="member"), on="payee")
    return (
        frames["lines"]
        .lazy()
        .join(paid, left_on="buyer", right_on="member")
        .join(frames["rates"].lazy(), on=["level", "category"])
        .select("order", "line", "payee", "level", amount=pl.col("paid") * pl.col("rate") // PPM)
    )


def polars_base(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Base commission by payee, in Polars."""
    return polars_entries(frames).group_by("payee").agg(earned=pl.col("amount").sum()).collect()


def duckdb_base(database: duckdb.DuckDBPyConnection) -> dict[str, NDArray[Any]]:
    """Base commission by payee, in DuckDB."""
    return database.execute(_SQL).fetchnumpy()


def _columns(orders: Orders) -> dict[str, dict[str, NDArray[Any]]]:
    people = np.arange(len(orders.market.inviter))
    level, category = np.indices((len(RATES), len(CATEGORIES)))
    lines = {
        "order": orders.order,
        "line": orders.line,
        "buyer": orders.buyer[orders.order],
        "category": orders.category,
        "paid": orders.paid,
    }
    return {
        "lines": lines,
        "people": {"member": people, "inviter": orders.market.inviter, "promoter": orders.market.promoter},
        "rates": {"level": level.ravel() + 1, "category": category.ravel(), "rate": np.array(RATES).ravel()},
    }


def _frames(orders: Orders) -> dict[str, pl.DataFrame]:
    return {name: pl.DataFrame(columns) for name, columns in _columns(orders).items()}


def _database(orders: Orders) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect()
    for name, frame in _frames(orders).items():
        database.register("given", frame.to_arrow())
        database.execute(f"CREATE TABLE {name} AS FROM given")
    return database


def _threads(database: duckdb.DuckDBPyConnection, threads: int | None) -> duckdb.DuckDBPyConnection:
    database.execute("RESET threads" if threads is None else f"SET threads = {threads}")
    return database


def _opened(plan: Plan, orders: Orders) -> Engine:
    """An engine in which everybody is registered; ranks are given where the plan gives none by itself."""
    engine = Engine.open([plan], orders.names(), len(orders.market.inviter), START_DAY)
    engine.apply(orders.market.opening(promote=plan.plan == "base_only"))
    return engine


def _readable(plan: Plan, orders: Orders) -> ReadableEngine:
    engine = ReadableEngine([plan], orders.names(), len(orders.market.inviter), START_DAY)
    engine.apply(orders.market.opening(promote=plan.plan == "base_only"))
    return engine


def _check_base(
    engine: Engine, log: Records, frames: Mapping[str, pl.DataFrame], database: duckdb.DuckDBPyConnection
) -> tuple[int, int]:
    """Base commission and entries of it, if engine, Polars and DuckDB say the same of every payee."""
    entries = engine.apply(log)
    earned = engine.book.members["earned"]
    columns = polars_base(frames)
    answers = {"Polars": (columns["payee"].to_numpy(), columns["earned"].to_numpy())}
    rows = duckdb_base(database)
    answers["DuckDB"] = (rows["payee"], rows["earned"])
    for name, (payee, amount) in answers.items():
        theirs = np.zeros_like(earned)
        theirs[payee] = amount
        if (theirs != earned).any():
            member = int(np.argmax(theirs != earned))
            raise AssertionError(f"member {member} earns {earned[member]} fen, in {name} {theirs[member]}")
    return int(entries["amount"].sum()), len(entries)


def _run_full(engine: Engine, life: Records) -> tuple[int, int]:
    entries = engine.apply(life)
    return int(entries["amount"].sum()), len(entries)


def _agree(base: Plan, full: Plan, part: Orders) -> int:
    """How many entries both engines made of the slice under both plans, if they made the same."""
    count = 0
    for plan, log in ((base, paid_log(part)), (full, life_log(part))):
        compiled, readable = _opened(plan, part).apply(log), _readable(plan, part).apply(log)
        for name in ("time", "amount", "member", "order", "line", "level", "component"):
            if not np.array_equal(compiled[name], readable[name]):
                raise AssertionError(f"{plan.plan}: the engines differ in {name}")
        count += len(compiled)
    return count


if __name__ == "__main__":
    command("engine", measure, FIGURES)
