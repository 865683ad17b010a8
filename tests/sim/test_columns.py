"""Columns: the verbs of Mesa's AgentSet, writes checked against the declared dtype, rows as views."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.columns import Column, Crowd, Everyone, Row
from sim.mesa_bridge import mesa

SCHEMA = {"wealth": Column("i4", "fen", 5), "effort": Column("f4", "0 to 1"), "kind": Column("u1")}


@pytest.fixture
def crowd() -> Crowd:
    made = Crowd(SimpleNamespace(rng=np.random.default_rng(3), steps=1, time=1.0), 6, SCHEMA)
    made["effort"] = [0.1, 0.9, 0.5, 0.9, 0.0, 0.3]
    made["kind"] = [0, 1, 2, 1, 0, 2]
    return made


def test_defaults_and_whole_columns(crowd):
    everyone = crowd.everyone()
    assert len(everyone) == len(crowd) == 6
    assert everyone.wealth.tolist() == [5] * 6
    assert everyone.wealth is not None
    assert np.shares_memory(everyone.wealth, crowd["wealth"])


def test_a_row_is_a_view(crowd):
    row = crowd.everyone()[2]
    row.wealth += 7
    assert crowd["wealth"].tolist() == [5, 5, 12, 5, 5, 5]
    assert (row.unique_id, row.wealth, row.model) == (2, 12, crowd.model)
    assert row == Row(crowd, 2)
    assert len({row, Row(crowd, 2)}) == 1
    with pytest.raises(AttributeError, match="no column 'welth' to write; there are wealth"):
        row.welth = 1
    with pytest.raises(AttributeError, match="no column 'welth'"):
        _ = row.welth


@pytest.mark.parametrize(
    ("name", "value"),
    [("wealth", 2**31), ("wealth", 1.5), ("kind", -1), ("kind", 256), ("effort", 1e39), ("kind", "x")],
)
def test_what_does_not_fit_is_refused(crowd, name, value):
    with pytest.raises(ValueError, match=f"column '{name}' holds"):
        crowd.everyone().set(name, value)


def test_nan_and_infinity_fit_floats_only(crowd):
    crowd["effort"] = np.nan
    crowd["effort"] = np.inf
    with pytest.raises(ValueError, match="nan"):
        crowd["wealth"] = np.nan


def test_names_of_columns_are_free_words():
    for name in ("select", "unique_id", "two words"):
        with pytest.raises(ValueError, match="cannot name a column"):
            Crowd(SimpleNamespace(), 1, {name: Column("i4")})


def test_select(crowd):
    everyone = crowd.everyone()
    assert everyone.select(lambda agents: agents.effort > 0.4).unique_id.tolist() == [1, 2, 3]
    assert everyone.select(everyone.kind == 0).unique_id.tolist() == [0, 4]
    assert everyone.select(at_most=2).unique_id.tolist() == [0, 1]
    assert everyone.select(at_most=0.5).unique_id.tolist() == [0, 1, 2]
    assert everyone.select(lambda agents: agents.kind == 1, at_most=1).unique_id.tolist() == [1]
    with pytest.raises(TypeError, match="6 truth values"):
        everyone.select(lambda agents: agents.effort)


def test_sort_is_stable_both_ways(crowd):
    everyone = crowd.everyone()
    assert everyone.sort("effort", ascending=True).unique_id.tolist() == [4, 0, 5, 2, 1, 3]
    assert everyone.sort("effort").unique_id.tolist() == [1, 3, 2, 5, 0, 4]
    assert everyone.sort(lambda agents: agents.effort * 2).unique_id.tolist() == [1, 3, 2, 5, 0, 4]


def test_shuffle_keeps_everybody(crowd):
    shuffled = crowd.everyone().shuffle()
    assert sorted(shuffled.unique_id.tolist()) == list(range(6))
    some = crowd.everyone().select(at_most=3)
    assert some.shuffle(inplace=True) is some
    assert sorted(some.unique_id.tolist()) == [0, 1, 2]


def test_get_set_agg_do(crowd):
    rich = crowd.everyone().select(lambda agents: agents.kind == 1)
    rich.set("wealth", [10, 20]).set("effort", 0.25)
    assert crowd["wealth"].tolist() == [5, 10, 5, 20, 5, 5]
    assert rich.get("wealth").tolist() == [10, 20]
    assert [column.tolist() for column in rich.get(["wealth", "effort"])] == [[10, 20], [0.25, 0.25]]
    assert rich.agg("wealth", np.sum) == 30
    assert rich.agg("wealth", [np.min, np.max]) == [10, 20]

    def earn(agents, fen):
        agents.wealth += fen

    assert rich.do(earn, 2) is rich
    assert crowd["wealth"].tolist() == [5, 12, 5, 22, 5, 5]


def test_groupby(crowd):
    groups = crowd.everyone().groupby("kind")
    assert {kind: group.unique_id.tolist() for kind, group in groups.items()} == {0: [0, 4], 1: [1, 3], 2: [2, 5]}
    halves = crowd.everyone().groupby(lambda agents: agents.effort > 0.4)
    assert list(halves) == [False, True]


def test_sequence(crowd):
    everyone = crowd.everyone()
    some = everyone[1:3]
    assert [row.unique_id for row in some] == [1, 2]
    assert everyone[5] in everyone
    assert everyone[5] not in some
    assert "nobody" not in everyone
    with pytest.raises(AttributeError, match="no column 'age' to write"):
        everyone.age = 3


def test_snapshot_and_restore(crowd):
    saved = crowd.snapshot()
    effort = crowd["effort"]
    crowd["effort"] = 0
    crowd.restore(saved)
    assert crowd["effort"] is effort
    assert effort[1] == np.float32(0.9)
    with pytest.raises(ValueError, match="does not fit"):
        crowd.restore({"effort": saved["effort"]})
    with pytest.raises(ValueError, match="6 rows are needed"):
        crowd.restore({name: values[:2] for name, values in saved.items()})
    with pytest.raises(KeyError, match="there are wealth"):
        crowd["age"]


class Operator(mesa.Agent):
    """A character for the test."""

    wealth = 1_000_000

    def step(self):
        self.wealth += 1


def test_everyone_is_characters_then_crowd(crowd):
    model = mesa.Model(rng=1)
    operator = Operator(model)
    everyone = Everyone(mesa.Model.agents.fget(model), crowd.everyone())
    assert len(everyone) == 7
    assert everyone[0] is operator
    assert [everyone[1].unique_id, everyone[-1].unique_id] == [0, 5]
    assert operator in everyone
    assert everyone[3] in everyone
    assert [len(everyone[:2]), next(iter(everyone))] == [2, operator]
    assert len(everyone.select(lambda agents: agents.kind == 1)) == 2
    assert list(everyone.select(agent_type=Operator)) == [operator]
    everyone.do("step")
    assert operator.wealth == 1_000_001
