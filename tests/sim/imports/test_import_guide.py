"""docs/IMPORT.md is complete and true: its mapping loads, every code, key and column is explained."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tables_in_text import NAMES

from rules.plan.schema import schema as schema_of
from sim.imports.folder import FILES
from sim.imports.kinds import KINDS
from sim.imports.mapping import Column, Mapping, load_mapping, read_mapping
from sim.imports.quarantine import NAMES as ASIDE
from sim.imports.reasons import REASONS
from sim.imports.run import import_tables
from sim.imports.sources import tables_of

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "IMPORT.md").read_text("utf-8")


def test_the_mapping_in_the_guide_loads():
    (text,) = re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    assert read_mapping(text, "IMPORT.md").tables[0].kind == "orders"


def test_editors_have_a_schema_of_the_format():
    columns = schema_of(Mapping)["$defs"]["TableMap"]["properties"]["columns"]["additionalProperties"]
    assert {"string", None} == {one.get("type") for one in columns["anyOf"]}


def test_everything_has_its_word():
    for word in (*REASONS, *KINDS, *(f"{name}.parquet" for name in FILES), "import.json"):
        assert word == "left_out" or re.search(rf"\b{re.escape(word)}\b", GUIDE), word
    for name, field in Column.model_fields.items():
        assert f"`{field.alias or name}`" in GUIDE


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("import") / "out"
    tables, _ = tables_of([str(ROOT / "scenarios" / "exports" / "yudao_small")])
    import_tables(tables, load_mapping("yudao"), NAMES, out)
    return out


@pytest.mark.parametrize("name", ["orders", "members", "refunds", "commissions", "products"])
def test_a_file_has_the_columns_and_types_that_the_guide_says(folder, name):
    (row,) = [line for line in GUIDE.splitlines() if line.startswith(f"| `{name}.parquet` |")]
    schema = pq.read_schema(folder / f"{name}.parquet")
    assert re.findall(r"`(\w+)`", row) == [one.name for one in schema]
    for column in schema:
        whole, text = pa.types.is_int32(column.type), pa.types.is_string(column.type)
        assert whole or text or column.type in (pa.decimal128(18, 2), pa.timestamp("ms"))
        assert whole == (column.name in ("line", "quantity", "level"))
    needed = re.findall(r"`(\w+)`\\\*", row)
    table = pq.read_table(folder / f"{name}.parquet")
    assert all(table[column].null_count == 0 for column in needed)


def test_the_quarantine_has_the_columns_that_the_guide_says(folder):
    assert ", ".join(ASIDE) in GUIDE
    assert pq.read_schema(folder / "quarantine.parquet").names == ASIDE
