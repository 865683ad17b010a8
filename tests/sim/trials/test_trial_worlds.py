"""Worlds of a trial: who is assigned when, that nothing crosses walls, and that figures are those of the shop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from trial_markets import trial

from rules.errors import InputError
from rules.events import DAY
from rules.money import PPM
from sim.cli.common import load_scenario
from sim.model import StoreModel
from sim.trials.designs import Split, TreeSplit, alternate, hand_on, roots, sides, turns_of
from sim.trials.figures import METRICS
from sim.trials.once import WAYS, replicate
from sim.trials.settings import DESIGNS, Trial, check
from sim.trials.worlds import all_under, by_turns, live

TRIAL = trial()
HALF = [(TRIAL.before, PPM // 2)]


@pytest.fixture(scope="module")
def truth():
    return tuple(live(TRIAL, 5, all_under(TRIAL, place)) for place in (0, 1))


def world(conduct):
    first, second = TRIAL.plans
    model = StoreModel(scenario=TRIAL.market, plan=first, plans=[second], people=TRIAL.people, days=42, seed=5)
    conduct(model)
    return model.run(until=42)


@pytest.mark.parametrize("design", ["user", "community", "tree"])
def test_behind_walls_everybody_lives_as_if_all_were_in_her_arm(design):
    """To the bit, whatever is measured: so nothing else crosses between arms of this market but links."""
    turn = turns_of(design, TRIAL, 5, 0, 150)
    kind = TreeSplit if design == "tree" else Split
    walls = (turn >= 0.5).astype(np.int8)
    a, b = (live(TRIAL, 5, all_under(TRIAL, place), walls) for place in (0, 1))
    tried = live(TRIAL, 5, by_turns(TRIAL, kind, HALF, turn), walls)
    assert (a.brought != b.brought).any(axis=(0, 1, 2)).sum() > 100
    assert np.array_equal(tried.brought, np.where(turn < 0.5, b.brought, a.brought))


def test_behind_walls_the_share_kit_of_a_shipped_market_leaks_nothing_either():
    market = load_scenario("three_tier")
    given = Trial(market, TRIAL.plans, 6000, 14, 28, 7, 2, 5, 1, "none")
    assert market.materials
    assert market.materials.choose == "bandit"
    turn = turns_of("user", given, 5, 0, 150)
    walls = (turn >= 0.5).astype(np.int8)
    a, b = (live(given, 5, all_under(given, place), walls) for place in (0, 1))
    tried = live(given, 5, by_turns(given, Split, HALF, turn), walls)
    assert (a.brought != b.brought).any(axis=(0, 1, 2)).sum() > 30
    assert np.array_equal(tried.brought, np.where(turn < 0.5, b.brought, a.brought))


def test_without_walls_the_other_arm_changes_what_people_bring(truth):
    turn = turns_of("user", TRIAL, 5, 0, 150)
    tried = live(TRIAL, 5, by_turns(TRIAL, Split, HALF, turn))
    own = np.where(turn < 0.5, truth[1].brought, truth[0].brought)
    assert (tried.brought != own).any(axis=(0, 1, 2)).sum() > 50
    assert np.array_equal(tried.brought[:, :, 0], own[:, :, 0])


def test_people_add_up_to_the_shop(truth):
    for lived in truth:
        people = lived.brought[:, :, -1] - lived.brought[:, :, 0]
        assert np.array_equal(people.sum(2)[0], lived.daily.sum(1))
        assert np.array_equal(people.sum(2)[1], lived.daily.sum(1))


def test_figures_are_those_of_the_metric_dictionary(truth):
    model = world(all_under(TRIAL, 0))
    totals = model.metrics.totals()
    counted = dict(zip((one.name for one in METRICS), truth[0].brought[0, :, -1].sum(1), strict=True))
    assert counted["gmv"] == totals["gmv"]
    assert counted["commission"] == totals["commission"]
    assert counted["contribution"] == totals["contribution"] - int(model.store.book.clock[0]["fees"])
    assert counted["registrations"] == totals["new_members"]
    assert counted["first_orders"] == model.metrics.flows()["new_buyers"].sum()


def test_a_split_of_trees_keeps_them_whole():
    turn = turns_of("tree", TRIAL, 5, 0, 150)
    made = []
    model = world(lambda model: made.append(TreeSplit(model, 1, HALF, turn)))
    book = model.store.book
    lived = live(TRIAL, 5, by_turns(TRIAL, TreeSplit, HALF, turn))
    members = np.flatnonzero(book.members["joined_at"] >= 0)
    assert np.array_equal(book.members["arm"][members], turn[lived.root[members]] < 0.5)
    newcomers = members[book.members["joined_at"][members] >= (model.world.start + TRIAL.before) * DAY]
    assert (lived.root[newcomers] != newcomers).mean() > 0.3


def test_half_of_the_people_and_half_of_the_communities_are_under_b():
    assert (turns_of("user", TRIAL, 5, 0, 150) < 0.5).sum() == 750
    under = (turns_of("community", TRIAL, 5, 0, 150) < 0.5).reshape(10, 150)
    assert np.array_equal(under.all(1), under.any(1))
    assert under.any(1).sum() == 5


def test_draws_differ_and_come_again():
    first = turns_of("user", TRIAL, 5, 0, 150)
    assert np.array_equal(first, turns_of("user", TRIAL, 5, 0, 150))
    assert ((first < 0.5) == (turns_of("user", TRIAL, 5, 1, 150) < 0.5)).mean() == pytest.approx(0.5, abs=0.06)
    assert np.mean([sides(5, draw, 1500, 4).mean() for draw in range(50)]) == pytest.approx(0.5, abs=0.12)


def test_roots_and_newcomers():
    book = world(lambda model: None).store.book
    top = roots(book)
    members = book.members
    assert np.array_equal(top[top], top)
    assert (members["upline"][top[members["joined_at"] >= 0]] == -1).all()
    registered = np.zeros(2, [("time", "i8"), ("member", "i4"), ("other", "i4")])
    registered["time"], registered["member"], registered["other"] = [9, 3], [7, 5], [5, 2]
    values = np.arange(8)
    hand_on(values, registered)
    assert values.tolist() == [0, 1, 2, 3, 4, 2, 6, 2]


def test_the_whole_shop_changes_sides():
    made = []
    b_first = np.array([False, True])
    world(lambda model: made.append(alternate(model, TRIAL, 1, b_first)))
    assert made[0].versions == {21: 1, 35: 0}


def test_a_replication_has_every_design_and_one_truth():
    readings = replicate(TRIAL, 0)
    assert tuple(readings) == WAYS
    assert {design for design, _ in readings} == set(DESIGNS)
    for reading in readings.values():
        assert reading.value.shape == (len(TRIAL.horizons), len(METRICS))
        assert np.array_equal(reading.truth, readings["user", "buyer"].truth)
    assert readings["tree", "promoter"].crossed < readings["user", "buyer"].crossed


def test_only_the_designs_that_are_asked_for_are_tried():
    readings = replicate(replace(TRIAL, designs=("time", "user")), 0)
    assert list(readings) == [("user", "buyer"), ("user", "promoter"), ("time", "shop")]


def test_a_plan_against_itself_has_no_effect():
    reading = replicate(trial(second="three_tier"), 0)["user", "promoter"]
    assert not reading.truth.any()
    assert np.array_equal(reading.value, reading.uncrossed)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"days": 30}, "a multiple of 14 days"),
        ({"days": 14}, "at least 28"),
        ({"washout": 7}, "a washout of 7 days leaves nothing of a block"),
        ({"second": "three_tier_care"}, "three_tier and three_tier_care differ in care, messages"),
    ],
)
def test_what_cannot_be_tried_is_refused(options, said):
    with pytest.raises(InputError, match=r"differ|days") as refused:
        check(trial(**options))
    assert said in str(refused.value)
