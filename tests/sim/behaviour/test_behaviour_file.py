"""A scenario that names a file of behaviour: its values, what is drawn in comparisons, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from worlds import MARKET

from rules.errors import InputError
from sim.behaviour.parameters import settled
from sim.checkpoint.scenarios import scenario_data, scenario_of
from sim.cli.common import load_scenario
from sim.experiments.compare import Experiment
from sim.experiments.ranges import drawn, in_the_middle, ranges_of, values_of
from sim.studies.levers import Base, read_lever

FILE = """
behaviour: shop
values: {a: 0.8, b: 2.4, click: 0.2, weekday_traffic: [1, 1, 1, 1, 1, 1, 2]}
posterior:
  - {normal: [a, b], at: [0.8, 2.4], covariance: [[0.05, 0.04], [0.04, 0.07]]}
  - {beta: click, yes: 20, no: 80}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    lines = [line for line in MARKET.splitlines() if not line.startswith("behaviour:")]
    (tmp_path / "shop.yaml").write_text(FILE, "utf-8")
    (tmp_path / "market.yaml").write_text("\n".join([*lines, "behaviour: shop.yaml", ""]), "utf-8")
    return tmp_path / "market.yaml"


def other(shop: Path, given: str) -> Path:
    shop.write_text(shop.read_text("utf-8").replace("behaviour: shop.yaml", f"behaviour: {given}"), "utf-8")
    return shop


def test_the_file_is_found_beside_the_scenario_and_its_values_hold(shop: Path) -> None:
    market = load_scenario(str(shop))
    assert settled(market.behaviour).weekday_traffic[-1] == 2
    assert market.behaviour["a"] == Decimal("0.8")
    assert list(ranges_of(market)) == ["a", "b", "click"]
    assert scenario_of(scenario_data(market)) == market


def test_comparisons_draw_from_it_the_same_for_all_arms(shop: Path) -> None:
    market = load_scenario(str(shop))
    experiment = Experiment(market, (), 100, 5, 7, 3)
    for replication in range(3):
        lived = experiment.scenario_of(replication)
        assert {name: lived.behaviour[name] for name in ("a", "b", "click")} == values_of(market, 7 + replication)
        assert drawn(lived, 99) is lived
    assert in_the_middle(market).behaviour == market.behaviour
    assert ranges_of(in_the_middle(market)) == {}


def test_who_knows_better_says_so_beside_the_file(shop: Path) -> None:
    market = load_scenario(str(other(shop, "{from: shop.yaml, click: 5%, joy: [1, 2]}")))
    assert settled(market.behaviour).click == 0.05
    assert list(ranges_of(market)) == ["joy", "a", "b"]
    assert 1 <= values_of(market, 3)["joy"] <= 2


def test_a_lever_reaches_into_the_file(shop: Path) -> None:
    plan = "plan: p\nranks: [{id: member}]\n"
    base = Base.of((plan, "p.yaml"), (shop.read_text("utf-8"), str(shop)))
    lever = read_lever("scenario.behaviour.a=0.5,0.9")
    _, market = base.at([lever], {lever.name: Decimal("0.9")})
    assert settled(market.behaviour).a == 0.9
    assert "a" not in ranges_of(market)


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("click: 0.2", "clicks: 0.2", "3:26", "clicks"),
        ("click: 0.2", "click: 1.2", "3:33", "click"),
        ("yes: 20", "yes: 30", "6:5", "click is 0.2 in `values`"),
        ("[[0.05, 0.04], [0.04, 0.07]]", "[[0.05, 0.04]]", "5:5", "2 rows of 2"),
        ("beta: click", "beta: seeds", "6:5", "no number of behaviour"),
        ("behaviour: shop", "behaviour: !!python/object:os.system shop", "2:12", "tag"),
        ("covariance", "variance", "5:", "variance"),
    ],
)
def test_a_bad_file_is_refused_at_its_place(shop: Path, old: str, new: str, place: str, said: str) -> None:
    (shop.parent / "shop.yaml").write_text(FILE.replace(old, new, 1), "utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(str(shop))
    assert f"shop.yaml:{place}" in str(caught.value)
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_named_at_its_place_in_the_scenario(shop: Path) -> None:
    with pytest.raises(InputError, match=r"market\.yaml:\d+:\d+: behaviour: there is no file of behaviour 'none.yaml'"):
        load_scenario(str(other(shop, "none.yaml")))
