"""A run on disk comes back as it was, whatever is in it; an interrupted one keeps what it had."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from random_logs import NAMES, PLAN, START_DAY, days_of, random_log

from rules.book import open_book
from rules.engine import Engine
from rules.errors import InputError
from rules.events import EVENT, Kind, Names, Records
from rules.records import ENTRY, MEMBER, Component
from sim.history.log import FIXED, LogWriter, read_entries, read_log, read_members, read_run

TIMES = st.integers(-(10**13), 10**13)


@st.composite
def records(draw: st.DrawFn, dtype: np.dtype, **special: st.SearchStrategy) -> Records:
    """Any rows of a dtype, fields of `special` by their own strategy."""
    rows = np.zeros(draw(st.integers(0, 6)), dtype)
    for name in dtype.names or ():
        field = dtype[name]
        rows[name] = draw(arrays.arrays(field, len(rows), elements=special.get(name)))
    return rows


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(
        st.tuples(
            records(EVENT, time=TIMES, kind=st.sampled_from([int(k) for k in Kind])),
            records(ENTRY, time=TIMES, component=st.sampled_from([int(c) for c in Component])),
        ),
        max_size=3,
    ),
    members=records(MEMBER, bound_at=TIMES, joined_at=TIMES, clicked_at=TIMES, promoter_since=TIMES),
    words=st.lists(st.text(max_size=5), max_size=8),
)
def test_everything_comes_back(tmp_path: Path, batches: list, members: Records, words: list[str]):
    names = Names(members=words, orders=words[1:], ranks=words[2:], categories=["类"])
    with LogWriter(tmp_path, names, members, 7) as log:
        for events, entries in batches:
            log.write(events, entries)
    back = read_log(tmp_path)
    assert back.names == names
    np.testing.assert_array_equal(back.events, np.concatenate([np.zeros(0, EVENT), *(b[0] for b in batches)]))
    wanted = np.concatenate([np.zeros(0, ENTRY), *(b[1] for b in batches)])
    for name in FIXED:
        np.testing.assert_array_equal(read_entries(tmp_path)[name], wanted[name])
    np.testing.assert_array_equal(read_members(tmp_path), members)


def write_run(folder: Path, stop_on: int = -1) -> tuple[Records, Records]:
    """A small run; raises KeyboardInterrupt on a day, if asked to."""
    engine = Engine.open([PLAN], NAMES, 8, START_DAY)
    events = random_log(np.random.default_rng(3), days=20)
    with LogWriter(folder, NAMES, engine.book.members, START_DAY) as log:
        log.record["seed"] = 3
        for day, batch in days_of(events):
            if day == stop_on:
                raise KeyboardInterrupt
            log.write(batch, engine.apply(batch))
    return events, engine.book.rows("entries")


def test_a_run_can_be_read_by_people_and_by_the_engine(tmp_path: Path):
    events, entries = write_run(tmp_path / "new" / "run")
    folder = tmp_path / "new" / "run"
    assert sorted(path.name for path in folder.iterdir()) == [
        "entries.parquet",
        "events.parquet",
        "members.parquet",
        "run.json",
    ]
    record = read_run(folder)
    assert record["seed"] == 3
    assert record["log"] == {
        "start_day": START_DAY,
        "events": len(events),
        "entries": len(entries),
        "complete": True,
    }
    table = pq.read_table(folder / "events.parquet")
    assert table["time"][0].as_py().isoformat().startswith("2026-01-01T")
    assert set(table["kind"].to_pylist()) <= set(Kind.__members__)
    assert set(pq.read_table(folder / "entries.parquet")["component"].to_pylist()) <= set(Component.__members__)

    again = Engine.open([PLAN], read_log(folder).names, 8, record["log"]["start_day"])
    replayed = again.apply(read_log(folder).events)
    for name in FIXED:
        np.testing.assert_array_equal(replayed[name], read_entries(folder)[name])


def test_an_interrupted_run_keeps_what_it_had(tmp_path: Path):
    with pytest.raises(KeyboardInterrupt):
        write_run(tmp_path, stop_on=START_DAY + 10)
    assert read_run(tmp_path)["log"]["complete"] is False
    log = read_log(tmp_path)
    assert log.events["time"].max() // 86_400 == START_DAY + 9
    assert len(read_members(tmp_path)) == 8


def test_entries_carry_the_names_of_people_and_orders(tmp_path: Path):
    entries = np.zeros(2, ENTRY)
    entries["member"], entries["order"] = [1, 0], [0, -1]
    with LogWriter(tmp_path, Names(members=["甲", "乙"], orders=["O1"]), open_book(2, 1).members, 0) as log:
        log.write(np.zeros(0, EVENT), entries)
    table = pq.read_table(tmp_path / "entries.parquet")
    assert table["member_name"].to_pylist() == ["乙", "甲"]
    assert table["order_name"].to_pylist() == ["O1", None]
    assert pq.read_table(tmp_path / "members.parquet")["member_name"].to_pylist() == ["甲", "乙"]


def test_what_is_no_run_is_refused_with_its_name(tmp_path: Path):
    with pytest.raises(InputError, match=r"events\.parquet: cannot be read"):
        read_log(tmp_path)
    write_run(tmp_path)
    (tmp_path / "run.json").write_text(json.dumps({"scenario": "x"}))
    with pytest.raises(InputError, match=r"run\.json: does not describe an event log"):
        read_log(tmp_path)
    pq.write_table(pq.read_table(tmp_path / "events.parquet").drop(["price"]), tmp_path / "events.parquet")
    with pytest.raises(InputError, match="has no column 'price'"):
        read_log(tmp_path)


def test_a_strange_kind_is_refused(tmp_path: Path):
    with (
        LogWriter(tmp_path, Names(), open_book(1, 1).members, 0) as log,
        pytest.raises(ValueError, match="Kind has no 0"),
    ):
        log.write(np.zeros(1, EVENT), np.zeros(0, ENTRY))
