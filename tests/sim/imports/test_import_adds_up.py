"""Whatever is in the tables: rows are kept or set aside, money too, and replay takes all that is kept."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st
from tables_in_text import imported, rows

from sim.history.shipped import past_of_folder
from sim.imports.prices import split

ID = st.sampled_from(["O1", "O2", "O3", "O4", "", "O5"])
USER = st.sampled_from(["U1", "U2", "U3", "U4", "", "13800138000"])
MONEY = st.sampled_from(["10.00", "9.90", "0", "-3", "x", "", "1,000.00", "5"])
TIME = st.sampled_from(["2026-01-05", "2026-01-06 10:00", "2026-02-01", "", "soon", "0"])
COUNT = st.sampled_from(["1", "2", "3", "0", ""])
WORD = st.sampled_from(["a", "b", "", "=1+1", "<b>"])

ORDERS = st.lists(st.tuples(ID, USER, TIME, TIME, TIME), max_size=8)
LINES = st.lists(
    st.tuples(ID, st.sampled_from(["L1", "L2", "L3", "L4", "L5", ""]), WORD, COUNT, MONEY, MONEY), max_size=12
)
REFUNDS = st.lists(st.tuples(ID, st.sampled_from(["L1", "L2", "L9", ""]), MONEY, TIME), max_size=6)
MEMBERS = st.lists(st.tuples(USER, USER, WORD, TIME), max_size=8)
COMMISSIONS = st.lists(st.tuples(ID, USER, MONEY, COUNT), max_size=6)
FLAT = st.lists(st.tuples(ID, USER, TIME, TIME, WORD, COUNT, MONEY, MONEY, TIME, MONEY), max_size=14)

MAPPING = """
mapping: all
tables:
  - {table: orders, kind: orders, columns: {order_id: o, member_id: u, placed_at: p, paid_at: t, received_at: r}}
  - {table: lines, kind: lines, columns: {order_id: o, line_id: l, sku: s, quantity: n, price: x, amount: y}}
  - {table: refunds, kind: refunds, columns: {order_id: o, line_id: l, amount: y, refunded_at: t}}
  - {table: members, kind: members, columns: {member_id: u, inviter_id: i, rank: s, joined_at: t}}
  - {table: commissions, kind: commissions, columns: {order_id: o, member_id: u, amount: y, level: n}}
"""
FLAT_MAPPING = """
mapping: flat
tables:
  - table: orders
    kind: orders
    columns: {order_id: o, member_id: u, placed_at: p, paid_at: t, sku: s, quantity: n, price: x, amount: y,
              refunded_at: r, refund_amount: z}
"""


def check(folder: Path, result) -> None:
    assert result.rows == result.kept + result.quarantined
    assert all(one.rows == one.kept + one.quarantined for one in result.counts)
    assert sum(result.aside.values()) == result.quarantined == len(rows(folder, "quarantine"))
    for one in result.counts:
        for of in one.money.values():
            assert of.read == of.kept + of.quarantined
    orders = rows(folder, "orders")
    people = {row["member_id"] for row in rows(folder, "members")}
    assert {row["member_id"] for row in orders} <= people
    assert {row["inviter_id"] for row in rows(folder, "members")} - {None} <= people
    assert all(row["refund_amount"] is None or 0 < row["refund_amount"] <= row["amount"] for row in orders)
    if "refunds" in result.files:
        assert sum(row["goods"] for row in rows(folder, "refunds")) == sum(row["refund_amount"] or 0 for row in orders)
    past = past_of_folder(folder / "out")
    assert len(past.log.names.orders) == len({row["order_id"] for row in orders})
    assert pq.read_table(folder / "out" / "orders.parquet").num_rows == result.files["orders"].rows


@given(ORDERS, LINES, REFUNDS, MEMBERS, COMMISSIONS)
@settings(max_examples=20)
def test_tables_that_belong_together(orders, lines, refunds, members, commissions):
    with tempfile.TemporaryDirectory() as name:
        tables = {
            "orders": ["ouptr", *orders],
            "lines": ["olsnxy", *lines],
            "refunds": ["olyt", *refunds],
            "members": ["uist", *members],
            "commissions": ["ouyn", *commissions],
        }
        check(Path(name), imported(Path(name), tables, MAPPING))


@given(FLAT)
@settings(max_examples=20)
def test_a_row_a_line(flat):
    with tempfile.TemporaryDirectory() as name:
        check(Path(name), imported(Path(name), {"orders": ["ouptsnxyrz", *flat]}, FLAT_MAPPING))


@given(st.integers(0, 10**13), st.lists(st.integers(0, 10**12), min_size=1, max_size=20))
def test_parts_add_up_and_are_in_proportion(total, weights):
    parts = split(total, weights)
    assert sum(parts) == total
    assert min(parts) >= 0
    if sum(weights):
        assert all(
            abs(part * sum(weights) - total * weight) < sum(weights)
            for part, weight in zip(parts, weights, strict=True)
        )
