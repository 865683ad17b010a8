"""The store as a Mesa model: the same bits however it is run, common luck across plans, and a plausible market."""

from __future__ import annotations

import gc
import hashlib
import subprocess
import sys
import weakref

import numpy as np
import pytest
import worlds
from daily import some
from worlds import Log, logged

from rules.events import DAY, Kind
from rules.plan.read import read_plan
from scenarios.find import find
from sim import books
from sim.behaviour import chunks
from sim.columns import Row
from sim.mesa_bridge import mesa
from sim.model import StoreModel
from sim.rows import events_of


def digest(model: StoreModel, events: np.ndarray) -> str:
    total = hashlib.sha256(events.tobytes())
    total.update(model.store.book.rows("entries").tobytes())
    for name in sorted(model.world.crowd.columns):
        total.update(model.world.crowd[name].tobytes())
    return total.hexdigest()


def changed(plan_text_from: str, plan_text_to: str, count: int = -1):
    text, name = find("plans", "three_tier")
    assert plan_text_from in text
    return read_plan(text.replace(plan_text_from, plan_text_to, count), name)


def test_the_same_bits_for_any_number_of_threads_and_every_time(monkeypatch):
    monkeypatch.setattr(chunks, "ALONE", 0)
    digests = {digest(*logged(3000, 40, workers=workers)) for workers in (1, 1, 2, 3)}
    assert len(digests) == 1
    assert digest(*logged(3000, 40, seed=2)) not in digests


def test_a_small_world_has_no_clerk(monkeypatch):
    monkeypatch.setattr(books, "WORTH_A_CLERK", 200)
    clerks = [
        worlds.model(people, 5, workers=workers)._books._clerk for people, workers in ((199, 2), (200, 2), (200, 1))
    ]
    assert [clerk is not None for clerk in clerks] == [False, True, False]


def test_steps_are_what_run_does():
    whole, log = logged(500, 20)
    parts = Log()
    model = worlds.model(500, 20, sink=parts)
    for day in range(7):
        assert model.day == day
        model.step()
    seen = []
    model.run(lambda done, days: seen.append((done, days)))
    assert seen == [(day, 20) for day in range(8, 21)]
    assert not model.running
    assert digest(model, parts.events) == digest(whole, log)


def test_the_log_is_in_order_and_ends_with_the_last_midnight():
    model, events = logged(2000, 40)
    first = model.world.start * DAY
    assert (np.diff(events["time"]) >= 0).all()
    assert events["time"][0] >= first
    assert (events["kind"][-1], events["time"][-1]) == (Kind.tick, first + 40 * DAY)
    lines = events[events["kind"] == Kind.order]
    new = lines[lines["line"] == 1]
    assert new["order"].tolist() == list(range(len(new)))
    moments = list(zip(lines["time"].tolist(), lines["order"].tolist(), lines["line"].tolist(), strict=True))
    assert moments == sorted(moments)
    assert (events["kind"] == Kind.refund).any()


def test_the_rules_refuse_nothing_the_world_does():
    """Apart from payouts: who may ask for money is the plan's word."""
    model, _ = logged(5000, 60)
    refused = model.store.book.rows("refusals")["code"]
    assert not (refused < 12).any()


def test_every_share_of_the_log_belongs_to_a_member():
    _, events = logged(3000, 40)
    joined = {int(e["member"]): int(e["time"]) for e in events[events["kind"] == Kind.register]}
    shares = events[events["kind"] == Kind.share]
    assert len(shares) > 100
    assert all(joined[int(share["member"])] < share["time"] for share in shares)
    days = set(zip(shares["member"].tolist(), (shares["time"] // DAY).tolist(), strict=True))
    assert len(days) == len(shares)


def test_without_sharing_any_two_plans_meet_the_same_world():
    other = changed("default: 5%", "default: 9%")
    worlds_of = [logged(2000, 60, behaviour={"sharing": 0}, plan=plan)[1] for plan in (worlds.plan(), other)]
    assert worlds_of[0].tobytes() == worlds_of[1].tobytes()


def test_a_higher_rate_leaves_peoples_own_luck_alone():
    """Whoever registers at the same moment under both plans places the same spontaneous orders."""
    richer = changed("default: 5%", "default: 15%")
    models = [worlds.model(4000, 90, plan=plan).run() for plan in (worlds.plan(), richer)]
    crowds = [model.world.crowd for model in models]
    assert crowds[0]["shares"].sum() < crowds[1]["shares"].sum()
    same = (crowds[0]["joined"] == crowds[1]["joined"]) & (crowds[0]["impulses"] + crowds[1]["impulses"] == 0)
    assert np.count_nonzero(same) > 3000
    for name in ("due", "repeats", "buy_day"):
        assert (crowds[0][name][same] == crowds[1][name][same]).all()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("promoter", "tuike"),
        ("  - id: partner", "  - {id: between, promote: {months: 120, promoted_volume: 9000000}}\n  - id: partner"),
        ("base: 1.5", "base: 1"),
    ],
    ids=["renamed rank", "unused rank", "campaign x 1"],
)
def test_names_and_idle_parts_of_a_plan_change_nothing(before, after):
    text, name = find("plans", "three_tier")
    plain = text if after != "base: 1" else text[: text.index("campaigns:")] + text[text.index("\ncaps:") :]
    plans = [read_plan(plain, name), changed(before, after)]
    (one, first), (two, second) = (logged(1500, 60, plan=plan) for plan in plans)
    first["rank"], second["rank"] = -1, -1
    assert first.tobytes() == second.tobytes()
    for column in ("effort", "per_share", "swing", "due", "earned"):
        assert (one.world.crowd[column] == two.world.crowd[column]).all()


class Operator(mesa.Agent):
    """A character: buys nothing, signs in every day."""

    def step(self):
        world = self.model.world
        self.model.submit(events_of(Kind.sign_in, np.array([world.midnight + 43_200]), member=0))


def test_characters_act_through_events_and_are_numbered_after_the_people():
    log = Log()
    model = worlds.model(200, 10, sink=log)
    operators = [Operator(model), Operator(model)]
    assert [one.unique_id for one in operators] == [200, 201]
    assert len(model.agents) == 202
    assert list(model.agents)[:2] == operators
    assert isinstance(model.agents[2], Row)
    model.run()
    assert np.count_nonzero(log.events["kind"] == Kind.sign_in) == 20


def test_mesas_own_collector_works():
    model = worlds.model(30, 5)
    collector = mesa.DataCollector(
        model_reporters={"members": lambda m: len(m.world.members), "day": "day"},
        agent_reporters={"effort": "effort", "joined": lambda agent: agent.joined},
    )
    for _ in range(5):
        model.step()
        collector.collect(model)
    frame = collector.get_model_vars_dataframe()
    assert frame["day"].tolist() == [1, 2, 3, 4, 5]
    assert frame["members"].is_monotonic_increasing
    assert len(collector.get_agent_vars_dataframe()) == 150


def test_models_with_characters_are_freed():
    gone = []
    for seed in range(4):
        model = worlds.model(100, 3, seed=seed)
        gone += [weakref.ref(model), weakref.ref(Operator(model))]
        model.run()
        del model
    gc.collect()
    assert [one() for one in gone] == [None] * 8


@pytest.mark.parametrize("method", some(["fork", "None"], 1))
def test_import_leaves_the_start_method_alone(method):
    code = f"""
import multiprocessing as mp
if {method!r} != "None": mp.set_start_method({method!r})
import sim.model
assert str(mp.get_start_method(allow_none=True)) == {method!r}, mp.get_start_method(allow_none=True)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_worlds_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="people=9"):
        worlds.model(9, 10)
    with pytest.raises(ValueError, match="days=0"):
        worlds.model(10, 0)
    with pytest.raises(TypeError):
        StoreModel(worlds.scenario(), worlds.plan(), 10, 10, 1)


@pytest.mark.parametrize(("people", "days"), [(10, 1), (11, 3), (151, 40)])
def test_small_worlds_run(people, days):
    model, events = logged(people, days)
    assert model.day == days
    assert events["kind"][-1] == Kind.tick


def test_the_default_market_is_plausible():
    totals = worlds.model(100_000, 180).run().metrics.totals()
    registered = totals["new_members"] / 100_000
    assert 0.20 < registered < 0.45
    assert 0.40 < totals["distribution_share"] < 0.65
    assert 0.3 < totals["fission_k"] < 1
    assert 100_00 < totals["average_order_value"] < 200_00
    assert 0.05 < totals["refund_rate"] < 0.10
    assert totals["promoters_without_income"] > 0.5
    assert 0.03 < totals["payout_ratio"] < 0.15
    assert 0.2 < totals["repurchase_rate"] < 0.5
