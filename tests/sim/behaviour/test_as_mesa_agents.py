"""The crowd in columns against the same people as plain Mesa agents, with the same luck: every person, every event.

The peer's rules are the readable engine, so this is a second opinion on the whole store: a day's order of things, the
kernels, what people know of the books, and the books.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from worlds import scenario

from benchmarks.crowd import market
from benchmarks.mesa_crowd.events import CompiledBooks, Event, ReadableBooks, as_rows
from benchmarks.mesa_crowd.luck import draw, lookup
from benchmarks.mesa_crowd.model import MesaStore
from rules.events import Kind, Records
from rules.plan.model import Plan
from sim.behaviour.materials import Materials
from sim.behaviour.world import STATE
from sim.draws import draw_array
from sim.model import StoreModel
from sim.people import TRAITS
from sim.quantiles import gamma, lookup_array
from sim.rows import together
from sim.scenario import Scenario

LIVELY = {
    "organic": 0.02,
    "v": 700.0,
    "sharing": 2.0,
    "payment_failure": 0.2,
    "payout_failure": 0.3,
    "return_factor": 3.0,
    "return_refused": 0.3,
}
"""A market in which everything happens within two months."""
PERSONS = sorted((TRAITS | STATE).keys() - {"drive"})
"""Columns of the crowd; `drive` is moved by contests alone."""
BOOKED = ("rank", "orders", "spent", "earned", "pending", "held", "available", "withdrawing", "withdrawn", "promoted")
KINDS = [
    *(Kind.register, Kind.promote, Kind.share, Kind.click, Kind.order, Kind.pay, Kind.cancel, Kind.ship, Kind.receive),
    *(Kind.refund, Kind.refund_open, Kind.refund_refused, Kind.withdraw, Kind.approve, Kind.paid, Kind.failed),
]


@dataclass(frozen=True)
class Pair:
    """The same world twice, and the logs."""

    columns: StoreModel
    log: Records
    objects: MesaStore
    events: Records


def lively() -> tuple[Scenario, Plan]:
    """The small market with that behaviour, under the plan with a low bar for reviews."""
    plan = market()[1]
    reviewed = plan.withdrawal.model_copy(update={"review_over": 200_00})
    return scenario().model_copy(update={"behaviour": LIVELY}), plan.model_copy(update={"withdrawal": reviewed})


def lived(conditions, people, days, seed, books=ReadableBooks) -> Pair:
    given, plan = conditions
    options = {"scenario": given, "plan": plan, "people": people, "days": days, "seed": seed}
    ours: list[Records] = []
    theirs: list[Event] = []
    columns = StoreModel(**options, sink=lambda events, _: ours.append(events)).run()
    objects = MesaStore(**options, books=books, same=True, sink=theirs.extend).run()
    return Pair(columns, together(ours), objects, as_rows(theirs))


def with_kit(fit: float, choose: str) -> tuple[Scenario, Plan]:
    """The lively market with a share kit."""
    given, plan = lively()
    kit = Materials.model_validate({"scripts": 12, "fit": fit, "choose": choose})
    return given.model_copy(update={"materials": kit}), plan


@cache
def pair(name: str) -> Pair:
    if name == "kit":
        return lived(with_kit(0.2, "bandit"), 2_000, 60, 4)
    if name == "lively":
        return lived(lively(), 2_000, 60, 3)
    return lived(market(), 3_000, 120, 1)


@pytest.fixture(params=["lively", "shipped", "kit"])
def twice(request) -> Pair:
    return pair(request.param)


def test_the_logs_are_equal_event_by_event(twice):
    assert twice.events.tolist() == twice.log.tolist()
    assert twice.log.tobytes() == twice.events.tobytes()


def test_in_the_lively_market_everything_happens():
    kinds = np.bincount(pair("lively").log["kind"], minlength=max(Kind) + 1)
    assert not [kind.name for kind in KINDS if not kinds[kind]]
    assert len(pair("lively").columns.world.members) > 1_000


@pytest.mark.parametrize("name", PERSONS)
def test_everybody_is_the_same_person(twice, name):
    theirs = np.array([getattr(person, name) for person in twice.objects.people])
    np.testing.assert_array_equal(theirs, twice.columns.world.crowd[name])


@pytest.mark.parametrize("name", BOOKED)
def test_everybody_has_the_same_in_the_books(twice, name):
    members = twice.objects.books.engine.state.members
    assert [getattr(member, name) for member in members] == twice.columns.store.book.members[name].tolist()


def test_everybody_has_the_same_inviter(twice):
    members = twice.objects.books.engine.state.members
    uplines = [-1 if member.upline is None else member.upline for member in members]
    assert uplines == twice.columns.store.book.members["upline"].tolist()
    assert len(set(uplines)) > 10


def counted_alike(twice: Pair) -> bool:
    ours, theirs = twice.columns.kit, twice.objects.kit
    assert (ours.counts.sum(axis=0) > 0).all()
    return theirs.counts == ours.counts.tolist() and theirs.sold == ours.sold.tolist()


def test_the_kit_counts_the_same_of_every_script_and_product():
    assert counted_alike(pair("kit"))


@pytest.mark.parametrize("choose", ["any", "fixed"])
def test_scripts_that_are_not_chosen_by_clicks(choose):
    assert counted_alike(lived(with_kit(0.0, choose), 500, 30, 6))


def test_members_stand_in_the_same_order(twice):
    assert [person.unique_id for person in twice.objects.members] == twice.columns.world.members.tolist()


def test_both_engines_serve_the_peer_alike():
    readable, compiled = (lived(lively(), 300, 40, 5, books) for books in (ReadableBooks, CompiledBooks))
    assert readable.events.tobytes() == compiled.events.tobytes() == compiled.log.tobytes()


def test_luck_of_pythons_own_lives_the_same_market_in_the_mean():
    given, plan = lively()
    free = MesaStore(scenario=given, plan=plan, people=2_000, days=60, seed=3, books=CompiledBooks).run()
    same = pair("lively").objects
    assert 0.9 < len(free.members) / len(same.members) < 1.1
    assert 0.9 < sum(person.repeats for person in free.people) / sum(person.repeats for person in same.people) < 1.1


def test_draws_are_those_of_the_kernels():
    words = np.random.default_rng(1).integers(0, 2**64, 1_000, np.uint64)
    persons = np.arange(1_000)
    for key in (0, 1, 2**64 - 1):
        assert [draw(key, person) for person in persons.tolist()] == draw_array(np.uint64(key), persons).tolist()
    u, table = np.concatenate([[0.0, 2.0**-53, 0.5, 1 - 2.0**-53], (words >> np.uint64(11)) * 2.0**-53]), gamma(0.243)
    assert [lookup(table.tolist(), one) for one in u.tolist()] == lookup_array(table, u).tolist()


@pytest.mark.slow
def test_a_year_of_twenty_thousand_people():
    year = lived(market(), 20_000, 365, 2)
    assert year.log.tobytes() == year.events.tobytes()
    for name in PERSONS:
        theirs = np.array([getattr(person, name) for person in year.objects.people])
        np.testing.assert_array_equal(theirs, year.columns.world.crowd[name], name)
