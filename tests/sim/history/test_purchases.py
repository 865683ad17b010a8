from __future__ import annotations

import hashlib
from importlib.resources import files

import numpy as np
import pytest

from rules.errors import InputError
from sim.history.purchases import (
    CALIBRATION_END,
    Purchases,
    buying_days,
    epoch_day,
    read,
    read_text,
    recency_frequency,
    recognise,
    shipped,
)

HEADER = " customer_id  date number_of_cds  dollar_value\r\n"
MASTER = HEADER + " 00001 19970101  1   11.77\r\n 00002 19970112  1   12.00\r\n 00002 19970112  5   77.00\r\n"
SAMPLE = " 00004 0001 19970101  2   29.33\r\n 00004 0001 19970118  2   29.73\r\n"
SHA256 = {
    "cdnow": "eff6889ed364c5199d6eacbbeb7a6d559971df4406ac876f322c373f00a072ef",
    "cdnow_sample": "6fae10155c0b0ba363c2c386e30f77990d22328220efd862a5edd1443420d94a",
}


def text_of(log: Purchases, with_number: bool) -> str:
    """The log as the original file was written."""
    days = [day.replace("-", "") for day in np.datetime_as_string(log.day.astype("datetime64[D]"))]
    rows = zip(log.customer.tolist(), days, log.items.tolist(), log.cents.tolist(), strict=True)
    lines = [
        f" {log.ids[c]}{f' {c + 1:04d}' * with_number} {day} {items:2d} {cents // 100:4}.{cents % 100:02}\r\n"
        for c, day, items, cents in rows
    ]
    return "".join(lines if with_number else [HEADER, *lines])


def test_master_layout():
    log = read_text(MASTER, "m.txt")
    assert log.ids == ("00001", "00002")
    assert log.customer.tolist() == [0, 1, 1]
    assert log.day.tolist() == [9862, 9873, 9873]
    assert log.items.tolist() == [1, 1, 5]
    assert log.cents.tolist() == [1177, 1200, 7700]


def test_sample_layout():
    log = read_text(SAMPLE, "s.txt")
    assert log.ids == ("00004",)
    assert log.cents.tolist() == [2933, 2973]


def test_read_from_disk_with_byte_order_mark_and_empty_last_lines(tmp_path):
    path = tmp_path / "m.txt"
    path.write_text("﻿" + MASTER + "\r\n\r\n", encoding="utf-8", newline="")
    assert len(read(path)) == 3


def test_recognise():
    assert recognise(HEADER) == "master"
    assert recognise(SAMPLE.splitlines()[0]) == "sample"
    assert recognise("order_id,member_id,paid_at,price,x") is None
    assert recognise("") is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (" 00003 19970230  1   11.77", "m.txt:5:8: '19970230' is not a valid date; allowed: a calendar day"),
        (" 00003 1997-1-3  1   11.77", "m.txt:5:8: '1997-1-3' is not a valid date"),
        (
            " 00003 19970103  0   11.77",
            "m.txt:5:18: '0' is not a valid number of items; allowed: a whole number from 1",
        ),
        (
            " 00003 19970103  1  11.777",
            "m.txt:5:21: '11.777' is not a valid amount; allowed: an amount with at most two",
        ),
        (" 00003 19970103  1  -11.77", "m.txt:5:21: '-11.77' is not a valid amount"),
        (" 00003 19970103  1     nan", "m.txt:5:24: 'nan' is not a valid amount"),
        (" 0,003 19970103  1   11.77", "m.txt:5:2: '0,003' is not a valid customer id"),
        (" 00003 19970103  11.77", "m.txt:5:1: 3 columns in '00003 19970103  11.77'; allowed: 4 columns"),
        ("", "m.txt:5:1: 0 columns in ''"),
    ],
)
def test_a_bad_line_is_named(line, message):
    with pytest.raises(InputError) as error:
        read_text(MASTER + line + "\r\n" + " 00004 19970103  1   11.77\r\n", "m.txt")
    assert str(error.value).startswith(message)


@pytest.mark.parametrize("text", ["", "order_id,amount\n1,2\n"])
def test_another_layout_is_refused(text):
    with pytest.raises(InputError, match=r"x\.txt:1:1: the first line is .*allowed: the header"):
        read_text(text, "x.txt")


def test_unreadable_files_are_input_errors(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "absent.txt")
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "binary.txt")


def test_columns_must_be_equally_long():
    with pytest.raises(ValueError, match="equally long"):
        Purchases.of(["a", "b"], [1, 2], [1], [100, 100])


@pytest.mark.parametrize("name", ["cdnow", "cdnow_sample"])
def test_shipped_log_is_the_original_file_byte_by_byte(name):
    text = text_of(shipped(name), with_number=name == "cdnow_sample")
    assert hashlib.sha256(text.encode()).hexdigest() == SHA256[name]
    again = read_text(text, name)
    assert again.ids == shipped(name).ids
    assert (again.cents == shipped(name).cents).all()


def test_shipped_file_is_small_and_credited():
    folder = files("scenarios").joinpath("orders", "cdnow")
    assert len(folder.joinpath("cdnow.parquet").read_bytes()) < 300_000
    assert "Fader" in folder.joinpath("CREDIT.md").read_text(encoding="utf-8")


def test_shipped_names():
    with pytest.raises(InputError, match="no shipped purchase log 'cdbaby'; allowed: cdnow, cdnow_sample"):
        shipped("cdbaby")


def test_shipped_arrays_cannot_be_changed(sample):
    with pytest.raises(ValueError, match="read-only"):
        sample.cents[0] = 1


def test_the_cohort_is_the_published_one(cohort):
    days = buying_days(cohort)
    per_customer = np.bincount(days.customer)
    assert len(cohort) == 69_659
    assert len(cohort.ids) == 23_570
    assert cohort.items.sum() == 167_881
    assert cohort.cents.sum() == 250_031_563
    assert (cohort.cents == 0).sum() == 80
    assert (cohort.day.min(), cohort.day.max()) == (epoch_day("1997-01-01"), epoch_day("1998-06-30"))
    assert (per_customer == 1).mean() == pytest.approx(0.511, abs=0.0005)
    assert days.cents.mean() / 100 == pytest.approx(36.99, abs=0.005)
    assert np.median(days.cents) / 100 == pytest.approx(26.73, abs=0.005)
    assert np.percentile(per_customer, [90, 99]).tolist() == [6, 19]


def test_revenue_is_as_concentrated_as_published(cohort):
    spent = np.sort(np.bincount(cohort.customer, cohort.cents))[::-1]
    share = np.cumsum(spent) / spent.sum()
    n = len(spent)
    gini = (n + 1 - 2 * np.sum(np.cumsum(spent[::-1])) / spent.sum()) / n
    assert share[int(0.2 * n) - 1] == pytest.approx(0.678, abs=0.0005)
    assert share[int(0.01 * n) - 1] == pytest.approx(0.158, abs=0.0005)
    assert gini == pytest.approx(0.635, abs=0.0005)


def test_summary_reproduces_the_published_counts(summary):
    assert len(summary.x) == 2_357
    assert summary.x.sum() == 2_457
    assert summary.holdout.sum() == 1_882
    counts = np.bincount(np.minimum(summary.x, 7))
    assert counts.tolist() == [1411, 439, 214, 100, 62, 38, 29, 64]


def test_summary_of_a_small_log():
    log = Purchases.of(["a", "a", "a", "b", "c", "a"], [10, 10, 24, 20, 32, 40], [1] * 6, [100, 200, 500, 50, 70, 900])
    got = recency_frequency(log, calibration_end_day=31)
    assert got.customer.tolist() == [0, 1]  # c comes later
    assert got.x.tolist() == [1, 0]
    assert got.t_x.tolist() == [2.0, 0.0]
    assert got.T.tolist() == [3.0, 11 / 7]
    assert got.spend.tolist() == [5.0, 0.0]
    assert got.holdout.tolist() == [1, 0]
    assert got.first_day.tolist() == [10, 20]


def test_the_unit_of_time_is_free(sample):
    weeks = recency_frequency(sample, epoch_day(CALIBRATION_END))
    days = recency_frequency(sample, epoch_day(CALIBRATION_END), unit_days=1)
    assert np.allclose(days.T, 7 * weeks.T)
    assert (days.x == weeks.x).all()
