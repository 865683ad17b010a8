"""Every hostile file: nothing lost, nothing executed, nobody named, every row accounted for."""

from __future__ import annotations

import contextlib
import csv
import io
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hostile import CASES, SECRETS, Case

from rules.errors import InputError
from sim.history.shipped import past_of_folder
from sim.imports.guess import guess_mapping
from sim.imports.mapping import read_mapping, written
from sim.imports.pseudonyms import Pseudonyms
from sim.imports.reasons import REASONS
from sim.imports.run import Imported, import_tables
from sim.imports.sources import tables_of

NAMES = Pseudonyms(b"k" * 32)


def run(case: Case, folder: Path, out: Path) -> tuple[Imported, str]:
    """An import as the command does it, and everything that it says."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        tables, _ = tables_of([str(folder)])
        if case.mapping:
            mapping = read_mapping(case.mapping, "cart.yaml")
        else:
            found, _ = guess_mapping(tables)
            if found is None:
                raise InputError("nothing here looks like orders", allowed="tables with a header")
            mapping = read_mapping(written(found), "guessed.yaml")
        result = import_tables(tables, mapping, NAMES, out, print)
    return result, said.getvalue()


def test_there_are_enough_of_them():
    assert len(CASES) >= 60
    assert sum(bool(case.refused) for case in CASES.values()) >= 12
    assert {code for case in CASES.values() for code in case.codes} <= set(REASONS)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_nothing_is_lost_or_executed(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    exports, out = tmp_path / "exports", tmp_path / "out"
    exports.mkdir()
    case.make(exports)
    before = {path.name: path.read_bytes() for path in exports.iterdir()}
    monkeypatch.chdir(tmp_path)
    if case.refused:
        with pytest.raises(InputError, match=case.refused) as refused:
            run(case, exports, out)
        assert not any(secret in str(refused.value) for secret in SECRETS)
        assert not list(out.glob("*"))
    else:
        result, said = run(case, exports, out)
        assert result.rows == case.rows
        assert result.aside == case.codes
        assert result.quarantined == sum(case.codes.values())
        assert_whole(result, out)
        assert_nobody_is_named(out, said + str(result.to_dict()))
    assert {path.name for path in tmp_path.iterdir()} <= {"exports", "out"}
    assert {path.name: path.read_bytes() for path in exports.iterdir()} == before


def assert_whole(result: Imported, out: Path) -> None:
    """Rows and money add up, in what is said and in what is written."""
    assert result.adds_up()
    assert result.rows == result.kept + result.quarantined
    aside = pq.read_table(out / "quarantine.parquet").to_pylist()
    assert len(aside) == result.quarantined
    assert all(row["row"] > 0 and row["zh"] and row["en"] for row in aside)
    rows = list(csv.reader((out / "quarantine.csv").open(encoding="utf-8-sig", newline="")))
    assert len(rows) == len(aside) + 1
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row if cell)
    if "orders" not in result.files:
        return
    table = pq.read_table(out / "orders.parquet")
    lines = [one for one in result.counts if one.kind == "lines"] or [
        one for one in result.counts if one.kind == "orders"
    ]
    assert len(table) == sum(one.kept for one in lines)
    if all("amount" in one.money for one in lines):
        paid = sum(int(amount * 100) for amount in table["amount"].to_pylist())
        assert paid == sum(one.money["amount"].kept for one in lines)
    past = past_of_folder(out)  # replay takes it, all of it
    assert len(past.log.names.orders) == len(set(table["order_id"].to_pylist()))


def assert_nobody_is_named(out: Path, said: str) -> None:
    for path in [*out.iterdir()]:
        data = path.read_bytes()
        if path.suffix == ".parquet":
            data = str(pq.read_table(path).to_pylist()).encode()
        for secret in SECRETS:
            assert secret.encode() not in data, path.name
            assert secret not in said
