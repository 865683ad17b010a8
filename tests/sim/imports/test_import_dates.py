"""Times in every form that exports have them in, against Python's own calendar."""

from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.history.cells import ABSENT
from sim.imports.amounts import normal
from sim.imports.dates import either_way, orders_shown, seconds_of

MOMENTS = st.datetimes(datetime(2000, 1, 2), datetime(2098, 12, 30)).map(lambda one: one.replace(microsecond=0))
EPOCH = datetime(1970, 1, 1)


def read(text, order=None, since_1904=False):
    return seconds_of(normal(pa.array([text], pa.string())), order, since_1904).tolist()[0]


def seconds(moment):
    return int((moment - EPOCH).total_seconds())


@given(MOMENTS)
@settings(max_examples=30)
def test_every_form_is_the_same_moment(moment):
    at = seconds(moment)
    m, d = moment.month, moment.day
    clock = f"{moment.hour}:{moment.minute:02d}:{moment.second:02d}"
    assert read(str(moment)) == at
    assert read(f"{moment.year}-{m}-{d} {clock}") == at
    assert read(f"{moment.year}/{m}/{d}  {clock}") == at
    assert read(f"{moment.year}年{m}月{d}日 {clock}") == at
    assert read(f"{moment.year}年{m}月{d}日 {moment.hour}时{moment.minute:02d}分{moment.second:02d}秒") == at
    assert read(f"{moment:%Y%m%d%H%M%S}") == at
    assert read(f"{moment:%Y-%m-%dT%H:%M:%S}+08:00") == at
    assert read(f"{moment - timedelta(hours=8):%Y-%m-%dT%H:%M:%S}Z") == at
    assert read(f"{moment:%Y/%m/%d %I:%M:%S %p}") == at
    assert read(f"{d}/{m}/{moment.year} {clock}", "dmy") == at
    assert read(f"{m}/{d}/{moment.year} {clock}", "mdy") == at
    unix = at - 8 * 3600
    if unix >= 1_000_000_000:
        assert read(str(unix)) == at
        assert read(f"{unix}123") == at
    days, rest = divmod(at, 86_400)
    assert read(f"{days + 25_569}.{rest * 10**12 // 86_400 + 1:012d}") == at
    assert read(f"{days + 24_107}", since_1904=True) == at - rest


@pytest.mark.parametrize("text", ["0", "0000-00-00 00:00:00", "", "NULL", "0000-00-00"])
def test_never_is_never(text):
    assert read(text) == ABSENT


NO_TIMES = "2026-02-30 2026-13-01 26/1/5 昨天 2026-01-05T25:00 12345 99999999999 20261301 13:00"


@pytest.mark.parametrize("text", NO_TIMES.split())
def test_what_is_no_time(text):
    assert read(text) == ABSENT


def test_a_column_shows_which_is_the_day():
    both = pa.array(["05/01/2026", "25/01/2026", None, "2026-01-05"])
    assert either_way(both).tolist() == [True, True, False, False]
    assert orders_shown(both) == {"dmy"}
    assert orders_shown(pa.array(["01/25/2026"])) == {"mdy"}
    assert orders_shown(pa.array(["01/02/2026"])) == set()
    assert read("05/01/2026") == ABSENT
