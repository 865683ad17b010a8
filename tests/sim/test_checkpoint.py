"""Checkpoints: a world that was saved and resumed is the one that went on, bit by bit; worlds branch from one file."""

from __future__ import annotations

import json
import zipfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import worlds
from daily import some

from rules.errors import InputError
from rules.events import DAY, EventLog, Kind, Records
from rules.plan.model import Plan
from rules.plan.read import read_plan
from rules.plan.versions import PlanBook, Version
from scenarios.find import find
from sim.actors.cheats import Cheats
from sim.actors.parts import Hunters, Influencers, Leaders, Operators, Releases
from sim.behaviour import chunks
from sim.behaviour.communities import Call, Communities
from sim.behaviour.materials import Materials
from sim.checkpoint import archive, branch, resume, save
from sim.checkpoint.scenarios import scenario_data, scenario_of
from sim.checkpoint.state import Taker
from sim.conditions import Admission, AfterSales, Nodes, Supplier, Warehouse, Warnings
from sim.experiments.replication import outcome_of
from sim.history.replay import replay
from sim.mesa_bridge import mesa
from sim.model import StoreModel
from sim.risk.rules import RiskRules
from sim.rows import together
from sim.scenario import read_scenario

PEOPLE, DAYS = 600, 40
MORNINGS = {"first": 0, "mid-week": 9, "Sunday": 13, "Monday": 14, "month end": 27, "payouts": 32, "last": 39}
"""The world starts on Monday 2026-01-05, so day 13 is a Sunday and day 27 the first of February. On the
morning of day 32 the drill has requests for money to answer, some of them of thieves."""
CHEATS = [
    Cheats(kind=kind, gangs=1, accounts=6, begin=(2, 9))
    for kind in ("ring", "device_farm", "fake_orders", "streak_farm", "scraper", "thief", "boaster")
]


class Log(NamedTuple):
    """A sink that keeps what it gets."""

    events: list[Records]
    entries: list[Records]

    def __call__(self, events: Records, entries: Records) -> None:
        self.events.append(np.frombuffer(events.tobytes(), events.dtype))
        self.entries.append(np.frombuffer(entries.tobytes(), entries.dtype))

    @classmethod
    def empty(cls) -> Log:
        return cls([], [])

    def bits(self) -> bytes:
        """All of it, without where one batch ends."""
        return b"".join(part.tobytes() for group in self for part in group)


def a_world(**options) -> StoreModel:
    options = {"people": PEOPLE, "days": DAYS, "seed": 5, **options}
    return worlds.model(**options)


def plan_with(*changes: tuple[str, str]) -> Plan:
    """The plan with parts of its text changed."""
    text, file = find("plans", "three_tier")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return read_plan(text, file)


def soon_paid() -> Plan:
    """The plan with a hold of a day, and payouts from 1 yuan on."""
    return plan_with(("  minimum: 100\n", "  minimum: 1\n"), ("hold_days: 7", "hold_days: 1"))


def drill(**options) -> StoreModel:
    """A small market with every kind of cheat and a risk desk, and a plan that soon pays out."""
    options = {"plan": soon_paid(), "people": 1500, **options}
    return a_world(market={"actors": CHEATS, "risk": RiskRules()}, **options)


def cast(**options) -> StoreModel:
    """A market in which plans change under a part of the members, and people move others."""
    actors = [
        Operators(kind="operator", plans=["mini_one_level", "three_tier_more"], payout="8%", every=7),
        Releases(kind="grey_release", plan="three_tier_more", stages=[[5, "10%"], [20, "50%"]]),
        Influencers(kind="influencer", count=2, contacts=300, begin=(2, 9)),
        Leaders(kind="community_leader", count=2, share="60%", begin=(0, 3)),
        Hunters(kind="coupon_hunter", count=9, returns="50%"),
    ]
    return a_world(market={"actors": actors}, **options)


def calling(**options) -> StoreModel:
    """A market with a share kit, and calls that are on their way on most mornings."""
    calls = [Call(day=day, lift=0.5, reach=0.8, delay_days=(1, 2, 3)) for day in (7, 12, 26, 36)]
    tree = Communities(provinces=2, cities=2, calls=calls)
    return a_world(market={"materials": Materials(scripts=9), "communities": tree}, **options)


def stocked(**options) -> StoreModel:
    """A market with warehouses, suppliers of whom one is suspended in February, complaints and scarce goods."""
    goods = ["fmcg", "digital", "cosmetics"]
    catalogue = worlds.scenario().catalogue
    scarce = [one.model_copy(update={"stock": 3, "restock": 0}) for one in catalogue.categories]
    market = {
        "catalogue": catalogue.model_copy(update={"categories": scarce}),
        "channels": [one.model_copy(update={"also": 0.4}) for one in worlds.scenario().channels],
        "channel_duplicates": 0.05,
        "suppliers": [
            Supplier(id="well", categories=goods),
            Supplier(id="ill", categories=goods, quality="60%", late="50%"),
        ],
        "admission": Admission(expel_below=80, months=1, least=5),
        "warehouses": [Warehouse(id="near"), Warehouse(id="far", deliver=(3, 6))],
        "after_sales": AfterSales(),
        "stock": Warnings(),
        "nodes": Nodes(staff=6, fans="10%"),
    }
    return a_world(market=market, people=1500, behaviour={"organic": 0.01}, **options)


def test_a_stocked_world_has_what_a_checkpoint_could_lose():
    model = lived(stocked(), MORNINGS["payouts"])
    assert model.world.goods.shelf.suspended.sum() == 1
    assert len(model.world.goods.cases.rows) > 5
    assert model.stock_watch.warnings


def looked_after(**options) -> StoreModel:
    """A market whose members visit, with care, messages, coupons, points and a reward for inviting."""
    text, file = find("plans", "three_tier_care")
    rewards, _ = find("plans", "direct_invite_3")
    points = rewards[rewards.index("points:") : rewards.index("# Caps")].replace("mug: 600", "mug: 20")
    bonus = "bonuses:\n  - {id: invite, event: invites, count: 2, coupon: BACK}\n"
    text = text.replace("bonuses:\n", bonus).replace("after_days: 30", "after_days: 9") + points
    behaviour = {
        "visits": 0.2,
        "visit_shape": 0.4,
        "organic": 0.01,
        "coupon_draw": 0.8,
        "recall": 0.5,
        "collectors": 0.4,
    }
    return a_world(plan=read_plan(text, file), behaviour=behaviour, **options)


def test_the_market_that_is_looked_after_has_what_a_checkpoint_could_lose():
    model = lived(looked_after(), MORNINGS["payouts"])
    ours = model.programmes
    assert (ours.coupons.held >= 0).any()
    assert ours.coupons._drawn
    assert any(len(used) for used in ours.coupons._used)
    assert ours.habits.redeemed.sum() > 0
    assert ours.habits._asks
    assert ours.lives.life._answers
    assert ours.lives.rescue._followed
    assert ours.lives.mailing.refuses.any()


def test_the_drill_has_what_a_checkpoint_could_lose():
    model = lived(drill(), MORNINGS["payouts"])
    assert len(model._withdrawals._asked) > 0
    assert len(model.truth.stolen) > 0
    assert (model.desk._logins.until >= model.day).any()


def lived(model: StoreModel, days: int) -> StoreModel:
    while model.day < days:
        model.step()
    return model


def saved(path: Path, day: int, make=a_world, **options) -> Path:
    save(lived(make(**options), day), path)
    return path


def facts(model: StoreModel) -> dict[str, object]:
    """All that a world has come to: every array and value that its objects hold, and what is told of it."""
    taker = Taker()
    model.store.book.trim()  # how much room an array has is no state
    told = {"state": json.dumps(taker.attributes(model, ""))}
    told |= {name: array.tobytes() for name, array in taker.arrays.items()}
    return told | {"outcome": repr(outcome_of(model, 5, 0.0))}


@cache
def uninterrupted(make=a_world) -> tuple[dict[str, object], bytes]:
    log = Log.empty()
    return facts(make(sink=log).run()), log.bits()


def same(one: dict[str, object], other: dict[str, object]) -> None:
    assert [name for name in one.keys() | other.keys() if one.get(name) != other.get(name)] == []


@pytest.mark.parametrize("make", [a_world, drill, cast, calling, stocked, looked_after])
@pytest.mark.parametrize("day", some(MORNINGS.values(), 3), ids=MORNINGS.keys())
def test_a_world_that_was_interrupted_is_the_one_that_was_not(tmp_path, monkeypatch, day, make):
    """Events, entries, people, the book, metrics, evidence, alerts; under the desk its cases, too. Threads differ."""
    monkeypatch.setattr(chunks, "ALONE", 0)
    log = Log.empty()
    path = saved(tmp_path / "world.npz", day, make, sink=log)
    model = resume(path, workers=3, sink=log)
    assert model.day == day
    model.run()
    expected, bits = uninterrupted(make)
    same(facts(model), expected)
    assert Log(log.events, log.entries).bits() == bits


def test_what_is_compared_can_differ():
    """A world with one share more is told apart, as is one whose desk has one finding less."""
    model = lived(a_world(), 20)
    before = facts(model)
    model.world.crowd["shared"][7] += 1
    after = facts(model)
    assert [name for name in before if before[name] != after[name]] == ["world/crowd/columns/shared"]


def test_a_world_resumes_again_and_again_and_equal_worlds_make_equal_files(tmp_path):
    straight = saved(tmp_path / "straight.npz", 20)
    first = saved(tmp_path / "first.npz", 6)
    second = tmp_path / "second.npz"
    save(lived(resume(first), 13), second)
    third = tmp_path / "third.npz"
    save(lived(resume(second), 20), third)
    assert third.read_bytes() == straight.read_bytes()


def test_saving_leaves_a_world_alone(tmp_path):
    log = Log.empty()
    model = lived(a_world(sink=log), 17)
    save(model, tmp_path / "world.npz")
    same(facts(model.run()), uninterrupted()[0])
    assert log.bits() == uninterrupted()[1]


def test_characters_keep_their_own_dice(tmp_path):
    """The generators of Mesa, which shuffle the gangs and are there for characters, go on where they were."""
    model = lived(drill(), 10)
    model.random.random(), model.rng.random()
    save(model, tmp_path / "world.npz")
    again = resume(tmp_path / "world.npz")
    assert [model.random.random(), model.rng.random()] == [again.random.random(), again.rng.random()]


def test_a_file_is_arrays_and_a_record_and_nothing_to_be_executed(tmp_path):
    path = saved(tmp_path / "world.npz", 9, drill)
    with zipfile.ZipFile(path) as inside:
        names = inside.namelist()
    assert names[0] == "record.json"
    assert all(name.endswith(".npy") for name in names[1:])
    with np.load(path, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "biuf" for name in arrays.files if name != "record.json")
        assert arrays["world/crowd/columns/joined"].shape == (1500,)
    record = archive.read_record(path)
    assert (record["people"], record["days"], record["seed"], record["day"]) == (1500, DAYS, 5, 9)


@pytest.mark.parametrize(
    "name", ["three_tier", "risk_drill", "tuike", "direct_selling", "mini_program", "distribution_mall"]
)
def test_a_scenario_comes_back_as_it_was(name):
    given = read_scenario(*find("markets", name))
    assert scenario_of(json.loads(json.dumps(scenario_data(given)))) == given


def changed(path: Path, change) -> Path:
    """The file with its record or its arrays changed by a function."""
    record = archive.read_record(path)
    arrays = archive.read_arrays(path, record["fields"])
    change(record, arrays)
    archive.write_archive(path, record, arrays)
    return path


def cut(record: dict, arrays: dict) -> None:
    del arrays["metrics/_people"]


def widen(record: dict, arrays: dict) -> None:
    arrays["world/crowd/columns/effort"] = arrays["world/crowd/columns/effort"].astype(np.float64)


def forget(record: dict, arrays: dict) -> None:
    del record["state"]["object"]["watch"]


def execute(record: dict, arrays: dict) -> None:
    record["state"]["object"]["day"] = {"attributes": ["os", "system"]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda record, arrays: record.update(format=1), "saved by another version"),
        (lambda record, arrays: record.update(fingerprint="0" * 12), "saved by another version"),
        (lambda record, arrays: record.update(fenxiao="9.9"), "fenxiao 9.9"),
        (lambda record, arrays: record.update(scenario={}), "checkpoint"),
        (lambda record, arrays: record.pop("state"), "no whole checkpoint"),
        (lambda record, arrays: record.update(plan=7), "no whole checkpoint"),
        (lambda record, arrays: record.update(people="many"), "no whole checkpoint"),
        (cut, "metrics._people"),
        (widen, "world.crowd.columns.effort: float64"),
        (forget, "watch"),
        (execute, "'attributes' stands for nothing"),
    ],
)
def test_a_file_of_another_version_or_with_parts_that_do_not_fit_is_refused(tmp_path, change, message):
    path = changed(saved(tmp_path / "world.npz", 3), change)
    with pytest.raises(InputError, match=message) as refused:
        resume(path)
    assert refused.value.allowed


@pytest.mark.parametrize("keep", [0, 1, 100, 0.5, 0.999])
def test_a_truncated_file_is_refused(tmp_path, keep):
    path = saved(tmp_path / "world.npz", 3)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(keep * len(whole)) if isinstance(keep, float) else keep])
    with pytest.raises(InputError, match="cannot be read as a checkpoint"):
        resume(path)


def test_a_damaged_or_foreign_file_is_refused(tmp_path):
    path = saved(tmp_path / "world.npz", 3)
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    path.write_bytes(whole)
    text, arrays = tmp_path / "plan.yaml", tmp_path / "arrays.npz"
    text.write_text("plan: mine\n")
    np.savez(arrays, a=np.arange(3))
    for one in (path, text, arrays, tmp_path, tmp_path / "missing.npz"):
        with pytest.raises(InputError):
            resume(one)


def test_a_pickle_in_a_file_is_not_opened(tmp_path):
    path = saved(tmp_path / "world.npz", 3)
    record = archive.read_record(path)
    with zipfile.ZipFile(path, "w") as inside:
        inside.writestr("record.json", json.dumps(record))
        for name in record["fields"]:
            with inside.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, np.array([print], object), allow_pickle=True)
    with pytest.raises(InputError, match="cannot be read as a checkpoint"):
        resume(path)


class Passerby(mesa.Agent):
    """A character that no scenario knows."""

    def step(self) -> None:
        pass


class Blacklist:
    """A risk service of somebody else's."""

    def assess(self, seen) -> dict[int, float]:
        return {}


def test_a_world_that_cannot_be_said_as_data_is_refused_before_anything_is_written(tmp_path):
    path = tmp_path / "world.npz"
    walked = a_world()
    Passerby(walked)
    for model, message in (
        (a_world().run(), "the run is over"),
        (walked, "Passerby was added by hand"),
        (drill(services=[Blacklist()]), "desk._services.0 holds a Blacklist"),
        (a_world(rng=np.random.Generator(np.random.MT19937(1))), "rng holds a Generator"),
    ):
        with pytest.raises(InputError, match=message):
            save(model, path)
    stocked = a_world()
    stocked.store.__class__ = type("Shop", (), {"book": stocked.store.book})
    with pytest.raises(InputError, match="the store Shop"):
        save(stocked, path)
    assert not list(tmp_path.iterdir())
    with pytest.raises(InputError, match="cannot be written"):
        save(a_world(), tmp_path / "nowhere" / "world.npz")


RICHER = ("default: 5%", "default: 9%")


def weekly() -> Plan:
    """The plan with a ladder by the week."""
    return plan_with(("period: month", "period: week"))


def branched(path: Path, plan: Plan | None) -> tuple[StoreModel, Log]:
    log = Log.empty()
    return resume(path, plan, sink=log).run(), log


def test_a_branch_under_the_same_plan_is_the_world_that_goes_on(tmp_path):
    path = saved(tmp_path / "world.npz", 14)
    model, _ = branched(path, plan_with())
    same(facts(model), uninterrupted()[0])


def test_another_plan_changes_nothing_before_its_day_and_no_luck_after_it(tmp_path):
    """Where nobody shares, what a plan pays moves nobody: two branches differ in what is paid from that day on."""
    path = saved(tmp_path / "world.npz", 14, behaviour={"sharing": 0})
    (_, before), (new, after) = branched(path, None), branched(path, plan_with(RICHER))
    one, two = together(before.events), together(after.events)
    assert np.count_nonzero(two["kind"] == Kind.plan) == 1
    assert (one == two[two["kind"] != Kind.plan]).all()
    assert (new.store.book.rows("entries")["plan"] == 0).all()


def test_entries_made_before_a_branch_stay_and_those_after_are_made_under_its_plan(tmp_path):
    path = saved(tmp_path / "world.npz", 14)
    booked = resume(path).store.book.rows("entries").copy()
    model, log = branched(path, plan_with(RICHER))
    midnight = (model.world.start + 14) * DAY
    entries = model.store.book.rows("entries")
    for field in ("time", "amount", "rate", "member", "order", "plan"):
        assert (entries[field][: len(booked)] == booked[field]).all()
    assert (entries["time"][len(booked) :] >= midnight).all()
    new = entries[entries["plan"] == 1]
    assert len(new) > 10
    assert (new["time"] >= midnight).all()
    assert int(np.concatenate(log.events)["kind"][0]) == Kind.plan
    assert [plan.plan for plan in model.lived_under] == ["three_tier", "three_tier"]


@pytest.mark.parametrize(
    ("plan", "day"),
    [
        ("three_tier_5x", 9),
        ("three_tier_guarded", 14),
        ("three_tier_more", 27),
        ("by the week", 10),
        ("three_level", 0),
    ],
)
def test_a_branch_pays_what_a_replay_of_its_log_pays_under_both_plans(tmp_path, plan, day):
    """The rules of a branch against rules that knew of both plans from the first day on: the same entries."""
    other, log = weekly() if plan == "by the week" else worlds.plan(plan), Log.empty()
    model = lived(a_world(sink=log, people=3000, plans=[other] if plan in ("by the week", "three_level") else []), day)
    save(model, tmp_path / "world.npz")
    model = resume(tmp_path / "world.npz", other, sink=log).run()
    events = together(log.events)
    lived_through = EventLog(events[events["kind"] != Kind.plan], model.names)
    opening = a_world(people=3000).store.book.members
    versions = PlanBook([Version(worlds.plan()), Version(other, (model.world.start + day) * DAY)])
    (result,) = replay(lived_through, [versions], model.world.start, opening)
    entries = np.concatenate(log.entries)
    assert (entries["plan"] == 1).any()
    assert day == 0 or (entries["plan"] == 0).any()
    for field in ("time", "amount", "rate", "member", "order", "plan", "component", "level", "period"):
        assert np.array_equal(result.entries[field], entries[field]), field


def test_a_branch_can_be_saved_and_branch_again(tmp_path):
    """Back and forth: the plan in force, its number and the plans before it come back with the file."""
    first, other = saved(tmp_path / "first.npz", 9), plan_with(RICHER)
    straight = lived(resume(first, other), 20)
    branch(straight, worlds.plan())
    straight.run()
    second, third = tmp_path / "second.npz", tmp_path / "third.npz"
    save(lived(resume(first, other), 16), second)
    again = resume(second)
    assert (again.plan, again.plans) == (other, [worlds.plan(), other])
    save(lived(again, 20), third)
    same(facts(resume(third, worlds.plan()).run()), facts(straight))


def test_a_plan_without_a_rank_that_people_hold_is_refused_by_its_name(tmp_path):
    path = saved(tmp_path / "world.npz", 9)
    renamed = plan_with(("promoter", "tuike"))
    with pytest.raises(InputError, match=r"has no rank 'promoter', which [0-9]+ people") as refused:
        resume(path, renamed)
    assert "tuike" in refused.value.allowed


def test_a_plan_that_needs_what_was_not_counted_is_refused_unless_the_world_was_told(tmp_path):
    """A ladder by the week needs weekly volumes, which a world under a monthly ladder has not added up."""
    path = saved(tmp_path / "world.npz", 9)
    with pytest.raises(InputError, match="not counted so far: volumes of other periods") as refused:
        resume(path, weekly())
    assert "--later" in refused.value.allowed
    told = saved(tmp_path / "told.npz", 9, plans=[weekly()])
    model, _ = branched(told, weekly())
    assert model.plan == weekly()


def test_knowing_of_later_plans_changes_nothing(tmp_path):
    """What is counted for them is extra; all else is as without them."""
    log = Log.empty()
    model = a_world(plans=[plan_with(RICHER)], sink=log).run()
    assert log.bits() == uninterrupted()[1]
    assert facts(model)["outcome"] == uninterrupted()[0]["outcome"]
