"""Contests in a world: saved and resumed, branched into, told on boards, counted by compliance and in the money."""

from __future__ import annotations

import io

import numpy as np
import pytest
import worlds
from rich.console import Console

from rules.errors import InputError
from rules.plan.model import Plan
from rules.plan.read import parse_plan
from rules.plan.write import plan_data
from rules.records import Component
from sim.checkpoint import resume, save
from sim.compliance.account import account_of
from sim.leaderboard import boards
from sim.money import Money, labour_by_day, weeks
from sim.report.contests import contests_told, print_contests
from sim.scenario import Labour

BEHAVIOUR = {"organic": 0.01, "zeal_a": 3}
FLASK = {"goods": {"zh": "保温杯", "en": "a flask"}, "value": 60}
BOARD = {"id": "board", "days": [0, 400], "every": "week", "measure": "promoted_volume"}
TEAMS = {"id": "teams", "days": [7, 400], "every": "month", "measure": "direct_team_volume"}
DUEL = {"id": "duel", "days": [0, 400], "every": "week", "measure": "promoted_orders", "pk": True}


def plan_with(*contests: dict) -> Plan:
    mentor = {"id": "mentor", "event": "apprentice", "pay": 15, "count": 1, "days": 30}
    given = plan_data(worlds.plan())
    return parse_plan(given | {"bonuses": [*given["bonuses"], mentor], "contests": list(contests)})


def season() -> Plan:
    return plan_with(
        BOARD | {"prizes": [{"places": 1, "pay": 200}, {"places": [2, 4], **FLASK}]},
        TEAMS | {"prizes": [{"places": [1, 3], "pay": 80}]},
        DUEL | {"prizes": [{"places": 1, "pay": 20}]},
    )


@pytest.fixture(scope="module")
def world():
    return worlds.model(1200, 35, plan=season(), behaviour=BEHAVIOUR).run()


def facts(model) -> list[object]:
    book = model.store.book
    names = ("entries", "rounds", "placings")
    return [*(book.rows(name).tolist() for name in names), book.standings.tolist(), model.world.crowd["drive"].tolist()]


@pytest.mark.parametrize("day", [6, 14, 27])
def test_a_world_with_contests_resumes_to_the_bit(world, tmp_path, day):
    model = worlds.model(1200, 35, plan=season(), behaviour=BEHAVIOUR)
    while model.day < day:
        model.step()
    save(model, tmp_path / "world")
    model.close()
    assert facts(resume(tmp_path / "world").run()) == facts(world)


def test_a_branch_may_have_a_contest_that_is_to_come_and_none_that_has_begun(tmp_path):
    model = worlds.model(600, 30, behaviour=BEHAVIOUR)
    while model.day < 10:
        model.step()
    save(model, tmp_path / "world")
    model.close()
    prizes = {"prizes": [{"places": 1, "pay": 200}]}
    coming = plan_data(worlds.plan()) | {"contests": [BOARD | {"days": [14, 20]} | prizes]}
    resumed = resume(tmp_path / "world", parse_plan(coming)).run()
    assert len(resumed.store.book.rows("rounds")) == 1
    begun = plan_data(worlds.plan()) | {"contests": [BOARD | {"days": [7, 20]} | prizes]}
    with pytest.raises(InputError, match="which has begun"):
        resume(tmp_path / "world", parse_plan(begun))


def test_boards_are_the_last_rounds_and_add_up(world):
    book = world.store.book
    board, duel, teams = sorted(boards(book, world.plans, world.names), key=lambda one: one.contest.id)
    assert [board.rounds, duel.rounds, teams.rounds] == [5, 5, 1]
    assert board.day.isoformat() == "2026-02-08"
    assert teams.day.isoformat() == "2026-01-31"
    entries = book.rows("entries")
    money = entries[entries["component"] == Component.contest]["amount"].sum()
    goods = entries[entries["component"] == Component.prize]["base"].sum()
    assert board.paid + duel.paid + teams.paid == money > 0
    assert board.in_kind == goods > 0
    figures = [place.figure for place in board.places]
    assert figures == sorted(figures, reverse=True)
    assert board.places[0].prize.pay == 200_00
    assert {place.rival for place in duel.places} - {None}


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", ("竞赛 board", "名次", "保温杯")), ("en", ("contest board", "place", "a flask"))]
)
def test_boards_are_told(world, lang, words):
    found = boards(world.store.book, world.plans, world.names)
    out = io.StringIO()
    print_contests(Console(file=out, width=150), found, lang)
    assert all(word in out.getvalue() for word in words)
    told = next(one for one in contests_told(found)["contests"] if one["contest"] == "board")
    assert told["rounds"] == 5
    first = told["last"]["places"][0]
    assert (first["place"], first["pay"], first["goods"]) == (1, 200.0, None)
    assert told["last"]["places"][1]["value"] == 60.0


def test_prizes_count_as_pay_and_those_of_teams_as_a_teams(world):
    book = world.store.book
    account = account_of(book, [season()], world.names)
    component, source = book.rows("entries")["component"], book.rows("entries")["source"]
    prize = component == Component.prize
    assert (account.amounts[prize] == 60_00).all()
    assert (account.amounts[~prize] == book.rows("entries")["amount"][~prize]).all()
    of_contest = (component == Component.contest) | prize
    assert (account.team[of_contest] == (source[of_contest] == 1)).all()
    mentors = (component == Component.bonus) & (source == 2)
    assert mentors.any()
    assert account.recruiting[mentors].all()
    ended = account.months[of_contest & (source == 1)]
    assert set(ended.tolist()) == {56 * 12}  # January 2026, though booked at the first midnight of February


def test_goods_cost_money_on_the_last_day_of_their_round(world):
    labour = labour_by_day(world.metrics, world.store.book, Labour())
    found = weeks(world.metrics, world.store.book, labour)
    by_week = [one.prizes for one in found]
    rounds = world.store.book.rows("rounds")
    placings = world.store.book.rows("placings")
    flasks = [
        60_00 * int(np.count_nonzero(placings["prize"][row["first"] : row["first"] + row["places"]] == 1))
        for row in rounds[rounds["contest"] == 0]
    ]
    assert by_week == flasks
    whole = sum(found, Money())
    assert (
        whole.cash == whole.goods - whole.refunds - whole.cost - whole.payouts - whole.tax - whole.labour - whole.prizes
    )
