"""A second opinion on the engine: the commission of whole plans over all of CDNOW, in SQL that knows no events.

`cdnow_commission.sql` takes the orders and members tables of `referral_history` and a plan as three small tables, and
uses only joins, windows and whole numbers (BIGINT, HUGEINT); it shares no code with `rules/`. How it computes:

- *Order of things*: payments are numbered by (second, order number); "before" means a smaller number.
- *Uplines*: a recursive join climbs three inviters up.
- *Ranks*: promoter from the n-th own payment on; partner by a recursion over months, which counts months in a row on
  target (under it: demotion). An upline's rank at a payment is that of the last close, or promoter if the joining
  payment came before.
- *Base*: line × upline × rate of that rank, rounded down, campaign multiplied in by day of payment.
- *Bonus*: the first payment by level-1 upline.
- *Caps*: running sums. An order keeps what fits under its share in the order bonus, level 1, 2, 3; a day keeps what
  comes first.
- *Refunds*: of an entry, ceil(amount × refunded ÷ paid), of its line, or for a bonus of its order.
- *Ladder, team*: brackets applied to the month's volume at the close, and again to what all refunds left of it; the
  difference is what was taken back.

Every entry must be the engine's, with what was taken back of it; so totals by payee, component and level are too. CDNOW
people spend too little to become partners of `three_tier`, and an inviter has always paid before the invitee comes:
`SCALED` is the same plan with thresholds, caps and joining rule at which every mechanism bites. The streak bonus alone
is out of reach, because a purchase log has no shares and clicks. In `baskets`, what a customer bought in one month is
one order of several lines, some refunded at different times.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from ruamel.yaml import YAML

from rules.engine import Engine
from rules.plan.read import read_plan
from rules.records import Component
from scenarios.find import find
from sim.history.orders import history_of
from sim.history.purchases import shipped
from sim.history.tree import referral_history

SQL = Path(__file__).with_name("cdnow_commission.sql").read_text("utf-8")
RANKS = ["member", "promoter", "partner"]
FIRST_DAY = date(1997, 1, 1)
COLUMNS = "component, order_id, line, month, payee, level, amount, back"

SCALED = (
    ("join: {orders: 1}", "join: {orders: 2}"),
    ("promote: {months: 3, promoted_volume: 50000}", "promote: {months: 3, promoted_volume: 53.96}"),
    ("demote: {months: 2, promoted_volume: 10000}", "demote: {months: 2, promoted_volume: 20.99}"),
    (
        "ranks: [promoter, partner]",
        "ranks: [promoter, partner]\n        by_rank: {partner: {digital: 4%, default: 9%}}",
    ),
    ("{from: 50000, rate: 8%}", "{from: 80, rate: 8%}\n      - {from: 200.01, rate: 9.13%}"),
    ("first_promoted_order, pay: 50", "first_promoted_order, pay: 0.77"),
    ("order_ratio: 30%, member_day: 500", "order_ratio: 9%, member_day: 4.99"),
    ("days: [0, 13]", "days: [20, 75]"),
)
"""What is replaced in the text of `three_tier`. Some members' months are on the targets exactly."""


def text_of(plan: str) -> str:
    name = plan.removesuffix(" scaled")
    text = find("plans", name)[0]
    for given, other in SCALED if name != plan else ():
        assert text.count(given) == 1, given
        text = text.replace(given, other)
    return text


def ppm(rate: str) -> int:
    return int(Decimal(rate.removesuffix("%")) * 10_000)


def fen(yuan: object) -> int:
    return int(Decimal(str(yuan)) * 100)


def plan_tables(text: str) -> dict[str, pa.Table]:
    """The plan as the tables that the SQL wants, read from its text without `rules`."""
    plan = YAML(typ="safe", pure=True).load(text)
    ranks = {rank["id"]: rank for rank in plan["ranks"]}
    promote, demote = (ranks.get("partner", {}).get(key, {}) for key in ("promote", "demote"))
    launch = plan.get("campaigns", [None])[0]
    caps, commission = plan["caps"], plan["commission"]
    first, last = (FIRST_DAY + timedelta(day) for day in launch["days"]) if launch else (None, None)
    one = {
        "join_orders": ranks["promoter"]["join"]["orders"],
        "promote_months": promote.get("months"),
        "promote_volume": fen(promote["promoted_volume"]) if promote else None,
        "demote_months": demote.get("months"),
        "demote_volume": fen(demote["promoted_volume"]) if demote else None,
        "team_rate": ppm(commission["team"]["rate"]) if "team" in commission else None,
        "newcomer": sum(fen(bonus["pay"]) for bonus in plan.get("bonuses", []) if bonus["id"] == "newcomer"),
        "campaign_first": first,
        "campaign_last": last,
        "multiplier": int(Decimal(str(launch["multiply"]["base"])) * 1_000_000) if launch else None,
        "order_ratio": ppm(caps["order_ratio"]),
        "member_day": fen(caps["member_day"]) if "member_day" in caps else None,
    }
    rates = [
        {"level": level["level"], "rank": RANKS.index(rank), "category": category, "rate": ppm(rate)}
        for level in commission["base"]["levels"]
        for rank in level["ranks"]
        for category, rate in level.get("by_rank", {}).get(rank, level["rates"]).items()
    ]
    steps = commission.get("ladder", {"brackets": []})["brackets"]
    ends = [fen(step["from"]) for step in steps[1:]] + [None]
    brackets = [
        {"start": fen(step["from"]), "until": end, "rate": ppm(step["rate"])}
        for step, end in zip(steps, ends, strict=False)
    ]
    whole = {name: pa.int64() for name in one} | dict.fromkeys(("campaign_first", "campaign_last"), pa.date32())
    return {
        "plan": pa.Table.from_pylist([one], pa.schema(list(whole.items()))),
        "rates": pa.Table.from_pylist(rates),
        "brackets": pa.Table.from_pylist(
            brackets, pa.schema([("start", pa.int64()), ("until", pa.int64()), ("rate", pa.int64())])
        ),
    }


@cache
def tables(history: str) -> tuple[pa.Table, pa.Table]:
    """Orders and members: CDNOW line by line, or in baskets."""
    made = referral_history(shipped("cdnow"))
    orders = made.orders
    if history == "baskets":
        baskets = duckdb.sql("""
            SELECT * REPLACE (first_value(order_id) OVER basket AS order_id,
                              (row_number() OVER basket)::INT AS line,
                              first_value(placed_at) OVER basket AS placed_at,
                              first_value(paid_at) OVER basket AS paid_at,
                              NULL::TIMESTAMP AS received_at)
            FROM orders
            WINDOW basket AS (PARTITION BY member_id, date_trunc('month', paid_at) ORDER BY paid_at, order_id)
            ORDER BY order_id, line
        """)
        orders = baskets.to_arrow_table()
    return orders, made.members


@cache
def computed(plan: str, history: str) -> duckdb.DuckDBPyConnection:
    """A database with what SQL and engine say: the tables `commission` and `engine`."""
    text, (orders, members) = text_of(plan), tables(history)
    database = duckdb.connect()
    for name, table in (plan_tables(text) | {"orders": orders, "members": members}).items():
        database.register(name, table)
    database.execute(SQL)
    database.register("engine", engine_entries(text, orders, members))
    return database


def ask(database: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    return database.execute(query).fetchall()


def engine_entries(text: str, orders: pa.Table, members: pa.Table) -> pa.Table:
    """What the engine made: every payment, with what reversals took back of it."""
    read = history_of(orders, members)
    assert (read.kept, read.late_bindings) == (len(orders), 0)
    events, names = read.log.events, read.log.names
    start_day = (FIRST_DAY - date(1970, 1, 1)).days
    engine = Engine.open([read_plan(text, "plan")], names, len(names.members), start_day)
    entries = engine.apply(events)
    assert not len(engine.book.rows("refusals"))
    back = np.zeros(len(entries), np.int64)
    reversals = entries[entries["reverses"] >= 0]
    np.add.at(back, reversals["reverses"], -reversals["amount"])
    paid = entries["reverses"] < 0
    made, back = entries[paid], back[paid]
    month = made["period"] - 1970 * 12
    return pa.table({
        "component": pa.array([Component(n).name for n in range(4)]).take(pa.array(made["component"])),
        "order_id": pa.array(names.orders).take(pa.array(made["order"], mask=made["order"] < 0)),
        "line": pa.array(made["line"].astype(np.int32)),
        "month": pa.array(month.astype("datetime64[M]").astype("datetime64[D]"), mask=made["period"] < 0),
        "payee": pa.array(names.members).take(pa.array(made["member"])),
        "level": pa.array(made["level"].astype(np.int32)),
        "amount": pa.array(made["amount"]),
        "back": pa.array(back),
    })  # fmt: skip


CASES = [
    ("three_tier", "cdnow"),
    ("three_level", "cdnow"),
    ("three_tier scaled", "cdnow"),
    ("three_tier scaled", "baskets"),
    ("three_level", "baskets"),
]


@pytest.mark.parametrize(("plan", "history"), CASES)
def test_every_entry_and_every_total_is_the_same_to_the_fen(plan, history):
    database = computed(plan, history)
    for first, second in (("commission", "engine"), ("engine", "commission")):
        only = ask(database, f"SELECT {COLUMNS} FROM {first} EXCEPT ALL SELECT {COLUMNS} FROM {second} LIMIT 5")
        assert not only, f"only in {first}: {only}"
    for by in ("1", "payee", "component, level", "payee, component, level"):
        query = f"SELECT {by}, sum(amount - back), sum(back), count(*) FROM {{}} GROUP BY ALL ORDER BY ALL"
        sums = [ask(database, query.format(table)) for table in ("commission", "engine")]
        assert sums[0] == sums[1]
        assert sums[0]


def test_every_mechanism_of_the_scaled_plan_pays_and_is_taken_back():
    """The agreement means something only if thresholds, caps and refunds are reached."""
    for history in ("cdnow", "baskets"):
        database = computed("three_tier scaled", history)
        sums = ask(database, "SELECT component, sum(amount - back), sum(back) FROM engine GROUP BY ALL ORDER BY ALL")
        assert [component for component, _, _ in sums] == ["base", "bonus", "ladder", "team"]
        assert all(kept > 0 and back > 0 for _, kept, back in sums)
        (counts,) = ask(database, "FROM reached")
        assert min(counts) > 0


def test_the_cap_of_an_order_trims_the_far_level():
    database = computed("three_level", "cdnow")
    sums = ask(
        database,
        """
        SELECT level, sum(base.amount), sum(capped.amount) FROM base JOIN capped USING (order_id, line, level)
        GROUP BY level ORDER BY level
    """,
    )
    assert [before == after for _, before, after in sums] == [True, True, False]
    assert all(after > 0 for _, _, after in sums)


def test_orders_of_several_lines_are_refunded_at_several_times():
    orders, _ = tables("baskets")
    assert orders["line"].to_numpy().max() > 5
    ((several,),) = duckdb.execute("""
        SELECT count(*) FROM (SELECT order_id FROM orders GROUP BY order_id HAVING count(DISTINCT refunded_at) > 1)
    """).fetchall()
    assert several > 50
