"""Daily figures of a live store are read as they stand, or refused with file, line, what was given, what is allowed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rules.errors import InputError
from sim.experiments.metric_names import NAMES
from sim.report.parquet import write_daily
from sim.watching.live import Live, read_live, told_days

START = dt.date(2026, 1, 5)


def read(folder: Path, text: str | bytes, adopted: dt.date | None = None) -> Live:
    file = folder / "live.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_live(file, START, adopted)


def test_money_is_yuan_ratios_are_parts_and_empty_is_not_told(tmp_path):
    live = read(
        tmp_path,
        'day,gmv,orders,refund_rate,contribution\n0,"1,234.56",10,5%,-3\n1,¥900,9,0.04,2e2\n2,,8,,\n',
    )
    assert live.names == ("gmv", "orders", "contribution", "refund_rate")
    assert live.figures[0, :2].tolist() == [123456, 90000]
    assert np.isnan(live.figures[[0, 2, 3], 2]).all()
    assert live.figures[1].tolist() == [10, 9, 8]
    assert live.figures[2, :2].tolist() == [-300, 20000]
    assert live.figures[3, :2].tolist() == [0.05, 0.04]
    assert (live.first, live.missing, live.unknown) == (None, (), ())


def test_titles_in_either_language_and_unknown_columns_are_told(tmp_path):
    live = read(tmp_path, "日期;成交额;Active buyers;visitors\n2026-01-05;10;1;7\n2026/1/8;20;2;8\n".encode("gb18030"))
    assert live.names == ("gmv", "active_buyers")
    assert live.unknown == ("visitors",)
    assert live.days == 4
    assert live.missing == (1, 2)
    assert live.first == START


def test_days_before_the_plan_are_passed_over_and_order_does_not_matter(tmp_path):
    live = read(tmp_path, "date,gmv\n2026-01-06,2\n2026-01-04,9\n2026-01-05,1\n")
    assert live.figures.tolist() == [[100, 200]]
    assert live.before == 1
    later = read(tmp_path, "date,gmv\n2027-03-01,2\n2027-03-02,3\n", dt.date(2027, 3, 1))
    assert later.figures.tolist() == [[200, 300]]
    assert later.first == dt.date(2027, 3, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("day,gmv\n0,1\n1,-5\n", "live.csv:3:2: gmv '-5'; allowed: a finite number from 0 on"),
        ("day,gmv\n0,nan\n", "live.csv:2:2: gmv 'nan'; allowed: a finite number"),
        ("day,gmv\n0,inf\n", "live.csv:2:2: gmv 'inf'; allowed: a finite number"),
        ("day,gmv\n0,1e99\n", "live.csv:2:2: gmv '1e99'; allowed: a finite number"),
        ("day,gmv\n0,8%\n", "live.csv:2:2: gmv '8%'; allowed: a finite number"),
        ("day,gmv\n0,=1+1\n", "live.csv:2:2: gmv '=1+1'; allowed: a finite number"),
        ("day,orders\n0,many\n", "live.csv:2:2: orders 'many'; allowed: a number from 0 on"),
        ("day,retention_30\n0,1.2\n", "live.csv:2:2: retention_30 '1.2'; allowed: a part of one such as 0.08, or 8%"),
        ("day,gmv\n0,1\n\n1,2\n1,3\n", "live.csv:5:1: day '1 (line 4 has it, too)'; allowed: every day once"),
        ("day,gmv\n0,1\nx,3\n", "live.csv:3:1: day 'x'; allowed: a day: a number from 0, or a date"),
        ("day,gmv\n,1\n1,3\n", "live.csv:2:1: day is empty"),
        ("date,gmv\n2026-02-30,1\n", "live.csv:2:1: date '2026-02-30'; allowed: a date such as 2026-01-05"),
        ("day,gmv\n9999,1\n", "live.csv:2:1: day '9999'; allowed: a day within 3660"),
        ("day,gmv\n-3,1\n", "there is no day from day 0 on"),
        ("date,gmv\n2027-01-05,1\n", "runs from 2027-01-05 to 2027-01-05, and the forecast begins on 2026-01-05"),
        ("day,gmv\n", "there is no day; allowed: a row a day below the header"),
        ("day,visitors\n0,1\n", "there is no metric; allowed: gmv, orders"),
        ("gmv\n1\n", "there is no column of days; allowed: one column `day` or `date`"),
        ("day,date,gmv\n0,2026-01-05,1\n", "columns day, date; allowed: one column"),
        ("day,gmv,GMV\n0,1,1\n", "'gmv' and 'GMV' are both gmv; allowed: one of them"),
        ("day,gmv\n0,1,2\n", "3 cells; allowed: 2 cells, as the header has"),
        ("day,refund_rate\n0,5\n1,4\n2,0\n", "half of the values are above 1, such as 4; allowed: parts of one"),
        ("", "live.csv:1:1: the first line is ''"),
    ],
)
def test_bad_figures_are_refused(tmp_path, text, said):
    with pytest.raises(InputError) as refused:
        read(tmp_path, text)
    assert said in str(refused.value)


def test_no_file_bytes_that_are_no_table_and_dates_for_day_numbers(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_live(tmp_path / "nothing.csv", START)
    with pytest.raises(InputError):
        read(tmp_path, b"PAR1\x00\xff" * 9)
    with pytest.raises(InputError, match="days are numbers"):
        read(tmp_path, "day,gmv\n0,1\n", START)


def test_parquet_is_read_like_csv_and_the_folder_of_a_run_in_fen(tmp_path):
    table = {"date": [START, START + dt.timedelta(1)], "gmv": [10.5, None], "orders": [3, 4]}
    pq.write_table(pa.table(table), tmp_path / "live.parquet")
    live = read_live(tmp_path / "live.parquet", START)
    assert live.figures[0, 0] == 1050
    assert live.figures[1].tolist() == [3, 4]
    write_daily(tmp_path, {"plan": [{"gmv": [1050, 7], "payout_ratio": [None, 0.5]}]})
    run = read_live(tmp_path, START)
    assert run.figures[0].tolist() == [1050, 7]
    assert (run.names, run.unknown) == (("gmv", "payout_ratio"), ())
    write_daily(tmp_path, {"a": [{"gmv": [1]}], "b": [{"gmv": [1]}]})
    with pytest.raises(InputError, match="holds 2 runs; allowed: the folder of one run"):
        read_live(tmp_path, START)


def test_every_metric_of_the_dictionary_is_taken(tmp_path):
    head, row = ",".join(NAMES), ",".join("0.5" for _ in NAMES)
    assert read(tmp_path, f"day,{head}\n0,{row}\n").names == NAMES


def test_days_in_words():
    assert list(told_days((1, 2, 3, 5, 7, 8))) == ["1-3", "5", "7-8"]
