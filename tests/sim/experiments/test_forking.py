"""Forks of a saved world: the same plan is the world that goes on; another plan and other luck differ from then on."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import worlds

from rules.errors import InputError
from rules.events import DAY, Kind, Records
from rules.plan.model import Plan
from rules.plan.read import read_plan
from scenarios.find import find
from sim.actors.parts import Operators
from sim.behaviour.purposes import Decision
from sim.checkpoint import resume, save
from sim.experiments.arms import arm_ids
from sim.experiments.compare import Experiment, run_experiment
from sim.experiments.forking import check_fork, forked, go_on, read_fork
from sim.experiments.replication import Outcome, outcome_of, replicate
from sim.model import StoreModel
from sim.money import labour_by_day
from sim.scenario import read_scenario
from sim.since import Since

PEOPLE, DAYS, MORNING, SEED = 1500, 75, 30, 5
MARKET = read_scenario(*find("markets", "three_tier"))


def plan(name: str = "three_tier") -> Plan:
    return read_plan(*find("plans", name))


def lived(model: StoreModel, days: int) -> StoreModel:
    while model.day < days:
        model.step()
    return model


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fork") / "world.npz"
    save(lived(StoreModel(scenario=MARKET, plan=plan(), people=PEOPLE, days=DAYS, seed=SEED), MORNING), path)
    return path


class Told(NamedTuple):
    """What a fork came to: its log from the morning on, and its outcome."""

    events: bytes
    entries: bytes
    model: StoreModel
    outcome: Outcome


def told(path: Path, under: Plan, luck: int = SEED) -> Told:
    events, entries = [], []
    model, since = forked(path, under, luck)
    model.sink = lambda e, n: (events.append(e.tobytes()), entries.append(n.tobytes()))
    model.run()
    return Told(b"".join(events), b"".join(entries), model, outcome_of(model, luck, 0.0, since))


def test_arms_with_the_plan_of_the_world_are_the_world_that_goes_on(world: Path) -> None:
    """Both arms, and the whole run that was never saved: the same events, entries and figures by day."""
    whole_events, whole_entries = [], []
    whole = StoreModel(scenario=MARKET, plan=plan(), people=PEOPLE, days=DAYS, seed=SEED)
    lived(whole, MORNING)
    whole.sink = lambda e, n: (whole_events.append(e.tobytes()), whole_entries.append(n.tobytes()))
    whole.run()
    one, two = told(world, plan()), told(world, plan())
    assert one.events == two.events == b"".join(whole_events)
    assert one.entries == two.entries == b"".join(whole_entries)
    assert repr(one.outcome) == repr(two.outcome)
    daily = outcome_of(whole, SEED, 0.0).daily
    assert one.outcome.daily == {name: column[MORNING:] for name, column in daily.items()}


def test_another_plan_differs_only_from_the_fork_on(world: Path) -> None:
    more = told(world, plan("three_tier_more"))
    same = told(world, plan())
    midnight = (same.model.world.start + MORNING) * DAY
    before = [one.model.store.book.rows("entries") for one in (same, more)]
    before = [rows[rows["time"] < midnight] for rows in before]
    assert len(before[0]) > 20
    assert all(np.array_equal(before[0][name], before[1][name]) for name in ("time", "member", "amount", "order"))
    flows = [one.model.metrics.flows() for one in (same, more)]
    lasting = [name for name in flows[0] if name not in ("returned", "last_shares")]  # these are told of earlier days
    for name in lasting:
        assert np.array_equal(flows[0][name][:MORNING], flows[1][name][:MORNING]), name
    assert same.outcome.metrics["commission"] != more.outcome.metrics["commission"]


def test_luck_of_its_own_begins_with_the_fork_and_leaves_people_and_contacts_alone(world: Path) -> None:
    """Arrivals are of who people are; shares, clicks and orders are drawn anew."""
    one, two = told(world, plan()), told(world, plan(), luck=SEED + 1)
    assert one.outcome.metrics["gmv"] != two.outcome.metrics["gmv"]
    for name in ("contact", "payday", "style"):
        key = Decision[name]
        assert one.model.world.key(key) == two.model.world.key(key)
    for name in ("amount", "gap", "returned"):
        key = Decision[name]
        assert one.model.world.key(key) != two.model.world.key(key)
    crowds = one.model.world.crowd, two.model.world.crowd
    for trait in ("rate", "degree", "resistance", "taste"):
        assert np.array_equal(crowds[0][trait], crowds[1][trait])
    early = [np.where(crowd["joined"] < MORNING * DAY, crowd["joined"], -1) for crowd in crowds]
    assert np.array_equal(*early)
    again = told(world, plan(), luck=SEED + 1)
    assert (again.events, again.entries) == (two.events, two.entries)


def test_luck_of_its_own_outlives_another_file(world: Path, tmp_path: Path) -> None:
    """A fork that is saved and resumed draws from its own seed, and a fork of it begins with that."""
    straight = told(world, plan(), luck=9)
    model, _ = forked(world, plan(), 9)
    later = tmp_path / "later.npz"
    save(lived(model, 50), later)
    assert (read_fork(later).luck, read_fork(later).day, read_fork(later).days) == (9, 50, DAYS - 50)
    assert resume(later).run().metrics.totals() == straight.model.metrics.totals()


def test_what_counts_since_a_morning_is_counted_again_from_the_log(world: Path) -> None:
    """Payments, buyers, sharers and incomes of the days from the fork on, by hand from events and entries."""
    events: list[Records] = []
    model, since = forked(world, plan(), SEED)
    model.sink = lambda e, n: events.append(e.copy())
    first = len(model.store.book.rows("entries"))
    totals = outcome_of(model.run(), SEED, 0.0, since).metrics
    log, book = np.concatenate(events), model.store.book
    orders = book.rows("orders")
    paid = orders[orders["paid_at"] >= since.start_day * DAY]
    assert (totals["gmv"], totals["orders"]) == (int(paid["goods"].sum()), len(paid))
    buyers = set(paid["buyer"].tolist())
    assert totals["active_buyers"] == len(buyers)
    assert totals["repurchase_rate"] == sum(int(book.members["orders"][one]) > 1 for one in buyers) / len(buyers)
    entries = book.rows("entries")[first:]
    earned: dict[int, int] = {}
    for row in entries:
        earned[int(row["member"])] = earned.get(int(row["member"]), 0) + int(row["amount"])
    assert totals["commission"] == sum(earned.values())
    sharers = set(log["member"][log["kind"] == Kind.share].tolist())
    assert totals["promoters_without_income"] == sum(earned.get(one, 0) <= 0 for one in sharers) / len(sharers)
    ever = sharers | {int(row["member"]) for row in entries if row["amount"] > 0}
    assert since.incomes().tolist() == sorted(max(earned.get(one, 0), 0) for one in ever)
    assert sum(since.components().values()) == totals["commission"]


def test_since_the_first_morning_is_the_meter_itself() -> None:
    model = worlds.model(people=800, days=40)
    since = Since(model.metrics, model.store.book, 0)
    model.run()
    assert since.totals() == pytest.approx(model.metrics.totals())
    assert np.array_equal(since.incomes(), model.metrics.incomes())
    assert since.components() == model.metrics.components()


def test_weeks_and_labour_count_from_the_fork(world: Path) -> None:
    outcome = go_on(world, plan(), SEED)
    assert len(outcome.weeks) == 7  # 45 days
    assert sum(week.goods for week in outcome.weeks) == outcome.metrics["gmv"]
    assert sum(week.labour for week in outcome.weeks) == sum(outcome.labour.values())
    model = resume(world).run()
    whole = labour_by_day(model.metrics, model.store.book, MARKET.labour)
    assert outcome.labour["returns"] == int(whole["returns"][MORNING:].sum())


def test_an_operator_who_looks_at_her_figures_sees_the_same_past(tmp_path: Path) -> None:
    """She decides by the figures of the weeks before, which a fork must not forget."""
    actor = Operators(kind="operator", plans=["mini_one_level", "three_tier_more"], payout="8%", every=7)
    market = MARKET.model_copy(update={"actors": [actor]})
    path = tmp_path / "world.npz"
    save(lived(StoreModel(scenario=market, plan=plan(), people=800, days=60, seed=3), 31), path)
    whole = replicate(market, plan(), 800, 60, 3)
    assert go_on(path, plan(), 3).daily == {name: column[31:] for name, column in whole.daily.items()}


def test_comparing_from_a_file(world: Path) -> None:
    """The same plan twice differs by nothing in any replication; replications differ; the first is the world's own."""
    fork = read_fork(world)
    chosen = [plan(), plan(), plan("three_tier_more")]
    check_fork(fork, chosen, MARKET)
    arms = tuple(zip(arm_ids(chosen), chosen, strict=True))
    results = run_experiment(Experiment(fork.scenario, arms, fork.people, fork.days, fork.luck, 2, fork=fork))
    comparison, _ = results.compared(None)
    assert all(one.difference in (0, None) for one in comparison.effects if one.arm == "three_tier#2")
    first, second = results.outcomes["three_tier"]
    assert first.metrics != second.metrics
    assert (first.seed, second.seed) == (SEED, SEED + 1)
    assert first.daily == go_on(world, plan(), SEED).daily
    assert results.experiment.start.isoformat() == "2026-02-04"  # thirty days after 5 January


def test_another_market_and_plans_that_do_not_fit_are_refused(world: Path) -> None:
    fork = read_fork(world)
    with pytest.raises(InputError, match="was not saved of this market mini_program"):
        check_fork(fork, [plan()], read_scenario(*find("markets", "mini_program")))
    with pytest.raises(InputError, match="was not saved of this market three_tier"):
        check_fork(fork, [plan()], MARKET.model_copy(update={"people": 7}))
    with pytest.raises(InputError, match="has no rank"):
        check_fork(fork, [plan(), plan("mall_daily")])
