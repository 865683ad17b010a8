"""What a visitor has imported: the shipped export of a platform."""

from __future__ import annotations

from importlib.resources import files

from streamlit.testing.v1 import AppTest

from app.own_data import Imported, Private
from sim.imports.mapping import load_mapping
from sim.imports.pseudonyms import Pseudonyms
from sim.imports.run import import_tables
from sim.imports.sources import tables_of

NAME = "yudao_small"
EXPORT = files("scenarios") / "exports" / NAME


def yudao() -> Imported:
    """It, imported into a folder of its own."""
    place = Private()
    tables, _ = tables_of([str(EXPORT)])
    result = import_tables(tables, load_mapping("yudao"), Pseudonyms(b"k" * 32), place.path)
    return Imported(place, NAME, result.files["orders"].rows)


def given(app: AppTest, own: Imported) -> AppTest:
    """The page in a session in which this was imported."""
    app.session_state["own_data.imported"] = own
    return app.run()
