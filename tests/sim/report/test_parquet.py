import json
import math
from enum import Enum
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report import files, parquet


def test_runs_are_read_back(tmp_path):
    values = {
        "a": [
            {"gmv": 123_456_789_012_345, "payout_ratio": 0.1, "own": 1.5},
            {"gmv": 2, "payout_ratio": None},
        ],
        "b": [{"gmv": None, "payout_ratio": math.nan}, {"gmv": 4, "payout_ratio": 0.3}],
    }
    path = parquet.write_runs(tmp_path, values, seeds=(7, 8))
    table = pq.read_table(path)
    assert table.column_names == ["arm", "replication", "seed", "gmv", "payout_ratio", "own"]
    assert table["seed"].to_pylist() == [7, 8, 7, 8]
    assert table.schema.field("gmv").type == pa.int64()
    back = parquet.read_runs(tmp_path)
    assert back["a"][0] == {"gmv": 123_456_789_012_345, "payout_ratio": 0.1, "own": 1.5}
    assert back["b"][0] == {"gmv": None, "payout_ratio": None, "own": None}
    assert list(back) == ["a", "b"]


def test_a_count_that_is_not_whole_is_kept(tmp_path):
    parquet.write_runs(tmp_path, {"a": [{"orders": 1.5}]})
    assert parquet.read_runs(tmp_path)["a"][0]["orders"] == 1.5


def test_daily_tables_are_read_back(tmp_path):
    daily = {
        "a": [{"gmv": [1, 2, 3], "fission_k": [0.1, None, 0.3]}, {"gmv": [4, 5, 6], "fission_k": [0, 0, 0]}],
        "b": [{"gmv": np.array([7, 8, 9]), "fission_k": np.array([1.0, math.nan, 2.0])}] * 2,
    }
    parquet.write_daily(tmp_path, daily)
    back = parquet.read_daily(tmp_path)
    assert back["a"][0] == {"gmv": [1, 2, 3], "fission_k": [0.1, None, 0.3]}
    assert back["b"][1] == {"gmv": [7, 8, 9], "fission_k": [1.0, None, 2.0]}


def test_income_is_read_back(tmp_path):
    incomes = {"a": [[3, 1, 2], [5]], "b": [np.array([9], dtype=np.int64), []]}
    parquet.write_income(tmp_path, incomes)
    assert parquet.read_income(tmp_path) == {"a": [[3, 1, 2], [5]], "b": [[9]]}


def test_empty_tables_can_be_written(tmp_path):
    parquet.write_runs(tmp_path, {})
    parquet.write_daily(tmp_path, {})
    parquet.write_income(tmp_path, {})
    assert parquet.read_runs(tmp_path) == {}
    assert parquet.read_daily(tmp_path) == {}
    assert parquet.read_income(tmp_path) == {}


class Colour(Enum):
    red = "red"


def test_run_json_is_safe_for_any_reader(tmp_path):
    record = {
        "metrics": {"gmv": np.int64(5), "k": math.nan, "x": float("inf"), "array": np.array([1.0, math.nan])},
        "title": "分销",
        "seeds": (1, 2),
        "arms": {"b", "a"},
        "path": Path("x"),
        "colour": Colour.red,
        1: True,
    }
    path = files.write_run_json(tmp_path, record)
    assert "分销" in path.read_text(encoding="utf-8")
    assert "NaN" not in path.read_text(encoding="utf-8")
    back = files.read_run_json(tmp_path)
    assert back["metrics"] == {"gmv": 5, "k": None, "x": None, "array": [1.0, None]}
    assert (back["seeds"], back["arms"], back["path"], back["1"]) == ([1, 2], ["a", "b"], "x", True)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), plain, max_size=3))
def test_what_json_can_hold_is_not_changed(record):
    assert json.loads(json.dumps(files.jsonable(record), allow_nan=False)) == record


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path):
    target = tmp_path / "run.json"
    target.write_text("old")

    def fails(path):
        path.write_text("half")
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError):
        files.replace_file(target, fails)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]
