"""`fenxiao import`: the shipped export, a guess that is confirmed, the key, JSON, and what must be refused."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from sim.cli import main

ORDERS = (
    "订单号,会员手机号,付款时间,实付金额(分),姓名\nO1,13800138000,2026/1/5,990,张三\nO2,13800138001,2026/1/6,abc,李四\n"
)


@pytest.fixture
def shop(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The command in a folder with an export: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FENXIAO_IMPORT_KEY", str(tmp_path / "keys" / "import.key"))
    (tmp_path / "orders.csv").write_text(ORDERS, "utf-8")

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(["import", *map(str, arguments)])
        assert isinstance(left.value.code, int)
        return left.value.code, *capsys.readouterr()

    return run


def test_without_options_it_looks_at_the_shipped_export(shop):
    code, out, err = shop("--json")
    assert code == 0, err
    assert out.count("\n") == 1
    told = json.loads(out)
    assert told["rows"] == told["kept"] + told["quarantined"] == 1606
    assert told["quarantined"] == 5
    assert {"files", "totals", "mapping", "reasons", "notes"} <= set(told)
    assert told["mapping"]["mapping"] == "yudao"
    assert sorted(path.name for path in Path.cwd().iterdir()) == ["orders.csv"]


@pytest.mark.parametrize(("lang", "words"), [("en", "it adds up: rows = kept + quarantined"), ("zh", "对上了")])
def test_it_says_that_it_adds_up(shop, lang, words):
    code, out, _ = shop("orders.csv", "--yes", "--out", "mine", "--lang", lang)
    assert code == 0
    assert words in out
    assert "2 = 1 + 1" in out
    assert not any(secret in out for secret in ("13800138000", "张三"))
    assert shop("orders.csv", "--yes", "--strict")[0] == 1


def test_a_guess_that_nobody_confirmed_is_refused(shop):
    code, out, err = shop("orders.csv", "--out", "mine")
    assert code == 2
    assert "amount: {from: " in out
    assert "unit: fen" in out
    assert "--yes" in err
    assert not Path("mine").exists()


def test_a_mapping_is_written_edited_and_used(shop):
    assert shop("orders.csv", "--write-mapping", "mine.yaml")[0] == 0
    text = Path("mine.yaml").read_text("utf-8")
    Path("mine.yaml").write_text(text.replace("fen", "yuan"), "utf-8")
    code, out, _ = shop("orders.csv", "--mapping", "mine.yaml", "--json")
    assert code == 0
    assert json.loads(out)["totals"]["orders"]["amount"] == "990.00"


def test_the_key_is_made_once_and_never_shown(shop):
    code, out, err = shop("orders.csv", "--yes", "--out", "mine")
    key = Path("keys/import.key")
    assert code == 0
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert "a new key" in err
    secret = key.read_text().strip()
    first = Path("mine/orders.parquet").read_bytes()
    code, out, err = shop("orders.csv", "--yes", "--out", "mine", "--json")
    assert "a new key" not in err
    assert secret not in out + err + Path("mine/import.json").read_text("utf-8")
    assert Path("mine/orders.parquet").read_bytes() == first
    assert not list(Path("mine").glob(".*"))
    assert json.loads(shop("--find", "+86 138-0013-8000", "--json")[1])["member"] in str(_table("mine/orders.parquet"))
    assert shop("orders.csv", "--yes", "--out", "mine", "--key", "mine/key")[0] == 2


def _table(path: str) -> list[dict]:
    import pyarrow.parquet as pq

    return pq.read_table(path).to_pylist()


REFUSED = {
    "no such file": (["nowhere.csv"], "nowhere.csv"),
    "no such mapping": (["orders.csv", "--mapping", "shopify"], "yudao"),
    "another mapping": (["orders.csv", "--mapping", "likeshop"], "ls_order"),
    "a folder of something else": (["orders.csv", "--yes", "--out", "taken"], "of no import"),
    "no key to find with": (["--find", "x"], "--key"),
    "no table": (["empty.csv"], "no table"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(shop, name):
    Path("taken").mkdir()
    Path("taken/orders.parquet").write_bytes(b"mine")
    Path("empty.csv").touch()
    arguments, words = REFUSED[name]
    code, _, err = shop(*arguments)
    assert code == 2
    assert words in err
    assert "Traceback" not in err
    assert Path("taken/orders.parquet").read_bytes() == b"mine"
