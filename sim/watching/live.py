"""Daily figures of a live store: a CSV or Parquet file, or the folder of a run.

A row a day. `day` is a number from 0, the day on which the plan came into force, or a date; every other column is a
metric of the dictionary, by its name or its title in either language: money in yuan, ratios as parts of one or with %.
An empty cell, or a day without a row, is a figure that is not known. Tables that fenxiao wrote itself are in fen.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rules.errors import InputError, Place
from rules.events import DAY
from sim.experiments.metric_names import METRICS, Unit, metric
from sim.history.cells import ABSENT, Problem, Sheet, open_sheet

Floats = NDArray[np.float64]

DAILY = "daily.parquet"
"""Of the folder of a run."""
DAYS = ("day", "date", "日期", "天")
MAY_BE_BELOW_ZERO = frozenset(
    {
        "commission", "payout_ratio", "payout_realised", "acquisition_cost", "lifetime_value", "contribution",
        "wallet_liability",
    }
)  # fmt: skip
"""Reversals, and goods that come back, may be more than what a day brought."""
_SHARES = frozenset(
    {
        "click_to_register", "register_to_order", "repurchase_rate", "retention_30", "promoter_churn",
        "promoters_without_income", "distribution_share",
    }
)  # fmt: skip
"""Parts of a whole: never more than all of it."""
_OURS = frozenset({"arm", "replication"})
_MOST, _LONGEST = 1e13, 3_660
_NUMBER = re.compile(r"([+-]?)[¥￥]?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?([eE][+-]?\d{1,2})?\s*([%％])?")
_A_DAY = "a day: a number from 0, or a date"
_DAY_NUMBER = re.compile(r"-?\d{1,4}")


@dataclass(frozen=True)
class Live:
    """What a live store did.

    Attributes:
        name: of the file. names: of its metrics. figures: (metrics, days) from day 0, money in fen; nan = not told.
        first: the date of day 0; None where days are numbers.
        missing: days without a row. before: rows of days before day 0, which are passed over.
        unknown: columns that are no metric.
    """

    name: str
    names: tuple[str, ...]
    figures: Floats
    first: dt.date | None = None
    missing: tuple[int, ...] = ()
    before: int = 0
    unknown: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """Days up to the last that is told."""
        return int(self.figures.shape[1])


def read_live(path: Path, start: dt.date, adopted: dt.date | None = None) -> Live:
    """The daily figures in a file, or in the folder of a run.

    Args:
        start: the first day of the forecast: day 0, where the file has dates. adopted: day 0 as somebody says it.

    Raises:
        InputError: file and line, what was given, what is allowed.
    """
    sheet = open_sheet(path / DAILY if path.is_dir() else path)
    ours = set(sheet.table.column_names) >= _OURS
    if ours:
        _one_run(sheet)
    columns, day_column, unknown = _columns(sheet)
    days, first = _days(sheet, day_column, start, adopted)
    values = {name: _numbers(sheet, column, name, ours) for name, column in columns.items()}
    if refused := sheet.refused():
        worst = refused[0]
        raise InputError(worst.message, worst.place, worst.allowed, [str(one) for one in refused[1:]])
    _refuse_percent(sheet, columns, values)
    kept = days >= 0
    if not kept.any():
        raise InputError("there is no day from day 0 on", Place(sheet.name), "rows from the day of adoption on")
    figures = np.full((len(values), int(days.max()) + 1), np.nan)
    for row, column in enumerate(values.values()):
        figures[row, days[kept]] = column[kept]
    missing = sorted(set(range(figures.shape[1])) - set(days.tolist()))
    told = tuple(name for name in unknown if not (ours and name in _OURS))
    return Live(sheet.name, tuple(values), figures, first, tuple(missing), int((~kept).sum()), told)


def _one_run(sheet: Sheet) -> None:
    """Refuse tables of several runs: which of them would be the live store?"""
    runs = set(zip(*(sheet.table[name].to_pylist() for name in sorted(_OURS)), strict=True))
    if len(runs) != 1:
        raise InputError(f"holds {len(runs)} runs", Place(sheet.name), "the folder of one run: fenxiao run --out")


def _columns(sheet: Sheet) -> tuple[dict[str, str], str, list[str]]:
    """The column of each metric in the order of the dictionary, that of the day, and those that are neither."""
    known = {name: name for name in METRICS}
    known |= {words.casefold(): one.name for one in METRICS.values() for words in (one.title.zh, one.title.en)}
    found: dict[str, str] = {}
    days, unknown = [], []
    for column in sheet.table.column_names:
        word = column.strip().casefold()
        name = known.get(word)
        if word in DAYS:
            days.append(column)
        elif name is None:
            unknown.append(column)
        elif name in found:
            raise InputError(f"{found[name]!r} and {column!r} are both {name}", Place(sheet.name, 1), "one of them")
        else:
            found[name] = column
    if len(days) != 1:
        given = f"columns {', '.join(days)}" if days else "there is no column of days"
        raise InputError(given, Place(sheet.name, 1), "one column `day` or `date`")
    if not found:
        raise InputError("there is no metric", Place(sheet.name, 1), ", ".join(METRICS))
    return {name: found[name] for name in METRICS if name in found}, days[0], unknown


def _days(
    sheet: Sheet, column: str, start: dt.date, adopted: dt.date | None
) -> tuple[NDArray[np.int64], dt.date | None]:
    """Every row's day, (rows,), and the date of day 0 where there are dates; problems are noted in the sheet."""
    cells = sheet.text(column).to_pylist()
    if not cells:
        raise InputError("there is no day", Place(sheet.name), "a row a day below the header")
    numbers = np.array([cell is not None and bool(_DAY_NUMBER.fullmatch(cell)) for cell in cells])
    if 2 * numbers.sum() >= len(cells):
        if adopted:
            raise InputError("--adopted is given, and days are numbers", Place(sheet.name), "dates, or no --adopted")
        days = np.array([int(cell or 0) if fine else ABSENT for cell, fine in zip(cells, numbers, strict=True)])
        sheet.note(~numbers, column, _A_DAY)
        first = None
    else:
        times = sheet.time(column)
        first = adopted or start
        good = times != ABSENT
        days = np.where(good, times // DAY - (first - dt.date(1970, 1, 1)).days, ABSENT)
        _refuse_elsewhen(sheet, days[good], first, adopted)
    sheet.note(np.array([cell is None for cell in cells]), column, _A_DAY)
    far = (days != ABSENT) & (np.abs(days) > _LONGEST)
    sheet.note(far, column, f"a day within {_LONGEST} of day 0")
    _note_twice(sheet, column, days)
    return days, first


def _refuse_elsewhen(sheet: Sheet, days: NDArray[np.int64], first: dt.date, adopted: dt.date | None) -> None:
    """Dates that begin after the forecast does, or end before, belong to another one unless somebody says so."""
    if adopted or not len(days) or days.min() <= 0 <= days.max():
        return
    ends = [(first + dt.timedelta(int(end))).isoformat() for end in (days.min(), days.max())]
    given = f"runs from {ends[0]} to {ends[1]}, and the forecast begins on {first}"
    raise InputError(given, Place(sheet.name), "--adopted DATE, the day on which the plan came into force")


def _note_twice(sheet: Sheet, column: str, days: NDArray[np.int64]) -> None:
    lines, seen = list(sheet.lines()), dict[int, int]()
    for row, day in enumerate(days.tolist()):
        if day != ABSENT and day in seen:
            given = f"{sheet.text(column)[row].as_py()} (line {lines[seen[day]]} has it, too)"
            sheet.problems.append(Problem(row, column, given, "every day once"))
        seen.setdefault(day, row)


def _numbers(sheet: Sheet, column: str, name: str, ours: bool) -> Floats:
    """A metric's column, (rows,), money in fen; nan where a cell is empty. Problems are noted in the sheet."""
    unit, values = metric(name).unit, np.full(len(sheet), np.nan)
    lowest = "" if name in MAY_BE_BELOW_ZERO else "from 0 "
    allowed = {
        Unit.ratio: f"a part {'of one' if name in _SHARES else lowest + 'on'} such as 0.08, or 8%",
        Unit.count: "a number from 0 on, or nothing where it is not known",
    }.get(unit, f"a finite number {lowest + 'on, ' if lowest else ''}such as 1234.50, or nothing where it is not known")
    for row, cell in enumerate(sheet.text(column).to_pylist()):
        if cell is None:
            continue
        value = _number(cell, unit is Unit.ratio)
        if value is None or (value < 0 and lowest) or (value > 1 and name in _SHARES):
            sheet.problems.append(Problem(row, column, cell, allowed))
        else:
            values[row] = value
    return values * 100 if unit.is_money and not ours else values


def _number(cell: str, ratio: bool) -> float | None:
    """A cell as a number; None if it is none, or larger than any figure of a store."""
    found = _NUMBER.fullmatch(cell)
    if not found or (found[5] and not ratio):
        return None
    sign, whole, part, power, percent = found.groups()
    value = float(f"{sign}{whole.replace(',', '')}{part or ''}{power or ''}")
    return (value / 100 if percent else value) if abs(value) <= _MOST else None


def _refuse_percent(sheet: Sheet, columns: dict[str, str], values: dict[str, Floats]) -> None:
    """A column of ratios most of which are above one was exported in per cent without saying so."""
    for name, column in values.items():
        told = column[np.isfinite(column)]
        if metric(name).unit is Unit.ratio and len(told) and np.median(told) > 1:
            given = f"{columns[name]}: half of the values are above 1, such as {np.median(told):g}"
            raise InputError(given, Place(sheet.name), "parts of one such as 0.08, or 8%")


def told_days(days: tuple[int, ...]) -> Iterator[str]:
    """Days in words, neighbours together: `3`, `7-9`."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][1] + 1:
            runs[-1][1] = day
        else:
            runs.append([day, day])
    return (str(first) if first == last else f"{first}-{last}" for first, last in runs)
