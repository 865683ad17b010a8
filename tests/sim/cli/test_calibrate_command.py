"""`fenxiao calibrate`: the shipped sample, an import, what is written, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.cli import main
from sim.cli.calibrate import _shop
from sim.cli.common import load_scenario
from sim.experiments.ranges import ranges_of
from sim.history.purchases import shipped


@pytest.fixture
def calibrate(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The command in an empty folder: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FENXIAO_IMPORT_KEY", str(tmp_path / "keys" / "import.key"))

    def run(*arguments: object, command: str = "calibrate") -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main([command, *map(str, arguments)])
        assert isinstance(left.value.code, int)
        return left.value.code, *capsys.readouterr()

    return run


def cdnow_export(path: Path) -> Path:
    """The sample of CDNOW as a shop would export it."""
    log = shipped("cdnow_sample")
    days = log.day.astype("datetime64[D]")
    rows = zip(log.customer.tolist(), days.tolist(), log.cents.tolist(), strict=True)
    lines = [f"o{n},{log.ids[who]},{day},{cents / 100:.2f}" for n, (who, day, cents) in enumerate(rows)]
    path.write_text("\n".join(["order_id,member_id,paid_at,amount", *lines, ""]), "utf-8")
    return path


def test_an_import_gives_the_published_figures_and_files_that_load(calibrate, tmp_path: Path) -> None:
    export = cdnow_export(tmp_path / "orders.csv")
    code, _, err = calibrate(export, "--yes", "--out", "own", "--json", command="import")
    assert code == 0, err
    code, out, err = calibrate("--data", "own", "--out", "mine", "--json")
    assert code == 0, err
    told = json.loads(out)
    for name, value in {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}.items():
        assert told["parameters"][name] == pytest.approx(value, abs=0.005)
    assert told["fit"]["calibration_repeats"] == 2_457
    assert told["back_test"]["cumulative_error"] == pytest.approx(0.0252, abs=0.0005)
    assert told["back_test"]["weekly_error"] < 0.25
    assert sum(one["customers"] for one in told["by_frequency"]) == 2_357
    assert sum(one["expected"] for one in told["by_frequency"]) == pytest.approx(2_357)
    assert told["by_frequency"][0]["customers"] == 1_411
    assert set(told["warnings"]["click"]) == {"zh", "en"}
    low, high = told["intervals"]["r"]
    assert low < told["behaviour"]["r"] < high
    assert sorted(path.name for path in Path("mine").iterdir()) == [
        "behaviour.yaml", "fit.json", "report.html", "scenario.yaml",
    ]  # fmt: skip
    market = load_scenario("mine/scenario.yaml")
    assert set(ranges_of(market)) == set(told["intervals"])
    page = Path("mine/report.html").read_text("utf-8")
    assert "按自己的数据校准" in page
    assert "Cumulative repeat purchases" in page


@pytest.mark.parametrize(("lang", "words"), [("en", "the default stays"), ("zh", "沿用默认值")])
def test_it_says_what_the_data_do_not_say(calibrate, lang, words) -> None:
    code, out, err = calibrate("--lang", lang)
    assert code == 0, err
    assert words in out
    assert "price_response" in out


def test_a_young_shop_gets_what_can_be_said(calibrate, tmp_path: Path) -> None:
    rows = [f"o{n},m{n},2026-01-{1 + n % 28:02d} 10:{n % 60:02d},{10 + n % 7}.00" for n in range(60)]
    (tmp_path / "young").mkdir()
    text = "\n".join(["order_id,member_id,paid_at,amount", *rows, ""])
    (tmp_path / "young" / "orders.csv").write_text(text, "utf-8")
    code, out, err = calibrate("--data", "young", "--out", "mine", "--json")
    assert code == 0, err
    told = json.loads(out)
    assert told["parameters"] == {}
    assert told["back_test"] is None
    assert "came back" in told["warnings"]["r"]["en"]
    assert load_scenario("mine/scenario.yaml").people == 1_000


def test_public_orders_are_found_by_name() -> None:
    assert _shop(Path("cdnow"), None).members == 23_570
    assert _shop(None, None).members == _shop(Path("cdnow_sample"), None).members == 2_357


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--data", "nothing"], "there are no orders in nothing"),
        (["--data", "empty"], "there are no orders in empty"),
        (["--orders", "o.csv", "--data", "empty"], "--orders and --data are both given"),
        (["--orders", "o.csv"], "o.csv:3:3: paid_at 'soon'"),
        (["--base", "nowhere"], "there is no scenario 'nowhere'"),
    ],
)
def test_what_is_refused(calibrate, tmp_path: Path, arguments, said) -> None:
    (tmp_path / "empty").mkdir()
    text = "order_id,member_id,paid_at,amount\no1,m1,2026-01-01,3.00\no2,m1,soon,3.00\n"
    (tmp_path / "o.csv").write_text(text, "utf-8")
    code, out, err = calibrate(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
