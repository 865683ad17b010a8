"""Recorded commissions as an import leaves them: read exactly, and refused where they are something else."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rules.errors import InputError
from rules.events import Names
from rules.records import Component
from sim.matching.records import ABSENT_ORDER, FILE, NO_ORDER, NOBODY, ORDERS, has_records, read_records

NAMES = Names(orders=["o1", "o2"], members=["ann", "bob"])


def written(folder: Path, **columns: list) -> Path:
    pq.write_table(pa.table(columns), folder / FILE)
    return folder


def money(*yuan: str) -> pa.Array:
    return pa.array([Decimal(one) for one in yuan], pa.decimal128(18, 2))


def test_rows_become_numbers(tmp_path: Path):
    folder = written(
        tmp_path,
        order_id=["o2", "o9", None, "o1"],
        line=pa.array([1, None, None, 2], pa.int32()),
        member_id=["bob", "ann", "eve", "ann"],
        level=pa.array([1, 2, None, None], pa.int32()),
        amount=money("1.20", "-0.05", "90000000000.00", "3.00"),
        status=["settled", None, "pending", "cancelled"],
        component=["one_brokerage", "refund", "ladder", None],
    )
    found = read_records(folder, NAMES)
    assert found.order.tolist() == [1, ABSENT_ORDER, NO_ORDER, 0]
    assert found.member.tolist() == [1, 0, NOBODY, 0]
    assert found.line.tolist() == [1, 0, 0, 2]
    assert found.level.tolist() == [1, 2, 0, 0]
    assert found.part.tolist() == [ORDERS, ORDERS, Component.ladder, ORDERS]
    assert found.amount.tolist() == [120, -5, 9_000_000_000_000, 300]
    assert found.net.tolist() == [120, -5, 9_000_000_000_000, 0]
    assert found.statuses == {"settled": 1, "": 1, "pending": 1, "cancelled": 1}


def test_what_the_import_set_aside_is_known(tmp_path: Path):
    written(tmp_path, order_id=["o9"], member_id=["ann"], amount=money("1"))
    aside = {"order_id": ["o9", None, "o9"], "code": ["bad_money", "duplicate", "order_incomplete"]}
    pq.write_table(pa.table(aside), tmp_path / "quarantine.parquet")
    assert read_records(tmp_path, NAMES).aside == {"o9": "bad_money"}


def test_a_folder_without_records_has_none(tmp_path: Path):
    assert not has_records(tmp_path)
    assert has_records(written(tmp_path, member_id=["a"], amount=money("1"), order_id=["o"]))


def test_a_file_that_is_something_else_is_refused(tmp_path: Path):
    written(tmp_path, member_id=["a"], order_id=["o"])
    with pytest.raises(InputError, match="there is no column amount"):
        read_records(tmp_path, NAMES)
    (tmp_path / FILE).write_text("order_id,amount\n")
    with pytest.raises(InputError, match="cannot be read"):
        read_records(tmp_path, NAMES)
    written(tmp_path, member_id=["a"], order_id=["o"], amount=["much"])
    with pytest.raises(InputError, match="amount"):
        read_records(tmp_path, NAMES)
