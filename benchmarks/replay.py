"""Replay of an operator's own orders under two plans, from tables to results.

The tables are CDNOW with inviters, categories and refunds (`sim.history.tree`), several times over: every copy has its
own members and orders. Reading them (`parse`) turns money and time columns, names and people into an event log once;
replaying applies each plan to the log: so long a log goes through the bulk engine. The event engine walks the same log
beside it, and must come to the same commission.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.common import Contestant, Figures, command, in_turns, rate
from rules.engine import Engine
from rules.events import DAY
from rules.money import yuan
from rules.plan.model import Plan
from rules.plan.read import read_plan
from scenarios.find import find
from sim.history.orders import History, history_of
from sim.history.purchases import shipped
from sim.history.replay import replay
from sim.history.tree import StoreHistory, referral_history

PLANS = ("three_tier", "three_level")
COPIES, SMALL_COPIES = 15, 2
ROUNDS = 3

FIGURES = {
    "lines_per_second": "order lines of the tables a second, from tables to results under both plans",
    "parse_lines_per_second": "order lines a second from tables to event log",
    "replay_lines_per_second": "order lines a second and plan from event log to results",
    "engine_lines_per_second": "order lines a second and plan, event engine alone, with wallets and holds",
    "ratio": "replay_lines_per_second ÷ engine_lines_per_second",
    "parse_share": "share of the time that goes into parsing",
    "lines": "order lines",
    "events": "events of the log",
    "commission": "yuan under each plan, net of refunds: the same from `replay` and from the event engine",
    "rounds": "turns of each; figures are medians",
    "per_cpu_second": "order lines a processor second: what holds on a busy machine too",
    "cpu_share": "processor time ÷ wall-clock time",
}


def measure(small: bool) -> Figures:
    """All figures."""
    tables = several(referral_history(shipped("cdnow_sample" if small else "cdnow")), SMALL_COPIES if small else COPIES)
    plans = [read_plan(*find("plans", name)) for name in PLANS]
    history = _parsed(tables)
    lines, log = history.kept, history.log
    commission = {result.plan: result.commission for result in replay(log, plans)}
    for plan in plans:
        alone = int(_opened(plan, history).apply(log.events)["amount"].sum())
        if alone != commission[plan.plan]:
            raise AssertionError(f"{plan.plan}: {commission[plan.plan]} fen by replay, {alone} by the event engine")
    contestants: dict[str, Contestant[Any]] = {
        "parse": Contestant(lambda: tables, _parsed),
        "replay": Contestant(lambda: log, lambda log: replay(log, plans)),
        "engine": Contestant(
            lambda: [_opened(plan, history) for plan in plans],
            lambda engines: [engine.apply(log.events) for engine in engines],
        ),
    }
    in_turns(contestants, ROUNDS)
    parse, replayed, engine = contestants.values()
    both = lines * len(plans)
    return {
        "lines_per_second": rate(lines, parse.seconds + replayed.seconds),
        "parse_lines_per_second": rate(lines, parse.seconds),
        "replay_lines_per_second": rate(both, replayed.seconds),
        "engine_lines_per_second": rate(both, engine.seconds),
        "ratio": round(engine.seconds / replayed.seconds, 2),
        "parse_share": round(parse.seconds / (parse.seconds + replayed.seconds), 2),
        "lines": lines,
        "events": len(log.events),
        "commission": {name: yuan(fen) for name, fen in commission.items()},
        "rounds": ROUNDS,
        "per_cpu_second": {
            "parse": rate(lines, parse.cpu_seconds),
            "replay": rate(both, replayed.cpu_seconds),
            "engine": rate(both, engine.cpu_seconds),
        },
        "cpu_share": {name: one.cpu_share for name, one in contestants.items()},
    }


def several(store: StoreHistory, copies: int) -> StoreHistory:
    """The same store several times side by side: names of members and orders begin with the number of the copy."""
    orders, members = [], []
    for copy in range(copies):
        orders.append(_renamed(store.orders, ("order_id", "member_id"), copy))
        members.append(_renamed(store.members, ("member_id", "inviter_id"), copy))
    return StoreHistory(pa.concat_tables(orders), pa.concat_tables(members))


def _renamed(table: pa.Table, columns: tuple[str, ...], copy: int) -> pa.Table:
    for name in columns:
        place = table.column_names.index(name)
        table = table.set_column(place, name, pc.binary_join_element_wise(str(copy), table[name], "-"))
    return table


def _parsed(tables: StoreHistory) -> History:
    return history_of(tables.orders, tables.members)


def _opened(plan: Plan, history: History) -> Engine:
    names = history.log.names
    return Engine.open([plan], names, len(names.members), int(history.log.events["time"][0]) // DAY)


if __name__ == "__main__":
    command("replay", measure, FIGURES)
