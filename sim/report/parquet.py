"""Result tables as Parquet, written whole or not at all, and read back.

A results directory holds `run.json`, `runs.parquet` (a row per arm and replication), `daily.parquet` (a row
per arm, replication and day) and `income.parquet` (a row per promoter).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiments.metric_names import NAMES, Unit, metric
from sim.report.files import replace_file

if TYPE_CHECKING:
    from sim.experiments.statistics import Value, Values
    from sim.report.data import Daily, Incomes

RUNS = "runs.parquet"
DAILY = "daily.parquet"
INCOME = "income.parquet"

_WHOLE = (Unit.fen, Unit.count)


def write_runs(directory: Path, values: Values, seeds: Sequence[int] = ()) -> Path:
    """A row per arm and replication: `arm, replication, seed`, then the metrics that any of them has."""
    keys = [(arm, r) for arm, rows in values.items() for r in range(len(rows))]
    present = _present([row for rows in values.values() for row in rows])
    columns: dict[str, pa.Array] = {
        "arm": pa.array([arm for arm, _ in keys], pa.string()),
        "replication": pa.array([r for _, r in keys], pa.int32()),
        "seed": pa.array([seeds[r] if r < len(seeds) else None for _, r in keys], pa.int64()),
    }
    for name in present:
        columns[name] = _column(name, [values[arm][r].get(name) for arm, r in keys])
    return write_table(directory / RUNS, pa.table(columns))


def read_runs(directory: Path) -> dict[str, list[dict[str, Value]]]:
    """What `write_runs` was given: `values[arm][replication][metric]`."""
    values: dict[str, list[dict[str, Value]]] = {}
    for row in pq.read_table(directory / RUNS).to_pylist():
        arm = row.pop("arm")
        del row["replication"], row["seed"]
        values.setdefault(arm, []).append(row)
    return values


def write_daily(directory: Path, daily: Daily) -> Path:
    """A row per arm, replication and day with a column per metric."""
    blocks = [(arm, r, table) for arm, tables in daily.items() for r, table in enumerate(tables)]
    lengths = [max((len(column) for column in table.values()), default=0) for _, _, table in blocks]
    columns: dict[str, pa.Array] = {
        "arm": pa.array([b[0] for b, n in zip(blocks, lengths, strict=True) for _ in range(n)], pa.string()),
        "replication": pa.array([b[1] for b, n in zip(blocks, lengths, strict=True) for _ in range(n)], pa.int32()),
        "day": pa.array([day for n in lengths for day in range(n)], pa.int32()),
    }
    for name in _present([table for _, _, table in blocks]):
        cells = [_padded(table.get(name, ()), n) for (_, _, table), n in zip(blocks, lengths, strict=True)]
        columns[name] = _column(name, [value for block in cells for value in block])
    return write_table(directory / DAILY, pa.table(columns))


def read_daily(directory: Path) -> dict[str, list[dict[str, list[Value]]]]:
    """What `write_daily` was given: `daily[arm][replication][metric][day]`."""
    table = pq.read_table(directory / DAILY)
    keys = list(zip(table["arm"].to_pylist(), table["replication"].to_pylist(), strict=True))
    names = [name for name in table.column_names if name not in {"arm", "replication", "day"}]
    columns = {name: table[name].to_pylist() for name in names}
    daily: dict[str, list[dict[str, list[Value]]]] = {}
    for row, (arm, replication) in enumerate(keys):
        tables = daily.setdefault(arm, [])
        while len(tables) <= replication:
            tables.append({name: [] for name in names})
        for name in names:
            tables[replication][name].append(columns[name][row])
    return daily


def write_income(directory: Path, incomes: Incomes) -> Path:
    """A row per promoter: `arm, replication, income` in fen."""
    blocks = [(arm, r, np.asarray(x)) for arm, runs in incomes.items() for r, x in enumerate(runs)]
    columns = {
        "arm": pa.array([arm for arm, _, x in blocks for _ in range(len(x))], pa.string()),
        "replication": pa.array([r for _, r, x in blocks for _ in range(len(x))], pa.int32()),
        "income": pa.array(np.concatenate([x for _, _, x in blocks]) if blocks else [], pa.int64()),
    }
    return write_table(directory / INCOME, pa.table(columns))


def read_income(directory: Path) -> dict[str, list[list[int]]]:
    """What `write_income` was given: `incomes[arm][replication]`."""
    incomes: dict[str, list[list[int]]] = {}
    for row in pq.read_table(directory / INCOME).to_pylist():
        runs = incomes.setdefault(row["arm"], [])
        while len(runs) <= row["replication"]:
            runs.append([])
        runs[row["replication"]].append(row["income"])
    return incomes


def write_table(target: Path, table: pa.Table) -> Path:
    """Write `table` as Parquet, whole or not at all."""
    replace_file(target, lambda path: pq.write_table(table, path, compression="zstd"))
    return target


def _present(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """The names in any of `rows`: those of the contract in its order, then others as they come."""
    found = dict.fromkeys(name for row in rows for name in row)
    return [name for name in NAMES if name in found] + [name for name in found if name not in NAMES]


def _padded(column: Sequence[Value], length: int) -> list[Value]:
    return [*column, *[None] * (length - len(column))]


def _column(name: str, cells: Sequence[Value]) -> pa.Array:
    """Whole numbers for money and counts, floats for the rest; NaN becomes null."""
    clean = [None if cell is None or not math.isfinite(cell) else cell for cell in cells]
    whole = metric(name).unit in _WHOLE and all(c is None or float(c).is_integer() for c in clean)
    if whole:
        return pa.array([None if c is None else int(c) for c in clean], pa.int64())
    return pa.array([None if c is None else float(c) for c in clean], pa.float64())
