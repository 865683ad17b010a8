"""A history that is dealt out by tree of referral gives what it gives in one piece, to the fen."""

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rules.errors import InputError
from sim.cli.common import load_plan
from sim.history.breakdown import commission_by_month, sales_by_month
from sim.history.large.replay import Spread, replay_large
from sim.history.orders import history_of
from sim.history.purchases import shipped
from sim.history.replay import replay
from sim.history.tree import referral_history

PLANS = [load_plan(name) for name in ("three_tier", "three_level", "direct_team")]
"""The last one pays by the month, for what whole teams sell."""


@pytest.fixture(scope="module")
def tables() -> tuple[pa.Table, pa.Table]:
    """CDNOW: a second line in every third order, some unpaid orders, ranks, late bindings, gaps in joined_at."""
    store = referral_history(shipped("cdnow_sample"))
    orders, members = store.orders, store.members
    second = orders.take(pa.array(range(0, len(orders), 3)))
    second = second.set_column(1, "line", pa.array([2] * len(second), pa.int32()))
    orders = pa.concat_tables([orders, second])
    unpaid = np.array([int(name[1:]) % 50 == 7 for name in orders["order_id"].to_pylist()])
    for name in ("paid_at", "received_at", "refunded_at"):
        place = orders.column_names.index(name)
        cells = orders[name].combine_chunks()
        orders = orders.set_column(place, name, pa.compute.if_else(unpaid, pa.scalar(None, cells.type), cells))
    place = orders.column_names.index("refund_amount")
    refund = orders["refund_amount"].combine_chunks()
    orders = orders.set_column(place, "refund_amount", pa.compute.if_else(unpaid, pa.scalar(None, refund.type), refund))
    number = np.arange(len(members))
    ranks = pa.array(["partner" if one % 40 == 3 else None for one in number], pa.string())
    joined = pa.array(members["joined_at"].to_pylist(), members["joined_at"].type, mask=number % 5 == 1)
    members = members.set_column(2, "rank", ranks).set_column(3, "joined_at", joined)
    later = [None if at is None or one % 7 else at + timedelta(30) for one, at in enumerate(joined.to_pylist())]
    return orders, members.append_column("bound_at", pa.array(later, joined.type))


def written(folder, tables, rows: int):
    """The folder of these tables, with row groups of so many rows."""
    orders, members = tables
    pq.write_table(orders, folder / "orders.parquet", row_group_size=rows)
    pq.write_table(members, folder / "members.parquet")
    return folder


@pytest.mark.parametrize(("rows", "parts", "workers"), [(1_500, 7, 1), (100_000, 1, 1), (3_000, 3, 2)])
def test_the_results_are_those_of_one_piece(tmp_path, tables, rows, parts, workers):
    whole = replay(history_of(*tables).log, PLANS)
    told = []
    found = replay_large(
        written(tmp_path, tables, rows), PLANS, Spread(workers), lambda done, what: told.append(done), parts=parts
    )
    ids = found.members.to_pylist()
    log = history_of(*tables).log
    for one, other in zip(whole, found.results, strict=True):
        assert other.to_dict() == one.to_dict()
        ours = dict(zip(ids, other.earned.tolist(), strict=True))
        assert ours == {name: int(one.earned[number]) for number, name in enumerate(log.names.members)}
    for one, months in zip(whole, found.months, strict=True):
        assert {each.month: each.commission for each in months if each.commission} == commission_by_month(one.entries)
        sold = {each.month: each.goods for each in months if each.goods}
        assert sold == sales_by_month(log, PLANS[0])
        assert sum(each.refunded for each in months) == one.refunds
    assert found.parts == parts
    assert told == sorted(told)
    assert told[-1] == 1
    assert [one.name for one in tmp_path.iterdir() if one.is_dir()] == []  # what was dealt out is gone


@pytest.mark.slow
def test_a_cluster_gives_the_same(tmp_path, tables):
    folder = written(tmp_path, tables, 4_000)
    here, there = (replay_large(folder, PLANS[:2], Spread(2, dask), parts=4) for dask in (None, "local"))
    assert [one.to_dict() for one in here.results] == [one.to_dict() for one in there.results]
    assert all((a.earned == b.earned).all() for a, b in zip(here.results, there.results, strict=True))
    assert here.months == there.months


def changed(table: pa.Table, name: str, row: int, value) -> pa.Table:
    """A table with another value in a cell."""
    cells = table[name].to_pylist()
    cells[row] = value
    return table.set_column(table.column_names.index(name), name, pa.array(cells, table.schema.field(name).type))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("member_id", "nobody", "member_id 'nobody'"),
        ("line", None, "line is empty"),
        ("paid_at", 0, "paid_at of a line differs"),
        ("quantity", -1, "quantity '-1'"),
    ],
)
def test_what_cannot_be_is_refused_with_its_row(tmp_path, tables, name, value, said):
    orders, members = tables
    row = len(orders) - 1
    if name == "paid_at":
        value = orders["paid_at"][row].as_py().replace(year=1999)
    written(tmp_path, (changed(orders, name, row, value), members), 2_000)
    with pytest.raises(InputError) as refused:
        replay_large(tmp_path, PLANS, Spread(1), parts=3)
    assert said in str(refused.value)


def test_people_are_refused_who_cannot_be(tmp_path, tables):
    orders, members = tables
    ids, inviters = members["member_id"].to_pylist(), members["inviter_id"].to_pylist()
    invited = next(row for row, one in enumerate(inviters) if one is not None)
    circle = changed(members, "inviter_id", ids.index(inviters[invited]), ids[invited])
    for given, said in (
        (circle, "circle"),
        (changed(members, "member_id", 5, ids[4]), "one row a member"),
        (changed(members, "inviter_id", 9, "nobody"), "inviter_id is no member"),
    ):
        written(tmp_path, (orders, given), 2_000)
        with pytest.raises(InputError, match=said):
            replay_large(tmp_path, PLANS, Spread(1), parts=2)


def test_a_plan_for_the_event_engine_alone_is_refused(tmp_path, tables):
    plan = load_plan("direct_invite_3")
    with pytest.raises(InputError, match="bulk engine"):
        replay_large(written(tmp_path, tables, 5_000), [plan], Spread(1))
