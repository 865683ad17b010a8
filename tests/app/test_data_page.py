"""The page of imports: what it shows is what `fenxiao import` does, and nothing of a person is on it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
from importlib.resources import files
from pathlib import Path

import pytest
from pages_alone import finished, opened, said
from pyarrow.parquet import read_table

from app.own_data import Private
from app.pages.data import safe_name
from app.words import data as words
from sim.cli import main
from sim.imports.reasons import REASONS

LOOK, IMPORT, HELD = "data.look", "data.import", "own_data.imported"
PHONE = re.compile(r"1[3-9]\d{9}")
EXPORTS = Path(str(files("scenarios"))) / "exports"


def commanded(name: str) -> dict:
    """What the command says of an example."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), pytest.raises(SystemExit) as ended:
        main(["import", str(EXPORTS / name), "--yes", "--json"])
    assert ended.value.code == 0
    return json.loads(out.getvalue())


def looked_at(lang: str, example: str):
    """The page, with what is in an example."""
    app = opened("data", lang)
    app.segmented_control(key="data.source").set_value(example).run()
    app.button(key="data.begin").click().run()
    finished(app, LOOK)
    return app


def brought_in(app):
    app.button(key="data.confirm").click().run()
    return finished(app, IMPORT)


@pytest.fixture
def given_files(tmp_path):
    """An app in which files can be uploaded."""

    def given(*uploads: tuple[str, bytes]):
        app = opened("data", "zh")
        app.segmented_control(key="data.source").set_value("*").run()
        assert app.button(key="data.begin").disabled
        app.file_uploader[0].set_value([(name, content, "") for name, content in uploads]).run()
        app.button(key="data.begin").click().run()
        finished(app, LOOK)
        return app

    return given


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_first_sight_says_what_will_happen(lang):
    page = said(opened("data", lang))
    assert all(text.say(lang) in page for step in words.STEPS for text in step)


def test_an_example_is_recognised_imported_and_kept_for_other_pages():
    app = looked_at("zh", "yudao_small")
    assert words.READY.zh.format(name="yudao") in said(app)
    found, command = brought_in(app), commanded("yudao_small")
    assert (found.rows, found.kept, found.quarantined) == tuple(command[one] for one in ("rows", "kept", "quarantined"))
    assert found.aside == command["reasons"]
    page = said(app)
    counts = {"rows": found.rows, "kept": found.kept, "aside": found.quarantined}
    assert words.ADDS_UP.zh.format(**{name: f"{count:,}" for name, count in counts.items()}) in page
    assert all(REASONS[code].zh in page for code in found.aside)
    held = app.session_state[HELD]
    assert held.orders == command["totals"]["orders"]["rows"] > 300
    assert {"orders.parquet", "quarantine.csv", "import.json"} <= {file.name for file in held.place.path.iterdir()}


def test_nobody_is_named_but_can_be_found_with_the_key_of_the_session():
    app = looked_at("en", "handmade")
    assert "99999999999" in said(app)  # the form of a phone
    brought_in(app)
    assert not PHONE.search(said(app))
    folder = app.session_state[HELD].place.path
    for file in folder.iterdir():
        assert not PHONE.search(file.read_bytes().decode("latin-1")), file.name
    app.text_input(key="data.find").set_value("199 0001 2054").run()
    assert app.code[0].value in read_table(folder / "members.parquet")["member_id"].to_pylist()


def test_a_list_changes_the_mapping_and_one_that_breaks_it_does_not_hold():
    app = looked_at("zh", "handmade")
    chosen = app.session_state["data.mapping"]
    entries = [table.kind for table in chosen.mapping.tables]
    orders = entries.index("orders")
    app.selectbox(key=f"data.0.{orders}.category.from").set_value("").run()
    app.selectbox(key=f"data.0.{orders}.amount.from").set_value("单价（元）").run()
    app.segmented_control(key=f"data.0.{orders}.amount.unit").set_value("fen").run()
    columns = chosen.mapping.tables[orders].columns
    assert "category" not in columns
    assert (columns["amount"].source, columns["amount"].unit) == ("单价（元）", "fen")
    assert words.CHANGED.zh in said(app)
    app.selectbox(key=f"data.0.{orders}.paid_at.from").set_value("").run()
    assert "paid_at or placed_at" in said(app)
    assert "paid_at" in chosen.mapping.tables[orders].columns


def test_a_mapping_typed_as_text_is_taken_and_a_wrong_one_refused():
    app = looked_at("zh", "handmade")
    chosen = app.session_state["data.mapping"]
    app.text_area[0].set_value(chosen.text.replace("category: 类目", "colour: 类目")).run()
    app.button(key="data.take").click().run()
    assert "colour" in said(app)
    assert chosen.text == chosen.given
    app.text_area[0].set_value(chosen.text.replace("category: 类目", "channel: 类目")).run()
    app.button(key="data.take").click().run()
    assert chosen.mapping.tables[1].columns["channel"].source == "类目"


def test_what_cannot_be_read_is_refused_in_words(given_files):
    app = given_files(("orders.csv", b"\x1f\x8bnot a table"))
    assert "是 gzip 压缩包" in said(app)
    app = given_files(("a.csv", b"x,y\n1,2\n"))
    assert words.NOTHING.zh in said(app)
    assert app.button(key="data.confirm").disabled


def test_uploads_are_imported_shown_as_text_and_forgotten(given_files):
    hostile = "订单编号,买家手机号,付款时间,实付金额\n1,<script>alert(1)</script>,2026-01-02,9\n2,3,<b>now</b>,9\n"
    app = given_files(("../<img src=x>.csv", hostile.encode()))
    place = app.session_state["data.uploads"].place.path
    assert [file.name for file in place.iterdir()] == ["_<img src=x>.csv"]
    found = brought_in(app)
    assert (found.kept, found.aside) == (1, {"bad_time": 1})
    bodies = "\n".join(element.body for element in app.main.get("html"))
    assert "&lt;img src=x&gt;" in bodies
    assert not re.search("<(img|script|b>now)", bodies)
    imported = app.session_state[HELD].place.path
    app.button(key="data.forget").click().run()
    assert not place.exists()
    assert not imported.exists()
    assert app.session_state[HELD] is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("orders.csv", "orders.csv"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..", "table-3"),
        ("a\x00b\n.csv", "a_b_.csv"),
        ("C:\\shop\\订单.csv", "C__shop_订单.csv"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_names_of_uploads_stay_in_their_folder(name, expected, tmp_path):
    assert safe_name(name, 3) == expected
    assert (tmp_path / expected).resolve().parent == tmp_path.resolve()


def test_a_private_folder_is_this_users_and_goes_with_its_holder():
    held = Private()
    path = held.path
    (path / "orders.csv").write_text("1", "utf-8")
    assert os.stat(path).st_mode & 0o077 == 0
    del held
    assert not path.exists()
