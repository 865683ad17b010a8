"""Competing and mentoring: who is moved by a leaderboard, which way, and that without contests nothing is."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

from rules.commission.contest import Contest, races
from rules.plan.read import parse_plan
from rules.plan.write import plan_data
from sim.behaviour import competing, mentoring
from sim.behaviour.parameters import Behaviour

GIVEN = Behaviour(crowding=0)


def contest(*prizes: dict, **more: object) -> Contest:
    prizes = prizes or ({"places": 1, "pay": 100},)
    return Contest(id="c", days=(0, 60), every="week", measure="promoted_volume", prizes=list(prizes), **more)


def factors(*figures: int, of: Contest | None = None, given: Behaviour = GIVEN) -> list[float]:
    return competing.factors_of(np.array(figures, np.float64), of or contest(), given).tolist()


def test_the_closer_the_next_prize_the_more_effort():
    first, near, half, far, hopeless = factors(100_00, 90_00, 50_00, 30_00, 10_00)
    # a prize of 100 moves half as much as a boundless one: 0.6 x 1/2; at 90 of 100 a fifth of `within_reach` is missing
    assert near == pytest.approx(1 + 0.6 * 0.5 * 0.8)
    assert first == pytest.approx(near)  # somebody else is as close to the prize as that
    assert half == far == 1
    assert hopeless == 0.9


def test_a_leader_whom_nobody_follows_does_not_strive():
    assert factors(100_00, 20_00)[0] == 1
    assert factors(100_00) == [1]


def test_a_larger_spread_moves_more():
    small, large = contest({"places": 1, "pay": 10}), contest({"places": 1, "pay": 1000})
    assert factors(100_00, 90_00, of=small)[1] < factors(100_00, 90_00)[1] < factors(100_00, 90_00, of=large)[1]
    flat = contest({"places": 1, "pay": 50}, {"places": 2, "pay": 50})
    assert factors(100_00, 99_00, of=flat)[1] == 1  # first place wins no more than the second


def test_many_competitors_move_each_of_them_less():
    crowded = Behaviour()
    assert factors(*[90_00] * 200, given=crowded)[1] < factors(90_00, 90_00, given=crowded)[1]


def test_goods_are_worth_less_than_they_cost():
    trip = contest({"places": 1, "goods": {"zh": "旅游", "en": "a trip"}, "value": 100})
    # 80 of 100 at the default discount: 80 / (80 + 100)
    assert factors(100_00, 90_00, of=trip)[1] == pytest.approx(1 + 0.6 * 80 / 180 * 0.8)
    assert competing.worth(trip.prizes[0], GIVEN) == pytest.approx(80_00)


def test_a_minimum_is_a_goal_while_places_are_free():
    # nobody has reached 200 yet: 190 of it is close
    assert factors(190_00, 20_00, of=contest(minimum=200)) == pytest.approx([1 + 0.3 * 0.9, 0.9])


def test_prizes_of_several_places():
    ladder = contest({"places": 1, "pay": 100}, {"places": [2, 3], "pay": 50})
    moved = factors(100_00, 98_00, 60_00, 57_00, 5_00, of=ladder)
    assert moved[3] > 1  # 57 of the 60 that third place takes
    assert moved[2] > 1  # and third place is followed
    assert moved[4] == 0.9


BOARD = {"id": "board", "days": [0, 60], "every": "week", "measure": "promoted_volume"}
DUEL = {"id": "duel", "days": [0, 60], "every": "week", "measure": "promoted_orders", "of": "team", "pk": True}
PLAN = {
    "contests": [
        BOARD | {"prizes": [{"places": [1, 3], "pay": 300}]},
        DUEL | {"prizes": [{"places": 1, "pay": 50}]},
    ]
}


def season(**more: object):
    return parse_plan(plan_data(worlds.plan()) | PLAN | more)


@pytest.fixture(scope="module")
def run():
    return worlds.model(1500, 35, plan=season(), behaviour={"organic": 0.01, "zeal_a": 3})


def test_members_on_a_board_are_moved_and_nobody_else(run):
    model = run
    while model.day < 34:
        model.step()
    book, world = model.store.book, model.world
    competing.look(world, book, races(model.plans, world.start))
    drive = world.crowd["drive"]
    moved = np.flatnonzero(drive != 1)
    assert 3 <= len(moved) < 0.5 * len(world.members)
    assert ((drive >= 0.5) & (drive <= 2)).all()
    assert drive.max() > 1 > drive.min()
    has_figure = (book.standings["figure"] > 0).any(axis=0)
    assert has_figure[moved].all()
    assert len(book.rows("rounds")) >= 7  # four of the board; the duel lacks teams in its first week


def test_effort_is_multiplied_and_the_bar_with_it(run):
    world = run.world
    some = world.members[:3]
    world.crowd["drive"][some] = [1, 1.5, 2]
    world.crowd["effort"][some] = [0.5, 0.5, 0.9]
    before = int(world.crowd["bar"][some[0]])
    competing.spur(world, some)
    assert world.crowd["effort"][some].tolist() == pytest.approx([0.5, 0.75, 1.0])
    assert world.crowd["bar"][some[0]] == before
    zeal = float(world.crowd["zeal"][some[1]])
    assert world.crowd["bar"][some[1]] == pytest.approx(zeal * 0.75 * (2**32 - 1), rel=1e-6)


def test_a_contest_that_is_over_moves_nobody():
    ended = season(contests=[PLAN["contests"][0] | {"days": [0, 20]}])
    model = worlds.model(1500, 28, plan=ended, behaviour={"organic": 0.01, "zeal_a": 3}).run()
    assert len(model.store.book.rows("rounds")) == 3
    assert (model.world.crowd["drive"] == 1).all()


def test_without_contests_and_mentors_no_bit_changes(monkeypatch):
    plain = worlds.model(600, 20).run()

    def never(*given):
        raise AssertionError("there is no contest")

    for name in ("look", "spur"):
        monkeypatch.setattr(competing, name, never)
    again = worlds.model(600, 20, behaviour={"spur": 5, "mentored": 1}).run()
    assert again.store.book.rows("entries").tolist() == plain.store.book.rows("entries").tolist()


def test_apprentices_of_active_mentors_learn_faster():
    mentor = {"id": "mentor", "event": "apprentice", "pay": 15, "count": 2, "days": 30}
    model = worlds.model(300, 10, plan=parse_plan(plan_data(worlds.plan()) | {"bonuses": [mentor]}))
    world, members = model.world, model.store.book.members
    world.day = 6
    mentor_, pupil, old, idle = range(4)
    world.admit(np.arange(4, dtype=np.int32))
    world.crowd["joined"][:4] = [0, 86_400, -40 * 86_400, 0]
    members["upline"][[pupil, old]] = mentor_
    members["upline"][idle] = old
    world.crowd["shared"][:4] = [2, 5, 5, 3]
    world.crowd["shares"][:4] = 10
    mentoring.teach(world, model.store.book)
    # 5 x 0.25 = 1.25, as two more; the old one joined too long ago; the idle one's mentor is `old`, who shared
    assert world.crowd["shares"][:4].tolist() == [10, 12, 10, 11]
    world.crowd["shared"][old] = 0
    mentoring.teach(world, model.store.book)
    assert world.crowd["shares"][idle] == 11
